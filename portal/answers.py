"""What waits for the customer: the answer to a proposal, and whether the result solved the problem."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_fsm import ConcurrentTransition

from accounts.doors import PersonRequest
from complaints import lifecycle
from complaints.gates import Reason, reason
from complaints.lifecycle import Refused
from complaints.models import Complaint
from complaints.models.states import State
from complaints.views.once import once
from portal import access, offers, presenters
from portal.forms import ACCEPT, REJECT, AnswerForm, ResultForm, SignedAnswerForm
from portal.known import gather
from portal.views import page, reasons

STALE = Refused(reason("state_does_not_allow"))


@access.customers
@require_safe
def proposal(request: PersonRequest, ref: str) -> HttpResponse:
    """Show the version that was sent last, with its answer form while it is open."""
    case = access.case_for(request.user, ref)
    return _proposal_page(request, case, AnswerForm())


@access.customers
@require_POST
def check(request: PersonRequest, ref: str) -> HttpResponse:
    """Show the answer once more before it is signed; nothing happens here."""
    case = access.case_for(request.user, ref)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _proposal_page(request, case, form, status=422)
    if refused := _not_this_one(case, request, form):
        return _proposal_page(request, case, form, refused=refused, status=409)
    return _check_page(request, case, SignedAnswerForm(initial=form.cleaned_data), form)


@access.customers
@require_POST
def answer(request: PersonRequest, ref: str) -> HttpResponse:
    """Give the answer: accept this version, ask for a change, or reject it."""
    case = access.case_for(request.user, ref)

    def again(why: Reason, status: int) -> HttpResponse:
        return _proposal_page(request, case, SignedAnswerForm(request.POST), refused=Refused(why), status=status)

    return once(request, f"portal:answer:{ref}", lambda: _answer(request, case), again)


def _answer(request: PersonRequest, case: Complaint) -> HttpResponse:
    form = SignedAnswerForm(request.POST)
    if not form.is_valid():
        if {"answer", "version", "change", "reason"} & form.errors.keys():
            return _proposal_page(request, case, form, status=422)
        return _check_page(request, case, form, form, status=422)
    if refused := _not_this_one(case, request, form):
        return _proposal_page(request, case, form, refused=refused, status=409)
    try:
        _give(case, form, request)
    except Refused as refusal:
        return _proposal_page(request, case, form, refused=refusal, status=409)
    except ConcurrentTransition:
        return _proposal_page(request, case, form, refused=STALE, status=409)
    return redirect("portal-proposal-receipt", ref=case.ref)


def _give(case: Complaint, form: SignedAnswerForm, request: PersonRequest) -> None:
    """Call the one verb of the answer."""
    said, now = form.cleaned_data, timezone.now()
    if said["answer"] == ACCEPT:
        signed = _("Signed in the portal as “%(name)s”.") % {"name": said["name"]}
        lifecycle.accept(
            case, by=request.user, at=now, kind="PORTAL", evidence=signed, proposal=said["version"], name=said["name"]
        )
    else:
        refusal = said["answer"] == REJECT
        lifecycle.counter(case, by=request.user, at=now, reason=form.words, refusal=refusal, proposal=said["version"])


def _not_this_one(case: Complaint, request: PersonRequest, form: AnswerForm) -> Refused | None:
    """Return why the version that was read is not the one to answer, None if it is."""
    offer = offers.latest(case, request.user, now=timezone.now())
    if offer is None or offer.stands == "answered" or offer.stands == "accepted":
        return Refused(reason("proposal_not_sent"))
    if offer.version != form.cleaned_data["version"]:
        said = form.cleaned_data["version"]
        return Refused(reason("proposal_other_version", number=said, active=offer.version))
    return None


@access.customers
@require_safe
def receipt(request: PersonRequest, ref: str) -> HttpResponse:
    """Show what was answered, for the customer's files."""
    case = access.case_for(request.user, ref)
    given = offers.receipt(case)
    if given is None:
        raise Http404
    shown = {"case": case, "receipt": given, "offer": offers.latest(case, request.user, now=timezone.now())}
    return page(request, "portal/proposal_receipt.html", shown)


def _proposal_page(
    request: PersonRequest, case: Complaint, form: AnswerForm, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    offer = offers.latest(access.case_for(request.user, case.ref or ""), request.user, now=timezone.now())
    if offer is None:
        raise Http404
    shown = {"offer": offer, "form": form, "reasons": reasons(refused)}
    return page(request, "portal/proposal.html", shown, status=status)


def _check_page(
    request: PersonRequest, case: Complaint, form: SignedAnswerForm, said: AnswerForm, *, status: int = 200
) -> HttpResponse:
    offer = offers.latest(case, request.user, now=timezone.now())
    if offer is None:
        raise Http404
    given = {name: said.data.get(name, "") for name in ("answer", "version", "change", "reason")}
    shown: dict[str, Any] = {"offer": offer, "form": form, "said": given, "firm": case.customer}
    return page(request, "portal/proposal_check.html", shown, status=status)


# The result ----------------------------------------------------------------------------------------------------------


@access.customers
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: PersonRequest, ref: str) -> HttpResponse:
    """Ask whether what was done solved the problem, and take the answer."""
    case = access.case_for(request.user, ref)
    if request.method == "POST":
        return once(
            request, f"portal:result:{ref}", lambda: _result(request, case),
            lambda why, status: _result_page(
                request, case, ResultForm(request.POST), refused=Refused(why), status=status
            ),
        )  # fmt: skip
    if case.state != State.VERIFYING:
        return redirect("portal-case", ref=ref)
    return _result_page(request, case, ResultForm(initial={"name": request.user.name}))


def _result(request: PersonRequest, case: Complaint) -> HttpResponse:
    form = ResultForm(request.POST)
    if not form.is_valid():
        return _result_page(request, case, form, status=422)
    try:
        _say_result(case, form.cleaned_data, request)
    except Refused as refusal:
        return _result_page(request, case, form, refused=refusal, status=409)
    except ConcurrentTransition:
        return _result_page(request, case, form, refused=STALE, status=409)
    messages.success(request, _("Thank you. Your answer is with us."))
    return redirect("portal-case", ref=case.ref)


def _say_result(case: Complaint, said: dict[str, Any], request: PersonRequest) -> None:
    now = timezone.now()
    if said["solved"] == "yes":
        lifecycle.confirm(case, by=request.user, at=now, person=said["name"], how="portal")
    else:
        lifecycle.not_solved(case, by=request.user, at=now, reason=said["reason"])


def _result_page(
    request: PersonRequest, case: Complaint, form: ResultForm, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    case = access.case_for(request.user, case.ref or "")
    [known] = gather([case], now=timezone.now())
    shown = {
        "case": presenters.card(known),
        "parts": offers.done_parts(known),
        "form": form,
        "reasons": reasons(refused),
        "open": case.state == State.VERIFYING,
    }
    return page(request, "portal/result.html", shown, status=status)
