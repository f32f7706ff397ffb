"""
Return visits follow a newer version of the calendar that dated them (DOMAIN §3.1 (14), §9.1).

Each row says which version dated it, so that what is owed can be asked of the rows at any time. A visit that was moved
by agreement with the customer keeps its date; what is made, missed or cancelled keeps all.
"""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

import audit
from audit.models import Event
from complaints import clocks
from complaints.calendars import newest
from complaints.days import customer_date
from complaints.models import Complaint, SlaClock
from complaints.models.states import Metric
from remediation.models import ReturnVisit
from remediation.models.kinds import VisitStatus
from remediation.visits import instants, tolerance_until
from worktime.calendars import Calendar
from worktime.models import CalendarVersion
from worktime.periods import last_day, next_workday

log = logging.getLogger(__name__)


def follow_calendars(*, now: datetime) -> int:
    """Date anew, each under the lock of its case, the planned visits that an older version dated; return how many."""
    return sum(
        _followed(pk, version, now) for version in newest() for pk in _owed(version).values_list("pk", flat=True)
    )


def _owed(version: CalendarVersion) -> QuerySet[ReturnVisit]:
    """Return the planned visits that an older version dated; a row that names none was the company's."""
    older = Q(calendar_version__calendar=version.calendar_id, calendar_version__version__lt=version.version)
    if version.code == settings.COMPANY_CALENDAR:
        older |= Q(calendar_version=None)
    return ReturnVisit.objects.filter(older, status=VisitStatus.PLANNED).order_by("pk")


def _followed(pk: int, version: CalendarVersion, now: datetime) -> bool:
    """Date one visit anew; tell whether it changed. One that fails never delays the rest."""
    try:
        with transaction.atomic():
            return _redated(pk, version, now)
    except Exception:
        log.exception("Visit %s could not be dated by %s.", pk, version)
        return False


def _redated(pk: int, version: CalendarVersion, now: datetime) -> bool:
    case = ReturnVisit.objects.values("complaint").filter(pk=pk)
    complaint = Complaint.objects.select_for_update(of=("self",)).get(pk__in=case)
    visit = _owed(version).filter(pk=pk).first()
    if visit is None or customer_date(complaint, now) > visit.tolerance_until:  # it is missed already
        return False
    visit.complaint = complaint
    before = {"from": visit.due_on, "until_before": visit.tolerance_until}
    _date(visit, version.as_calendar(), customer_date(complaint, now))
    visit.calendar_version = version
    visit.save()
    if (visit.due_on, visit.tolerance_until) == tuple(before.values()):
        return False
    due_at, steps = instants(visit)
    subject = str(visit.uuid)
    clocks.redate(complaint, Metric.VISIT, at=now, by=None, due_at=due_at, steps=steps, subject=subject)
    after = {"to": visit.due_on, "until": visit.tolerance_until, "calendar": str(version)}
    facts = {"visit": subject, "number": visit.number, "cycle": visit.cycle, **before, **after}
    audit.record("case", complaint.uuid, "visit.redated", by=None, at=now, facts=facts)
    return True


def _date(visit: ReturnVisit, calendar: Calendar, today: date) -> None:
    """Set date and tolerance; what would lie in the past is left at least until the next working day, or today."""
    if visit.agreed_on is None:
        new = last_day(_resolved_on(visit), visit.after_days, "day", calendar=calendar)
        soonest = min(visit.planned_on, next_workday(today, calendar))
        visit.planned_on = new if new >= today else max(new, soonest)
    until = tolerance_until(visit.due_on, visit.after_days, calendar)
    visit.tolerance_until = max(until, min(visit.tolerance_until, today))


def _resolved_on(visit: ReturnVisit) -> date:
    """Return the customer's date from which the visit was counted, as the event of its plan says."""
    clock = SlaClock.objects.get(complaint=visit.complaint, metric=Metric.VISIT, subject=str(visit.uuid))
    planned = Event.objects.of("case", visit.complaint.uuid).filter(kind="visits.planned", at=clock.started_at).first()
    if planned is None:
        return customer_date(visit.complaint, clock.started_at)
    return date.fromisoformat(planned.facts["resolved_on"])
