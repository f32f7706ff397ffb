"""
What-if questions without a case (ARCHITECTURE §4): the rules that move real clocks and grades, on facts typed in.

A calculator has a name, and kinds of question; `ask(name, kind, said)` checks what was said and answers it. Rooms add
theirs by `offer`; API and pages under /tools/ read the same list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from complaints.gates import Reason
from worktime.calendars import BadInput
from worktime.explain import Line
from worktime.words import say

Result = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """
    What was reckoned, in plain values that JSON can hold, and the lines that say why; instants shown in `zone`.

    found: the frozen result of the rule that the values were written from, for pages that show more of it.
    """

    result: Result
    explanation: tuple[Line | Reason, ...]
    zone: str = "UTC"
    found: Any = None


@dataclass(frozen=True)
class Question:
    """One kind of question: the shape of what must be said, and the rule that answers it."""

    shape: type[serializers.Serializer[Any]]
    solve: Callable[[dict[str, Any]], Answer]


class Unfit(Exception):
    """The question cannot be answered as it was asked; `errors` maps each field to its sentences, nested likewise."""

    def __init__(self, errors: Any) -> None:
        super().__init__(str(errors))
        self.errors = errors


_offered: dict[str, dict[str, Question]] = {}


def offer(name: str, kinds: Mapping[str, Question]) -> None:
    """Add kinds of question to the calculator `name`."""
    _offered.setdefault(name, {}).update(kinds)


def names() -> list[str]:
    """Return the calculators there are."""
    return sorted(_offered)


def kinds(name: str) -> list[str]:
    """Return the kinds of question that a calculator answers. Raises KeyError for an unknown one."""
    return list(_offered[name])


def ask(name: str, kind: Any, said: Any) -> Answer:
    """Return the answer. Raises KeyError for an unknown calculator, Unfit for what cannot be reckoned with."""
    question = _offered[name].get(kind) if isinstance(kind, str) else None
    if question is None:
        known = ", ".join(kinds(name))
        raise Unfit({"kind": [_("This calculator answers: %(kinds)s. Choose one.") % {"kinds": known}]})
    shape = question.shape(data=said)
    if not shape.is_valid():
        raise Unfit({"input": shape.errors})
    try:
        return question.solve(dict(shape.validated_data))
    except BadInput as refusal:
        raise Unfit({"input": [say(refusal, "UTC")]}) from refusal
