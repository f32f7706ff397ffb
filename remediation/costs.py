"""Verbs of what it cost, and of what a supplier is to bear (DOMAIN §7.3, §10)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

import audit
from accounts.models import Organisation
from complaints import lifecycle
from complaints.gates import Reason, reason
from complaints.lifecycle import Refused
from complaints.models import AttributionShare, Complaint
from complaints.models.states import BACKLOG, Party
from contracts.money import Money
from remediation.models import Chargeback, ChargebackWaiver, CostEntry, CostsPosted
from remediation.models.kinds import CostCategory, CostItem, Recoverable

if TYPE_CHECKING:
    from accounts.models import User

_ITEMS = {
    CostCategory.EXTERNAL_FAILURE: (
        "HANDLING RETURNS REPLACEMENT FIELD_SERVICE TRAVEL FREIGHT LIQUIDATED_DAMAGES COMPENSATION PRICE_REDUCTION "
        "GUARANTEE RECALL LOST_MARGIN"
    ),
    CostCategory.INTERNAL_FAILURE: "SCRAP REWORK SORTING RETEST DOWNGRADE LINE_STOP",
    CostCategory.APPRAISAL: "INSPECTION TEST AUDIT CALIBRATION EXTERNAL_LAB",
    CostCategory.PREVENTION: "TRAINING DESIGN_REVIEW SUPPLIER_DEVELOPMENT INSPECTION_SYSTEM CAPA",
}
CATEGORY: dict[str, CostCategory] = {
    CostItem[item]: category for category, items in _ITEMS.items() for item in items.split()
}


@transaction.atomic
def add_cost(
    complaint: Complaint, *, by: User, at: datetime, item: str, amount: Money, on: date, document: str,
    recoverable_from: str = Recoverable.NOBODY, recovered: Money | None = None,
) -> CostEntry:  # fmt: skip
    """
    Add a cost, or with a negative amount the correction of one; Finance then has to post the costs of an open case
    again. What an ended case had posted stays posted.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="cost.record")
    if not document.strip():
        raise Refused(reason("cost_document_missing"))
    entry = CostEntry(
        complaint=complaint, cycle=complaint.cycle, category=CATEGORY[item], item=item, on=on, document=document,
        recoverable_from=recoverable_from, by=by, at=at,
    )  # fmt: skip
    entry.amount, entry.recovered = amount, recovered
    entry.save()
    posted = complaint.costs_posted.filter(cycle=complaint.cycle, withdrawn_at=None)
    withdrawn = complaint.state in BACKLOG and bool(posted.update(withdrawn_at=at))
    facts = {"cost": entry.pk, "item": item, "amount": [str(amount.amount), amount.currency], "unposted": withdrawn}
    audit.record("case", complaint.uuid, "cost.added", by=by, at=at, facts=facts)
    return entry


@transaction.atomic
def post_costs(complaint: Complaint, *, by: User, at: datetime) -> CostsPosted:
    """Say for Finance that all costs of this cycle are in; a second time changes nothing."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="cost.post", states=BACKLOG)
    posted, made = CostsPosted.objects.get_or_create(
        complaint=complaint, cycle=complaint.cycle, withdrawn_at=None, defaults={"by": by, "at": at}
    )
    if made:
        facts = {"entries": complaint.costs.filter(cycle=complaint.cycle).count()}
        audit.record("case", complaint.uuid, "costs.posted", by=by, at=at, facts=facts)
    return posted


@transaction.atomic
def open_chargeback(
    complaint: Complaint, *, by: User, at: datetime, supplier: Organisation, amount: Money, notice: str
) -> Chargeback:
    """Charge a supplier with its share. notice: under which clause and with what evidence it was told."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="chargeback.record")
    if supplier.kind != Organisation.Kind.SUPPLIER:
        raise Refused(reason("not_a_supplier", name=supplier.name))
    if amount.minor <= 0:
        raise Refused(reason("chargeback_nothing"))
    if complaint.chargebacks.filter(cycle=complaint.cycle, supplier=supplier).exists():
        raise Refused(reason("chargeback_there", supplier=supplier.name))
    row = Chargeback(complaint=complaint, cycle=complaint.cycle, supplier=supplier, notice=notice, by=by, at=at)
    row.amount = amount
    row.save()
    facts = {"supplier": str(supplier.uuid), "amount": [str(amount.amount), amount.currency]}
    audit.record("case", complaint.uuid, "chargeback.opened", by=by, at=at, facts=facts, private={"notice": notice})
    return row


@transaction.atomic
def waive_chargeback(
    complaint: Complaint, *, by: User, at: datetime, because: str, supplier: Organisation | None = None
) -> ChargebackWaiver:
    """Do not charge a supplier, or with None any of them, with the reason."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="chargeback.record")
    if not because.strip():
        raise Refused(reason("reason_missing"))
    row = ChargebackWaiver.objects.create(
        complaint=complaint, cycle=complaint.cycle, supplier=supplier, because=because, by=by, at=at
    )
    facts = {"supplier": str(supplier.uuid) if supplier else None}
    audit.record("case", complaint.uuid, "chargeback.waived", by=by, at=at, facts=facts, private={"because": because})
    return row


def gaps(complaint: Complaint, *, posted: bool) -> list[Reason]:
    """Return what the money side still lacks: posted costs, and a decision on each supplier with a share."""
    found = [] if posted else [reason("costs_not_posted")]
    return found + _chargeback_gaps(complaint)


def _chargeback_gaps(complaint: Complaint) -> list[Reason]:
    latest = complaint.attributions.filter(cycle=complaint.cycle).order_by("-number").values("pk")[:1]
    shares = AttributionShare.objects.filter(attribution=latest, party=Party.SUPPLIER, basis_points__gt=0)
    if not (found := list(shares.select_related("supplier").order_by("pk"))):
        return []
    charged = set(complaint.chargebacks.filter(cycle=complaint.cycle).values_list("supplier_id", flat=True))
    waivers = complaint.chargeback_waivers.filter(cycle=complaint.cycle)
    if waivers.filter(supplier=None).exists():
        return []
    waived = {waiver.supplier_id for waiver in waivers if waiver.supplier_id}
    return [_open_share(share) for share in found if not _decided(share.supplier_id, charged, waived)]


def _decided(supplier: int | None, charged: set[int], waived: set[int]) -> bool:
    """Tell whether a share is dealt with; a share without a named supplier by any chargeback."""
    return bool(charged) if supplier is None else supplier in charged or supplier in waived


def _open_share(share: object) -> Reason:
    supplier = getattr(share, "supplier", None)
    return reason("chargeback_open", supplier=supplier.name if supplier else Party.SUPPLIER.value)
