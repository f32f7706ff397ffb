"""
Believable master data for the demo: firms, projects, products with lots, and contracts with their clauses.

`load` may run again: what is there stays as it is. Days are counted back from `today`, so that guarantees still run.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Organisation, User
from contracts import drafting
from contracts.clauses import read_terms
from contracts.demo import acme, goods, huaneng, money, rival
from contracts.models import (
    Characteristic,
    Clause,
    Contract,
    ContractVersion,
    Delivery,
    Lot,
    Milestone,
    Product,
    Project,
    SerialUnit,
)
from contracts.money import Money

PAPERS = [acme.GEARBOXES, acme.STEEL, huaneng.GEARBOXES, rival.PUMPS]


@dataclass(frozen=True)
class Loaded:
    """What the demo has, by code or number."""

    organisations: dict[str, Organisation]
    projects: dict[str, Project]
    products: dict[str, Product]
    lots: dict[str, Lot]
    deliveries: dict[str, Delivery]
    contracts: dict[str, Contract]


def load(
    *, structurer: User, checker: User, at: datetime, today: date, keeper: User | None = None
) -> Loaded:  # fmt: skip
    """
    Make what is missing of the demo's master data and return all of it.

    structurer: may enter clauses (sam).  checker: of Legal, another person (lin).  keeper: of Finance (fay), who
    enters the money of a project; without one there is none.  at: the moment of the entries.
    """
    firms = {code: _firm(code, *rest) for code, *rest in goods.FIRMS}
    projects = {code: _project(code, firms, today, **values) for code, values in goods.PROJECTS.items()}
    products = {code: _product(code, values) for code, values in goods.PRODUCTS.items()}
    contracts = {paper["number"]: _contract(paper, firms, projects, today) for paper in PAPERS}
    deliveries = {row[0]: _delivery(row, contracts, products, today) for row in goods.DELIVERIES}
    lots = {row[0]: _lot(row, products, firms, deliveries, today) for row in goods.LOTS}
    for paper in PAPERS:
        _clauses(contracts[paper["number"]], paper, structurer, checker, at)
    _amend(contracts[acme.GEARBOXES["number"]], structurer, checker, at, today)
    if keeper:
        money.load(projects["ZB-200"], firms["NDB"], keeper=keeper, at=at, today=today)
    return Loaded(firms, projects, products, lots, deliveries, contracts)


def _firm(code: str, kind: str, name: str, name_zh: str, language: str, zone: str) -> Organisation:
    values = {"kind": kind, "name": name, "name_zh": name_zh, "language": language, "zone": zone}
    return Organisation.objects.get_or_create(code=code, defaults=values)[0]


def _project(
    code: str, firms: dict[str, Organisation], today: date, *, customer: str, milestones: list[Any], **values: str
) -> Project:
    project, _made = Project.objects.get_or_create(code=code, defaults=values | {"customer": firms[customer]})
    for name, name_zh, days, late, amount, acceptance, spare in milestones:
        planned = today + timedelta(days=days)
        step = Milestone(
            project=project, name=name, name_zh=name_zh, planned_on=planned, requires_acceptance=acceptance,
            float_days=spare,
        )  # fmt: skip
        step.forecast_on = planned + timedelta(days=late)
        step.payment = Money(Decimal(amount), project.currency) if amount else None
        if not project.milestones.filter(name=name).exists():
            step.save()
    return project


def _product(code: str, values: dict[str, Any]) -> Product:
    facts = {name: value for name, value in values.items() if name != "characteristics"}
    product, _made = Product.objects.get_or_create(code=code, defaults=facts)
    for name, name_zh, unit, lower, nominal, upper, method, standard in values["characteristics"]:
        limits = {"lower": lower, "nominal": nominal, "upper": upper}
        words = {"name_zh": name_zh, "unit": unit, "method": method, "standard": standard}
        Characteristic.objects.get_or_create(product=product, name=name, defaults=limits | words)
    return product


def _contract(
    paper: dict[str, Any], firms: dict[str, Organisation], projects: dict[str, Project], today: date
) -> Contract:
    signed = today - timedelta(days=paper["signed_days_ago"])
    values = {name: paper[name] for name in ("title", "title_zh", "currency", "price_includes_vat")}
    values |= {"customer": firms[paper["customer"]], "project": projects.get(paper["project"]), "signed_on": signed}
    values |= {"price_minor": Money(Decimal(paper["price"]), paper["currency"]).minor, "vat_pct": paper["vat_pct"]}
    contract, made = Contract.objects.get_or_create(number=paper["number"], defaults=values)
    if made:
        ContractVersion.objects.create(
            contract=contract, version=1, effective_from=signed, governing_language=paper["language"]
        )
    return contract


def _delivery(
    row: tuple[Any, ...], contracts: dict[str, Contract], products: dict[str, Product], today: date
) -> Delivery:
    number, contract, product, days_ago, quantity = row
    customer = contracts[contract].customer
    values = {"contract": contracts[contract], "delivered_on": today - timedelta(days=days_ago), "quantity": quantity}
    found, _made = Delivery.objects.get_or_create(
        customer=customer, number=number, product=products[product], defaults=values
    )
    return found


def _lot(
    row: tuple[Any, ...],
    products: dict[str, Product],
    firms: dict[str, Organisation],
    deliveries: dict[str, Delivery],
    today: date,
) -> Lot:
    number, product, days_ago, quantity, supplier, sent, serials = row
    values = {"produced_on": today - timedelta(days=days_ago), "quantity": quantity, "supplier": firms.get(supplier)}
    lot, made = Lot.objects.get_or_create(product=products[product], number=number, defaults=values)
    if made:
        lot.deliveries.set([deliveries[sent]])
    for serial in serials:
        place = {"lot": lot, "delivery": deliveries[sent]}
        SerialUnit.objects.get_or_create(product=products[product], number=serial, defaults=place)
    return lot


def _clauses(contract: Contract, paper: dict[str, Any], structurer: User, checker: User, at: datetime) -> None:
    """Enter the clauses of the first version and have them checked."""
    version = contract.versions.get(version=1)
    if version.clauses.exists():
        return
    for page, number, kind, heading, heading_zh, text, terms in paper["clauses"]:
        clause = Clause(version=version, page=page, number=number, type=kind, heading=heading, heading_zh=heading_zh)
        clause.text, clause.language = text.strip(), paper["language"]
        clause = drafting.structure(clause, terms=read_terms(kind, terms), by=structurer, at=at)
        drafting.check(clause, by=checker, at=at)


def _amend(contract: Contract, structurer: User, checker: User, at: datetime, today: date) -> None:
    """Extend the guarantee of the gearboxes by an amendment, from 90 days ago."""
    if contract.versions.count() > 1:
        return
    version = contract.versions.get()
    old = version.clauses.get(type="GUARANTEE_PERIOD")
    begin = today - timedelta(days=90)
    after = drafting.amend(
        version, effective_from=begin, note=acme.AMENDMENT["note"], by=structurer, at=at, reopening={old.pk}
    )
    clause = after.clauses.get(type="GUARANTEE_PERIOD")
    clause.text, clause.page = acme.AMENDMENT["text"], acme.AMENDMENT["page"]
    terms = read_terms("GUARANTEE_PERIOD", acme.AMENDMENT["terms"])
    drafting.check(drafting.structure(clause, terms=terms, by=structurer, at=at), by=checker, at=at)
