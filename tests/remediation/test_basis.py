"""A line takes its sum from a kept assessment, may not exceed it silently, and asks again when the facts change."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from accounts.models import Membership, User
from complaints import assessing, letter_page, lifecycle
from complaints.lifecycle import Refused
from complaints.models import Complaint, EntitlementAssessment
from contracts import entitlement, entitlement_words
from contracts.money import Money
from portal import offers
from remediation import approvals, basis, proposals, readiness
from remediation.models import Proposal
from tests.cast import NOON
from tests.complaints import contract_case as under
from tests.remediation import stories
from tests.remediation.stories import PROPOSED, SENT, cny, codes, drafted, fresh
from tests.remediation.test_case_budget import BUDGET, spent

PAYS = {"kind": "COMPENSATION", "description": "Agreed damages", "cost": cny(9800), "head": "LD_PER_UNIT 8.2"}
CHEAPER = {"affected_price": "50000.00"}


@pytest.fixture
def case(who, acme, sam, lin):
    return stories.claiming(who, acme)


@pytest.fixture
def assessed(case, who):
    assessing.state_facts(case, by=who.quinn, at=PROPOSED, source="Delivery note", facts=under.FACTS)
    return assessing.assess(case, by=who.lin, at=PROPOSED)


@pytest.fixture
def draft(case, who, assessed):
    return drafted(who, case, {**PAYS, "entitlement": assessed})


def say(case, who, **facts):
    assessing.state_facts(case, by=who.quinn, at=PROPOSED, source="Invoice", facts=facts)


def refused(who, proposal):
    """Hand the draft in; return the codes of what stands against it."""
    try:
        approvals.submit(proposal, by=who.quinn, at=PROPOSED)
    except Refused as refusal:
        return [why.code for why in refusal.reasons]
    return []


def capped(row, total, **changes):
    """Set what an assessment grants in all, as a common cap would leave it."""
    EntitlementAssessment.objects.filter(pk=row.pk).update(total_minor=total.minor, **changes)
    row.refresh_from_db()


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


def test_two_lines_together_stay_under_their_head(case, who, assessed):
    line = {**PAYS, "entitlement": assessed, "amount": cny(6000)}
    proposal = drafted(who, case, line, {**line, "description": "Once more"})

    assert refused(who, proposal) == ["head_over_entitlement"]


def test_one_head_stays_under_the_total_that_the_common_cap_leaves(case, who, assessed):
    capped(assessed, cny(6000))

    assert refused(who, drafted(who, case, {**PAYS, "entitlement": assessed})) == ["lines_over_total"]


def test_a_head_is_paid_once_whichever_assessment_a_line_names(case, who, assessed):
    again = assessing.assess(case, by=who.lin, at=PROPOSED)
    lines = [{**PAYS, "entitlement": row, "description": f"From {row.number}"} for row in (assessed, again)]

    assert refused(who, drafted(who, case, *lines)) == ["head_over_entitlement"]


def test_what_one_head_leaves_is_not_paid_under_another(case, who, assessed):
    more = {**assessed.heads[0], "head": "DAMAGES", "key": "DAMAGES 9.1", "clause": "", "amount": "90000.00"}
    capped(assessed, cny(99800), heads=[*assessed.heads, more])
    line = {**PAYS, "entitlement": assessed}

    assert refused(who, drafted(who, case, line, {**line, "description": "Twice"})) == ["head_over_entitlement"]


@pytest.mark.parametrize("named", [True, False])
def test_what_an_interim_remedy_pays_already_counts(case, who, assessed, named):
    interim = drafted(who, case, {**PAYS, "entitlement": assessed, "amount": cny(5000)}, interim=True)
    proposals.release(approved(who, interim), by=who.quinn, at=SENT)
    if not named:  # promised before the contract was assessed
        type(interim.lines.get()).objects.update(entitlement=None, head="")

    proposal = drafted(who, case, {**PAYS, "entitlement": assessed})

    assert refused(who, proposal) == ["head_over_entitlement"]


def test_a_clause_alone_grants_no_sum_where_the_contract_was_assessed(case, who, assessed):
    clause = case.contract_version.clauses.get(number="8.2")
    line = {"kind": "COMPENSATION", "description": "Much", "cost": cny(1), "amount": cny(1_000_000), "clause": clause}

    assert refused(who, drafted(who, case, line)) == ["line_sum_unnamed"]


def test_a_judgement_by_hand_does_not_lift_the_limit_of_the_clauses(case, who, assessed):
    hand = EntitlementAssessment.objects.filter(complaint=case, record="").first()
    line = {"kind": "CREDIT_NOTE", "description": "Much", "cost": cny(1), "amount": cny(99_000), "entitlement": hand}

    assert refused(who, drafted(who, case, line)) == ["line_sum_unnamed"]


def test_the_price_of_goods_that_go_back_is_no_sum_of_an_assessment(case, who, assessed):
    line = {"kind": "RETURN_REFUND", "description": "Goods back", "cost": cny(9000), "amount": cny(9000)}

    assert refused(who, drafted(who, case, line)) == []


def test_an_assessment_of_another_cycle_is_refused(case, who, assessed):
    EntitlementAssessment.objects.filter(pk=assessed.pk).update(cycle=2, number=9)
    proposal = proposals.draft_proposal(case, by=who.quinn, at=PROPOSED)

    with pytest.raises(Refused) as refusal:
        proposals.add_line(proposal, by=who.quinn, at=PROPOSED, **{**PAYS, "entitlement": fresh(assessed)})

    assert codes(refusal) == ["line_assessment_elsewhere"]


def test_the_clause_follows_the_head(case, who, assessed):
    other = case.contract_version.clauses.get(number="8.1")

    proposal = drafted(who, case, {**PAYS, "entitlement": assessed, "clause": other})

    assert proposal.lines.get().clause.number == "8.2"


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


def test_the_letter_tells_neither_verdicts_nor_what_a_lawyer_weighs(case, who, draft):
    say(case, who, seller_knew=True)
    newer = assessing.assess(case, by=who.lin, at=PROPOSED)
    proposals.change_line(draft.lines.get(), by=who.quinn, at=PROPOSED, entitlement=newer)
    approved(who, fresh(draft))

    sent = lifecycle.send_proposal(case, by=who.quinn, at=SENT)

    facts = sent.letters.get(kind="PROPOSAL").facts["proposal"]
    said = " ".join(facts["workings"][0]["sentences"])
    assert "seller knew" not in str(facts)
    assert "37 units × CNY 350.00" in said
    assert "Payable" not in said


def test_the_letter_does_not_tell_a_sum_that_is_not_offered(case, who, assessed):
    approved(who, drafted(who, case, {**PAYS, "entitlement": assessed, "amount": cny(5000)}))

    sent = lifecycle.send_proposal(case, by=who.quinn, at=SENT)

    assert "9800" not in str(sent.letters.get(kind="PROPOSAL").facts["proposal"])
    assert "9,800" not in str(offers.latest(sent, who.quinn, now=SENT).money)


def test_the_letter_does_not_tell_how_people_ruled(case, who, assessed):
    row = assessing.dispute_verdict(
        case, by=who.quinn, at=PROPOSED, what="LD_PER_UNIT 8.2", wanted="ENTITLED", amount=cny(7000), because="Agreed."
    )
    assessing.decide_dispute(row, by=who.lin, at=PROPOSED, decision="UPHELD", answer="Yes.")
    ruled = assessing.assess(case, by=who.lin, at=PROPOSED)
    approved(who, drafted(who, case, {**PAYS, "entitlement": ruled}))

    sent = lifecycle.send_proposal(case, by=who.quinn, at=SENT)

    facts = sent.letters.get(kind="PROPOSAL").facts["proposal"]
    assert facts["workings"] == []
    assert facts["lines"][0]["amount"]["amount"] == "7000.00"


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


def test_a_change_that_nobody_noted_is_offered_to_legal_and_confirmed(case, who, draft):
    approved(who, draft)
    case.affected_items.update(confirmed=10, good=31)  # past every verb, as a change of the contract is

    assert [why.code for why in lifecycle.choice("send_proposal", case, who.quinn).blocked_by] == ["basis_changed"]
    assert readiness.confirm_basis(case, who.lin) == []
    basis.confirm(fresh(draft), by=who.lin, at=PROPOSED, because="Promised on the phone.")

    lifecycle.send_proposal(Complaint.objects.get(pk=case.pk), by=who.quinn, at=SENT)
    assert fresh(draft).sent_at == SENT


def test_the_sums_of_an_interim_remedy_are_confirmed_too(case, who, assessed):
    interim = approved(who, drafted(who, case, {**PAYS, "entitlement": assessed}, interim=True))
    say(case, who, **CHEAPER)

    assert readiness.confirm_basis(case, who.lin) == []
    basis.confirm(fresh(interim), by=who.lin, at=PROPOSED, because="Promised on the phone.")

    assert proposals.release(fresh(interim), by=who.quinn, at=SENT).sent_at == SENT


def test_who_confirmed_the_sums_does_not_hand_them_in(case, who, draft):
    for held in Membership.objects.filter(user=who.quinn):
        Membership.objects.create(user=who.lin, organisation=held.organisation, role=held.role, since=NOON)
    both = User.objects.get(pk=who.lin.pk)  # whose roles are read anew
    say(case, who, **CHEAPER)
    basis.confirm(fresh(draft), by=both, at=PROPOSED, because="So.")

    assert "same_person" in [why.code for why in readiness.submit(case, both)]
    with pytest.raises(Refused) as refusal:
        approvals.submit(fresh(draft), by=both, at=PROPOSED)
    assert codes(refusal) == ["same_person"]


@pytest.mark.parametrize("change", [
    lambda who, draft: proposals.change_line(draft.lines.get(), by=who.quinn, at=PROPOSED, amount=cny(9700)),
    lambda who, draft: proposals.add_line(
        draft, by=who.quinn, at=PROPOSED, kind="REWORK", description="New bearing", cost=cny(1)),
])  # fmt: skip
def test_a_line_that_is_written_after_the_confirmation_voids_it(case, who, draft, change):
    say(case, who, **CHEAPER)
    basis.confirm(fresh(draft), by=who.lin, at=PROPOSED, because="So.")

    change(who, fresh(draft))

    assert fresh(draft).basis_confirmed_by is None
    assert refused(who, fresh(draft)) == ["basis_changed"]


def test_the_database_lets_nobody_confirm_what_they_handed_in(draft, who):
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=draft.pk).update(
            basis_confirmed_by=who.lee, submitted_by=who.lee, basis_confirmed_because="So."
        )


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


def test_ten_lines_are_compared_in_as_many_queries_as_one(case, who, assessed, django_assert_num_queries):
    line = {**PAYS, "entitlement": assessed, "amount": cny(980)}
    drafted(who, case, *({**line, "description": f"Part {number}"} for number in range(10)))
    proposal = proposals.current(case)

    with django_assert_num_queries(1):  # what the other versions promise
        assert basis.gaps(proposal) == []


def test_what_the_contract_says_costs_the_case_page_one_statement(case, who, draft, signed_in):
    approved(who, draft)
    lifecycle.send_proposal(case, by=who.quinn, at=SENT)
    client = signed_in(who.quinn)

    told = {name: spent(client, name, case) for name in ("case", "case-entitlement")}
    Complaint.objects.filter(pk=case.pk).update(contract=None)
    silent = spent(client, "case", case)

    assert told["case"] <= silent + 1
    assert told["case-entitlement"] <= BUDGET["case_entitlement"]


def tampered(row):
    """Change the kept record past every verb, so that it does not derive again."""
    EntitlementAssessment.objects.filter(pk=row.pk).update(record=row.record.replace('"9800.00"', '"9900.00"'))


def unreadable(row):
    EntitlementAssessment.objects.filter(pk=row.pk).update(record=row.record.replace('"CN-STD v1"', '"CN-STD v99"'))


@pytest.mark.parametrize("spoil", [tampered, unreadable])
def test_it_is_not_sent_on_an_assessment_that_does_not_derive_again(case, who, draft, assessed, spoil):
    spoil(assessed)
    approved(who, fresh(draft))

    choice = lifecycle.choice("send_proposal", case, who.quinn)
    with pytest.raises(Refused) as refusal:
        lifecycle.send_proposal(case, by=who.quinn, at=SENT)

    assert "basis_broken" in [why.code for why in choice.blocked_by]
    assert "basis_broken" in codes(refusal)
    assert fresh(draft).sent_at is None
    assert not case.letters.filter(kind="PROPOSAL").exists()


def test_the_page_that_would_send_it_says_what_to_do(case, who, draft, assessed, signed_in):
    approved(who, draft)
    tampered(assessed)

    answer = signed_in(who.quinn).post(reverse("case-do", args=[case.ref, "send_proposal"]), {"once": "a"})

    assert answer.status_code == 409
    assert "does not work out again as it was kept. Keep a new assessment" in answer.content.decode()


def test_no_interim_remedy_is_released_on_such_an_assessment(case, who, assessed):
    interim = approved(who, drafted(who, case, {**PAYS, "entitlement": assessed}, interim=True))
    tampered(assessed)

    with pytest.raises(Refused) as refusal:
        proposals.release(fresh(interim), by=who.quinn, at=SENT)

    assert "basis_broken" in codes(refusal)


def test_an_assessment_of_older_rules_may_still_be_sent(case, who, draft, assessed):
    older = assessed.record.replace(entitlement.RULE_VERSION, "2026.01")
    EntitlementAssessment.objects.filter(pk=assessed.pk).update(record=older)
    approved(who, fresh(draft))

    assert lifecycle.send_proposal(case, by=who.quinn, at=SENT).letters.filter(kind="PROPOSAL").exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("status", ["REVIEW", "NOT_ENTITLED"])
def test_the_letter_never_prints_what_waits_for_a_lawyer(case, who, draft, assessed, status, language):
    Complaint.objects.filter(pk=case.pk).update(language=language)
    EntitlementAssessment.objects.filter(pk=assessed.pk).update(status=status)
    approved(who, fresh(draft))

    letter = lifecycle.send_proposal(fresh(case), by=who.quinn, at=SENT).letters.get(kind="PROPOSAL")

    with translation.override(language):
        printed = "".join(letter_page.printed(letter))
        inner = [str(EntitlementAssessment.Status(status).label), str(entitlement_words.VERDICTS[status])]
    assert "8.2" in printed
    assert not [word for word in inner if word in printed or escape(word) in printed]
    assert status not in str(letter.facts)
