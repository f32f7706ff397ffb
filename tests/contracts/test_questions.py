"""What the contract says on a day: the version, the clauses, the last day for a notice."""

from datetime import date

import pytest

from contracts import drafting, questions
from contracts.models import Clause, ContractVersion, Delivery
from tests.cast import NOON


@pytest.mark.parametrize(
    ("on", "number"),
    [
        (date(2026, 1, 14), None),
        (date(2026, 1, 15), 1),
        (date(2026, 5, 31), 1),
        (date(2026, 6, 1), 2),
        (date(2030, 1, 1), 2),
    ],
)
def test_the_version_in_force_is_the_one_of_the_day(contract, version, sam, on, number):
    drafting.amend(version, effective_from=date(2026, 6, 1), note="n", by=sam, at=NOON)

    found = questions.version_in_force(contract, on)

    assert (found.version if found else None) == number


def test_contracts_are_those_in_force_that_delivered_the_product(contract, version, acme, rival, product):
    assert list(questions.contracts_of(acme, date(2026, 5, 1))) == [contract]
    assert not questions.contracts_of(acme, date(2025, 5, 1))
    assert not questions.contracts_of(rival, date(2026, 5, 1))
    assert not questions.contracts_of(acme, date(2026, 5, 1), product)

    for number in ("D-1", "D-2"):
        Delivery.objects.create(
            contract=contract,
            customer=acme,
            product=product,
            number=number,
            delivered_on=date(2026, 2, 1),
            quantity="2",
        )

    assert list(questions.contracts_of(acme, date(2026, 5, 1), product)) == [contract]


def test_clauses_stand_in_the_order_of_the_paper(clause, version):
    Clause.objects.create(version=version, number="3", heading="h", type="PAYMENT", text="t", language="en", page=2)
    for number in ("7.10", "7.9"):
        Clause.objects.create(
            version=version, number=number, heading="h", type="PAYMENT", text="t", language="en", page=12
        )

    assert [each.number for each in questions.in_paper_order(version.clauses.all())] == ["3", "7.2", "7.9", "7.10"]


def test_versions_may_overlap_and_the_newer_one_counts(contract, version):
    newer = ContractVersion.objects.create(contract=contract, version=2, effective_from=date(2026, 2, 1))

    assert questions.version_in_force(contract, date(2026, 3, 1)) == newer
