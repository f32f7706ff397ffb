"""`/cases/<ref>/units/`: complaining and clean units compared; what stands out can go into the is / is-not grid."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.doors import staff_only
from complaints import acts, comparing, standing
from complaints import contrast_words as words
from complaints.contrasts import ALPHA, Compared, Contrast, suspects
from complaints.forms.units import UnitsForm
from complaints.models import Complaint
from complaints.models.states import GRID_ROWS
from complaints.unit_table import Table
from complaints.views import frame
from complaints.views.once import token_of

NAMED = 60  # suspects shown by name
EXAMPLE = (
    pgettext_lazy("column of units", "serial"), pgettext_lazy("column of units", "lot"),
    pgettext_lazy("column of units", "line"), pgettext_lazy("column of units", "made on"),
    pgettext_lazy("column of units", "carrier"), pgettext_lazy("column of units", "complains"),
)  # fmt: skip


@staff_only
@require_http_methods(["GET", "POST"])
def units(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the table's form; POST compares, and keeps nothing."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    form = UnitsForm(request.POST, label_suffix="") if request.method == "POST" else _first(request, complaint)
    valid = form.is_bound and form.is_valid()
    with standing.once(complaint):
        shown: dict[str, Any] = frame.head(request, complaint, "case-diagnosis", reader)
        shown |= {
            "form": form,
            "example": "\t".join(map(str, EXAMPLE)),
            "has_records": complaint.product_id is not None,
        }
        if valid:
            text, table, compared = form.cleaned_data["table"]
            shown |= {"answer": _answer(table, compared), "text": text, "token": token_of(request)}
            shown["adopt"] = _adopt(complaint, reader.user)
    return render(request, "complaints/units.html", shown, status=422 if form.is_bound and not valid else 200)


def _first(request: HttpRequest, complaint: Complaint) -> UnitsForm:
    text = comparing.from_records(complaint) if "records" in request.GET else ""
    return UnitsForm(initial={"table": text}, label_suffix="")


def _adopt(complaint: Complaint, user: Any) -> dict[str, Any]:
    """Return where the choice is sent, or why it cannot be."""
    act = acts.get("adopt_contrasts")
    assert act is not None
    offer = acts.offer(act, complaint, user)
    link = frame.link(offer, complaint)
    return {"label": act.label, "url": link["url"] if offer.allowed else "", "why": frame.sentences(offer.blocked_by)}


def _answer(table: Table, compared: Compared) -> dict[str, Any]:
    rows = [_row(table, one, len(compared.contrasts)) for one in compared.contrasts]
    return {
        "units": compared.units, "complaining": compared.complaining, "rows": rows, "mute": ", ".join(compared.mute),
        "flagged": len(compared.flagged), "unmarked": table.unmarked, "alpha": round(100 * ALPHA),
    }  # fmt: skip


def _row(table: Table, one: Contrast, factors: int) -> dict[str, Any]:
    counts = one.table
    found = suspects(table.units, one) if one.flagged else []
    extent = {"total": counts.bad_in + counts.clean_in, "confirmed": counts.bad_in, "good": 0}
    return {
        "factor": one.factor, "holds": words.holds(one), "flagged": one.flagged, "unknown": one.unknown,
        "inside": words.share(counts.bad_in, counts.clean_in), "outside": words.share(counts.bad_out, counts.clean_out),
        "width_in": round(100 * counts.share_in), "width_out": round(100 * counts.share_out),
        "because": words.sentence(one, factors), "twins": ", ".join(one.twins), "place": GRID_ROWS[words.place(one)],
        "suspects": len(found), "names": ", ".join(unit.name for unit in found[:NAMED]),
        "more": max(0, len(found) - NAMED), "extent": urlencode(extent),
    }  # fmt: skip
