"""Pages of the signed-in customer: the list of cases, one case, a new report, messages."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import drafts
from accounts.doors import PersonRequest
from accounts.models import Draft, Organisation
from complaints import escalations
from complaints.gates import Reason
from complaints.lifecycle import Refused
from complaints.models import Complaint
from complaints.models.states import BACKLOG, Metric
from complaints.views.once import once, token_of
from portal import access, dates, presenters, sending, words
from portal.forms import ManagerForm, MessageForm, ReportForm
from portal.known import gather

OPEN_MOST = 200  # open cases on the first page
EARLIER_EACH = 20  # ended cases per page
REPORT = "portal-report"


@access.customers
@require_safe
def home(request: PersonRequest) -> HttpResponse:
    """List the firm's cases: those that wait for an answer first, then the others, then the earlier ones."""
    now = timezone.now()
    cases = access.cases_of(request.user).select_related(*access.NAMED).order_by("-received_at", "-pk")
    earlier = Paginator(cases.exclude(state__in=BACKLOG), EARLIER_EACH).get_page(request.GET.get("page"))
    known = gather([*cases.filter(state__in=BACKLOG)[:OPEN_MOST], *earlier], now=now)
    cards = [presenters.card(one) for one in known]
    shown = {
        "waiting": [card for card in cards if card.asks and not card.ended],
        "others": [card for card in cards if not card.asks and not card.ended],
        "earlier": [card for card in cards if card.ended],
        "page": earlier,
    }
    return page(request, "portal/home.html", shown)


@access.customers
@require_safe
def case(request: PersonRequest, ref: str) -> HttpResponse:
    """Show one case."""
    return _case_page(request, access.case_for(request.user, ref))


@access.customers
@require_POST
def write(request: PersonRequest, ref: str) -> HttpResponse:
    """Send a message with photos."""
    found = access.case_for(request.user, ref)
    body = hashlib.sha256(request.POST.get("body", "").encode()).hexdigest()[:16]  # another text is another message

    def again(why: Reason, status: int) -> HttpResponse:
        form = MessageForm(request.POST, request.FILES)
        return _case_page(request, found, form=form, refused=Refused(why), status=status)

    return once(request, f"portal:write:{ref}:{body}", lambda: _write(request, found), again)


def _write(request: PersonRequest, found: Complaint) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _case_page(request, found, form=form, status=422)
    said = form.cleaned_data
    asks = _("I ask you to take up this case again.") if said["again"] else ""
    body = "\n\n".join(part for part in (asks, said["body"].strip()) if part)
    try:
        sending.write(
            found, by=request.user, at=timezone.now(), body=body, files=said["photos"], no_answer=said["no_answer"]
        )
    except Refused as refusal:
        return _case_page(request, found, form=form, refused=refusal, status=422)
    drafts.drop(request.user, _message_key(found))
    messages.success(request, _("Your message is with us."))
    return redirect(reverse("portal-case", args=[found.ref]) + "#messages")


@access.customers
@require_POST
def ask_manager(request: PersonRequest, ref: str) -> HttpResponse:
    """Ask for a manager; the page then says that it reached us and by when one answers."""
    found = access.case_for(request.user, ref)

    def again(why: Reason, status: int) -> HttpResponse:
        return _case_page(request, found, manager=ManagerForm(request.POST), refused=Refused(why), status=status)

    return once(request, f"portal:manager:{ref}", lambda: _ask_manager(request, found), again)


def _ask_manager(request: PersonRequest, found: Complaint) -> HttpResponse:
    form = ManagerForm(request.POST)
    if not form.is_valid():
        return _case_page(request, found, manager=form, status=422)
    try:
        escalations.escalate(found, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
    except Refused as refusal:
        return _case_page(request, found, manager=form, refused=refusal, status=409)
    messages.success(request, _("A manager has your request."))
    return redirect(reverse("portal-case", args=[found.ref]) + "#manager")


def _case_page(
    request: PersonRequest, found: Complaint, *, form: MessageForm | None = None, manager: ManagerForm | None = None,
    refused: Refused | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    shown = {
        "case": presenters.case_page(found, request.user, now=timezone.now()),
        "form": form or MessageForm(initial=_drafted(request, _message_key(found))),
        "manager": manager or ManagerForm(),
        "reasons": reasons(refused),
        "draft_key": _message_key(found),
        "limits": LIMITS,
    }
    return page(request, "portal/case.html", shown, status=status)


def _message_key(found: Complaint) -> str:
    return f"portal-{found.ref}-message"


# A new report --------------------------------------------------------------------------------------------------------


@access.customers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """Report a problem; the next page shows its number and when we answer."""
    if "discard" in request.GET and request.method == "POST":
        drafts.drop(request.user, REPORT)
        return redirect("portal-new")
    if request.method == "POST":
        return once(request, "portal:report", lambda: _report(request), lambda *why: _report_again(request, *why))
    today = timezone.localdate()
    return _report_page(request, ReportForm(initial={"found_on": today, **_drafted(request, REPORT)}))


def _report(request: PersonRequest) -> HttpResponse:
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _report_page(request, form, status=422)
    try:
        made = sending.report(by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return _report_page(request, form, refused=refusal, status=422)
    drafts.drop(request.user, REPORT)
    return redirect("portal-received", ref=made.ref)


def _report_again(request: PersonRequest, why: Reason, status: int) -> HttpResponse:
    form = ReportForm(request.POST, request.FILES)
    return _report_page(request, form, refused=Refused(why), status=status)


def _report_page(
    request: PersonRequest, form: ReportForm, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    shown = {"form": form, "reasons": reasons(refused), "draft_key": REPORT, "limits": LIMITS}
    return page(request, "portal/new.html", shown, status=status)


@access.customers
@require_safe
def received(request: PersonRequest, ref: str) -> HttpResponse:
    """Show the receipt of a report: its number and by when we answer."""
    found = access.case_for(request.user, ref)
    promised = found.clocks.filter(cycle=found.cycle, metric__in=(Metric.ACK, Metric.INITIAL), subject="")
    due = {clock.metric: clock.due_at for clock in promised}
    shown = {
        "case": found,
        "goods": presenters.goods(found),
        "answer_at": due.get(Metric.ACK),
        "analysis_at": due.get(Metric.INITIAL),
        "files": found.evidence.filter(shown_to_customer=True).count(),
    }
    return page(request, "portal/received.html", shown)


# What every page does ------------------------------------------------------------------------------------------------

LIMITS = {"files": settings.EVIDENCE_MAX_FILES, "mb": settings.EVIDENCE_MAX_BYTES // 1024 // 1024}


def page(request: HttpRequest, template: str, shown: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Return a page in the frame of the customer's side, with the moment it was made and a token for its form."""
    now = timezone.now()
    own = Organisation.objects.filter(kind=Organisation.Kind.OWN).order_by("pk").first()
    house = {
        "name": own.shown_name(request.LANGUAGE_CODE) if own else "",  # type: ignore[attr-defined]
        "zone": dates.zone_name(now),
    }
    shown = {**shown, "house": house, "now": now, "once": token_of(request)}
    return render(request, template, shown, status=status)


def reasons(refused: Refused | None, **shown: str) -> list[str]:
    """Return why something was refused, in the customer's words."""
    return [words.refusal(why, **shown) for why in refused.reasons] if refused else []


def _drafted(request: PersonRequest, key: str) -> dict[str, Any]:
    """Return what the person typed into this form before and did not send."""
    draft = Draft.objects.for_form(request.user, key)
    return {name: value for name, value in QueryDict(draft.body).items() if value} if draft else {}
