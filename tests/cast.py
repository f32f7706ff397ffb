"""
The cast: people with names instead of random ones, and the moment at which most tests happen.

Fixtures: own, acme, rival (organisations), departments (by kind), and one person each:
ada CS, cleo CSL, quinn QE, lee QM, fay FIN, lin LEG, sam SAL, max EXE, root ADM, carla (customer, Acme),
mallory (customer, Rival). `person(...)` makes others, `signed_in(user)` gives a client of that person.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.models import Department, Membership, Organisation, User
from accounts.roles import Role

NOON = datetime(2026, 5, 12, 4, 0, tzinfo=UTC)  # Tuesday, noon in Shanghai
PASSWORD = "correct-horse-battery"  # of everybody in the cast

NAMES_OF_DEPARTMENTS = {
    "QUALITY": ("Quality", "质量管理部"),
    "CUSTOMER_SERVICE": ("Customer Service", "客户服务部"),
    "RND": ("Research and Development", "研发部"),
    "PRODUCTION": ("Production", "生产部"),
    "PURCHASING": ("Purchasing", "采购部"),
    "SALES": ("Sales", "销售部"),
    "FIELD_SERVICE": ("Field Service", "现场服务部"),
    "LEGAL": ("Legal", "法务部"),
    "FINANCE": ("Finance", "财务部"),
    "MANAGEMENT": ("Management", "管理层"),
}


def organisation(code: str, name: str, kind: str, **fields) -> Organisation:
    """Return a new organisation."""
    return Organisation.objects.create(code=code, name=name, kind=kind, **fields)


def department(kind: str) -> Department:
    """Return the department of that kind, made at first use."""
    name, name_zh = NAMES_OF_DEPARTMENTS[kind]
    found, _made = Department.objects.get_or_create(
        code=kind.lower(), defaults={"name": name, "name_zh": name_zh, "kind": kind}
    )
    return found


def person(name: str, firm: Organisation, *roles: str, kind: str | None = None, **fields) -> User:
    """Return a new person of `firm` who holds `roles`, in the department of `kind`; the password is PASSWORD."""
    host = "demo" if firm.kind == Organisation.Kind.OWN else firm.code.lower()
    fields = {"email": f"{name.lower()}@{host}.test", "password": PASSWORD} | fields
    user = User.objects.create_user(name=name, organisation=firm, **fields)
    place = department(kind) if kind else None
    for role in roles:
        Membership.objects.create(user=user, organisation=firm, department=place, role=role, since=NOON)
    return user


@pytest.fixture
def own(db) -> Organisation:
    return organisation("OWN", "Demo Gearworks", Organisation.Kind.OWN, name_zh="演示传动有限公司")


@pytest.fixture
def acme(db) -> Organisation:
    return organisation("ACME", "Acme Wind", Organisation.Kind.CUSTOMER, name_zh="阿克米风电")


@pytest.fixture
def rival(db) -> Organisation:
    return organisation("RIVAL", "Rival Power", Organisation.Kind.CUSTOMER, name_zh="锐沃电力")


@pytest.fixture
def departments(db) -> dict[str, Department]:
    """Every department, by kind."""
    return {kind: department(kind) for kind in NAMES_OF_DEPARTMENTS}


@pytest.fixture
def ada(own) -> User:
    return person("Ada", own, Role.CS, kind="CUSTOMER_SERVICE")


@pytest.fixture
def cleo(own) -> User:
    return person("Cleo", own, Role.CSL, kind="CUSTOMER_SERVICE")


@pytest.fixture
def quinn(own) -> User:
    return person("Quinn", own, Role.QE, kind="QUALITY")


@pytest.fixture
def lee(own) -> User:
    return person("Lee", own, Role.QM, kind="QUALITY")


@pytest.fixture
def fay(own) -> User:
    return person("Fay", own, Role.FIN, kind="FINANCE")


@pytest.fixture
def lin(own) -> User:
    return person("Lin", own, Role.LEG, kind="LEGAL")


@pytest.fixture
def sam(own) -> User:
    return person("Sam", own, Role.SAL, kind="SALES")


@pytest.fixture
def max(own) -> User:
    return person("Max", own, Role.EXE, kind="MANAGEMENT")


@pytest.fixture
def root(own) -> User:
    return person("Root", own, Role.ADM, kind="MANAGEMENT")


@pytest.fixture
def carla(acme) -> User:
    return person("Carla", acme, Role.CUS)


@pytest.fixture
def mallory(rival) -> User:
    return person("Mallory", rival, Role.CUS)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Return a maker of clients: signed_in(ada).get("/queue/")."""

    def client_of(user: User, **options) -> Client:
        client = Client(**options)
        client.force_login(user)
        return client

    return client_of
