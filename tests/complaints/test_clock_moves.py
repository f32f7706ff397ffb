"""CONTAIN, UPDATE, ROOT_CAUSE, PROPOSAL and 8D_FINAL: what starts, turns and stops them (DOMAIN §2.2, §3.2)."""

from datetime import timedelta

import pytest

from accounts.models import User
from complaints import clock_check, clock_moves, clocks, conversation, facts, letters, lifecycle, response
from complaints.models import Complaint, SlaPolicy
from complaints.models.states import ClockState, LetterKind, Metric
from tests.complaints.factories import clock_of, events_of, grade_it, judged, received, shanghai

TUESDAY = shanghai("2026-05-12 10:15")
HOUR = timedelta(hours=1)
GRADED = TUESDAY + HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ada: User):
    return received(ada, at=TUESDAY)


def graded(ada: User, quinn: User, grade: str):
    return grade_it(received(ada, at=TUESDAY), quinn, at=GRADED, grade=grade)


def metrics(case) -> set[str]:
    return {clock.metric for clock in case.clocks.all()}


def contain(case, quinn, **action):
    action = {"location": "INSTALLED", "action": "Unit 3 stopped", "owner": quinn} | action
    return response.contain(case, by=quinn, at=GRADED + HOUR, **action)


# Containment


def test_containment_is_owed_from_grading_on(ada, quinn):
    case = graded(ada, quinn, "G1")

    clock = clock_of(case, Metric.CONTAIN)
    assert (clock.started_at, clock.due_at, clock.pausable) == (GRADED, GRADED + 4 * HOUR, False)


def test_a_slight_case_owes_neither_containment_nor_a_report(ada, quinn):
    case = graded(ada, quinn, "G4")

    assert not metrics(case) & {Metric.CONTAIN, Metric.EIGHT_D}


def test_containment_stops_when_it_takes_effect_not_when_it_is_decided(ada, quinn):
    case = graded(ada, quinn, "G2")
    action = contain(case, quinn)
    assert clock_of(case, Metric.CONTAIN).state == ClockState.RUNNING

    response.prove_containment(action, by=quinn, at=GRADED + 3 * HOUR, percent=100, evidence="Photo")

    clock = clock_of(case, Metric.CONTAIN)
    assert (clock.state, clock.stopped_at, clock.breached_at) == (ClockState.STOPPED, GRADED + 3 * HOUR, None)


def test_containment_that_took_effect_in_time_but_was_noted_late_revokes_the_breach(ada, quinn):
    case = graded(ada, quinn, "G1")
    action = contain(case, quinn)
    clocks.sweep(now=GRADED + 5 * HOUR)
    assert clock_of(case, Metric.CONTAIN).breached_at == GRADED + 4 * HOUR

    response.prove_containment(action, by=quinn, at=GRADED + 2 * HOUR, percent=80, evidence="Call")

    assert clock_of(case, Metric.CONTAIN).breached_at is None
    assert clock_of(case, Metric.CONTAIN).breaches.get().status == "REVOKED"


def test_where_nothing_needs_containment_its_clock_is_cancelled(ada, quinn):
    case = graded(ada, quinn, "G3")
    contain(case, quinn, needed=False, action="", because="Scrapped")

    clock_moves.after_move("begin_diagnosis", case, by=quinn, at=GRADED + 2 * HOUR)

    assert clock_of(case, Metric.CONTAIN).state == ClockState.CANCELLED


def test_a_graver_grade_owes_containment_from_then_on(ada, quinn, lee):
    case = graded(ada, quinn, "G4")

    facts.regrade(case, by=lee, at=GRADED + 5 * HOUR, triage=judged("G2", quinn), reason="More units")

    clock = clock_of(case, Metric.CONTAIN)
    assert (clock.started_at, clock.due_at) == (GRADED + 5 * HOUR, GRADED + 29 * HOUR)


def test_a_slighter_grade_takes_containment_away_and_a_graver_one_gives_it_back(ada, quinn, lee):
    case = graded(ada, quinn, "G2")
    facts.regrade(case, by=lee, at=GRADED + HOUR, triage=judged("G4", quinn), reason="One unit")
    assert clock_of(case, Metric.CONTAIN).state == ClockState.CANCELLED

    facts.regrade(case, by=lee, at=GRADED + 2 * HOUR, triage=judged("G2", quinn), reason="Two units")

    clock = clock_of(case, Metric.CONTAIN)
    assert (clock.state, clock.subject, clock.started_at) == (ClockState.RUNNING, "again-2", GRADED + 2 * HOUR)


def test_a_new_grade_owes_no_containment_where_none_is_needed_or_it_can_no_longer_be_decided(ada, quinn, lee):
    case = graded(ada, quinn, "G3")
    contain(case, quinn, needed=False, action="", because="Scrapped")
    for state in ("DIAGNOSING", "PROPOSING"):
        Complaint.objects.filter(pk=case.pk).update(state=state)
        case.__dict__["state"] = state
        clock_moves.after_move("begin_diagnosis", case, by=quinn, at=GRADED + 2 * HOUR)

        clock_moves.regraded(case, at=GRADED + 3 * HOUR, by=lee)

        assert [clock.state for clock in case.clocks.filter(metric=Metric.CONTAIN)] == [ClockState.CANCELLED]


# Updates


def test_each_update_starts_the_next_and_one_that_comes_late_is_missed(case, ada):
    """SV-53: every 8 working hours; updates on Friday at 11:00 and on Monday at 15:00."""
    SlaPolicy.objects.filter(metric=Metric.UPDATE).update(basis="BUSINESS", target_minutes=480)
    case = received(ada, at=shanghai("2026-05-14 16:00"))

    for said_at in (shanghai("2026-05-15 11:00"), shanghai("2026-05-18 15:00")):
        conversation.reply(case, by=ada, at=said_at, body="We measure today.")

    rows = case.clocks.filter(metric=Metric.UPDATE).order_by("pk")
    assert [(row.subject, row.due_at, row.state, row.breached_at is None) for row in rows] == [
        ("1", shanghai("2026-05-15 16:00"), ClockState.STOPPED, True),
        ("2", shanghai("2026-05-18 11:00"), ClockState.STOPPED, False),
        ("3", shanghai("2026-05-19 15:00"), ClockState.RUNNING, True),
    ]


def test_an_internal_note_is_no_update(case, ada):
    conversation.note(case, by=ada, at=TUESDAY + HOUR, body="Called them.")

    assert [clock.subject for clock in case.clocks.filter(metric=Metric.UPDATE)] == ["1"]


def test_a_letter_is_an_update(case, ada):
    lifecycle.acknowledge(case, by=ada, at=TUESDAY + HOUR)

    assert clock_of(case, Metric.UPDATE).started_at == TUESDAY + HOUR


def test_a_case_from_before_there_were_updates_gets_its_clock_with_the_next(case, ada):
    case.clocks.filter(metric=Metric.UPDATE).delete()

    conversation.reply(case, by=ada, at=TUESDAY + HOUR, body="We measure today.")

    assert clock_of(case, Metric.UPDATE).started_at == TUESDAY + HOUR


def test_once_the_case_is_resolved_no_update_is_owed(case, ada):
    case.__dict__["state"] = "FOLLOW_UP"

    clock_moves.customer_told(case, at=TUESDAY + HOUR, by=ada)

    assert [clock.subject for clock in case.clocks.filter(metric=Metric.UPDATE)] == ["1"]


# Root cause and proposal


def test_root_cause_and_proposal_are_owed_from_the_analysis_sent(ada, quinn):
    case = graded(ada, quinn, "G2")
    sent_at = shanghai("2026-05-13 09:00")

    clock_moves.analysis_sent(case, at=sent_at, by=quinn)

    root, proposal = clock_of(case, Metric.ROOT_CAUSE), clock_of(case, Metric.PROPOSAL)
    assert (root.due_at, root.pausable) == (shanghai("2026-05-26 18:00"), True)  # ten days of eight hours
    assert (proposal.due_at, proposal.pausable) == (shanghai("2026-05-28 18:00"), True)
    assert clock_of(case, Metric.INITIAL).stopped_at == sent_at


def test_sending_the_analysis_again_leaves_both_as_they_are(ada, quinn):
    case = graded(ada, quinn, "G2")
    clock_moves.analysis_sent(case, at=GRADED + HOUR, by=quinn)

    clock_moves.analysis_sent(case, at=GRADED + 2 * HOUR, by=quinn)

    assert case.clocks.filter(metric__in=(Metric.ROOT_CAUSE, Metric.PROPOSAL)).count() == 2


def test_an_agreed_diagnosis_stops_the_root_cause(ada, quinn):
    case = graded(ada, quinn, "G2")
    clock_moves.analysis_sent(case, at=GRADED + HOUR, by=quinn)

    clock_moves.after_move("agree_diagnosis", case, by=quinn, at=GRADED + 3 * HOUR)

    assert clock_of(case, Metric.ROOT_CAUSE).stopped_at == GRADED + 3 * HOUR


def test_a_counter_offer_leaves_half_the_time_for_the_next_proposal(ada, quinn):
    case = graded(ada, quinn, "G2")
    clock_moves.analysis_sent(case, at=GRADED + HOUR, by=quinn)
    clock_moves.after_move("send_proposal", case, by=quinn, at=GRADED + 2 * HOUR)

    clock_moves.after_move("counter", case, by=quinn, at=GRADED + 3 * HOUR)

    first, second = case.clocks.filter(metric=Metric.PROPOSAL).order_by("pk")
    assert (first.state, first.target_minutes) == (ClockState.STOPPED, 96 * 60)
    assert (second.state, second.subject, second.target_minutes) == (ClockState.RUNNING, "round-2", 48 * 60)


def test_a_new_grade_keeps_the_half(ada, quinn, lee):
    case = graded(ada, quinn, "G2")
    clock_moves.after_move("counter", case, by=quinn, at=GRADED + HOUR)

    facts.regrade(case, by=lee, at=GRADED + 2 * HOUR, triage=judged("G3", quinn), reason="Fewer units")

    assert clock_of(case, Metric.PROPOSAL).target_minutes == 68 * 60


# The final 8D report


def test_the_final_report_is_owed_by_a_date_counted_from_receipt(ada, quinn):
    case = graded(ada, quinn, "G1")

    clock = clock_of(case, Metric.EIGHT_D)
    assert (clock.basis, clock.target_minutes, clock.started_at) == ("DATE", None, TUESDAY)
    assert clock.due_at == shanghai("2026-06-12 00:00")  # thirty days after 12 May: the end of Thursday 11 June


def test_a_report_by_date_climbs_the_ladder_like_the_others(ada, quinn):
    case = graded(ada, quinn, "G2")

    clocks.sweep(now=shanghai("2026-06-30 00:00"))

    mine = [event for event in events_of(case, "sla.") if event.facts["metric"] == Metric.EIGHT_D]
    assert [event.facts["step"] for event in mine] == ["warned_50", "warned_75", "warned_90", "breached", "escalated"]
    assert clock_of(case, Metric.EIGHT_D).breaches.get().due_at == shanghai("2026-06-12 00:00")
    assert clock_check.check_all().wrong == []


def test_a_graver_grade_brings_the_date_forward(ada, quinn, lee):
    case = graded(ada, quinn, "G3")
    assert clock_of(case, Metric.EIGHT_D).due_at == shanghai("2026-07-14 00:00")  # 11 July is a Saturday

    facts.regrade(case, by=lee, at=GRADED + HOUR, triage=judged("G2", quinn), reason="More units")

    assert clock_of(case, Metric.EIGHT_D).due_at == shanghai("2026-06-12 00:00")


def test_in_a_later_cycle_it_is_counted_from_where_that_began(ada, quinn, lee):
    case = graded(ada, quinn, "G4")
    reopened_at = shanghai("2026-07-01 09:00")
    case.cycle = 2
    case.cycles.create(number=2, opened_at=reopened_at, opened_by=lee)
    case.save()

    facts.regrade(case, by=lee, at=reopened_at + HOUR, triage=judged("G2", quinn), reason="It came back")

    clock = clock_of(case, Metric.EIGHT_D)
    assert (clock.started_at, clock.due_at) == (reopened_at, shanghai("2026-08-01 00:00"))


def test_a_report_that_reached_nobody_is_owed_again_and_so_is_the_update(ada, quinn):
    case = graded(ada, quinn, "G2")
    update = clock_of(case, Metric.UPDATE)
    letter = response.send_8d(case, by=quinn, at=GRADED + HOUR, language="en")

    letters.sending_failed(letter, at=GRADED + 5 * HOUR)

    report = clock_of(case, Metric.EIGHT_D)
    assert (report.state, report.due_at) == (ClockState.RUNNING, shanghai("2026-06-12 00:00"))
    states = {clock.subject: clock.state for clock in case.clocks.filter(metric=Metric.UPDATE)}
    assert states == {"1": ClockState.RUNNING, "2": ClockState.CANCELLED}
    assert clock_of(case, Metric.UPDATE, subject="1").due_at == update.due_at
    assert clock_check.check_all().wrong == []


def test_sending_it_stops_its_clock_and_is_an_update(ada, quinn):
    case = graded(ada, quinn, "G2")

    response.send_8d(case, by=quinn, at=GRADED + HOUR, language="en")

    assert clock_of(case, Metric.EIGHT_D).stopped_at == GRADED + HOUR
    assert clock_of(case, Metric.UPDATE).started_at == GRADED + HOUR
    assert case.letters.get().kind == LetterKind.EIGHT_D


def test_a_case_closed_without_a_report_misses_nothing(ada, quinn):
    case = graded(ada, quinn, "G3")

    clock_moves.after_move("close", case, by=quinn, at=GRADED + HOUR)

    assert clock_of(case, Metric.EIGHT_D).state == ClockState.CANCELLED


# A gap in the policies


def test_a_clock_without_a_policy_does_not_run_and_somebody_is_told(ada):
    SlaPolicy.objects.filter(metric=Metric.ACK).delete()

    case = received(ada, at=TUESDAY)

    assert metrics(case) == {Metric.TRIAGE, Metric.INITIAL, Metric.UPDATE, Metric.RESOLVE}
    [event] = events_of(case, "clock.policy_missing")
    assert (event.facts["metric"], event.facts["told"]) == (Metric.ACK, ["QM", "ADM"])


def test_a_clock_that_would_start_later_tells_of_the_gap_too(case, ada):
    SlaPolicy.objects.filter(metric=Metric.UPDATE).delete()

    conversation.reply(case, by=ada, at=TUESDAY + HOUR, body="We measure today.")

    assert [event.facts["metric"] for event in events_of(case, "clock.policy_missing")] == [Metric.UPDATE]


def test_a_clock_that_a_grade_does_not_have_is_no_gap(ada, quinn):
    assert events_of(graded(ada, quinn, "G4"), "clock.policy_missing") == []


def test_a_case_can_be_logged_and_graded_without_any_policy(ada, quinn):
    SlaPolicy.objects.all().delete()

    case = grade_it(received(ada, at=TUESDAY), quinn, at=GRADED, grade="G1")

    assert (case.state, metrics(case)) == ("TRIAGED", set())
    assert {event.facts["metric"] for event in events_of(case, "clock.policy_missing")} >= {"ACK", "RESOLVE", "CONTAIN"}
