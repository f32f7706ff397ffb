"""A case under a contract whose clauses Legal checked: the paper of tests/contracts, kept in the database."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from complaints import assessing, diagnosis, response
from complaints.models import Complaint
from contracts.models import Clause, Contract, ContractVersion, Delivery, Product
from contracts.money import Money
from tests.cast import NOON
from tests.complaints.factories import received
from tests.contracts.paper import PAPER

DELIVERED = date(2026, 5, 4)
FOUND = date(2026, 5, 11)
FACTS: dict[str, Any] = {
    "affected_price": "98000.00",
    "defect": "APPARENT",
    "seller_knew": False,
    "accepted_on": "2026-05-05",
}


def contract(
    customer: Any, structured_by: User, checked_by: User, *without: str, checked: bool = True, **fields: Any
) -> Contract:
    """Return a contract in CNY with every clause of the paper but some, in force since the middle of January."""
    row = Contract(
        number="HT-2026-018", title="Gearboxes", title_zh="齿轮箱", customer=customer, currency="CNY",
        price_includes_vat=False, signed_on=date(2026, 1, 15), **fields,
    )  # fmt: skip
    row.price = Money(Decimal("3200000.00"), "CNY")
    row.save()
    version = ContractVersion.objects.create(contract=row, version=1, effective_from=date(2026, 1, 15))
    for kind, (number, terms) in PAPER.items():
        if kind not in without:
            clause(version, kind, number, terms, structured_by, checked_by if checked else None)
    return row


def clause(
    version: ContractVersion, kind: str, number: str, terms: dict[str, Any], by: User, checked_by: User | None
) -> Clause:
    """Return a clause of the version, checked if somebody checked it."""
    return Clause.objects.create(
        version=version, number=number, type=kind, heading=kind.title().replace("_", " "), heading_zh="条款", page=3,
        text="…", language="en", terms=terms, structured_by=by, structured_at=NOON, checked_by=checked_by,
        checked_at=NOON if checked_by else None,
    )  # fmt: skip


def delivery(row: Contract, on: date = DELIVERED) -> Delivery:
    """Return a delivery under the contract."""
    product, _made = Product.objects.get_or_create(code="WT-G3", defaults={"name": "Gearbox"})
    return Delivery.objects.create(
        contract=row, customer=row.customer, product=product, number="LS-1", delivered_on=on, quantity="40"
    )


def case(by: User, row: Contract, *, at: datetime = NOON, **fields: Any) -> Complaint:
    """Return a received case under the contract; its goods came a week before the fault was found."""
    sent = delivery(row)
    known = {
        "customer": row.customer, "contract": row, "contract_version": row.versions.get(), "delivery": sent,
        "product": sent.product, "goods_unknown_because": "", "quantity_affected": "41", "quantity_delivered": "80",
        "nonconformity": ["DEFECT"], "remedy_asked": ["REWORK"],
    }  # fmt: skip
    return received(by, at=at, **{**known, **fields})


def known(complaint: Complaint, quinn: User, lee: User, *, confirmed: int = 37, at: datetime = NOON) -> Complaint:
    """State what only the contract asks, confirm the units, and attribute the cause to the seller."""
    assessing.state_facts(complaint, by=quinn, at=at, source="Delivery note LS-1", facts=FACTS)
    response.record_extent(
        complaint, by=quinn, at=at, location="INSTALLED", total=41, confirmed=confirmed, good=41 - confirmed
    )
    Complaint.objects.filter(pk=complaint.pk).update(state="DIAGNOSING")  # the way there is not what is tested
    version = diagnosis.attribute(complaint, by=quinn, at=at, shares=[("SELLER", Decimal(100), "our test", None)])
    diagnosis.approve_attribution(version, by=lee, at=at)
    return Complaint.objects.get(pk=complaint.pk)
