from datetime import timedelta

import pytest

from accounts.models import User
from complaints.models.states import Basis, Metric
from tests.complaints.factories import clock_of, events_of, received, shanghai

TUESDAY = shanghai("2026-05-12 10:15")

pytestmark = pytest.mark.django_db


def test_a_received_case_has_five_clocks_from_its_receipt(ada: User):
    complaint = received(ada, at=TUESDAY)

    assert {clock.metric: clock.due_at for clock in complaint.clocks.all()} == {
        Metric.ACK: shanghai("2026-05-13 10:15"),
        Metric.TRIAGE: shanghai("2026-05-12 15:15"),
        Metric.INITIAL: shanghai("2026-05-14 10:15"),
        Metric.UPDATE: shanghai("2026-05-19 10:15"),
        Metric.RESOLVE: shanghai("2026-06-24 10:15"),
    }


def test_an_urgent_case_is_acknowledged_and_graded_round_the_clock(ada: User):
    complaint = received(ada, at=TUESDAY, safety="DANGER")

    ack, triage = clock_of(complaint, Metric.ACK), clock_of(complaint, Metric.TRIAGE)
    assert (ack.basis, ack.due_at) == (Basis.CALENDAR, TUESDAY + timedelta(hours=1))
    assert (triage.basis, triage.due_at) == (Basis.CALENDAR, TUESDAY + timedelta(hours=2))
    assert clock_of(complaint, Metric.INITIAL).due_at == TUESDAY + timedelta(hours=48)


def test_safety_not_answered_counts_as_urgent(ada: User):
    complaint = received(ada, at=TUESDAY, safety="")

    assert clock_of(complaint, Metric.ACK).due_at == TUESDAY + timedelta(hours=1)


def test_the_event_holds_what_a_replay_needs(ada: User):
    complaint = received(ada, at=TUESDAY)

    started = {event.facts["metric"]: event.facts for event in events_of(complaint, "clock.started")}
    assert started[Metric.RESOLVE] | {"steps": None} == {
        "metric": "RESOLVE",
        "cycle": 1,
        "subject": "",
        "generation": 0,
        "basis": "BUSINESS",
        "calendar": "CN-STD v1",
        "target_minutes": 14400,
        "grace_minutes": 0,
        "pausable": True,
        "policy": "default",
        "started_at": "2026-05-12T02:15:00+00:00",
        "due_at": "2026-06-24T02:15:00+00:00",
        "level": 0,
        "steps": None,
    }
    assert [name for name, _ in started[Metric.RESOLVE]["steps"]] == [
        "warned_50",
        "warned_75",
        "warned_90",
        "breached",
        "escalated",
    ]


def test_a_late_registration_has_its_past_dated_where_it_fell(ada: User):
    complaint = received(ada, at=TUESDAY + timedelta(hours=50), received_at=TUESDAY)

    told = [event for event in events_of(complaint, "sla.") if event.facts["metric"] == Metric.INITIAL]
    assert [(event.kind, event.at) for event in told] == [
        ("sla.warned", shanghai("2026-05-13 10:15")),
        ("sla.warned", shanghai("2026-05-13 22:15")),
        ("sla.warned", shanghai("2026-05-14 05:27")),
        ("sla.breached", shanghai("2026-05-14 10:15")),
    ]
    clock = clock_of(complaint, Metric.INITIAL)
    assert clock.breached_at == shanghai("2026-05-14 10:15")
    assert clock.breaches.get().due_at == clock.breached_at
    assert complaint.escalation_level == 4
