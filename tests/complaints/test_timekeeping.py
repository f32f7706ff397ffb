from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from complaints import clocks, lifecycle, timekeeping
from complaints.models import SlaBreach
from complaints.models.states import BreachReason, ClockState, Metric, PauseReason
from tests.complaints.factories import clock_of, events_of, received, shanghai

TUESDAY = shanghai("2026-05-12 10:15")
NEXT_DAY = TUESDAY + timedelta(days=1)
LATE = shanghai("2026-07-01 10:00")  # RESOLVE was due on 24 June
SAMPLE = PauseReason.WAITING_SAMPLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ada: User, acme):
    return received(ada, at=TUESDAY, customer=acme)


@pytest.fixture
def breach(case) -> SlaBreach:
    clocks.sweep(now=LATE)
    return SlaBreach.objects.get(clock=clock_of(case, Metric.RESOLVE))


def note(case, by, **changes):
    fields = {"metric": Metric.RESOLVE, "reason": SAMPLE, "at": NEXT_DAY, "evidence": "Mail of 13 May"} | changes
    return timekeeping.note_wait(case, by=by, **fields)


def test_an_agent_notes_a_wait_with_its_proof(case, ada):
    [clock] = note(case, ada)

    assert (clock.state, clock.waiting_since) == (ClockState.PAUSED, NEXT_DAY)
    event = events_of(case, "clock.paused")[0]
    assert event.text("evidence") == "Mail of 13 May"


def test_a_wait_may_be_entered_when_it_is_over(case, ada):
    [clock] = note(case, ada, at=NEXT_DAY + timedelta(hours=6), since=NEXT_DAY, until=NEXT_DAY + timedelta(hours=1))

    assert (clock.state, clock.due_at) == (ClockState.RUNNING, shanghai("2026-06-24 11:15"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"metric": Metric.INITIAL}, "clock_not_pausable"),
        ({"metric": Metric.VISIT}, "clock_not_running"),
        ({"reason": PauseReason.WAITING_CUSTOMER_DECISION}, "wait_reason_unknown"),
        ({"evidence": " "}, "wait_evidence_missing"),
        ({"since": TUESDAY - timedelta(minutes=1)}, "wait_before_last_move"),
        ({"since": NEXT_DAY + timedelta(minutes=1)}, "wait_backwards"),
        ({"since": TUESDAY, "until": NEXT_DAY + timedelta(minutes=1)}, "wait_backwards"),
    ],
)
def test_a_wait_is_refused_with_its_reason(case, ada, changes, code):
    with pytest.raises(lifecycle.Refused) as refusal:
        note(case, ada, **changes)

    assert [why.code for why in refusal.value.reasons] == [code]
    assert events_of(case, "clock.paused") == []


def test_a_customer_may_not_pause(case, carla):
    with pytest.raises(PermissionDenied):
        note(case, carla)


def test_only_the_quality_manager_may_undo_a_breach_by_a_wait(case, breach, ada, lee):
    span = {"at": LATE, "since": shanghai("2026-06-01 09:00"), "until": shanghai("2026-06-20 09:00")}

    with pytest.raises(lifecycle.Refused) as refusal:
        note(case, ada, **span)
    assert refusal.value.reasons[0].code == "wait_undoes_breach"

    [clock] = note(case, lee, **span)
    breach.refresh_from_db()
    assert (clock.breached_at, breach.status) == (None, SlaBreach.Status.REVOKED)


def test_a_wait_ends_by_hand(case, ada):
    note(case, ada)

    [clock] = timekeeping.end_wait(case, Metric.RESOLVE, by=ada, at=NEXT_DAY + timedelta(hours=1))

    assert clock.state == ClockState.RUNNING


def test_what_does_not_wait_cannot_end_waiting(case, ada):
    with pytest.raises(lifecycle.Refused) as refusal:
        timekeeping.end_wait(case, Metric.RESOLVE, by=ada, at=NEXT_DAY)

    assert refusal.value.reasons[0].code == "clock_not_paused"


def explain(breach, by, **changes):
    fields = {"reason": BreachReason.SPARE_PARTS, "text": "The bearing came late.", "at": LATE} | changes
    return timekeeping.explain_breach(breach, by=by, **fields)


def test_a_breach_is_explained_then_judged(case, breach, quinn, lee, departments):
    explained = explain(breach, quinn, department=departments["PURCHASING"], customer_told_at=LATE)
    judged = timekeeping.excuse_breach(explained, by=lee, at=LATE, excusable=True)

    assert (judged.status, judged.reason, judged.explained_by) == ("EXPLAINED", "SPARE_PARTS", quinn)
    assert (judged.excusable, judged.excused_by) == (True, lee)
    assert [e.kind for e in events_of(case, "sla.breach_explained", "sla.breach_judged")] == [
        "sla.breach_explained",
        "sla.breach_judged",
    ]


@pytest.mark.parametrize(
    ("changes", "code"), [({"reason": "LAZY"}, "breach_reason_missing"), ({"text": " "}, "reason_missing")]
)
def test_an_explanation_needs_reason_and_words(breach, quinn, changes, code):
    with pytest.raises(lifecycle.Refused) as refusal:
        explain(breach, quinn, **changes)

    assert refusal.value.reasons[0].code == code


def test_what_is_not_explained_cannot_be_excused(breach, lee):
    with pytest.raises(lifecycle.Refused) as refusal:
        timekeeping.excuse_breach(breach, by=lee, at=LATE, excusable=True)

    assert refusal.value.reasons[0].code == "breach_not_explained"


def test_an_engineer_may_not_excuse(breach, quinn):
    with pytest.raises(PermissionDenied):
        timekeeping.excuse_breach(explain(breach, quinn), by=quinn, at=LATE, excusable=True)


def test_a_revoked_breach_stays_as_it_is(breach, quinn):
    SlaBreach.objects.filter(pk=breach.pk).update(status=SlaBreach.Status.REVOKED)

    with pytest.raises(lifecycle.Refused) as refusal:
        explain(breach, quinn)

    assert refusal.value.reasons[0].code == "breach_revoked"
