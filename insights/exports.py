"""The figures as CSV: UTF-8 with its mark, so that a spreadsheet reads Chinese; no cell can begin a formula."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from insights.board import Board, share_name

Row = Iterable[Any]


def as_csv(rows: Iterable[Row]) -> str:
    """Return the rows as CSV."""
    text = StringIO()
    text.write("\ufeff")
    csv.writer(text).writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def _safe(cell: Any) -> Any:
    """Keep a spreadsheet from reading words as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in set("=+-@\t\r") and cell != "–" else cell


def ages(board: Board) -> Iterable[Row]:
    yield [_("Stage"), *board.age_columns, _("all")]
    for row in board.age_rows:
        yield [row["label"], *(cell["n"] for cell in row["cells"]), row["sum"]]
    yield [_("all"), *(total["n"] for total in board.age_totals)]


def weeks(board: Board) -> Iterable[Row]:
    yield [_("Week"), pgettext("first day of a week", "from"), pgettext("cases", "New"), pgettext("cases", "Closed")]
    for week in board.weeks:
        yield [week.number, week.monday, week.new, week.closed]


def clocks(board: Board) -> Iterable[Row]:
    yield [pgettext("SLA", "Clock"), pgettext("clocks", "Met"), pgettext("clocks", "Missed"), "%"]
    for line in board.kept_rows:
        yield [line["name"], line["row"].met, line["row"].missed, line["share"]]


def pareto(board: Board) -> Iterable[Row]:
    yield [board.pareto_title, _("Cases"), _("cumulated, %")]
    for share in board.shares:
        yield [share_name(share), share.n, share.upto]


FIGURES: dict[str, Callable[[Board], Iterable[Row]]] = {
    "ages": ages,
    "weeks": weeks,
    "clocks": clocks,
    "pareto": pareto,
}
