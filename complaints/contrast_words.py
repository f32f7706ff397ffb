"""What complaining units have in common, in the reader's words: problems of the table, contrasts, rows of the grid."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, log10
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.contrasts import Contrast, Holds
from complaints.unit_table import Problem
from complaints.words import Words

PROBLEMS: dict[str, Words] = {
    "table_empty": gettext_lazy("The table is empty. Paste its head and its rows."),
    "table_no_units": gettext_lazy("The table needs its head and at least two units below it."),
    "table_too_long": gettext_lazy("The table has more than {most} rows. Leave out units or take a sample."),
    "table_too_wide": gettext_lazy("The table has more than {most} columns. Leave some out."),
    "table_no_head": gettext_lazy("Column {column} has no head. Name it, or take it out."),
    "table_head_twice": gettext_lazy("Two columns are called “{head}”. Rename one."),
    "table_row_too_wide": gettext_lazy("Row {row} has more cells than the head ({columns}). Correct it."),
    "table_row_unreadable": gettext_lazy(
        "Row {row} cannot be read: a quotation mark is not closed, or it is too long."
    ),
    "table_cell_too_long": gettext_lazy("A cell in row {row} is longer than {most} characters. Shorten it."),
    "table_no_mark": gettext_lazy(
        "No column says which units complain. Call it “complains” and mark each unit 1 or 0. Found: {heads}."
    ),
    "table_marks_twice": gettext_lazy("More than one column says which units complain. Keep one. Found: {heads}."),
    "table_no_factor": gettext_lazy("There is nothing to compare: add a column such as lot, line or day."),
    "table_mark_unclear": gettext_lazy("Row {row}, “{head}”: “{value}” is neither yes nor no. Write 1 or 0."),
    "table_day_order": gettext_lazy(
        "“{head}”: {value} may be day and month or month and day. Write days as 2026-03-25."
    ),
    "table_day_unclear": gettext_lazy("Row {row}, “{head}”: “{value}” is no day. Write it as 2026-03-25."),
    "table_day_impossible": gettext_lazy("Row {row}, “{head}”: there is no day {value}. Correct it."),
    "no_units": gettext_lazy("The table is empty. Paste its head and its rows."),
    "none_complains": gettext_lazy("No unit complains: there is nothing to compare with. Mark those that do."),
    "all_complain": gettext_lazy("Every unit complains. Add clean units of the same kind: the comparison needs both."),
}
# Words in a column's head by which its place in the is / is-not grid is known (DOMAIN §5.1); others are objects.
PLACES = ("line", "site", "place", "plant", "carrier", "customer", "delivery", "machine", "station",
          "产线", "线", "地点", "工厂", "承运", "客户", "现场", "设备", "工位")  # fmt: skip


def problem(found: Problem) -> str:
    """Return one problem of the table as a sentence."""
    params = {**found.params}
    if "heads" in params:
        params["heads"] = ", ".join(params["heads"])
    return str(PROBLEMS[found.code]).format(**params)


def holds(contrast: Contrast) -> str:
    """Return what the contrast is about: “line A”, “made on 2 March 2026 – 9 March 2026”."""
    return f"{contrast.factor} {_value(contrast.holds)}"


def _value(what: Holds) -> str:
    if what.first is None or what.last is None:
        return what.value
    first, last = (date_format(day, "DATE_FORMAT") for day in (what.first, what.last))
    return first if what.first == what.last else f"{first} – {last}"


def share(bad: int, clean: int) -> str:
    """Return “12 of 20 (60 %)”."""
    total = bad + clean
    percent = number_format(round(100 * bad / total)) if total else "0"
    return _("{bad} of {total} ({percent} %)").format(bad=bad, total=total, percent=percent)


def chance(p: float) -> str:
    """Return a probability as people say it: “1 in 4,000”, two figures kept; “no more than chance” from 1 in 2 on."""
    if p >= 0.5:
        return _("no more than chance")
    if p < 1e-9:
        return _("less than 1 in 1,000,000,000")
    odds = 1 / p
    places = max(0, floor(log10(odds)) - 1)
    rounded = round(odds / 10**places) * 10**places
    return _("1 in {odds}").format(odds=number_format(rounded, use_l10n=True, force_grouping=True))


def row(contrast: Contrast) -> dict[str, str]:
    """Return the contrast as a row of the is / is-not grid."""
    table = contrast.table
    return {
        "row": place(contrast),
        "is": f"{holds(contrast)}: {share(table.bad_in, table.clean_in)}",
        "is_not": _("elsewhere {share}").format(share=share(table.bad_out, table.clean_out)),
        "distinction": holds(contrast),
    }


def place(contrast: Contrast) -> str:
    """Return the code of the grid's row that a contrast belongs to."""
    if contrast.holds.first is not None:
        return "WHEN_FIRST"
    name = contrast.factor.casefold()
    return "WHERE_GEO" if any(word in name for word in PLACES) else "WHAT_OBJECT"


def sentence(contrast: Contrast, factors: int) -> str:
    """Return why the contrast is or is not to be trusted: the chance, and what was paid for asking so much."""
    said: Mapping[str, Any] = {
        "p": chance(contrast.p), "adjusted": chance(contrast.adjusted), "asked": contrast.asked, "factors": factors,
    }  # fmt: skip
    return _(
        "Chance that it means nothing: {p}; counted with the {asked} questions asked of this column and all {factors} "
        "columns: {adjusted}."
    ).format(**said)
