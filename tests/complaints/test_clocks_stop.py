from datetime import timedelta

import pytest

from accounts.models import User
from complaints import clocks
from complaints.models import SlaBreach
from complaints.models.states import ClockState, Metric, PauseReason
from tests.complaints.factories import clock_of, events_of, received, shanghai

TUESDAY = shanghai("2026-05-12 10:15")
DUE = TUESDAY + timedelta(hours=48)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ada: User):
    return received(ada, at=TUESDAY)


def initial(case):
    return clock_of(case, Metric.INITIAL)


@pytest.mark.parametrize(("late", "met"), [(0, True), (60, False)], ids=["SV-43", "SV-44"])
def test_a_clock_stopped_at_its_due_instant_is_met(case, ada, late, met):
    clocks.stop(case, Metric.INITIAL, at=DUE + timedelta(seconds=late), by=ada)

    clock = initial(case)
    assert (clock.state, clock.breached_at is None) == (ClockState.STOPPED, met)
    assert clock.next_at is None
    event = next(e for e in events_of(case, "clock.stopped"))
    assert event.facts["met"] is met


def test_a_late_stop_writes_the_overrun_in_both_measures(ada):
    complaint = received(ada, at=shanghai("2026-05-15 09:00"))  # ACK is due that Friday at 18:00

    clocks.stop(complaint, Metric.ACK, at=shanghai("2026-05-16 10:00"), by=ada)

    breach = SlaBreach.objects.get(clock=clock_of(complaint, Metric.ACK))
    assert (breach.overrun_clock_seconds, breach.overrun_calendar_seconds) == (0, 960 * 60)  # SV-45
    assert breach.stopped_at == shanghai("2026-05-16 10:00")


def test_a_stop_of_an_earlier_moment_takes_back_the_breach(case, ada):
    clocks.sweep(now=DUE + timedelta(hours=1))

    clocks.stop(case, Metric.INITIAL, at=DUE - timedelta(hours=1), by=ada)

    assert initial(case).breached_at is None
    assert SlaBreach.objects.get(clock=initial(case)).status == SlaBreach.Status.REVOKED


def test_stopping_twice_changes_nothing(case, ada):
    clocks.stop(case, Metric.INITIAL, at=TUESDAY + timedelta(hours=1), by=ada)
    clocks.stop(case, Metric.INITIAL, at=TUESDAY + timedelta(hours=2), by=ada)

    assert initial(case).stopped_at == TUESDAY + timedelta(hours=1)
    assert len(events_of(case, "clock.stopped")) == 1


def test_a_cancelled_clock_is_neither_met_nor_missed(case, ada):
    clocks.cancel_open(case, at=TUESDAY + timedelta(hours=1), by=ada)
    clocks.sweep(now=DUE + timedelta(days=90))

    assert {clock.state for clock in case.clocks.all()} == {ClockState.CANCELLED}
    assert not SlaBreach.objects.exists()


def test_a_paused_clock_stops_with_its_due_instant_known(case, ada):
    clocks.pause(case, Metric.RESOLVE, PauseReason.DISPUTE, at=shanghai("2026-05-12 14:00"), by=ada)

    clocks.stop(case, Metric.RESOLVE, at=shanghai("2026-05-13 14:00"), by=ada)

    clock = clock_of(case, Metric.RESOLVE)
    assert (clock.due_at, clock.waiting_for) == (shanghai("2026-06-25 10:15"), "")
    assert clock.pauses.get().ended_at == shanghai("2026-05-13 14:00")


def test_a_stop_that_reached_nobody_is_undone_to_the_old_due_instant(case, ada):
    clocks.stop(case, Metric.INITIAL, at=TUESDAY + timedelta(hours=30), by=ada)

    clocks.undo_stop(case, Metric.INITIAL, at=DUE + timedelta(hours=3))

    clock = initial(case)
    told = [(e.facts["step"], e.at) for e in events_of(case, "sla.") if e.facts["metric"] == Metric.INITIAL]
    assert (clock.state, clock.due_at, clock.breached_at, clock.generation) == (ClockState.RUNNING, DUE, DUE, 1)
    assert told == [
        ("warned_50", TUESDAY + timedelta(hours=24)),
        ("warned_75", TUESDAY + timedelta(hours=36)),
        ("warned_90", shanghai("2026-05-14 05:27")),
        ("breached", DUE),
    ]


def test_an_undone_late_stop_keeps_its_breach_and_counts_on(case, ada):
    clocks.stop(case, Metric.INITIAL, at=DUE + timedelta(hours=1), by=ada)

    clocks.undo_stop(case, Metric.INITIAL, at=DUE + timedelta(hours=3))
    clocks.stop(case, Metric.INITIAL, at=DUE + timedelta(hours=5), by=ada)

    breach = SlaBreach.objects.get(clock=initial(case))
    assert (breach.status, breach.overrun_calendar_seconds) == (SlaBreach.Status.OPEN, 5 * 3600)
    assert len([e for e in events_of(case, "sla.breached") if e.facts["metric"] == Metric.INITIAL]) == 1
