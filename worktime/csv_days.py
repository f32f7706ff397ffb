"""The days of a year as a CSV table with the columns date, windows, name, and name_zh where it is known. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from worktime.calendars import BadInput
from worktime.days import Day, Read, Reading, plain, read_windows, text_of, write_windows
from worktime.explain import Line

COLUMNS = {
    "date": "date", "日期": "date", "windows": "windows", "时段": "windows", "name": "name", "名称": "name",
    "name_zh": "name_zh", "中文名称": "name_zh",
}  # fmt: skip
IN_ORDER = {"date": 0, "windows": 1, "name": 2}
IN_BOTH_LANGUAGES = {**IN_ORDER, "name_zh": 3}
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_csv(content: bytes) -> Read:
    """
    Return the days of a table: comma, semicolon or tab between its cells, a header in English or Chinese, or none.

    Dates are year, month, day; windows as days.read_windows, none of them a rest day. Full-width digits and signs are
    taken for plain ones. What cannot be read is named by line and does not stop the rest.
    """
    reading = Reading()
    try:
        _read_rows(text_of(content), reading)
    except BadInput as why:
        reading.errors.append(Line(why.code, why.params))
    return reading.over()


def write_csv(days: Iterable[Day]) -> bytes:
    """Return the table of the days, in UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO()
    table, days = csv.writer(out), list(days)
    columns = IN_BOTH_LANGUAGES if any(day.name_zh for day in days) else IN_ORDER
    table.writerow(columns)
    for day in days:
        cells = [day.on.isoformat(), write_windows(day.windows), _harmless(day.name), _harmless(day.name_zh)]
        table.writerow(cells[: len(columns)])
    return out.getvalue().encode("utf-8-sig")


def read_day(text: str) -> date:
    """Return the date of a cell: 2026-05-12, 2026/5/12, 2026年5月12日. Raises BadInput date_malformed."""
    found = DATE.fullmatch(plain(text))
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    raise BadInput("date_malformed", date=text.strip()[:40])


def _read_rows(text: str, reading: Reading) -> None:
    rows = csv.reader(io.StringIO(_with_plain_commas(text), newline=""), delimiter=_delimiter(text), strict=True)
    places: Mapping[str, int] | None = None
    line = 1
    try:
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                pass
            elif places is None and (named := _header(cells)):
                places = named
            else:
                places = places or IN_ORDER
                _read_row(line, cells, places, reading)
            line = rows.line_num + 1
    except csv.Error:
        reading.refuse(line, BadInput("row_malformed"))


def _read_row(line: int, cells: Sequence[str], places: Mapping[str, int], reading: Reading) -> None:
    said = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
    try:
        names = (_name(said.get(column, "")) for column in ("name", "name_zh"))
        day = Day(read_day(said["date"]), read_windows(said.get("windows", "")), *names)
    except BadInput as why:
        reading.refuse(line, why)
    else:
        reading.take(line, day)


def _header(cells: Sequence[str]) -> Mapping[str, int] | None:
    """Return the place of each column, None if the row begins with a date. Raises BadInput columns_unknown."""
    if DATE.fullmatch(plain(cells[0])):
        return None
    named = {COLUMNS.get(plain(cell).lower(), ""): place for place, cell in enumerate(cells)}
    if "date" not in named:
        raise BadInput("columns_unknown")
    return named


def _delimiter(text: str) -> str:
    first = _with_plain_commas(text).lstrip().partition("\n")[0]
    return max(",;\t", key=first.count)


def _with_plain_commas(text: str) -> str:
    """Return the text with full-width commas as plain ones, if its first line has no other mark between cells."""
    first = text.lstrip().partition("\n")[0]
    return text.replace("，", ",") if "，" in first and not any(mark in first for mark in ",;\t") else text


def _harmless(name: str) -> str:
    """Return a name that no spreadsheet takes for a formula."""
    return "'" + name if name.startswith(FORMULA) else name


def _name(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
