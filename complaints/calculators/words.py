"""Lines of an answer, put into the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from complaints import figure_words, words
from complaints.calculators import Answer
from complaints.gates import Reason
from contracts import finance_words
from contracts.finance import Step
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


def explained(answer: Answer) -> list[dict[str, str]]:
    """Return the lines of an answer as code and sentence."""
    return [{"code": line.code, "sentence": _said(line, answer.zone)} for line in answer.explanation]


def _said(line: Line | Reason, zone: str) -> str:
    if isinstance(line, Reason):
        return words.say(line)
    if isinstance(line, Step):
        return finance_words.say(line)
    if line.code in figure_words.SENTENCES:
        return figure_words.say(line)
    return say_time(line, zone) if line.code in TIME_SENTENCES else say_with(SENTENCES, line, zone)
