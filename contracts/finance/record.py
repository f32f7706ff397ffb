"""
An impact as it is kept: what it was reckoned from and what came out, each as one canonical text. PURE.

`reckon` works a stored question out again; the same inputs give the same text, byte for byte, on any database. Amounts
and ratios are texts of exact digits; days are ISO days; a step of a working is {"figure", "code", "params"}.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from contracts.finance.cover import Cover, LookBack
from contracts.finance.impact import Compared, Impact, Name, Project, Scenario, compare
from contracts.finance.lending import Lending, Loan
from contracts.finance.working import Step, cut, minor, rounded, total, written

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_TEXTS = frozenset({"name", "clause", "basis", "month", "head", "what"})  # of a working: never read as numbers
Data = dict[str, Any]


def canonical(data: Any) -> str:
    """Return the one spelling of plain data: sorted keys, no spaces, every letter as it is."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def inputs(project: Project, scenarios: Sequence[Scenario], grade: str) -> Data:
    """Return what an impact is reckoned from as plain data, which `reckon` reads again."""
    return {"project": plain(project), "scenarios": [plain(one) for one in scenarios], "grade": grade}


def question(data: Mapping[str, Any]) -> tuple[Project, list[Scenario], str]:
    """Return the facts behind stored inputs."""
    return _read(Project, data["project"]), [_read(Scenario, one) for one in data["scenarios"]], data["grade"]


def reckon(data: Mapping[str, Any]) -> Data:
    """Return the result of stored inputs as plain data. Raises Unreckonable as `compare` does."""
    project, scenarios, grade = question(data)
    return result(project, compare(project, scenarios, grade=grade))


def result(project: Project, found: Compared) -> Data:
    """Return the figures of the three scenarios and what to expect, with their workings, as plain data."""
    return {
        "currency": project.currency,
        "scenarios": {name.value: _scenario(project, found.impacts[name]) for name in Name},
        "expected": plain(found.expected),
    }


def steps(data: Sequence[Mapping[str, Any]]) -> list[Step]:
    """Return the steps of a stored working, numbers as numbers again."""
    return [Step(one["code"], {key: _back(key, value) for key, value in one["params"].items()}, one["figure"])
            for one in data]  # fmt: skip


def _back(key: str, value: Any) -> Any:
    if isinstance(value, str) and key not in _TEXTS and _NUMBER.fullmatch(value):
        return Decimal(value)
    return value


# Facts to data and back -----------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: exact digits and ISO days as text."""
    if isinstance(value, Step):
        return {"figure": value.figure, "code": value.code, "params": plain(value.params)}
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Fraction):
        return str(written(value)) if written(value) == value else f"{value.numerator}/{value.denominator}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value]


def _read(shape: Any, data: Mapping[str, Any]) -> Any:
    hints = get_type_hints(shape)
    return shape(**{name: _value(hints[name], value) for name, value in data.items()})


def _value(hint: Any, value: Any) -> Any:
    """Return stored data as the declared type of its field has it."""
    if value is None or hint in (int, str, bool):
        return value
    if hint is Decimal:
        return Decimal(value)
    if hint is date:
        return date.fromisoformat(value)
    if is_dataclass(hint):
        return _read(hint, value)
    origin, inner = get_origin(hint), [one for one in get_args(hint) if one is not type(None)]
    if origin in (Union, UnionType):
        return _number(value) if Decimal in inner and len(inner) > 1 else _value(inner[0], value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _value(inner[1], one) for key, one in value.items()}
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return tuple(_value(inner[0], one) for one in value)
    return hint(value)  # a StrEnum


def _number(value: Any) -> Any:
    """Return a number that may be whole, decimal or a fraction."""
    if isinstance(value, int):
        return value
    return Fraction(value) if "/" in value else Decimal(value)


# The figures ----------------------------------------------------------------------------------------------------------


def _scenario(project: Project, found: Impact) -> Data:
    late, scenario = found.milestone, found.scenario
    return {
        "p": plain(scenario.p),
        "delay": {"days": found.days, "quality_delay_days": scenario.quality_delay_days,
                  "working": plain(found.delay.working)},
        "milestone": {
            "planned": plain(project.milestone), "ld": plain(late.ld), "cap": plain(late.cap),
            "cap_used_pct": plain(written(late.cap_used_pct)), "working": plain(late.working),
        },
        "payments": {
            "at_risk": plain(found.payments.at_risk), "funding_cost": plain(found.payments.funding_cost),
            "rows": _payments(project, found), "working": plain(found.payments.working),
        },
        "retention": plain(found.retention),
        "interest": plain(found.interest),
        "cash": plain(_in_minor(project, found)),
        "loan": _loan(project.loan, found.loan, project.currency) if project.loan and found.loan else None,
        "exposure": plain(found.exposure) | {"heads": _heads(found)},
        "lender": plain(found.lender),
    }  # fmt: skip


def _payments(project: Project, found: Impact) -> list[Data]:
    rows = zip(project.payments, found.payments.new_dates, strict=True)
    return [plain(item) | {"new": plain(day), "at_risk": item.at_risk} for item, day in rows]


def _heads(found: Impact) -> Data:
    return {
        "LD": plain(found.milestone.ld),
        "REMEDY": plain(written(total(list(found.scenario.remedy_by_month.values())), 2)),
        "EXTRA_INTEREST": plain(found.interest.extra_interest if found.interest else Decimal(0)),
        "LOST_MARGIN": plain(found.scenario.lost_margin),
    }


def _in_minor(project: Project, found: Impact) -> Data:
    """Return the cash table, each amount with the digits of its currency."""
    digits, cash = minor(project.currency), found.cash
    rows = ("closing_baseline", "closing_revised", "difference")
    sums = ("lowest", "minimum_cash", "funding_gap")
    return {
        "months": cash.months, "lowest_month": cash.lowest_month, "working": cash.working,
        **{name: [written(value, digits) for value in getattr(cash, name)] for name in rows},
        **{name: written(getattr(cash, name), digits) for name in sums},
    }  # fmt: skip


def _loan(loan: Loan, found: Lending, currency: str) -> Data:
    names = list(loan.periods) or [str(place) for place in range(1, len(loan.cfads) + 1)]
    lowest = found.lowest_look_back
    return {
        "periods": _periods(names, found, currency),
        "headroom_p1": plain(found.dscr.headroom_p1) if found.dscr else None,
        "working": plain([*(found.dscr.working if found.dscr else ()), *found.working]),
        "look_backs": [{"period": names[place]} | _look_back(one) for place, one in found.look_backs],
        "look_back": {"period": names[lowest[0]]} | _look_back(lowest[1]) if lowest else None,
        "llcr": plain(found.llcr) | {"state": plain(found.llcr_state)} if found.llcr else None,
        "cures": [
            {"period": names[place], "to_lock_up": plain(one.cure_to_lock_up),
             "to_default": plain(one.cure_to_default), "working": plain(one.working)}
            for place, one in found.cures
        ],
    }  # fmt: skip


def _periods(names: Sequence[str], found: Lending, currency: str) -> list[Data]:
    if found.dscr is None:
        return []
    pairs = zip(names, found.dscr.before, found.dscr.after, strict=True)
    return [
        {"name": name, "before": _cover(before, currency), "after": _cover(after, currency),
         "tested": place in found.tested}
        for place, (name, before, after) in enumerate(pairs)
    ]  # fmt: skip


def _cover(cover: Cover, currency: str) -> Data:
    digits = minor(currency)
    return {
        "cash": plain(written(cover.cash, digits)), "debt_service": plain(written(cover.debt_service, digits)),
        "shown": plain(cover.shown), "state": plain(cover.state),
        "headroom": plain(rounded(cover.headroom(cover.levels.default), digits)),
    }  # fmt: skip


def _look_back(one: LookBack) -> Data:
    ratio = one.cover.ratio
    return {
        "before": plain(one.before), "after": plain(one.after), "shown": None if ratio is None else plain(cut(ratio)),
        "state": plain(one.state), "working": plain(one.working),
    }  # fmt: skip
