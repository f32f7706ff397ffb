"""The words of the rules: each step of a working, each fact, each problem. The edge of `clauses.rules`."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext

from contracts.amounts import Money
from contracts.clauses import Problem
from contracts.clauses.case import Measurement
from contracts.clauses.choices import Unit
from contracts.clauses.gates import Flip
from contracts.entitlement_words import gates, heads
from contracts.entitlement_words.gates import GATES, VERDICTS
from contracts.entitlement_words.problems import CHOICES, FACTS, KINDS, PROBLEMS
from contracts.words import CHOICES as TERM_CHOICES
from contracts.words import LABELS, Words, value_in_words
from contracts.words import PROBLEMS as TERM_PROBLEMS
from worktime.explain import Line
from worktime.words import PERIODS
from worktime.words import say as say_time

__all__ = [
    "CHOICES", "FACTS", "GATES", "KINDS", "PROBLEMS", "STEPS", "VERDICTS", "choice", "fact", "in_words", "say",
    "say_problem",
]  # fmt: skip
STEPS: dict[str, Words] = {**gates.STEPS, **heads.STEPS}
COUNTED = {  # which parameter counts, where it is not n
    "delay.weeks": "weeks", "delay.grace.DEDUCTIBLE": "grace", "delay.grace.THRESHOLD": "grace",
    "units.confirmed_count": "claimed",
}  # fmt: skip


def say(step: Line) -> str:
    """Return a step of a working as a sentence in the active language."""
    if step.code.startswith("period."):
        return say_time(step, "UTC")
    params = dict(step.params)
    if step.code == "head.missing":
        params["names"] = [str(fact(name)) for name in params["names"]]
    if step.code in ("flip", "flip.also"):
        params |= {"fact": str(fact(params["fact"])), "to": fact_value(params["fact"], params["to"])}
        params["also"] = gettext(", ").join(changed(each) for each in params.get("also", ()))
    if "lower" in params:
        params["limits"] = _limits(params["lower"], params["upper"])
    if "clause" in params and step.code != "head.currency":
        params["clause"] = gettext(" (clause %(number)s)") % {"number": params["clause"]} if params["clause"] else ""
    shown: dict[str, Any] = {name: in_words(value) for name, value in params.items()}
    return str(STEPS[step.code] % (shown | {"count": _count(step.code, params)}))  # type: ignore[operator]


def _count(code: str, params: dict[str, Any]) -> int:
    """Return the number that makes a sentence singular or plural; a fraction is no one thing unless it is 1."""
    number = params.get(COUNTED.get(code, "n"))
    return number if isinstance(number, int) else 1 if number == 1 else 2


def _limits(lower: Decimal | None, upper: Decimal | None) -> str:
    """Return limits as they stand on a drawing: ≥ 95.5, ≤ 10.02, 9.98 … 10.02."""
    if lower is None or upper is None:
        return f"≤ {in_words(upper)}" if lower is None else f"≥ {in_words(lower)}"
    return f"{in_words(lower)} … {in_words(upper)}"


def say_problem(problem: Problem) -> str:
    """Return what is wrong with a fact as a sentence in the active language, with the fact's name and the mend."""
    params = dict(problem.params)
    if "other" in params and problem.code in {"said_twice", "before"}:
        params["other"] = str(fact(params["other"]))
    words = PROBLEMS.get(problem.code) or TERM_PROBLEMS[problem.code]
    return str(words) % (params | {"field": _place(problem.field)})


def changed(flip: Flip) -> str:
    """Return a change of a fact: its name and the value that it would have to have."""
    return gettext("%(fact)s: %(to)s") % {"fact": fact(flip.fact), "to": fact_value(flip.fact, flip.to)}


def fact_value(name: str, value: Any) -> str:
    """Return a typed value of a fact in words."""
    if name == "measurements":
        return gettext("; ").join(_measured(one) for one in value)
    if name in ("losses", "breaches"):
        return gettext(", ").join(f"{choice(code)} {number:,f}" for code, number in value)
    if isinstance(value, tuple) and not value:
        return gettext("none of them")
    return f"{value:,f}" if isinstance(value, Decimal) else in_words(value)


def _measured(one: Measurement) -> str:
    unit = f" {one.unit}" if one.unit else ""
    return f"{one.characteristic} {one.value:f}{unit}" + (f" ± {one.U:f}{unit}" if one.U else "")


def fact(name: str) -> Words:
    """Return the name of a fact as people read it."""
    return FACTS.get(name) or LABELS.get(name, name)


def _place(path: str) -> str:
    """Return "Heads with their sums, row 2" for heads.1, the bare name for a fact that is no list."""
    name, *rest = path.split(".")
    if not rest:
        return str(fact(name)) if name else gettext("Facts")
    if not rest[0].isdecimal():
        return str(fact(rest[-1]))
    return gettext("%(field)s, row %(row)s") % {"field": fact(name), "row": int(rest[0]) + 1}


def in_words(value: Any) -> str:
    """Return a parameter in words: sums with their currency, choices by name, periods with their unit."""
    match value:
        case "":
            return ""
        case Money() | Fraction():
            return str(value)
        case (int(), Unit()):
            number, unit = value
            return str(PERIODS[unit.lower()] % {"n": number})
        case tuple() | list():
            return gettext(", ").join(in_words(item) for item in value)
        case StrEnum() | str():
            return choice(value)
        case None | Decimal() | date() | bool() | int():
            return value_in_words(value)
    return str(value)


def choice(value: str) -> str:
    """Return a code in words; other text as it is."""
    tables = (CHOICES, TERM_CHOICES, VERDICTS, KINDS)
    return str(next((words[value] for words in tables if value in words), value))
