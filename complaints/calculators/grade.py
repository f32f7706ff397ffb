"""Which grade do these scores and circumstances give (DOMAIN §4.1)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints import grading
from complaints.calculators import Answer, Question, offer
from complaints.calculators.shapes import Whole
from complaints.grading_lines import because

FLOORS = {
    "O1": "O1 injury/reportable",
    "O2": "O2 credible danger",
    "O3": "O3 site or line stopped",
    "O4": "O4 repeat after closed CAPA",
    "O5": "O5 covenant lock-up",
    "C5": "C5",
}
DEFAULTED = "O5 covenant default"


class Grade(serializers.Serializer[Any]):
    S = Whole(min_value=1, max_value=5)
    E = Whole(min_value=1, max_value=5)
    C = Whole(min_value=1, max_value=5)
    R = Whole(min_value=1, max_value=5)
    injury = serializers.BooleanField(default=False)
    reportable = serializers.BooleanField(default=False)
    danger = serializers.BooleanField(default=False)
    site_stop = serializers.BooleanField(default=False)
    repeat_after_capa = serializers.BooleanField(default=False)
    dscr = serializers.ChoiceField(("", "LOCK_UP", "DEFAULT"), default="", allow_null=True)


def solve_grade(said: dict[str, Any]) -> Answer:
    """Return score, grades on the way and the grade; 1 is G1, the gravest."""
    scores = grading.Scores(*(said[name] for name in "SECR"))
    facts = {name: said[name] for name in said if name not in "SECR"}
    found = grading.grade(scores, grading.Circumstances(**{**facts, "dscr": said["dscr"] or ""}))
    result = {
        "score": found.score,
        "base": _number(found.base),
        "after_impact": _number(found.after_impact),
        "floors": [_floor(code, said) for code, _ in found.floors],
        "grade": _number(found.grade),
    }
    return Answer(result, because(scores, found))


def _number(grade: str) -> int:
    return int(grade[1:])


def _floor(code: str, said: dict[str, Any]) -> str:
    return DEFAULTED if code == "O5" and said["dscr"] == "DEFAULT" else FLOORS[code]


offer("grade", {"grade": Question(Grade, solve_grade)})
