"""
What was owed and what came of it, read from outside: from the database's rows, the mail server and the clients.

Lost: an owed effect (a breach in the trail, a mail, a case that a client was told is there) that is not there once
nothing is under way any more. Duplicate: one effect twice under two ids; the same Message-ID again is a repeat, which
may happen once for each death.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.processes.house import House, until

if TYPE_CHECKING:
    from tests.faults.stage import Stage

BREACHES = "SELECT facts, at, recorded_at FROM audit_event WHERE kind = 'sla.breached'"
OWED = {
    "clocks": "SELECT count(*) FROM complaints_slaclock WHERE next_at <= {soon}",
    "events": "SELECT count(*) FROM audit_pending WHERE dead_at IS NULL",
    "mails": "SELECT count(*) FROM notifications_delivery WHERE state IN ('READY', 'LEASED', 'RETRY')",
}
NOW = {"sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')", "postgres": "now()"}
SOON = {  # a row must not be judged in the gap between two clocks of a row of clocks
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now', '+3 seconds')",
    "postgres": "now() + interval '3 s'",
}
WAITS_OVER = (  # what minutes do to leases and backoffs
    "UPDATE notifications_delivery SET lease_until = {ago} WHERE state = 'LEASED'",
    "UPDATE audit_pending SET next_at = NULL",
    "UPDATE complaints_slaclock SET retry_at = {ago} WHERE retry_at IS NOT NULL",
)
AGO = {"sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 second')", "postgres": "now() - interval '1 s'"}


@dataclass
class Outcome:
    """What one row found on one database."""

    acts: str
    lost: int = 0
    duplicates: int = 0
    seconds: float | None = None  # to recover, or the figure that the row asks for
    limit: float | None = None
    injected: int = 0  # how often the fault was really there
    needed: int = 1
    note: str = ""
    faults: list[str] = field(default_factory=list)  # whatever else is not as it must be

    def found(self) -> list[str]:
        """Return why the row fails, in words; empty if it passes."""
        why = list(self.faults)
        if self.injected < self.needed:
            why.append(f"the fault was injected {self.injected} times, not {self.needed}")
        if self.lost:
            why.append(f"{self.lost} lost")
        if self.duplicates:
            why.append(f"{self.duplicates} twice")
        if self.limit is not None and (self.seconds is None or self.seconds > self.limit):
            why.append(f"{self.seconds} s, not {self.limit:g} s at most")
        return why

    def want(self, so: object, otherwise: str) -> None:
        """Note a fault unless it is so."""
        if not so:
            self.faults.append(otherwise)


@dataclass(frozen=True)
class Breach:
    """A breach in the trail: what it means, when it was, and when it was written down by the database's clock."""

    key: str
    at: datetime
    recorded_at: datetime

    @property
    def lateness(self) -> float:
        return (self.recorded_at - self.at).total_seconds()


def kind_of(house: House) -> str:
    return "sqlite" if house.database.startswith("sqlite") else "postgres"


def breaches(house: House) -> list[Breach]:
    """Return every breach in the trail."""
    return [Breach(_facts(facts)["dedup"], _moment(at), _moment(seen)) for facts, at, seen in house.rows(BREACHES)]


def _facts(facts: Any) -> dict[str, Any]:
    return json.loads(facts) if isinstance(facts, str) else facts


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)


def owed(house: House) -> dict[str, int]:
    """Return what waits: clocks that are due or will be in a moment, events nobody was told of, mails not sent."""
    counts = {what: house.figure(ask.format(soon=SOON[kind_of(house)])) for what, ask in OWED.items()}
    return {what: count for what, count in counts.items() if count}


def waits_over(house: House) -> None:
    """End leases and backoffs, which take minutes outside of a test."""
    for statement in WAITS_OVER:
        house.rows(statement.format(ago=AGO[kind_of(house)]))


def drained(house: House, within: float = 60) -> float:
    """Wait until nothing is owed; return the seconds that took."""
    return until(lambda: not owed(house), f"nothing is owed on {kind_of(house)}", *house.programs, within=within)


def judge(outcome: Outcome, stage: Stage, clocks: int, *, deaths: int | None = None) -> None:
    """
    Count what was lost and what was done twice: a breach for each clock and, where the deaths of those who send are
    known, a mail for each breach.
    """
    seen = Counter(breach.key for breach in breaches(stage.house))
    outcome.lost += clocks - len(seen)
    outcome.duplicates += sum(seen.values()) - len(seen)
    if deaths is not None:
        _judge_mail(outcome, stage, clocks, deaths)
    stage.do("manage", "verify_audit")  # or it raises


def _judge_mail(outcome: Outcome, stage: Stage, clocks: int, deaths: int) -> None:
    mails = list(stage.mail.messages)
    ids = Counter(message["Message-ID"] for message in mails)
    meant = {(message["To"], str(message["Subject"]).split(":")[0], message["Message-ID"]) for message in mails}
    outcome.lost += clocks - len({(to, ref) for to, ref, _id in meant})
    outcome.duplicates += len(meant) - len({(to, ref) for to, ref, _id in meant})
    sent = {row[0] for row in stage.house.rows("SELECT message_id FROM notifications_delivery WHERE state = 'SENT'")}
    outcome.want(sent == set(ids), f"{len(sent ^ set(ids))} mails are sent in one book and not in the other")
    repeats = len(mails) - len(ids)
    if repeats:
        outcome.note = "; ".join(filter(None, [outcome.note, f"{repeats} repeats of the same Message-ID"]))
    outcome.want(repeats <= deaths, f"{repeats} repeats after {deaths} deaths")


def percentile(values: list[float], share: int) -> float:
    """Return that percentile by nearest rank, 0 of nothing."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * share // 100) - 1)] if ranked else 0.0
