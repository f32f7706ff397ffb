"""The duty rota: who is called outside working time, and where nobody is (DOMAIN R40)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

import audit
from accounts.absences import ONE_DAY, midnight
from accounts.models import DutyShift, User
from accounts.people import NotPossible
from worktime import measure
from worktime.calendars import Calendar, windows

LONGEST = timedelta(days=14)
FURTHEST = timedelta(days=731)  # how far ahead it can be planned
DAYS_SHOWN = 14
ONE_SECOND = timedelta(seconds=1)


# Verbs ----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add(person: User, *, by: User, at: datetime, starts_at: datetime, ends_at: datetime) -> DutyShift:
    """
    Put somebody on duty; two people may share a stretch.

    Raises PermissionDenied without the right; NotPossible: backwards, past, too_long, not_staff, overlap.
    """
    _require(by)
    person = User.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=person.pk)
    _check(person, starts_at, ends_at, at)
    shift = DutyShift.objects.create(
        person=person, starts_at=starts_at, ends_at=ends_at, recorded_by=by, recorded_at=at
    )  # fmt: skip
    facts = {"shift": shift.pk, "starts_at": starts_at, "ends_at": ends_at}
    audit.record("user", person.uuid, "user.duty_given", by=by, at=at, facts=facts)
    return shift


def _check(person: User, starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if ends_at <= starts_at:
        raise NotPossible(_("The shift ends before it begins. Correct one of the two."), code="backwards")
    if ends_at <= at:
        raise NotPossible(_("The shift is over already. Correct its end."), code="past")
    if starts_at > at + FURTHEST:
        raise NotPossible(_("This lies more than two years ahead. Correct the dates."), code="far")
    if ends_at - starts_at > LONGEST:
        raise NotPossible(_("A shift is at most 14 days long. Make two of it."), code="too_long")
    if not (person.is_active and person.is_staff_member):
        raise NotPossible(_("Only an active colleague is on duty. Name another person."), code="not_staff")
    if person.shifts.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise NotPossible(_("%(name)s is on duty in this time already."), "overlap", {"name": person.name})


@transaction.atomic
def remove(shift: DutyShift, *, by: User, at: datetime) -> None:
    """Take a shift off the rota; one that runs ends now. What was stays: it says who was called. Raises NotPossible."""
    _require(by)
    shift = DutyShift.objects.select_for_update(of=("self",)).select_related("person").get(pk=shift.pk)
    if shift.ends_at <= at:
        raise NotPossible(_("This shift is over and stays on record."), code="past")
    if shift.starts_at < at:
        DutyShift.objects.filter(pk=shift.pk).update(ends_at=at)
    else:
        DutyShift.objects.filter(pk=shift.pk).delete()
    facts = {"starts_at": shift.starts_at, "ends_at": shift.ends_at}
    audit.record("user", shift.person.uuid, "user.duty_ended", by=by, at=at, facts=facts)


def _require(by: User) -> None:
    if not by.may("duty.manage"):
        raise PermissionDenied


# Who is called --------------------------------------------------------------------------------------------------------


def on_duty(moment: datetime) -> list[User]:
    """Return the active people who are on duty at `moment`."""
    return list(User.objects.active().filter(pk__in=_at(moment).values("person")).order_by("pk"))


def _at(moment: datetime) -> QuerySet[DutyShift]:
    return DutyShift.objects.filter(starts_at__lte=moment, ends_at__gt=moment)


def is_called(moment: datetime, calendar: Calendar) -> bool:
    """Tell whether duty is called at `moment`: outside the calendar's working time."""
    return not measure.elapsed(moment, moment + ONE_SECOND, calendar=calendar)


# The rota as a page shows it ------------------------------------------------------------------------------------------


class Stretch(NamedTuple):
    """A part of a day outside working time, and who is on duty; nobody: a gap."""

    start: datetime
    end: datetime
    people: tuple[User, ...]


def days(today: date, shifts: list[DutyShift], calendar: Calendar) -> list[tuple[date, list[Stretch]]]:
    """Return the next two weeks, day by day of the company, with every stretch outside working time."""
    wanted = [today + n * ONE_DAY for n in range(DAYS_SHOWN)]
    return [(day, list(_stretches(day, shifts, calendar))) for day in wanted]


def _stretches(day: date, shifts: list[DutyShift], calendar: Calendar) -> Iterator[Stretch]:
    """Yield the stretches in order, neighbours with the same people as one."""
    first, last = midnight(day), midnight(day + ONE_DAY)
    edges = {edge for shift in shifts for edge in (shift.starts_at, shift.ends_at)}
    edges |= {edge.astimezone(first.tzinfo) for window in windows(calendar, day) for edge in window[:2]}
    cuts = [first, *sorted(edge for edge in edges if first < edge < last), last]
    held: Stretch | None = None
    for start, end in pairwise(cuts):
        if not is_called(start, calendar):
            continue
        people = tuple(shift.person for shift in shifts if shift.starts_at <= start < shift.ends_at)
        if held and held.end == start and held.people == people:
            held = held._replace(end=end)
            continue
        if held:
            yield held
        held = Stretch(start, end, people)
    if held:
        yield held


def company_zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
