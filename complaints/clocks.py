"""
The clocks of a case (DOMAIN §3): start, pause, resume, retarget, stop; with climbing.py and sweeping.py (which counts
tries) the only writer of SlaClock.

What a move of the case does to its clocks stands in clock_moves.py, by calls of these functions.

Every function runs in the caller's transaction with the case locked, and first settles what fell due before `at`:
warnings and breaches are events dated at their own instants, not at their detection. Each act is an event with the
resolved values of the clock, so that replaying the events gives the same clock (replay.py; check_clocks compares).
Nothing is sent from here.

Events, all in the stream of the case: clock.started, clock.paused, clock.resumed, clock.retargeted, clock.stopped,
clock.cancelled, clock.reopened, sla.breach_revoked; for people sla.warned, sla.breached, sla.escalated,
clock.wait_long, clock.policy_missing, and of return visits visit.reminder_due, visit.reminder_expired, visit.missed.
Those for people carry `told` (role codes, and OWNER, LEADER, HEAD) and `dedup`: what is told, under one key for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet

from audit import Entry
from complaints import targets
from complaints.climbing import (
    Turn,
    arm,
    climb,
    dated_due,
    due,
    held,
    ladder_of,
    note,
    put_steps,
    read_steps,
    values,
    waits,
    write,
    write_events,
)
from complaints.clock_queries import at_risk, breached, next_due, with_clocks
from complaints.days import company_date
from complaints.ladder import BREACHED, MISSED, RUNGS, WAIT_LONG, WAIT_WORKDAYS, Step, wake, workdays_after
from complaints.models import Complaint, Escalation, SlaBreach, SlaClock, SlaPause
from complaints.models.states import Basis, ClockState, Metric, PauseReason
from complaints.sweeping import Swept, stuck, sweep
from worktime import measure
from worktime import models as calendars
from worktime.measure import GRACE, seconds

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models.clock import SlaPolicy
    from worktime.models import CalendarVersion

__all__ = [
    "Swept", "at_risk", "breached", "cancel", "cancel_former", "cancel_open", "customer_answered", "next_due",
    "open_cycle", "pause", "redate", "rereckon", "restart_from", "resume", "retarget", "start", "stop", "stop_all",
    "stuck", "sweep", "undo_stop", "with_clocks",
]  # fmt: skip

FROM_RECEIPT = (Metric.ACK, Metric.TRIAGE, Metric.INITIAL, Metric.RESOLVE, Metric.EIGHT_D)
BY_GRADE = (*FROM_RECEIPT, Metric.CONTAIN, Metric.UPDATE, Metric.ROOT_CAUSE, Metric.PROPOSAL)
OF_A_CYCLE = (*BY_GRADE, Metric.SURVEY)
OF_THE_CASE = (*OF_A_CYCLE, Metric.VISIT)
ROUND = "round-"  # the subject of a further PROPOSAL clock after a counter-offer: it has half the target
ENDED_BY_AN_ANSWER = (
    PauseReason.WAITING_CUSTOMER_INFO,
    PauseReason.WAITING_SAMPLE,
    PauseReason.WAITING_SITE_ACCESS,
)

Change = Callable[[Turn, SlaClock], None]


# Starting ------------------------------------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def open_cycle(
    complaint: Complaint, *, start: datetime, at: datetime, by: User | None, after: Sequence[Entry] = ()
) -> list[SlaClock]:
    """
    Start the clocks of the present cycle from `start`: the first receipt, or the moment of reopening.

    after: what of the same act goes into the trail before the clocks. A clock without a policy is not started, which
    the trail says and the quality managers are told.
    """
    metrics = [Metric.ACK, Metric.TRIAGE, Metric.INITIAL, Metric.UPDATE, Metric.RESOLVE]
    metrics = [metric for metric in metrics if metric != Metric.TRIAGE or complaint.cycle == 1]
    policies = targets.policies_for(complaint, metrics, company_date(start))
    turn, cycle = Turn(complaint, at, by, acts=list(after)), complaint.cycle
    for policy in policies.values():
        turn.version = calendars.kept(vars(policy)["calendar"])
    clocks = [
        SlaClock(complaint=complaint, cycle=cycle, metric=metric, started_at=start, subject=_first(metric))
        for metric in metrics
        if metric in policies
    ]
    turn.acts += [_no_policy(turn, metric) for metric in metrics if metric not in policies]
    for clock in clocks:
        _follow(turn, clock, policies[clock.metric])
        clock.due_at = due(clock)
        put_steps(clock, ladder_of(turn, clock))
    return _begun(turn, clocks)


def _first(metric: str) -> str:
    """Return the subject of the first clock of that metric in a cycle: updates are counted."""
    return "1" if metric == Metric.UPDATE else ""


def _missing(turn: Turn, metric: str, start: datetime) -> None:
    """Say that a clock has no policy at all on that day; where only the grade has none, it is meant so."""
    if not targets.in_force(company_date(start)).filter(metric=metric).exists():
        turn.acts.append(_no_policy(turn, metric))


def _no_policy(turn: Turn, metric: str) -> Entry:
    complaint = turn.complaint
    dedup = f"clock.policy_missing:{complaint.uuid}:{complaint.cycle}:{metric}"
    facts = {"metric": metric, "cycle": complaint.cycle, "told": ["QM", "ADM"], "dedup": dedup, "due_at": None}
    return Entry("clock.policy_missing", turn.at, facts)


@transaction.atomic(savepoint=False)
def start(
    complaint: Complaint,
    metric: str,
    *,
    at: datetime,
    by: User | None = None,
    subject: str = "",
    since: datetime | None = None,
    due_at: datetime | None = None,
    target_minutes: int | None = None,
    steps: Iterable[tuple[str, datetime]] = (),
) -> SlaClock | None:
    """
    Start one clock of the present cycle, from `since` or else from `at`; None where no policy knows it for this case.

    due_at: the clock runs by date and is missed after that instant. A return visit (the end of its tolerance) has
    `steps`, its reminders: (name, instant) in any order; each becomes an event visit.reminder_due with `step` = name,
    or visit.reminder_expired if a later step had come when we looked; after `due_at` follows visit.missed.
    Without due_at the policy sets the target, or `target_minutes` on the policy's basis.
    """
    turn, started_at = Turn(complaint, at, by), since or at
    clock = SlaClock(
        complaint=complaint, cycle=complaint.cycle, metric=metric, subject=subject, started_at=started_at
    )  # fmt: skip
    if due_at is not None:
        clock.basis, clock.policy, clock.due_at = Basis.DATE, "date", due_at
    elif policy := _policy(turn, metric, started_at):
        _follow(turn, clock, policy)
        clock.target_minutes = target_minutes or clock.target_minutes
        clock.due_at = _due_by(turn, clock)
    else:
        _missing(turn, metric, started_at)
        write_events(turn)
        return None
    put_steps(clock, _dated(due_at, steps) if due_at and metric == Metric.VISIT else ladder_of(turn, clock))
    return _begun(turn, [clock])[0]


def _begun(turn: Turn, clocks: list[SlaClock]) -> list[SlaClock]:
    """Save new clocks with all their steps, and climb at once those that lie before the act."""
    SlaClock.objects.bulk_create(clocks)
    for clock in clocks:
        note(turn, clock, "clock.started")
    if sum([climb(turn, clock, turn.after) for clock in clocks]):
        write(turn, clocks)
    else:
        write_events(turn)
    return clocks


def _follow(turn: Turn, clock: SlaClock, policy: SlaPolicy) -> None:
    """Set basis and target as the policy says."""
    clock.basis, clock.target_minutes, clock.pausable = policy.basis, policy.target_minutes, policy.pausable
    clock.days, clock.day_unit = policy.days, policy.day_unit
    if clock.target_minutes and clock.subject.startswith(ROUND):
        clock.target_minutes = -(-clock.target_minutes // 2)
    clock.policy = targets.source(policy)
    clock.calendar_version = turn.version if policy.basis == Basis.BUSINESS or policy.days else None


def _policy(turn: Turn, metric: str, start: datetime) -> SlaPolicy | None:
    """Return the policy of a clock that starts then, asked once for all of one turn that start on the same day."""
    on = company_date(start)
    if on not in turn.policies:
        turn.policies[on] = targets.policies_for(turn.complaint, Metric.values, on)
    return turn.policies[on].get(metric)


def _due_by(turn: Turn, clock: SlaClock) -> datetime | None:
    """Return when the target of a clock is used up, in minutes or in days; None while a pause is open before it."""
    if clock.days is None:
        return due(clock)
    assert clock.calendar_version is not None  # it says which days are working days
    return dated_due(clock, turn.complaint, clock.calendar_version.as_calendar())


def _dated(due_at: datetime, steps: Iterable[tuple[str, datetime]]) -> list[Step]:
    ahead = sorted((Step(name, instant) for name, instant in steps), key=lambda step: step.at)
    return [*ahead, Step(MISSED, due_at)]


# Acts on running clocks ----------------------------------------------------------------------------------------------


def stop(complaint: Complaint, metric: str, *, at: datetime, by: User | None, subject: str = "") -> None:
    """
    Stop a clock at `at`; it is met if that is not after its due instant. Nothing happens if it does not run.

    A subject names one of several in whichever cycle; without it they are all those of the present cycle. Likewise in
    the acts below.
    """
    _each(complaint, _stopped, at=at, by=by, **_named(complaint, metric, subject))


def stop_all(complaint: Complaint, *, at: datetime, by: User | None) -> None:
    """Stop every clock of the case at that instant, but for duties to report: they end when they are fulfilled."""
    _each(complaint, _stopped, at=at, by=by, metric__in=OF_THE_CASE)


def cancel(complaint: Complaint, metric: str, *, at: datetime, by: User | None, subject: str = "") -> None:
    """Cancel one clock: it is neither met nor missed; a breach before `at` stays."""
    _each(complaint, _cancelled, at=at, by=by, **_named(complaint, metric, subject))


def cancel_open(complaint: Complaint, *, at: datetime, by: User | None) -> None:
    """Cancel every clock of the case that is not decided yet, but for duties to report."""
    _each(complaint, _cancelled, at=at, by=by, metric__in=OF_THE_CASE)


def cancel_former(complaint: Complaint, *, at: datetime, by: User | None) -> None:
    """Cancel what still runs of former cycles, except visits, which are remediation's."""
    _each(complaint, _cancelled, at=at, by=by, cycle__lt=complaint.cycle, metric__in=OF_A_CYCLE)


def pause(
    complaint: Complaint,
    metric: str,
    reason: str,
    *,
    at: datetime,
    by: User | None,
    evidence: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """
    Pause a pausable clock; others go on (DOMAIN §3.1 (11)). A clock that waits already waits for the new reason.

    evidence: the outgoing request that proves the wait.  since: when the wait began, if it is entered late; a breach
    that it undoes is revoked.  until: it is over already, and the clock runs on.
    """
    change = partial(_paused, reason=reason, evidence=evidence, since=since or at, until=until)
    _each(complaint, change, at=at, by=by, pausable=True, **_named(complaint, metric))


def resume(complaint: Complaint, metric: str, *, at: datetime, by: User | None) -> None:
    """End the wait of a paused clock; nothing happens to one that runs."""
    _each(complaint, _resumed, at=at, by=by, state__in=[ClockState.PAUSED], **_named(complaint, metric))


def customer_answered(complaint: Complaint, *, at: datetime, by: User | None) -> None:
    """End the waits that a message of the customer ends; those for a decision or in a dispute go on."""
    _each(complaint, _resumed, at=at, by=by, waiting_for__in=ENDED_BY_AN_ANSWER)


def retarget(complaint: Complaint, *, at: datetime, by: User | None) -> None:
    """
    Give every undecided clock the target that holds for the case as it is now (DOMAIN §3.5).

    A clock that the grade does not have is cancelled.
    """
    _each(complaint, _retargeted, at=at, by=by, cycle=complaint.cycle, metric__in=BY_GRADE)


def restart_from(complaint: Complaint, *, start: datetime, at: datetime, by: User | None) -> None:
    """Reckon the clocks of a first cycle from an earlier receipt (T19); they tighten as on an upgrade."""
    _each(complaint, partial(_retargeted, start=start), at=at, by=by, cycle=1, metric__in=FROM_RECEIPT)


def redate(
    complaint: Complaint,
    metric: str,
    *,
    at: datetime,
    by: User | None,
    due_at: datetime,
    steps: Iterable[tuple[str, datetime]] = (),
    subject: str = "",
) -> None:
    """Move a clock that runs by date, such as a visit agreed for another day; due_at and steps as in `start`."""
    change = partial(_redated, due_at=due_at, steps=_dated(due_at, steps))
    _each(complaint, change, at=at, by=by, basis=Basis.DATE, **_named(complaint, metric, subject))


def rereckon(complaint: Complaint, *, version: CalendarVersion, at: datetime) -> None:
    """Count by that version of their calendar the clocks that are neither decided nor missed (DOMAIN §3.1 (14))."""
    change = partial(_rereckoned, version=version)
    which = {"breached_at": None, "calendar_version__calendar": version.calendar_id}
    _each(complaint, change, at=at, by=None, **which)


def undo_stop(complaint: Complaint, metric: str, *, at: datetime, by: User | None = None, **which: Any) -> None:
    """
    Let a stopped clock run on to its old due instant, because what stopped it never reached anybody.

    which: conditions on the clock, where one metric has several in the cycle.
    """
    _each(complaint, _reopened, at=at, by=by, state__in=[ClockState.STOPPED], **_named(complaint, metric), **which)


def _named(complaint: Complaint, metric: str, subject: str = "") -> dict[str, Any]:
    """Return the filter of one clock by its subject, or of all clocks of that metric in the present cycle."""
    return {"metric": metric, "subject": subject} if subject else {"metric": metric, "cycle": complaint.cycle}


@transaction.atomic(savepoint=False)
def _each(complaint: Complaint, change: Change, *, at: datetime, by: User | None, **which: Any) -> None:
    """Settle what fell due before `at` on each clock that fits, then change it."""
    clocks = held(complaint, **which)
    if not clocks:
        return
    turn = Turn(complaint, at, by)
    for clock in clocks:
        climb(turn, clock, turn.before)
        change(turn, clock)
        climb(turn, clock, turn.after)
    write(turn, clocks)


# One clock changed ---------------------------------------------------------------------------------------------------


def _stopped(turn: Turn, clock: SlaClock) -> None:
    if clock.breached_at and seconds(turn.at) <= seconds(clock.breached_at):
        _revoke(turn, clock, "stopped_in_time")
    _end_wait(clock, turn.at)
    _decide(turn, clock, ClockState.STOPPED, "clock.stopped")


def _cancelled(turn: Turn, clock: SlaClock) -> None:
    _end_wait(clock, turn.at)
    _decide(turn, clock, ClockState.CANCELLED, "clock.cancelled")


def _decide(turn: Turn, clock: SlaClock, state: ClockState, kind: str) -> None:
    clock.state, clock.stopped_at = state, turn.at
    put_steps(clock, [])
    late: dict[str, Any] = {}
    if clock.breached_at:
        over = measure.overrun(clock.breached_at, turn.at, calendar=clock.working_time, pauses=waits(clock))
        late = {"overrun_clock_seconds": over.clock, "overrun_calendar_seconds": over.calendar}
        _breach_of(clock).update(stopped_at=turn.at, **late)
    note(turn, clock, kind, met=clock.breached_at is None, stopped_at=turn.at, **late)


def _paused(
    turn: Turn, clock: SlaClock, *, reason: str, evidence: str, since: datetime, until: datetime | None
) -> None:
    if until is None:
        _end_wait(clock, since)
        clock.state, clock.waiting_for, clock.waiting_since = ClockState.PAUSED, reason, since
    before = due(clock)
    SlaPause.objects.create(clock=clock, reason=reason, evidence=evidence, started_at=since, ended_at=until, by=turn.by)
    clock.generation += 1
    moved = due(clock)
    if clock.breached_at and since < clock.breached_at and moved != before:
        _revoke(turn, clock, "was_waiting")
    if not clock.breached_at:
        clock.due_at = moved
    _lay_steps(turn, clock)
    private = {"evidence": evidence} if evidence else None
    note(turn, clock, "clock.paused", private, reason=reason, paused_at=since, until=until)


def _resumed(turn: Turn, clock: SlaClock) -> None:
    reason, since = clock.waiting_for, clock.waiting_since
    _end_wait(clock, turn.at)
    clock.state = ClockState.RUNNING
    clock.generation += 1
    _lay_steps(turn, clock)
    note(turn, clock, "clock.resumed", reason=reason, paused_at=since)


def _retargeted(turn: Turn, clock: SlaClock, *, start: datetime | None = None) -> None:
    """A breach before the change stays, with the target that was missed; only its escalation follows the grade."""
    old, steps = values(clock), clock.steps
    if clock.breached_at is None:
        if (policy := _policy(turn, clock.metric, start or clock.started_at)) is None:
            _missing(turn, clock.metric, start or clock.started_at)
            return _cancelled(turn, clock)
        _aim(turn, clock, start or clock.started_at, policy)
    if clock.state == ClockState.RUNNING:
        _lay_steps(turn, clock)
    if values(clock) == old and clock.steps == steps:
        return None
    clock.generation += 1
    return note(turn, clock, "clock.retargeted", before=old, breach_kept=clock.breached_at is not None)


def _aim(turn: Turn, clock: SlaClock, start: datetime, policy: SlaPolicy) -> None:
    """Give the clock its target of now, from `start`; a tighter one leaves two hours but never loosens (§3.5)."""
    old = clock.due_at
    clock.started_at, clock.grace_minutes = start, 0
    _follow(turn, clock, policy)
    new = _due_by(turn, clock)
    if old is None or new is None:  # it waits, and is reckoned when it resumes
        return
    clock.due_at = measure.regraded(old, new, turn.at, upgrade=new < old).due
    if clock.target_minutes is not None:
        _allow_beyond(clock, new)


def _rereckoned(turn: Turn, clock: SlaClock, *, version: CalendarVersion) -> None:
    """Take the version; a due instant that it tightens leaves two hours, and one that waits is reckoned at its end."""
    known = clock.calendar_version
    if clock.breached_at or known is None or known.version >= version.version:
        return
    old, before = values(clock), clock.due_at
    clock.calendar_version = version
    new = _due_by(turn, clock)
    if before is not None and new is None:  # not used up any more before it began to wait
        clock.due_at = None
        put_steps(clock, [step for step in read_steps(clock) if step.name != BREACHED])
    elif before is not None and new is not None:
        clock.due_at = measure.regraded(before, new, turn.at, upgrade=new < before).due
        if clock.target_minutes is not None:
            _allow_beyond(clock, new)
    if clock.state == ClockState.RUNNING:
        _lay_steps(turn, clock)
    clock.generation += 1
    note(turn, clock, "clock.retargeted", before=old, breach_kept=False)


def _redated(turn: Turn, clock: SlaClock, *, due_at: datetime, steps: Sequence[Step]) -> None:
    """Take another date. One that was missed is watched anew; its breach stays on record."""
    old = values(clock)
    clock.due_at, clock.breached_at = due_at, None
    clock.generation += 1
    put_steps(clock, [step for step in steps if wake(step) > turn.at])
    note(turn, clock, "clock.retargeted", before=old, breach_kept=False, redated=True)


def _reopened(turn: Turn, clock: SlaClock) -> None:
    stopped_at = clock.stopped_at
    assert stopped_at is not None  # it was asked for as stopped
    clock.state, clock.stopped_at = ClockState.RUNNING, None
    clock.generation += 1
    _breach_of(clock).update(stopped_at=None, overrun_clock_seconds=None, overrun_calendar_seconds=None)
    ahead = [step for step in ladder_of(turn, clock) if wake(step) > stopped_at]
    put_steps(clock, [step for step in ahead if RUNGS[step.name].level > clock.level])
    note(turn, clock, "clock.reopened", was_stopped_at=stopped_at)


def _lay_steps(turn: Turn, clock: SlaClock) -> None:
    """Lay the steps ahead anew: the ladder of a clock that runs, or that the wait of a paused one grows long."""
    if clock.waiting_since is None:
        arm(turn, clock)
        return
    steps = [Step(WAIT_LONG, workdays_after(clock.waiting_since, WAIT_WORKDAYS, company=turn.company))]
    if clock.due_at and not clock.breached_at:  # used up before the wait, which changes nothing then (SV-30)
        steps.insert(0, Step(BREACHED, clock.due_at))
    put_steps(clock, steps)


def _end_wait(clock: SlaClock, at: datetime) -> None:
    """Close the open pause, if there is one, and reckon the due instant that it moved."""
    if clock.waiting_since is None:
        return
    end = max(at, clock.waiting_since)
    SlaPause.objects.filter(clock=clock, ended_at=None).update(ended_at=end)
    clock.waiting_for, clock.waiting_since = "", None
    if clock.due_at is not None:  # used up before the wait began
        return
    moved = clock.due_at = due(clock)
    assert moved is not None  # no pause is open any more
    if moved < end:  # tightened, while it waited, below what was used: the grace begins now
        clock.due_at = end + GRACE
        _allow_beyond(clock, moved)


def _allow_beyond(clock: SlaClock, target_due: datetime) -> None:
    """Remember how much more than its target the clock was given, in whole minutes of its own measure."""
    assert clock.due_at is not None
    more = measure.elapsed(target_due, clock.due_at, calendar=clock.working_time, pauses=waits(clock))
    clock.grace_minutes += -(-more // 60)


def _revoke(turn: Turn, clock: SlaClock, because: str) -> None:
    """Take back a breach that an act of an earlier instant shows not to have happened; its row stays."""
    _breach_of(clock).update(status=SlaBreach.Status.REVOKED, revoked_because=because)
    Escalation.objects.filter(breach__in=_breach_of(clock)).update(due_at=None)  # nobody owes it an explanation
    note(turn, clock, "sla.breach_revoked", because=because, revoked_due_at=clock.breached_at)
    clock.breached_at = None


def _breach_of(clock: SlaClock) -> QuerySet[SlaBreach]:
    return SlaBreach.objects.filter(clock=clock, due_at__in=[clock.breached_at])
