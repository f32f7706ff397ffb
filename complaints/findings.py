"""What the linter for reasoning says of a case: reads the case, asks the pure rules; higher rooms add their actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from complaints import reasoning
from complaints.models.diagnosis import CauseNode
from complaints.reasoning import Action, Answer, Cause, Finding

if TYPE_CHECKING:
    from complaints.models import Complaint, RootCause

Actions = Callable[["Complaint"], list[Action]]
_actions: list[Actions] = []


def adds_actions(read: Actions) -> None:
    """Add a higher room's actions on root causes, called in AppConfig.ready()."""
    _actions.append(read)


def answers(nodes: Iterable[CauseNode]) -> list[Answer]:
    """Return the answers of the trees, as the rules take them; the cards of the fishbone are suspicions, no answers."""
    return [
        Answer(node.pk, node.text, node.leg, node.parent_id, node.result, node.test, node.evidence)
        for node in nodes
        if node.tool != CauseNode.Tool.ISHIKAWA
    ]


def of(complaint: Complaint, nodes: Iterable[CauseNode], causes: Iterable[RootCause], problem: str) -> list[Finding]:
    """Return what is weak in these answers, causes, and the actions on them."""
    named = [Cause(row.pk, row.text, row.leg, row.node_id, row.verified_at is not None) for row in causes]
    done = [action for read in _actions for action in read(complaint)]
    return reasoning.check(answers(nodes), named, done, problem=problem)
