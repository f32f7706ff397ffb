"""Pages about a contract as a whole: its gaps, and its versions."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.doors import requires
from contracts import compare_words, drafting, lastday_words, questions
from contracts.clauses import lastdays
from contracts.clauses.compare import compare
from contracts.clauses.lastdays import Happened, needed
from contracts.forms import DaysForm, NewVersionForm
from contracts.frame import chosen, clauses_of, contract_called, for_staff, head
from contracts.models import Contract, Delivery
from contracts.words import refusal
from worktime import words as worktime_words
from worktime.calendars import BadInput
from worktime.models import WorkCalendar

DELIVERIES = 12


@require_GET
@for_staff
def gap_check(request: HttpRequest, ref: str) -> HttpResponse:
    """What the version leaves open, says twice or says against the law, and the rule that fills it."""
    found = contract_called(request, ref)
    return render(request, "contracts/gaps.html", head(request, found, "gaps"))


@require_GET
@for_staff
def last_days(request: HttpRequest, ref: str) -> HttpResponse:
    """The last day of every period of the checked clauses, from days that are entered in the address."""
    found = contract_called(request, ref)
    context = head(request, found, "days")
    clauses = questions.in_force_clauses(context["clauses"])
    names = needed(clauses)
    data = request.GET if {*names, "as_of"} & set(request.GET) else None
    deliveries = list(found.deliveries.select_related("product").order_by("-delivered_on", "pk")[:DELIVERIES])
    first, paid = _first_days(found, deliveries), _paid(found)
    form = DaysForm(names, data, initial=first, today=timezone.localdate())
    happened = form.happened if form.is_valid() else None if form.is_bound else Happened.from_data(first)
    calendar = WorkCalendar.objects.company()
    rows = []
    if happened is not None:
        try:
            rows = lastdays.last_days(clauses, happened, calendar.as_calendar())
        except BadInput as error:
            form.add_error(None, worktime_words.say(error, "UTC"))
    context |= {
        "form": form,
        "rows": [lastday_words.say(row, form.as_of, paid) for row in rows],
        "deliveries": _choices(deliveries, {**first, **request.GET.dict()}, form) if "delivered_on" in names else [],
        "as_of": form.as_of,
        "calendar": worktime_words.NAMES.get(calendar.calendar.name, calendar.calendar.name),
        "unread": [clause for clause in context["clauses"] if not clause.is_checked],
    }
    return render(request, "contracts/days.html", context, status=422 if form.is_bound and form.errors else 200)


def _first_days(found: Contract, deliveries: list[Delivery]) -> dict[str, str]:
    """Return what the contract itself says: when it was signed, and its newest delivery."""
    days = {"signed_on": found.signed_on, "delivered_on": deliveries[0].delivered_on if deliveries else None}
    return {name: on.isoformat() for name, on in days.items() if on}


def _choices(deliveries: list[Delivery], said: dict[str, Any], form: DaysForm) -> list[dict[str, Any]]:
    """Return the deliveries, each with the address that takes its day and keeps the other days."""
    now = str(form["delivered_on"].value() or "")
    return [
        {"row": row, "current": row.delivered_on.isoformat() == now,
         "url": "?" + urlencode({**said, "delivered_on": row.delivered_on.isoformat()})}
        for row in deliveries
    ]  # fmt: skip


def _paid(found: Contract) -> dict[Decimal, date]:
    """Return when the project's payments came, by the percentage of the price that each makes; of two alike neither."""
    if found.project is None or found.price is None:
        return {}
    days: dict[Decimal, list[date | None]] = {}
    for item in found.project.payments.all():
        days.setdefault(item.amount.amount * 100 / found.price.amount, []).append(item.paid_on)
    return {pct: rows[0] for pct, rows in days.items() if len(rows) == 1 and rows[0]}


@require_GET
@for_staff
def versions(request: HttpRequest, ref: str) -> HttpResponse:
    """Every version with its days, its clauses and how many of them Legal has checked."""
    found = contract_called(request, ref)
    checked = Count("clauses", filter=Q(clauses__checked_at__isnull=False))
    rows = found.versions.annotate(many=Count("clauses"), checked=checked).order_by("-version")
    context = {**head(request, found, "versions"), "rows": rows, "today": timezone.localdate()}
    return render(request, "contracts/versions.html", context)


@require_GET
@for_staff
def compare_versions(request: HttpRequest, ref: str) -> HttpResponse:
    """Two versions clause by clause: those of `?from=` and `?to=`, else the newest and the one before."""
    found = contract_called(request, ref)
    context = head(request, found, "versions")
    every = context["versions"]
    if len(every) < 2:
        messages.info(request, _("There is one version only, so nothing to compare. Make the next one here first."))
        return redirect("contracts:versions", found.ref)
    after = chosen(found, every, request.GET.get("to") or str(every[0].version))
    earlier = [each for each in every if after is not None and each.version < after.version] or every[1:]
    before = chosen(found, every, request.GET.get("from") or str(earlier[0].version))
    old, new = (map(compare_words.written, clauses_of(version)) for version in (before, after))
    said = [compare_words.say(change) for change in compare(old, new)]
    context |= {
        "before": before,
        "after": after,
        "changes": [change for change in said if change.kind != "SAME"],
        "same": [change for change in said if change.kind == "SAME"],
    }
    return render(request, "contracts/compare.html", context)


@require_http_methods(["GET", "POST"])
@for_staff
@requires("contracts.structure")
def new_version(request: HttpRequest, ref: str) -> HttpResponse:
    """Make the next version from the newest: which clauses change, from which day, on what basis."""
    found = contract_called(request, ref)
    newest = get_object_or_404(found.versions.order_by("-version")[:1])
    clauses = clauses_of(newest)
    form = NewVersionForm(newest, clauses, request.POST if request.method == "POST" else None)
    reasons: list[str] = []
    if form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        try:
            made = drafting.amend(newest, **said, by=request.user, at=timezone.now())
        except drafting.Refused as error:
            reasons = [refusal(error)]
        else:
            messages.success(request, _("Version %(number)s is made.") % {"number": made.version})
            return redirect(f"{reverse('contracts:contract', args=[found.ref])}?version={made.version}")
    status = 409 if reasons else 422 if form.is_bound else 200
    context = {**head(request, found, "versions"), "newest": newest, "form": form, "reasons": reasons}
    return render(request, "contracts/version_new.html", context, status=status)
