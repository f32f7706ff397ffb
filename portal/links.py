"""Pages by link, without sign-in: the read-only tracker and the survey."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from complaints.days import customer_zone
from complaints.lifecycle import Refused
from complaints.models import Complaint
from portal import access, presenters
from portal.forms import SurveyForm
from portal.views import page, reasons
from remediation import followup
from remediation.models import SurveyInvitation


@access.by_link
@require_safe
def tracker(request: HttpRequest, token: str) -> HttpResponse:
    """Show where a case stands to whoever holds its link."""
    now = timezone.now()
    case = access.case_by_token(token, now=now)
    with _at_the_customers(case):
        shown = {"case": presenters.tracker_page(case, now=now), "may_open": _may_open(request, case)}
        response = page(request, "portal/tracker.html", shown)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _may_open(request: HttpRequest, case: Complaint) -> bool:
    return request.user.is_authenticated and access.cases_of(request.user).filter(pk=case.pk).exists()


@access.by_link
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, once and until the invitation ends; afterwards thank, or say that it is over."""
    invitation = access.survey_by_token(token)
    with _at_the_customers(invitation.complaint):
        if invitation.answered_at is not None:
            return page(request, "portal/survey_thanks.html", {"invitation": invitation})
        if timezone.now() > invitation.expires_at:
            return page(request, "portal/survey_over.html", {"invitation": invitation}, status=410)
        if request.method == "POST":
            return _answered(request, invitation)
        return _questions(request, invitation, SurveyForm(invitation=invitation))


def _answered(request: HttpRequest, invitation: SurveyInvitation) -> HttpResponse:
    form = SurveyForm(request.POST, invitation=invitation)
    if not form.is_valid():
        return _questions(request, invitation, form, status=422)
    try:
        followup.answer_survey(invitation.token, at=timezone.now(), **form.answers)
    except Refused as refusal:
        if all(why.code != "survey_answered" for why in refusal.reasons):
            return _questions(request, invitation, form, refused=refusal, status=422)
    return redirect("survey", token=invitation.token)


def _questions(
    request: HttpRequest, invitation: SurveyInvitation, form: SurveyForm, *, refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    goods = presenters.goods(invitation.complaint)
    shown = {"invitation": invitation, "form": form, "goods": goods, "reasons": reasons(refused)}
    return page(request, "portal/survey.html", shown, status=status)


def _at_the_customers(case: Complaint) -> timezone.override:
    return timezone.override(customer_zone(case.customer))
