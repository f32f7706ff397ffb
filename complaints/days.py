"""Whose day it is, the company's or the customer's; bands of age and spans of the company's days as instants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import Organisation
    from complaints.models import Complaint

DAY = timedelta(days=1)

# Full calendar days since receipt, both ends included (KV-13; what is older than thirty days is one band).
AGES: dict[str, tuple[int, int | None]] = {
    "0-2": (0, 2),
    "3-7": (3, 7),
    "8-14": (8, 14),
    "15-30": (15, 30),
    "over-30": (31, None),
}
YEARS = range(1900, 3000)  # what an address may ask for; further out a zone or a day more leaves the calendar
SPAN = re.compile(r"^(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?$")


def company_date(at: datetime) -> date:
    """Return the company's local date of an instant."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def customer_date(complaint: Complaint, at: datetime) -> date:
    """Return the customer's local date of an instant."""
    return at.astimezone(customer_zone(complaint.customer)).date()


def customer_zone(customer: Organisation | None) -> ZoneInfo:
    """Return the zone that a customer's dates are counted in; the company's until it is known who it is."""
    return ZoneInfo(customer.zone if customer else settings.TIME_ZONE)


def midnight(day: date) -> datetime:
    """Return the first moment of a day of the company's calendar."""
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


@dataclass(frozen=True)
class Span:
    """The days from `first` to `last`, both included; None leaves that end open."""

    first: date | None
    last: date | None

    @classmethod
    def read(cls, text: str) -> Span | None:
        """Return the span that `2026-05-11..2026-05-17` writes, either end left out at will; None if it is not one."""
        found = SPAN.match(text)
        if not found or not any(found.groups()):
            return None
        try:
            first, last = (date.fromisoformat(day) if day else None for day in found.groups())
        except ValueError:
            return None
        if any(day and day.year not in YEARS for day in (first, last)):
            return None
        return None if first and last and last < first else cls(first, last)

    def __str__(self) -> str:
        return f"{self.first or ''}..{self.last or ''}"

    def holds(self, field: str) -> Q:
        """Return the condition that the instant in `field` lies on one of these days."""
        since = {f"{field}__gte": midnight(self.first)} if self.first else {}
        until = {f"{field}__lt": midnight(self.last + DAY)} if self.last else {}
        return Q(**since, **until)


def of_age(band: str, now: datetime) -> Span:
    """Return the days of receipt of the cases that are in that band of age. Raises KeyError for an unknown band."""
    least, most = AGES[band]
    return Span(None if most is None else company_date(now) - most * DAY, company_date(now) - least * DAY)
