"""What differs between two versions of a proposal, line by line. Reads only what is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts.money import Money

if TYPE_CHECKING:
    from remediation.models import Proposal, ProposalLine


@dataclass(frozen=True)
class Pair:
    """A line that stayed, and its sums before and now where they differ."""

    before: ProposalLine
    now: ProposalLine

    @property
    def amounts(self) -> tuple[Money | None, Money | None] | None:
        """Return what the customer got before and gets now; None if that is the same."""
        return None if self.before.amount == self.now.amount else (self.before.amount, self.now.amount)

    @property
    def is_same(self) -> bool:
        names = ("description", "quantity", "unit", "amount", "due_on", "goodwill_reason")
        return all(getattr(self.before, name) == getattr(self.now, name) for name in names)


@dataclass(frozen=True)
class Changes:
    """What came, what changed, what went."""

    added: list[ProposalLine]
    changed: list[Pair]
    removed: list[ProposalLine]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def between(before: Proposal, now: Proposal) -> Changes:
    """Return the changes from one version to the next; lines are the same if kind and words are, else if kind is."""
    old, new = list(before.lines.all()), list(now.lines.all())
    pairs: list[Pair] = []
    for key in (_whole, _kind):
        pairs += _matched(old, new, key)
    return Changes(new, [pair for pair in pairs if not pair.is_same], old)


def _matched(old: list[ProposalLine], new: list[ProposalLine], key: Callable[[ProposalLine], object]) -> list[Pair]:
    """Take from both lists the lines that are the same by `key`, and return them as pairs."""
    found = []
    for line in list(new):
        twin = next((one for one in old if key(one) == key(line)), None)
        if twin is not None:
            old.remove(twin)
            new.remove(line)
            found.append(Pair(twin, line))
    return found


def _whole(line: ProposalLine) -> object:
    return line.kind, line.description


def _kind(line: ProposalLine) -> object:
    return line.kind
