"""The facts of the 8D report, D0 to D4 and D8's frame (DOMAIN §2.3, §14); D5 to D8 come from the remedy's room."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from complaints import findings, reasoning
from complaints.letter_facts.head import label, shortened
from complaints.letter_facts.notices import initial
from complaints.measuring import mean_words
from complaints.models.diagnosis import CauseNode
from complaints.models.response import TeamMember
from complaints.models.states import GRID_ROWS, Bone, CauseCode, Conformity, Leg, LetterKind, Location, Metric

if TYPE_CHECKING:
    from complaints.models import Complaint, Measurement, RootCause

PHOTOS = 6
DRAWN = 8  # answers of a leg that fit the drawing of the whys; more are listed
PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff")


def body(complaint: Complaint) -> dict[str, Any]:
    """Return the sections that the case itself holds; an empty one is a step not taken yet."""
    return {
        "steps": _steps(complaint),
        "d0": _symptom(complaint),
        "d1": {"team": _team(complaint)},
        "d2": _problem(complaint),
        "d3": {"actions": _containment(complaint)},
        "d4": _causes(complaint),
        "suspected": _suspected(complaint),
        "resolved_at": complaint.resolved_at,
        "versions": _versions(complaint),
    }


def _steps(complaint: Complaint) -> dict[str, dict[str, Any]]:
    """Return when each step was done; by when it was due is a target of ours and no part of a letter."""
    clocks = {clock.metric: clock for clock in complaint.clocks.filter(cycle=complaint.cycle, subject="")}
    first, answer = clocks.get(Metric.ACK), clocks.get(Metric.INITIAL)
    team = complaint.team.filter(cycle=complaint.cycle).order_by("named_at").first()
    held = (
        complaint.containment.filter(cycle=complaint.cycle).exclude(effective_at=None).order_by("effective_at").first()
    )
    done = {
        "D0": first.stopped_at if first else None,
        "D1": team.named_at if team else None,
        "D2": answer.stopped_at if answer else None,
        "D3": held.effective_at if held else None,
        "D4": complaint.diagnosed_at,
        "D8": complaint.ended_at,
    }
    return {step: {"due_at": None, "done_at": at} for step, at in done.items()}


def _symptom(complaint: Complaint) -> dict[str, Any]:
    plan = complaint.activations.filter(cycle=complaint.cycle).select_related("plan").order_by("activated_at").first()
    return {
        "symptom": shortened(complaint.description),
        "emergency": {"plan": plan.plan.code, "at": plan.activated_at} if plan else None,
        "needed": complaint.grade in {"G1", "G2", "G3"} or complaint.claim_8d,
        "asked": complaint.claim_8d,
    }


def _team(complaint: Complaint) -> list[dict[str, str]]:
    seats = {"CHAMPION": 0, "LEADER": 1, "MEMBER": 2}
    rows = complaint.team.filter(cycle=complaint.cycle, left_at=None).select_related("user")
    return [
        {
            "name": row.user.name,
            "seat": row.seat,
            "seat_label": label(TeamMember.Seat, row.seat),
            "competence": row.competence,
        }
        for row in sorted(rows, key=lambda row: (seats[row.seat], row.pk))
    ]


def _problem(complaint: Complaint) -> dict[str, Any]:
    statement = complaint.defect_statements.filter(cycle=complaint.cycle).first()
    extent = _extent(complaint)
    return {
        "sentence": shortened(statement.sentence) if statement else "",
        "conditions": statement.conditions if statement else "",
        "reproduced": statement.reproduced if statement else "",
        "grid": _grid(statement.grid) if statement else [],
        "extent": extent,
        "extent_total": {name: sum(row[name] for row in extent) for name in ("total", "confirmed", "good", "unknown")},
        "extent_final_at": statement.extent_final_at if statement else None,
        "photos": _photos(complaint),
        "measured": _measured(complaint),
        "samples": _samples(complaint),
    }


def _grid(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [
        {"row_label": str(GRID_ROWS.get(row.get("row", ""), row.get("row", ""))),
         **{cell: row.get(cell, "") for cell in ("is", "is_not", "distinction", "change")}}
        for row in rows
    ]  # fmt: skip


def _extent(complaint: Complaint) -> list[dict[str, Any]]:
    rows = complaint.affected_items.select_related("lot").order_by("pk")
    return [
        {
            "location_label": label(Location, row.location),
            "lot": row.lot.number if row.lot else "",
            "total": row.total,
            "confirmed": row.confirmed,
            "good": row.good,
            "unknown": row.unknown,
            "action": row.action,
            "due_on": row.due_on,
        }
        for row in rows
    ]


def _measured(complaint: Complaint) -> list[dict[str, Any]]:
    """Return the series that stand, each with its limits, their source, its values and what they show."""
    rows = complaint.measurements.filter(cycle=complaint.cycle, withdrawn_at=None)
    return [_series(row) for row in rows.select_related("instrument").prefetch_related("readings").order_by("number")]


def _series(row: Measurement) -> dict[str, Any]:
    readings = sorted(row.readings.all(), key=lambda one: one.position)
    values = [one.value for one in readings]
    exact = {name: getattr(row, name) for name in ("lower", "upper", "nominal", "uncertainty")}
    return {
        "number": row.number, "name": row.name, "unit": row.unit, "source": row.limits_from,
        **{name: None if value is None else f"{value:f}" for name, value in exact.items()},
        "instrument": row.instrument.code if row.instrument else "", "calibrated": row.calibrated,
        "calibrated_until": row.calibrated_until, "measured_on": row.measured_on,
        "min": f"{min(values):f}", "max": f"{max(values):f}", "mean": mean_words(values),
        "values": [[f"{one.value:f}", one.verdict] for one in readings],
        "verdict": row.verdict, "verdict_label": label(Conformity, row.verdict) if row.verdict else "",
    }  # fmt: skip


def _samples(complaint: Complaint) -> list[dict[str, Any]]:
    rows = complaint.sample_inspections.filter(cycle=complaint.cycle).order_by("pk")
    names = ("what", "lot_size", "level", "n", "ac", "re", "found", "accepted", "inspected_on", "edition")
    return [{**{name: getattr(row, name) for name in names}, "aql": f"{row.aql:f}"} for row in rows]


def _photos(complaint: Complaint) -> list[dict[str, str]]:
    pictures = complaint.evidence.filter(shown_to_customer=True, blob__kind__in=PICTURES).order_by("at", "pk")
    seen = {row.blob_id: row for row in reversed(pictures)}
    first = sorted(seen.values(), key=lambda row: (row.at, row.pk))[:PHOTOS]
    return [{"sha256": row.blob_id, "caption": row.caption or row.name} for row in first]


def _containment(complaint: Complaint) -> list[dict[str, Any]]:
    rows = complaint.containment.filter(cycle=complaint.cycle).select_related("lot").order_by("pk")
    return [
        {
            "location_label": label(Location, row.location),
            "needed": row.needed,
            "text": row.action if row.needed else row.because,
            "lot": row.lot.number if row.lot else "",
            "effect_percent": row.effect_percent,
            "effect": row.effect_evidence,
            "effective_at": row.effective_at,
            "removed_at": row.removed_at,
        }
        for row in rows
    ]


def _causes(complaint: Complaint) -> dict[str, Any]:
    nodes = list(complaint.cause_nodes.filter(cycle=complaint.cycle, removed_at=None).order_by("position", "pk"))
    causes = list(complaint.root_causes.filter(cycle=complaint.cycle, withdrawn_at=None).order_by("pk"))
    exempt = dict(complaint.cause_exemptions.filter(cycle=complaint.cycle).values_list("leg", "because"))
    whys = [node for node in nodes if node.tool != CauseNode.Tool.ISHIKAWA]
    legs = [
        {
            "leg": leg.value,
            "label": str(leg.label),
            "nodes": _chain([node for node in whys if node.leg == leg], {cause.node_id for cause in causes}),
            "readback": _readback([node for node in whys if node.leg == leg]),
            "causes": [_cause(cause) for cause in causes if cause.leg == leg],
            "exempt": exempt.get(leg.value, ""),
        }
        for leg in Leg
    ]
    long = max(len(leg["nodes"]) for leg in legs) > DRAWN
    return {
        "legs": legs,
        "bones": _bones(nodes),
        "long": long,
    }  # the shares of liability are no part of a report on the cause


def _chain(nodes: list[CauseNode], proven: set[int | None]) -> list[dict[str, Any]]:
    """Return the answers of one leg from the problem downwards, side branches first; proven leaves stand as causes."""
    children: dict[int | None, list[CauseNode]] = defaultdict(list)
    known = {node.pk for node in nodes}
    for node in nodes:
        children[node.parent_id if node.parent_id in known else None].append(node)
    rows: list[dict[str, Any]] = []

    def walk(parent: int | None, level: int) -> None:
        for node in sorted(children[parent], key=lambda node: node.result != CauseNode.Result.EXCLUDED):
            if node.pk not in proven or children[node.pk]:
                rows.append(_answer(node, level))
            walk(node.pk, level + 1)

    walk(None, 1)
    return rows


def _answer(node: CauseNode, level: int) -> dict[str, Any]:
    return {
        "level": level,
        "text": node.text,
        "result": node.result,
        "result_label": label(CauseNode.Result, node.result),
        "proof": node.evidence or node.test,
    }


def _cause(cause: RootCause) -> dict[str, Any]:
    return {
        "code": cause.code,
        "code_label": label(CauseCode, cause.code),
        "text": cause.text,
        "verified_at": cause.verified_at,
        "method": cause.method,
        "prediction": cause.prediction,
        "result": cause.result,
    }


def _readback(nodes: list[CauseNode]) -> list[str]:
    """Return the longest chain that holds, from its last answer upwards."""
    chains = reasoning.chains(findings.answers(nodes))
    return [answer.text.rstrip(" .。") for answer in chains[0]] if chains and len(chains[0]) > 1 else []


def _bones(nodes: list[CauseNode]) -> list[dict[str, Any]]:
    """Return the six bones with what was looked at; nothing if the fishbone is empty."""
    cards = [node for node in nodes if node.tool == CauseNode.Tool.ISHIKAWA and node.bone]
    promoted = {node.origin_id for node in nodes}
    bones = [
        {
            "text": str(bone.label),
            "twigs": [
                {"text": node.text, "result": node.result, "promoted": node.pk in promoted}
                for node in cards
                if node.bone == bone
            ],
        }
        for bone in Bone
    ]
    return bones if cards else _headed(nodes)


def _headed(nodes: list[CauseNode]) -> list[dict[str, Any]]:
    """Return a fishbone without the six headings: a card without a parent is a bone, those below what was looked at."""
    drawn = [node for node in nodes if node.tool == CauseNode.Tool.ISHIKAWA]
    return [
        {
            "text": bone.text,
            "twigs": [{"text": node.text, "result": node.result} for node in drawn if node.parent_id == bone.pk],
        }
        for bone in drawn
        if bone.parent_id is None
    ]


def _suspected(complaint: Complaint) -> dict[str, str] | None:
    """Return the cause suspected so far, until one is proven."""
    analysis = initial(complaint)["analysis"]
    if not analysis or not analysis["suspected_cause"]:
        return None
    return {"text": analysis["suspected_cause"], "confidence_label": analysis["confidence_label"]}


def _versions(complaint: Complaint) -> list[dict[str, Any]]:
    """Return the reports sent before this one."""
    sent = complaint.letters.filter(kind=LetterKind.EIGHT_D, sent_at__isnull=False).order_by("frozen_at", "pk")
    return [{"number": row.number, "sent_at": row.sent_at, "language": row.language} for row in sent]
