from datetime import timedelta

import pytest

from accounts.models import User
from complaints import clock_check, clock_moves, clocks
from complaints.gates import MOVES
from complaints.models.states import ClockState, Metric, PauseReason, State
from tests.complaints.factories import clock_of, events_of, grade_it, received, shanghai

TUESDAY = shanghai("2026-05-12 10:15")
LATER = shanghai("2026-05-13 16:00")

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ada: User):
    return received(ada, at=TUESDAY)


def states(case) -> dict[str, str]:
    return {clock.metric: clock.state for clock in case.clocks.filter(cycle=case.cycle)}


def test_every_effect_belongs_to_a_move():
    assert clock_moves.EFFECTS.keys() <= set(MOVES)


def test_triage_stops_its_own_clock_and_retargets_the_others(case, quinn):
    complaint = grade_it(case, quinn, at=TUESDAY + timedelta(hours=1), grade="G1")

    assert clock_of(complaint, Metric.TRIAGE).stopped_at == TUESDAY + timedelta(hours=1)
    assert clock_of(complaint, Metric.INITIAL).due_at == TUESDAY + timedelta(hours=24)
    assert clock_of(complaint, Metric.RESOLVE).target_minutes == 80 * 60


def test_a_proposal_waits_for_the_customers_decision_until_it_comes(case, ada):
    clock_moves.after_move("send_proposal", case, by=ada, at=TUESDAY + timedelta(hours=1))
    assert clock_of(case, Metric.RESOLVE).waiting_for == PauseReason.WAITING_CUSTOMER_DECISION

    clock_moves.after_move("accept", case, by=ada, at=TUESDAY + timedelta(hours=2))
    assert clock_of(case, Metric.RESOLVE).state == ClockState.RUNNING


def test_a_dispute_changes_why_it_waits_and_a_settlement_ends_the_wait(case, ada):
    clock_moves.after_move("send_proposal", case, by=ada, at=TUESDAY + timedelta(hours=1))
    clock_moves.after_move("dispute", case, by=ada, at=TUESDAY + timedelta(hours=2))
    assert clock_of(case, Metric.RESOLVE).waiting_for == PauseReason.DISPUTE

    clock_moves.after_move("settle", case, by=ada, at=TUESDAY + timedelta(hours=3))
    assert clock_of(case, Metric.RESOLVE).state == ClockState.RUNNING


def test_a_dispute_settled_to_the_end_stops_all(case, ada):
    case.__dict__["state"] = State.CLOSED

    clock_moves.after_move("settle", case, by=ada, at=LATER)

    assert set(states(case).values()) == {ClockState.STOPPED}


def test_confirmation_stops_resolve_and_the_updates_alone(case, ada):
    clock_moves.after_move("confirm", case, by=ada, at=LATER)

    stopped = {metric for metric, state in states(case).items() if state == ClockState.STOPPED}
    assert stopped == {Metric.RESOLVE, Metric.UPDATE}


@pytest.mark.parametrize(
    ("verb", "state"),
    [("reject", ClockState.STOPPED), ("withdraw", ClockState.CANCELLED), ("merge", ClockState.CANCELLED)],
)
def test_an_ending_ends_all_clocks(case, ada, verb, state):
    clock_moves.after_move(verb, case, by=ada, at=LATER)

    assert set(states(case).values()) == {state}


def test_reopening_starts_full_targets_and_leaves_the_old_clocks_as_decided(ada):
    case = received(ada, at=TUESDAY)
    case.grade = "G2"
    clocks.retarget(case, at=TUESDAY, by=ada)
    clock_moves.after_move("confirm", case, by=ada, at=shanghai("2026-06-01 16:00"))
    case.cycle = 2

    clock_moves.after_move("reopen", case, by=ada, at=shanghai("2026-06-18 17:30"))

    assert states(case).keys() == {Metric.ACK, Metric.INITIAL, Metric.UPDATE, Metric.RESOLVE, Metric.EIGHT_D}
    assert clock_of(case, Metric.INITIAL).due_at == shanghai("2026-06-20 17:30")  # SV-52
    assert clock_of(case, Metric.RESOLVE).due_at == shanghai("2026-07-17 17:30")
    old = clock_of(case, Metric.RESOLVE, cycle=1)
    assert (old.state, old.stopped_at) == (ClockState.STOPPED, shanghai("2026-06-01 16:00"))
    assert clock_of(case, Metric.INITIAL, cycle=1).state == ClockState.CANCELLED


def test_a_visit_reminds_then_is_missed(case, ada):
    days = [shanghai(f"2026-06-{day:02} 09:00") for day in (8, 10, 12)]
    clocks.start(
        case, Metric.VISIT, at=LATER, by=ada, subject="v1", due_at=days[2],
        steps=[("on_the_day", days[1]), ("two_days_before", days[0])],
    )  # fmt: skip

    for day in days:
        clocks.sweep(now=day + timedelta(minutes=1))

    told = [(e.kind, e.facts["step"], e.at) for e in events_of(case, "visit.")]
    assert told == [
        ("visit.reminder_due", "two_days_before", days[0]),
        ("visit.reminder_due", "on_the_day", days[1]),
        ("visit.missed", "missed", days[2]),
    ]
    assert clock_of(case, Metric.VISIT).breached_at == days[2]


def test_a_reminder_that_a_later_one_has_overtaken_is_told_to_nobody(case, ada):
    days = [shanghai(f"2026-06-{day:02} 09:00") for day in (8, 10, 12)]
    steps = [("two_days_before", days[0]), ("on_the_day", days[1])]
    clocks.start(case, Metric.VISIT, at=LATER, by=ada, subject="v1", due_at=days[2], steps=steps)

    clocks.sweep(now=days[1] + timedelta(hours=1))

    assert [e.kind for e in events_of(case, "visit.")] == ["visit.reminder_expired", "visit.reminder_due"]


def test_a_visit_agreed_for_another_day_is_reminded_then(case, ada):
    steps = [("on_the_day", shanghai("2026-06-10 09:00"))]
    clocks.start(case, Metric.VISIT, at=LATER, by=ada, subject="v1", due_at=shanghai("2026-06-12 09:00"), steps=steps)

    clocks.redate(
        case, Metric.VISIT, subject="v1", at=LATER, by=ada, due_at=shanghai("2026-06-22 09:00"),
        steps=[("on_the_day", shanghai("2026-06-20 09:00"))],
    )  # fmt: skip
    clocks.sweep(now=shanghai("2026-06-20 09:00"))

    assert [(e.kind, e.at) for e in events_of(case, "visit.")] == [("visit.reminder_due", shanghai("2026-06-20 09:00"))]


def test_a_missed_visit_that_is_moved_is_watched_anew_and_its_breach_stays_on_record(case, ada):
    clocks.start(case, Metric.VISIT, at=LATER, by=ada, subject="v1", due_at=shanghai("2026-06-12 09:00"))
    clocks.sweep(now=shanghai("2026-06-13 09:00"))

    clocks.redate(
        case, Metric.VISIT, subject="v1", at=shanghai("2026-06-13 10:00"), by=ada, due_at=shanghai("2026-06-22 09:00"),
        steps=[("on_the_day", shanghai("2026-06-20 09:00"))],
    )  # fmt: skip
    clocks.sweep(now=shanghai("2026-06-23 09:00"))

    assert [(e.kind, e.at) for e in events_of(case, "visit.missed")] == [
        ("visit.missed", shanghai("2026-06-12 09:00")),
        ("visit.missed", shanghai("2026-06-22 09:00")),
    ]
    assert clock_of(case, Metric.VISIT).breaches.count() == 2
    assert clock_check.check_all().wrong == []
