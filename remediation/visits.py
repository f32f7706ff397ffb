"""Return visits: planned by grade when a case is resolved, reminded and missed by their clocks (DOMAIN §9.1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

import audit
from complaints import clocks, lifecycle, response
from complaints.days import customer_date, customer_zone
from complaints.gates import reason
from complaints.lifecycle import Refused
from complaints.models import Complaint
from complaints.models.states import Grade, Metric, State
from remediation.models import ReturnVisit
from remediation.models.kinds import VisitKind, VisitStatus
from worktime.calendars import Calendar
from worktime.models import CalendarVersion, WorkCalendar
from worktime.periods import expires_at, last_day

if TYPE_CHECKING:
    from accounts.models import User

PLAN: dict[str, tuple[tuple[int, VisitKind], ...]] = {
    Grade.G1: (
        (3, VisitKind.CALL),
        (7, VisitKind.SITE),
        (30, VisitKind.SITE),
        (90, VisitKind.CALL),
        (180, VisitKind.CALL),
    ),
    Grade.G2: ((7, VisitKind.CALL), (30, VisitKind.SITE), (90, VisitKind.CALL)),
    Grade.G3: ((7, VisitKind.CALL), (30, VisitKind.CALL)),
    Grade.G4: ((14, VisitKind.MESSAGE),),
}
TOLERANCE = ((7, 2), (30, 5), (180, 10))  # up to so many days after resolution: working days of tolerance
EARLIEST = timedelta(days=3)  # a visit made more than this before its date does not count as that visit
OPEN = (VisitStatus.PLANNED, VisitStatus.MISSED)
STATES = (State.FOLLOW_UP, State.CLOSED)


def plan(complaint: Complaint, *, by: User | None, at: datetime) -> list[ReturnVisit]:
    """Plan the visits of the grade from the customer's local date of `at`, each with its clock."""
    version = company_version()
    resolved_on = customer_date(complaint, at)
    visits = [
        _planned(complaint, number, days, kind, resolved_on, version)
        for number, (days, kind) in enumerate(PLAN[complaint.grade], start=1)
    ]
    for visit in visits:
        visit.save()
        due_at, steps = instants(visit)
        clocks.start(complaint, Metric.VISIT, at=at, by=by, subject=str(visit.uuid), due_at=due_at, steps=steps)
    facts = {"visits": [[visit.kind, visit.planned_on] for visit in visits], "resolved_on": resolved_on}
    audit.record("case", complaint.uuid, "visits.planned", by=by, at=at, facts=facts)
    return visits


def tolerance_until(on: date, after_days: int, calendar: Calendar) -> date:
    """Return the last day on which a visit of that date is not yet missed."""
    workdays = next(days for limit, days in TOLERANCE if after_days <= limit)
    return last_day(on, workdays, "workday", calendar=calendar)


@transaction.atomic
def record_visit(
    visit: ReturnVisit, *, by: User, at: datetime, works: bool, contact_met: str = "", same_defect: bool = False,
    other_problems: str = "", open_promises: str = "", satisfaction: int | None = None, risk_seen: str = "",
    next_step: str = "", kind: str = "",
) -> ReturnVisit:  # fmt: skip
    """
    Record a visit made at `at`: in time, or late after its tolerance. A second time changes nothing.

    A risk, an open promise, or the same defect each becomes a task; the last is due in one working day, for reopening
    is decided by then. Raises Refused: visit_too_early, satisfaction_range, visit_ended.
    """
    complaint, visit = _open(visit, by=by, at=at, states=STATES)
    if visit.status in (VisitStatus.DONE, VisitStatus.DONE_LATE):
        return visit
    _need(visit)
    done_on = customer_date(complaint, at)
    if done_on < visit.due_on - EARLIEST:
        raise Refused(reason("visit_too_early", earliest=visit.due_on - EARLIEST))
    if satisfaction is not None and not 1 <= satisfaction <= 5:
        raise Refused(reason("satisfaction_range"))
    visit.status = VisitStatus.DONE if done_on <= visit.tolerance_until else VisitStatus.DONE_LATE
    visit.done_at, visit.done_by, visit.kind = at, by, kind or visit.kind
    visit.works, visit.same_defect, visit.satisfaction = works, same_defect, satisfaction
    visit.contact_met, visit.other_problems, visit.open_promises = contact_met, other_problems, open_promises
    visit.risk_seen, visit.next_step = risk_seen, next_step
    visit.save()
    clocks.stop(complaint, Metric.VISIT, at=at, by=by, subject=str(visit.uuid))
    facts = {"status": visit.status, "works": works, "same_defect": same_defect, "satisfaction": satisfaction}
    private = {"contact": contact_met, "problems": other_problems, "promises": open_promises, "risk": risk_seen}
    _record(visit, "visit.done", by=by, at=at, private=private, **facts)
    _give_tasks(visit, by=by, at=at)
    return visit


@transaction.atomic
def move_visit(visit: ReturnVisit, *, by: User, at: datetime, agreed_on: date, because: str) -> ReturnVisit:
    """Move a visit at the customer's request to another date; the planned one stays in the row."""
    complaint, visit = _open(visit, by=by, at=at, states=STATES)
    _need(visit)
    if not because.strip():
        raise Refused(reason("reason_missing"))
    if agreed_on < customer_date(complaint, at):
        raise Refused(reason("visit_date_past"))
    before = visit.due_on
    visit.agreed_on, visit.moved_because, visit.status = agreed_on, because, VisitStatus.PLANNED
    visit.calendar_version = company_version()
    visit.tolerance_until = tolerance_until(agreed_on, visit.after_days, visit.calendar_version.as_calendar())
    visit.save()
    due_at, steps = instants(visit)
    clocks.redate(complaint, Metric.VISIT, at=at, by=by, due_at=due_at, steps=steps, subject=str(visit.uuid))
    private = {"because": because}
    _record(visit, "visit.moved", by=by, at=at, private=private, **{"from": before, "to": agreed_on})
    return visit


@transaction.atomic
def cancel_visit(visit: ReturnVisit, *, by: User, at: datetime, because: str) -> ReturnVisit:
    """Cancel a visit, for example because the customer is lost, with the reason."""
    _, visit = _open(visit, by=by, at=at)
    _need(visit)
    if not because.strip():
        raise Refused(reason("reason_missing"))
    _cancel(visit, by=by, at=at, because=because)
    return visit


def cancel_open(complaint: Complaint, *, by: User, at: datetime, details: dict[str, Any]) -> None:
    """The case ends or begins anew: its open visits are not made any more."""
    for visit in complaint.visits.filter(status__in=OPEN).order_by("cycle", "number"):
        _cancel(visit, by=by, at=at, because=State(complaint.state).value)


def mark_missed(*, now: datetime) -> int:
    """Mark the visits whose tolerance is over; the event stands at the deadline already, from the clock."""
    open_visits = ReturnVisit.objects.filter(status=VisitStatus.PLANNED, tolerance_until__lte=now.date())
    over = [
        visit
        for visit in open_visits.select_related("complaint__customer")
        if customer_date(visit.complaint, now) > visit.tolerance_until
    ]
    return sum(_missed(visit) for visit in over)


def _missed(visit: ReturnVisit) -> int:
    """Mark one visit as missed, unless it was made, cancelled or moved since we read it; return how many."""
    as_read = ReturnVisit.objects.filter(pk=visit.pk, status=VisitStatus.PLANNED, tolerance_until=visit.tolerance_until)
    return as_read.update(status=VisitStatus.MISSED)


def company_version() -> CalendarVersion:
    """Return the newest version of the company's calendar."""
    return WorkCalendar.objects.company()


def company_calendar() -> Calendar:
    """Return the company's calendar in its newest version."""
    return company_version().as_calendar()


def next_workday_end(at: datetime) -> datetime:
    """Return the close of business of the next working day in the company's calendar."""
    calendar = company_calendar()
    last = last_day(calendar.local_date(at), 1, "workday", calendar=calendar)
    return expires_at(last, calendar=calendar, at_close=True)


def _planned(
    complaint: Complaint, number: int, days: int, kind: VisitKind, resolved_on: date, version: CalendarVersion
) -> ReturnVisit:  # fmt: skip
    calendar = version.as_calendar()
    on = last_day(resolved_on, days, "day", calendar=calendar)
    return ReturnVisit(
        complaint=complaint, cycle=complaint.cycle, number=number, after_days=days, kind=kind, planned_on=on,
        tolerance_until=tolerance_until(on, days, calendar), calendar_version=version,
    )  # fmt: skip


def instants(visit: ReturnVisit) -> tuple[datetime, list[tuple[str, datetime]]]:
    """Return when the visit is missed, and its reminders: the day before, and its day, at eight for the customer."""
    zone = customer_zone(visit.complaint.customer)
    days = (("day_before", visit.due_on - timedelta(days=1)), ("today", visit.due_on))
    steps = [(name, datetime.combine(day, time(8), tzinfo=zone).astimezone(UTC)) for name, day in days]
    return expires_at(visit.tolerance_until, zone=zone.key), steps


def _give_tasks(visit: ReturnVisit, *, by: User, at: datetime) -> None:
    complaint = visit.complaint
    if visit.risk_seen:
        response.give_task(complaint, by=by, at=at, kind="visit_risk", text=visit.risk_seen)
    if visit.open_promises:
        response.give_task(complaint, by=by, at=at, kind="visit_promise", text=visit.open_promises)
    if visit.same_defect:
        text = visit.other_problems or visit.next_step or str(visit)
        due_at = next_workday_end(at)
        response.give_task(complaint, by=by, at=at, kind="decide_reopening", text=text, due_at=due_at)


def _open(
    visit: ReturnVisit, *, by: User, at: datetime, states: tuple[str, ...] = ()
) -> tuple[Complaint, ReturnVisit]:  # fmt: skip
    complaint = lifecycle.hold(visit.complaint, by=by, at=at, permission="visit.record", states=states)
    fresh = ReturnVisit.objects.get(pk=visit.pk)
    fresh.complaint = complaint
    return complaint, fresh


def _need(visit: ReturnVisit) -> None:
    if visit.status not in OPEN:
        raise Refused(reason("visit_ended", visit_status=visit.status))


def _cancel(visit: ReturnVisit, *, by: User, at: datetime, because: str) -> None:
    visit.status, visit.cancelled_because = VisitStatus.CANCELLED, because
    visit.save()
    clocks.cancel(visit.complaint, Metric.VISIT, at=at, by=by, subject=str(visit.uuid))
    _record(visit, "visit.cancelled", by=by, at=at, private={"because": because})


def _record(
    visit: ReturnVisit, kind: str, *, by: User, at: datetime, private: dict[str, str] | None = None, **facts: Any
) -> None:
    facts = {"visit": str(visit.uuid), "number": visit.number, "cycle": visit.cycle, **facts}
    audit.record("case", visit.complaint.uuid, kind, by=by, at=at, facts=facts, private=private)
