"""What the contract says, for whoever asks: these functions answer and never act."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Organisation
from contracts.clauses import TermsError
from contracts.clauses.case import InForce
from contracts.clauses.gapcheck import Entered, Frame
from contracts.models import Clause, Contract, ContractVersion, Product


def version_in_force(contract: Contract, on: date) -> ContractVersion | None:
    """Return the newest version of the contract that was in force on the day, or None."""
    return contract.versions.filter(_in_force(on)).order_by("-version").first()


def contracts_of(customer: Organisation, on: date, product: Product | None = None) -> QuerySet[Contract]:
    """Return the customer's contracts with a version in force on the day; with `product`, those that delivered it."""
    versions = ContractVersion.objects.filter(_in_force(on))
    found = Contract.objects.filter(customer=customer, pk__in=versions.values("contract"))
    if product is not None:
        found = found.filter(deliveries__product=product).distinct()
    return found.order_by("-signed_on", "pk")


def clauses_that_count(contract: Contract, on: date) -> QuerySet[Clause]:
    """
    Return the clauses of the version that counts for a day, checked or not.

    That is the newest one in force on it; before the first, the first; after the end of the last, the last.
    """
    versions = contract.versions.order_by("-version").values("pk")
    chosen = (versions.filter(_in_force(on)), versions.filter(effective_from__lte=on), versions.reverse())
    return Clause.objects.filter(version=Coalesce(*(Subquery(one[:1]) for one in chosen)))


def in_paper_order(clauses: QuerySet[Clause]) -> list[Clause]:
    """Return the clauses by number, 7.2 before 7.10; those of one number, or without any, by page."""
    return sorted(clauses, key=lambda clause: (_parts(clause.number), clause.page or 0, clause.pk))


def entered(clause: Clause) -> Entered:
    """Return the clause as the gap check reads it; terms that are not whole count as none."""
    try:
        terms = clause.typed_terms
    except TermsError:
        terms = None
    return Entered(clause.number, clause.type, terms, clause.is_checked)


def in_force_clauses(clauses: Iterable[Clause]) -> list[InForce]:
    """Return those of the clauses that may be computed with, as the rules read them."""
    return [
        InForce(clause.number, clause.type, terms, heading=clause.shown_heading)
        for clause in clauses
        if clause.is_checked and (terms := clause.typed_terms) is not None
    ]


def frame_of(contract: Contract, version: ContractVersion | None) -> Frame:
    """Return what stands in the contract outside its clauses."""
    return Frame(
        currency=contract.currency,
        price=contract.price,
        includes_vat=contract.price_includes_vat,
        vat_pct=contract.vat_pct,
        language=version.governing_language if version else "",
    )


def _in_force(on: date) -> Q:
    return Q(effective_from__lte=on) & (Q(effective_to__isnull=True) | Q(effective_to__gte=on))


def _parts(number: str) -> tuple[int, ...]:
    """Return the numbers within a clause number."""
    return tuple(int(part) for part in "".join(c if c.isdecimal() else " " for c in number).split())
