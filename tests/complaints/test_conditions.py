"""The conditions that lists and figures share."""

from datetime import timedelta

from complaints import clocks, facts, lifecycle
from complaints.models import Complaint
from complaints.models.states import Metric, PauseReason
from tests.cast import NOON
from tests.complaints.factories import received, triaged

LATER = NOON + timedelta(hours=2)


def refs(rows) -> set[str]:
    return {row.ref for row in rows}


def test_mine_are_the_open_cases_i_own(ada, quinn):
    mine = facts.assign(received(ada), by=ada, at=LATER, owner=ada)
    gone = facts.assign(received(ada), by=ada, at=LATER, owner=ada)
    facts.assign(received(ada), by=ada, at=LATER, owner=quinn)
    lifecycle.withdraw(gone, by=ada, at=LATER, statement="We were wrong.")

    assert refs(Complaint.objects.mine(ada)) == {mine.ref}


def test_unassigned_are_the_open_cases_of_nobody(ada):
    loose = received(ada)
    facts.assign(received(ada), by=ada, at=LATER, owner=ada)

    assert refs(Complaint.objects.unassigned()) == {loose.ref}


def test_a_case_waits_for_the_customer_while_a_clock_is_paused_for_them(ada, quinn):
    waiting, force, running = (triaged(quinn, registered_by=ada) for _ in range(3))
    clocks.pause(waiting, Metric.RESOLVE, PauseReason.WAITING_SAMPLE, at=LATER, by=quinn, evidence="Mail")
    clocks.pause(force, Metric.RESOLVE, PauseReason.FORCE_MAJEURE, at=LATER, by=quinn, evidence="Typhoon")

    assert refs(Complaint.objects.waiting_for_customer()) == {waiting.ref}
    clocks.resume(waiting, Metric.RESOLVE, at=LATER + timedelta(hours=1), by=quinn)
    assert not Complaint.objects.waiting_for_customer().exists()
    assert running.ref not in refs(Complaint.objects.waiting_for_customer())


def test_my_diagnoses_are_those_i_own_or_sit_on_the_team_of(ada, quinn, lee, cleo):
    case = triaged(quinn, registered_by=ada)
    assert not Complaint.objects.my_diagnoses(quinn).exists()

    lifecycle.mobilise(case, by=quinn, at=LATER, leader=quinn, champion=lee, members=(ada,))

    assert refs(Complaint.objects.my_diagnoses(quinn)) == {case.ref}
    assert refs(Complaint.objects.my_diagnoses(lee)) == {case.ref}
    assert not Complaint.objects.my_diagnoses(cleo).exists()
