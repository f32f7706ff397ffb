"""
Sampling plans for inspection by attributes (ISO 2859-1, GB/T 2828.1), read from versioned data. PURE.

A file in `data/` is one edition: code letters by lot size and level, and for each severity the sample size actually
used with its acceptance number (the arrows of the standard already followed). Source: DOMAIN §5.6.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
NEWEST = "ISO 2859-1:1999"


class Level(StrEnum):
    """The inspection levels, in the order of the columns of the table."""

    S1 = "S-1"
    S2 = "S-2"
    S3 = "S-3"
    S4 = "S-4"
    I = "I"  # noqa: E741 as the standard writes it
    II = "II"
    III = "III"


class Severity(StrEnum):
    """How strict the inspection is."""

    NORMAL = "NORMAL"
    TIGHTENED = "TIGHTENED"


class NoPlan(ValueError):
    """The edition holds no plan for that; `field` says which fact to change, `known` what there is."""

    def __init__(self, field: str, known: str) -> None:
        self.field, self.known = field, known
        super().__init__(f"{field}: {known}")


@dataclass(frozen=True)
class Plan:
    """The letter for lot and level, the sample size, the acceptance and the rejection number."""

    code: str
    n: int
    ac: int

    @property
    def re(self) -> int:
        return self.ac + 1


def plan(lot: int, level: Level, aql: Decimal, severity: Severity = Severity.NORMAL, edition: str = NEWEST) -> Plan:
    """Return the single sampling plan. Raises NoPlan for an edition, AQL or severity without one."""
    table = _editions().get(edition)
    if table is None:
        raise NoPlan("edition", ", ".join(_editions()))
    code = _letter(table, lot, level)
    cells = table["plans"][severity].get(code, {})
    cell = next((cell for limit, cell in cells.items() if Decimal(limit) == aql), None)
    if cell is None:
        known = sorted({limit for row in table["plans"][severity].values() for limit in row}, key=Decimal)
        raise NoPlan("severity" if severity != Severity.NORMAL else "aql", ", ".join(cells or known))
    return Plan(code, *cell)


def editions() -> list[str]:
    """Return the editions there are."""
    return list(_editions())


def aqls(severity: Severity = Severity.NORMAL, edition: str = NEWEST) -> list[str]:
    """Return the acceptable quality limits for which there are plans, the strictest first."""
    rows = _editions()[edition]["plans"][severity].values()
    return sorted({limit for row in rows for limit in row}, key=Decimal)


def _letter(table: dict[str, Any], lot: int, level: Level) -> str:
    letters = next(row["letters"] for row in table["lots"] if row["up_to"] is None or lot <= row["up_to"])
    return str(letters[list(Level).index(level)])


@cache
def _editions() -> dict[str, dict[str, Any]]:
    tables = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("sampling_*.json"))]
    return {table["edition"]: table for table in tables}
