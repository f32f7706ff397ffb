"""
The public holidays of a country and year, with the make-up workdays of those that swap days. Pure.

They come from the package holidays when a person loads a year, and are kept from then on: no deadline asks the package.
For China it has the State Council's arrangements with their make-up workdays from 2001 on, as far as they are decreed
(2026 in its version 0.109); a later year has the statutory days only, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from worktime.calendars import BadInput
from worktime.days import Day, Hours
from worktime.explain import Line, warning_about

EARLIEST, LATEST = 1900, 2200  # years that the package can be asked for
LOOK_BACK = 4  # years in which a country that swaps days has done so
EVERY_YEAR = {"CN"}  # a year without swaps is not decreed yet, or before the first that the package has
CHINESE = "zh_CN"
UNMARKED = {"CI", "PS", "SA"}  # whose days by the moon the package marks as estimates only if asked to


@dataclass(frozen=True)
class PublicDays:
    """The days of a year; `coverage` is what is known of it (worktime.explain.COVERAGE, "" if nothing is)."""

    country: str
    year: int
    days: tuple[Day, ...]
    coverage: str

    @property
    def warnings(self) -> tuple[Line, ...]:
        """Return what a person must know before the year is used (DOMAIN §3.1 (7)): a warning, never an assumption."""
        return warning_about(self.country, self.year, self.coverage)


def public_days(
    country: str, year: int, *, makeup: Hours, subdivision: str | None = None, language: str = "en_US"
) -> PublicDays:
    """
    Return the public holidays of a country (two letters, such as CN) or of one of its parts, and its make-up workdays.

    makeup: the hours of a make-up workday.  language: of the names, where the package has it, else the country's; their
    Chinese stands beside them where the package has that too.
    Half holidays are not among them, and weekends only where they are holidays themselves: a place that works on
    Saturdays looks its year over. A first call takes a second or two.

    Raises BadInput: country_unknown, subdivision_unknown.
    """
    known = _known(country, min(max(year, EARLIEST), LATEST), subdivision, language)
    rest = {on: name for on, name in known.items() if on.year == year}
    works = {on for on in known.weekend_workdays if on.year == year}
    chinese = _chinese_names(country, year, subdivision, language) if rest else {}
    days = [Day(on, (), name, chinese.get(on, "")) for on, name in rest.items() if on not in works]
    days += [Day(on, makeup(on)) for on in works]
    coverage = _coverage(known, year, list(rest.values())) if known.start_year <= year <= known.end_year else ""
    return PublicDays(country, year, tuple(sorted(days, key=lambda day: day.on)) if coverage else (), coverage)


def _chinese_names(country: str, year: int, subdivision: str | None, language: str) -> Mapping[date, str]:
    import holidays

    if language == CHINESE or CHINESE not in holidays.list_localized_countries().get(country, []):
        return {}
    return dict(_known(country, year, subdivision, CHINESE))


def _known(country: str, year: int, subdivision: str | None, language: str) -> Any:
    """Return the package's answer for the year, those before it, and the one after: its swaps may reach back."""
    import holidays

    parts = holidays.list_supported_countries()
    if country not in parts or len(country) != 2:
        raise BadInput("country_unknown", country=country)
    if subdivision is not None and subdivision not in parts[country]:
        raise BadInput("subdivision_unknown", country=country, subdivision=subdivision)
    spoken = holidays.list_localized_countries().get(country, [])
    marked: dict[str, Any] = {"islamic_show_estimated": True} if country in UNMARKED else {}
    return holidays.country_holidays(
        country, subdiv=subdivision, years=range(year - LOOK_BACK, year + 2), expand=False,
        language=language if language in spoken else None, **marked,
    )  # fmt: skip


def _coverage(known: Any, year: int, names: list[str]) -> str:
    if not names:
        return ""
    labels = [getattr(known, label, "") for label in ("estimated_label", "observed_estimated_label")]
    marks = tuple(known.tr(label).partition("%s")[2] for label in labels if label)
    if any(name.endswith(mark) for name in names for mark in marks if mark):
        return "estimated"
    return "statutory" if _waits_for_a_decree(known, year) else "decreed"


def _waits_for_a_decree(known: Any, year: int) -> bool:
    """Tell whether the country moves workdays to weekends in most years, and nothing is known of it for this one."""
    swaps = {on.year for on in known.weekend_workdays if year - LOOK_BACK <= on.year <= year}
    return year not in swaps and (known.country in EVERY_YEAR or len(swaps) * 2 >= LOOK_BACK)
