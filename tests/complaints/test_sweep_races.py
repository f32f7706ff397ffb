"""Many hands at once: sweepers against each other, and against people who stop the same clocks. PostgreSQL only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

import audit
from accounts.models import User
from audit.models import Event
from complaints import clocks
from complaints.models import Complaint, SlaBreach, SlaClock
from complaints.models.states import ClockState, Metric
from tests.complaints.factories import received, shanghai

TUESDAY = shanghai("2026-05-12 10:15")
AFTER = TUESDAY + timedelta(hours=48, minutes=1)
CASES = 30

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def cases(ada: User) -> list[Complaint]:
    made = [received(ada, at=TUESDAY, title=f"Case {n}") for n in range(CASES)]
    others = SlaClock.objects.exclude(metric=Metric.INITIAL)
    others.update(state=ClockState.CANCELLED, next_at=None)
    return made


def together(*jobs) -> list:
    """Run the jobs at once, each on a connection of its own; raise what any of them raised."""

    def run(job):
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [done.result() for done in [pool.submit(run, job) for job in jobs]]


def keys() -> list[str]:
    return [event.facts["dedup"] for event in Event.objects.filter(kind__startswith="sla.").order_by("pk")]


def test_two_sweepers_tell_each_step_once(cases):
    swept = together(*[lambda: clocks.sweep(now=AFTER)] * 3)

    assert sum(one.failed for one in swept) == 0
    assert sum(one.count for one in swept) == CASES
    assert len(keys()) == len(set(keys())) == 4 * CASES
    assert SlaBreach.objects.count() == CASES


def test_sweepers_and_people_who_stop_the_same_clocks_never_collide(cases, ada):
    def stop_all(part: int) -> None:
        for case in cases[part::3]:
            with transaction.atomic():
                held = Complaint.objects.select_for_update().get(pk=case.pk)
                clocks.stop(held, Metric.INITIAL, at=AFTER + timedelta(minutes=1), by=ada)

    together(
        *[lambda: clocks.sweep(now=AFTER)] * 2,
        lambda: stop_all(0),
        lambda: stop_all(1),
        lambda: stop_all(2),
    )

    assert set(SlaClock.objects.filter(metric=Metric.INITIAL).values_list("state", flat=True)) == {ClockState.STOPPED}
    assert len(keys()) == len(set(keys())) == 4 * CASES
    assert SlaBreach.objects.filter(stopped_at__isnull=False).count() == CASES
    assert audit.verify().bad is None
