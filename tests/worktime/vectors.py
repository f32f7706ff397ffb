"""The shared worked examples, and how a test reads and writes their instants."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from worktime.calendars import Calendar
from worktime.measure import Pause

FILE = Path(__file__).resolve().parents[2].parent / "shared" / "vectors" / "sla_vectors.json"


def load() -> dict[str, Any]:
    """Return the file; without it, fail in CI and skip elsewhere."""
    if FILE.exists():
        return json.loads(FILE.read_text(encoding="utf-8"))
    if os.environ.get("CI"):
        raise FileNotFoundError(f"{FILE} must be there in CI")
    pytest.skip(f"{FILE} is not here", allow_module_level=True)


def calendars(vectors: dict[str, Any]) -> dict[str | None, Calendar | None]:
    """Return the calendars by code; None is the CALENDAR basis."""
    read = {code: Calendar.from_data(data, code) for code, data in vectors["calendars"].items()}
    return {None: None, **read}


def moment(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """Return an instant; one written without an offset is local to the zone."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(zone))


def written(instant: datetime | None, zone: str = "Asia/Shanghai") -> str | None:
    """Return an instant as the vectors write it."""
    return instant and instant.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


def pauses(asked: dict[str, Any]) -> list[Pause]:
    """Return the pauses that count: none if the clock may not be paused."""
    if not asked.get("pausable", True):
        return []
    return [Pause(moment(start), end and moment(end)) for start, end in asked["pauses"]]
