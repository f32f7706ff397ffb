"""The one door of the portal: what may be opened by whom, or by which link. Unknown and foreign look the same: 404."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.doors import customers_only
from accounts.frame import first_page
from accounts.models import User
from complaints import evidence
from complaints.models import Complaint, Evidence, Letter, TrackerLink
from complaints.models.states import State
from remediation.models import SurveyInvitation

View = Callable[..., Any]

TRACKER_ENDS = timedelta(days=90)  # after the case ended
GUESSES = 30  # tokens that an address may get wrong …
GUESSING = 600  # … in so many seconds, before it must wait
NAMED = (
    "customer", "contact", "owner", "product", "lot__product", "delivery__product", "contract_version__contract",
    "master",
)  # fmt: skip


def customers(view: View) -> View:
    """Let in customers; people of our own company are sent to their own pages, the case's if one is named."""
    for_customers = customers_only(view)

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and request.user.is_staff_member:
            ref = kwargs.get("ref")
            return HttpResponseRedirect(reverse("case", args=[ref]) if ref else first_page(request.user))
        response = for_customers(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return door


def cases_of(user: User) -> QuerySet[Complaint]:
    """Return the received cases of the customer's own firm."""
    return Complaint.objects.visible_to(user).exclude(state=State.DRAFT)


def case_for(user: User, ref: str) -> Complaint:
    """Return the case with what its pages name. Raises Http404 for one that is not there for `user`."""
    return get_object_or_404(cases_of(user).select_related(*NAMED), ref=ref)


def file_for(user: User, ref: str, uuid: UUID) -> Evidence:
    """Return a file of that case: the customer's own, or one that was shown. Raises Http404."""
    files = evidence.visible_to(user).filter(complaint__in=cases_of(user), complaint__ref=ref)
    return get_object_or_404(files.select_related("blob"), uuid=uuid)


def letter_for(user: User, ref: str, uuid: UUID) -> Letter:
    """Return a letter that was sent to the customer of that case. Raises Http404."""
    sent = Letter.objects.filter(complaint__in=cases_of(user), complaint__ref=ref, sent_at__isnull=False)
    return get_object_or_404(sent.select_related("pdf", "complaint"), uuid=uuid)


# By link, without sign-in --------------------------------------------------------------------------------------------


def case_by_token(token: str, *, now: datetime) -> Complaint:
    """Return the case of a tracker link. Raises Http404 if it is unknown, revoked, or the case ended 90 days ago."""
    links = TrackerLink.objects.select_related(*(f"complaint__{name}" for name in NAMED))
    link = links.filter(token=token, revoked_at=None).first() if token.strip() else None
    if link is None or link.complaint.state == State.DRAFT:
        raise Http404
    ended = link.complaint.ended_at
    if ended is not None and now > ended + TRACKER_ENDS:
        raise Http404
    return link.complaint


def survey_by_token(token: str) -> SurveyInvitation:
    """Return the invitation, answered or over too. Raises Http404 if it is unknown or was revoked."""
    rows = SurveyInvitation.objects.select_related("complaint__customer", "complaint__product", "contact")
    found = rows.filter(token=token, revoked_at=None).first() if token.strip() else None
    if found is None:
        raise Http404
    return found


def by_link(view: View) -> View:
    """Guard pages that a token opens: an address that guessed too often waits (429), and nothing is kept or indexed."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        counter = f"portal:guesses:{get_ip(request)}"
        if cache.get(counter, 0) >= GUESSES:
            return _private(_wait(request))
        try:
            return _private(view(request, *args, **kwargs))
        except Http404:
            _count(counter)
            raise

    return door


def _count(counter: str) -> None:
    """Count a wrong guess; two at the same instant may count as one, which a limit can bear."""
    cache.set(counter, cache.get(counter, 0) + 1, GUESSING)


def _wait(request: HttpRequest) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(GUESSING)
    return response


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
