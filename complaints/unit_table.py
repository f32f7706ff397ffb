"""
A table of units as people paste it from a spreadsheet: a row a unit, a column a fact, one column who complains. Pure.

Tab, semicolon or comma between cells; full-width signs are read as plain ones. Nothing is guessed: a day that may be
read in two ways, or a mark that is neither yes nor no, is named with its row and column.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from complaints.contrasts import Unit, Value

MOST_ROWS = 20_000
MOST_COLUMNS = 30
MOST_CHARS = 120  # of a cell
MOST_PROBLEMS = 20  # named at once
COMPLAINS = frozenset(
    ("complains", "complaint", "complained", "complaining", "bad", "defect", "defective", "failed", "ng",
     "投诉", "是否投诉", "不良", "是否不良", "故障", "有问题")
)  # fmt: skip
NAMES = frozenset(("serial", "serial number", "serial no", "serial no.", "sn", "unit", "id", "序列号", "编号", "机号"))
YES = frozenset(
    (
        "1",
        "yes",
        "y",
        "true",
        "x",
        "×",
        "✗",
        "bad",
        "ng",
        "fail",
        "failed",
        "defective",
        "是",
        "有",
        "不良",
        "投诉",
        "坏",
    )
)
NO = frozenset(
    ("0", "no", "n", "false", "ok", "good", "pass", "passed", "clean", "否", "无", "良", "好", "合格", "正常", "")
)
UNKNOWN = frozenset(("", "?", "-", "–", "—", "n/a", "na", "unknown", "不详", "未知"))
YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?")
DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
UNCLEAR = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class Problem(NamedTuple):
    """What cannot be read: a code and its parameters."""

    code: str
    params: dict[str, Any]


class BadTable(Exception):
    """The table cannot be read; `problems` names why, the first MOST_PROBLEMS of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)[:MOST_PROBLEMS]
        super().__init__([problem.code for problem in self.problems])


class Table(NamedTuple):
    """The units, the factors in the order of their columns, and how many marks were empty and so read as clean."""

    units: tuple[Unit, ...]
    factors: tuple[str, ...]
    unmarked: int


def read(text: str) -> Table:
    """Return the units of the table. Raises BadTable with everything that cannot be read."""
    rows = _rows(text)
    head, body = _checked(rows)
    mark, name = _columns(head)
    problems: list[Problem] = []
    marks = [_mark(number, head[mark], row[mark], problems) for number, row in body]
    factors = [at for at in range(len(head)) if at not in (mark, name)]
    if not factors:
        problems.append(Problem("table_no_factor", {}))
    columns = {head[at]: _values(head[at], [(number, row[at]) for number, row in body], problems) for at in factors}
    if problems:
        raise BadTable(problems)
    units = tuple(
        Unit(row[name] if name is not None and row[name] else str(number), bool(marks[at]),
             {factor: values[at] for factor, values in columns.items()})
        for at, (number, row) in enumerate(body)
    )  # fmt: skip
    return Table(units, tuple(columns), sum(row[mark] == "" for _number, row in body))


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows that are not blank, each with its number in the text."""
    text = unicodedata.normalize("NFKC", text.replace("\0", ""))
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise BadTable([Problem("table_empty", {})])
    between = max("\t;,", key=first.count)
    reader = csv.reader(text.splitlines(), delimiter=between)
    rows = []
    try:
        for cells in reader:
            plain = [" ".join(cell.split()) for cell in cells]
            if any(plain):
                rows.append((reader.line_num, plain))
    except csv.Error:
        raise BadTable([Problem("table_row_unreadable", {"row": reader.line_num})]) from None
    return rows


def _checked(rows: Sequence[tuple[int, list[str]]]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the heads and the rows, each as wide as the heads. Raises BadTable."""
    (_first, head), body = rows[0], rows[1:]
    while head and not head[-1]:
        head = head[:-1]
    if len(head) > MOST_COLUMNS:
        raise BadTable([Problem("table_too_wide", {"most": MOST_COLUMNS})])
    if len(body) > MOST_ROWS:
        raise BadTable([Problem("table_too_long", {"most": MOST_ROWS})])
    if len(body) < 2:
        raise BadTable([Problem("table_no_units", {})])
    problems = [Problem("table_no_head", {"column": at + 1}) for at, one in enumerate(head) if not one]
    plain = [one.casefold() for one in head]
    problems += [Problem("table_head_twice", {"head": one}) for at, one in enumerate(head) if plain[at] in plain[:at]]
    for number, row in body:
        if any(row[len(head) :]):
            problems.append(Problem("table_row_too_wide", {"row": number, "columns": len(head)}))
        problems += [
            Problem("table_cell_too_long", {"row": number, "most": MOST_CHARS})
            for cell in row
            if len(cell) > MOST_CHARS
        ]
    if problems:
        raise BadTable(problems)
    return head, [(number, (row + [""] * len(head))[: len(head)]) for number, row in body]


def _columns(head: Sequence[str]) -> tuple[int, int | None]:
    """Return which column marks who complains, and which names the unit, if one does. Raises BadTable."""
    marks = [at for at, one in enumerate(head) if one.casefold() in COMPLAINS]
    if len(marks) != 1:
        raise BadTable([Problem("table_no_mark" if not marks else "table_marks_twice", {"heads": list(head)})])
    return marks[0], next((at for at, one in enumerate(head) if one.casefold() in NAMES), None)


def _mark(number: int, head: str, cell: str, problems: list[Problem]) -> bool | None:
    """Return whether the unit of this row complains; an empty cell is a clean unit."""
    plain = cell.casefold()
    if plain not in YES | NO:
        problems.append(Problem("table_mark_unclear", {"row": number, "head": head, "value": cell}))
        return None
    return plain in YES


# Values ---------------------------------------------------------------------------------------------------------------


def _values(head: str, cells: Sequence[tuple[int, str]], problems: list[Problem]) -> list[Value]:
    """Return the column's values: days if most of its cells are written as days, else words, one spelling each."""
    known = [cell for _number, cell in cells if cell.casefold() not in UNKNOWN]
    dated = sum(_looks_dated(cell) for cell in known)
    if dated * 2 > len(known):
        return _days(head, cells, problems)
    spelled: dict[str, str] = {}
    return [
        None if cell.casefold() in UNKNOWN else spelled.setdefault(cell.casefold(), cell) for _number, cell in cells
    ]


def _looks_dated(cell: str) -> bool:
    return any(form.fullmatch(cell) for form in (YEAR_FIRST, DAY_FIRST, UNCLEAR))


def _days(head: str, cells: Sequence[tuple[int, str]], problems: list[Problem]) -> list[Value]:
    order = _order(head, [cell for _number, cell in cells], problems)
    return [_day(head, number, cell, order, problems) for number, cell in cells]


def _order(head: str, cells: Iterable[str], problems: list[Problem]) -> str:
    """Return "DM" or "MD" for days written 3/4/2026, judged by a day above twelve; "" where none is written so."""
    pairs = [(int(found[1]), int(found[2])) for cell in cells if (found := UNCLEAR.fullmatch(cell))]
    if not pairs:
        return ""
    day_first, month_first = any(one > 12 for one, _two in pairs), any(two > 12 for _one, two in pairs)
    if day_first == month_first:
        problems.append(Problem("table_day_order", {"head": head, "value": "{:d}/{:d}".format(*pairs[0])}))
        return ""
    return "DM" if day_first else "MD"


def _day(head: str, number: int, cell: str, order: str, problems: list[Problem]) -> Value:
    if cell.casefold() in UNKNOWN:
        return None
    if found := YEAR_FIRST.fullmatch(cell):
        year, month, day = found.groups()
    elif found := DAY_FIRST.fullmatch(cell):
        day, month, year = found.groups()
    elif found := UNCLEAR.fullmatch(cell):
        if not order:
            return None  # said once for the column
        day, month, year = found.groups() if order == "DM" else (found[2], found[1], found[3])
    else:
        problems.append(Problem("table_day_unclear", {"row": number, "head": head, "value": cell}))
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        problems.append(Problem("table_day_impossible", {"row": number, "head": head, "value": cell}))
        return None
