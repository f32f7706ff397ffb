"""`/cases/new/`: log a complaint, keep it as a draft, take a draft up again; the live help beside the form."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe
from django_fsm import ConcurrentTransition

from accounts import drafts
from accounts.doors import refuse, staff_only
from accounts.models import Draft, Organisation
from audit.models import Event
from complaints import entitling, grade_page, lifecycle, like_words
from complaints import intake as desk
from complaints.days import company_date
from complaints.entitling import Unfit
from complaints.entitling_words import Panel
from complaints.forms.intake import IntakeForm, initial_of
from complaints.gates import Reason, reason
from complaints.lists import COUNTED
from complaints.look_alikes import Alike
from complaints.models import Complaint
from complaints.views.once import Form, once, once_made, token_of
from complaints.words import say

PROMISES = 6  # verdicts beside the form
LESSONS = 3


@staff_only
@require_http_methods(["GET", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    """Ask for a complaint; log it, or keep it as a draft, once per form."""
    if not request.user.may("case.register"):
        return refuse(request, "case.register")
    draft = _draft(request)
    if request.method == "GET":
        return _show(request, IntakeForm(initial=_first_values(request, draft)), draft)

    def again(why: Reason, status: int) -> HttpResponse:
        form = IntakeForm(request.POST, draft=request.POST.get("do") == "draft")
        kept, wrong = _files(request, timezone.now())
        return _show(request, form, draft, kept=kept, wrong=[say(why), *wrong], status=status)

    if draft or request.POST.get("do") == "draft":
        return once(request, "intake", lambda: _take(request, draft), again)
    return once_made(request, "intake", lambda form: _take(request, None, form), _said_before, again)


def _said_before(form: Form) -> tuple[str, str] | None:
    """Return the digest of what the case of that form was made from, and its address; None if there is no such case."""
    event = Event.objects.of("case", form.identity).filter(kind="case.registered").first()
    return (event.facts.get("said", ""), reverse("case", args=[event.facts["ref"]])) if event else None


def _draft(request: HttpRequest) -> Complaint | None:
    """Return the person's own draft that the address names; 404 for any other."""
    said = request.GET.get("draft", "")
    if not said:
        return None
    rows = Complaint.objects.drafts_of(request.user).select_related("customer", "product", "lot", "contract")
    return get_object_or_404(rows, uuid=_uuid(said))


def _uuid(said: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(said)
    except ValueError:
        return None


def _first_values(request: HttpRequest, draft: Complaint | None) -> dict[str, Any]:
    """Return what the form starts with: text kept while typing, a draft, or the customer that the address names."""
    if "resume" in request.GET and (kept := Draft.objects.for_form(request.user, _key(draft))):
        said = QueryDict(kept.body)
        several = {"remedy_asked", "kept"}
        return {name: said.getlist(name) if name in several else said[name] for name in said}
    if draft:
        return initial_of(draft)
    return {"customer": request.GET.get("customer", "")[:40]}


def _key(draft: Complaint | None) -> str:
    return f"intake-{draft.uuid}" if draft else "intake"


# Taking it -----------------------------------------------------------------------------------------------------------


def _take(request: HttpRequest, draft: Complaint | None, made_by: Form | None = None) -> HttpResponse:
    now = timezone.now()
    keeps = request.POST.get("do") == "draft"
    form = IntakeForm(request.POST, draft=keeps)
    kept, wrong = _files(request, now)
    if not form.is_valid() or wrong:
        return _show(request, form, draft, kept=kept, wrong=wrong, status=422)
    complaint = _complaint(form, draft or (Complaint(uuid=made_by.identity) if made_by else Complaint()), now)
    try:
        if keeps:
            return _keep(request, complaint, draft, kept, now)
        said = made_by.said if made_by else ""
        case = desk.log(complaint, by=request.user, at=now, files=kept, said=said, typed=_typed(draft))
    except lifecycle.Refused as refusal:
        form.refuse(refusal.reasons)
        return _show(request, form, draft, kept=kept, status=422)
    except ConcurrentTransition:
        form.add_error(None, say(reason("moved_meanwhile")))
        return _show(request, form, draft, kept=kept, status=409)
    except PermissionDenied:
        return refuse(request, "case.register")
    messages.success(request, _logged(case, complaint.customer))
    return HttpResponseRedirect(case.get_absolute_url())


def _files(request: HttpRequest, now: Any) -> tuple[list[desk.Staged], list[str]]:
    """Return the files that are good, those of a former attempt too, and what is wrong with the others."""
    before = desk.staged(request.POST.getlist("kept"), by=request.user)
    room = settings.EVIDENCE_MAX_FILES - len(before)
    kept, wrong = desk.stage(request.FILES.getlist("files"), by=request.user, at=now, room=room)
    return before + kept, [say(why) for why in wrong]


def _complaint(form: IntakeForm, complaint: Complaint, now: Any) -> Complaint:
    complaint = form.fill(complaint)
    desk.find_goods(complaint, form.cleaned_data["goods"])
    desk.find_contract(complaint, on=timezone.localdate(complaint.received_at or now))
    complaint.language = desk.language_of(complaint)
    return complaint


def _keep(
    request: HttpRequest, complaint: Complaint, draft: Complaint | None, kept: list[desk.Staged], now: Any
) -> HttpResponse:
    complaint = lifecycle.draft(complaint, by=request.user, at=now)
    drafts.drop(request.user, _key(draft))
    body = QueryDict(mutable=True)
    body.setlist("kept", [file.token for file in kept])
    if kept:
        drafts.keep(request.user, f"intake-files-{complaint.uuid}", body.urlencode(), at=now)
    messages.success(request, _("Draft kept. Only you see it."))
    return HttpResponseRedirect(reverse("drafts"))


def _typed(draft: Complaint | None) -> list[str]:
    """Return the keys of what was kept while it was typed."""
    return [_key(draft), f"intake-files-{draft.uuid}"] if draft else [_key(draft)]


def _logged(case: Complaint, customer: Organisation) -> str:
    """Return the sentence of the toast, with the way to the next one of the same customer."""
    another = f"{reverse('intake')}?customer={customer.code}"
    name = customer.shown_name(get_language() or "en")
    link = format_html('<a href="{}">{}</a>', another, _("Log another for {name}").format(name=name))
    return format_html("{} · {}", _("{ref} logged").format(ref=case.ref), link)


# The page ------------------------------------------------------------------------------------------------------------


def _show(
    request: HttpRequest,
    form: IntakeForm,
    draft: Complaint | None,
    *,
    kept: list[desk.Staged] | None = None,
    wrong: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    typed = None if form.is_bound or "resume" in request.GET else Draft.objects.for_form(request.user, _key(draft))
    context = {
        "form": form.dress(),
        "draft": draft,
        "key": _key(draft),
        "once": token_of(request),
        "kept": kept if kept is not None else _kept_before(request, form, draft),
        "wrong": wrong or [],
        "found": _found(typed, draft),
        "max_mb": settings.EVIDENCE_MAX_BYTES // 1024 // 1024,
        "max_files": settings.EVIDENCE_MAX_FILES,
        "help": _help(request, form),
    }
    return render(request, "complaints/intake.html", context, status=status)


def _kept_before(request: HttpRequest, form: IntakeForm, draft: Complaint | None) -> list[desk.Staged]:
    """Return the files that a draft, or the text kept while typing, holds on to."""
    tokens = list(form.initial.get("kept", []))
    if draft and (row := Draft.objects.for_form(request.user, f"intake-files-{draft.uuid}")):
        tokens += QueryDict(row.body).getlist("kept")
    return desk.staged(tokens, by=request.user)


def _found(typed: Draft | None, draft: Complaint | None) -> dict[str, str] | None:
    """Return what the page says of text that was typed and never sent."""
    if typed is None:
        return None
    of = f"draft={draft.uuid}&" if draft else ""
    at = timezone.localtime(typed.saved_at).strftime("%H:%M")
    discard = f"{reverse('discard_draft')}?{of}typed"
    return {"at": at, "resume": f"{reverse('intake')}?{of}resume", "discard": discard}


# Drafts --------------------------------------------------------------------------------------------------------------


@staff_only
@require_safe
@never_cache
def my_drafts(request: HttpRequest) -> HttpResponse:
    """List what this person began to log and has not logged yet."""
    if not request.user.may("case.draft"):
        return refuse(request, "case.draft")
    rows = Complaint.objects.drafts_of(request.user).select_related("customer").order_by("-pk")[:200]
    context = {"rows": rows, "typed": Draft.objects.for_form(request.user, "intake")}
    return render(request, "complaints/drafts.html", context)


@staff_only
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw away a draft; with `typed`, only what was typed into its form since."""
    draft = _draft(request)
    if draft and "typed" not in request.GET:
        desk.discard(draft, by=request.user, at=timezone.now())
        for key in _typed(draft):
            drafts.drop(request.user, key)
    else:
        drafts.drop(request.user, _key(draft))
    messages.success(request, _("Draft discarded."))
    of = f"?draft={draft.uuid}" if draft and "typed" in request.GET else ""
    return HttpResponseRedirect(f"{reverse('intake')}{of}" if of or "typed" in request.GET else reverse("drafts"))


# Live help -----------------------------------------------------------------------------------------------------------


@staff_only
@require_GET
@never_cache
def intake_help(request: HttpRequest) -> HttpResponse:
    """Answer what can be said from the fields as they stand: deadlines, similar cases, clauses; contacts, contracts."""
    if not request.user.may("case.register"):
        return refuse(request, "case.register")
    asked = request.GET.copy()
    asked.setdefault("description", asked.get("said", ""))  # its beginning: the whole does not fit an address
    form = IntakeForm(asked, draft=True)
    return render(
        request, "complaints/_intake_help.html", {"help": _help(request, form), "form": form.dress(), "fragment": True}
    )


def _help(request: HttpRequest, form: IntakeForm) -> dict[str, Any]:
    now = timezone.now()
    complaint = _so_far(form, now)
    due = desk.due_if_logged(complaint, at=now)
    common = {"due": due, "urgent": complaint.urgent, "complaint": complaint}
    if complaint.customer is None:
        return common
    contract = complaint.contract
    similar = desk.similar(complaint, request.user)
    return {
        **common,
        "proposal": grade_page.proposed(complaint, at=now),
        "similar": like_words.shown(similar),
        "by_likeness": any(one.score for one in similar),
        "lessons": _lessons(similar, request.user),
        "contract": contract,
        "promises": _promises(complaint, now) if contract else [],
        "open": Complaint.objects.backlog().filter(customer=complaint.customer)[:COUNTED].count(),
    }


def _lessons(similar: list[Alike], user: Any) -> list[Any]:
    """Return the lessons that cases like it taught, which the room of the remedies keeps (R49)."""
    cases = [one.case for one in similar if one.score]
    if not cases:
        return []
    offered = cases[0].lessons.model.objects.offered(user).filter(complaint__in=cases)
    return list(offered.select_related("complaint")[:LESSONS])


def _promises(complaint: Complaint, now: Any) -> list[dict[str, Any]]:
    """Return what the contract says so far: periods and clauses, each with its verdict, why, and what it lacks."""
    try:
        answer = entitling.answer_of(complaint, at=now)
    except Unfit:
        return []
    if answer is None or complaint.contract is None:
        return []
    basis, found = answer
    panel = Panel(found, today=company_date(now), row_of=basis.row_of, contract=complaint.contract.ref)
    return panel.brief(PROMISES)


def _so_far(form: IntakeForm, now: Any) -> Complaint:
    """Return the complaint as the form says it so far, kept nowhere; wrong fields are left out."""
    if not form.is_bound:
        said = {name: value for name, value in form.initial.items() if name in form.fields and value is not None}
        form = IntakeForm(said, draft=True)
    form.is_valid()
    complaint = form.fill(Complaint())
    desk.find_goods(complaint, form.cleaned_data.get("goods", ""))
    desk.find_contract(complaint, on=timezone.localdate(complaint.received_at or now))
    return complaint
