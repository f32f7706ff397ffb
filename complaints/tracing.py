"""
Tracing lots: forward to every customer who got goods of them, backward to the supplier and what else came from there.

A lot of the case is its own or one of its affected goods. Each delivery of such a lot to anybody, but
for the case's own delivery, must become affected goods or be excluded with a reason before the extent is final.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, QuerySet

import audit
from complaints import lifecycle, response, standing
from complaints.gates import reason
from complaints.models import Complaint, TracedDelivery
from complaints.models.states import BACKLOG, OPEN, Location
from contracts.models import Delivery, Lot

if TYPE_CHECKING:
    from accounts.models import User

NEAR = timedelta(days=30)  # of production: what else the same supplier's goods went into
LISTED = 50
_SHIPPED: Any = Lot.deliveries.through  # one row: a lot in a delivery


@dataclass
class Shipment:
    """The goods of a lot in one delivery, what was decided about them, and open cases of that customer on the lot."""

    delivery: Delivery
    decided: TracedDelivery | None = None
    cases: list[Complaint] = field(default_factory=list)
    own: bool = False  # the delivery that the case is about


@dataclass
class Trace:
    """One lot: where it went, and other lots of the same supplier for the same product made within NEAR of it."""

    lot: Lot
    shipments: list[Shipment]
    neighbours: list[Lot]
    to_customer: bool  # any of it went to the customer of the case, as far as deliveries are entered


def lots_of(complaint: Complaint) -> QuerySet[Lot]:
    """Return the lots of the case."""
    named = Q(pk=complaint.lot_id) | Q(affected_items__complaint=complaint.pk)
    return Lot.objects.filter(named).distinct().order_by("number", "pk")


def open_shipments(complaint: Complaint) -> QuerySet[Any]:
    """Return lot and delivery of what is not decided yet, oldest first."""
    rows = standing.undecided_shipments(complaint.pk, lot=complaint.lot_id, delivery=complaint.delivery_id or 0)
    return rows.select_related("lot", "delivery__customer", "delivery__product").order_by(
        "delivery__delivered_on", "pk"
    )


def traces(complaint: Complaint, reader: User) -> list[Trace]:
    """Return each lot of the case with where it went; cases of others as far as `reader` may see them."""
    lots = list(lots_of(complaint).select_related("product", "supplier")[:LISTED])
    shipped = _SHIPPED.objects.filter(lot__in=lots).select_related("delivery__customer", "delivery__product")
    decided = {
        (row.lot_id, row.delivery_id): row
        for row in complaint.traced.select_related("item", "by")
    }  # fmt: skip
    cases = list(
        Complaint.objects.visible_to(reader).filter(lot__in=lots, state__in=BACKLOG).exclude(pk=complaint.pk)
    )  # fmt: skip
    found = {lot.pk: Trace(lot, [], [], False) for lot in lots}
    for row in shipped.order_by("delivery__delivered_on", "pk"):
        trace, delivery = found[row.lot_id], row.delivery
        trace.to_customer |= delivery.customer_id == complaint.customer_id
        theirs = [case for case in cases if (case.lot_id, case.customer_id) == (row.lot_id, delivery.customer_id)]
        own = delivery.pk == complaint.delivery_id
        trace.shipments.append(Shipment(delivery, decided.get((row.lot_id, delivery.pk)), theirs, own))
    for trace in found.values():
        trace.neighbours = _neighbours(trace.lot)
    return list(found.values())


def _neighbours(lot: Lot) -> list[Lot]:
    if lot.supplier_id is None or lot.produced_on is None:
        return []
    days = (lot.produced_on - NEAR, lot.produced_on + NEAR)
    same = Lot.objects.filter(supplier=lot.supplier_id, product=lot.product_id, produced_on__range=days)
    return list(same.exclude(pk=lot.pk).order_by("produced_on", "number")[:LISTED])


@transaction.atomic
def decide_goods(
    complaint: Complaint, *, by: User, at: datetime, goods: Iterable[Any], affected: bool,
    location: str = Location.CUSTOMER_STOCK, because: str = "",
) -> Complaint:  # fmt: skip
    """
    Decide about goods of the case's lots in deliveries: affected ones are listed with the quantity delivered, all of
    it not known yet; others are excluded because of something. What was decided meanwhile stays.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="diagnosis.record", states=OPEN)
    if not affected and not because.strip():
        raise lifecycle.Refused(reason("reason_missing"))
    chosen = {row.pk for row in goods}
    rows = [row for row in open_shipments(complaint) if row.pk in chosen]
    if not rows:
        raise lifecycle.Refused(reason("goods_decided"))
    for row in rows:
        item = None
        if affected:
            total = max(1, ceil(row.delivery.quantity))
            item = response.record_extent(
                complaint, by=by, at=at, location=location, lot=row.lot, total=total, unknown=total
            )  # fmt: skip
        TracedDelivery.objects.create(
            complaint=complaint, lot=row.lot, delivery=row.delivery, item=item, by=by, at=at,
            excluded_because="" if affected else because,
        )  # fmt: skip
        facts = {
            "lot": row.lot.number, "delivery": row.delivery.number, "affected": affected,
            "item": item.pk if item else None,
        }  # fmt: skip
        audit.record(
            "case", complaint.uuid, "response.goods_traced", by=by, at=at, facts=facts, private={"because": because}
        )  # fmt: skip
    return complaint
