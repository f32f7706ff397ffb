"""
How a clock climbs its ladder, and what is written of it: the inner part of clocks.py and sweeping.py.

A `Turn` is one act on clocks of one case, or one look of the sweep. Its events are written in three groups: what the
clocks had done by themselves before the act, the act, and what it sets off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import audit
from accounts.duty import is_called
from audit import Entry
from complaints.days import customer_date, customer_zone
from complaints.ladder import (
    BREACHED,
    CALL_LEVEL,
    DUTY,
    ESCALATED,
    EXPLAIN_WORKDAYS,
    EXPLAINING,
    MISSED,
    RUNGS,
    TAKE_UP_MINUTES,
    WAIT_LONG,
    WAITING_TOLD,
    Step,
    dated_ladder,
    ladder,
    wake,
    workdays_after,
)
from complaints.models import Complaint, Escalation, SlaBreach, SlaClock, SlaPause
from complaints.models.states import UNDECIDED, Grade
from worktime import measure, periods
from worktime.calendars import Calendar
from worktime.measure import Pause
from worktime.models import CalendarVersion, WorkCalendar

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models.clock import SlaPolicy

CHANGING = [
    "basis", "calendar_version", "target_minutes", "days", "day_unit", "grace_minutes", "pausable", "policy", "state",
    "generation", "started_at", "due_at", "waiting_for", "waiting_since", "steps", "next_at", "stopped_at",
    "breached_at", "level", "attempts", "retry_at",
]  # fmt: skip
RISING = ["steps", "next_at", "breached_at", "level", "attempts", "retry_at"]  # what climbing alone changes

OWED_ANEW = [
    "complaint", "clock", "cycle", "step", "level", "asks", "raised_at", "generation", "due_at", "overlooked_at",
    "taken_by", "taken_at", "late_told_at",
]  # fmt: skip


@dataclass
class Turn:
    """One act on clocks of one case at one moment."""

    complaint: Complaint
    at: datetime
    by: User | None
    before: list[Entry] = field(default_factory=list)
    acts: list[Entry] = field(default_factory=list)
    after: list[Entry] = field(default_factory=list)
    missed: list[SlaBreach] = field(default_factory=list)
    level: int = 0
    policies: dict[date, dict[str, SlaPolicy]] = field(default_factory=dict)  # by the day on which a clock starts
    raised: list[Escalation] = field(default_factory=list)  # what the steps climbed ask of people
    owed: list[Escalation] = field(default_factory=list)  # the explanations of what was missed

    @cached_property
    def version(self) -> CalendarVersion:
        """The company's calendar as it stands now."""
        return WorkCalendar.objects.company()

    @cached_property
    def company(self) -> Calendar:
        """The calendar that counts working days."""
        return self.version.as_calendar()


def held(complaint: Complaint, **which: Any) -> list[SlaClock]:
    """Lock and return clocks of the case, the undecided ones unless `which` says otherwise; the case is locked."""
    rows = SlaClock.objects.select_for_update(of=("self",)).select_related("calendar_version__calendar")
    return list(rows.filter(**{"state__in": UNDECIDED, **which}, complaint=complaint).order_by("pk"))


def climb(turn: Turn, clock: SlaClock, log: list[Entry]) -> int:
    """Climb every step that has come by the turn's moment, in order, each dated at its own instant; return how many."""
    climbed = rise(turn, clock, log)
    _write_breaches([turn])
    return climbed


def rise(turn: Turn, clock: SlaClock, log: list[Entry]) -> int:
    """Climb as `climb` does, and write nothing yet: what was missed waits in the turn."""
    steps = read_steps(clock)
    climbed = 0
    while steps and wake(steps[0]) <= turn.at:
        step = steps.pop(0)
        log.append(_climbed(turn, clock, step, late=bool(steps) and wake(steps[0]) <= turn.at))
        climbed += 1
    put_steps(clock, steps)
    return climbed


def _climbed(turn: Turn, clock: SlaClock, step: Step, *, late: bool) -> Entry:
    """Return the event of one step; `late` says that the next one has come as well."""
    if step.name in (BREACHED, MISSED):
        clock.breached_at = step.at
        breach = SlaBreach(clock=clock, generation=clock.generation, due_at=step.at)
        turn.missed.append(breach)
        turn.owed.append(_explanation_owed(turn, breach, step))
    if step.name == WAIT_LONG:
        return _telling(turn, clock, "clock.wait_long", step, WAITING_TOLD, reason=clock.waiting_for)
    if step.name == MISSED:
        return _telling(turn, clock, "visit.missed", step, ("OWNER", "CSL"))
    if step.name in RUNGS:
        return _escalated(turn, clock, step)
    if late:
        return _telling(turn, clock, "visit.reminder_expired", step, ())
    return _telling(turn, clock, "visit.reminder_due", step, ("OWNER",))


def _escalated(turn: Turn, clock: SlaClock, step: Step) -> Entry:
    rung = RUNGS[step.name]
    told = (*rung.told, DUTY) if calls_duty(turn.complaint, step.at, lambda: turn.company) else rung.told
    clock.level = rung.level
    turn.level = max(turn.level, rung.level)
    if step.name != BREACHED:
        turn.raised.append(asking(turn, clock, step, told))
    kind = {BREACHED: "sla.breached", ESCALATED: "sla.escalated"}.get(step.name, "sla.warned")
    return _telling(turn, clock, kind, step, told, level=f"L{rung.level}", share=rung.share)


def calls_duty(complaint: Complaint, moment: datetime, company: Callable[[], Calendar]) -> bool:
    """Tell whether whoever is on duty is told too: of a G1 or urgent ungraded case, outside working time (R40)."""
    grave = complaint.grade == Grade.G1 or (not complaint.grade and complaint.urgent)
    return grave and is_called(moment, company())


def _explanation_owed(turn: Turn, breach: SlaBreach, step: Step) -> Escalation:
    """Return the explanation that a missed deadline owes, within one working day (DOMAIN §3.4)."""
    row = asking(turn, breach.clock, step, EXPLAINING)
    row.breach = breach
    row.due_at = row.overlooked_at = workdays_after(step.at, EXPLAIN_WORKDAYS, company=turn.company)
    return row


def asking(turn: Turn, clock: SlaClock, step: Step, asked: Iterable[str]) -> Escalation:
    """Return the unsaved row of what a climbed step asks, and of whom."""
    level = RUNGS[step.name].level if step.name in RUNGS else RUNGS[BREACHED].level
    patience = measure.due(step.at, TAKE_UP_MINUTES, calendar=turn.company) if level >= CALL_LEVEL else None
    return Escalation(
        complaint=turn.complaint, clock=clock, cycle=clock.cycle, generation=clock.generation, step=step.name,
        level=level, asks=f" {' '.join(asked)} ", raised_at=step.at, overlooked_at=patience,
    )  # fmt: skip


def _telling(turn: Turn, clock: SlaClock, kind: str, step: Step, told: Iterable[str], **more: Any) -> Entry:
    """Return an event for people; while nobody owns the case its service lead is told instead."""
    names = ["CSL" if name == "OWNER" and turn.complaint.owner_id is None else name for name in told]
    key = (turn.complaint.uuid, clock.cycle, clock.metric, clock.subject, clock.generation, step.name)
    facts = {
        **_which(clock),
        "due_at": clock.due_at,
        "step": step.name,
        "told": list(dict.fromkeys(names)),
        "dedup": "sla:" + ":".join(map(str, key)),
    }
    return Entry(kind, step.at, {**facts, **more})


def arm(turn: Turn, clock: SlaClock) -> None:
    """
    Lay the ladder of a running clock anew after a change. What lies behind is not climbed again; but if the change
    itself has lifted the clock above the level it was on, the highest rung passed is climbed at the moment of change.
    """
    steps = ladder_of(turn, clock)
    if clock.breached_at:
        steps = [step for step in steps if step.name == ESCALATED and clock.level < RUNGS[ESCALATED].level]
    again = () if clock.breached_at else (BREACHED, ESCALATED)  # in order, each at its instant, however long ago
    ahead = [step for step in steps if wake(step) > turn.at or step.name in again]
    passed = [step for step in steps if step not in ahead]
    reached = RUNGS[passed[-1].name].level if passed else 0
    if reached > clock.level:
        ahead.insert(0, Step(passed[-1].name, turn.at))
    elif not clock.breached_at:
        clock.level = reached
    put_steps(clock, ahead)


def ladder_of(turn: Turn, clock: SlaClock) -> list[Step]:
    """Return all steps of a running clock but a visit; a breached one keeps the due instant that it missed."""
    assert clock.due_at is not None
    grade = turn.complaint.grade
    if clock.target_minutes is None:
        return dated_ladder(clock.started_at, clock.due_at, grade=grade, company=turn.company)
    return ladder(
        clock.started_at,
        clock.target_minutes,
        clock.due_at,
        grade=grade,
        calendar=clock.working_time,
        company=turn.company,
        pauses=waits(clock),
    )


def write(turn: Turn, clocks: list[SlaClock]) -> None:
    """Save the clocks, the level of the case, and the events."""
    SlaClock.objects.bulk_update(clocks, CHANGING)
    _write_raised([turn])
    complaint = turn.complaint
    if turn.level > complaint.escalation_level:
        complaint.escalation_level = turn.level
        Complaint.objects.filter(pk=complaint.pk).update(escalation_level=turn.level)
    write_events(turn)


def write_risen(turns: Sequence[Turn], clocks: list[SlaClock]) -> None:
    """Save what the sweep did to clocks of several cases, in a handful of statements whatever their number."""
    # bulk_update would make a CASE for each field and row, which takes longer than the climbing
    SlaClock.objects.bulk_create(clocks, update_conflicts=True, unique_fields=["pk"], update_fields=RISING)
    _write_breaches(turns)
    _write_raised(turns)
    for level in {turn.level for turn in turns}:
        cases = [turn.complaint.pk for turn in turns if turn.level == level > turn.complaint.escalation_level]
        Complaint.objects.filter(pk__in=cases).update(escalation_level=level)
    told = {turn.complaint.uuid: sorted(turn.before, key=_when) for turn in turns if turn.before}
    if told:
        audit.record_many("case", told, by=None)


def _write_breaches(turns: Sequence[Turn]) -> None:
    """
    Keep what was missed, and the explanation it owes. The same instant missed again, after it was taken back, is open
    again, and owed anew.
    """
    missed = [breach for turn in turns for breach in turn.missed]
    if missed:
        again = ["generation", "status", "revoked_because"]
        SlaBreach.objects.bulk_create(
            missed, update_conflicts=True, unique_fields=["clock", "due_at"], update_fields=again
        )
    if owed := [row for turn in turns for row in turn.owed]:
        Escalation.objects.bulk_create(owed, update_conflicts=True, unique_fields=["breach"], update_fields=OWED_ANEW)
    for turn in turns:
        turn.missed.clear()
        turn.owed.clear()


def _write_raised(turns: Sequence[Turn]) -> None:
    """Keep what the steps climbed ask of people: a step is raised once, whatever comes."""
    if raised := [row for turn in turns for row in turn.raised]:
        Escalation.objects.bulk_create(raised, ignore_conflicts=True)
    for turn in turns:
        turn.raised.clear()


def write_events(turn: Turn) -> None:
    """Record what had come, the act, and what it set off, in that order."""
    for by, entries in (
        (None, sorted(turn.before, key=_when)),
        (turn.by, turn.acts),
        (None, sorted(turn.after, key=_when)),
    ):
        if entries:
            audit.record_all("case", turn.complaint.uuid, entries, by=by)


def _when(entry: Entry) -> datetime:
    return entry.at


def note(turn: Turn, clock: SlaClock, kind: str, private: dict[str, str] | None = None, **more: Any) -> None:
    """Add the act on this clock, with all that a replay needs."""
    facts = {**_which(clock), **values(clock), "steps": clock.steps, **more}
    turn.acts.append(Entry(kind, turn.at, facts, private))


def values(clock: SlaClock) -> dict[str, Any]:
    """Return the resolved values of a clock."""
    names: tuple[str, ...]
    names = ("basis", "target_minutes", "grace_minutes", "pausable", "policy", "started_at", "due_at", "level")
    names += ("days", "day_unit") if clock.days else ()
    version = clock.calendar_version
    calendar = f"{version.code} v{version.version}" if version else None
    return {**{name: getattr(clock, name) for name in names}, "calendar": calendar}


def _which(clock: SlaClock) -> dict[str, Any]:
    return {name: getattr(clock, name) for name in ("metric", "cycle", "subject", "generation")}


def due(clock: SlaClock) -> datetime | None:
    """Return when the target in minutes is used up; None while a pause is open before it."""
    assert clock.target_minutes is not None
    minutes = clock.target_minutes + clock.grace_minutes
    return measure.due(clock.started_at, minutes, calendar=clock.working_time, pauses=waits(clock))


def dated_due(clock: SlaClock, complaint: Complaint, calendar: Calendar) -> datetime:
    """Return the end of the last day of a target in days, counted from the customer's date of the start."""
    assert clock.days is not None
    started_on = customer_date(complaint, clock.started_at)
    last = periods.last_day(started_on, clock.days, clock.day_unit, calendar=calendar)
    return periods.expires_at(last, zone=customer_zone(complaint.customer).key)


def waits(clock: SlaClock) -> list[Pause]:
    """Return the pauses that count; a clock that may not be paused, or is not saved yet, has none."""
    if not clock.pausable or clock.pk is None:
        return []
    return [Pause(pause.started_at, pause.ended_at) for pause in SlaPause.objects.filter(clock=clock)]


def read_steps(clock: SlaClock) -> list[Step]:
    """Return the steps ahead of a clock."""
    return [Step(name, datetime.fromisoformat(instant)) for name, instant in clock.steps]


def put_steps(clock: SlaClock, steps: Sequence[Step]) -> None:
    """Store the steps ahead and when the sweep is to look; whoever changes a clock frees it from former failures."""
    clock.steps = [[step.name, step.at.isoformat()] for step in steps]
    clock.next_at = wake(steps[0]) if steps else None
    clock.attempts, clock.retry_at = 0, None
