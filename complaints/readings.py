"""
Readings pasted from a spreadsheet or a file, as people write them: blank rows, units, full-width digits, commas. PURE.

What can be read in two ways is asked, never guessed; every fault names its row and column. A row gives its sample
first, if it names one, then one or more values; a unit may stand behind a value, in a cell of its own, or in the head.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from contracts.amounts import NotExact, parse_number
from contracts.clauses.measures import NoConversion, convert

MOST = 500
POINT, COMMA, BOTH = "POINT", "COMMA", "BOTH"
_NUMBER = r"[+\-]?[0-9](?:[0-9.,' _]*[0-9])?"
_HEADS = {
    "value": {"value", "reading", "result", "measured", "wert", "messwert", "测量值", "实测值", "实测", "读数", "数值",
              "值", "结果"},
    "label": {"sample", "label", "serial", "no", "no.", "nr", "id", "part", "piece", "样品", "样品号", "样品编号",
              "编号", "序号", "零件号", "件号", "probe"},
    "unit": {"unit", "units", "einheit", "单位"},
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """Why a cell cannot be read: a stable code and its parameters, always `row`, mostly `column`."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Read:
    """One value, in the unit of the series; `given` as it stood there, with its unit."""

    row: int
    column: int
    label: str
    value: Decimal
    given: str


@dataclass(frozen=True)
class Sheet:
    """What was read, what could not be, and whether somebody must say first what a comma means."""

    reads: tuple[Read, ...] = ()
    faults: tuple[Fault, ...] = ()
    asks_decimals: bool = False


def read(text: str, unit: str, decimals: str = "") -> Sheet:
    """
    Return the readings in `text`, converted exactly into `unit`.

    decimals: the mark before the fraction: POINT, COMMA, or BOTH where they are mixed and nothing groups thousands;
    "" as long as nobody said, and then 1,234 and 4,5 are asked.
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace("\r\n", "\n").replace("\r", "\n")
    lines = [(row, line) for row, line in enumerate(plain.split("\n"), 1) if line.strip(" \t;,|")]
    if not lines:
        return Sheet(faults=(Fault("readings_none"),))
    between, asked = _between([line for _, line in lines], decimals)
    if asked:
        row = next(row for row, line in lines if "," in line)
        return Sheet(faults=(Fault("readings_comma", {"row": row}),), asks_decimals=True)
    table = [(row, [cell.strip() for cell in _cells(line, between)]) for row, line in lines]
    return _read_table(table, unit, decimals)


def _between(lines: list[str], decimals: str) -> tuple[str, bool]:
    """Return what stands between cells, and whether a comma could be that or a decimal mark."""
    for mark in ("\t", ";", "|"):
        if any(mark in line for line in lines):
            return mark, False
    if not any("," in line for line in lines):
        return "", False
    if decimals == POINT:
        return ",", False
    return "", not decimals


def _cells(line: str, between: str) -> list[str]:
    if between:
        return line.split(between)
    return re.split(r"\s{2,}", line.strip())


def _read_table(table: list[tuple[int, list[str]]], unit: str, decimals: str) -> Sheet:
    heads = _heads(table[0][1])
    unit_of = ""
    if heads or not any(_starts_number(cell) for cell in table[0][1]):
        unit_of = _unit_in_head(table[0][1], heads)
        table = table[1:] if len(table) > 1 else table
    if not heads and _first_counts([cells for _, cells in table]):
        heads = {0: "label"}
    reads: list[Read] = []
    faults: list[Fault] = []
    for row, cells in table:
        found, wrong = _read_row(row, cells, heads, unit, unit_of, decimals)
        reads += found
        faults += wrong
    if len(reads) > MOST:
        faults.append(Fault("readings_many", {"row": table[-1][0], "n": len(reads), "most": MOST}))
    asks = any(fault.code == "reading_two_ways" for fault in faults)
    return Sheet(tuple(reads), tuple(faults), asks)


def _heads(cells: list[str]) -> dict[int, str]:
    """Return what the columns are, if the first row names a column of values."""
    found = {}
    for place, cell in enumerate(cells):
        plain = re.sub(r"[(\[（].*", "", cell).strip().casefold()
        kind = next((kind for kind, names in _HEADS.items() if plain in names), "")
        if kind:
            found[place] = kind
    return found if "value" in found.values() else {}


def _unit_in_head(cells: list[str], heads: dict[int, str]) -> str:
    """Return the unit that the head of the values names in brackets: "Value (mm/s)"."""
    for place, cell in enumerate(cells):
        bracket = re.search(r"[(\[]\s*([^)\]]+?)\s*[)\]]", cell)
        if bracket and heads.get(place, "value") == "value":
            return bracket[1]
    return ""


def _first_counts(rows: list[list[str]]) -> bool:
    """Tell whether the first of several columns only counts the rows: 1, 2, 3 …"""
    if len(rows) < 3 or any(len(cells) < 2 for cells in rows):
        return False
    return [cells[0] for cells in rows] == [str(n) for n in range(1, len(rows) + 1)]


def _starts_number(cell: str) -> bool:
    return re.match(r"[+\-]?[0-9.,]*[0-9]", cell) is not None


def _read_row(
    row: int, cells: list[str], heads: dict[int, str], unit: str, unit_of: str, decimals: str
) -> tuple[list[Read], list[Fault]]:
    reads: list[Read] = []
    faults: list[Fault] = []
    label = ""
    own = next((cells[place] for place, kind in heads.items() if kind == "unit" and place < len(cells)), "")
    for column, cell in enumerate(cells, 1):
        kind = heads.get(column - 1, "" if "value" not in heads.values() else "other")
        if not cell or kind in ("unit", "other"):
            continue
        if kind == "label" or (not kind and not _starts_number(cell)):
            if reads and kind != "label" and _is_unit(cell, unit):
                own = cell
            else:
                label = label or cell[:100]
            continue
        value = _value(row, column, cell, decimals)
        if isinstance(value, Fault):
            faults.append(value)
            continue
        number, said_unit = value
        reads.append(Read(row, column, label, number, said_unit))
    if not reads and not faults:
        faults.append(Fault("reading_missing", {"row": row}))
    done = [_converted(one, own or unit_of, unit) for one in reads]
    faults += [one for one in done if isinstance(one, Fault)]
    return [one for one in done if isinstance(one, Read)], faults


def _is_unit(cell: str, unit: str) -> bool:
    """Tell whether words behind a value are its unit: a short one, or one that converts."""
    try:
        convert(Decimal(1), cell, unit)
    except NoConversion:
        return len(cell) <= 8 and " " not in cell
    return True


def _value(row: int, column: int, cell: str, decimals: str) -> tuple[Decimal, str] | Fault:
    """Return the number and the unit behind it, or why it cannot be read."""
    where = {"row": row, "column": column, "text": cell[:40]}
    split = re.match(rf"({_NUMBER})\s*(.*)$", cell)
    if split is None:
        return Fault("reading_no_number", where)
    number = _with_point(split[1], decimals)
    if number is None:
        return Fault("reading_other_mark", where)
    try:
        return parse_number(number), split[2].strip()
    except NotExact as fault:
        codes = {"ambiguous": "reading_two_ways", "too_long": "reading_long"}
        return Fault(codes.get(fault.code, "reading_no_number"), where)


_THOUSANDS = {
    POINT: (r"[+\-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?|[^,]+", ","),
    COMMA: (r"[+\-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?|[^.]+", "."),
    BOTH: (r"[^.,]+([.,][^.,]+)?", ""),
}


def _with_point(number: str, decimals: str) -> str | None:
    """Return the number as the choice of the mark reads it, with a point; None if it does not fit the choice."""
    if not decimals:
        return number
    form, groups = _THOUSANDS[decimals]
    if not re.fullmatch(form, number):
        return None
    return number.replace(groups, "").replace(",", ".") if groups else number.replace(",", ".")


def _converted(one: Read, unit_of_row: str, unit: str) -> Read | Fault:
    """Return the reading in the unit of the series; `given` holds the unit behind the value until now."""
    said = one.given or unit_of_row or unit
    try:
        value = convert(one.value, said, unit)
    except NoConversion:
        return Fault("reading_unit", {"row": one.row, "column": one.column, "given": said[:40], "wanted": unit})
    return Read(one.row, one.column, one.label, value, f"{one.value:f} {said}".strip())
