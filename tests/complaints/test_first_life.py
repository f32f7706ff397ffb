"""A case from its receipt to the remedy, by the verbs; what stands in the way at each step."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from complaints import clocks, diagnosis, letters, lifecycle, response
from complaints.lifecycle import Refused
from complaints.models import Complaint
from complaints.models.states import Leg, State
from complaints.words import say
from contracts.money import Money
from tests.cast import NOON, department
from tests.complaints.factories import clock_of, events_of, received, triaged

HOUR = timedelta(hours=1)
PARTS = {
    "description": "Hums at 1 450 rpm.",
    "extent": "One of four.",
    "confidence": "UNKNOWN",
    "test_plan": "Measure vibration on site.",
    "containment": "Unit stopped.",
    "remedy_direction": "Exchange the bearing.",
    "next_dates": "Visit on Thursday.",
}


def codes(refusal) -> list[str]:
    return [why.code for why in refusal.value.reasons]


@pytest.fixture
def responding(ada, quinn, lee, cleo) -> Complaint:
    complaint = triaged(quinn, registered_by=ada)
    return lifecycle.mobilise(complaint, by=quinn, at=NOON + 2 * HOUR, leader=quinn, champion=lee, members=(cleo,))


@pytest.fixture
def diagnosing(responding, quinn, lee, cleo) -> Complaint:
    at = NOON + 3 * HOUR
    response.hold_meeting(
        responding, by=quinn, at=at, agenda="Hum", decisions="Stop unit 3",
        attendees=[(lee, department("QUALITY")), (cleo, department("CUSTOMER_SERVICE"))],
    )  # fmt: skip
    response.contain(responding, by=quinn, at=at, location="INSTALLED", action="Unit 3 stopped", owner=quinn)
    analysis = response.write_initial(responding, by=quinn, at=at, contact_person=quinn, **PARTS)
    response.approve_initial(analysis, by=lee, at=at + HOUR)
    response.send_initial(responding, by=quinn, at=at + 2 * HOUR)
    return lifecycle.begin_diagnosis(responding, by=quinn, at=at + 3 * HOUR)


def test_an_answer_in_three_fields_is_received_with_number_and_clocks(ada, acme):
    complaint = lifecycle.register(
        Complaint(customer=acme, description="Leaks.", found_on=NOON.date()), by=ada, at=NOON
    )

    assert complaint.state == State.RECEIVED
    assert complaint.ref == "QC-2026-00001"
    assert complaint.received_at == complaint.registered_at == NOON
    assert {clock.metric for clock in complaint.clocks.all()} == {"ACK", "TRIAGE", "INITIAL", "UPDATE", "RESOLVE"}
    assert [event.kind for event in events_of(complaint, "case.registered")] == ["case.registered"]


def test_an_intake_without_its_three_fields_names_each(ada):
    with pytest.raises(Refused) as refusal:
        lifecycle.register(Complaint(), by=ada, at=NOON)

    assert codes(refusal) == ["customer_missing", "description_missing", "found_on_missing"]
    assert not Complaint.objects.exists()


def test_receipt_more_than_seven_days_before_registration_needs_proof(ada, acme):
    late = {"customer": acme, "description": "Leaks.", "found_on": NOON.date() - timedelta(days=20)}
    with pytest.raises(Refused) as refusal:
        lifecycle.register(Complaint(**late, received_at=NOON - timedelta(days=8)), by=ada, at=NOON)
    assert codes(refusal) == ["received_too_early"]

    complaint = lifecycle.register(
        Complaint(**late, received_at=NOON - timedelta(days=8), late_proof="letter of 4 May"), by=ada, at=NOON
    )

    assert clock_of(complaint, "INITIAL").breached_at == NOON - timedelta(days=6)


def test_receipt_in_the_future_is_refused(ada, acme):
    with pytest.raises(Refused) as refusal:
        lifecycle.register(
            Complaint(customer=acme, description="x", found_on=NOON.date(), received_at=NOON + HOUR), by=ada, at=NOON
        )

    assert codes(refusal) == ["received_in_future"]


def test_the_original_text_stays_as_told(ada):
    from complaints.models import Immutable

    complaint = Complaint.objects.get(pk=received(ada).pk)
    complaint.description = "Something kinder."

    with pytest.raises(Immutable):
        complaint.save()


def test_a_case_of_the_first_grade_needs_its_emergency_plan(ada, quinn, lee, cleo):
    complaint = triaged(quinn, registered_by=ada, grade="G1")

    with pytest.raises(Refused) as refusal:
        lifecycle.mobilise(complaint, by=quinn, at=NOON + 2 * HOUR, leader=quinn, champion=lee, members=(cleo,))

    assert codes(refusal) == ["emergency_plan_missing"]
    assert not complaint.team.exists()  # nothing half-done


def test_diagnosis_waits_for_meeting_containment_and_the_sent_analysis(responding, quinn):
    with pytest.raises(Refused) as refusal:
        lifecycle.begin_diagnosis(responding, by=quinn, at=NOON + 4 * HOUR)

    assert codes(refusal) == ["meeting_missing", "containment_missing", "initial_missing"]


def test_an_incomplete_analysis_neither_goes_out_nor_stops_the_clock(responding, quinn):
    response.write_initial(responding, by=quinn, at=NOON + 3 * HOUR, description="Hums.")

    with pytest.raises(Refused) as refusal:
        response.send_initial(responding, by=quinn, at=NOON + 4 * HOUR)

    assert {why.params["part"] for why in refusal.value.reasons} >= {"extent", "confidence", "contact_person"}
    assert clock_of(responding, "INITIAL").stopped_at is None


def test_sending_the_analysis_stops_the_48_hour_clock_at_that_instant(diagnosing):
    assert clock_of(diagnosing, "INITIAL").stopped_at == NOON + 5 * HOUR
    assert diagnosing.letters.get(kind="INITIAL").sent_at == NOON + 5 * HOUR
    assert diagnosing.state == State.DIAGNOSING


def test_who_wrote_the_analysis_cannot_approve_it(responding, lee):
    analysis = response.write_initial(responding, by=lee, at=NOON + 3 * HOUR, contact_person=lee, **PARTS)

    with pytest.raises(Refused) as refusal:
        response.approve_initial(analysis, by=lee, at=NOON + 4 * HOUR)

    assert codes(refusal) == ["same_person"]


def test_the_diagnosis_is_agreed_once_everything_is_proven(diagnosing, quinn, lee, lin, fay):
    at = NOON + timedelta(days=1)
    with pytest.raises(Refused) as refusal:
        lifecycle.agree_diagnosis(diagnosing, by=quinn, at=at)
    assert codes(refusal) == [
        "cause_missing", "cause_missing", "defect_statement_missing", "extent_empty", "attribution_missing",
        "entitlement_missing", "finance_missing",
    ]  # fmt: skip
    assert refusal.value.reasons[0].params == {"leg": "OCCURRENCE"}
    assert str(Leg.OCCURRENCE.label) in say(refusal.value.reasons[0])

    for leg, code in (("OCCURRENCE", "PRC"), ("ESCAPE", "DET")):
        cause = diagnosis.record_cause(diagnosing, by=quinn, at=at, leg=leg, code=code, text="Nozzle worn")
        diagnosis.verify_cause(cause, by=quinn, at=at, method="Switched on and off", result="Came and went")
    response.record_extent(diagnosing, by=quinn, at=at, location="INSTALLED", total=4, confirmed=1, good=3)
    diagnosis.state_defect(diagnosing, by=quinn, at=at, sentence="Gearbox unit 3 hums at 1 450 rpm")
    diagnosis.finish_extent(diagnosing, by=quinn, at=at)
    shares = diagnosis.attribute(
        diagnosing, by=quinn, at=at, shares=[("SELLER", Decimal("66.67"), "our dispenser", None),
                                             ("BUYER", Decimal("33.33"), "no lubrication", None)],
    )  # fmt: skip
    diagnosis.approve_attribution(shares, by=lee, at=at)
    diagnosis.assess_entitlement(diagnosing, by=lin, at=at, status="ENTITLED", reasoning="Within guarantee.")
    zero = Money(Decimal(0), "CNY")
    diagnosis.assess_finance(
        diagnosing, by=fay, at=at, delay_days=0, payments_at_risk=zero, retention_at_risk=zero, remedy_cost=zero,
        reputation=1, lender_material=False, note="No milestone touched.",
    )  # fmt: skip
    complaint = lifecycle.agree_diagnosis(diagnosing, by=quinn, at=at)

    assert complaint.state == State.PROPOSING


def test_shares_that_do_not_sum_to_a_hundred_are_refused(diagnosing, quinn):
    with pytest.raises(Refused) as refusal:
        diagnosis.attribute(
            diagnosing, by=quinn, at=NOON + timedelta(days=1), shares=[("SELLER", Decimal("99.9"), "x", None)]
        )

    assert refusal.value.reasons[0].params == {"sum": "99.90"}


def test_operator_error_is_no_root_cause(diagnosing, quinn):
    with pytest.raises(Refused) as refusal:
        diagnosis.record_cause(
            diagnosing, by=quinn, at=NOON + timedelta(days=1), leg="OCCURRENCE", code="PRC", text="操作失误。"
        )

    assert codes(refusal) == ["operator_error"]


def test_a_rejection_is_decided_by_another_person_and_sends_its_letter(ada, quinn, lee):
    complaint = triaged(quinn, registered_by=ada)
    with pytest.raises(Refused) as refusal:
        lifecycle.reject(complaint, by=lee, at=NOON + 2 * HOUR)
    assert codes(refusal) == ["rejection_missing"]

    response.prepare_rejection(
        complaint, by=quinn, at=NOON + 2 * HOUR, reason="MISUSE", evidence="Log of speeds", letter_text="We regret."
    )
    complaint = lifecycle.reject(complaint, by=lee, at=NOON + 3 * HOUR)

    assert complaint.state == State.REJECTED
    assert complaint.letters.get(kind="REJECTION").sent_at == NOON + 3 * HOUR
    assert not complaint.clocks.filter(state="RUNNING").exists()


def test_a_grave_rejection_needs_legal_too(ada, quinn, lee, lin):
    complaint = triaged(quinn, registered_by=ada, grade="G2")
    response.prepare_rejection(
        complaint, by=quinn, at=NOON + 2 * HOUR, reason="MISUSE", evidence="Log", letter_text="We regret."
    )
    with pytest.raises(Refused) as refusal:
        lifecycle.reject(complaint, by=lee, at=NOON + 3 * HOUR)
    assert codes(refusal) == ["legal_signoff_missing"]

    response.sign_off(complaint, by=lin, at=NOON + 3 * HOUR, move="reject", role="LEG")

    assert lifecycle.reject(complaint, by=lee, at=NOON + 4 * HOUR).state == State.REJECTED


def test_an_objection_in_time_begins_a_new_cycle(ada, quinn, lee):
    complaint = triaged(quinn, registered_by=ada)
    response.prepare_rejection(
        complaint, by=quinn, at=NOON + 2 * HOUR, reason="MISUSE", evidence="Log", letter_text="We regret."
    )
    complaint = lifecycle.reject(complaint, by=lee, at=NOON + 3 * HOUR)
    late = NOON + timedelta(days=31, hours=4)
    with pytest.raises(Refused) as refusal:
        lifecycle.object(complaint, by=lee, at=late, reason="We disagree")
    assert codes(refusal) == ["objection_too_late"]

    complaint = lifecycle.object(complaint, by=lee, at=late, reason="New report", new_evidence=True)

    assert (complaint.state, complaint.cycle) == (State.TRIAGED, 2)
    assert complaint.cycles.get(number=1).frozen["state"] == State.REJECTED
    assert clock_of(complaint, "INITIAL").started_at == late


def test_a_withdrawal_with_safety_at_stake_needs_an_internal_record(ada, cleo):
    complaint = received(ada, safety="DANGER")
    with pytest.raises(Refused) as refusal:
        lifecycle.withdraw(complaint, by=cleo, at=NOON + HOUR, statement="We take it back.")
    assert codes(refusal) == ["internal_record_missing"]

    complaint = lifecycle.withdraw(
        complaint, by=cleo, at=NOON + HOUR, statement="We take it back.", internal_record="NC-7"
    )

    assert complaint.state == State.WITHDRAWN
    assert not complaint.clocks.exclude(state="CANCELLED").filter(stopped_at=None).exists()


def test_a_duplicate_gives_its_receipt_and_files_to_the_master(ada, quinn, acme):
    master = received(ada, at=NOON + 5 * HOUR)
    early = received(ada, at=NOON, customer=acme)

    merged = lifecycle.merge(early, by=ada, at=NOON + 6 * HOUR, master=master)

    assert merged.state == State.DUPLICATE
    assert Complaint.objects.get(pk=master.pk).received_at == NOON
    assert clock_of(master, "INITIAL").due_at == NOON + timedelta(hours=48)


def test_a_case_of_another_customer_is_never_a_duplicate(ada, rival):
    master, other = received(ada), received(ada, customer=rival)

    with pytest.raises(Refused) as refusal:
        lifecycle.merge(other, by=ada, at=NOON + HOUR, master=master)

    assert codes(refusal) == ["master_other_customer"]
    assert Complaint.objects.get(pk=other.pk).state == State.RECEIVED


def test_a_move_dated_before_the_last_one_is_refused(ada, quinn):
    complaint = triaged(quinn, registered_by=ada, at=NOON + 2 * HOUR)

    with pytest.raises(Refused) as refusal:
        lifecycle.mobilise(complaint, by=quinn, at=NOON + HOUR, leader=quinn, champion=quinn, members=(quinn,))

    assert codes(refusal) == ["at_before_last_move"]


def test_a_failed_sending_reopens_the_clock_at_its_old_due_instant(diagnosing):
    letter = diagnosing.letters.get(kind="INITIAL")

    complaint = letters.sending_failed(letter, at=NOON + 7 * HOUR)

    clock = clock_of(complaint, "INITIAL")
    assert (clock.stopped_at, clock.due_at) == (None, NOON + timedelta(hours=48))
    assert complaint.tasks.get(kind="sending_failed").blocking


def test_a_customer_of_another_firm_may_not_even_ask(ada, mallory):
    complaint = received(ada)

    assert not Complaint.objects.visible_to(mallory).filter(pk=complaint.pk).exists()
    with pytest.raises(PermissionDenied):
        lifecycle.withdraw(complaint, by=mallory, at=NOON + HOUR, statement="x")


def test_clocks_of_an_ended_case_do_not_run(ada, quinn, lee):
    complaint = triaged(quinn, registered_by=ada)
    response.prepare_rejection(
        complaint, by=quinn, at=NOON + 2 * HOUR, reason="MISUSE", evidence="Log", letter_text="We regret."
    )
    complaint = lifecycle.reject(complaint, by=lee, at=NOON + 3 * HOUR)

    clocks.retarget(complaint, at=NOON + 4 * HOUR, by=lee)

    assert clock_of(complaint, "RESOLVE").stopped_at == NOON + 3 * HOUR
