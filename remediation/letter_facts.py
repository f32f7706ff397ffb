"""What this room adds to letters: the offer, D5 to D8, the outcome. Keys as in `complaints.letter_facts`; no costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from complaints import assessing, letters
from complaints.entitling_words import what_in_words
from complaints.letter_facts.head import label, shortened
from complaints.models.states import Leg, LetterKind
from contracts import entitlement_words
from contracts.clauses.rulings import head_name
from contracts.money import Money
from remediation import basis, execution, proposals
from remediation.models import CapaAction, Proposal, ProposalLine
from remediation.models.kinds import LineStatus, RemedyKind, Strength, VisitKind, VisitStatus

if TYPE_CHECKING:
    from datetime import datetime

    from complaints.models import Complaint, EntitlementAssessment
    from contracts.entitlement import Assessment
    from contracts.models import Clause

# Of the working of a sum, what the customer reads: days, product, cap. Verdicts and what a lawyer weighs stay inside.
TOLD = {
    "delay.late", "delay.late.inclusive", "delay.given", "delay.fm.excused", "delay.fm.extended",
    "delay.grace.DEDUCTIBLE", "delay.grace.THRESHOLD", "delay.weeks", "delay.vat", "ld.rate", "units.confirmed_count",
    "units.product", "perf.short", "perf.steps", "fixed.product", "reduction.MARKET_DIFFERENCE",
    "reduction.PROPORTIONAL", "reduction.SCALE", "damages.loss", "damages.avoidable", "damages.shared", "cap.applied",
    "cap.reached", "cap.kept",
}  # fmt: skip
GRANTED = ("ENTITLED", "PARTIAL")  # other verdicts are for us to weigh
OTHERWISE = {"ruled", "damages.above_agreed", "damages.sole_remedy"}  # the sum is not what those steps come to


def proposal(complaint: Complaint) -> dict[str, Any]:
    """Return the version that is being sent, or else the active one; without our costs."""
    offered = complaint.proposals.filter(sent_at__isnull=False, letter=None).order_by("-number").first()
    version = offered or proposals.current(complaint)
    return {"proposal": _proposal(version) if version else None}


def eight_d(complaint: Complaint) -> dict[str, Any]:
    """Return D5 to D8: options and their verification, what was done, what was changed for good, what was learnt."""
    actions = CapaAction.objects.filter(capa__complaint=complaint, capa__cycle=complaint.cycle)
    every = list(actions.select_related("root_cause", "owner").order_by("pk"))
    chosen = [action for action in every if action.chosen]
    return {
        "later_steps": _later_steps(complaint),
        "d5": {"options": [_option(action) for action in every]},
        "d6": {"actions": [*_remedies_done(complaint), *map(_action, chosen)], "effect": _effect(complaint)},
        "d7": {"documents": _documents(chosen), "similar": _similar(complaint)},
        "d8": {"lessons": _lessons(complaint), "visits": _visits(complaint), "confirmed": _confirmed(complaint)},
    }


def closing(complaint: Complaint) -> dict[str, Any]:
    """Return the outcome: what was done, what was changed, the visits to come."""
    done = execution.agreed_lines(complaint).filter(status=LineStatus.DONE).order_by("position")
    changed = CapaAction.objects.filter(capa__complaint=complaint, capa__cycle=complaint.cycle, chosen=True)
    changed = changed.filter(done_at__isnull=False).order_by("pk")
    return {
        "remedy": [
            {"kind_label": label(RemedyKind, line.kind), "description": line.description, "done_on": line.done_at}
            for line in done
        ],
        "changed": [action.description for action in changed],
        "guarantee": "; ".join(line.description for line in done if line.kind == RemedyKind.EXTENDED_GUARANTEE),
        "visits": _visits(complaint),
        "confirmed": _confirmed(complaint),
    }


# The offer ------------------------------------------------------------------------------------------------------------


def _proposal(version: Proposal) -> dict[str, Any]:
    totals = list(proposals.totals(version).values())
    lines = version.standing_lines()
    latest = next((line.entitlement for line in lines if line.entitlement and line.head), None)
    latest = latest or version.complaint.entitlements.filter(cycle=version.cycle).order_by("-number").first()
    return {
        "version": version.number,
        "interim": version.interim,
        "valid_until": version.valid_until,
        "conditions": version.conditions,
        "reservation": version.reservation,
        "without_admission": version.without_admission,
        "entitlement": _entitlement(latest) if latest else None,
        "total": _money(totals[0]) if len(totals) == 1 else None,
        "lines": [_line(line) for line in lines],
        "workings": [found for line in lines if (found := _working(line))],
    }


def _entitlement(assessment: EntitlementAssessment) -> dict[str, Any]:
    """Return the clauses that an assessment rests on; its verdict only where it grants what is offered."""
    granted = assessment.status in GRANTED
    return {
        "status_label": str(assessment.get_status_display()) if granted else "",
        "clauses": [_clause(clause) for clause in assessment.clauses.order_by("number")],
    }


def _line(line: ProposalLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "kind": line.kind,
        "kind_label": label(RemedyKind, line.kind),
        "description": shortened(line.description),
        "quantity": line.quantity,
        "unit": line.unit,
        "amount": _money(line.amount) if line.amount else None,
        "goodwill": line.goodwill,
        "clause": _clause(line.clause) if line.clause else None,
        "due_on": line.due_on,
    }


def _working(line: ProposalLine) -> dict[str, Any] | None:
    """
    Return how a sum of the contract comes about, sentence by sentence in the letter's language.

    Nothing of a line that pays another sum than the contract's: its working would tell that one.
    """
    head, granted = basis.head_of(line), basis.granted(line)
    if line.entitlement is None or head is None or line.amount is None or line.amount != granted:
        return None
    found = assessing.derived(line.entitlement)
    if found is None or _payable(found, line.head) != head["amount"]:
        return None  # rules of today come to another sum than those by which it was kept
    sentences = _sentences(found, line.head)
    if not sentences:
        return None
    return {
        "position": line.position,
        "head": what_in_words(line.head),
        "clause": _clause(line.clause) if line.clause else None,
        "as_of": found.as_of,
        "sentences": sentences,
        "formula": head["formula"],
        "granted": {"amount": head["amount"], "currency": head["currency"]},
        "assessment": line.entitlement.number,
    }


def _sentences(found: Assessment, key: str) -> list[str]:
    """Return the steps of a head that the customer reads; none where people, or other heads, decided its sum."""
    steps = next((head.sum.steps for head in found.heads if head_name(head.sum) == key), ())
    if any(step.code in OTHERWISE for step in steps):
        return []
    return [entitlement_words.say(step) for step in steps if step.code in TOLD]


def _payable(found: Assessment, key: str) -> str:
    """Return the sum that a head comes to; empty where it comes to none."""
    head = next((head for head in found.heads if head_name(head.sum) == key), None)
    return str(head.amount.amount) if head is not None and head.amount is not None else ""


def _clause(clause: Clause) -> dict[str, str]:
    return {"number": clause.number, "heading": clause.shown_heading}


def _money(money: Money) -> dict[str, str]:
    return {"amount": str(money.rounded().amount), "currency": money.currency}


# D5 to D8 -------------------------------------------------------------------------------------------------------------


def _later_steps(complaint: Complaint) -> dict[str, dict[str, Any]]:
    sent = complaint.proposals.filter(cycle=complaint.cycle, interim=False).exclude(sent_at=None).order_by("-sent_at")
    first = sent.first()
    lesson = complaint.lessons.filter(cycle=complaint.cycle, approved_at__isnull=False).order_by("-approved_at").first()
    done = {
        "D5": first.sent_at if first else None,
        "D6": complaint.resolved_at,
        "D7": _prevented_at(complaint),
        "D8": complaint.ended_at or (lesson.approved_at if lesson else None),
    }
    return {step: {"due_at": None, "done_at": at} for step, at in done.items()}


def _prevented_at(complaint: Complaint) -> datetime | None:
    """Return when the last chosen action against the causes was done, None while one is open or none is planned."""
    chosen = CapaAction.objects.filter(capa__complaint=complaint, capa__cycle=complaint.cycle, chosen=True)
    days = list(chosen.values_list("done_at", flat=True))
    return max((day for day in days if day), default=None) if all(days) else None


def _option(action: CapaAction) -> dict[str, Any]:
    return {
        "text": action.description,
        "acts_on": [label(Leg, action.root_cause.leg)] if action.root_cause else [],
        "strength_label": str(Strength(action.strength).label),
        "verified": action.verification,
        "chosen": action.chosen,
        "because": action.chosen_because,
    }


def _action(action: CapaAction) -> dict[str, Any]:
    return {
        "text": action.description,
        "who": action.owner.name,
        "due_on": action.due_on,
        "done_on": action.done_at,
        "evidence": action.evidence,
    }


def _remedies_done(complaint: Complaint) -> list[dict[str, Any]]:
    lines = execution.agreed_lines(complaint).exclude(status=LineStatus.CANCELLED).select_related("owner")
    return [
        {
            "text": f"{label(RemedyKind, line.kind)}: {line.description}",
            "who": line.owner.name if line.owner else "",
            "due_on": line.due_on,
            "done_on": line.done_at,
            "evidence": line.reinspection_result or line.evidence_text,
        }
        for line in lines.order_by("proposal__number", "position")
    ]


def _effect(complaint: Complaint) -> dict[str, Any] | None:
    measured = complaint.capas.filter(cycle=complaint.cycle).exclude(criterion_set_at=None).order_by("pk").first()
    if measured is None:
        return None
    return {
        "metric": measured.metric,
        "baseline": measured.baseline,
        "target": measured.target,
        "result": measured.result,
        "checked_at": measured.checked_at,
    }


def _documents(actions: list[CapaAction]) -> list[dict[str, str]]:
    return [
        {
            "document": row.get("document", ""),
            "old": row.get("old", ""),
            "new": row.get("new", ""),
            "what": row.get("not_applicable", "") or action.description,
        }
        for action in actions
        for row in action.documents
    ]


def _similar(complaint: Complaint) -> list[dict[str, Any]]:
    rows = [
        row
        for capa in complaint.capas.filter(cycle=complaint.cycle).order_by("pk")
        for row in capa.deployments.exclude(applies=None).order_by("pk")
    ]
    return [{"text": row.text, "applies": row.applies, "because": row.because, "done_on": row.done_on} for row in rows]


def _lessons(complaint: Complaint) -> list[str]:
    open_ones = complaint.lessons.filter(cycle=complaint.cycle, confidential=False)
    return list(open_ones.order_by("pk").values_list("rule", flat=True))


def _visits(complaint: Complaint) -> list[dict[str, Any]]:
    made = Q(status__in=(VisitStatus.DONE, VisitStatus.DONE_LATE))
    planned = complaint.visits.filter(made | Q(status=VisitStatus.PLANNED), cycle=complaint.cycle)
    return [
        {
            "planned_on": visit.due_on,
            "after_days": visit.after_days,
            "done_on": visit.done_at,
            "kind_label": label(VisitKind, visit.kind),
            "said": visit.other_problems,
        }
        for visit in planned.order_by("number")
    ]


def _confirmed(complaint: Complaint) -> dict[str, Any] | None:
    row = complaint.confirmations.filter(cycle=complaint.cycle).first()
    return {"person": row.person, "at": row.at, "how": row.how} if row else None


def install() -> None:
    """Add these facts to the letters; called once, when the app is ready."""
    letters.adds(LetterKind.PROPOSAL, proposal)
    letters.adds(LetterKind.EIGHT_D, eight_d)
    letters.adds(LetterKind.CLOSING, closing)
