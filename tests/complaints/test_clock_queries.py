from datetime import timedelta

import pytest

from accounts.models import User
from complaints import clocks
from complaints.clock_words import shown
from complaints.models import Complaint
from complaints.models.states import Metric, PauseReason
from tests.complaints.factories import clock_of, received, shanghai

TUESDAY = shanghai("2026-05-12 10:15")
DUE = TUESDAY + timedelta(hours=48)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ada: User):
    """A case with INITIAL (due Thursday 10:15) and RESOLVE (due in June) still running."""
    complaint = received(ada, at=TUESDAY)
    for metric in (Metric.ACK, Metric.TRIAGE, Metric.UPDATE):
        clocks.cancel(complaint, metric, at=TUESDAY, by=ada)
    return complaint


def is_breached(now) -> bool:
    return Complaint.objects.filter(clocks.breached(now)).exists()


def is_at_risk(now) -> bool:
    return Complaint.objects.filter(clocks.at_risk(now)).exists()


@pytest.mark.parametrize(
    ("hours", "breached", "at_risk", "state"),
    [
        (0.1, False, False, "running"), (35.9, False, False, "running"), (36, False, True, "risk"),
        (48, False, True, "critical"), (48.01, True, False, "over"),
    ],
)  # fmt: skip
def test_what_counts_as_at_risk_is_what_its_clock_shows(case, hours, breached, at_risk, state):
    now = TUESDAY + timedelta(hours=hours)

    clocks.sweep(now=now)

    assert (is_breached(now), is_at_risk(now)) == (breached, at_risk)
    assert shown(clock_of(case, Metric.INITIAL), now, zone="Asia/Shanghai").state == state


def test_three_quarters_used_is_at_risk_however_far_the_deadline(case, ada):
    clocks.cancel(case, Metric.INITIAL, at=TUESDAY, by=ada)
    now = shanghai("2026-06-15 18:00")
    assert not is_at_risk(now)

    clocks.sweep(now=now)

    assert clock_of(case, Metric.RESOLVE).level == 2
    assert is_at_risk(now)


def test_a_late_clock_counts_until_it_is_stopped_even_while_it_waits(case, ada):
    clocks.cancel(case, Metric.INITIAL, at=TUESDAY, by=ada)
    later = shanghai("2026-07-01 10:00")
    clocks.pause(case, Metric.RESOLVE, PauseReason.DISPUTE, at=later, by=ada)
    assert is_breached(later)

    clocks.stop(case, Metric.RESOLVE, at=later + timedelta(hours=1), by=ada)
    assert not is_breached(later + timedelta(hours=2))


def test_a_list_learns_the_nearest_clock_in_one_statement(case, ada, django_assert_num_queries):
    other = received(ada, at=TUESDAY + timedelta(hours=1))
    clocks.cancel_open(other, at=TUESDAY + timedelta(hours=2), by=ada)

    with django_assert_num_queries(1):
        rows = list(clocks.next_due(Complaint.objects.order_by("pk")))

    assert [(row.next_due_at, row.next_metric) for row in rows] == [(DUE, Metric.INITIAL), (None, None)]
    assert rows[0].next_clock == clock_of(case, Metric.INITIAL).pk


def test_all_open_clocks_of_a_list_come_in_one_more_statement(case, django_assert_num_queries):
    with django_assert_num_queries(2):
        row = clocks.with_clocks(Complaint.objects.all())[0]
        names = [(clock.metric, clock.calendar_version and clock.calendar_version.code) for clock in row.open_clocks]

    assert names == [(Metric.INITIAL, None), (Metric.RESOLVE, "CN-STD")]
