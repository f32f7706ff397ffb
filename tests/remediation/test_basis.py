"""A line takes its sum from a kept assessment, may not exceed it silently, and asks again when the facts change."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from complaints import assessing, lifecycle
from complaints.lifecycle import Refused
from complaints.models import Complaint, EntitlementAssessment
from contracts.money import Money
from remediation import approvals, basis, proposals
from remediation.models import Proposal
from tests.complaints import contract_case as under
from tests.remediation import stories
from tests.remediation.stories import PROPOSED, SENT, cny, codes, drafted, fresh
from tests.remediation.test_case_budget import BUDGET, spent

PAYS = {"kind": "COMPENSATION", "description": "Agreed damages", "cost": cny(9800), "head": "LD_PER_UNIT 8.2"}
CHEAPER = {"affected_price": "50000.00"}


@pytest.fixture
def case(who, acme, sam, lin):
    """A case whose diagnosis is agreed and whose contract grants CNY 9,800.00 for defective units."""
    paper = under.contract(acme, sam, lin)
    sent = under.delivery(paper)
    complaint = stories.proposing(
        who, customer=acme, contract=paper, contract_version=paper.versions.get(), delivery=sent, product=sent.product,
        nonconformity=["DEFECT"], remedy_asked=["REWORK"], quantity_affected="41", quantity_delivered="80",
    )  # fmt: skip
    Complaint.objects.filter(pk=complaint.pk).update(contract=paper, contract_version=paper.versions.get())
    complaint.affected_items.update(total=41, confirmed=37, good=4)
    return Complaint.objects.get(pk=complaint.pk)


@pytest.fixture
def assessed(case, who):
    assessing.state_facts(case, by=who.quinn, at=PROPOSED, source="Delivery note", facts=under.FACTS)
    return assessing.assess(case, by=who.lin, at=PROPOSED)


@pytest.fixture
def draft(case, who, assessed):
    return drafted(who, case, {**PAYS, "entitlement": assessed})


def say(case, who, **facts):
    assessing.state_facts(case, by=who.quinn, at=PROPOSED, source="Invoice", facts=facts)


def approved(who, proposal):
    return stories.approved(who, proposal, by=(who.cleo,))


def test_a_line_takes_sum_and_clause_from_the_head(draft):
    line = draft.lines.get()

    assert str(line.amount) == "CNY 9,800.00"
    assert line.clause.number == "8.2"


def test_a_head_that_the_assessment_does_not_grant_is_refused(case, who, assessed):
    proposal = proposals.draft_proposal(case, by=who.quinn, at=PROPOSED)

    with pytest.raises(Refused) as refusal:
        proposals.add_line(
            proposal, by=who.quinn, at=PROPOSED, **{**PAYS, "head": "LD_DELAY 8.1", "entitlement": assessed}
        )

    assert codes(refusal) == ["line_head_unknown"]
    assert not proposal.lines.exists()


@pytest.mark.parametrize(("changes", "code"), [
    ({"amount": cny(9801)}, "line_over_entitlement"),
    ({"amount": Money(Decimal(100), "EUR")}, "line_other_currency"),
])  # fmt: skip
def test_more_than_the_contract_grants_is_not_handed_in_silently(case, who, assessed, changes, code):
    proposal = drafted(who, case, {**PAYS, "entitlement": assessed, **changes})

    with pytest.raises(Refused) as refusal:
        approvals.submit(proposal, by=who.quinn, at=PROPOSED)

    assert codes(refusal) == [code]


def test_two_lines_together_stay_under_the_total(case, who, assessed):
    line = {**PAYS, "entitlement": assessed, "amount": cny(6000)}
    proposal = drafted(who, case, line, {**line, "description": "Once more"})

    with pytest.raises(Refused) as refusal:
        approvals.submit(proposal, by=who.quinn, at=PROPOSED)

    assert codes(refusal) == ["lines_over_total"]


def test_more_with_a_reason_is_goodwill(case, who, assessed):
    line = {
        **PAYS,
        "entitlement": assessed,
        "amount": cny(9801),
        "goodwill": True,
        "goodwill_reason": "A good customer.",
    }

    assert approvals.submit(drafted(who, case, line), by=who.quinn, at=PROPOSED).status == "IN_APPROVAL"


def test_it_is_sent_while_the_facts_hold_and_the_letter_says_how_the_sum_arises(case, who, draft):
    approved(who, draft)

    sent = lifecycle.send_proposal(case, by=who.quinn, at=SENT)

    facts = sent.letters.get(kind="PROPOSAL").facts["proposal"]
    working = facts["workings"][0]
    assert working["clause"]["number"] == "8.2"
    assert "37 units × CNY 350.00 = CNY 12,950.00." in working["sentences"]
    assert not any("cause" in sentence or "conform" in sentence for sentence in working["sentences"])  # no admission
    assert facts["lines"][0]["amount"] == {"amount": "9800.00", "currency": "CNY"}


def test_the_letter_of_a_chinese_customer_says_it_in_chinese(case, who, draft):
    Complaint.objects.filter(pk=case.pk).update(language="zh-hans")
    approved(who, draft)

    sent = lifecycle.send_proposal(Complaint.objects.get(pk=case.pk), by=who.quinn, at=SENT)

    working = sent.letters.get(kind="PROPOSAL").facts["proposal"]["workings"][0]
    assert working["clause"]["heading"] == "条款"
    assert any("应付" in sentence or "上限" in sentence for sentence in working["sentences"])


def test_facts_that_change_after_approval_stand_in_the_way_of_sending(case, who, draft):
    approved(who, draft)

    say(case, who, **CHEAPER)

    choice = lifecycle.choice("send_proposal", case, who.quinn)
    assert [why.code for why in choice.blocked_by] == ["basis_changed"]
    with pytest.raises(Refused) as refusal:
        lifecycle.send_proposal(case, by=who.quinn, at=SENT)
    assert codes(refusal) == ["basis_changed"]
    assert fresh(draft).sent_at is None


def test_facts_that_nobody_rechecked_are_looked_at_when_it_is_sent(case, who, draft):
    approved(who, draft)
    case.affected_items.update(confirmed=10, good=31)  # past every verb

    with pytest.raises(Refused) as refusal:
        lifecycle.send_proposal(case, by=who.quinn, at=SENT)

    assert codes(refusal) == ["basis_changed"]


def test_the_pages_of_the_proposal_and_of_its_approval_say_what_changed(case, who, draft, signed_in):
    approvals.submit(draft, by=who.quinn, at=PROPOSED)
    say(case, who, **CHEAPER)

    remedy = signed_in(who.quinn).get(reverse("case-remedy", args=[case.ref])).content.decode()
    approval = signed_in(who.cleo).get(reverse("case-do", args=[case.ref, "approve_proposal"])).content.decode()

    for page in (remedy, approval):
        assert "9,800.00" in page
        assert "5,000.00" in page


def test_a_new_assessment_and_a_new_approval_let_it_go(case, who, draft):
    approved(who, draft)
    say(case, who, **CHEAPER)
    newer = assessing.assess(case, by=who.lin, at=PROPOSED)

    proposals.change_line(draft.lines.get(), by=who.quinn, at=PROPOSED, entitlement=newer, amount=None)

    assert fresh(draft).status == "DRAFT"
    approved(who, fresh(draft))
    lifecycle.send_proposal(case, by=who.quinn, at=SENT)
    assert str(fresh(draft).lines.get().amount) == "CNY 5,000.00"


def test_legal_confirms_the_sum_until_the_facts_change_again(case, who, draft):
    approved(who, draft)
    say(case, who, **CHEAPER)

    basis.confirm(fresh(draft), by=who.lin, at=PROPOSED, because="Promised on the phone.")

    assert lifecycle.choice("send_proposal", case, who.quinn).blocked_by == ()
    say(case, who, affected_price="40000.00")
    assert [why.code for why in lifecycle.choice("send_proposal", case, who.quinn).blocked_by] == ["basis_changed"]


def test_confirming_needs_a_change_a_reason_and_legal(case, who, draft):
    with pytest.raises(Refused) as unchanged:
        basis.confirm(draft, by=who.lin, at=PROPOSED, because="So.")
    say(case, who, **CHEAPER)
    with pytest.raises(Refused) as unsaid:
        basis.confirm(fresh(draft), by=who.lin, at=PROPOSED, because=" ")
    with pytest.raises(PermissionDenied):
        basis.confirm(fresh(draft), by=who.lee, at=PROPOSED, because="So.")

    assert (codes(unchanged), codes(unsaid)) == (["nothing_fits"], ["reason_missing"])


def test_the_database_lets_no_drafter_confirm(draft, who):
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=draft.pk).update(basis_confirmed_by=who.quinn, basis_confirmed_because="So.")


def test_the_form_offers_the_sums_of_the_assessments(case, who, assessed, signed_in):
    proposal = proposals.draft_proposal(case, by=who.quinn, at=PROPOSED)
    client, url = signed_in(who.quinn), reverse("case-do", args=[case.ref, "add_line"])
    said = {"proposal": proposal.pk, "kind": "COMPENSATION", "description": "Agreed damages", "cost_0": "9800",
            "cost_1": "CNY", "amount_1": "CNY", "grant": f"{assessed.pk}|LD_PER_UNIT 8.2", "once": "a"}  # fmt: skip

    shown = client.get(url).content.decode()
    answer = client.post(url, said)

    assert "CNY 9,800.00" in shown
    assert answer.status_code == 302
    assert str(proposal.lines.get().amount) == "CNY 9,800.00"


def test_a_changed_line_keeps_the_sum_that_it_takes(case, who, draft, signed_in):
    line = draft.lines.get()
    client, url = signed_in(who.quinn), reverse("case-do", args=[case.ref, "change_line"])

    page = client.get(f"{url}?line={line.pk}").content.decode()
    client.post(url, {"line": line.pk, "description": "Other words", "once": "a"})

    assert f'value="{line.entitlement_id}|LD_PER_UNIT 8.2" selected' in page
    assert fresh(line).head == "LD_PER_UNIT 8.2"
    assert fresh(line).description == "Other words"


def test_an_assessment_without_record_sets_no_limit(case, who):
    hand = EntitlementAssessment.objects.filter(complaint=case, record="").first()

    proposal = drafted(
        who, case, {"kind": "COMPENSATION", "description": "X", "cost": cny(1), "amount": cny(1), "entitlement": hand}
    )

    assert basis.gaps(proposal) == []


def test_what_the_contract_says_costs_the_case_page_one_statement(case, who, draft, signed_in):
    approved(who, draft)
    lifecycle.send_proposal(case, by=who.quinn, at=SENT)
    client = signed_in(who.quinn)

    told = {name: spent(client, name, case) for name in ("case", "case-entitlement")}
    Complaint.objects.filter(pk=case.pk).update(contract=None)
    silent = spent(client, "case", case)

    assert told["case"] <= silent + 1
    assert told["case-entitlement"] <= BUDGET["case_rooms"]
