"""A case gives the contract its facts by the names of the rules; what it does not hold stays unknown."""

from datetime import date
from decimal import Decimal

import pytest

from complaints import assessing, diagnosis, entitling, response
from complaints.entitling import Unfit
from complaints.lifecycle import Refused
from complaints.models import Complaint
from contracts.money import Money
from tests.cast import NOON
from tests.complaints import contract_case as under
from tests.complaints.test_first_life import codes


@pytest.fixture
def paper(acme, sam, lin):
    return under.contract(acme, sam, lin)


@pytest.fixture
def bare(ada, paper):
    """A case of which only intake is known."""
    return under.case(ada, paper)


def basis(case):
    return entitling.basis_of(Complaint.objects.get(pk=case.pk), at=NOON)


def test_what_intake_and_contract_hold_is_taken_over(bare):
    found = basis(bare)

    assert found.facts.delivered_on == under.DELIVERED
    assert (found.facts.found_on, found.facts.known_on) == (under.FOUND, under.FOUND)
    assert found.facts.notified_on == date(2026, 5, 12)
    assert (found.facts.contract_price, found.facts.currency) == (Decimal("3200000.00"), "CNY")
    assert found.facts.units_claimed == 41
    assert [str(one) for one in found.facts.requested] == ["REPAIR"]
    assert found.held["delivered_on"].origin == "goods"


def test_what_nobody_said_is_unknown_and_named(bare):
    found = basis(bare).assess()

    assert found.status == "REVIEW"
    assert {"units_confirmed", "seller_share_pct", "affected_price"} <= set(found.missing)
    assert "delivered_on" not in found.missing


def test_confirmed_units_and_approved_shares_count(bare, quinn, lee):
    case = under.known(bare, quinn, lee)

    found = basis(case)

    assert (found.facts.units_confirmed, found.facts.seller_share_pct) == (37, Decimal(100))
    assert found.facts.nonconforming is True
    head = next(one for one in found.assess().heads if one.sum.type == "LD_PER_UNIT")
    assert str(head.amount.amount) == "9800.00"  # 37 × 350.00 = 12 950.00, at most 10 % of 98 000.00


def test_shares_that_nobody_approved_do_not_count(bare, quinn):
    Complaint.objects.filter(pk=bare.pk).update(state="DIAGNOSING")
    diagnosis.attribute(bare, by=quinn, at=NOON, shares=[("SELLER", Decimal(100), "our test", None)])

    assert basis(bare).facts.seller_share_pct is None


def test_the_suppliers_share_is_ours_towards_the_customer(bare, quinn, lee):
    Complaint.objects.filter(pk=bare.pk).update(state="DIAGNOSING")
    shares = [
        ("SELLER", Decimal(30), "a", None),
        ("SUPPLIER", Decimal(40), "b", None),
        ("BUYER", Decimal(30), "c", None),
    ]
    version = diagnosis.attribute(bare, by=quinn, at=NOON, shares=shares)
    diagnosis.approve_attribution(version, by=lee, at=NOON)

    assert basis(bare).facts.seller_share_pct == Decimal(70)


def test_what_is_stated_with_its_source_counts_before_what_was_taken_over(bare, quinn):
    assessing.state_facts(bare, by=quinn, at=NOON, source="Letter of 20 April", facts={"notified_on": "2026-05-11"})

    found = basis(bare)

    assert found.facts.notified_on == date(2026, 5, 11)
    assert (found.held["notified_on"].origin, found.held["notified_on"].source) == ("stated", "Letter of 20 April")


def test_facts_that_contradict_each_other_are_not_reckoned_with(bare, paper):
    bare.delivery.delivered_on = date(2026, 6, 1)  # after the notice
    bare.delivery.save()

    with pytest.raises(Unfit):
        basis(bare)


def test_only_checked_clauses_are_asked(ada, acme, sam, lin):
    paper = under.contract(acme, sam, lin, checked=False)

    assert basis(under.case(ada, paper)) is None


def test_a_case_without_a_contract_has_no_basis(bare):
    Complaint.objects.filter(pk=bare.pk).update(contract=None)

    assert basis(bare) is None


def test_clauses_for_which_nothing_asks_are_left_out_and_named(bare):
    found = basis(bare)

    out = {one.row.type: one.why for one in found.left_out}
    assert out == {"LD_DELAY": "not_asked", "LD_PERFORMANCE": "not_asked"}
    assert "LD_DELAY" not in {one.type for one in found.clauses}


def test_a_due_day_brings_the_delay_clause_in(bare, quinn):
    assessing.state_facts(bare, by=quinn, at=NOON, source="Contract", facts={"due_on": "2026-05-01"})

    assert "LD_DELAY" in {one.type for one in basis(bare).clauses}


def test_as_long_as_nobody_said_what_is_wrong_every_clause_on_quality_is_asked(bare):
    Complaint.objects.filter(pk=bare.pk).update(nonconformity=[])

    assert "LD_PERFORMANCE" in {one.type for one in basis(bare).clauses}


def amended(paper, sam, checked_by, on=date(2026, 5, 12), *kinds):
    """Return a second version, with the clause on damages per unit or others."""
    from contracts.models import ContractVersion
    from tests.contracts.paper import PAPER

    newer = ContractVersion.objects.create(contract=paper, version=2, effective_from=on)
    for kind in kinds or ("LD_PER_UNIT",):
        under.clause(newer, kind, *PAPER[kind], sam, checked_by)
    return newer


def versions(found):
    return {head.sum.clause.version for head in found.heads}


def test_the_day_of_the_delivery_chooses_the_version(bare, paper, sam, lin):
    amended(paper, sam, lin, date(2026, 5, 5))  # after the delivery, before the discovery

    found = basis(bare)
    after = entitling.basis_of(bare, at=NOON, as_of=date(2026, 5, 12)).assess()

    assert (found.as_of, versions(found.assess())) == (under.DELIVERED, {1})
    assert versions(after) == {2}


def test_while_no_delivery_is_known_the_day_of_discovery_chooses(bare, paper, sam, lin):
    amended(paper, sam, lin, date(2026, 5, 5))
    Complaint.objects.filter(pk=bare.pk).update(delivery=None)

    found = basis(bare)

    assert (found.as_of, versions(found.assess())) == (under.FOUND, {2})


def test_goods_sent_before_the_paper_come_under_its_first_version(bare, quinn):
    assessing.state_facts(bare, by=quinn, at=NOON, source="CMR", facts={"delivered_on": "2026-01-02"})

    found = basis(bare)

    assert (found.as_of, versions(found.assess())) == (date(2026, 1, 15), {1})


def test_goods_sent_after_its_end_come_under_its_last_version(bare, paper):
    paper.versions.update(effective_to=date(2026, 4, 30))

    found = basis(bare)

    assert (found.as_of, versions(found.assess())) == (date(2026, 4, 30), {1})


def test_a_version_of_which_nothing_was_checked_gives_no_answer(bare, paper, sam, lin):
    amended(paper, sam, None, date(2026, 5, 1))

    assert basis(bare) is None
    with pytest.raises(Refused) as refusal:
        assessing.assess(bare, by=lin, at=NOON)
    assert codes(refusal) == ["clauses_unchecked"]


def test_a_version_without_any_clause_gives_no_answer_and_not_that_of_the_one_before(bare, paper):
    from contracts.models import ContractVersion

    ContractVersion.objects.create(contract=paper, version=2, effective_from=date(2026, 5, 1))

    assert basis(bare) is None


# What Legal has not checked yet ---------------------------------------------------------------------------------------


def unchecked(ada, quinn, lee, acme, sam, lin, *kinds):
    """Return a case of which everything is known, under a contract with these clauses not checked."""
    from tests.contracts.paper import PAPER

    paper = under.contract(acme, sam, lin, *kinds)
    for kind in kinds:
        under.clause(paper.versions.get(), kind, *PAPER[kind], sam, None)
    return under.known(under.case(ada, paper), quinn, lee)


@pytest.fixture
def waiting(ada, quinn, lee, acme, sam, lin):
    return lambda *kinds: unchecked(ada, quinn, lee, acme, sam, lin, *kinds)


@pytest.mark.parametrize(("kind", "name"), [("GUARANTEE_PERIOD", "G"), ("INSPECTION_NOTICE", "N")])
def test_a_gate_whose_clause_nobody_checked_is_not_known(waiting, kind, name):
    found = basis(waiting(kind)).assess()

    gate = next(one for one in found.gates if one.name == name)
    assert (gate.verdict, gate.missing) == ("UNKNOWN", ("unchecked",))
    assert (found.status, str(found.total.amount)) == ("REVIEW", "0.00")


@pytest.mark.parametrize("kind", [
    "LIABILITY_CAP", "LD_PER_UNIT", "EXCLUSION", "DAMAGES", "REMEDY_ORDER", "GOVERNING_LAW",
])  # fmt: skip
def test_a_clause_that_nobody_checked_is_named_and_wants_a_review(waiting, kind):
    found = basis(waiting(kind))

    assert [one.row.type for one in found.left_out if one.why == "unchecked"] == [kind]
    assert found.assess().status == "REVIEW"
    assert "unchecked" in found.assess().missing


def test_without_the_common_cap_no_sum_is_certain(waiting, lin):
    case = waiting("LIABILITY_CAP")

    row = assessing.assess(case, by=lin, at=NOON)

    assert (row.status, row.heads, str(row.total)) == ("REVIEW", [], "CNY 0.00")
    assert str(basis(case).assess().at_most.amount) == "9800.00"
    assert assessing.holds(row)


def test_a_loss_waits_for_the_exclusion(waiting, quinn):
    case = waiting("EXCLUSION")
    facts = {"losses": [["DIRECT_LOSS", "20000.00"]], "same_loss": False}
    assessing.state_facts(case, by=quinn, at=NOON, source="Invoice", facts=facts)

    head = next(one for one in basis(case).assess().heads if one.sum.type == "DAMAGES")

    assert (head.verdict, head.amount, "unchecked" in head.missing) == ("UNDETERMINED", None, True)


def test_an_unchecked_clause_for_which_nothing_asks_stops_nothing(waiting):
    found = basis(waiting("LD_DELAY"))

    assert [one.why for one in found.left_out if one.row.type == "LD_DELAY"] == ["unchecked"]
    assert str(found.assess().total.amount) == "9800.00"


def test_nobody_disputes_the_verdict_on_a_clause_that_nobody_checked(waiting, quinn):
    amount = Money(Decimal("5000.00"), "CNY")

    with pytest.raises(Refused) as refusal:
        assessing.dispute_verdict(waiting("LD_PER_UNIT"), by=quinn, at=NOON, what="LD_PER_UNIT", wanted="ENTITLED",
                                  because="As agreed.", amount=amount)  # fmt: skip

    assert codes(refusal) == ["verdict_unknown"]


# How many units -------------------------------------------------------------------------------------------------------


def test_units_still_to_be_looked_at_are_not_units_without_fault(bare, quinn):
    response.record_extent(bare, by=quinn, at=NOON, location="INSTALLED", total=41, unknown=41)

    found = basis(bare)

    assert (found.facts.units_confirmed, found.facts.nonconforming) == (None, None)
    assert "units_confirmed" in found.assess().missing


def test_while_some_are_to_be_looked_at_the_number_of_the_case_stands(bare, quinn):
    Complaint.objects.filter(pk=bare.pk).update(quantity_confirmed="37")
    response.record_extent(bare, by=quinn, at=NOON, location="INSTALLED", total=41, confirmed=3, unknown=38)

    found = basis(bare)

    assert (found.facts.units_confirmed, found.held["units_confirmed"].origin) == (37, "case")
    assert found.facts.nonconforming is True


def test_once_none_is_unknown_the_list_counts(bare, quinn):
    Complaint.objects.filter(pk=bare.pk).update(quantity_confirmed="37")
    response.record_extent(bare, by=quinn, at=NOON, location="INSTALLED", total=41, confirmed=0, good=41)

    assert basis(bare).facts.units_confirmed == 0


def test_it_is_read_in_two_statements(bare, quinn, lee, django_assert_max_num_queries):
    case = Complaint.objects.select_related("contract", "delivery", "lot", "customer").get(pk=bare.pk)
    entitling.basis_of(case, at=NOON)  # the calendar is kept from here on

    with django_assert_max_num_queries(2):
        entitling.basis_of(case, at=NOON)
