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
from complaints.gates import Reason, reason
from complaints.models import AffectedItem, Complaint, TracedDelivery
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
    return _in_order(rows)


def shipments(complaint: Complaint) -> QuerySet[Any]:
    """Return lot and delivery of all that is to be decided or was, oldest first."""
    rows = standing.shipments(complaint.pk, lot=complaint.lot_id, delivery=complaint.delivery_id or 0)
    return _in_order(rows)


def _in_order(rows: QuerySet[Any]) -> QuerySet[Any]:
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
    near = _neighbours(lots)
    for trace in found.values():
        trace.neighbours = [one for one in near if _is_near(one, trace.lot)][:LISTED]
    return list(found.values())


def _neighbours(lots: Iterable[Lot]) -> list[Lot]:
    """Return in one statement what is near one of the lots."""
    wanted = Q(pk__in=[])
    for lot in lots:
        if lot.supplier_id is not None and lot.produced_on is not None:
            days = (lot.produced_on - NEAR, lot.produced_on + NEAR)
            wanted |= Q(supplier=lot.supplier_id, product=lot.product_id, produced_on__range=days)
    return list(Lot.objects.filter(wanted).order_by("produced_on", "number")) if wanted != Q(pk__in=[]) else []


def _is_near(one: Lot, lot: Lot) -> bool:
    """Tell whether another lot of the same supplier and product was made within NEAR of this one."""
    if one.pk == lot.pk or one.produced_on is None or lot.produced_on is None:
        return False
    same = (one.supplier_id, one.product_id) == (lot.supplier_id, lot.product_id)
    return same and abs(one.produced_on - lot.produced_on) <= NEAR


@transaction.atomic
def decide_goods(
    complaint: Complaint, *, by: User, at: datetime, goods: Iterable[Any], affected: bool,
    location: str = Location.CUSTOMER_STOCK, because: str = "",
) -> Complaint:  # fmt: skip
    """
    Decide about goods of the case's lots in deliveries: affected ones are listed with the quantity delivered, all of
    it not known yet; others are excluded because of something.

    A delivery counts once, however many lots of the case are in it. Raises Refused, and decides nothing, where somebody
    decided about one of them meanwhile.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="diagnosis.record", states=OPEN)
    if not affected and not because.strip():
        raise lifecycle.Refused(reason("reason_missing"))
    chosen = {row.pk for row in goods}
    rows = list(shipments(complaint).filter(pk__in=chosen))
    if taken := _decided_meanwhile(complaint, rows):
        raise lifecycle.Refused(*taken)
    if not rows:
        raise lifecycle.Refused(reason("goods_decided"))
    for row in rows:
        item = None
        if affected:
            item = _listed(complaint, row.delivery) or _list(complaint, row, location, by=by, at=at)
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


def _decided_meanwhile(complaint: Complaint, rows: Iterable[Any]) -> list[Reason]:
    """Return of each of these goods about which somebody decided, who."""
    decided = {(one.lot_id, one.delivery_id): one for one in complaint.traced.select_related("by")}
    return [
        reason("goods_decided_by", lot=row.lot.number, delivery=row.delivery.number, name=one.by.name)
        for row in rows if (one := decided.get((row.lot_id, row.delivery_id)))
    ]  # fmt: skip


def _listed(complaint: Complaint, delivery: Delivery) -> AffectedItem | None:
    """Return the affected goods by which a delivery is counted already, with another lot in it."""
    counted = complaint.traced.filter(delivery=delivery, item__isnull=False).select_related("item").order_by("pk")
    one = counted.first()
    return one.item if one else None


def _list(complaint: Complaint, row: Any, location: str, *, by: User, at: datetime) -> AffectedItem:
    total = max(1, ceil(row.delivery.quantity))
    return response.record_extent(
        complaint, by=by, at=at, location=location, lot=row.lot, total=total, unknown=total
    )  # fmt: skip
