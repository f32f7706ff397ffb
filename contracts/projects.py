"""
The verbs that keep a project: its milestones, payments, cash plan, loan and covenants.

A project counts in one currency, and so does every row of it. Each change is an event of the project; what an impact
was reckoned with stands in the impact itself, so that a later change never alters it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

import audit
from accounts.models import Organisation, User
from audit.models import Event
from contracts.amounts import Money
from contracts.models import CashPlan, Covenant, Facility, LoanPeriod, Milestone, PaymentItem, Project
from contracts.models.financing import Part

RIGHT = "projects.keep"
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
MOST_MONTHS = 120
Sums = Mapping[str, Money]


class Refused(Exception):
    """The change is not possible: mend `field`, for the reason `code` with `params` (words: project_words)."""

    def __init__(self, field: str, code: str, **params: Any) -> None:
        super().__init__(field, code, params)
        self.field, self.code, self.params = field, code, params


@dataclass(frozen=True)
class Period:
    """One period of a facility as it is entered."""

    ends_on: date
    cfads: Money
    debt_service: Money


@transaction.atomic
def open_project(
    *, code: str, name: str, customer: Organisation, currency: str, by: User, at: datetime, name_zh: str = ""
) -> Project:
    """
    Open a project of a customer that counts in `currency`; return it. Its code stands in its address for good.

    Raises PermissionDenied, or Refused: code_unfit, code_taken, not_a_customer.
    """
    _require(by)
    if not CODE.fullmatch(code):
        raise Refused("code", "code_unfit")
    if Project.objects.filter(code__iexact=code).exists() or code.lower() == "new":
        raise Refused("code", "code_taken", given=code)
    if customer.kind != Organisation.Kind.CUSTOMER:
        raise Refused("customer", "not_a_customer")
    project = Project.objects.create(code=code, name=name, name_zh=name_zh, customer=customer, currency=currency)
    facts = {"code": code, "customer": customer.pk, "currency": currency}
    audit.record("project", project.uuid, "project.opened", by=by, at=at, facts=facts)
    return project


@transaction.atomic
def keep(
    row: Part, *, by: User, at: datetime, sums: Sums | None = None, periods: Sequence[Period] = (),
    expected: int | None = None,
) -> Part:  # fmt: skip
    """
    Save a part of a project, new or changed, and return it: a milestone, payment, cash plan, facility or covenant.

    sums: its amounts by name.  periods: of a facility, all of them; they replace those that it had.  expected: the
    revision that the person saw, or else the one that the row was read with.

    Raises PermissionDenied, or Refused with the field to mend; changed_meanwhile or removed_meanwhile where somebody
    was faster.
    """
    _require(by)
    project = Project.objects.select_for_update().get(pk=_project_of(row))
    made = row.pk is None
    before = 0 if made else _seen(row, expected)
    _look_up(row)
    for name, money in (sums or {}).items():
        _take(row, name, money, project)
    CHECKS[type(row)](row, project, at)
    if isinstance(row, Facility):
        _check_periods(row, periods, project)
    row.revision = before + 1
    row.save(force_insert=made, force_update=not made)
    if isinstance(row, Facility):
        _replace_periods(row, periods)
    facts = {"part": row.part, "row": row.pk, "made": made, "values": _values(row), **_of_periods(periods)}
    audit.record("project", project.uuid, "project.kept", by=by, at=at, facts=facts)
    return row


@transaction.atomic
def drop(row: Part, *, by: User, at: datetime, expected: int | None = None) -> None:
    """
    Take a part out of the project; of a facility its periods and covenants go with it.

    Raises PermissionDenied, or Refused: still_used, where payments hang on the milestone; changed_meanwhile or
    removed_meanwhile as for `keep`.
    """
    _require(by)
    project = Project.objects.select_for_update().get(pk=_project_of(row))
    _seen(row, expected)
    facts = {"part": row.part, "row": row.pk, "values": _values(row)}
    try:
        row.delete()
    except ProtectedError:
        raise Refused("", "still_used") from None
    audit.record("project", project.uuid, "project.dropped", by=by, at=at, facts=facts)


def _require(by: User) -> None:
    if not by.may(RIGHT):
        raise PermissionDenied


def was_dropped(project: Project, part: str, pk: int) -> bool:
    """Tell whether the project once had such a part that somebody took out."""
    dropped = Event.objects.filter(stream=project.uuid, kind="project.dropped")
    return dropped.filter(facts__part=part, facts__row=pk).exists()


def _seen(row: Part, expected: int | None) -> int:
    """Return the revision that is kept, under the project's lock. Raises Refused where it is not the one seen."""
    if refused := not_as_seen(row, expected):
        raise refused
    return row.revision if expected is None else expected


def not_as_seen(row: Part, expected: int | None) -> Refused | None:
    """Return why a part is not as it was seen: changed_meanwhile or removed_meanwhile; expected: as for `keep`."""
    kept = type(row)._default_manager.filter(pk=row.pk).values_list("revision", flat=True).first()
    if kept is None:
        return Refused("", "removed_meanwhile")
    return Refused("", "changed_meanwhile") if kept != (row.revision if expected is None else expected) else None


def _look_up(row: Part) -> None:
    """Read anew, under the lock, what the row hangs on. Raises Refused where somebody took that out meanwhile."""
    try:
        if isinstance(row, PaymentItem) and row.milestone_id:
            row.milestone = Milestone.objects.get(pk=row.milestone_id)
        if isinstance(row, Covenant):
            row.facility = Facility.objects.get(pk=row.facility_id)
    except (Milestone.DoesNotExist, Facility.DoesNotExist):
        raise Refused("facility" if isinstance(row, Covenant) else "milestone", "hangs_on_removed") from None


def _project_of(row: Part) -> int:
    return row.facility.project_id if isinstance(row, Covenant) else row.project_id


def _take(row: Any, name: str, money: Money, project: Project) -> None:
    """Put an amount into the row. Raises Refused for another currency than the project's, or a sum below zero."""
    _same_currency(name, money, project)
    if money.amount < 0:
        raise Refused(name, "negative")
    row.currency = project.currency
    setattr(row, name, money)


def _same_currency(field: str, money: Money, project: Project, **where: Any) -> None:
    if money.currency != project.currency:
        raise Refused(field, "other_currency", given=money.currency, wanted=project.currency, **where)


def _check_milestone(row: Milestone, project: Project, at: datetime) -> None:
    _once(row, project.milestones.filter(name=row.name))
    early = row.payments.filter(due_on__lt=row.planned_on).order_by("due_on").first() if row.pk else None
    if early:
        raise Refused("planned_on", "after_its_payment", name=early.name, day=early.due_on)


def _check_payment(row: PaymentItem, project: Project, at: datetime) -> None:
    _once(row, project.payments.filter(name=row.name))
    _percent("share_pct", row.share_pct)
    if row.amount.amount == 0:
        raise Refused("amount", "zero")
    if row.milestone and row.milestone.project_id != project.pk:
        raise Refused("milestone", "of_another_project")
    if row.milestone and row.due_on < row.milestone.planned_on:
        raise Refused("due_on", "before_its_milestone", name=row.milestone.name, day=row.milestone.planned_on)
    if row.paid_on and row.paid_on > timezone.localdate(at):
        raise Refused("paid_on", "in_future")


def _check_plan(row: CashPlan, project: Project, at: datetime) -> None:
    if row.pk is None and CashPlan.objects.filter(project=project).exists():
        raise Refused("", "plan_is_there")
    if not 1 <= row.months <= MOST_MONTHS:
        raise Refused("months", "months_many", most=MOST_MONTHS)
    row.starts_on = row.starts_on.replace(day=1)
    _percent("funding_rate_pct", row.funding_rate_pct)


def _check_facility(row: Facility, project: Project, at: datetime) -> None:
    _once(row, project.facilities.filter(name=row.name))
    if row.lender.kind != Organisation.Kind.LENDER:
        raise Refused("lender", "not_a_lender")
    if row.drawn.amount > row.amount.amount:
        raise Refused("drawn", "more_than_amount", drawn=row.drawn, amount=row.amount)
    for name in ("rate_pct", "period_rate_pct", "asks_from_payments_pct", "asks_from_cap_pct"):
        _percent(name, getattr(row, name))


def _check_covenant(row: Covenant, project: Project, at: datetime) -> None:
    others = row.facility.covenants.filter(kind=row.kind).exclude(pk=row.pk)
    if others.exists():
        raise Refused("kind", "kind_taken")
    if row.default < 0:
        raise Refused("default", "negative")
    if row.lock_up < row.default:
        raise Refused("lock_up", "levels_out_of_order", lock_up=row.lock_up, default=row.default)
    _check_look_back(row)
    ends = {day.isoformat() for day in row.facility.periods.values_list("ends_on", flat=True)}
    if stray := [day for day in row.test_dates if day not in ends]:
        raise Refused("test_dates", "tested_within_a_period", day=stray[0], known=", ".join(sorted(ends)) or "–")
    row.test_dates = sorted(set(row.test_dates))


def _check_look_back(row: Covenant) -> None:
    if row.kind != Covenant.Kind.LOOK_BACK:
        row.periods = None
    elif (row.periods or 0) < 2:
        raise Refused("periods", "periods_few")
    elif row.periods and row.periods > max(2, row.facility.periods.count()):
        raise Refused("periods", "periods_many", there=row.facility.periods.count())


def _once(row: Any, namesakes: Any) -> None:
    if namesakes.exclude(pk=row.pk).exists():
        raise Refused("name", "name_taken", name=row.name)


def _percent(field: str, value: Decimal) -> None:
    if not 0 <= value <= 100:
        raise Refused(field, "not_a_percentage")


def _check_periods(facility: Facility, periods: Sequence[Period], project: Project) -> None:
    """Refuse periods that do not go together, or whose ends leave out a covenant's test dates."""
    for place, period in enumerate(periods, 1):
        _same_currency("periods", period.cfads, project, row=place)
        _same_currency("periods", period.debt_service, project, row=place)
        if period.debt_service.amount < 0:
            raise Refused("periods", "debt_negative", row=place)
        if place > 1 and period.ends_on <= periods[place - 2].ends_on:
            raise Refused("periods", "periods_out_of_order", row=place, day=period.ends_on)
    if facility.pk is None:
        return
    ends = {period.ends_on.isoformat() for period in periods}
    tested = {day for covenant in facility.covenants.all() for day in covenant.test_dates}
    if lost := sorted(tested - ends):
        raise Refused("periods", "test_date_lost", day=lost[0])
    _keep_look_back(facility, len(periods))


def _keep_look_back(facility: Facility, left: int) -> None:
    """Refuse fewer periods than before where a covenant looks back on more: it would silently be tested no longer."""
    asked = facility.covenants.filter(kind=Covenant.Kind.LOOK_BACK, periods__gt=left).first()
    if asked and left < facility.periods.count():
        raise Refused("periods", "look_back_lost", wanted=asked.periods)


def _replace_periods(facility: Facility, periods: Sequence[Period]) -> None:
    """Put these periods in place of the old ones."""
    facility.periods.all().delete()
    LoanPeriod.objects.bulk_create(
        LoanPeriod(
            facility=facility, ends_on=period.ends_on, currency=facility.currency, cfads_minor=period.cfads.minor,
            debt_service_minor=period.debt_service.minor,
        )
        for period in periods
    )  # fmt: skip


def _values(row: Part) -> dict[str, Any]:
    """Return the row's columns for its event, names and free text left out: they stand in the row."""
    left_out = {"id", "name", "name_zh", "clause", "notice_clause"}
    fields = (field for field in row._meta.concrete_fields if field.name not in left_out)
    return {field.attname: getattr(row, field.attname) for field in fields}


def _of_periods(periods: Sequence[Period]) -> dict[str, Any]:
    rows = [[period.ends_on, period.cfads.minor, period.debt_service.minor] for period in periods]
    return {"periods": rows} if rows else {}


CHECKS: dict[type[Any], Callable[[Any, Project, datetime], None]] = {
    Milestone: _check_milestone,
    PaymentItem: _check_payment,
    CashPlan: _check_plan,
    Facility: _check_facility,
    Covenant: _check_covenant,
}
