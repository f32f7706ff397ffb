"""Drafting a proposal: its versions, its lines, what stays once it was sent."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from complaints import lifecycle
from complaints.lifecycle import Refused
from complaints.models import Immutable
from remediation import approvals, proposals
from remediation.models import Proposal, ProposalLine
from tests.complaints.factories import events_of
from tests.remediation.stories import (
    PROPOSED,
    REWORK,
    SENT,
    approved,
    cny,
    codes,
    drafted,
    fresh,
    line_of,
    negotiating,
    proposing,
    responding,
)


def test_the_first_version_is_a_draft_with_its_lines(who):
    complaint = proposing(who)

    proposal = drafted(who, complaint)

    assert (proposal.number, proposal.status, proposal.lines.count()) == (1, "DRAFT", 1)
    assert [event.kind for event in events_of(complaint, "proposal.")] == ["proposal.drafted", "proposal.line_added"]


def test_there_is_one_active_version(who):
    complaint = proposing(who)
    drafted(who, complaint)

    with pytest.raises(Refused) as refusal:
        proposals.draft_proposal(complaint, by=who.quinn, at=PROPOSED)

    assert codes(refusal) == ["proposal_active"]


def test_the_database_holds_to_one_active_version(who):
    complaint = proposing(who)
    drafted(who, complaint)

    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(
            complaint=complaint, cycle=1, number=2, drafted_by=who.quinn, drafted_at=PROPOSED
        )  # fmt: skip


def test_only_those_who_draft_may(who):
    complaint = proposing(who)

    with pytest.raises(PermissionDenied):
        proposals.draft_proposal(complaint, by=who.fay, at=PROPOSED)


def test_a_case_in_another_state_has_no_proposal(who):
    complaint = responding(who)

    with pytest.raises(Refused) as refusal:
        proposals.draft_proposal(complaint, by=who.quinn, at=PROPOSED)

    assert codes(refusal) == ["state_does_not_allow"]


def test_goodwill_needs_its_reason(who):
    proposal = drafted(who, proposing(who))

    with pytest.raises(Refused) as refusal:
        proposals.add_line(proposal, by=who.quinn, at=PROPOSED, goodwill=True, **REWORK)

    assert codes(refusal) == ["goodwill_reason_missing"]
    assert proposal.lines.count() == 1


def test_what_was_sent_stays_as_it_was_sent(who):
    complaint = negotiating(who)
    line, proposal = line_of(complaint), complaint.proposals.get()

    with pytest.raises(Refused) as refusal:
        proposals.change_line(line, by=who.quinn, at=SENT, cost=cny(1))
    assert codes(refusal) == ["state_does_not_allow"] or codes(refusal) == ["proposal_sent"]
    line.cost = cny(1)
    with pytest.raises(Immutable):
        line.save()
    proposal.conditions = "Only on Sundays"
    with pytest.raises(Immutable):
        proposal.save()
    with pytest.raises(Immutable):
        ProposalLine.objects.create(proposal=proposal, position=9, kind="SCRAP", description="x", written_by=who.lee)
    with pytest.raises(Immutable):
        fresh(line).delete()

    assert fresh(line).cost == cny(5000)


def test_a_change_of_amount_scope_or_currency_voids_the_approvals(who):
    proposal = approved(who, drafted(who, proposing(who)))
    line = proposal.lines.get()

    proposals.change_line(line, by=who.quinn, at=PROPOSED, cost=cny(5001))

    proposal = fresh(proposal)
    assert proposal.status == "DRAFT"
    assert not proposal.approvals.filter(voided_at=None).exists()
    assert proposal.approvals.count() == 1  # the row stays
    assert approvals.gaps(proposal)[0].code == "proposal_not_submitted"


def test_a_change_of_owner_keeps_the_approvals(who):
    proposal = approved(who, drafted(who, proposing(who)))

    proposals.change_line(proposal.lines.get(), by=who.quinn, at=PROPOSED, owner=who.sam)

    assert fresh(proposal).status == "APPROVED"


def test_the_next_version_can_begin_as_a_copy(who):
    complaint = negotiating(who)
    lifecycle.counter(complaint, by=who.sam, at=SENT, reason="Too slow")

    second = proposals.draft_proposal(complaint, by=who.quinn, at=SENT, copy=True)

    assert (second.number, second.lines.get().cost) == (2, cny(5000))
    assert complaint.proposals.get(number=1).status == "SUPERSEDED"


def test_a_removed_line_is_gone_from_the_draft_but_not_from_the_record(who):
    complaint = proposing(who)
    proposal = drafted(who, complaint)

    proposals.remove_line(proposal.lines.get(), by=who.quinn, at=PROPOSED)

    assert not proposal.lines.exists()
    assert events_of(complaint, "proposal.line_removed")


def test_an_interim_remedy_is_begun_ahead_of_the_diagnosis(who):
    complaint = responding(who)
    proposal = drafted(who, complaint, interim=True)

    approved(who, proposal)
    proposal = proposals.release(proposal, by=who.quinn, at=PROPOSED)

    assert (proposal.status, proposal.lines.get().status) == ("SENT", "RELEASED")
    assert fresh(complaint).state == "RESPONDING"
    assert proposal.letter.sent_at == PROPOSED
