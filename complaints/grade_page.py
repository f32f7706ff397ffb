"""What a page shows of a grade: matrix, scores, floors that bind, rules, and how it came to be (DOMAIN §4.1)."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.roles import Role
from complaints import grade_facts, grade_rules, grading, grading_lines
from complaints.days import company_date
from complaints.forms.grading import FLOOR_WORDS, MEANINGS, NAMES, GradeFields
from complaints.models import Complaint, Grading, GradingRules
from complaints.models.states import Grade, Safety
from complaints.showing import Section, Shown, look_alikes
from complaints.timeline import listed
from complaints.words import say

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.forms.base import ActForm

Data = dict[str, Any]


def shows(complaint: Complaint, *, user: User, form: ActForm, at: datetime) -> Shown:
    """Show the grade that the form as it stands gives, beside it; htmx asks for it anew at each change."""
    said = {name: form[name].value() for name in (*NAMES, "repeat_after_capa", "safety") if name in form.fields}
    return Shown((Section(_("The grade"), grade=panel(complaint, said, at=at)),), beside=True)


def shows_with_likes(complaint: Complaint, *, user: User, form: ActForm, at: datetime) -> Shown:
    """Show the grade, and below it the cases that this one may repeat."""
    asked: Any = {"user": user, "form": form, "at": at}
    parts = (shows(complaint, **asked), look_alikes(complaint, **asked))
    return Shown(tuple(section for part in parts for section in part.sections), beside=True)


def panel(complaint: Complaint, said: Mapping[str, Any], *, at: datetime) -> Data:
    """
    Return what these typed scores give, by the rules that hold at the moment; scores that are no number are open.

    {ref, score, grade, label, open, lines, matrix, rules}: `open` counts the scores not given, `lines` are sentences.
    """
    version = grade_rules.in_force(company_date(at))
    rules = grade_rules.table_of(version)
    given = {name: int(said[name]) for name in NAMES if str(said.get(name) or "") in set("12345")}
    shown = {"ref": complaint.ref, "rules": rules_words(version), "open": len(NAMES) - len(given)}
    if shown["open"]:
        return shown | {"matrix": matrix(rules, None), "grade": "", "lines": []}
    scores = grading.Scores(*(given[name] for name in NAMES))
    known = grade_facts.circumstances(_as_said(complaint, said), repeat_after_capa=bool(said.get("repeat_after_capa")))
    return shown | outcome(scores, grading.grade(scores, known, rules), rules)


def outcome(scores: grading.Scores, found: grading.Result, rules: grading.Rules) -> Data:
    """Return a result with its matrix and its sentences."""
    return {
        "score": found.score, "grade": found.grade, "label": Grade(found.grade).label,
        "matrix": matrix(rules, scores), "lines": [say(line) for line in grading_lines.because(scores, found)],
    }  # fmt: skip


def proposed(complaint: Complaint, *, at: datetime) -> Data:
    """Return what the case proposes, in words: {label, least, rows of {label, score, why}}; without scores, {}."""
    rules = grade_rules.table_of(grade_rules.in_force(company_date(at)))
    found = grade_facts.propose(complaint, at=at, rules=rules)
    if found.result is None:
        return {}
    rows = [
        {"label": GradeFields.base_fields[name].label, "score": one.score, "why": say(one.why)}
        for name, one in found.scores.items()
    ]
    return {"label": Grade(found.result.grade).label, "least": not found.is_whole, "rows": rows}


def matrix(rules: grading.Rules, scores: grading.Scores | None) -> list[Data]:
    """Return the rows of the risk matrix, consequence 5 first; the cell of the scores is marked."""
    here = (scores.consequence, max(scores.extent, scores.recurrence)) if scores else None
    return [
        {"s": s, "cells": [{"score": s * e, "grade": grading.band(s * e, rules), "here": (s, e) == here, "e": e}
                           for e in grading.SCORES]}
        for s in reversed(grading.SCORES)
    ]  # fmt: skip


def rules_words(version: GradingRules | None) -> str:
    """Return by which table a grade is made."""
    return _("Rules, version {number}").format(number=version.number) if version else _("Standard rules")


def kept(row: Grading) -> Data:
    """Return a grading as it was made: scores with their meanings, result, sentences, who and why."""
    rules = grade_rules.table_of(row.rules)
    scores = grading.Scores(*(getattr(row, name) for name in NAMES))
    found = grade_rules.grade_by(row, rules)
    said = [
        {"label": GradeFields.base_fields[name].label, "score": score, "meaning": MEANINGS[name][score - 1]}
        for name in NAMES
        if (score := getattr(row, name))
    ]
    return {
        **outcome(scores, found, rules), "said": said, "row": row, "rules": rules_words(row.rules),
        "final": row.grade, "final_label": row.get_grade_display(), "differs": row.grade != row.computed,
    }  # fmt: skip


def _as_said(complaint: Complaint, said: Mapping[str, Any]) -> Complaint:
    """Return the case with the safety that the form says, not saved."""
    if said.get("safety") not in Safety.values:
        return complaint
    as_said = copy.copy(complaint)
    as_said.safety = said["safety"]
    return as_said


def table(rules: grading.Rules, before: grading.Rules | None = None) -> Data:
    """Return a table in words; with the one before, each row says whether it differs."""
    old = table(before) if before else None
    rows = [*_band_rows(rules), *_floor_rows(rules), *_people_rows(rules)]
    for place, row in enumerate(rows):
        row["was"] = old["rows"][place]["value"] if old and old["rows"][place]["value"] != row["value"] else ""
    return {"matrix": matrix(rules, None), "rows": rows}


def _band_rows(rules: grading.Rules) -> list[Data]:
    from_score = _("from a score of {score}")
    bands = zip(grading.ORDER, (rules.g1_from, rules.g2_from, rules.g3_from), strict=False)
    lift = _("none") if rules.lift_from > max(grading.SCORES) else _("{n} and above").format(n=rules.lift_from)
    return [
        *({"name": grade, "value": from_score.format(score=score)} for grade, score in bands),
        {"name": _("Customer impact that lifts by one grade"), "value": lift},
    ]


def _floor_rows(rules: grading.Rules) -> list[Data]:
    at_least = _("at least {grade}")
    return [
        {"name": said, "value": at_least.format(grade=rules.floors[name]) if rules.floors[name] else _("no floor")}
        for name, said in FLOOR_WORDS.items()
    ]


def _people_rows(rules: grading.Rules) -> list[Data]:
    named = (
        (_("May set a graver grade"), rules.upward), (_("May set a lower grade"), rules.downward),
        (_("May go below a floor, with Legal"), rules.below_floor),
    )  # fmt: skip
    return [{"name": name, "value": listed(Role(role).label for role in roles)} for name, roles in named]
