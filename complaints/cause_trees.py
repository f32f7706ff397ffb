"""Verbs of the causes as a whole: a leg's tree or the fishbone's cards written at once, and a card put into a tree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

import audit
from complaints import lifecycle
from complaints.gates import reason
from complaints.models import CauseNode, CauseTree, Complaint
from complaints.models.states import Bone, CausePart, Leg, State
from complaints.outline import Row, spoken

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

DIAGNOSIS_STATES = (State.RESPONDING, State.DIAGNOSING)
MOST, DEEPEST = 300, 12  # answers in one part; levels below the problem
WORDS = ("text", "test", "evidence", "result")


def nodes_of(complaint: Complaint, part: str) -> QuerySet[CauseNode]:
    """Return the nodes of one part as they stand in this cycle."""
    nodes = complaint.cause_nodes.filter(cycle=complaint.cycle, removed_at=None)
    if part == CausePart.ISHIKAWA:
        return nodes.filter(tool=CauseNode.Tool.ISHIKAWA).exclude(bone="").order_by("position", "pk")
    return nodes.filter(leg=part).exclude(tool=CauseNode.Tool.ISHIKAWA).order_by("position", "pk")


def rows_of(nodes: Sequence[CauseNode]) -> list[Row]:
    """Return the nodes as rows from the problem downwards; one whose parent is gone stands at the top."""
    known = {node.pk for node in nodes}
    below: dict[int | None, list[CauseNode]] = {}
    for node in nodes:
        below.setdefault(node.parent_id if node.parent_id in known else None, []).append(node)
    rows: list[Row] = []
    waiting = [(node, 1) for node in reversed(below.get(None, []))]
    while waiting:
        node, level = waiting.pop()
        rows.append(_row(node, level))
        waiting += [(child, level + 1) for child in reversed(below.get(node.pk, []))]
    return rows


def _row(node: CauseNode, level: int) -> Row:
    row = Row(node.pk, level, node.text, node.test, node.evidence, node.result, node.bone)
    return Row(**{**row.__dict__, "base": row.digest})


def version_of(complaint: Complaint, part: str) -> int:
    """Return the edition of a part; 0 before anything was written."""
    return complaint.cause_trees.filter(cycle=complaint.cycle, part=part).values_list("version", flat=True).first() or 0


@transaction.atomic
def write_causes(
    complaint: Complaint, *, by: User, at: datetime, part: str, rows: Sequence[Row], expected: int | None = None
) -> CauseTree:
    """
    Write one part of the causes as it shall stand: what is new is added, what is `gone` or left out is removed.

    part: a CausePart. Raises Refused if the part is no longer at version `expected`, for a row that says nothing, for
    too many rows or levels, and for removing an answer that a root cause stands on.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="diagnosis.record", states=DIAGNOSIS_STATES)
    tree = _held(complaint, part, by=by, at=at)
    if expected is not None and tree.version != expected:
        raise lifecycle.Refused(reason("changed_meanwhile"))
    before = {node.pk: node for node in nodes_of(complaint, part).select_for_update()}
    wanted = spoken(rows)
    _require_fit(part, wanted, before)
    removed = before.keys() - {row.id for row in wanted}
    _require_free(complaint, removed)
    added, changed = _write(complaint, part, wanted, before, by=by, at=at)
    CauseNode.objects.filter(pk__in=removed).update(removed_at=at)
    if not (added or changed or removed):
        return tree
    _raise(tree, by=by, at=at)
    facts = {
        "cause_part": part, "version": tree.version,
        "added": len(added), "changed": len(changed), "removed": len(removed),
    }  # fmt: skip
    private = {"text": "\n".join(node.text for node in (*added, *changed))}
    audit.record("case", complaint.uuid, "diagnosis.causes_written", by=by, at=at, facts=facts, private=private)
    return tree


def part_of(node: CauseNode) -> str:
    """Return the part that a node belongs to."""
    return CausePart.ISHIKAWA if node.tool == CauseNode.Tool.ISHIKAWA else node.leg


def room_below(complaint: Complaint, leg: str, parent: CauseNode | None) -> int:
    """Return the place of one more answer in a leg. Raises Refused where that would be too many or too deep."""
    standing = list(nodes_of(complaint, leg))
    _require_room(standing, parent)
    return max((node.position for node in standing), default=-1) + 1


def touched(complaint: Complaint, part: str, *, by: User, at: datetime) -> None:
    """Count a change that another verb made to a part, so that who edits the whole of it learns of it."""
    _raise(_held(complaint, part, by=by, at=at), by=by, at=at)


def _held(complaint: Complaint, part: str, *, by: User, at: datetime) -> CauseTree:
    tree, _ = CauseTree.objects.select_for_update().get_or_create(
        complaint=complaint, cycle=complaint.cycle, part=part, defaults={"changed_by": by, "changed_at": at}
    )
    return tree


def _raise(tree: CauseTree, *, by: User, at: datetime) -> None:
    tree.version += 1
    tree.changed_by, tree.changed_at = by, at
    tree.save()


def _require_fit(part: str, rows: Sequence[Row], before: dict[int, CauseNode]) -> None:
    if len(rows) > MOST:
        raise lifecycle.Refused(reason("whys_too_many", n=len(rows), most=MOST))
    ids = [row.id for row in rows if row.id is not None]
    if len(set(ids)) != len(ids) or set(ids) - before.keys():
        raise lifecycle.Refused(reason("changed_meanwhile"))
    for n, row in enumerate(rows, 1):
        if not row.text.strip():
            raise lifecycle.Refused(reason("why_without_text", row=n))
        if row.level > DEEPEST:
            raise lifecycle.Refused(reason("whys_too_deep", row=n, most=DEEPEST))
        if part == CausePart.ISHIKAWA and row.bone not in Bone.values:
            raise lifecycle.Refused(reason("bone_missing", row=n))


def _require_free(complaint: Complaint, removed: set[int]) -> None:
    """Refuse to remove what a root cause stands on."""
    causes = complaint.root_causes.filter(cycle=complaint.cycle, withdrawn_at=None, node__in=removed).order_by("pk")
    if reasons := [reason("why_carries_cause", text=text) for text in causes.values_list("node__text", flat=True)]:
        raise lifecycle.Refused(*reasons)


def _write(
    complaint: Complaint, part: str, rows: Sequence[Row], before: dict[int, CauseNode], *, by: User, at: datetime
) -> tuple[list[CauseNode], list[CauseNode]]:
    """Save the rows in their order; return the nodes that were added and those that were changed."""
    added, changed = [], []
    above: dict[int, CauseNode] = {}
    fishbone = part == CausePart.ISHIKAWA
    for position, row in enumerate(rows):
        node = before.get(row.id or 0)
        said: dict[str, Any] = {name: getattr(row, name).strip() for name in WORDS}
        said |= {"parent": None if fishbone else above.get(row.level - 1), "position": position, "bone": row.bone}
        if node is None:
            tool = CauseNode.Tool.ISHIKAWA if fishbone else CauseNode.Tool.FIVE_WHY
            leg = Leg.OCCURRENCE if fishbone else part
            node = CauseNode.objects.create(
                complaint=complaint, cycle=complaint.cycle, leg=leg, tool=tool, by=by, at=at, **said
            )
            added.append(node)
        elif any(getattr(node, name) != value for name, value in said.items()):
            if any(getattr(node, name) != said[name] for name in WORDS):
                node.by, node.at = by, at
            for name, value in said.items():
                setattr(node, name, value)
            node.save()
            changed.append(node)
        above[row.level] = node
    return added, changed


@transaction.atomic
def promote_bone(
    complaint: Complaint, *, by: User, at: datetime, bone: CauseNode, leg: str, parent: CauseNode | None = None
) -> CauseNode:
    """Put a card of the fishbone into a leg's tree, with its test, evidence and result; the card stays, marked."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="diagnosis.record", states=DIAGNOSIS_STATES)
    tree = _held(complaint, leg, by=by, at=at)
    card = nodes_of(complaint, CausePart.ISHIKAWA).filter(pk=bone.pk).first()
    if card is None:
        raise lifecycle.Refused(reason("nothing_fits"))
    if card.promoted.filter(leg=leg, removed_at=None).exists():
        raise lifecycle.Refused(reason("bone_promoted", text=card.text))
    if parent is not None and not nodes_of(complaint, leg).filter(pk=parent.pk).exists():
        raise lifecycle.Refused(reason("changed_meanwhile"))
    place = room_below(complaint, leg, parent)
    node = CauseNode.objects.create(
        complaint=complaint, cycle=complaint.cycle, leg=leg, parent=parent, position=place, text=card.text,
        test=card.test, evidence=card.evidence, result=card.result, origin=card, by=by, at=at,
    )  # fmt: skip
    _raise(tree, by=by, at=at)
    facts = {"node": node.pk, "leg": leg, "bone": card.pk}
    audit.record("case", complaint.uuid, "diagnosis.bone_promoted", by=by, at=at, facts=facts)
    return node


def _require_room(standing: Sequence[CauseNode], parent: CauseNode | None) -> None:
    """Refuse one more answer below `parent` where that would be too many or too deep."""
    if len(standing) >= MOST:
        raise lifecycle.Refused(reason("whys_too_many", n=len(standing) + 1, most=MOST))
    level = next((row.level for row in rows_of(standing) if parent and row.id == parent.pk), 0)
    if level >= DEEPEST:
        raise lifecycle.Refused(reason("whys_too_deep", row=len(standing) + 1, most=DEEPEST))
