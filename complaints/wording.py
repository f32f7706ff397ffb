"""
Words of a case as terms that can be compared: English words without their endings, pairs of Chinese characters, and
what fails in a word of either language. PURE.

Two letters make no trigram, and Chinese has no blanks: pairs of characters find 漏油 in 液压缸漏油, and a table of what
goods do when they fail lets "the cylinder leaks" find 漏油 (defect_terms.py). Nothing is sent anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from complaints.defect_terms import CONCEPTS, STOP_WORDS, STOPS

LONGEST = 40  # characters of one term; what is longer is not a word
MOST = 400  # terms kept of one case
_WORDS = re.compile(r"[a-z0-9][a-z0-9\-./]*[a-z0-9]|[a-z0-9]|[㐀-鿿豈-﫿]+")
_ENDINGS = ("ingly", "ing", "edly", "ed", "s")
_HISSING = ("xes", "ches", "shes", "sses")  # of which the plural adds es
_SHORTEST_STEM = 4
_PART_NUMBER = 5  # digits
CONCEPT = "#"  # how a term begins that stands for the same word in both languages


def terms(*texts: str) -> list[str]:
    """Return the different terms of the texts in the order in which they come, at most MOST of them."""
    found: dict[str, None] = {}
    for text in texts:
        for term in _terms(unicodedata.normalize("NFKC", text).casefold()):
            found.setdefault(term)
    return list(found)[:MOST]


def _terms(text: str) -> Iterable[str]:
    yield from (CONCEPT + name for name, words in CONCEPTS.items() if any(word.search(text) for word in words))
    for run in _WORDS.findall(text):
        if run[0] >= "㐀":
            yield from _pairs(run)
        elif _says_something(run):
            yield stem(run)


def _says_something(word: str) -> bool:
    """Tell whether an English word is worth comparing: a part number is, a reading is not."""
    if len(word) > LONGEST or stem(word) in STOP_WORDS or word in STOP_WORDS:
        return False
    digits = sum(map(str.isdigit, word))
    return digits >= _PART_NUMBER or (len(word) > 2 and any(map(str.isalpha, word)) and "/" not in word)


def _pairs(run: str) -> Iterable[str]:
    """Return each pair of neighbours; words that only bind others keep theirs apart."""
    for part in STOPS.split(run):
        yield from (part[i : i + 2] for i in range(len(part) - 1))


def stem(word: str) -> str:
    """Return an English word without its ending: leaks, leaked and leaking are one; what holds a digit stays."""
    if any(map(str.isdigit, word)):
        return word
    if word.endswith(_HISSING):
        return word.removesuffix("es")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    if word.endswith(("ie", "y")) and len(word) > _SHORTEST_STEM - 1:
        return word.removesuffix("ie").removesuffix("y") + "i"
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM else word


def joined(shared: Iterable[str], text: str) -> list[str]:
    """
    Return the words of `text` that the shared terms stand for, as somebody would write them, each once and in order:
    pairs that overlap are one word again, an English word has its ending. Concepts are no words of the text.
    """
    wanted = set(shared)
    folded = unicodedata.normalize("NFKC", text).casefold()
    words: dict[str, str] = {}
    for run in _WORDS.findall(folded):
        found = _covered(run, wanted) if run[0] >= "㐀" else [run] if stem(run) in wanted else []
        for word in found:
            words.setdefault(stem(word), word)
    return list(words.values())


def concepts(shared: Iterable[str]) -> list[str]:
    """Return the names of the concepts among the terms."""
    return sorted(term.removeprefix(CONCEPT) for term in shared if term.startswith(CONCEPT))


def _covered(run: str, wanted: set[str]) -> Sequence[str]:
    """Return the longest pieces of a run of Chinese characters of which each pair is wanted."""
    pieces: list[str] = []
    start: int | None = None
    for at in range(len(run)):
        if run[at : at + 2] in wanted and at + 1 < len(run):
            start = at if start is None else start
        elif start is not None:
            pieces.append(run[start : at + 1])
            start = None
    return pieces
