"""Letters on screen and as PDF: the 8D report as the customer will read it, the files, the check of a printed code."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import staff_only
from accounts.models import User
from complaints import acts, evidence, letter_page, letters
from complaints.models import Complaint, Evidence, Letter
from complaints.models.states import LetterKind

RETRY_AFTER = 3  # seconds
LATER = 600  # seconds, until somebody has looked
logger = logging.getLogger(__name__)
SEALED = "default-src 'none'; sandbox"


@staff_only
@require_safe
def report(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the 8D report as it would be sent now, in either language; what is missing stands out."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), ref=ref)
    language = _language(request, complaint)
    facts = letters.facts_of(
        complaint, LetterKind.EIGHT_D, by=request.user, at=timezone.now(), language=language, final=True
    )
    page = letter_page.on_screen(
        LetterKind.EIGHT_D, facts, photo=lambda sha: reverse("letter-photo", args=[ref, sha]),
        toolbar=_toolbar(complaint, request.user, language),
    )  # fmt: skip
    return HttpResponse(page)


@login_required
@require_safe
def report_pdf(request: HttpRequest, ref: str) -> HttpResponse:
    """Give the last frozen 8D report as PDF: 202 while it is owed, 404 before there is one."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), ref=ref)
    reports = readable(complaint, request.user).filter(kind=LetterKind.EIGHT_D)
    if language := request.GET.get("language"):
        reports = reports.filter(language=language)
    last = reports.order_by("-frozen_at", "-pk").first()
    if last is None:
        raise Http404
    return pdf_answer(last)


@login_required
@require_safe
def letter_pdf(request: HttpRequest, ref: str, number: str) -> HttpResponse:
    """Give one letter as PDF, likewise."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), ref=ref)
    return pdf_answer(get_object_or_404(readable(complaint, request.user), number=number))


@staff_only
@require_safe
def photo(request: HttpRequest, ref: str, sha256: str) -> HttpResponse:
    """Give the small picture of a photo that the report shows."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), ref=ref)
    shown = Evidence.objects.filter(complaint=complaint, blob_id=sha256, shown_to_customer=True)
    row = shown.select_related("blob").order_by("pk").first()
    made = evidence.preview(row) if row else None
    if made is None:
        raise Http404
    return HttpResponse(made.read_bytes(), content_type="image/jpeg", headers={"Content-Security-Policy": SEALED})


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Tell anybody who holds a printed letter what was issued under its code: number, date and hash, nothing else."""
    code = request.GET.get("code", "").strip()
    span = letter_page.uuids_of(code) if code else None
    letter = Letter.objects.filter(uuid__range=span).select_related("complaint").first() if span else None
    later = letter.superseded_by.order_by("-frozen_at").first() if letter else None
    words = {"code": code, "letter": letter, "later": later}
    return render(request, "complaints/verify.html", words, status=404 if code and not letter else 200)


def readable(complaint: Complaint, user: User) -> QuerySet[Letter]:
    """Return the letters of a case that `user` may open: staff all, the customer's people those sent to them."""
    rows = Letter.objects.filter(complaint=complaint).select_related("pdf")
    return rows if user.may("case.see") else rows.filter(sent_at__isnull=False)


def pdf_answer(letter: Letter) -> HttpResponse:
    """
    Return the PDF as a download; 202 with Retry-After while it is owed.

    410 with the reason if it failed for good, 503 if the file is not where it was kept.
    """
    if letter.status == Letter.Status.FAILED:
        return _in_words(letter_page.say(letter.error), 410)
    if letter.pdf_id is None:
        wait = {"Retry-After": str(RETRY_AFTER), "Refresh": str(RETRY_AFTER)}
        return _in_words(_("The PDF is being made. This page tries again by itself."), 202, **wait)
    try:
        content = evidence.path_of(letter.pdf_id).read_bytes()
    except OSError:
        logger.exception("the PDF of letter %s cannot be read", letter.number)
        words = _("The PDF of this letter cannot be read at the moment. An administrator has to look at the storage.")
        return _in_words(words, 503, **{"Retry-After": str(LATER)})
    headers = {
        "Content-Disposition": content_disposition_header(True, f"{letter.number}.pdf") or "attachment",
        "Content-Security-Policy": SEALED,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
        "ETag": f'"{letter.pdf_id}"',
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _in_words(sentence: str, status: int, **headers: str) -> HttpResponse:
    headers["Cache-Control"] = "no-store"
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8", headers=headers)


def _language(request: HttpRequest, complaint: Complaint) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else complaint.language


def _toolbar(complaint: Complaint, user: User, language: str) -> dict[str, Any]:
    last = complaint.letters.filter(kind=LetterKind.EIGHT_D).order_by("-frozen_at", "-pk").first()
    offers = [acts.offer(act, complaint, user) for name in ("make_8d", "send_8d") if (act := acts.get(name))]
    return {
        "back": complaint.get_absolute_url(),
        "words": get_language(),
        "languages": [
            {"code": code, "name": name, "tag": "zh-Hans" if code == "zh-hans" else code, "current": code == language}
            for code, name in settings.LANGUAGES
        ],
        "acts": [
            {
                "label": offer.act.label,
                "address": reverse("case-do", args=[complaint.ref, offer.act.name]) + f"?language={language}",
            }
            for offer in offers
            if offer.allowed
        ],
        "last": last,
        "failed": letter_page.say(last.error) if last and last.error else "",
        "pdf": reverse("letter-pdf", args=[complaint.ref, last.number]) if last else "",
    }
