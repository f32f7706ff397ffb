"""
Complaints from files, through the same verb as every channel.

Two forms are read: a CSV or TSV with a header line (columns in COLUMNS), and the complaint file of the United States
NHTSA (tab-separated, no header, its README names the columns). Every row either becomes a case, was there already, or
is reported with why; one bad row never stops the others. The file's SHA-256 and the row number are the proof of late
registration (ARCHITECTURE §5.8).
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError, transaction

from accounts.models import Organisation
from complaints import lifecycle
from complaints.days import customer_zone
from complaints.gates import Reason, reason
from complaints.models import Complaint
from complaints.models.states import Channel, RemedyAsked, Safety
from contracts.exact import NotExact, parse_number
from contracts.models import Contract, Lot, Product
from contracts.questions import version_in_force

if TYPE_CHECKING:
    from accounts.models import User

COLUMNS = (
    "customer", "description", "found_on", "title", "received_at", "product", "lot", "serial", "contract",
    "contact_name", "contact_email", "contact_phone", "found_place", "quantity_affected", "quantity_delivered", "unit",
    "remedy_asked", "safety", "language", "external_id",
)  # fmt: skip
REQUIRED = ("customer", "description", "found_on")
NHTSA_COLUMNS = 20  # at least; the full file has 49
NHTSA_CUSTOMER = {
    "code": "NHTSA",
    "name": "Vehicle owners, United States",
    "name_zh": "美国车主",
    "zone": "America/New_York",
}
LANGUAGES = {**{code: code for code, _ in settings.LANGUAGES}, "zh": "zh-hans", "zh-cn": "zh-hans"}
CJK = re.compile(r"[\u4e00-\u9fff]")


class Unreadable(Exception):
    """A row, or the file, that cannot be read; `reasons` say why."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(why.code for why in reasons))
        self.reasons = list(reasons)


@dataclass(frozen=True)
class Row:
    """One row as read: its number in the file (1 is the first line), and what it says."""

    number: int
    said: dict[str, str]


@dataclass
class Report:
    """How a run went; `problems` holds (row number, reasons)."""

    read: int = 0
    made: list[str] = field(default_factory=list)
    known: int = 0
    problems: list[tuple[int, list[Reason]]] = field(default_factory=list)


def run(
    path: Path,
    *,
    by: User,
    at: datetime,
    dry: bool = False,
    shift: Callable[[Row], timedelta] = lambda row: timedelta(0),
    registered: Callable[[datetime], datetime] | None = None,
    progress: Callable[[Report], None] = lambda report: None,
) -> Report:
    """
    Bring every row of the file in, one transaction a row; return the report.

    dry: read and check all, keep nothing.  shift: by how many whole days the dates of a row are moved, and
    registered: when a case received then was registered, if not now (both for the demo).
    Raises Unreadable if the file itself cannot be read.
    """
    content = path.read_bytes()
    proof = f"sha256:{hashlib.sha256(content).hexdigest()}"
    report = Report()
    for row in rows_of(content):
        report.read += 1
        try:
            case = _bring_in(row, proof, by=by, at=at, dry=dry, shift=shift(row), registered=registered)
            if case is None:
                report.known += 1
            else:
                report.made.append(case.ref or "")
        except (Unreadable, lifecycle.Refused) as problem:
            report.problems.append((row.number, problem.reasons))
        except (DatabaseError, OverflowError):
            report.problems.append((row.number, [reason("row_not_kept")]))
        progress(report)
    return report


def rows_of(content: bytes) -> Iterator[Row]:
    """Yield the rows of a file. Raises Unreadable for what is no text, is empty, or lacks a required column."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(reason("file_not_utf8", byte=error.start)) from error
    if not text.strip():
        raise Unreadable(reason("file_without_rows"))
    first = text.split("\n", 1)[0]
    if first.count("\t") + 1 >= NHTSA_COLUMNS:
        yield from _nhtsa_rows(text)
    else:
        yield from _headed_rows(text, "\t" if "\t" in first else ";" if first.count(";") > first.count(",") else ",")


def newest_day(content: bytes) -> date | None:
    """Return the latest date of receipt in the file, by which a demo shifts it to today."""
    return max(filter(None, map(received_day, rows_of(content))), default=None)


def received_day(row: Row) -> date | None:
    """Return the date of receipt that a row gives, if it can be read."""
    return _day_or_none(row.said.get("received_at", ""))


def _headed_rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [(name or "").strip().lower() for name in reader.fieldnames or []]
    if missing := [name for name in REQUIRED if name not in names]:
        raise Unreadable(reason("column_missing", columns=", ".join(missing)))
    if unknown := [name for name in names if name not in COLUMNS]:
        raise Unreadable(reason("column_unknown", columns=", ".join(unknown)))
    reader.fieldnames = names
    for said in _readable(reader):
        if any((value or "").strip() for name, value in said.items() if name):
            yield Row(reader.line_num, {name: (value or "").strip() for name, value in said.items() if name})


def _readable(reader: csv.DictReader) -> Iterator[dict[str, str]]:
    """Yield the rows that the reader can take apart; a cell beyond all measure ends the file with a sentence."""
    try:
        yield from reader
    except csv.Error as error:
        raise Unreadable(reason("file_cell_unreadable", line=reader.line_num)) from error


def _nhtsa_rows(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield Row(number, _nhtsa(line.split("\t")))


def _nhtsa(cells: list[str]) -> dict[str, str]:
    """Return a row of the agency's file in our columns (1-based numbers as in its README)."""
    cell = lambda number: cells[number - 1].strip() if len(cells) >= number else ""  # noqa: E731
    vehicle = " ".join(filter(None, (cell(4), cell(5), cell(6) if cell(6) != "9999" else "")))
    part = cell(12).split(":")[0].capitalize() or "Vehicle"
    return {
        "customer": NHTSA_CUSTOMER["code"],
        "external_id": f"nhtsa-{cell(1)}",
        "title": f"{part}: {vehicle}"[:160],
        "description": cell(20),
        "found_on": cell(8),
        "received_at": cell(17) or cell(16),
        "serial": cell(15),
        "found_place": ", ".join(filter(None, (cell(13), cell(14)))),
        "goods": vehicle,
        "safety": _nhtsa_safety(cell(7), cell(9), cell(10), cell(11)),
        "quantity_affected": "1",
        "quantity_delivered": "1",
        "language": "en",
    }


def _nhtsa_safety(crash: str, fire: str, injured: str, deaths: str) -> str:
    if any(count.isdecimal() and int(count) > 0 for count in (injured, deaths)):
        return Safety.INJURY
    if "Y" in (crash, fire):
        return Safety.DANGER
    return Safety.NO if (crash, fire) == ("N", "N") else Safety.UNANSWERED


def _bring_in(
    row: Row,
    proof: str,
    *,
    by: User,
    at: datetime,
    dry: bool,
    shift: timedelta,
    registered: Callable[[datetime], datetime] | None,
) -> Complaint | None:
    key = row.said.get("external_id") or _content_key(row.said)
    if Complaint.objects.filter(source="import", source_key=key).exists():
        return None
    with transaction.atomic():  # reading may make the customer of the agency's file
        case = _case(row, shift, at)
        case.source, case.source_key = "import", key
        case.late_proof = f"{proof} row {row.number}"
        moment = registered(case.received_at) if registered and case.received_at else at
        case = lifecycle.register(case, by=by, at=moment)
        if dry:
            transaction.set_rollback(True)
    return case


def _content_key(said: dict[str, str]) -> str:
    """Return what makes a row without an id the same row when it comes again."""
    text = "\x1f".join(f"{name}={said[name]}" for name in sorted(said))
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _case(row: Row, shift: timedelta, at: datetime) -> Complaint:
    """Return the unsaved case of a row. Raises Unreadable naming every cell that cannot be read."""
    said, found = row.said, _cells(row.said)
    found_on, received_at, contract = found.pop("found_on"), found.pop("received_at"), found["contract"]
    return Complaint(
        **found, found_on=found_on + shift,
        received_at=_not_after(at, received_at + shift) if received_at else None,
        contract_version=version_in_force(contract, found_on) if contract else None,
        title=said.get("title", "")[:160], description=said["description"], channel=Channel.IMPORT,
        serial=said.get("serial", "")[:80], found_place=said.get("found_place", "")[:200],
        contact_name=said.get("contact_name", "")[:120], contact_email=said.get("contact_email", ""),
        contact_phone=said.get("contact_phone", "")[:40], unit=said.get("unit", "")[:16],
        goods_unknown_because=said.get("goods", "")[:300],
    )  # fmt: skip


def _cells(said: dict[str, str]) -> dict[str, Any]:
    """Return the fields of the case whose cells must be understood, not only copied. Raises Unreadable naming all."""
    problems: list[Reason] = []

    def read(reader: Callable[..., Any], *about: Any) -> Any:
        try:
            return reader(*about)
        except Unreadable as problem:
            problems.extend(problem.reasons)
            return None

    def cell(column: str) -> str:
        return said.get(column, "")

    customer = read(_customer, said["customer"])
    safety = read(_choices, "safety", cell("safety"), Safety.values)
    found = {
        "customer": customer,
        "found_on": read(_day, "found_on", said["found_on"]),
        "received_at": read(_received, cell("received_at"), customer),
        "product": read(_one, Product, "product", "code", cell("product")),
        "lot": read(_one, Lot, "lot", "number", cell("lot")),
        "contract": read(_contract, cell("contract"), customer),
        "quantity_affected": read(_number, "quantity_affected", cell("quantity_affected")),
        "quantity_delivered": read(_number, "quantity_delivered", cell("quantity_delivered")),
        "remedy_asked": read(_choices, "remedy_asked", cell("remedy_asked"), RemedyAsked.values),
        "safety": safety[0] if safety else "",
        "language": read(_language, cell("language"), said["description"]),
    }
    if not said["description"]:
        problems.append(reason("description_missing"))
    if problems:
        raise Unreadable(*problems)
    return found


def _not_after(at: datetime, received: datetime) -> datetime:
    """Return the receipt; a day without an hour that is today counts from now at the latest."""
    return at if received.date() == at.date() and received > at else received


def _customer(code: str) -> Organisation:
    if code == NHTSA_CUSTOMER["code"]:
        return Organisation.objects.get_or_create(
            code=code, defaults={**NHTSA_CUSTOMER, "kind": Organisation.Kind.CUSTOMER}
        )[0]
    found = Organisation.objects.filter(kind=Organisation.Kind.CUSTOMER, is_active=True)
    match = found.filter(code__iexact=code).first() or found.filter(name__iexact=code).first()
    match = match or found.filter(name_zh=code).first() if code else None
    if match is None:
        raise Unreadable(reason("customer_unknown", value=code))
    return match


def _one(model: Any, column: str, key: str, value: str) -> Any:
    if not value:
        return None
    found = list(model.objects.filter(**{key: value})[:2])
    if len(found) != 1:
        raise Unreadable(reason(f"{column}_unknown", value=value))
    return found[0]


def _contract(number: str, customer: Organisation | None) -> Contract | None:
    if not number:
        return None
    found = Contract.objects.filter(number=number, customer=customer).first()
    if found is None:
        raise Unreadable(reason("contract_unknown", value=number))
    return found


def _day(column: str, value: str) -> date:
    day = _day_or_none(value)
    if day is None and column == "found_on" and not value:
        raise Unreadable(reason("found_on_missing"))
    if day is None:
        raise Unreadable(reason("date_unreadable", column=column, value=value))
    return day


def _day_or_none(value: str) -> date | None:
    """Return a date written 2026-05-12, 2026/5/12, 2026年5月12日 or 20260512; never guess between day and month."""
    match = re.fullmatch(r"(\d{4})(?:[-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?(?:[T ].*)?", value.strip())
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def _received(value: str, customer: Organisation | None) -> datetime | None:
    if not value:
        return None
    try:
        exact = datetime.fromisoformat(value)
    except ValueError:
        exact = None
    zone = customer_zone(customer)
    if exact and (exact.time() != time(0) or exact.tzinfo):
        return (exact if exact.tzinfo else exact.replace(tzinfo=zone)).astimezone(UTC)
    return datetime.combine(_day("received_at", value), time(12), tzinfo=zone).astimezone(UTC)


def _number(column: str, value: str) -> Any:
    if not value:
        return None
    try:
        return parse_number(value)
    except NotExact as error:
        raise Unreadable(reason("number_unreadable", column=column, value=value)) from error


def _language(value: str, description: str) -> str:
    """Return the language that a row names, else the one that its words are written in."""
    named = LANGUAGES.get(value.lower()) if value else "zh-hans" if CJK.search(description) else "en"
    if named is None:
        raise Unreadable(reason("choice_unknown", column="language", value=value))
    return named


def _choices(column: str, value: str, known: list[str]) -> list[str]:
    chosen = [part.strip().upper() for part in re.split(r"[,;|]", value) if part.strip()]
    if unknown := [part for part in chosen if part not in known]:
        raise Unreadable(reason("choice_unknown", column=column, value=", ".join(unknown)))
    return chosen
