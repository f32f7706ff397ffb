"""Approval by cumulative amount: who, why, and never the proposer (DOMAIN §7.2)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from complaints import lifecycle
from complaints.lifecycle import Refused
from remediation import approvals, proposals
from remediation.models import Approval, ExchangeRate, Proposal, ProposalLine
from tests.cast import person
from tests.complaints.factories import events_of
from tests.remediation.stories import (
    ACCEPTED,
    DAY,
    PROPOSED,
    REWORK,
    SENT,
    approved,
    cny,
    codes,
    drafted,
    finish,
    fresh,
    negotiating,
    proposing,
    responding,
)


def levels(proposal) -> list[str]:
    return [entry.level for entry in approvals.approvers_needed(proposal)]


def costing(who, cost, **line):
    return drafted(who, proposing(who), {**REWORK, "cost": cny(cost), **line})


@pytest.mark.parametrize(
    ("amount", "needed"),
    [
        ("10000.00", ["LEAD"]),
        ("10000.01", ["QM"]),
        ("50000.00", ["QM"]),
        ("50000.01", ["QM", "FIN"]),
        ("200000.00", ["QM", "FIN"]),
        ("200000.01", ["QM", "FIN", "LEG", "DIR"]),
        ("1000000.00", ["QM", "FIN", "LEG", "DIR"]),
        ("1000000.01", ["QM", "FIN", "LEG", "DIR", "GM"]),
    ],
)
def test_the_value_says_who_must_agree(who, amount, needed):
    assert levels(costing(who, amount)) == needed


@pytest.mark.parametrize(
    ("amount", "code", "limits"),
    [
        ("10000.00", "approval_by_lowest", {"up_to": "CNY 10,000.00"}),
        ("31250.00", "approval_by_value", {"limit": "CNY 10,000.00", "up_to": "CNY 50,000.00"}),
        ("1000000.01", "approval_by_highest", {"limit": "CNY 1,000,000.00"}),
    ],
)
def test_the_reason_names_the_limit_that_is_exceeded_and_the_one_that_is_kept(who, amount, code, limits):
    why = approvals.approvers_needed(costing(who, amount))[0].why

    assert (why.code, why.params) == (code, {"value": str(cny(amount)), **limits})


def test_goodwill_names_the_limit_from_which_its_level_is_needed(who):
    costed = costing(who, 5000, goodwill=True, goodwill_reason="Long trust")
    why = approvals.approvers_needed(costed)[0].why

    assert (why.code, why.params["limit"]) == ("approval_for_goodwill", "CNY 10,000.00")


def test_goodwill_goes_one_level_higher(who):
    assert levels(costing(who, 5000, goodwill=True, goodwill_reason="Long trust")) == ["QM"]


def test_a_concession_needs_research_quality_and_the_customer(who):
    assert levels(costing(who, 100, kind="CONCESSION")) == ["LEAD", "QM", "RND", "CUS"]


def test_an_extended_guarantee_and_an_admission_need_legal(who):
    proposal = costing(who, 100, kind="EXTENDED_GUARANTEE")
    assert levels(proposal) == ["LEAD", "LEG"]

    proposals.set_terms(proposal, by=who.quinn, at=PROPOSED, without_admission=False)

    assert levels(fresh(proposal)) == ["LEAD", "LEG"]


def test_an_amount_paid_is_part_of_the_cost_and_counts_once(who):
    assert levels(costing(who, 9000, kind="COMPENSATION", amount=cny(9000))) == ["LEAD"]


def test_splitting_gains_nothing_for_the_case_adds_up(who):
    complaint = negotiating(who, {**REWORK, "cost": cny(9000)})
    complaint = lifecycle.accept(complaint, by=who.sam, at=ACCEPTED, kind="EMAIL", evidence="Mail")
    finish(complaint.proposals.get().lines.get(), who, at=ACCEPTED)
    complaint = lifecycle.report_done(complaint, by=who.quinn, at=ACCEPTED)
    complaint = lifecycle.confirm(complaint, by=who.ada, at=ACCEPTED, person="Carla")
    complaint = lifecycle.reopen(complaint, by=who.lee, at=ACCEPTED + DAY, reason="Hums again")

    again = Proposal.objects.create(
        complaint=complaint, cycle=2, number=2, drafted_by=who.quinn, drafted_at=ACCEPTED + DAY
    )
    ProposalLine.objects.create(proposal=again, position=1, written_by=who.quinn, cost=cny(2000), **REWORK)

    assert approvals.committed_value(complaint, on=ACCEPTED.date(), besides=again) == cny(11000)
    assert levels(again) == ["QM"]


def test_an_interim_remedy_counts_too(who):
    complaint = responding(who)
    approved(who, drafted(who, complaint, {**REWORK, "cost": cny(9000)}, interim=True))

    second = drafted(who, complaint, {**REWORK, "cost": cny(2000)}, interim=True)

    assert levels(second) == ["QM"]


def test_the_last_approval_makes_it_approved(who):
    complaint = proposing(who)
    proposal = drafted(who, complaint, {**REWORK, "cost": cny(60000)})
    approvals.submit(proposal, by=who.quinn, at=PROPOSED)

    proposal = approvals.approve(proposal, by=who.lee, at=PROPOSED)
    assert proposal.status == "IN_APPROVAL"
    proposal = approvals.approve(proposal, by=who.fay, at=PROPOSED)

    assert proposal.status == "APPROVED"
    assert [(row.level, row.person, row.amount) for row in proposal.approvals.order_by("pk")] == [
        ("QM", who.lee, cny(60000)),
        ("FIN", who.fay, cny(60000)),
    ]
    assert [event.facts["complete"] for event in events_of(complaint, "proposal.approved")] == [False, True]


def test_who_proposes_cannot_approve(who):
    complaint = proposing(who)
    proposal = proposals.draft_proposal(complaint, by=who.lee, at=PROPOSED, valid_until=date(2026, 6, 5))
    proposals.add_line(proposal, by=who.lee, at=PROPOSED, cost=cny(20000), **REWORK)
    approvals.submit(proposal, by=who.quinn, at=PROPOSED)

    with pytest.raises(Refused) as refusal:
        approvals.approve(proposal, by=who.lee, at=PROPOSED)

    assert codes(refusal) == ["same_person"]
    assert approvals.gaps(fresh(proposal))[0].code == "approval_nobody"


def test_who_set_a_line_cannot_approve_either(who):
    proposal = costing(who, 20000)
    proposals.change_line(proposal.lines.get(), by=who.lee, at=PROPOSED, cost=cny(30000))
    approvals.submit(proposal, by=who.quinn, at=PROPOSED)

    with pytest.raises(Refused) as refusal:
        approvals.approve(proposal, by=who.lee, at=PROPOSED)

    assert codes(refusal) == ["same_person"]


def test_the_database_refuses_self_approval(who):
    proposal = costing(who, 100)

    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            proposal=proposal, level="QM", person=who.quinn, proposer=who.quinn, role_at_time="QM",
            decision="APPROVED", amount=cny(1), at=PROPOSED,
        )  # fmt: skip


def test_one_person_agrees_for_one_level(who, own):
    both = person("Bo", own, "QM", "FIN")
    proposal = costing(who, 60000)
    approvals.submit(proposal, by=who.quinn, at=PROPOSED)

    approvals.approve(proposal, by=both, at=PROPOSED)
    proposal = approvals.approve(proposal, by=both, at=PROPOSED)  # changes nothing
    with pytest.raises(Refused) as refusal:
        approvals.approve(proposal, by=both, at=PROPOSED, level="FIN")

    assert codes(refusal) == ["same_person"]
    assert proposal.status == "IN_APPROVAL"
    assert proposal.approvals.count() == 1


def test_who_holds_no_level_may_not(who):
    proposal = costing(who, 100)
    approvals.submit(proposal, by=who.quinn, at=PROPOSED)

    with pytest.raises(PermissionDenied):
        approvals.approve(proposal, by=who.ada, at=PROPOSED)


def test_a_level_that_is_not_needed_is_not_given(who):
    proposal = costing(who, 100)
    approvals.submit(proposal, by=who.quinn, at=PROPOSED)

    with pytest.raises(Refused) as refusal:
        approvals.approve(proposal, by=who.fay, at=PROPOSED)

    assert codes(refusal) == ["approval_not_needed"]


def test_a_refusal_sends_it_back_and_makes_approvals_void(who):
    proposal = costing(who, 60000)
    approvals.submit(proposal, by=who.quinn, at=PROPOSED)
    approvals.approve(proposal, by=who.lee, at=PROPOSED)

    proposal = approvals.refuse(proposal, by=who.fay, at=PROPOSED, comment="Too dear")

    assert (proposal.status, proposal.refusal) == ("DRAFT", "Too dear")
    approvals.submit(proposal, by=who.quinn, at=PROPOSED)
    approvals.approve(proposal, by=who.lee, at=PROPOSED)
    assert approvals.approve(proposal, by=who.fay, at=PROPOSED).status == "APPROVED"


def test_what_is_not_whole_is_not_handed_in(who):
    complaint = proposing(who)
    proposal = proposals.draft_proposal(complaint, by=who.quinn, at=PROPOSED)
    with pytest.raises(Refused) as refusal:
        approvals.submit(proposal, by=who.quinn, at=PROPOSED)
    assert codes(refusal) == ["proposal_empty", "valid_until_missing"]

    proposals.add_line(proposal, by=who.quinn, at=PROPOSED, kind="COMPENSATION", description="Dismantling")

    with pytest.raises(Refused) as refusal:
        approvals.submit(proposal, by=who.quinn, at=PROPOSED)
    assert codes(refusal) == [
        "line_not_costed", "line_amount_missing", "line_entitlement_missing", "valid_until_missing",
    ]  # fmt: skip


def test_another_currency_needs_its_rate_of_the_day(who):
    from contracts.money import Money

    proposal = drafted(who, proposing(who), {**REWORK, "cost": Money(Decimal("1500.00"), "EUR")})
    with pytest.raises(Refused) as refusal:
        approvals.submit(proposal, by=who.quinn, at=PROPOSED)
    assert codes(refusal) == ["rate_missing"]

    ExchangeRate.objects.create(currency="EUR", on=date(2026, 5, 1), rate=Decimal("7.8125"), source="test")
    ExchangeRate.objects.create(currency="EUR", on=date(2026, 5, 14), rate=Decimal("9"), source="test")
    approvals.submit(proposal, by=who.quinn, at=PROPOSED)  # 2026-05-13

    assert approvals.committed_value(proposal.complaint, on=PROPOSED.date(), besides=proposal) == cny("11718.75")
    assert levels(fresh(proposal)) == ["QM"]


def test_a_concession_is_impossible_while_safety_is_at_stake(who):
    proposal = drafted(who, proposing(who, safety="DANGER"), {**REWORK, "cost": cny(1), "kind": "CONCESSION"})

    with pytest.raises(Refused) as refusal:
        approvals.submit(proposal, by=who.quinn, at=PROPOSED)

    assert codes(refusal) == ["concession_unsafe"]


def test_the_executive_is_told_of_a_critical_case(who):
    complaint = proposing(who, grade="G1")

    approvals.submit(drafted(who, complaint), by=who.quinn, at=SENT)

    assert events_of(complaint, "proposal.submitted")[0].facts["tell"] == ["EXE"]
