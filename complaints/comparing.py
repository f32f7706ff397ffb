"""Units compared on a case: the table from our own records, and the contrasts that go into the is / is-not grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import pgettext_lazy

import audit
from complaints import diagnosis, evidence, lifecycle, standing
from complaints.gates import reason
from complaints.models import Complaint, DefectStatement
from complaints.models.states import OPEN, State
from contracts.models import SerialUnit

if TYPE_CHECKING:
    from accounts.models import User

CELL = 500  # characters of a cell of the grid
BETWEEN = "; "
UNFOUNDED = (State.DRAFT, State.REJECTED, State.WITHDRAWN, State.DUPLICATE)
MOST_UNITS = 5_000  # of our records, the newest first


@transaction.atomic
def adopt(
    complaint: Complaint, *, by: User, at: datetime, rows: Iterable[Mapping[str, str]], table: str,
    found: Mapping[str, Any],
) -> DefectStatement:  # fmt: skip
    """
    Add rows to the is / is-not grid, below what it says already, and keep the table that they come from as a file.

    rows: {"row", "is", "is_not", "distinction"}.  found: what the comparison counted, for the history.
    Raises Refused: defect_statement_missing, grid_cell_full.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="diagnosis.record", states=OPEN)
    statement = complaint.defect_statements.select_for_update().filter(cycle=complaint.cycle).first()
    if statement is None:
        raise lifecycle.Refused(reason("defect_statement_missing"))
    grid = _joined(statement.grid, rows)
    file = SimpleUploadedFile("units.txt", table.encode(), content_type=evidence.TEXT)
    (kept,) = evidence.add(complaint, by=by, at=at, files=[file])
    statement = diagnosis.state_defect(complaint, by=by, at=at, sentence=statement.sentence, grid=grid)
    facts = {**found, "file": kept.blob_id, "version": statement.version}
    audit.record("case", complaint.uuid, "diagnosis.contrasts_adopted", by=by, at=at, facts=facts)
    return statement


def _joined(grid: Iterable[Mapping[str, str]], rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the grid with the rows' words added to their cells; what a cell says already is not said twice."""
    cells = {row["row"]: dict(row) for row in grid}
    for row in rows:
        kept = cells.setdefault(
            row["row"], {"row": row["row"], "is": "", "is_not": "", "distinction": "", "change": ""}
        )
        for name in ("is", "is_not", "distinction"):
            said = [part for part in (kept.get(name, ""), row[name]) if part]
            text = said[0] if len(said) == 2 and said[1] in said[0] else BETWEEN.join(said)
            if len(text) > CELL:
                raise lifecycle.Refused(reason("grid_cell_full", most=CELL))
            kept[name] = text
    return list(cells.values())


def no_statement(complaint: Complaint, _user: User) -> list[Any]:
    """Return why contrasts cannot be taken over yet: there is no defect statement to put them into."""
    return [] if standing.of(complaint).defect_stated else [reason("defect_statement_missing")]


HEADS = (  # as complaints.unit_table reads them, in the reader's language
    pgettext_lazy("column of units", "serial"), pgettext_lazy("column of units", "lot"),
    pgettext_lazy("column of units", "made on"), pgettext_lazy("column of units", "supplier"),
    pgettext_lazy("column of units", "delivery"), pgettext_lazy("column of units", "delivered on"),
    pgettext_lazy("column of units", "customer"), pgettext_lazy("column of units", "complains"),
)  # fmt: skip


def from_records(complaint: Complaint) -> str:
    """
    Return our records of the product's units as a table to compare; "" where there are none.

    A unit complains if a case that was not turned down names its serial number.
    """
    if complaint.product_id is None:
        return ""
    units = SerialUnit.objects.filter(product=complaint.product_id).order_by("-pk")
    rows = units.values_list(
        "number", "lot__number", "lot__produced_on", "lot__supplier__code", "delivery__number",
        "delivery__delivered_on", "delivery__customer__code",
    )[:MOST_UNITS]  # fmt: skip
    named = Complaint.objects.filter(product=complaint.product_id).exclude(serial="").exclude(state__in=UNFOUNDED)
    bad = {serial.strip().casefold() for serial in named.values_list("serial", flat=True)}
    lines = [(*(_cell(value) for value in row), "1" if row[0].casefold() in bad else "0") for row in rows]
    return "\n".join("\t".join(line) for line in (tuple(map(str, HEADS)), *lines)) if lines else ""


def _cell(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())
