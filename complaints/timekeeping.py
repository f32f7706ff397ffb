"""Verbs of people on clocks: note a wait and its end, explain a breach, excuse it (DOMAIN §3.1 (8–10), §3.4)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

import audit
from complaints import clocks, lifecycle
from complaints.gates import Reason
from complaints.gates import reason as refusal
from complaints.models import Complaint, Escalation, SlaBreach, SlaClock
from complaints.models.states import UNDECIDED, BreachReason, ClockState, Metric, PauseReason

if TYPE_CHECKING:
    from accounts.models import Department, User

BY_HAND = (
    PauseReason.WAITING_CUSTOMER_INFO,
    PauseReason.WAITING_SAMPLE,
    PauseReason.WAITING_SITE_ACCESS,
    PauseReason.FORCE_MAJEURE,
)  # the moves of the case note the others


@transaction.atomic
def note_wait(
    complaint: Complaint,
    metric: str,
    reason: str,
    *,
    by: User,
    at: datetime,
    evidence: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[SlaClock]:
    """
    Pause a clock while we wait for others, or with an empty metric every clock that may wait; return them.

    evidence: the outgoing request that proves the wait.  since: when it began, not before the last move of the case.
    until: when it ended, for a wait that is entered afterwards.

    Raises Refused: clock_not_running, clock_not_pausable, wait_reason_unknown, wait_evidence_missing,
    wait_before_last_move, wait_backwards; and wait_undoes_breach unless the quality manager enters it.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="clock.pause")
    since = since or at
    named = _undecided(complaint, metric)
    waiting = [clock for clock in named if clock.pausable]
    if not waiting:
        raise lifecycle.Refused(refusal("clock_not_pausable", metric=named[0].metric))
    if reason not in BY_HAND:
        raise lifecycle.Refused(refusal("wait_reason_unknown"))
    if not evidence.strip():
        raise lifecycle.Refused(refusal("wait_evidence_missing"))
    _check_span(complaint, since, until or at, at)
    if any(_missed(clock, since, at) for clock in waiting) and not by.may("clock.excuse_breach"):
        raise lifecycle.Refused(refusal("wait_undoes_breach"))
    proof = evidence.strip()
    for name in sorted({clock.metric for clock in waiting}):
        clocks.pause(complaint, name, reason, at=at, by=by, evidence=proof, since=since, until=until)
    return _undecided(complaint, metric)


@transaction.atomic
def end_wait(complaint: Complaint, metric: str, *, by: User, at: datetime) -> list[SlaClock]:
    """
    Let a paused clock run on, or with an empty metric every one that waits; return them.

    Raises Refused: clock_not_running, clock_not_paused, wait_backwards.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="clock.pause")
    named = _undecided(complaint, metric)
    waiting = [clock for clock in named if clock.state == ClockState.PAUSED and clock.waiting_since]
    if not waiting:
        raise lifecycle.Refused(refusal("clock_not_paused", metric=named[0].metric))
    if any(clock.waiting_since and at < clock.waiting_since for clock in waiting):
        raise lifecycle.Refused(refusal("wait_backwards"))
    for name in sorted({clock.metric for clock in waiting}):
        clocks.resume(complaint, name, at=at, by=by)
    return _undecided(complaint, metric)


@transaction.atomic
def explain_breach(
    breach: SlaBreach,
    *,
    by: User,
    at: datetime,
    reason: str,
    text: str,
    department: Department | None = None,
    customer_told_at: datetime | None = None,
    corrective: str = "",
) -> SlaBreach:
    """
    Say why a clock was missed, in which department, and when the customer heard the new date; return the breach.

    corrective: number or address of the corrective action that came out of it. The explanation owed is given with it.

    Raises Refused: breach_revoked, breach_reason_missing, reason_missing, told_later.
    """
    breach = _held(breach, by=by, at=at, permission="clock.explain_breach")
    if reason not in BreachReason:
        raise lifecycle.Refused(refusal("breach_reason_missing"))
    if not text.strip():
        raise lifecycle.Refused(refusal("reason_missing"))
    if later := told_later(customer_told_at, at):
        raise lifecycle.Refused(later)
    breach.status, breach.reason, breach.text = SlaBreach.Status.EXPLAINED, reason, text.strip()
    breach.department, breach.explained_by, breach.explained_at = department, by, at
    breach.customer_told_at = customer_told_at or breach.customer_told_at
    breach.corrective = corrective.strip() or breach.corrective
    breach.save()
    Escalation.objects.filter(breach=breach, taken_at=None).update(taken_by=by, taken_at=at)
    facts = {"reason": reason, "department": department and department.pk, "customer_told_at": breach.customer_told_at,
             "corrective": breach.corrective}  # fmt: skip
    _record(breach, "sla.breach_explained", by, at, facts, {"text": breach.text})
    return breach


def told_later(customer_told_at: datetime | None, at: datetime) -> Reason | None:
    """Return why the customer cannot have heard the new date then, if it is explained at `at`."""
    return refusal("told_later") if customer_told_at and customer_told_at > at else None


@transaction.atomic
def excuse_breach(breach: SlaBreach, *, by: User, at: datetime, excusable: bool) -> SlaBreach:
    """Decide whether an explained breach is excusable; return it. Raises Refused: breach_not_explained."""
    breach = _held(breach, by=by, at=at, permission="clock.excuse_breach")
    if breach.status != SlaBreach.Status.EXPLAINED:
        raise lifecycle.Refused(refusal("breach_not_explained"))
    breach.excusable, breach.excused_by = excusable, by
    breach.save()
    _record(breach, "sla.breach_judged", by, at, {"excusable": excusable})
    return breach


def _undecided(complaint: Complaint, metric: str) -> list[SlaClock]:
    """Return the undecided clocks of that metric, or all that may wait; at least one."""
    which = {"metric": metric} if metric else {"pausable": True}
    rows = list(complaint.clocks.filter(cycle=complaint.cycle, state__in=UNDECIDED, **which).order_by("pk"))
    if not rows:
        raise lifecycle.Refused(refusal("clock_not_running", metric=metric or Metric.RESOLVE))
    return rows


def _check_span(complaint: Complaint, since: datetime, until: datetime, now: datetime) -> None:
    if complaint.state_since and since < complaint.state_since:
        raise lifecycle.Refused(refusal("wait_before_last_move", since=complaint.state_since))
    if not since <= until <= now:
        raise lifecycle.Refused(refusal("wait_backwards"))


def _missed(clock: SlaClock, since: datetime, now: datetime) -> bool:
    """Tell whether a wait from `since` on reaches back before a due instant that has passed."""
    missed_at = clock.breached_at or clock.due_at
    return missed_at is not None and since < missed_at < now


def _held(breach: SlaBreach, *, by: User, at: datetime, permission: str) -> SlaBreach:
    """Lock case and breach. Raises Refused if the breach was revoked."""
    lifecycle.hold(breach.clock.complaint, by=by, at=at, permission=permission)
    breach = SlaBreach.objects.select_for_update(of=("self",)).select_related("clock__complaint").get(pk=breach.pk)
    if breach.status == SlaBreach.Status.REVOKED:
        raise lifecycle.Refused(refusal("breach_revoked"))
    return breach


def _record(
    breach: SlaBreach, kind: str, by: User, at: datetime, facts: dict, private: dict[str, str] | None = None
) -> None:
    clock = breach.clock
    which = {"metric": clock.metric, "cycle": clock.cycle, "subject": clock.subject, "due_at": breach.due_at}
    audit.record("case", clock.complaint.uuid, kind, by=by, at=at, facts={**which, **facts}, private=private)
