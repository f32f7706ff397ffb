"""Who is away and who stands in: the verbs of absences, and whom it reaches instead."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

import audit
from accounts.models import Absence, Membership, User
from accounts.people import NotPossible
from accounts.roles import Role

ONE_DAY = timedelta(days=1)
LONGEST = timedelta(days=400)
FURTHEST = timedelta(days=731)  # how far ahead it can be planned
HOPS = 3  # a deputy who is away has a deputy, and so on, as far as a condition in SQL follows


# Verbs ----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def record(
    person: User, *, by: User, at: datetime, first_on: date, last_on: date, deputy: User, reason: str = ""
) -> Absence:
    """
    Note that `person` is away on whole days of the company, and who stands in.

    Raises PermissionDenied for somebody else's without the right; NotPossible: backwards, far, too_long, past, oneself,
    not_staff, overlap.
    """
    if by.pk != person.pk and not by.may("absence.manage"):
        raise PermissionDenied
    person = User.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=person.pk)
    _check(person, first_on, last_on, deputy, at)
    starts_at, ends_at = midnight(first_on), midnight(last_on + ONE_DAY)
    if (other := person.absences.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).first()) is not None:
        said = {"first": other.first_on, "last": other.last_on}
        raise NotPossible(_("There is an absence from %(first)s until %(last)s already."), "overlap", said)
    absence = Absence.objects.create(
        person=person, first_on=first_on, last_on=last_on, starts_at=starts_at, ends_at=ends_at, deputy=deputy,
        reason=reason.strip(), recorded_by=by, recorded_at=at,
    )  # fmt: skip
    facts = {"absence": absence.pk, "first_on": first_on, "last_on": last_on, "deputy": deputy.pk}
    audit.record("user", person.uuid, "user.absence_recorded", by=by, at=at, facts=facts)
    return absence


def _check(person: User, first_on: date, last_on: date, deputy: User, at: datetime) -> None:
    if last_on < first_on:
        raise NotPossible(_("The last day lies before the first. Correct one of the two."), code="backwards")
    if first_on > at.date() + FURTHEST:
        raise NotPossible(_("This lies more than two years ahead. Correct the dates."), code="far")
    if last_on - first_on > LONGEST:
        raise NotPossible(_("An absence is at most 400 days long. Correct the last day."), code="too_long")
    if midnight(last_on + ONE_DAY) <= at:
        raise NotPossible(_("The absence is over already. Correct the last day."), code="past")
    if deputy.pk == person.pk:
        raise NotPossible(_("Nobody stands in for themselves. Name another person."), code="oneself")
    if not (deputy.is_active and deputy.is_staff_member and person.is_staff_member):
        raise NotPossible(_("Only an active colleague stands in. Name another person."), code="not_staff")


@transaction.atomic
def call_off(absence: Absence, *, by: User, at: datetime) -> Absence:
    """End an absence at `at`, or have it never begin; one that is over stays as it is."""
    if by.pk != absence.person_id and not by.may("absence.manage"):
        raise PermissionDenied
    absence = Absence.objects.select_for_update(of=("self",)).select_related("person").get(pk=absence.pk)
    if absence.ends_at > at:
        absence.ends_at, absence.called_off_at = max(at, absence.starts_at), at
        absence.save(update_fields=["ends_at", "called_off_at"])
        facts = {"absence": absence.pk, "deputy": absence.deputy_id}
        audit.record("user", absence.person.uuid, "user.absence_called_off", by=by, at=at, facts=facts)
    return absence


def midnight(day: date) -> datetime:
    """Return the first instant of the company's day."""
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


# Whom it reaches ------------------------------------------------------------------------------------------------------


def represented(user: User, moment: datetime | None = None) -> QuerySet[Any, Any]:
    """Return the ids of those for whom `user` stands in at `moment`, or now; to be used in a condition."""
    now = moment or Now()
    path, wanted = "", Q()
    chain: dict[str, Any] = {}
    for _hop in range(HOPS):  # as joins: a query within a query for each hop is more than SQLite's parser can hold
        wanted |= Q(**chain, **{f"{path}deputy": user})
        path = f"{path}deputy__absences__"
        chain |= {f"{path}starts_at__lte": now, f"{path}ends_at__gt": now}
    return Absence.objects.covering(moment).filter(wanted).values("person")


def away_until(person: OuterRef | int, moment: datetime | None = None) -> Subquery:
    """
    Return the last day of the absence that holds at `moment`, as a value beside a person; null for who is there.

    moment: None for the database's now.
    """
    return Subquery(Absence.objects.covering(moment).filter(person=person).values("last_on")[:1])


def between(first: datetime, last: datetime) -> list[Absence]:
    """Return the absences that hold at some moment from `first` to `last`, for `reached`."""
    rows = Absence.objects.filter(starts_at__lte=last, ends_at__gt=first)
    return list(rows.select_related("person", "deputy"))


def reached(
    people: Iterable[User | None], moment: datetime, *, known: Iterable[Absence] | None = None
) -> list[tuple[User, Absence | None]]:
    """
    Return whom a message to `people` reaches at `moment`, each once: themselves, or who stands in, with the absence.

    known: what `between` gave of a span around `moment`; None: it is read.

    A deputy who is away has a deputy; where that leads to nobody, the head of the department stands in, else the
    service leads.
    """
    wanted = {person.pk: person for person in people if person}
    rows = between(moment, moment) if known is None else known
    away = {row.person_id: row for row in rows if row.starts_at <= moment < row.ends_at}
    found: dict[int, tuple[User, Absence | None]] = {
        pk: (person, None) for pk, person in wanted.items() if pk not in away
    }
    for pk in wanted.keys() & away.keys():
        for person in _instead(away[pk], away):
            found.setdefault(person.pk, (person, away[pk]))
    return list(found.values())


def _instead(absence: Absence, away: dict[int, Absence]) -> list[User]:
    seen, deputy = {absence.person_id}, absence.deputy
    while deputy.pk in away and deputy.pk not in seen:
        seen.add(deputy.pk)
        deputy = away[deputy.pk].deputy
    if deputy.pk not in away and deputy.is_active:
        return [deputy]
    gone = set(away)
    held = Membership.objects.active().filter(user=absence.person_id, department__head__isnull=False)
    heads = [row.department.head for row in held.select_related("department__head") if row.department]
    present = [head for head in heads if head and head.is_active and head.pk not in gone]
    return present or [lead for lead in User.objects.staff().holding(Role.CSL).order_by("pk") if lead.pk not in gone]
