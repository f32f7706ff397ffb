"""`/settings/clocks/`: which targets of clocks hold, those of customers and contracts, and the change log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import PersonRequest, requires
from accounts.models import Organisation, User
from audit.models import Event
from complaints import policing
from complaints.days import company_date
from complaints.forms.policies import OwnForm
from complaints.models import SlaPolicy
from complaints.models.states import Basis
from complaints.policing import GRADES, Scope, in_force, managed, starts_later, target_of
from complaints.policy_words import grade_words, log_row, metric_words, scope_words, target_words

CHANGES = 20  # of a page


@requires("case.see")
@require_safe
def policies(request: PersonRequest) -> HttpResponse:
    """Show what holds, what is to hold, and who changed it."""
    today = company_date(timezone.now())
    rows = _not_over(today)
    changes = Paginator(policing.log(), CHANGES).get_page(request.GET.get("page"))
    may_manage = request.user.may("policies.manage")
    shown = {
        "may_manage": may_manage,
        "grades": [grade_words(grade) for grade in GRADES],
        "defaults": [_default_row(metric, rows, today) for metric in managed()],
        "gaps": [gap for metric in managed() for gap in _gaps(metric, rows, today, may_manage)],
        "owns": [_own_row(row) for row in rows if _is_own(row) and policing.holds(row, today)],
        "later": _later_rows(rows, today),
        "changes": change_rows(changes),
        "page": changes,
        "today": today,
    }
    return render(request, "complaints/policies.html", shown)


@requires("policies.manage")
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Ask which customer or contract is to have targets of its own, and go to their page."""
    if not request.GET:
        return render(request, "complaints/policy_own.html", {"form": OwnForm()})
    form = OwnForm(request.GET)
    if not form.is_valid():
        return render(request, "complaints/policy_own.html", {"form": form}, status=422)
    return redirect(address(form.cleaned_data["metric"], form.scope))


def address(metric: str, scope: Scope) -> str:
    """Return the address at which the targets of a clock in a scope are changed."""
    base = reverse("policy-change", args=[metric])
    if scope.contract:
        return f"{base}?{urlencode({'contract': scope.contract.number})}"
    return f"{base}?{urlencode({'customer': scope.customer.code})}" if scope.customer else base


def change_rows(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Return entries of the change log in words."""
    events = list(events)
    ids = {event.by_id for event in events if event.by_id}
    codes = {event.facts["customer"] for event in events if event.facts["customer"]}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    firms = {firm.code: firm for firm in Organisation.objects.filter(code__in=codes)} if codes else {}
    reads, zone = get_language() or "en", ZoneInfo(timezone.get_current_timezone_name())
    shown = {code: firm.shown_name(reads) for code, firm in firms.items()}
    return [log_row(event, names, shown, zone) for event in events]


def _not_over(today: date) -> list[SlaPolicy]:
    rows = SlaPolicy.objects.filter(Q(effective_to=None) | Q(effective_to__gte=today), metric__in=managed())
    return list(rows.select_related("customer", "contract__customer").order_by("effective_from", "pk"))


def _is_own(row: SlaPolicy) -> bool:
    return bool(row.customer_id or row.contract_id)


def _defaults(metric: str, rows: Iterable[SlaPolicy]) -> list[SlaPolicy]:
    return [row for row in rows if row.metric == metric and not _is_own(row)]


def _default_row(metric: str, rows: Iterable[SlaPolicy], today: date) -> dict[str, Any]:
    mine = _defaults(metric, rows)
    held = {grade: in_force(mine, grade, today) for grade in GRADES}
    whole, needed = held[""], policing.needed_grades(metric, mine)
    return {
        "metric": metric,
        "name": metric_words(metric),
        "cells": [_cell(grade, row, whole, grade in needed) for grade, row in held.items()],
        "waits": any(row.pausable for row in held.values() if row),
        "url": address(metric, Scope()),
    }


def _cell(grade: str, row: SlaPolicy | None, whole: SlaPolicy | None, needed: bool) -> dict[str, Any]:
    """Return a cell; a grade without a target of its own has that of cases not graded, or no such clock."""
    found = row or whole
    return {
        "label": grade_words(grade),
        "words": target_words(target_of(found)) if found else "" if needed else "–",
        "basis": Basis(found.basis).label if found else "",
        "borrowed": row is None and found is not None,
    }


def _gaps(metric: str, rows: Iterable[SlaPolicy], today: date, may_manage: bool) -> list[dict[str, str]]:
    """Return a warning for each grade that has no default on some day: a clock would not start."""
    mine = _defaults(metric, rows)
    missing = [(grade, policing.uncovered(mine, grade, today)) for grade in policing.needed_grades(metric, mine)]
    said = _("{clock}: no target holds for {grade} from {since} on, so that such a clock does not start.")
    return [
        {
            "text": said.format(clock=metric_words(metric), grade=grade_words(grade), since=since),
            "url": address(metric, Scope()) if may_manage else "",
            "action": _("Set it"),
        }
        for grade, since in missing
        if since
    ]


def _own_row(row: SlaPolicy) -> dict[str, Any]:
    scope = scope_of(row)
    return {
        "whose": scope_words(scope),
        "clock": metric_words(row.metric),
        "grade": grade_words(row.grade, scope),
        "target": target_words(target_of(row)),
        "waits": row.pausable,
        "since": row.effective_from,
        "until": row.effective_to,
        "url": address(row.metric, scope),
    }


def _later_rows(rows: Iterable[SlaPolicy], today: date) -> list[dict[str, Any]]:
    """Return what takes force later, and which targets of its own somebody loses, by day."""
    begin = [{**_own_row(row), "on": row.effective_from} for row in rows if starts_later(row, today)]
    ends = [
        {**_own_row(row), "on": row.effective_to + policing.ONE_DAY, "target": _("ends: the next rule holds")}
        for row in rows
        if _is_own(row) and row.effective_to and not _followed(row, rows)
    ]
    return sorted([*begin, *ends], key=lambda one: one["on"])


def _followed(row: SlaPolicy, rows: Iterable[SlaPolicy]) -> bool:
    assert row.effective_to is not None
    key = (row.metric, row.grade, row.customer_id, row.contract_id)
    day = row.effective_to + policing.ONE_DAY
    return any(
        (one.metric, one.grade, one.customer_id, one.contract_id) == key and policing.holds(one, day) for one in rows
    )


def scope_of(row: SlaPolicy) -> Scope:
    """Return whose target a row is."""
    return Scope(contract=row.contract) if row.contract else Scope(customer=row.customer)
