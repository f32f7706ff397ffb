"""T08 to T10 and T20, T21: the proposal goes to the customer, who counters, accepts, or is stuck with us."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from complaints import acts, lifecycle
from complaints.lifecycle import Refused
from remediation import approvals, proposals
from remediation.models import Acceptance
from tests.complaints.factories import events_of
from tests.remediation.stories import (
    ACCEPTED,
    DAY,
    PROPOSED,
    SENT,
    approved,
    cny,
    codes,
    drafted,
    fresh,
    line_of,
    negotiating,
    proposing,
)

PAID = {"kind": "COMPENSATION", "description": "Dismantling", "cost": cny(6250), "amount": cny(6250)}


def paying(who):
    granted = {"goodwill": True, "goodwill_reason": "Long trust"}
    return negotiating(who, {**PAID, **granted}, by=(who.lee,))


def agree(who, complaint, **other):
    said = {"signed_on": ACCEPTED.date(), "amount": cny(6250), "payee": "Acme Wind", "evidence": "Scan 7", **other}
    return proposals.record_agreement(complaint.proposals.get(), by=who.sam, at=ACCEPTED, **said)


def test_sending_waits_for_a_whole_and_approved_version(who):
    complaint = proposing(who)
    with pytest.raises(Refused) as refusal:
        lifecycle.send_proposal(complaint, by=who.quinn, at=SENT)
    assert codes(refusal) == ["proposal_missing"]

    proposal = drafted(who, complaint)
    with pytest.raises(Refused) as refusal:
        lifecycle.send_proposal(complaint, by=who.quinn, at=SENT)
    assert codes(refusal) == ["proposal_not_submitted"]

    approvals.submit(proposal, by=who.quinn, at=SENT)
    with pytest.raises(Refused) as refusal:
        lifecycle.send_proposal(complaint, by=who.quinn, at=SENT)
    assert codes(refusal) == ["approval_pending"]
    assert refusal.value.reasons[0].params["who"] == "Cleo, Lee"
    assert fresh(complaint).state == "PROPOSING"


def test_sending_freezes_the_letter_without_our_costs(who):
    complaint = negotiating(who)

    proposal = complaint.proposals.get()
    assert (complaint.state, proposal.status, proposal.sent_at) == ("NEGOTIATING", "SENT", SENT)
    offer = proposal.letter.facts["proposal"]
    assert [line["description"] for line in offer["lines"]] == ["Exchange the bearing"]
    assert "5000" not in str(proposal.letter.facts)


def test_a_version_that_is_no_longer_valid_is_not_sent(who):
    complaint = proposing(who)
    approved(who, drafted(who, complaint, valid_until=date(2026, 5, 14)))

    with pytest.raises(Refused) as refusal:
        lifecycle.send_proposal(complaint, by=who.quinn, at=SENT + DAY)

    assert codes(refusal) == ["valid_until_passed"]
    assert not complaint.letters.filter(kind="PROPOSAL").exists()  # nothing half-done


def test_its_last_day_is_still_valid(who):
    complaint = proposing(who)
    approved(who, drafted(who, complaint, valid_until=SENT.date()))

    assert lifecycle.send_proposal(complaint, by=who.quinn, at=SENT).state == "NEGOTIATING"


def test_a_refusal_and_a_counter_offer_are_kept_as_said(who):
    complaint = negotiating(who)

    complaint = lifecycle.counter(complaint, by=who.sam, at=ACCEPTED, reason="Too slow", refusal=True)

    entry = complaint.negotiation.get()
    assert (complaint.state, entry.kind, entry.text, entry.proposal.status) == (
        "PROPOSING", "REFUSAL", "Too slow", "REFUSED",
    )  # fmt: skip


def test_an_acceptance_binds_the_version_and_releases_its_lines(who):
    complaint = lifecycle.accept(negotiating(who), by=who.sam, at=ACCEPTED, kind="EMAIL", evidence="Mail", proposal=1)

    proposal = complaint.proposals.get()
    assert (complaint.state, proposal.status, line_of(complaint).status) == ("EXECUTING", "ACCEPTED", "RELEASED")
    assert (proposal.acceptance.kind, proposal.acceptance.evidence) == ("EMAIL", "Mail")


def test_the_customer_accepts_in_the_portal(who, carla, mallory):
    complaint = negotiating(who)
    with pytest.raises(PermissionDenied):
        lifecycle.accept(complaint, by=mallory, at=ACCEPTED, kind="PORTAL", evidence="click")

    complaint = lifecycle.accept(complaint, by=carla, at=ACCEPTED, kind="PORTAL", evidence="click")

    assert Acceptance.objects.get(proposal__complaint=complaint).name == "Carla"


def test_another_version_than_the_one_sent_is_not_accepted(who):
    complaint = negotiating(who)

    with pytest.raises(Refused) as refusal:
        lifecycle.accept(complaint, by=who.sam, at=ACCEPTED, kind="EMAIL", evidence="Mail", proposal=2)

    assert codes(refusal) == ["proposal_other_version"]
    assert fresh(complaint).state == "NEGOTIATING"


def test_an_acceptance_after_the_validity_comes_too_late(who):
    complaint = negotiating(who)

    with pytest.raises(Refused) as refusal:
        lifecycle.accept(complaint, by=who.sam, at=SENT + 30 * DAY, kind="EMAIL", evidence="Mail")

    assert codes(refusal) == ["proposal_expired"]


def test_an_expired_offer_ends_by_itself_and_asks_for_the_next(who):
    complaint = negotiating(who)

    assert proposals.expire(complaint.proposals.get(), at=SENT + 30 * DAY)
    assert not proposals.expire(complaint.proposals.get(), at=SENT + 30 * DAY)

    assert complaint.proposals.get().status == "EXPIRED"
    assert complaint.tasks.get(kind="proposal_expired").status == "OPEN"
    complaint = lifecycle.counter(complaint, by=who.sam, at=SENT + 31 * DAY, reason="We need a new offer")
    assert complaint.state == "PROPOSING"


def test_where_money_flows_the_agreement_comes_first(who):
    complaint = paying(who)
    with pytest.raises(Refused) as refusal:
        lifecycle.accept(complaint, by=who.sam, at=ACCEPTED, kind="EMAIL", evidence="Mail")
    assert codes(refusal) == ["agreement_missing"]

    agree(who, complaint)

    assert lifecycle.accept(complaint, by=who.sam, at=ACCEPTED, kind="EMAIL", evidence="Mail").state == "EXECUTING"


def test_an_agreement_is_over_the_sum_that_was_granted(who):
    with pytest.raises(Refused) as refusal:
        agree(who, paying(who), amount=cny("6250.01"))

    assert codes(refusal) == ["agreement_differs"]


def test_an_agreement_is_recorded_once_and_not_offered_again(who):
    complaint = paying(who)
    offered = acts.offer(acts.get("record_agreement"), complaint, who.sam)
    agree(who, complaint)

    with pytest.raises(Refused) as refusal:
        agree(who, complaint)

    again = acts.offer(acts.get("record_agreement"), fresh(complaint), who.sam)
    assert codes(refusal) == [why.code for why in again.blocked_by] == ["agreement_recorded"]
    assert offered.allowed
    assert complaint.proposals.get().agreements.count() == 1


def test_where_no_money_flows_no_agreement_is_asked_for(who):
    offer = acts.offer(acts.get("record_agreement"), negotiating(who), who.sam)

    assert [why.code for why in offer.blocked_by] == ["agreement_recorded"]


def test_an_agreement_is_not_signed_tomorrow(who):
    with pytest.raises(Refused) as refusal:
        agree(who, paying(who), signed_on=ACCEPTED.date() + DAY)

    assert codes(refusal) == ["at_in_future"]


def test_three_rounds_make_a_deadlock(who):
    complaint = negotiating(who)
    with pytest.raises(Refused) as refusal:
        lifecycle.dispute(complaint, by=who.lin, at=ACCEPTED, ground="THREE_ROUNDS", notice="Stuck")
    assert codes(refusal) == ["rounds_too_few"]
    assert not complaint.disputes.exists()

    for words in ("No", "Still no", "Never"):
        proposals.offer(complaint, by=who.sam, at=ACCEPTED, text=words, kind="REFUSAL")

    assert lifecycle.dispute(complaint, by=who.lin, at=ACCEPTED, ground="THREE_ROUNDS", notice="Stuck").state == (
        "DISPUTED"
    )


def test_sixty_days_make_a_deadlock(who):
    complaint = negotiating(who)
    almost = SENT + timedelta(days=59)
    with pytest.raises(Refused) as refusal:
        lifecycle.dispute(complaint, by=who.lin, at=almost, ground="SIXTY_DAYS", notice="Stuck")
    assert refusal.value.reasons[0].params == {"days": 59}

    complaint = lifecycle.dispute(complaint, by=who.lin, at=almost + DAY, ground="SIXTY_DAYS", notice="Stuck")

    assert complaint.state == "DISPUTED"


def test_an_award_accepts_the_version_that_is_with_the_customer(who):
    complaint = lifecycle.dispute(negotiating(who), by=who.lin, at=ACCEPTED, ground="FORMAL_NOTICE", notice="Letter")

    complaint = lifecycle.settle(complaint, by=who.lin, at=ACCEPTED, to="EXECUTING", outcome="Award of 15 May")

    assert complaint.proposals.get().acceptance.kind == "SETTLEMENT"
    assert line_of(complaint).status == "RELEASED"


def test_execution_after_a_dispute_needs_a_version_to_carry_out(who):
    complaint = negotiating(who)
    complaint = lifecycle.dispute(complaint, by=who.lin, at=ACCEPTED, ground="FORMAL_NOTICE", notice="Letter")
    proposals.expire(complaint.proposals.get(), at=SENT + 30 * DAY)

    with pytest.raises(Refused) as refusal:
        lifecycle.settle(complaint, by=who.lin, at=SENT + 30 * DAY, to="EXECUTING", outcome="Award")

    assert codes(refusal) == ["proposal_not_sent"]


def test_a_withdrawn_case_carries_nothing_out(who):
    complaint = lifecycle.withdraw(
        negotiating(who), by=who.cleo, at=ACCEPTED, statement="We take it back", internal_record="NC-1"
    )

    assert complaint.proposals.get().status == "SUPERSEDED"
    [event] = events_of(complaint, "proposal.superseded")
    assert event.facts == {"proposal": 1, "status": "SUPERSEDED"}
    assert line_of(complaint).status == "CANCELLED"


def test_a_version_that_is_refused_is_over_with_an_event(who):
    complaint = lifecycle.counter(negotiating(who), by=who.sam, at=ACCEPTED, reason="Too little", refusal=True)

    [event] = events_of(complaint, "proposal.superseded")
    assert event.facts == {"proposal": 1, "status": "REFUSED"}


def test_words_are_needed_in_a_negotiation(who):
    with pytest.raises(Refused) as refusal:
        proposals.offer(negotiating(who), by=who.sam, at=ACCEPTED, text="  ")

    assert codes(refusal) == ["text_missing"]


def test_only_those_who_negotiate_may_speak(who):
    with pytest.raises(PermissionDenied):
        proposals.offer(negotiating(who), by=who.ada, at=PROPOSED, text="Hello")
