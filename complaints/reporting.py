"""
Duties to report: to an authority once a case is found reportable, to a lender once it is found material.

DOMAIN §3.2 (REG_REPORT, LENDER_NOTICE) and §11.4. The limits are those of the table there; where it names none in
days or hours, Legal sets the date. Either clock runs until the report or notice is recorded as sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

import audit
from complaints import clocks, lifecycle
from complaints.gates import reason
from complaints.ladder import workdays_after
from complaints.models.states import BACKLOG, UNDECIDED, Metric, ReportingDuty
from worktime.models import WorkCalendar

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint, SlaClock


FURTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Limit:
    """How long a duty leaves: hours round the clock, or working days; neither where Legal sets the date."""

    hours: int = 0
    workdays: int = 0


LIMITS = {
    ReportingDuty.CN_DANGER: Limit(hours=24),  # "at once"
    ReportingDuty.CN_RECALL: Limit(workdays=2),
    ReportingDuty.US_CPSA: Limit(hours=24),
}


@transaction.atomic
def find_reportable(
    complaint: Complaint, *, by: User, at: datetime, duty: str, why: str, due_at: datetime | None = None
) -> SlaClock:
    """
    Decide that the case must be reported under `duty`, and start its clock; the case counts as reportable.

    due_at: by when, where the duty names no limit of its own or Legal sets a tighter one.

    Raises Refused: report_duty_unknown, reason_missing, report_found_before, report_date_missing, report_date_past,
    report_date_far, report_date_late.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="reporting.decide", states=BACKLOG)
    if duty not in ReportingDuty:
        raise lifecycle.Refused(reason("report_duty_unknown"))
    if not why.strip():
        raise lifecycle.Refused(reason("reason_missing"))
    subject = f"{duty}-{complaint.cycle}"
    known = complaint.clocks.filter(metric=Metric.REG_REPORT)
    if known.filter(Q(subject=subject) | Q(subject__startswith=f"{duty}-", state__in=UNDECIDED)).exists():
        raise lifecycle.Refused(reason("report_found_before"))
    due = _due(complaint, ReportingDuty(duty), at, due_at)
    if not complaint.reportable:
        complaint.reportable = True
        complaint.save()
    clock = clocks.start(complaint, Metric.REG_REPORT, at=at, by=by, subject=subject, due_at=due)
    assert clock is not None  # it has its date
    facts = {"duty": duty, "due_at": due}
    audit.record("case", complaint.uuid, "reporting.found", by=by, at=at, facts=facts, private={"why": why.strip()})
    return clock


@transaction.atomic
def record_report(clock: SlaClock, *, by: User, at: datetime, reference: str) -> SlaClock:
    """
    Record that the report was filed at `at`, under which reference; that stops its clock. Once.

    Raises Refused: clock_not_running, report_reference_missing, report_before_found.
    """
    complaint = lifecycle.hold(clock.complaint, by=by, at=at, permission="reporting.decide")
    return _fulfil(complaint, clock, "reporting.filed", by=by, at=at, proof=reference)


@transaction.atomic
def record_lender_notice(clock: SlaClock, *, by: User, at: datetime, reference: str) -> SlaClock:
    """Record that the lender was told at `at`, by which notice; that stops its clock. Once. Raises as record_report."""
    complaint = lifecycle.hold(clock.complaint, by=by, at=at, permission="reporting.tell_lender")
    return _fulfil(complaint, clock, "reporting.lender_told", by=by, at=at, proof=reference)


def found_material(complaint: Complaint, *, by: User, at: datetime, workdays: int | None = None) -> None:
    """
    Start LENDER_NOTICE when the finance assessment says that the lender must know, once in a cycle.

    workdays: within how many the loan facility wants the notice; None: the target of the clock.
    """
    subject = f"lender-{complaint.cycle}"
    if complaint.clocks.filter(metric=Metric.LENDER_NOTICE, subject=subject).exists():
        return
    company = WorkCalendar.objects.company().as_calendar()
    due = workdays_after(at, workdays, company=company) if workdays else None
    clocks.start(complaint, Metric.LENDER_NOTICE, at=at, by=by, subject=subject, due_at=due)


def duty_of(clock: SlaClock) -> str:
    """Return the code of the duty that a REG_REPORT clock counts for."""
    return clock.subject.rpartition("-")[0]


def _due(complaint: Complaint, duty: ReportingDuty, at: datetime, due_at: datetime | None) -> datetime:
    company = WorkCalendar.objects.company().as_calendar()
    limit = LIMITS.get(duty)
    latest = None
    if limit and limit.hours:
        latest = at + timedelta(hours=limit.hours)
    elif limit:
        latest = workdays_after(at, limit.workdays, company=company)
    if due_at is None and latest is None:
        raise lifecycle.Refused(reason("report_date_missing"))
    if due_at and due_at <= at:
        raise lifecycle.Refused(reason("report_date_past"))
    if due_at and due_at > at + FURTHEST:
        raise lifecycle.Refused(reason("report_date_far"))
    if due_at and latest and due_at > latest:
        raise lifecycle.Refused(reason("report_date_late", until=latest))
    due = due_at or latest
    assert due is not None
    return due


def _fulfil(complaint: Complaint, clock: SlaClock, kind: str, *, by: User, at: datetime, proof: str) -> SlaClock:
    row = complaint.clocks.filter(pk=clock.pk, state__in=UNDECIDED).first()
    if row is None:
        raise lifecycle.Refused(reason("clock_not_running", metric=clock.metric))
    if not proof.strip():
        raise lifecycle.Refused(reason("report_reference_missing"))
    if at < row.started_at:
        raise lifecycle.Refused(reason("report_before_found", since=row.started_at))
    clocks.stop(complaint, row.metric, at=at, by=by, subject=row.subject)
    facts = {"duty": duty_of(row), "metric": row.metric, "cycle": row.cycle, "subject": row.subject}
    audit.record("case", complaint.uuid, kind, by=by, at=at, facts=facts, private={"reference": proof.strip()})
    return complaint.clocks.get(pk=row.pk)
