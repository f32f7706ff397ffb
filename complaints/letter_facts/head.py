"""What every letter tells about its case: the firms, the goods, the contract, the dates."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accounts.models import Organisation
from complaints.days import customer_zone
from complaints.models.states import Channel, Grade, Nonconformity, RemedyAsked

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint

MOST = 6000  # characters of one text that a letter prints; the whole stands in the case


def head(complaint: Complaint, *, language: str, at: datetime, person: User | None) -> dict[str, Any]:
    """Return the facts that all kinds of letters share."""
    return {
        "ref": complaint.ref,
        "title": complaint.title,
        "language": language,
        "company": _company(language),
        "customer": complaint.customer.shown_name(language) if complaint.customer else "",
        "contact": _contact(complaint),
        "zone": customer_zone(complaint.customer).key,
        "dated_at": at,
        "received_at": complaint.received_at,
        "found_on": complaint.found_on,
        "channel": complaint.channel,
        "channel_label": label(Channel, complaint.channel),
        "description": shortened(complaint.description),
        "contract": _contract(complaint),
        "goods": _goods(complaint),
        "quantity": _quantity(complaint),
        "grade": complaint.grade,
        "grade_label": label(Grade, complaint.grade),
        "danger": complaint.dangerous and complaint.safety != "",
        "stopped": complaint.work_stopped,
        "nonconformity": [label(Nonconformity, code) for code in complaint.nonconformity],
        "remedy_asked": [label(RemedyAsked, code) for code in complaint.remedy_asked],
        "owner": complaint.owner.name if complaint.owner else "",
        "contact_person": {"name": person.name, "email": person.email} if person else None,
    }


def label(choices: Any, code: str) -> str:
    """Return the word for a code in the active language; the code itself if it is not known, "" for none."""
    return str(choices(code).label) if code in choices.values and code else code


def shortened(text: str) -> str:
    """Return the text, cut where a letter would become a book."""
    return text if len(text) <= MOST else text[:MOST].rstrip() + " …"


def number(value: Decimal | None) -> str:
    """Return an exact decimal without an exponent and without idle zeros; "" for none."""
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _company(language: str) -> dict[str, str]:
    own = Organisation.objects.filter(kind=Organisation.Kind.OWN).order_by("pk").first()
    site = own.sites.exclude(address="").order_by("pk").first() if own else None
    return {"name": own.shown_name(language) if own else "", "address": site.address if site else ""}


def _contact(complaint: Complaint) -> str:
    return complaint.contact_name or (complaint.contact.name if complaint.contact else "")


def _contract(complaint: Complaint) -> dict[str, Any] | None:
    version = complaint.contract_version
    contract = version.contract if version else complaint.contract
    if contract is None:
        return None
    return {"number": contract.number, "version": version.version if version else None}


def _goods(complaint: Complaint) -> dict[str, str]:
    product, lot, delivery = complaint.product, complaint.lot, complaint.delivery
    product = product or (lot.product if lot else None) or (delivery.product if delivery else None)
    return {
        "name": product.shown_name if product else "",
        "code": product.code if product else "",
        "serial": complaint.serial,
        "lot": lot.number if lot else "",
        "delivery": delivery.number if delivery else "",
        "unknown_because": complaint.goods_unknown_because,
    }


def _quantity(complaint: Complaint) -> dict[str, str]:
    product = complaint.product
    return {
        "affected": number(complaint.quantity_affected),
        "delivered": number(complaint.quantity_delivered),
        "confirmed": number(complaint.quantity_confirmed),
        "unit": complaint.unit or (product.unit if product else ""),
    }
