"""
The one way up by call: what higher rooms add to a move of the case (ARCHITECTURE §5.2).

`requires(move, gaps)` adds a guard: `gaps(complaint)` returns the reasons that still stand in the way, read under the
case lock. `follows(move, act)` adds a consequence that runs in the same transaction, after the case was saved. Both are
registered in AppConfig.ready(); buttons, API and verbs read the same list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint

MOVES = (
    "register", "triage", "mobilise", "begin_diagnosis", "propose_directly", "agree_diagnosis", "send_proposal",
    "counter", "accept", "report_done", "not_solved", "confirm", "close", "reopen", "reject", "object", "withdraw",
    "merge", "dispute", "settle",
)  # T02–T21 in order  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """Why something is not possible: a stable code and its parameters. It becomes words at the edge (words.say)."""

    code: str
    params: dict[str, Any] = field(default_factory=dict, hash=False)


def reason(code: str, **params: Any) -> Reason:
    """Return a Reason; parameters are plain values that can be written as JSON."""
    return Reason(code, params)


class Refused(Exception):
    """A move or an act that the case does not allow now; `reasons` say why."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(why.code for why in reasons))
        self.reasons = list(reasons)


Gaps = Callable[["Complaint"], Sequence[Reason]]
Act = Callable[..., None]  # act(complaint, *, by, at, details)

_guards: dict[str, list[Gaps]] = defaultdict(list)
_consequences: dict[str, list[Act]] = defaultdict(list)


def requires(move: str, gaps: Gaps) -> None:
    """Add a guard to `move`. Raises KeyError for a move that does not exist."""
    _guards[_known(move)].append(gaps)


def follows(move: str, act: Act) -> None:
    """Add a consequence to `move`: act(complaint, by=, at=, details=). Raises KeyError for an unknown move."""
    _consequences[_known(move)].append(act)


def gaps(move: str, complaint: Complaint) -> list[Reason]:
    """Return all that still stands between `complaint` and `move`, lower rooms first."""
    return [found for guard in _guards[move] for found in guard(complaint)]


def no_gaps(move: str) -> Callable[[Any], bool]:
    """Return the condition of a transition: that nothing is missing."""
    return lambda complaint: not gaps(move, complaint)


def consequences(move: str, complaint: Complaint, *, by: User | None, at: datetime, details: dict[str, Any]) -> None:
    """Run what follows `move`, in order of registration, inside the caller's transaction."""
    for act in _consequences[move]:
        act(complaint, by=by, at=at, details=details)


def guards_of(move: str) -> list[Gaps]:
    """Return the guards of `move`, for the page and the test that document them."""
    return list(_guards[move])


def acts_of(move: str) -> list[Act]:
    """Return the consequences of `move`, likewise."""
    return list(_consequences[move])


def _known(move: str) -> str:
    if move not in MOVES:
        raise KeyError(move)
    return move
