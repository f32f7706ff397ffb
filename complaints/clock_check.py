"""Does every clock say what its events say, and does none lack? Walks all, case by case, in batches; reads only."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from audit.models import Event
from complaints.models import Complaint, SlaClock
from complaints.models.states import OPEN, UNDECIDED, Metric
from complaints.replay import ACTS, CLIMBED, Difference, Fact, Key, Values, Wait, differences, replay

BATCH = 200  # cases


class Wrong(NamedTuple):
    """A clock that its events do not give. A clock without events, or events without a clock, differs in `state`."""

    ref: str
    key: Key
    difference: Difference

    def __str__(self) -> str:
        clock = f"{self.key.metric} cycle {self.key.cycle}" + (f" of {self.key.subject}" if self.key.subject else "")
        name, row, replayed = self.difference
        return f"{self.ref} {clock}: {name} is {_said(row)}, its events give {_said(replayed)}"


class Unwatched(NamedTuple):
    """An open case whose resolution no clock counts, so that nobody would be told of its deadline."""

    ref: str

    def __str__(self) -> str:
        return f"{self.ref}: the case is open, but {Metric.RESOLVE} does not run"


class Checked(NamedTuple):
    """How many clocks were compared, what differs, and which open cases nothing watches."""

    clocks: int
    wrong: list[Wrong]
    unwatched: list[Unwatched]


def check_all() -> Checked:
    """Compare every clock with its events, and look whether every open case has its deadline."""
    wrong: list[Wrong] = []
    count = last = 0
    while cases := _batch(last):
        last = max(pk for pk, _, _ in cases)
        seen, found = _compare([(pk, uuid, ref) for pk, uuid, ref in cases])
        count, wrong = count + seen, [*wrong, *found]
    return Checked(count, wrong, _unwatched())


def _unwatched() -> list[Unwatched]:
    runs = SlaClock.objects.filter(
        complaint=OuterRef("pk"), cycle=OuterRef("cycle"), metric=Metric.RESOLVE, state__in=UNDECIDED
    )  # fmt: skip
    cases = Complaint.objects.filter(~Exists(runs), state__in=OPEN).order_by("pk")
    return [Unwatched(ref or str(uuid)) for ref, uuid in cases.values_list("ref", "uuid")]


def _batch(after: int) -> list[tuple[int, UUID, str]]:
    clocks = SlaClock.objects.filter(complaint=OuterRef("pk"))
    rows = Complaint.objects.filter(Exists(clocks), pk__gt=after).order_by("pk")
    return [(pk, uuid, ref or str(uuid)) for pk, uuid, ref in rows.values_list("pk", "uuid", "ref")[:BATCH]]


def _compare(cases: list[tuple[int, UUID, str]]) -> tuple[int, list[Wrong]]:
    """Compare the clocks of some cases; those that differ are read once more, lest an act came in between."""
    count, wrong = 0, list[Wrong]()
    rows, facts = _rows([pk for pk, _, _ in cases]), _facts([uuid for _, uuid, _ in cases])
    for pk, uuid, ref in cases:
        count += len(rows[pk])
        if _differing(ref, rows[pk], facts[uuid]):
            wrong += _again(pk, uuid, ref)
    return count, wrong


@transaction.atomic
def _again(pk: int, uuid: UUID, ref: str) -> list[Wrong]:
    """Look at one case with its row locked, so that no act is half seen."""
    Complaint.objects.select_for_update(of=("self",)).get(pk=pk)
    return _differing(ref, _rows([pk])[pk], _facts([uuid])[uuid])


def _differing(ref: str, rows: dict[Key, Values], facts: list[Fact]) -> list[Wrong]:
    replayed = replay(facts)
    missing = Values()
    return [
        Wrong(ref, key, difference)
        for key in sorted({*rows, *replayed})
        for difference in differences(rows.get(key, missing), replayed.get(key, missing))
        if (key in rows and key in replayed) or difference.name == "state"
    ]


def _rows(cases: list[int]) -> dict[int, dict[Key, Values]]:
    """Return the rows of the clocks of some cases, as values, in two statements."""
    found: dict[int, dict[Key, Values]] = defaultdict(dict)
    clocks = SlaClock.objects.filter(complaint__in=cases).select_related("calendar_version__calendar")
    for clock in clocks.prefetch_related("pauses"):
        found[clock.complaint_id][Key(clock.metric, clock.cycle, clock.subject)] = values_of(clock)
    return found


def values_of(clock: SlaClock) -> Values:
    """Return the values of a row."""
    names = (
        "state", "basis", "target_minutes", "days", "day_unit", "grace_minutes", "pausable", "policy", "level",
        "generation", "started_at", "due_at", "waiting_for", "waiting_since", "stopped_at", "breached_at", "steps",
        "next_at",
    )  # fmt: skip
    version = clock.calendar_version
    waits = [Wait(pause.started_at, pause.ended_at, pause.reason) for pause in clock.pauses.all()]
    return Values(
        **{name: getattr(clock, name) for name in names},
        calendar=f"{version.code} v{version.version}" if version else None,
        pauses=sorted(waits, key=lambda wait: (wait.start, wait.reason)),
    )


def _facts(streams: list[UUID]) -> dict[UUID, list[Fact]]:
    """Return the events that turn clocks of some cases, oldest first, in one statement."""
    found: dict[UUID, list[Fact]] = defaultdict(list)
    rows = Event.objects.filter(stream_kind="case", stream__in=streams, kind__in=[*ACTS, *CLIMBED])
    for stream, kind, at, facts in rows.order_by("stream", "seq").values_list("stream", "kind", "at", "facts"):
        found[stream].append(Fact(kind, at, facts))
    return found


def _said(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value) if value not in (None, "") else "nothing"
