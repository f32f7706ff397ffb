"""What a dashboard is asked about: the period and the filters, as its address says them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from accounts.models import User
from complaints.days import DAY, Span, company_date
from complaints.models import Complaint
from complaints.models.complaint import Complaints

MONTH = 30  # days of the usual period, today included
FILTERS = ("customer", "product", "team")


@dataclass(frozen=True)
class Period:
    """The days that are looked at, both included; kind is 30d, quarter or custom."""

    kind: str
    first: date
    last: date

    @property
    def span(self) -> Span:
        return Span(self.first, self.last)

    @property
    def before(self) -> Span:
        """Return as many days, just before."""
        return Span(self.first - (self.last - self.first) - DAY, self.first - DAY)

    def holds(self, field: str) -> Q:
        """Return the condition that the instant in `field` lies in the period."""
        return self.span.holds(field)


def _month(day: date) -> Period:
    return Period("30d", day - timedelta(days=MONTH - 1), day)


def _quarter(day: date) -> Period:
    return Period("quarter", date(day.year, 1 + (day.month - 1) // 3 * 3, 1), day)


PERIODS: dict[str, Callable[[date], Period]] = {"30d": _month, "quarter": _quarter}


@dataclass(frozen=True)
class Scope:
    """
    One look at the figures.

    custom: the address asks for days of its own.  wrong: it names days that are none, so the usual ones are shown.
    """

    period: Period
    customer: str = ""  # codes
    product: str = ""
    team: str = ""
    by: str = "product"  # what the Pareto counts
    custom: bool = False
    wrong: bool = False

    @classmethod
    def read(cls, said: QueryDict, now: datetime) -> Scope:
        """Return what the query of an address asks for; what it says wrongly is left out."""
        day = company_date(now)
        custom = said.get("period") == "custom"
        span = Span.read(f"{said.get('from', '')}..{said.get('to', '')}") if custom else None
        if span and span.first and span.last:
            period = Period("custom", span.first, span.last)
        else:
            period = PERIODS.get(said.get("period", ""), _month)(day)
        filters = {name: said.get(name, "").strip()[:40] for name in FILTERS}
        by = said.get("by", "")
        wrong = bool(custom and period.kind != "custom" and (said.get("from") or said.get("to")))
        return cls(period, **filters, by=by if by in BY else "product", custom=custom, wrong=wrong)

    def query(self, **changes: str) -> str:
        """Return the query of the address that asks for this, with `changes`."""
        said = {"period": self.period.kind} if self.period.kind != "30d" else {}
        if self.period.kind == "custom":
            said |= {"from": str(self.period.first), "to": str(self.period.last)}
        said |= self.filters
        said |= {"by": self.by} if self.by != "product" else {}
        if "period" in changes:  # another period drops the days of this one
            said = {name: value for name, value in said.items() if name not in {"period", "from", "to"}}
        return urlencode({name: value for name, value in {**said, **changes}.items() if value})

    @cached_property
    def filters(self) -> dict[str, str]:
        """Return the filters that are set, by name."""
        return {name: getattr(self, name) for name in FILTERS if getattr(self, name)}

    def cases(self, user: User) -> Complaints:
        """Return the cases that figures count, as far as this person may see them and the filters let them in."""
        rows = Complaint.objects.visible_to(user).counted()
        for name, code in self.filters.items():
            rows = getattr(rows, f"of_{name}")(code)
        return rows

    def to_cases(self, view: str, **narrower: str) -> str:
        """Return the address of the list of cases behind a number: the same filters, and what narrows it further."""
        return f"{reverse('cases')}?{urlencode({'view': view, **self.filters, **narrower})}"

    def to_rows(self, name: str, **narrower: str) -> str:
        """Return the address of a list of our own behind a number: clocks, answers, visits, approvals."""
        asked = "&".join(part for part in (self.query(), urlencode(narrower)) if part)
        return reverse("dashboard_rows", args=[name]) + (f"?{asked}" if asked else "")


BY = ("product", "defect", "customer")
