"""The facts of the letters that are letters: acknowledgement, initial analysis, proposal, rejection, closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from complaints.letter_facts.head import label, shortened
from complaints.models.response import InitialAnalysis
from complaints.models.states import ClockState, Leg, Metric, RejectionReason

if TYPE_CHECKING:
    from complaints.models import Complaint

ANALYSIS = (
    "description", "extent", "suspected_cause", "test_plan", "containment", "remedy_direction", "next_dates",
    "questions",
)  # fmt: skip


def acknowledgement(complaint: Complaint) -> dict[str, Any]:
    """Return what happens by when and where the customer can look (DOMAIN §3.3)."""
    return {
        "first_answer_at": due_at(complaint, Metric.INITIAL),
        "graded_by_at": None if complaint.grade else due_at(complaint, Metric.TRIAGE),
        "tracker": _tracker(complaint),
    }


def due_at(complaint: Complaint, metric: str) -> Any:
    """Return the due moment of a clock of this cycle; None where it waits or does not run."""
    clocks = complaint.clocks.filter(cycle=complaint.cycle, metric=metric, subject="")
    return clocks.exclude(state=ClockState.CANCELLED).values_list("due_at", flat=True).first()


def _tracker(complaint: Complaint) -> str:
    link = getattr(complaint, "tracker_link", None)
    return settings.PUBLIC_URL + reverse("tracker", args=[link.token]) if link and not link.revoked_at else ""


def initial(complaint: Complaint) -> dict[str, Any]:
    """Return the latest initial analysis and plan, part by part (DOMAIN §3.2)."""
    analysis = complaint.initial_analyses.filter(cycle=complaint.cycle).order_by("-number").first()
    if analysis is None:
        return {"analysis": None}
    parts: dict[str, Any] = {name: shortened(getattr(analysis, name)) for name in ANALYSIS}
    parts["confidence"] = analysis.confidence
    parts["confidence_label"] = label(InitialAnalysis.Confidence, analysis.confidence)
    parts["approver"] = analysis.approved_by.name if analysis.approved_by else ""
    parts["approved_at"] = analysis.approved_at
    person = analysis.contact_person
    return {
        "analysis": parts,
        **({"contact_person": {"name": person.name, "email": person.email}} if person else {}),
    }


def proposal(complaint: Complaint) -> dict[str, Any]:
    """Return nothing: the room of the remedy adds the proposal."""
    return {}


def rejection(complaint: Complaint) -> dict[str, Any]:
    """Return why the complaint is not justified, on which clause, and until when the customer may object."""
    decided = complaint.rejections.filter(cycle=complaint.cycle).first()
    if decided is None:
        return {"rejection": None}
    clause = decided.clause
    return {
        "rejection": {
            "reason": decided.reason,
            "reason_label": label(RejectionReason, decided.reason),
            "evidence": shortened(decided.evidence),
            "text": shortened(decided.letter_text),
            "clause": {"number": clause.number, "text": shortened(clause.text)} if clause else None,
            "object_until": decided.object_until,
            "approver": decided.approved_by.name if decided.approved_by else "",
        }
    }


def closing(complaint: Complaint) -> dict[str, Any]:
    """Return the verified causes in plain words and the moments of the end; the remedy's room adds the rest."""
    causes = complaint.root_causes.filter(
        cycle=complaint.cycle, withdrawn_at=None, verified_at__isnull=False, leg__in=[Leg.OCCURRENCE, Leg.SYSTEM]
    )
    return {
        "resolved_at": complaint.resolved_at,
        "causes": [shortened(text) for text in causes.order_by("pk").values_list("text", flat=True)],
    }
