"""The causes on the diagnosis page: a tree for each leg, the fishbone, the root causes, and what the linter says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from complaints import cause_trees, findings, letter_charts, outline, reasoning, reasoning_words
from complaints.models import CauseNode
from complaints.models.states import Bone, CauseCode, CausePart, Leg
from complaints.reasoning import Finding

if TYPE_CHECKING:
    from complaints.views.diagnosis import Desk

MARKS = {"CONFIRMED": ("ok", "ok"), "EXCLUDED": ("", "ban"), "OPEN": ("", "dashed")}
READ_BACK = 3  # chains of one leg


def causes(desk: Desk) -> dict[str, Any]:
    """Return the legs, the fishbone, and the findings by leg."""
    nodes = desk.rows("cause_nodes", order="position")
    standing = [node for node in nodes if node.removed_at is None]
    named = [row for row in desk.rows("root_causes", "verified_by") if not row.withdrawn_at]
    stated = next(iter(desk.rows("defect_statements", "written_by", "extent_final_by")), None)
    found = findings.of(desk.complaint, standing, named, stated.sentence if stated else "")
    problem = stated.sentence if stated else desk.complaint.title
    return {
        "legs": [_leg(desk, leg, standing, named, found, problem) for leg in Leg],
        "fishbone": _fishbone(desk, standing, problem),
        "findings": len(found),
        "loose": [_said(one) for one in found if not one.leg],
    }


def _leg(
    desk: Desk, leg: Leg, standing: list[CauseNode], named: list[Any], found: list[Finding], problem: str
) -> dict[str, Any]:
    nodes = [node for node in standing if node.leg == leg and node.tool != CauseNode.Tool.ISHIKAWA]
    rows = [_cause(desk, row) for row in named if row.leg == leg]
    exemption = next((row for row in desk.rows("cause_exemptions", "by") if row.leg == leg), None)
    mine = [one for one in found if one.leg == leg]
    tree = _tree(desk, nodes, {row.node_id for row in named}, {one.answer for one in mine})
    settled = any(cause["row"].verified_at for cause in rows) or exemption is not None
    levels = max((row["row"].level for row in tree), default=0)
    write = desk.do("write_causes", f"?part={leg}", _("Edit the tree") if nodes else _("Begin the tree"))
    return {
        "leg": leg.value, "label": leg.label, "tree": tree, "problem": problem, "readback": _readback(nodes, problem),
        "open": sum(node.result == "OPEN" for node in nodes), "levels": levels,
        "causes": rows, "exemption": exemption, "settled": settled, "findings": [_said(one) for one in mine],
        "write": write, "key": {"OCCURRENCE": "w"}.get(leg.value, ""),
        "do": [each for each in (
            desk.do("record_cause", f"?leg={leg}"),
            {} if settled else desk.do("exempt", f"?leg={leg}"),
        ) if each.get("url")],
        "who": write.get("who", ""),
    }  # fmt: skip


def _said(finding: Finding) -> dict[str, Any]:
    return {"text": reasoning_words.say(finding), "code": finding.code}


def _tree(desk: Desk, nodes: list[CauseNode], carrying: set[int | None], weak: set[Any]) -> list[dict[str, Any]]:
    """Return the rows from the problem downwards; `begins`: a level begins with it, `shut`: how many end after it."""
    rows, known = cause_trees.rows_of(nodes), {node.pk: node for node in nodes}
    levels = [*(row.level for row in rows), 1]
    names = outline.numbers(rows)
    return [
        {
            **_branch(desk, known[row.id or 0], goes_on=levels[n + 1] > row.level, carrying=carrying),
            "row": row, "no": names[n], "weak": row.id in weak,
            "begins": n == 0 or row.level > levels[n - 1], "goes_on": levels[n + 1] > row.level,
            "shut": range(row.level - levels[n + 1]), "last": n == len(rows) - 1,
        }
        for n, row in enumerate(rows)
    ]  # fmt: skip


def _branch(desk: Desk, node: CauseNode, *, goes_on: bool, carrying: set[int | None]) -> dict[str, Any]:
    tone, icon = MARKS[node.result]
    judge = desk.do("judge_why", f"?node={node.pk}")
    ends = not goes_on and node.result != "EXCLUDED"
    why = desk.do("ask_why", f"?leg={node.leg}&parent={node.pk}") if ends else {}
    names = ends and node.result == "CONFIRMED" and node.pk not in carrying
    root = desk.do("record_cause", f"?leg={node.leg}&node={node.pk}", _("Name it as root cause")) if names else {}
    return {
        "node": node, "tone": tone, "icon": icon, "label": node.get_result_display(),
        "root": ends and node.result == "CONFIRMED", "why": why, "judge": judge, "name": root,
        "acts": why.get("url") or (node.result == "OPEN" and judge.get("url")),
    }  # fmt: skip


def _readback(nodes: list[CauseNode], problem: str) -> list[list[str]]:
    """Return the longest chains that hold, each from its last answer back to the problem."""
    chains = reasoning.chains(findings.answers(nodes))[:READ_BACK]
    return [[*(answer.text.rstrip(" .。") for answer in chain), problem.rstrip(" .。")] for chain in chains]


def _cause(desk: Desk, cause: Any) -> dict[str, Any]:
    return {
        "row": cause, "code": CauseCode(cause.code).label, "when": desk.when(cause.verified_at),
        "do": {} if cause.verified_at else desk.do("verify_cause", f"?cause={cause.pk}"),
        "withdraw": desk.do("withdraw_cause", f"?cause={cause.pk}").get("url", ""),
    }  # fmt: skip


# The fishbone ---------------------------------------------------------------------------------------------------------


def _fishbone(desk: Desk, standing: list[CauseNode], problem: str) -> dict[str, Any]:
    cards = [node for node in standing if node.tool == CauseNode.Tool.ISHIKAWA and node.bone]
    promoted = {node.origin_id for node in standing}
    bones: list[dict[str, Any]] = [
        {
            "text": str(bone.label),
            "rows": [_card(desk, node, node.pk in promoted) for node in cards if node.bone == bone],
        }
        for bone in Bone
    ]
    drawn = [{"text": bone["text"], "twigs": [_twig(card) for card in bone["rows"]]} for bone in bones]
    svg = letter_charts.fishbone(
        drawn, problem, confirmed=_("confirmed"), excluded=_("ruled out"), inks=letter_charts.OnScreen()
    )
    write = desk.do(
        "write_causes", f"?part={CausePart.ISHIKAWA}", _("Edit the cards") if cards else _("Begin the cards")
    )
    return {
        "id": "fishbone", "title": _("Ishikawa"), "done": bool(cards), "cards": bones, "svg": svg if cards else "",
        "do": [write] if write else [],
    }  # fmt: skip


def _twig(card: dict[str, Any]) -> dict[str, Any]:
    return {"text": card["node"].text, "result": card["node"].result, "promoted": card["promoted"]}


def _card(desk: Desk, node: CauseNode, promoted: bool) -> dict[str, Any]:
    tone, icon = MARKS[node.result]
    may = not promoted and node.result != "EXCLUDED"
    return {
        "node": node, "promoted": promoted, "tone": tone, "icon": icon, "label": node.get_result_display(),
        "do": desk.do("promote_bone", f"?bone={node.pk}&leg={Leg.OCCURRENCE}", _("Into the tree")) if may else {},
    }  # fmt: skip
