from datetime import timedelta

import pytest

from accounts.models import User
from complaints import clocks
from complaints.models import SlaBreach, SlaClock, SlaPause
from complaints.models.states import ClockState, Metric, PauseReason
from tests.complaints.factories import clock_of, events_of, received, shanghai

NINE = shanghai("2026-05-12 09:00")
DAYS = 16 * 60  # two working days: due Wednesday 18:00
RESOLVE = Metric.RESOLVE

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ada: User):
    """A case whose RESOLVE has 16 hours of working time from Tuesday 09:00, and no other clock."""
    complaint = received(ada, at=NINE)
    clocks.cancel_open(complaint, at=NINE, by=ada)
    complaint.cycle = 2
    complaint.grade = ""
    clocks.start(complaint, RESOLVE, at=NINE, by=ada, target_minutes=DAYS)
    return complaint


def wait(case, ada, start, end=None, reason=PauseReason.WAITING_SAMPLE):
    clocks.pause(case, RESOLVE, reason, at=shanghai(start), by=ada, evidence="Mail of 12 May")
    if end:
        clocks.resume(case, RESOLVE, at=shanghai(end), by=ada)
    return clock_of(case, RESOLVE)


@pytest.mark.parametrize(
    ("start", "end", "due"),
    [
        pytest.param("2026-05-12 14:00", "2026-05-13 10:00", "2026-05-14 15:00", id="SV-21"),
        pytest.param("2026-05-12 19:00", "2026-05-13 08:00", "2026-05-13 18:00", id="SV-22"),
        pytest.param("2026-05-12 11:00", "2026-05-12 11:00", "2026-05-13 18:00", id="SV-24"),
    ],
)
def test_a_wait_moves_the_due_instant(case, ada, start, end, due):
    clock = wait(case, ada, start, end)

    assert (clock.due_at, clock.state, clock.generation) == (shanghai(due), ClockState.RUNNING, 2)


def test_while_it_waits_there_is_no_due_instant_and_nothing_to_climb(case, ada):
    clock = wait(case, ada, "2026-05-12 14:00")

    clocks.sweep(now=shanghai("2026-05-20 18:00"))

    assert (clock.due_at, clock.state) == (None, ClockState.PAUSED)
    assert (clock.waiting_for, clock.waiting_since) == (PauseReason.WAITING_SAMPLE, shanghai("2026-05-12 14:00"))
    assert events_of(case, "sla.") == []


def test_a_wait_of_ten_working_days_is_told_to_the_service_lead(case, ada):
    wait(case, ada, "2026-05-12 14:00")

    clocks.sweep(now=shanghai("2026-05-27 00:00"))

    event = events_of(case, "clock.wait_long")[0]
    assert (event.at, event.facts["told"]) == (shanghai("2026-05-27 00:00"), ["CSL"])
    assert event.facts["reason"] == PauseReason.WAITING_SAMPLE


def test_warnings_before_the_wait_are_not_told_again_after_it(case, ada):
    clocks.sweep(now=shanghai("2026-05-13 10:00"))

    wait(case, ada, "2026-05-13 10:30", "2026-05-13 16:00")
    clocks.sweep(now=shanghai("2026-05-14 18:00"))

    assert [e.facts["step"] for e in events_of(case, "sla.warned")] == ["warned_50", "warned_75", "warned_90"]
    assert [e.facts["generation"] for e in events_of(case, "sla.warned")] == [0, 2, 2]


def test_what_came_before_the_wait_is_settled_first(case, ada):
    wait(case, ada, "2026-05-13 10:30")

    kinds = [e.kind for e in events_of(case) if e.facts.get("cycle") == 2]
    assert kinds == ["clock.started", "sla.warned", "clock.paused"]
    assert events_of(case, "sla.warned")[0].by_id is None
    assert events_of(case, "clock.paused")[0].by_id == ada.pk


def test_a_wait_that_starts_at_the_due_instant_changes_nothing(case, ada):
    clock = wait(case, ada, "2026-05-13 18:00")
    assert clock.due_at == shanghai("2026-05-13 18:00")

    clocks.sweep(now=shanghai("2026-05-14 09:00"))

    assert clock_of(case, RESOLVE).breached_at == shanghai("2026-05-13 18:00")


def test_a_clock_that_cannot_be_paused_runs_on(ada):
    complaint = received(ada, at=NINE)

    clocks.pause(complaint, Metric.INITIAL, PauseReason.WAITING_SAMPLE, at=NINE + timedelta(hours=1), by=ada)

    assert clock_of(complaint, Metric.INITIAL).due_at == NINE + timedelta(hours=48)
    assert not SlaPause.objects.exists()


def test_another_reason_takes_over_and_the_time_counts_once(case, ada):
    wait(case, ada, "2026-05-12 14:00")
    wait(case, ada, "2026-05-12 16:00", reason=PauseReason.DISPUTE)

    clocks.resume(case, RESOLVE, at=shanghai("2026-05-13 10:00"), by=ada)

    assert clock_of(case, RESOLVE).due_at == shanghai("2026-05-14 15:00")
    assert SlaPause.objects.filter(ended_at=None).count() == 0


def test_an_answer_ends_the_wait_for_information_but_not_for_a_decision(case, ada):
    wait(case, ada, "2026-05-12 14:00", reason=PauseReason.WAITING_CUSTOMER_INFO)
    clocks.customer_answered(case, at=shanghai("2026-05-12 15:00"), by=ada)
    assert clock_of(case, RESOLVE).state == ClockState.RUNNING

    wait(case, ada, "2026-05-12 16:00", reason=PauseReason.WAITING_CUSTOMER_DECISION)
    clocks.customer_answered(case, at=shanghai("2026-05-12 17:00"), by=ada)
    assert clock_of(case, RESOLVE).state == ClockState.PAUSED


def test_a_wait_entered_late_takes_back_the_breach_that_it_undoes(case, ada):
    clocks.sweep(now=shanghai("2026-05-14 09:00"))

    clocks.pause(
        case, RESOLVE, PauseReason.WAITING_SAMPLE, at=shanghai("2026-05-14 10:00"), by=ada, evidence="Call",
        since=shanghai("2026-05-13 09:00"), until=shanghai("2026-05-14 09:00"),
    )  # fmt: skip

    clock = clock_of(case, RESOLVE)
    assert (clock.due_at, clock.breached_at) == (shanghai("2026-05-14 18:00"), None)
    assert SlaBreach.objects.get(clock=clock).status == SlaBreach.Status.REVOKED
    assert [e.facts["because"] for e in events_of(case, "sla.breach_revoked")] == ["was_waiting"]

    clocks.sweep(now=shanghai("2026-05-14 18:01"))
    assert clock_of(case, RESOLVE).breached_at == shanghai("2026-05-14 18:00")


def test_a_late_wait_in_the_night_leaves_the_breach(case, ada):
    clocks.sweep(now=shanghai("2026-05-14 09:00"))

    clocks.pause(
        case, RESOLVE, PauseReason.WAITING_SAMPLE, at=shanghai("2026-05-14 10:00"), by=ada, evidence="Call",
        since=shanghai("2026-05-12 19:00"), until=shanghai("2026-05-13 08:00"),
    )  # fmt: skip

    assert clock_of(case, RESOLVE).breached_at == shanghai("2026-05-13 18:00")
    assert events_of(case, "sla.breach_revoked") == []


def test_a_target_tightened_below_what_was_used_leaves_two_hours_after_the_wait(ada):
    complaint = received(ada, at=NINE)
    clocks.pause(
        complaint, RESOLVE, PauseReason.WAITING_SAMPLE, at=shanghai("2026-06-10 09:00"), by=ada, evidence="Mail"
    )
    complaint.grade = "G1"
    clocks.retarget(complaint, at=shanghai("2026-06-10 10:00"), by=ada)

    clocks.resume(complaint, RESOLVE, at=shanghai("2026-06-11 10:00"), by=ada)

    clock = clock_of(complaint, RESOLVE)
    assert (clock.due_at, clock.breached_at) == (shanghai("2026-06-11 12:00"), None)

    clocks.pause(
        complaint, RESOLVE, PauseReason.WAITING_SAMPLE, at=shanghai("2026-06-11 11:00"), by=ada, evidence="Mail"
    )
    clocks.resume(complaint, RESOLVE, at=shanghai("2026-06-11 14:00"), by=ada)
    assert clock_of(complaint, RESOLVE).due_at == shanghai("2026-06-11 15:00")


def test_a_wait_after_a_deadline_that_a_tightened_clock_missed_leaves_the_breach(ada):
    """The grace of a tightened target is kept in whole minutes; the due instant may lie seconds before its end."""
    complaint = received(ada, at=NINE)
    clock = clock_of(complaint, RESOLVE)
    missed_at = clock.due_at - timedelta(seconds=30)
    SlaClock.objects.filter(pk=clock.pk).update(
        due_at=missed_at, breached_at=missed_at, level=4, steps=[], next_at=None
    )

    clocks.pause(complaint, RESOLVE, PauseReason.DISPUTE, at=missed_at + timedelta(hours=1), by=ada)

    assert clock_of(complaint, RESOLVE).breached_at == missed_at
    assert events_of(complaint, "sla.breach_revoked") == []


def test_a_late_wait_that_moves_a_breach_past_its_last_rung_climbs_both_in_order(ada):
    complaint = received(ada, at=NINE)
    clocks.sweep(now=shanghai("2026-09-01 09:00"))
    assert clock_of(complaint, RESOLVE).level == 5

    start, end = shanghai("2026-05-13 09:00"), shanghai("2026-05-14 09:00")
    clocks.pause(
        complaint, RESOLVE, PauseReason.FORCE_MAJEURE, at=shanghai("2026-09-02 09:00"), by=ada, since=start, until=end
    )

    clock = clock_of(complaint, RESOLVE)
    steps = [
        e.facts["step"] for e in events_of(complaint, "sla.") if e.facts["metric"] == RESOLVE and "step" in e.facts
    ]
    assert steps[-2:] == ["breached", "escalated"]
    assert (clock.level, clock.steps) == (5, [])
