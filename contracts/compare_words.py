"""The words of a comparison of two versions. The edge of `clauses.compare`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from contracts.clauses.compare import ClauseChange, Kind, Piece, TermChange, Way, Written
from contracts.clauses.terms import Terms
from contracts.entitlement_words import in_words
from contracts.models import ClauseType
from contracts.words import Words, label, show, value_in_words

KINDS: dict[str, tuple[Words, str]] = {
    Kind.ADDED: (pgettext_lazy("clause", "New"), "info"),
    Kind.REMOVED: (pgettext_lazy("clause", "Gone"), "danger"),
    Kind.CHANGED: (pgettext_lazy("clause", "Changed"), "warn"),
    Kind.SAME: (pgettext_lazy("clause", "Unchanged"), ""),
}
WAYS: dict[str, Words] = {
    Way.BUYER: _("better for the buyer"),
    Way.SELLER: _("better for the seller"),
    Way.OPEN: _("cannot be said which side it favours"),
}
CHANGED = _("%(name)s: %(before)s, now %(after)s")
NEW = _("%(name)s: new, %(after)s")
GONE = _("%(name)s: %(before)s no longer holds")
PERIOD = pgettext_lazy("clause term", "Period")
RENUMBERED = _("Clause %(before)s is now clause %(after)s")
HEADED = _("Headed “%(after)s”, before “%(before)s”")


@dataclass(frozen=True)
class SaidChange:
    """A clause in both versions, in words; `terms` holds (sentence, whom it favours, code of that)."""

    number: str
    heading: str
    type: str
    kind: str
    word: str
    tone: str
    text: tuple[Piece, ...]
    terms: list[tuple[str, str, str]]
    way: str
    favours: str
    unchecked: bool
    language: str


def say(change: ClauseChange) -> SaidChange:
    """Return what became of a clause in words of the active language."""
    word, tone = KINDS[change.kind]
    terms = [*_outer(change), *((_sentence(each), str(WAYS[each.way]), each.way.value) for each in change.terms)]
    now = change.now
    unchecked = any(each is not None and not each.checked for each in (change.before, change.after))
    return SaidChange(
        now.number, now.heading, str(ClauseType(now.type).label), change.kind.value, str(word), tone, change.text,
        terms, change.way.value, str(WAYS[change.way]), unchecked, now.language,
    )  # fmt: skip


def _outer(change: ClauseChange) -> list[tuple[str, str, str]]:
    """Return sentences for number and heading, which favour nobody."""
    old, new = change.before, change.after
    if old is None or new is None:
        return []
    pairs = [(RENUMBERED, old.number, new.number), (HEADED, old.heading, new.heading)]
    return [(str(words) % {"before": was, "after": now}, "", "") for words, was, now in pairs if was != now]


def _sentence(change: TermChange) -> str:
    words = NEW if change.before is None else GONE if change.after is None else CHANGED
    return str(words) % {
        "name": _name(change.path),
        "before": _value(change.before),
        "after": _value(change.after),
    }


def _name(path: tuple[Any, ...]) -> str:
    """Return "Stages of acceptance, final acceptance, Days"."""
    parts = [_value(part) if isinstance(part, StrEnum) or not isinstance(part, str) else part for part in path]
    names = [
        str(PERIOD if part == "n" else label(str(part))) if place % 2 == 0 else str(part)
        for place, part in enumerate(parts)
    ]
    return gettext(", ").join(names)


def _value(value: Any) -> str:
    if isinstance(value, Terms):
        return gettext("; ").join(f"{name} {said}" for name, said in show(value).facts)
    return in_words(value) if isinstance(value, tuple) else value_in_words(value)


def written(clause: Any) -> Written:
    """Return a stored clause as it is compared."""
    terms = clause.typed_terms
    return Written(
        clause.number, clause.type, clause.shown_heading, clause.text, terms, clause.is_checked, clause.language
    )
