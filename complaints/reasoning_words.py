"""Findings of the linter in words: kind, and with what to do next."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.reasoning import Finding

SHORT = 70  # characters of a text that is quoted
SENTENCES: dict[str, str | Promise] = {
    "person_blamed": _(
        "“{text}” ends at a person. People slip everywhere; ask once more what let the slip happen, or pass unseen."
    ),
    "circle": _("“{text}” leads back to itself. Move it to where it begins, or take it out."),
    "circle_in_words": _("“{text}” says again what stands above it. What made that happen?"),
    "twice": _("“{text}” stands twice at this level. One is enough; keep the one with the better evidence."),
    "confirmed_without_evidence": _("“{text}” is confirmed, but nothing shows it. Add what was seen or measured."),
    "ruled_out_without_evidence": _("“{text}” is ruled out, but nothing shows why. Add what spoke against it."),
    "confirmed_below_ruled_out": _(
        "“{text}” is confirmed, yet “{above}” above it is ruled out. One of the two cannot be; look again."
    ),
    "no_test_yet": _("“{text}” is still a guess. Write down how you will find out."),
    "cause_unproven": _("The root cause “{text}” is not proven yet. Try it: with it the fault comes, without it not."),
    "cause_on_ruled_out": _(
        "The root cause “{text}” stands on an answer that is ruled out. Prove it anew or withdraw it."
    ),
    "cause_beside_tree": _("The root cause “{text}” stands on none of the answers. Say which chain leads to it."),
    "action_without_cause": _("The action “{text}” acts on none of the root causes. Which one does it remove?"),
}


def say(finding: Finding) -> str:
    """Return the finding as a sentence in the active language. Raises KeyError for an unknown code."""
    return str(SENTENCES[finding.code]).format(**{name: _short(str(value)) for name, value in finding.params.items()})


def _short(text: str) -> str:
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"
