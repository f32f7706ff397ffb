"""A missed deadline is owed an explanation within one working day (DOMAIN §3.4)."""

from datetime import timedelta

import pytest

from accounts.models import User
from complaints import clocks, escalations, timekeeping
from complaints.lifecycle import Refused
from complaints.models import Complaint, Escalation, SlaBreach
from complaints.models.states import BreachReason, Metric, PauseReason
from tests.complaints.factories import clock_of, events_of, grade_it, received, shanghai

TUESDAY = shanghai("2026-05-12 10:15")
MISSED = shanghai("2026-05-14 10:15")  # INITIAL, 48 hours
OWED_BY = shanghai("2026-05-16 00:00")  # the end of Friday, the next working day
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ada, quinn, lee, acme):
    found = grade_it(received(ada, at=TUESDAY, customer=acme), quinn, at=TUESDAY + HOUR)
    for metric in set(Metric) - {Metric.INITIAL}:  # of this clock alone
        clocks.cancel(found, metric, at=TUESDAY + HOUR, by=ada)
    clocks.sweep(now=MISSED + HOUR)
    return found


def owed(case) -> Escalation:
    return Escalation.objects.get(clock=clock_of(case, Metric.INITIAL), step="breached")


def explain(case, by, at, **more):
    said = {"reason": BreachReason.NO_CAPACITY, "text": "Two of us were ill.", **more}
    return timekeeping.explain_breach(owed(case).breach, by=by, at=at, **said)


def test_a_breach_owes_its_explanation_by_the_end_of_the_next_working_day(case):
    assert (owed(case).raised_at, owed(case).due_at, owed(case).asks) == (MISSED, OWED_BY, " OWNER ")


def test_the_explanation_ends_it_and_keeps_where_it_is_mended(case, quinn):
    breach = explain(case, quinn, MISSED + HOUR, corrective="CAPA 3", customer_told_at=MISSED)

    assert (breach.corrective, breach.customer_told_at) == ("CAPA 3", MISSED)
    assert (owed(case).taken_by, owed(case).taken_at) == (quinn, MISSED + HOUR)
    assert escalations.sweep(now=OWED_BY + HOUR) == 0


def test_the_quality_manager_is_told_once_that_it_is_late_dated_when_the_time_ran_out(case):
    assert escalations.sweep(now=OWED_BY) == 0
    assert escalations.sweep(now=OWED_BY + HOUR) == 1
    assert escalations.sweep(now=OWED_BY + 2 * HOUR) == 0

    [event] = events_of(case, "sla.explanation_late")
    assert (event.at, event.by_id, event.facts["told"]) == (OWED_BY, None, ["QM"])
    assert event.facts["dedup"] == f"sla:{case.uuid}:1:INITIAL::{owed(case).generation}:explanation_late"


def test_a_revoked_breach_is_owed_none(ada, lee, acme):
    case = received(ada, at=TUESDAY, customer=acme)
    late = shanghai("2026-07-01 10:00")
    clocks.sweep(now=late)
    timekeeping.note_wait(
        case, Metric.RESOLVE, PauseReason.WAITING_SAMPLE, by=lee, at=late, evidence="Mail of 1 June",
        since=shanghai("2026-06-01 09:00"), until=shanghai("2026-06-20 09:00"),
    )  # fmt: skip

    row = Escalation.objects.get(clock=clock_of(case, Metric.RESOLVE), step="breached")
    assert (row.due_at, row.breach.status) == (None, SlaBreach.Status.REVOKED)


def test_it_lies_on_the_desk_of_the_owner_until_it_is_there(case, quinn, fay, cleo):
    fays = Complaint.objects.filter(pk=case.pk)
    fays.update(owner=fay)
    assert case in Complaint.objects.mine(fay)
    fays.update(owner=None, registered_by=None)
    assert case in Complaint.objects.mine(cleo)  # nobody owns it: the service lead

    explain(case, cleo, MISSED + HOUR)

    assert case not in Complaint.objects.mine(cleo)


def test_of_an_owner_who_left_the_service_lead_is_asked(case, cleo, fay):
    Complaint.objects.filter(pk=case.pk).update(owner=fay)
    assert case not in Complaint.objects.mine(cleo)

    User.objects.filter(pk=fay.pk).update(is_active=False)

    assert case in Complaint.objects.mine(cleo)
    assert escalations.asks(owed(case), cleo, MISSED + HOUR)


def test_the_customer_cannot_have_heard_later_than_it_is_explained(case, quinn, signed_in):
    with pytest.raises(Refused) as refusal:
        explain(case, quinn, MISSED + HOUR, customer_told_at=MISSED + 2 * HOUR)
    page = signed_in(quinn).post(
        f"/cases/{case.ref}/do/explain_breach/",
        {"once": "d" * 32, "breach": owed(case).breach.pk, "reason": "TRAVEL", "text": "The road was closed.",
         "customer_told_at": "2026-05-14T13:00", "at": "2026-05-14T12:00"},
    )  # fmt: skip

    assert [why.code for why in refusal.value.reasons] == ["told_later"]
    assert page.status_code == 422
    assert "The customer cannot have heard the new date after it was explained." in page.text
    assert owed(case).breach.status == SlaBreach.Status.OPEN


def test_the_case_shows_it_with_the_way_to_explain(case, quinn, signed_in):
    page = signed_in(quinn).get(f"/cases/{case.ref}/").content.decode()
    actions = signed_in(quinn).get(f"/cases/{case.ref}/actions/").content.decode()

    assert "Initial analysis: deadline missed" in page
    assert "The explanation was due the end of 15 May" in page
    assert f"/cases/{case.ref}/do/explain_breach/" in page
    assert "Initial analysis: deadline missed" in actions


def test_the_form_asks_for_department_customer_and_corrective_action(case, quinn, lee, signed_in, departments):
    breach = owed(case).breach
    answer = signed_in(quinn).post(
        f"/cases/{case.ref}/do/explain_breach/",
        {"once": "a" * 32, "breach": breach.pk, "reason": "TRAVEL", "text": "The road was closed.",
         "department": "field_service", "customer_told_at": "2026-05-14T11:00", "corrective": "https://mends.example/7"},
    )  # fmt: skip
    breach.refresh_from_db()

    assert answer.status_code == 302, answer.context["form"].errors
    assert (breach.department.code, breach.corrective) == ("field_service", "https://mends.example/7")
    assert breach.customer_told_at == shanghai("2026-05-14 11:00")
    page = signed_in(lee).get(f"/cases/{case.ref}/do/excuse_breach/").content.decode()
    assert "Is it excusable?" in page
