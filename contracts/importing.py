"""Contracts from files and into files: the verb that makes contract, versions and clauses in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

import audit
from accounts.models import Organisation, User
from contracts import paperfile, questions
from contracts.models import Clause, Contract, ContractVersion, Project
from contracts.paperfile import Fault, Paper, PaperClause, PaperVersion, Unreadable
from contracts.paperfile.paper import ClauseHead, Header, Places, Status, Tongue, VersionHead


@dataclass(frozen=True)
class Ready:
    """A file that can be brought in, with what its codes stand for."""

    paper: Paper
    customer: Organisation
    project: Project | None
    sha256: str


def check(content: bytes) -> Ready:
    """Return what the file would make. Raises Unreadable with every fault and its place; changes nothing."""
    paper = paperfile.read(content, _not_here)
    customer = _customer(paper.header)
    assert customer is not None
    return Ready(paper, customer, _project(paper.header, customer), sha256(content).hexdigest())


def _not_here(header: Header, places: Places) -> list[Fault]:
    """Return what speaks against a header that only the database knows."""
    faults, customer = [], _customer(header)
    if Contract.objects.filter(number=header.number).exists():
        faults.append(_fault(places, "number_taken", "number", header.number))
    if customer is None:
        faults.append(_fault(places, "customer_unknown", "customer", header.customer))
    elif header.project and _project(header, customer) is None:
        faults.append(_fault(places, "project_unknown", "project", header.project))
    return faults


def _customer(header: Header) -> Organisation | None:
    return Organisation.objects.filter(code=header.customer, kind="CUSTOMER").first()


def _project(header: Header, customer: Organisation) -> Project | None:
    return Project.objects.filter(code=header.project, customer=customer).first() if header.project else None


def bring_in(content: bytes, *, by: User, at: datetime) -> Contract:
    """
    Make the contract that the file holds, with its versions and its clauses, none of them checked; return it.

    Raises PermissionDenied, or Unreadable; then nothing is made.
    """
    if not by.may("contracts.structure"):
        raise PermissionDenied
    ready = check(content)
    try:
        with transaction.atomic():
            return _make(ready, by, at)
    except IntegrityError:
        if not Contract.objects.filter(number=ready.paper.header.number).exists():
            raise
        raise Unreadable(_fault(ready.paper.places, "number_taken", "number", ready.paper.header.number)) from None


def _make(ready: Ready, by: User, at: datetime) -> Contract:
    header = ready.paper.header
    values: dict[str, Any] = {
        "number": header.number, "title": header.title, "title_zh": header.title_zh, "customer": ready.customer,
        "project": ready.project, "status": header.status.value, "signed_on": header.signed_on,
        "currency": header.currency, "price_minor": header.money.minor if header.money else None,
        "price_includes_vat": header.price_includes_vat, "vat_pct": header.vat_pct,
    }  # fmt: skip
    contract = Contract.objects.create(**values)
    for number, version in enumerate(ready.paper.versions, start=1):
        _make_version(contract, number, version, by, at)
    facts = {
        "sha256": ready.sha256,
        "number": header.number,
        "versions": len(ready.paper.versions),
        "clauses": ready.paper.clauses,
    }
    audit.record("contract", contract.uuid, "contract.imported", by=by, at=at, facts=facts)
    return contract


def _make_version(contract: Contract, number: int, version: PaperVersion, by: User, at: datetime) -> None:
    head = version.head
    made = ContractVersion.objects.create(
        contract=contract, version=number, effective_from=head.effective_from, effective_to=head.effective_to,
        governing_language=head.governing_language or "", note=head.note,
    )  # fmt: skip
    Clause.objects.bulk_create(_clause(made, clause, by, at) for clause in version.clauses)


def _clause(version: ContractVersion, clause: PaperClause, by: User, at: datetime) -> Clause:
    head = clause.head
    made = Clause(
        version=version, number=head.number, type=head.type, heading=head.heading, heading_zh=head.heading_zh,
        page=head.page, language=head.language.value, text=head.text,
    )  # fmt: skip
    if clause.terms is not None:
        made.terms, made.structured_by, made.structured_at = clause.terms.to_data(), by, at
    return made


def _fault(places: Places, code: str, name: str, given: str) -> Fault:
    return Fault(code, *places[name], name, (("given", given),))


def paper_of(contract: Contract) -> Paper:
    """Return a stored contract as a file holds it. Who checked a clause is not part of it."""
    header = Header(
        number=contract.number, title=contract.title, title_zh=contract.title_zh, customer=contract.customer.code,
        project=contract.project.code if contract.project else "", status=Status(contract.status),
        signed_on=contract.signed_on, currency=contract.currency,
        price=contract.price.amount if contract.price else None, price_includes_vat=contract.price_includes_vat,
        vat_pct=contract.vat_pct,
    )  # fmt: skip
    versions = tuple(_paper_version(version) for version in contract.versions.order_by("version"))
    return Paper(header, versions, {})


def _paper_version(version: ContractVersion) -> PaperVersion:
    tongue = Tongue(version.governing_language) if version.governing_language else None
    head = VersionHead(
        effective_from=version.effective_from, effective_to=version.effective_to, governing_language=tongue,
        note=version.note,
    )  # fmt: skip
    return PaperVersion(head, tuple(map(_paper_clause, questions.in_paper_order(version.clauses.all()))))


def _paper_clause(clause: Clause) -> PaperClause:
    head = ClauseHead(
        number=clause.number, type=clause.type, heading=clause.heading, heading_zh=clause.heading_zh,
        page=clause.page, language=Tongue(clause.language), text=clause.text,
    )  # fmt: skip
    return PaperClause(head, clause.typed_terms)
