"""A case gives the contract its facts by the names of the rules; what it does not hold stays unknown."""

from datetime import date
from decimal import Decimal

import pytest

from complaints import assessing, diagnosis, entitling
from complaints.entitling import Unfit
from complaints.models import Complaint
from tests.cast import NOON
from tests.complaints import contract_case as under


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


def test_the_day_of_discovery_chooses_the_version(bare, paper, sam, lin):
    from contracts.models import ContractVersion
    from tests.contracts.paper import PAPER

    newer = ContractVersion.objects.create(contract=paper, version=2, effective_from=date(2026, 5, 12))
    number, terms = PAPER["LD_PER_UNIT"]
    under.clause(newer, "LD_PER_UNIT", number, terms, sam, lin)

    before = basis(bare).assess()
    after = entitling.basis_of(bare, at=NOON, as_of=date(2026, 5, 12)).assess()

    assert {head.sum.clause.version for head in before.heads} == {1}
    assert {head.sum.clause.version for head in after.heads} == {2}


def test_it_is_read_in_two_statements(bare, quinn, lee, django_assert_max_num_queries):
    case = Complaint.objects.select_related("contract", "delivery", "lot", "customer").get(pk=bare.pk)
    entitling.basis_of(case, at=NOON)  # the calendar is kept from here on

    with django_assert_max_num_queries(2):
        entitling.basis_of(case, at=NOON)
