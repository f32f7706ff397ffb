"""What the contract says on a day: the version, the clauses, the last day for a notice."""

from datetime import date

import pytest

from contracts import drafting, questions
from contracts.clauses import read_terms
from contracts.models import Clause, ContractVersion, Delivery
from tests.cast import NOON
from tests.contracts.test_terms import WHOLE
from worktime.models import CalendarVersion


@pytest.fixture
def calendar(db):
    return CalendarVersion.objects.filter(calendar__code="CN-STD").latest("version").as_calendar()


@pytest.fixture
def notice(clause, sam, lin):
    """Return a maker of a checked notice clause with changed terms."""

    def with_terms(**changes):
        terms = read_terms("INSPECTION_NOTICE", WHOLE["INSPECTION_NOTICE"] | changes)
        drafting.structure(clause, terms=terms, by=sam, at=NOON)
        return drafting.check(clause, by=lin, at=NOON)

    return with_terms


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


def test_a_case_computes_with_checked_clauses_in_the_order_of_the_paper(notice, version):
    Clause.objects.create(version=version, number="3", heading="h", type="PAYMENT", text="t", language="en", page=2)
    for number in ("7.10", "7.9"):
        Clause.objects.create(
            version=version, number=number, heading="h", type="PAYMENT", text="t", language="en", page=12
        )
    checked = notice()

    assert questions.clauses_for_case(version) == [checked]
    assert [each.number for each in questions.in_paper_order(version.clauses.all())] == ["3", "7.2", "7.9", "7.10"]


@pytest.mark.parametrize(
    ("changes", "last"),
    [
        ({}, date(2026, 10, 8)),  # EV-25: the last day falls into the National Day break
        ({"roll": False}, date(2026, 10, 2)),
        ({"start": "DISCOVERY"}, date(2026, 10, 16)),
        ({"unit": "MONTH", "n": 24}, date(2028, 9, 18)),  # Sunday 17 September rolls
        ({"start": "COMMISSIONING"}, None),
    ],
)
def test_the_last_day_for_a_notice(notice, calendar, changes, last):
    clause = notice(**changes)

    assert questions.last_day_of_notice(clause, date(2026, 10, 1), date(2026, 9, 17), calendar) == last


def test_nothing_is_computed_from_an_unchecked_clause(clause, sam, calendar):
    terms = read_terms("INSPECTION_NOTICE", WHOLE["INSPECTION_NOTICE"])
    drafting.structure(clause, terms=terms, by=sam, at=NOON)

    assert questions.last_day_of_notice(clause, None, date(2026, 9, 17), calendar) is None


def test_nothing_is_computed_without_the_day_of_delivery(notice, calendar):
    assert questions.last_day_of_notice(notice(), date(2026, 9, 17), None, calendar) is None


def test_versions_may_overlap_and_the_newer_one_counts(contract, version):
    newer = ContractVersion.objects.create(contract=contract, version=2, effective_from=date(2026, 2, 1))

    assert questions.version_in_force(contract, date(2026, 3, 1)) == newer
