"""Lines of an answer, put into the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints import figure_words, words
from complaints.calculators import Answer
from complaints.gates import Reason
from contracts import entitlement_words, finance, finance_words
from contracts.clauses.working import Step
from worktime.explain import Line
from worktime.words import SENTENCES as TIME_SENTENCES
from worktime.words import say as say_time
from worktime.words import say_with

SENTENCES = {
    "regraded.paused": _("A pause is open: there is no due instant until it ends."),
    "regraded.breach_kept": _("The old target ran out at %(old)s, before the change at %(changed)s: the breach stays."),
    "regraded.new": _("With the new target, from the same start: due %(due)s."),
    "regraded.grace": _("The new target would have ended at %(new)s; some time is left after the change: due %(due)s."),
    "regraded.old": _("A tighter target never loosens the old due instant: due %(due)s."),
}


def explained(answer: Answer) -> list[dict[str, Any]]:
    """Return the lines of an answer as code and sentence; steps of a clause also with the facts and the law used."""
    return [{"code": line.code, "sentence": _said(line, answer.zone), **_cited(line)} for line in answer.explanation]


def _cited(line: Line | Reason) -> dict[str, Any]:
    return {"uses": list(line.uses), "law": line.law} if isinstance(line, Step) else {}


def _said(line: Line | Reason, zone: str) -> str:
    if isinstance(line, Reason):
        return words.say(line)
    if isinstance(line, Step):
        return entitlement_words.say(line)
    if isinstance(line, finance.Step):
        return finance_words.say(line)
    if line.code in figure_words.SENTENCES:
        return figure_words.say(line)
    return say_time(line, zone) if line.code in TIME_SENTENCES else say_with(SENTENCES, line, zone)
