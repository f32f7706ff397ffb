"""The paper of these tests: one contract of Acme with one clause, as signed on 15 January 2026."""

from datetime import date

import pytest

from contracts.models import Clause, ClauseType, Contract, ContractVersion, Product


@pytest.fixture
def product(db):
    return Product.objects.create(code="WT-G3", name="Gearbox", name_zh="齿轮箱", family="Gearboxes")


@pytest.fixture
def contract(acme):
    return Contract.objects.create(
        number="HT-2026-018", title="Gearboxes for Nordfeld", customer=acme, currency="EUR", signed_on=date(2026, 1, 15)
    )


@pytest.fixture
def version(contract):
    return ContractVersion.objects.create(contract=contract, version=1, effective_from=date(2026, 1, 15))


@pytest.fixture
def clause(version):
    return Clause.objects.create(
        version=version,
        number="7.2",
        heading="Inspection",
        type=ClauseType.INSPECTION_NOTICE,
        text="The Buyer shall inspect the Goods within fifteen days of arrival.",
        language="en",
        page=12,
    )
