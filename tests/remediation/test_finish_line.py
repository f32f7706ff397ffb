"""T11, T12: each line is carried out and proven, fails, or is cancelled by both sides."""

import pytest
from django.core.exceptions import PermissionDenied

from complaints import lifecycle
from complaints.lifecycle import Refused
from remediation import execution
from tests.complaints.factories import events_of
from tests.remediation.stories import (
    DONE,
    codes,
    executing,
    finish,
    fresh,
    line_of,
    negotiating,
    verifying,
)


def test_a_line_is_done_with_its_evidence(who):
    complaint = executing(who)

    line = finish(line_of(complaint), who)

    assert (line.status, line.done_at, line.done_by, line.attempts) == ("DONE", DONE, who.quinn, 1)
    assert [event.kind for event in events_of(complaint, "line.")] == ["line.started", "line.done"]
    assert lifecycle.report_done(complaint, by=who.quinn, at=DONE).state == "VERIFYING"


def test_a_line_without_evidence_is_not_done(who):
    line = line_of(executing(who))

    with pytest.raises(Refused) as refusal:
        execution.finish_line(line, by=who.quinn, at=DONE)

    assert codes(refusal) == ["line_evidence_missing", "line_reinspection_missing"]
    assert fresh(line).status == "RELEASED"


def test_finishing_twice_changes_nothing(who):
    complaint = executing(who)
    line = finish(line_of(complaint), who)

    again = execution.finish_line(line, by=who.lee, at=DONE, evidence_text="Other")

    assert (again.done_by, again.evidence_text) == (who.quinn, "Photo of the fitted bearing")
    assert len(events_of(complaint, "line.done")) == 1


def test_a_line_is_not_begun_before_the_acceptance(who):
    with pytest.raises(Refused) as refusal:
        execution.start_line(line_of(negotiating(who)), by=who.quinn, at=DONE)

    assert codes(refusal) == ["state_does_not_allow"]


def test_only_those_who_carry_out_may(who):
    with pytest.raises(PermissionDenied):
        execution.start_line(line_of(executing(who)), by=who.fay, at=DONE)


def test_a_failed_line_is_tried_again_and_counted(who):
    complaint = executing(who)
    line = execution.start_line(line_of(complaint), by=who.quinn, at=DONE)
    line = execution.fail_line(line, by=who.quinn, at=DONE, because="Wrong bearing")
    with pytest.raises(Refused) as refusal:
        lifecycle.report_done(complaint, by=who.quinn, at=DONE)
    assert codes(refusal) == ["line_failed"]

    line = execution.start_line(line, by=who.quinn, at=DONE)

    assert (line.status, line.attempts, line.failures) == ("IN_WORK", 2, 1)


def test_a_cancelled_line_counts_once_the_customer_agrees(who, carla, mallory):
    complaint = executing(who)
    line = execution.cancel_line(line_of(complaint), by=who.quinn, at=DONE, because="Unit was scrapped")
    with pytest.raises(Refused) as refusal:
        lifecycle.report_done(complaint, by=who.quinn, at=DONE)
    assert codes(refusal) == ["line_cancel_alone"]
    with pytest.raises(PermissionDenied):
        execution.agree_cancellation(line, by=mallory, at=DONE)
    with pytest.raises(Refused):
        execution.agree_cancellation(line, by=who.sam, at=DONE)  # staff needs the proof of it

    execution.agree_cancellation(line, by=carla, at=DONE)

    assert lifecycle.report_done(complaint, by=who.quinn, at=DONE).state == "VERIFYING"


def test_the_customers_agreement_can_come_with_the_cancellation(who):
    complaint = executing(who)

    execution.cancel_line(
        line_of(complaint), by=who.quinn, at=DONE, because="Unit was scrapped", customer_agreement="Mail of 18 May"
    )

    assert lifecycle.report_done(complaint, by=who.quinn, at=DONE).state == "VERIFYING"


def test_not_solved_puts_the_work_back(who):
    complaint = verifying(who)

    complaint = lifecycle.not_solved(complaint, by=who.quinn, at=DONE, reason="Hums still")

    line = line_of(complaint)
    assert (complaint.state, line.status, line.attempts, line.failures) == ("EXECUTING", "IN_WORK", 2, 1)
    assert (line.done_at, line.evidence_text) == (None, "")  # it needs its own evidence again
