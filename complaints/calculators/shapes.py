"""Fields of a question: instants, pauses and calendars as they are written in JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from worktime.calendars import BadInput, Calendar
from worktime.measure import Pause
from worktime.models import CalendarVersion, WorkCalendar
from worktime.words import say

MOST = 200  # pauses, messages or instants in one question
EXAMPLES = Path(__file__).parent / "calendars.json"


class Moment(serializers.Field[datetime, Any, Any, Any]):
    """
    An instant: ISO text with its offset, "Z" included.

    local: one without offset is let through as naive, for a rule that knows its zone.
    """

    default_error_messages = {
        "invalid": _("“{said}” is not a moment. Write it as 2026-05-12T10:15+08:00."),
        "zone": _("The moment {said} has no time zone. Add its offset, such as +08:00."),
    }

    def __init__(self, *, local: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.local = local

    def to_internal_value(self, data: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(data.strip()) if isinstance(data, str) else None
            if moment is not None and moment.tzinfo:
                moment = moment.astimezone(UTC)
        except (ValueError, OverflowError):
            moment = None
        if moment is None:
            self.fail("invalid", said=str(data)[:60])
        if moment.tzinfo is None and not self.local:
            self.fail("zone", said=data)
        return moment

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()


class Wait(serializers.Field[Pause, Any, Any, Any]):
    """A pause: [start, end], or [start, null] for one that is still open."""

    default_error_messages = {"invalid": _("A pause is two moments, [start, end]; the end of an open one is null.")}

    def to_internal_value(self, data: Any) -> Pause:
        if not isinstance(data, list) or len(data) != 2:
            self.fail("invalid")
        start, end = data
        return Pause(Moment().to_internal_value(start), None if end is None else Moment().to_internal_value(end))

    def to_representation(self, value: Pause) -> list[str | None]:
        return [value.start.isoformat(), value.end.isoformat() if value.end else None]


class Place(serializers.Field[Calendar, Any, Any, Any]):
    """A work calendar: the code of one that is kept or known as an example, or the calendar itself."""

    default_error_messages = {"unknown": _("The calendar “{code}” is not known. Use one of: {known}.")}

    def to_internal_value(self, data: Any) -> Calendar:
        try:
            found = calendar_named(data) if isinstance(data, str) else Calendar.from_data(data)
        except BadInput as refusal:
            raise serializers.ValidationError(say(refusal, "UTC"), code=refusal.code) from refusal
        if found is None:
            self.fail("unknown", code=data[:60], known=", ".join(known_calendars()))
        return found

    def to_representation(self, value: Calendar) -> str:
        return value.code


class Zone(serializers.CharField):
    """An IANA time zone."""

    default_error_messages = {"unknown": _("The time zone “{zone}” is not known. Use an IANA name, such as {example}.")}

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self.fail("unknown", zone=name[:60], example="Asia/Shanghai")
        return name


class Whole(serializers.IntegerField):
    """A whole number as JSON has it; neither true nor 4.5 nor text is one."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


def calendar_named(code: str) -> Calendar | None:
    """Return the calendar of that code: the newest that is kept here, else an example; None if there is none."""
    if "\0" in code:  # PostgreSQL keeps no such text, and refuses to look for it
        return None
    try:
        return WorkCalendar.objects.current(code).as_calendar()
    except CalendarVersion.DoesNotExist:
        return _examples().get(code)


def known_calendars() -> list[str]:
    """Return every code that a question may name."""
    return sorted({*WorkCalendar.objects.values_list("code", flat=True), *_examples()})


@cache
def _examples() -> dict[str, Calendar]:
    """Return the calendars that show what can be written: shifts, half days, nights, zones with summer time."""
    written = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return {code: Calendar.from_data(data, code) for code, data in written.items()}
