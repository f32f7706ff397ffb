"""Files of a case: the tab, uploads, safe previews, and downloads that a browser never runs (RELIABILITY R21, R22)."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import refuse, staff_only
from complaints import evidence, timeline
from complaints.forms.conversation import FilesField
from complaints.gates import Reason
from complaints.lifecycle import Refused
from complaints.models import Complaint, Evidence
from complaints.models.states import LetterKind
from complaints.views import frame
from complaints.views.letters import LATER, pdf_answer, readable
from complaints.views.once import once
from complaints.words import say

logger = logging.getLogger(__name__)
SANDBOX = "default-src 'none'; sandbox"


@staff_only
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the files and letters of the case; POST adds files."""
    if request.method == "GET":
        return _page(request, ref)
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), ref=ref)

    def again(why: Reason, status: int) -> HttpResponse:
        return _page(request, ref, [say(why)], status=status, **_said(request))

    return once(request, f"{ref}:files", lambda: _add(request, complaint), again)


def _said(request: HttpRequest) -> dict[str, Any]:
    return {"caption": request.POST.get("caption", ""), "shown_to_customer": request.POST.get("shown") == "on"}


def _add(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    chosen, said = FilesField().clean(request.FILES.getlist("files")), _said(request)
    if not chosen:
        return _page(request, complaint.ref or "", [_("Choose at least one file.")], status=422)
    try:
        rows = evidence.add(complaint, by=request.user, at=timezone.now(), files=chosen, **said)
    except Refused as refusal:
        return _page(request, complaint.ref or "", [say(why) for why in refusal.reasons], status=422, **said)
    except PermissionDenied:
        return refuse(request, "case.evidence")
    messages.success(request, ngettext("{n} file is kept.", "{n} files are kept.", len(rows)).format(n=len(rows)))
    return redirect("case-files", ref=complaint.ref)


def _page(request: HttpRequest, ref: str, errors: list[str] | None = None, *, status: int = 200, **typed: Any) -> Any:
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    rows = complaint.evidence.select_related("blob", "by", "by__organisation").order_by("-at", "-pk")
    words = {
        **frame.head(request, complaint, "case-files", reader),
        "files": [_shown(row, reader, ref) for row in rows],
        "letters": [_letter(complaint, row, reader) for row in complaint.letters.order_by("-frozen_at", "-pk")],
        "offers": [
            frame.link(offer, complaint)
            for offer in frame.room_offers(complaint, reader.user, "files")
        ],
        "may_add": request.user.may("case.evidence"),
        "may_show": request.user.may("case.reply"),
        "errors": errors or [],
        "typed": typed,
        "max_mb": evidence.settings.EVIDENCE_MAX_BYTES // 1024 // 1024,
        "max_files": evidence.settings.EVIDENCE_MAX_FILES,
    }  # fmt: skip
    return render(request, "complaints/files.html", words, status=status)


def _shown(row: Evidence, reader: timeline.Reader, ref: str) -> dict[str, Any]:
    return {
        **timeline.thumb(ref, row),
        "uuid": row.uuid,
        "file": row.name,
        "caption": row.caption,
        "size": row.blob.size,
        "kind": row.blob.kind,
        "shown": row.shown_to_customer,
        "theirs": bool(row.by and row.by.organisation.kind != "OWN"),
        "who": row.by.name if row.by else "",
        "when": timeline.when(row.at, reader),
        "toggle": reverse("evidence-show", args=[ref, row.uuid]),
    }


def _letter(complaint: Complaint, row: Any, reader: timeline.Reader) -> dict[str, Any]:
    return {
        "number": row.number,
        "kind": LetterKind(row.kind).label,
        "language": "中文" if row.language == "zh-hans" else "English",
        "sent": timeline.when(row.sent_at, reader) if row.sent_at else "",
        "made": timeline.when(row.frozen_at, reader),
        "status": row.status,
        "url": reverse("letter", args=[complaint.ref, row.uuid]),
    }


@login_required
@require_GET
def download(request: HttpRequest, ref: str, file: uuid.UUID) -> HttpResponse | FileResponse:
    """Hand out the original as an attachment, under its own name and never run in the browser; 503 if it is lost."""
    row = _find(request, ref, file)
    try:
        return _attachment(evidence.path_of(row.blob_id), row.name)
    except OSError:
        logger.exception("the file %s cannot be read", row.blob_id)
        words = _("This file cannot be read at the moment. An administrator has to look at the storage.")
        return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": LATER})


@login_required
@require_GET
def preview(request: HttpRequest, ref: str, file: uuid.UUID) -> FileResponse:
    """Show a small picture made anew from the original; 404 where there is none."""
    made = evidence.preview(_find(request, ref, file))
    if made is None:
        raise Http404
    response = FileResponse(made.open("rb"), content_type="image/jpeg")
    return _sealed(response, "private, max-age=3600")


@login_required
@require_GET
def letter(request: HttpRequest, ref: str, letter: uuid.UUID) -> HttpResponse:
    """Hand out a letter's PDF. Customers get only what was sent to them."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), ref=ref)
    return pdf_answer(get_object_or_404(readable(complaint, request.user), uuid=letter))


@staff_only
@require_POST
def show(request: HttpRequest, ref: str, file: uuid.UUID) -> HttpResponse:
    """Show a file to the customer, or no longer."""
    row = _find(request, ref, file)
    try:
        evidence.show(row, by=request.user, at=timezone.now(), shown=request.POST.get("shown") == "on")
    except Refused as refusal:
        return _page(request, ref, [say(why) for why in refusal.reasons], status=409)
    except PermissionDenied:
        return refuse(request, "case.reply")
    return redirect("case-files", ref=ref)


def _find(request: HttpRequest, ref: str, file: uuid.UUID) -> Evidence:
    rows = evidence.visible_to(request.user).select_related("blob", "complaint", "by")
    return get_object_or_404(rows, complaint__ref=ref, uuid=file)


def _attachment(path: Any, name: str) -> FileResponse:
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream")
    return _sealed(response, "private, no-store")


def _sealed(response: FileResponse, cache: str) -> FileResponse:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = cache
    return response
