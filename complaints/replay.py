"""
The values of a clock from its events alone, and where a row differs from them (DOMAIN §3, issue: replay gives the row).

Pure: `replay` reads facts of events, oldest first, as complaints.clocks writes them; nothing is asked of the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, NamedTuple

from complaints.ladder import BREACHED, MISSED, Step, wake

RUNNING, PAUSED, STOPPED, CANCELLED = "RUNNING", "PAUSED", "STOPPED", "CANCELLED"
RESOLVED = ("basis", "target_minutes", "grace_minutes", "pausable", "policy", "calendar", "level", "generation")
CLIMBED = {
    "sla.warned", "sla.breached", "sla.escalated", "clock.wait_long", "visit.reminder_due", "visit.reminder_expired",
    "visit.missed",
}  # fmt: skip


class Key(NamedTuple):
    """Which clock of a case."""

    metric: str
    cycle: int
    subject: str


class Fact(NamedTuple):
    """An event, as far as a replay needs it."""

    kind: str
    at: datetime
    facts: Mapping[str, Any]


class Wait(NamedTuple):
    """A pause; open while `end` is None."""

    start: datetime
    end: datetime | None
    reason: str


@dataclass
class Values:
    """What a row of SlaClock holds, with the pauses beside it; `calendar` as "CN-STD v1"."""

    state: str = ""
    basis: str = ""
    target_minutes: int | None = None
    days: int | None = None
    day_unit: str = ""
    grace_minutes: int = 0
    pausable: bool = False
    policy: str = ""
    calendar: str | None = None
    level: int = 0
    generation: int = 0
    started_at: datetime | None = None
    due_at: datetime | None = None
    waiting_for: str = ""
    waiting_since: datetime | None = None
    stopped_at: datetime | None = None
    breached_at: datetime | None = None
    steps: list[list[str]] = field(default_factory=list)
    next_at: datetime | None = None
    pauses: list[Wait] = field(default_factory=list)


class Difference(NamedTuple):
    """A value of the row that its events do not give."""

    name: str
    row: Any
    replayed: Any


def replay(facts: Iterable[Fact], *, as_of: datetime | None = None) -> dict[Key, Values]:
    """Return every clock that the events of one case know, as it stood once all that is dated up to `as_of` was."""
    found: dict[Key, Values] = {}
    for fact in facts:
        if "metric" not in fact.facts or not _turns_a_clock(fact.kind) or (as_of and fact.at > as_of):
            continue
        key = Key(fact.facts["metric"], fact.facts["cycle"], fact.facts.get("subject", ""))
        _apply(found.setdefault(key, Values()), fact)
    for values in found.values():
        values.pauses.sort(key=lambda wait: (wait.start, wait.reason))
        values.next_at = wake(Step(values.steps[0][0], _moment(values.steps[0][1]))) if values.steps else None
    return found


def differences(row: Values, replayed: Values) -> list[Difference]:
    """Return each value that differs, by name."""
    pairs = [(one.name, getattr(row, one.name), getattr(replayed, one.name)) for one in fields(Values)]
    return [Difference(name, ours, theirs) for name, ours, theirs in pairs if ours != theirs]


def _turns_a_clock(kind: str) -> bool:
    return kind in CLIMBED or kind in ACTS


def _apply(clock: Values, fact: Fact) -> None:
    if fact.kind in CLIMBED:
        _climb(clock, fact)
        return
    for name in RESOLVED:
        setattr(clock, name, fact.facts[name])
    clock.days, clock.day_unit = fact.facts.get("days"), fact.facts.get("day_unit", "")
    clock.started_at, clock.due_at = _moment(fact.facts["started_at"]), _maybe(fact.facts["due_at"])
    clock.steps = [list(step) for step in fact.facts["steps"]]
    ACTS[fact.kind](clock, fact)


def _climb(clock: Values, fact: Fact) -> None:
    """Take the step that was climbed from those ahead; a missed deadline is dated at the step."""
    step = fact.facts["step"]
    if clock.steps and clock.steps[0][0] == step:
        clock.steps = clock.steps[1:]
    if step in (BREACHED, MISSED):
        clock.breached_at = fact.at
    if "level" in fact.facts:
        clock.level = int(fact.facts["level"].removeprefix("L"))


def _started(clock: Values, fact: Fact) -> None:
    clock.state = RUNNING


def _paused(clock: Values, fact: Fact) -> None:
    start, until = _moment(fact.facts["paused_at"]), _maybe(fact.facts["until"])
    if until is None:
        _end_wait(clock, start)
        clock.state, clock.waiting_for, clock.waiting_since = PAUSED, fact.facts["reason"], start
    clock.pauses.append(Wait(start, until, fact.facts["reason"]))


def _resumed(clock: Values, fact: Fact) -> None:
    _end_wait(clock, fact.at)
    clock.state = RUNNING


def _stopped(clock: Values, fact: Fact) -> None:
    _end_wait(clock, fact.at)
    clock.state, clock.stopped_at = STOPPED, _moment(fact.facts["stopped_at"])


def _cancelled(clock: Values, fact: Fact) -> None:
    _stopped(clock, fact)
    clock.state = CANCELLED


def _reopened(clock: Values, fact: Fact) -> None:
    clock.state, clock.stopped_at = RUNNING, None


def _revoked(clock: Values, fact: Fact) -> None:
    clock.breached_at = None


def _retargeted(clock: Values, fact: Fact) -> None:
    """A change of target changes the resolved values alone; another date begins the watch anew."""
    if fact.facts.get("redated"):
        clock.breached_at = None


def _end_wait(clock: Values, at: datetime) -> None:
    clock.pauses = [wait._replace(end=max(at, wait.start)) if wait.end is None else wait for wait in clock.pauses]
    clock.waiting_for, clock.waiting_since = "", None


def _moment(text: Any) -> datetime:
    return text if isinstance(text, datetime) else datetime.fromisoformat(text)


def _maybe(text: Any) -> datetime | None:
    return None if text is None else _moment(text)


ACTS = {
    "clock.started": _started,
    "clock.paused": _paused,
    "clock.resumed": _resumed,
    "clock.retargeted": _retargeted,
    "clock.stopped": _stopped,
    "clock.cancelled": _cancelled,
    "clock.reopened": _reopened,
    "sla.breach_revoked": _revoked,
}
