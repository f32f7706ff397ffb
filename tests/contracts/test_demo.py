"""The demo's contracts are such as a lawyer would accept: every clause read, checked and shown."""

from datetime import date

import pytest

from contracts import demo
from contracts.models import Clause, Contract, Lot, SerialUnit
from contracts.questions import version_in_force
from tests.cast import NOON

TODAY = date(2026, 5, 12)


@pytest.fixture
def load(sam, lin):
    return lambda: demo.load(structurer=sam, checker=lin, at=NOON, today=TODAY)


def test_the_customers_have_contracts_with_eight_clause_types_or_more(load):
    loaded = load()

    for number in ("SC-041-NF", "SC-052-CS", "HT-ZB-118"):
        version = version_in_force(loaded.contracts[number], TODAY)
        clauses = version.clauses.checked()
        assert len({clause.type for clause in clauses}) >= 8
        assert all(clause.typed_terms for clause in clauses)
    assert loaded.contracts["HT-ZB-118"].customer.code == "HNZB"
    assert loaded.organisations["ACME"].name == "Acme Wind Energy GmbH"


def test_an_amendment_counts_from_its_day(load):
    contract = load().contracts["SC-041-NF"]

    before, now = version_in_force(contract, date(2026, 1, 1)), version_in_force(contract, TODAY)

    assert (before.version, now.version) == (1, 2)
    assert now.clauses.get(type="GUARANTEE_PERIOD").typed_terms.max_months == 42
    assert before.clauses.get(type="GUARANTEE_PERIOD").typed_terms.max_months == 36


def test_the_payments_of_a_project_make_the_price(load):
    loaded = load()

    for project, contract in (("NORDFELD", "SC-041-NF"), ("ZB-200", "HT-ZB-118")):
        steps = loaded.projects[project].milestones.all()
        assert sum(step.payment_minor for step in steps) == loaded.contracts[contract].price_minor


def test_the_clauses_that_the_payments_name_are_in_the_contract(sam, lin, fay):
    loaded = demo.load(structurer=sam, checker=lin, keeper=fay, at=NOON, today=TODAY)

    contract = loaded.contracts["HT-ZB-118"]
    numbers = {f"§{number}" for number in version_in_force(contract, TODAY).clauses.values_list("number", flat=True)}
    assert {item.clause for item in contract.project.payments.all()} <= numbers


def test_loading_again_changes_nothing(load):
    load()
    counts = [model.objects.count() for model in (Contract, Clause, Lot, SerialUnit)]

    load()

    assert [model.objects.count() for model in (Contract, Clause, Lot, SerialUnit)] == counts
