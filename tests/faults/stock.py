"""Clocks that fall due when a row wants them to, written in bulk."""

import uuid
from datetime import UTC, datetime, timedelta

from accounts.models import Organisation
from complaints.ladder import BREACHED, Step, wake
from complaints.models import Complaint, SlaClock
from complaints.models.states import Basis, Grade, Metric, Safety, State

BATCH = 2_000
DAYS = timedelta(hours=48)


def stock(count: int, first: float, spread: float = 0) -> None:
    """
    Write so many cases, each with one clock, INITIAL, whose only step is its breach.

    The first is due in `first` seconds, the others follow evenly over `spread` seconds.
    """
    acme = Organisation.objects.get(code="ACME")
    now = datetime.now(UTC)
    known = Complaint.objects.count()
    dues = [_whole(now + timedelta(seconds=first + spread * n / count)) for n in range(count)]
    for start in range(0, count, BATCH):
        part = dues[start : start + BATCH]
        cases = [_case(acme, known + start + n, due - DAYS) for n, due in enumerate(part)]
        Complaint.objects.bulk_create(cases)
        SlaClock.objects.bulk_create([clock_of(case, due) for case, due in zip(cases, part, strict=True)])


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)  # as every due instant is


def _case(acme: Organisation, number: int, received: datetime) -> Complaint:
    return Complaint(
        uuid=uuid.uuid4(), ref=f"QC-2025-{number:06}", state=State.RECEIVED, customer=acme, received_at=received,
        registered_at=received, found_on=received.date(), title="Gearbox hums", description="It hums.",
        safety=Safety.NO, grade=Grade.G3, state_since=received,
    )  # fmt: skip


def clock_of(case: Complaint, due: datetime) -> SlaClock:
    """Return a clock of that case whose one step is its breach at `due`."""
    return SlaClock(
        complaint=case, cycle=1, metric=Metric.INITIAL, basis=Basis.CALENDAR, target_minutes=48 * 60, policy="default",
        started_at=due - DAYS, due_at=due, steps=[[BREACHED, due.isoformat()]], next_at=wake(Step(BREACHED, due)),
    )  # fmt: skip
