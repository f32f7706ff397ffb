"""Which day is the last of a period, and when does it end: questions about dates (DOMAIN §3.1 (15))."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from rest_framework import serializers

from complaints.calculators import Answer, Question, offer
from complaints.calculators.shapes import Place, Whole, Zone
from worktime import periods
from worktime.explain import explain_period

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Period(serializers.Serializer[Any]):
    start_date = serializers.DateField()
    n = Whole(min_value=1)
    unit = serializers.ChoiceField(periods.UNITS)
    calendar = Place(required=False, allow_null=True, default=None)
    tz = Zone(required=False)
    roll = serializers.BooleanField(default=True)


def solve_period(said: dict[str, Any]) -> Answer:
    """Return the last day of the period, its weekday and the instant at which it has passed."""
    start, n, unit, calendar, roll = (said[name] for name in ("start_date", "n", "unit", "calendar", "roll"))
    last = periods.last_day(start, n, unit, calendar=calendar, roll=roll)
    zone = said.get("tz") or (calendar.zone if calendar else settings.TIME_ZONE)
    expires = periods.expires_at(last, calendar=calendar, zone=zone)
    result = {
        "last_day": last.isoformat(),
        "weekday": WEEKDAYS[last.weekday()],
        "expires_at": expires.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes"),
    }
    return Answer(result, explain_period(start, n, unit, calendar=calendar, roll=roll), zone)


offer("period", {"period": Question(Period, solve_period)})
