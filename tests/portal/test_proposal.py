"""Reading and answering a proposal: one version, one answer, signed."""

import pytest
from django.urls import reverse

from complaints import lifecycle
from complaints.models import EntitlementAssessment
from complaints.models.states import State
from remediation import followup, proposals
from remediation.models.kinds import ProposalStatus
from tests.portal.stories import PAYING, answer, seen
from tests.remediation.stories import DAY, HOUR, PROPOSED, REWORK, SENT, approved, cny, drafted, fresh, negotiating


@pytest.fixture(autouse=True)
def _in_may(at_noon):
    at_noon(SENT + HOUR)


@pytest.fixture
def offered(who, carla):
    return negotiating(who, {**REWORK, "cost": cny(4711), "due_on": (SENT + 5 * DAY).date()})


@pytest.fixture
def customer(carla, signed_in):
    return signed_in(carla)


def proposal_page(client, complaint):
    return client.get(reverse("portal-proposal", args=[complaint.ref]))


def check(client, complaint, said="accept", *, version=1, **words):
    form = {"answer": said, "version": version, **words}
    return client.post(reverse("portal-proposal-check", args=[complaint.ref]), form)


def test_what_is_signed_names_its_last_day_and_that_no_liability_is_admitted(offered, customer):
    page = seen(check(customer, offered))

    assert "Valid until" in page
    assert "without admitting liability" in page


def test_a_pdf_that_is_not_there_yet_keeps_nobody_waiting(offered, customer):
    page = seen(proposal_page(customer, offered))

    assert "This page holds the whole proposal" in page


def test_it_says_what_they_get_and_until_when_but_not_what_it_costs_us(offered, customer):
    page = seen(proposal_page(customer, offered))

    assert "Exchange the bearing" in page
    assert "Fri 5 June" in page
    assert "4,711" not in page
    assert "4711" not in page


def test_the_check_page_changes_nothing(offered, customer):
    response = check(customer, offered)

    assert response.status_code == 200
    assert "Accept version 1" in seen(response)
    assert fresh(offered).state == State.NEGOTIATING


def test_accepting_binds_the_version_and_shows_a_receipt(offered, customer, carla):
    response = answer(customer, offered)

    assert response.url == reverse("portal-proposal-receipt", args=[offered.ref])
    given = offered.proposals.get().acceptance
    assert (given.kind, given.by, given.name) == ("PORTAL", carla, "Carla Brandt")
    assert "Carla Brandt" in given.evidence
    assert fresh(offered).state == State.EXECUTING
    assert "You accepted version 1" in seen(customer.get(response.url))


def test_a_double_click_accepts_once_and_leads_to_the_same_page(offered, customer):
    first = answer(customer, offered, once="click")
    second = answer(customer, offered, once="click")

    assert first.url == second.url
    assert second.headers["Idempotent-Replayed"] == "true"
    assert offered.proposals.get().acceptance


def test_a_second_answer_from_another_tab_is_refused(offered, customer):
    answer(customer, offered)

    response = answer(customer, offered, "reject", reason="Changed our mind")

    assert response.status_code == 409
    assert "answered already" in seen(response)
    assert fresh(offered).state == State.EXECUTING


def test_an_answer_needs_the_name(offered, customer):
    response = answer(customer, offered, name=" ")

    assert response.status_code == 422
    assert fresh(offered).state == State.NEGOTIATING


@pytest.mark.parametrize(("said", "field"), [("change", "change"), ("reject", "reason")])
def test_a_change_or_a_refusal_needs_its_words_and_keeps_what_was_typed(offered, customer, said, field):
    refused = check(customer, offered, said)
    assert refused.status_code == 422

    shown = check(customer, offered, said, **{field: "8 June is too late for us"})

    assert "8 June is too late for us" in seen(shown)


@pytest.mark.parametrize(
    ("said", "field", "status"),
    [("change", "change", ProposalStatus.SUPERSEDED), ("reject", "reason", ProposalStatus.REFUSED)],
)
def test_a_change_or_a_refusal_opens_the_next_round(offered, customer, said, field, status):
    response = answer(customer, offered, said, **{field: "Too late for us"})

    assert offered.proposals.get().status == status
    assert fresh(offered).state == State.PROPOSING
    receipt = seen(customer.get(response.url))
    assert "Too late for us" in receipt
    assert "preparing the next" in seen(customer.get(reverse("portal-case", args=[offered.ref])))


def test_an_answer_to_a_version_replaced_meanwhile_is_refused_with_the_number_of_the_new_one(offered, who, customer):
    lifecycle.counter(offered, by=who.sam, at=SENT + HOUR, reason="By phone")
    approved(who, drafted(who, offered, {**REWORK, "cost": cny(4711)}, at=SENT + HOUR), at=SENT + HOUR)
    lifecycle.send_proposal(offered, by=who.quinn, at=SENT + HOUR)

    response = answer(customer, offered, version=1)

    assert response.status_code == 409
    assert "Read version 2 first" in seen(response)
    assert fresh(offered).state == State.NEGOTIATING
    assert check(customer, offered, version=1).status_code == 409


def test_an_offer_that_ran_out_says_so_and_cannot_be_accepted(offered, carla, signed_in, at_noon):
    at_noon(SENT + 40 * DAY)
    customer = signed_in(carla)
    page = proposal_page(customer, offered)
    assert "It was valid until" in seen(page)
    assert 'name="answer"' not in page.content.decode()

    response = answer(customer, offered)

    assert response.status_code == 409
    followup.sweep(now=SENT + 40 * DAY)
    assert "preparing the next" in seen(customer.get(reverse("portal-case", args=[offered.ref])))


def test_money_waits_for_the_signed_agreement_and_says_so(who, carla, customer):
    complaint = negotiating(who, PAYING, by=(who.lee,))
    page = proposal_page(customer, complaint)
    assert "needs an agreement signed by both sides first" in seen(page)
    assert 'value="accept"' not in page.content.decode()
    assert answer(customer, complaint).status_code == 409

    offer = complaint.proposals.get()
    agreed = {"signed_on": SENT.date(), "amount": cny(9000), "payee": "Acme", "evidence": "Signed copy"}
    proposals.record_agreement(offer, by=who.sam, at=SENT, **agreed)

    assert answer(customer, complaint).status_code == 302


def test_a_sum_shows_its_clause_and_how_it_was_worked_out(who, carla, customer):
    complaint = negotiating(who, PAYING, by=(who.lee,))
    assessed = EntitlementAssessment.objects.create(
        complaint=complaint, cycle=1, number=9, status="ENTITLED", reasoning="Legal secret", by=who.lin, at=PROPOSED,
        heads=[{"head": "Delay damages", "clause": "9.1", "formula": "18 × 0.05 %", "amount": "10800"}],
    )  # fmt: skip
    type(complaint.proposals.get().lines.get()).objects.update(entitlement=assessed)

    page = seen(proposal_page(customer, complaint))

    assert "9,000.00" in page
    assert "Delay damages: 18 × 0.05 % 10,800" in page
    assert "Goodwill, beyond what the contract grants" in page
    assert "Legal secret" not in page
    assert "Keep the peace" not in page


def test_without_a_sent_proposal_there_is_no_page(who, carla, customer):
    from tests.remediation.stories import proposing

    complaint = proposing(who)
    drafted(who, complaint)

    assert proposal_page(customer, complaint).status_code == 404
    assert answer(customer, complaint).status_code == 404
