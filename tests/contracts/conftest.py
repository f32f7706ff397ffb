"""The cast and the paper of these tests: one contract of Acme with one clause, as signed on 15 January 2026."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import Membership, Organisation, User
from accounts.roles import Role
from contracts.models import Clause, ClauseType, Contract, ContractVersion, Product

NOON = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)


@pytest.fixture
def own(db):
    return Organisation.objects.create(code="OWN", name="Redress Works", name_zh="质诉重工", kind="OWN")


@pytest.fixture
def acme(db):
    return Organisation.objects.create(code="ACME", name="Acme Wind Energy GmbH", kind="CUSTOMER")


def person(email, organisation, *roles):
    """Return a person of the organisation who holds the roles."""
    user = User.objects.create_user(email, "correct horse battery", name=email.split("@")[0], organisation=organisation)
    for role in roles:
        Membership.objects.create(user=user, organisation=organisation, role=role, since=NOON)
    return user


@pytest.fixture
def ada(own):
    return person("ada@demo.test", own, Role.CS)


@pytest.fixture
def sam(own):
    return person("sam@demo.test", own, Role.SAL)


@pytest.fixture
def lin(own):
    return person("lin@demo.test", own, Role.LEG)


@pytest.fixture
def carla(acme):
    return person("carla@acme.test", acme, Role.CUS)


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
