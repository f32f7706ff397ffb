"""`/cases/<ref>/lots/`: where the lots of a case went, what came with them, what was decided of each delivery."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.doors import staff_only
from complaints import acts, standing, tracing
from complaints.timeline import listed
from complaints.tracing import Shipment, Trace
from complaints.views import frame


@staff_only
@require_GET
def lots(request: HttpRequest, ref: str) -> HttpResponse:
    """Show each lot of the case forward to its customers and backward to its supplier."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    with standing.once(complaint):
        act = acts.get("decide_goods")
        assert act is not None
        offer = acts.offer(act, complaint, reader.user)
        shown = frame.head(request, complaint, "case-diagnosis", reader)
    shown |= {
        "traces": [_trace(one) for one in tracing.traces(complaint, reader.user)],
        "decide": reverse("case-do", args=[complaint.ref, act.name]) if offer.allowed else "",
        "decide_label": act.label,
    }
    return render(request, "complaints/lots.html", shown)


def _trace(trace: Trace) -> dict[str, Any]:
    lot = trace.lot
    made = date_format(lot.produced_on) if lot.produced_on else ""
    near = listed(f"{one.number} ({date_format(one.produced_on)})" for one in trace.neighbours if one.produced_on)
    return {
        "lot": lot,
        "facts": [
            {"name": _("Product"), "value": str(lot.product)},
            {"name": _("Made on"), "value": made or "–"},
            {"name": _("Supplier"), "value": lot.supplier.shown_name(get_language() or "en") if lot.supplier else "–"},
            {"name": _("Same supplier, made within 30 days"), "value": near or "–"},
        ],
        "stranger": bool(trace.shipments) and not trace.to_customer,
        "shipments": [_shipment(one) for one in trace.shipments],
    }


def _shipment(one: Shipment) -> dict[str, Any]:
    sent = one.delivery
    return {
        "number": sent.number,
        "to": sent.customer.shown_name(get_language() or "en"),
        "on": sent.delivered_on,
        "quantity": f"{sent.quantity.normalize():f} {sent.product.unit}",
        "own": one.own,
        "row": one.decided,
        "cases": one.cases,
    }
