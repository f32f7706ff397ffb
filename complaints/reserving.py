"""
Verbs of what an incident needs: keep so many of a resource for a case, give them back (R33).

The same code in two plans, however it is written, is the same thing, so that what one case keeps is missing to every
other in that time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, QuerySet

import audit
from complaints import seats
from complaints.gates import Reason, reason
from complaints.lifecycle import Refused
from complaints.models import Complaint, EmergencyActivation, EmergencyReservation, EmergencyResource

if TYPE_CHECKING:
    from accounts.models import User

LONGEST = timedelta(days=90)


@transaction.atomic
def reserve_resource(
    complaint: Complaint,
    *,
    by: User,
    at: datetime,
    resource: EmergencyResource,
    quantity: int,
    from_at: datetime,
    until_at: datetime,
    because: str = "",
) -> EmergencyReservation:
    """
    Keep so many of a resource of the plan in force from one moment to another.

    because: why, although others keep too many of it already. Raises Refused naming those cases without it, and where
    it is said although nobody does.
    """
    complaint, running = seats.begin(complaint, by=by, at=at)
    if resource.plan_id != running.plan_id:
        raise Refused(reason("resource_unknown", name=resource.shown_name, plan=running.plan.code))
    if unfit := _unfit(running, at, from_at, until_at):
        raise Refused(unfit)
    if quantity > resource.quantity:
        raise Refused(reason("resource_too_many", name=resource.shown_name, have=resource.quantity))
    list(EmergencyResource.objects.select_for_update().filter(key=resource.key).order_by("pk"))
    found = clash(resource, quantity, from_at, until_at)
    if found and not because.strip():
        raise Refused(found.as_reason(resource))
    if because.strip() and not found:
        raise Refused(reason("resource_free", name=resource.shown_name))
    row = EmergencyReservation.objects.create(
        activation=running, resource=resource, code=resource.code, key=resource.key, quantity=quantity, from_at=from_at,
        until_at=until_at, because=because, by=by, at=at,
    )  # fmt: skip
    facts = {"code": row.code, "quantity": quantity, "from_at": from_at, "until_at": until_at, "forced": bool(found)}
    private = {"because": row.because} if row.because else None
    audit.record("case", complaint.uuid, "emergency.resource_reserved", by=by, at=at, facts=facts, private=private)
    return row


def _unfit(running: EmergencyActivation, at: datetime, from_at: datetime, until_at: datetime) -> Reason | None:
    """Return why a span cannot be kept: it is over, begins before the incident, or lasts too long."""
    if until_at <= from_at:
        return reason("resource_backwards")
    if until_at <= at:
        return reason("resource_past")
    if from_at < running.activated_at.replace(second=0, microsecond=0):  # forms say minutes
        return reason("resource_before", since=running.activated_at)
    return reason("resource_long", most=LONGEST.days) if until_at - from_at > LONGEST else None


@transaction.atomic
def release_resource(reservation: EmergencyReservation, *, by: User, at: datetime) -> EmergencyReservation:
    """Give back what is kept for the rest of its time; what is over stays as it is."""
    activation = reservation.activation
    assert activation.complaint is not None
    complaint, _running = seats.begin(activation.complaint, by=by, at=at)
    row = EmergencyReservation.objects.select_for_update().get(pk=reservation.pk)
    _shorten(complaint, row, by=by, at=at)
    return row


def release_all(complaint: Complaint, running: EmergencyActivation, *, by: User, at: datetime) -> None:
    """Give back what an incident that ends keeps for longer; the case is locked, inside the caller's transaction."""
    for row in running.reservations.select_for_update().filter(until_at__gt=at).order_by("pk"):
        _shorten(complaint, row, by=by, at=at)


def _shorten(complaint: Complaint, row: EmergencyReservation, *, by: User, at: datetime) -> None:
    if row.until_at > at and row.until_at > row.from_at:
        row.until_at = max(at, row.from_at)
        row.save(update_fields=["until_at"])
        facts = {"code": row.code, "quantity": row.quantity}
        audit.record("case", complaint.uuid, "emergency.resource_released", by=by, at=at, facts=facts)


@dataclass(frozen=True)
class Clash:
    """That more of something is wanted than there is: how many are free, and who keeps the others."""

    free: int
    others: tuple[EmergencyReservation, ...]

    def refs(self, *, beside: int | None = None) -> list[str]:
        """Return the numbers of the cases that keep the others, but that of the activation `beside`."""
        theirs = {one.activation.complaint for one in self.others if one.activation_id != beside}
        return sorted(one.ref or "" for one in theirs if one)

    def as_reason(self, resource: EmergencyResource) -> Reason:
        said = {"name": resource.shown_name, "free": self.free, "have": resource.quantity}
        return reason("resource_taken", **said, refs=", ".join(self.refs()))


def clash(resource: EmergencyResource, quantity: int, since: datetime, until: datetime) -> Clash | None:
    """Return what stands against keeping so many in that span; None if there are enough at every moment of it."""
    return crowded(kept(resource.key, since=since, until=until), quantity, resource.quantity, since, until)


def crowded(
    rows: Iterable[EmergencyReservation], quantity: int, have: int, since: datetime, until: datetime
) -> Clash | None:
    """Return which of the rows stand against so many more of a thing of which there are `have`, as `clash` does."""
    others = tuple(one for one in rows if one.overlaps(since, until))
    free = max(0, have - most_at_once(others, since))
    return None if quantity <= free else Clash(free, others)


def kept(*keys: str, since: datetime, until: datetime | None = None) -> QuerySet[EmergencyReservation]:
    """Return what is kept of these things at some moment from `since` on, or of that span."""
    rows = EmergencyReservation.objects.filter(key__in=keys, until_at__gt=F("from_at")).filter(until_at__gt=since)
    rows = rows.filter(from_at__lt=until) if until else rows
    return rows.select_related("activation__complaint", "by").order_by("from_at", "pk")


def most_at_once(rows: Iterable[EmergencyReservation], since: datetime) -> int:
    """Return how many are kept at the fullest moment from `since` on."""
    rows = list(rows)
    moments = {max(row.from_at, since) for row in rows}
    return max((sum(row.quantity for row in rows if row.from_at <= at < row.until_at) for at in moments), default=0)


def held_for(running: EmergencyActivation) -> list[EmergencyReservation]:
    """Return what an incident keeps or kept, in order."""
    rows = running.reservations.filter(until_at__gt=F("from_at")).select_related("by")
    return list(rows.order_by("from_at", "pk"))
