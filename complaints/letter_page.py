"""
A letter's facts as HTML: the same page for the PDF renderer and for the screen.

What people typed is cleaned of what no page may carry (control and direction-changing characters) and, for the PDF, of
what its font cannot draw: such a character prints as □, and the letter keeps a warning.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.models.states import LetterKind
from complaints.templatetags.letters import read

if TYPE_CHECKING:
    from complaints.models import Letter

TEMPLATES = {
    LetterKind.ACKNOWLEDGEMENT: "letters/acknowledgement.html",
    LetterKind.INITIAL: "letters/initial.html",
    LetterKind.EIGHT_D: "letters/eight_d.html",
    LetterKind.PROPOSAL: "letters/proposal.html",
    LetterKind.REJECTION: "letters/rejection.html",
    LetterKind.CLOSING: "letters/closing.html",
}
FONTS = {400: "NotoSansSC-Regular-gbk.ttf", 700: "NotoSansSC-Bold-gbk.ttf"}
MARKS = {400: "RedressMarks-Regular.ttf", 700: "RedressMarks-Bold.ttf"}  # ’ “ ” § ± as wide as Latin text has them
UNDRAWN = "\u25a1"
NARROW = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0", "\t": " ", "\r": ""})
# what must not part at the end of a line: thousands, a number and its unit, day and month
TIED = re.compile(
    r"(\d) (?=\d{3}\b|%|°C|(?:mm/s|[mckµ]?m|[kmµ]?g|t|h|min|m?s|rpm|r/min|Hz|[km]?[WVA]|k?N|[kM]?Pa|bar|pcs)\b"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b|[台件套次吨])"
)
# longer than a SHA-256: a word that may fit no column, over which “overflow-wrap: anywhere” takes a minute
ENDLESS = re.compile(r"[!-~]{80,}")
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
STEPS = ("D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8")


# what a letter may lack, by the name that its template gives to `must`
NAMES = {
    "company": _("the name of our company"),
    "case number": _("the case number"),
    "customer": _("the customer"),
    "contact person": _("the contact person"),
    "moment of receipt": _("the moment of receipt"),
    "description": _("the description"),
    "symptom": _("the description"),
    "goods": _("the goods, or why they are not known"),
    "grade": _("the grade"),
    "date of the initial analysis": _("the date of the initial analysis"),
    "confirmed description": _("the confirmed description"),
    "extent so far": _("the extent so far"),
    "confidence": _("the confidence in the suspected cause"),
    "containment": _("the containment"),
    "direction of the remedy": _("the direction of the remedy"),
    "next dates": _("the next dates"),
    "approver": _("the approver"),
    "reason": _("the reason"),
    "text of the letter": _("the text of the letter"),
    "evidence": _("the evidence"),
    "last day to object": _("the last day to object"),
    "version of the proposal": _("the version of the proposal"),
    "last day of the offer": _("the last day of the offer"),
    "description of a line": _("the description of a line"),
    "lines of the proposal": _("the lines of the proposal"),
}


def say(error: str) -> str:
    """Return what is kept in Letter.error as a sentence in the active language."""
    code, _colon, what = error.partition(": ")
    if code == "lacks":
        return gettext("The letter was not made: it lacks {name}. Add it and make the letter again.").format(
            name=NAMES.get(what, what)
        )
    if code == "undrawn":
        return gettext("Characters not in the font, printed as □: {characters}").format(characters=what)
    return gettext("The letter was not made: {error}").format(error=error)


def printed(letter: Letter) -> tuple[str, str]:
    """
    Return the letter as HTML for the PDF, and the characters that its font cannot draw.

    Raises FactMissing naming a fact that this kind of letter may not do without.
    """
    undrawn: set[str] = set()
    facts = _each_text(letter.facts, lambda text: _parted(_drawable(_clean(text), undrawn)))
    return _page(letter.kind, facts, **_seal(letter)), "".join(sorted(undrawn))


def on_screen(kind: str, facts: dict[str, Any], *, photo: Callable[[str], str], **context: Any) -> str:
    """Return facts as a page for people at work: what is missing stands in amber, photos come from `photo(sha256)`."""
    facts = _each_text(facts, _clean)
    for shown in facts.get("d2", {}).get("photos", []):
        shown["address"] = photo(shown["sha256"])
    return _page(kind, facts, screen=True, **context)


def code_of(uuid: UUID) -> str:
    """Return the twelve characters by which a printed letter can be looked up, in groups of four."""
    text = base64.b32encode(bytes.fromhex(uuid.hex[:15] + "0")).decode()[:12]
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def uuids_of(code: str) -> tuple[UUID, UUID] | None:
    """Return the first and last uuid that a code may mean; None if it is no code."""
    bare = code.replace("-", "").replace(" ", "").upper()
    try:
        found = base64.b32decode(bare + "A===").hex()[:15]
    except ValueError:
        return None
    return (UUID(found + "0" * 17), UUID(found + "f" * 17)) if len(bare) == 12 else None


@lru_cache(maxsize=1)
def glyphs() -> frozenset[int]:
    """Return the code points that both weights of the letters' font can draw."""
    from fontTools.ttLib import TTFont

    maps = [
        TTFont(settings.BASE_DIR / "static" / "fonts" / name, lazy=True).getBestCmap().keys() for name in FONTS.values()
    ]
    return frozenset(set.intersection(*map(set, maps)))


def _page(kind: str, facts: dict[str, Any], **context: Any) -> str:
    zone = ZoneInfo(facts.get("zone") or settings.TIME_ZONE)
    with translation.override(facts["language"]), timezone.override(zone):
        words = {"f": facts, "kind": LetterKind(kind), "page_words": _page_words(), **_drawn(kind, facts)}
        return render_to_string(TEMPLATES[LetterKind(kind)], {**words, **context})


def _drawn(kind: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Return what the 8D report shows in another order than the facts have."""
    if kind != LetterKind.EIGHT_D:
        return {}
    steps, legs = _steps(facts), facts["d4"]["legs"]
    proofs = [{"leg": leg["label"], **cause} for leg in legs for cause in leg["causes"] if cause["verified_at"]]
    return {
        "steps": steps,
        "promised": any(step["due_at"] for step in steps),
        "step": {row["no"]: row for row in steps},
        "proofs": proofs,
        "proven": bool(proofs),
        "whys": any(leg["nodes"] or leg["causes"] or leg["exempt"] for leg in legs),
    }


def _page_words() -> list[str]:
    """Return what stands before, between and after page number and page count."""
    return re.split(r"\{pages?\}", gettext("Page {page} of {pages}"))


def _seal(letter: Letter) -> dict[str, Any]:
    code, page = code_of(letter.uuid), settings.PUBLIC_URL + reverse("letter-verify")
    return {
        "seal": {
            "code": code,
            "address": f"{page}?code={code.replace('-', '')}",
            "host": page.split("://", 1)[-1].rstrip("/"),
            "hash": letter.facts_hash,
        },
        "made_at": letter.frozen_at,
    }


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each_text(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [_each_text(inner, change) for inner in value]
    return value


def _clean(text: str) -> str:
    """Return the text without control, direction-changing and unassigned characters; lines stay, numbers hold."""
    kept = TIED.sub("\\1\u00a0", text.translate(NARROW))
    return "".join(char for char in kept if char == "\n" or unicodedata.category(char) not in UNSEEN)


def _parted(text: str) -> str:
    """Return the text with places to break in words without end."""
    return ENDLESS.sub(lambda word: "\u200b".join(re.findall(r".{1,16}", word[0])), text)


def _drawable(text: str, undrawn: set[str]) -> str:
    missing = {char for char in text if ord(char) not in glyphs() and char != "\n"}
    undrawn |= missing
    return "".join(UNDRAWN if char in missing else char for char in text)


def _steps(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Return D0 to D8 with due and done, and by how many days a step was late (0: on the day, but past the hour)."""
    known = {**facts.get("steps", {}), **facts.get("later_steps", {})}
    return [{"no": no, **_step(known.get(no) or {})} for no in STEPS]


def _step(step: dict[str, Any]) -> dict[str, Any]:
    due, done = read(step.get("due_at")), read(step.get("done_at"))
    late = bool(due and done and _later(done, due))
    return {
        "due_at": step.get("due_at"),
        "done_at": step.get("done_at"),
        "late": late,
        "days_late": (_day(done) - _day(due)).days if late and done and due else 0,
    }


def _later(done: date, due: date) -> bool:
    if isinstance(done, datetime) and isinstance(due, datetime):
        return done > due
    return _day(done) > _day(due)


def _day(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when
