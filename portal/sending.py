"""What a customer sends with files: each is one transaction of the verbs it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from complaints import conversation, evidence, lifecycle
from complaints.models import Complaint, Message, Task
from complaints.models.states import Channel, Safety
from contracts.models import Product, SerialUnit

if TYPE_CHECKING:
    from accounts.models import Organisation, User

DANGER, STOPPED, RUNS = "danger", "stopped", "runs"
SAFETY = {DANGER: Safety.DANGER, STOPPED: Safety.UNANSWERED, RUNS: Safety.NO}  # unanswered counts as yes
SERIAL_MOST = 80  # characters


def write(
    complaint: Complaint, *, by: User, at: datetime, body: str, files: Sequence[UploadedFile] = (),
    no_answer: bool = False,
) -> Message | Task:  # fmt: skip
    """
    Send a message with files; without words, the names of the files are its words. no_answer: it says that the initial
    analysis is none. Raises Refused.
    """
    verb = conversation.question_initial if no_answer else conversation.hear
    text = body.strip() or ", ".join(evidence.clean_name(file.name) for file in files)
    return verb(complaint, by=by, at=at, body=text, channel=Channel.PORTAL, attached=files)


@transaction.atomic
def report(
    *, by: User, at: datetime, condition: str, goods: str, description: str, found_on: date, remedy: str = "",
    photos: Sequence[UploadedFile] = (),
) -> Complaint:  # fmt: skip
    """Register what the customer reports, with its photos. condition: danger, stopped or runs. Raises Refused."""
    complaint = Complaint(
        customer=by.organisation, channel=Channel.PORTAL, language=by.language, description=description.strip(),
        found_on=found_on, safety=SAFETY[condition], work_stopped=condition != RUNS,
        remedy_asked=[remedy] if remedy else [], **_reachable(by),
    )  # fmt: skip
    name_goods(complaint, goods.strip(), by.organisation)
    complaint = lifecycle.register(complaint, by=by, at=at)
    if photos:
        evidence.add(complaint, by=by, at=at, files=photos, shown_to_customer=True)
    return complaint


def _reachable(by: User) -> dict[str, object]:
    contact = getattr(by, "contact", None)
    if contact is not None and contact.organisation_id == by.organisation_id:
        return {"contact": contact, "contact_name": contact.name}
    return {"contact_name": by.name[:120], "contact_email": by.email}


def name_goods(complaint: Complaint, text: str, customer: Organisation) -> None:
    """Name the goods by what was typed: a serial number or a product delivered to this customer, else as typed."""
    unit = unit_of(customer, text)
    if unit is not None:
        complaint.product, complaint.lot, complaint.serial = unit.product, unit.lot, unit.number
        complaint.delivery = unit.delivery
        complaint.contract = unit.delivery.contract if unit.delivery else None
        return
    complaint.product = product_of(customer, text)
    if complaint.product is None:
        complaint.serial = text[:SERIAL_MOST]


def unit_of(customer: Organisation, text: str) -> SerialUnit | None:
    """Return the one unit of that serial number that was delivered to the customer."""
    units = SerialUnit.objects.select_related("product", "lot", "delivery__contract")
    found = list(units.filter(delivery__customer=customer, number__iexact=text)[:2]) if text else []
    return found[0] if len(found) == 1 else None


def product_of(customer: Organisation, text: str) -> Product | None:
    """Return the one product of that code or name that was delivered to the customer."""
    named = Q(code__iexact=text) | Q(name__iexact=text) | Q(name_zh=text)
    found = list(Product.objects.filter(named, deliveries__customer=customer).distinct()[:2]) if text else []
    return found[0] if len(found) == 1 else None
