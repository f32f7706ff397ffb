"""
The next updates that an incident promises: kept as instants, and said when they pass (DOMAIN §4.2, communication).

When the time of an update has passed, who commands and who is to tell learn of it; if it is still not given a while
later, one level above the command does. Each is an event dated at its own instant, however late we look. No clock of
the SLA: it has no policy, is explained by nobody and counts in no figure of breaches.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet

import audit
from accounts.roles import Role
from complaints.ladder import ONE_SECOND
from complaints.models import Complaint, EmergencyActivation, EmergencyPromise
from complaints.models.emergency import Line

log = logging.getLogger(__name__)

BATCH = 200
HIGHER_AFTER = timedelta(minutes=30)  # or the interval of the line, if that is shorter
LED, HIGHER = 1, 2  # levels: who commands; one level up


def begin(activation: EmergencyActivation) -> None:
    """Promise the first update of each line of the plan, from the activation on."""
    first = [(line.audience, activation.activated_at + timedelta(minutes=line.minutes)) for line in lines(activation)]
    EmergencyPromise.objects.bulk_create(
        EmergencyPromise(activation=activation, audience=audience, due_at=due, next_at=due + ONE_SECOND)
        for audience, due in first
    )


def lines(activation: EmergencyActivation) -> list[Line]:
    """Return the lines of the plan, one for each audience."""
    return list({line.audience: line for line in activation.plan.informed}.values())


def renew(complaint: Complaint, activation: EmergencyActivation, audience: str, *, at: datetime) -> None:
    """Promise the next update from the last one told on; what had passed before `at` is said first."""
    row = activation.promises.select_for_update().filter(audience=audience).first()
    if row is None:
        return
    _climb(complaint, row, at)
    last = activation.updates.filter(audience=audience).aggregate(last=Max("at"))["last"]
    row.due_at = last + _every(row)
    row.step, row.next_at = 0, row.due_at + ONE_SECOND
    row.save()


def end(complaint: Complaint, activation: EmergencyActivation, *, at: datetime) -> None:
    """Promise nothing more; what had passed before `at` is said first."""
    for row in activation.promises.select_for_update().order_by("pk"):
        _climb(complaint, row, at)
        row.next_at = None
        row.save()


def sweep(*, now: datetime) -> int:
    """Say of each update whose time has passed that it was not given; return of how many. Safe to run twice or late."""
    found = _due(now).order_by("next_at", "pk").values_list("pk", "activation__complaint")
    return sum(_told(pk, case, now) for pk, case in found[:BATCH])


def _due(now: datetime) -> QuerySet[EmergencyPromise]:
    return EmergencyPromise.objects.filter(next_at__lte=now)


def _told(pk: int, case: int, now: datetime) -> bool:
    """Climb one, unless it was renewed or told meanwhile; a failure keeps nobody waiting."""
    try:
        with transaction.atomic():
            complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=case)
            row = _due(now).select_related("activation__plan", "activation__commander").filter(pk=pk).first()
            if row is not None:
                _climb(complaint, row, now)
                row.save()
            return row is not None
    except Exception:
        log.exception("Nobody could be told that the update %s is overdue.", pk)
        return False


def _climb(complaint: Complaint, row: EmergencyPromise, now: datetime) -> None:
    """Say what has passed by `now`, each level at its instant; the row is not saved."""
    while row.next_at is not None and row.next_at <= now:
        row.step += 1
        _say(complaint, row, row.next_at - ONE_SECOND)
        higher = row.due_at + min(HIGHER_AFTER, _every(row)) + ONE_SECOND
        row.next_at = higher if row.step < HIGHER else None


def _say(complaint: Complaint, row: EmergencyPromise, at: datetime) -> None:
    running = row.activation
    facts = {
        "activation": running.pk, "informed": row.audience, "due_at": row.due_at, "level": row.step,
        "told": ["COMMANDER", "TELLS"] if row.step == LED else [above(running)],
        "dedup": f"emergency.update_overdue:{running.pk}:{row.audience}:{row.due_at.isoformat()}:{row.step}",
    }  # fmt: skip
    audit.record("case", complaint.uuid, "emergency.update_overdue", by=None, at=at, facts=facts)


def above(running: EmergencyActivation) -> str:
    """Return the role one level above the command: the quality managers, above one of them the executives."""
    return Role.EXE if {Role.QM, Role.EXE} & running.commander.roles else Role.QM


def _every(row: EmergencyPromise) -> timedelta:
    """Return how often the plan has this audience told."""
    return next(timedelta(minutes=line.minutes) for line in lines(row.activation) if line.audience == row.audience)
