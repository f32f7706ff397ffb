"""What happened, in the reader's words: one sentence for each kind of event. Higher rooms add theirs with `teach`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.states import (
    CauseCode,
    CausePart,
    Conformity,
    Leg,
    LetterKind,
    Location,
    Metric,
    RejectionReason,
    ReportingDuty,
    State,
)
from complaints.words import Words

SENTENCES: dict[str, Words] = {
    "case.drafted": _("Draft begun"),
    "case.registered": _("Complaint received"),
    "case.triaged": _("Graded {grade}"),
    "case.mobilised": _("Team named, the response begins"),
    "case.diagnosis_begun": _("Diagnosis begun"),
    "case.proposed_directly": _("Went straight to the remedy"),
    "case.diagnosis_agreed": _("Diagnosis agreed"),
    "case.proposal_sent": _("Proposal sent"),
    "case.countered": _("The customer did not accept the proposal"),
    "case.accepted": _("The customer accepted the proposal"),
    "case.done_reported": _("Remedy reported as done"),
    "case.not_solved": _("Not solved: back to work"),
    "case.confirmed": _("Result confirmed"),
    "case.closed": _("Case closed"),
    "case.reopened": _("Case reopened"),
    "case.rejected": _("Rejected as not justified"),
    "case.objected": _("Objection taken up"),
    "case.withdrawn": _("Complaint withdrawn"),
    "case.merged": _("Merged into another case"),
    "case.disputed": _("Handed over to Legal"),
    "case.settled": _("Dispute settled"),
    "case.took_over": _("Took over a duplicate"),
    "case.facts_changed": _("Facts changed"),
    "case.assigned": _("Owner changed"),
    "case.regraded": _("Graded anew: {grade_before} to {grade}"),
    "case.rejection_prepared": _("Rejection prepared: {rejection}"),
    "case.signed_off": _("Legal agreed"),
    "note.written": _("Note written"),
    "reply.sent": _("Reply sent to the customer"),
    "customer.wrote": _("The customer wrote"),
    "evidence.added": _("File added: {name}"),
    "evidence.shown": _("File shown to the customer"),
    "evidence.hidden": _("File hidden from the customer"),
    "letter.made": _("{letter_kind} {letter} made"),
    "letter.sent": _("{letter_kind} {letter} sent"),
    "letter.sending_failed": _("{letter} could not be delivered"),
    "letter.sent_after_all": _("{letter} was delivered after all"),
    "task.given": _("Task given: {text}"),
    "task.finished": _("Task finished"),
    "action.assigned": _("Responsibilities set: {text}"),
    "response.meeting_held": _("Response meeting held"),
    "response.containment_decided": _("Containment decided: {location}"),
    "response.containment_effective": _("Containment works: {location}, {percent} %"),
    "response.initial_questioned": _("The customer says that the initial analysis is not an answer"),
    "response.goods_traced": _("Goods of lot {lot} in delivery {delivery} traced"),
    "response.extent_recorded": _("Affected goods recorded: {location}, {total}"),
    "response.initial_written": _("Initial analysis, version {number}, written"),
    "response.initial_approved": _("Initial analysis, version {number}, approved"),
    "response.initial_sent": _("Initial analysis, version {number}, sent"),
    "diagnosis.defect_stated": _("Defect stated"),
    "diagnosis.contrasts_adopted": _(
        "Compared {units} units, {complaining} of which complain; what stands out is in the grid"
    ),
    "diagnosis.extent_final": _("Extent declared final"),
    "diagnosis.why_asked": _("{leg}: a why added"),
    "diagnosis.why_judged": _("An answer to a why judged"),
    "diagnosis.causes_written": _("{cause_part}: {added} added, {changed} changed, {removed} removed"),
    "diagnosis.bone_promoted": _("{leg}: a card of the fishbone put into the tree"),
    "diagnosis.measured": _("Measurement m{measurement}: {readings} readings, {conformity}"),
    "diagnosis.measurement_withdrawn": _("Measurement m{measurement} withdrawn"),
    "diagnosis.sample_inspected": _("Lot judged by a sample: {found} bad of {n}, {ac} allowed"),
    "diagnosis.cause_recorded": _("{leg}: root cause named"),
    "diagnosis.cause_verified": _("Root cause proven"),
    "diagnosis.cause_withdrawn": _("Root cause withdrawn"),
    "diagnosis.exempted": _("{leg}: exempted"),
    "diagnosis.attributed": _("Shares of the cause proposed, version {number}"),
    "diagnosis.attribution_approved": _("Shares of the cause approved, version {number}"),
    "diagnosis.entitlement_assessed": _("Entitlement assessed"),
    "entitlement.facts_stated": _("Facts for the contract stated"),
    "entitlement.looked_at": _("Legal looked at assessment {number}"),
    "entitlement.disputed": _("Verdict of the contract disputed, no. {number}"),
    "entitlement.dispute_decided": _("Disputed verdict decided, no. {number}"),
    "diagnosis.finance_assessed": _("Impact on the project assessed"),
    "reporting.found": _("Found reportable: {duty}"),
    "reporting.filed": _("Report filed: {duty}"),
    "reporting.lender_told": _("Lender told"),
    "clock.started": _("{metric}: clock started"),
    "clock.stopped": _("{metric}: clock stopped"),
    "clock.paused": _("{metric}: clock paused"),
    "clock.resumed": _("{metric}: clock runs on"),
    "clock.retargeted": _("{metric}: new deadline"),
    "clock.cancelled": _("{metric}: clock cancelled"),
    "clock.reopened": _("{metric}: clock runs again, the letter was not delivered"),
    "clock.wait_long": _("{metric}: has waited long"),
    "clock.policy_missing": _("{metric}: no target is set, so this clock does not run"),
    "clock.stuck": _("{metric}: the clock needs an administrator"),
    "sla.warned": _("{metric}: warned, {share} % of the time is used"),
    "sla.breached": _("{metric}: deadline missed"),
    "sla.escalated": _("{metric}: escalated to the next level"),
    "sla.breach_revoked": _("{metric}: missed deadline revoked"),
    "sla.acknowledged": _("{metric}: {level} acknowledged"),
    "sla.explanation_late": _("{metric}: nobody explained the missed deadline in time"),
    "case.escalated": _("The customer asked for a manager"),
    "case.escalation_answered": _("The call for a manager is answered"),
    "sla.breach_explained": _("Missed deadline explained"),
    "sla.breach_judged": _("Missed deadline judged"),
    "visit.reminder_due": _("Reminded of the return visit"),
    "visit.reminder_expired": _("A reminder of the return visit came too late"),
    "visit.missed": _("Return visit missed"),
}

DECISIONS = {
    "case.triaged", "case.mobilised", "case.diagnosis_begun", "case.proposed_directly", "case.diagnosis_agreed",
    "case.countered", "case.accepted", "case.done_reported", "case.not_solved", "case.confirmed", "case.closed",
    "case.reopened", "case.rejected", "case.objected", "case.withdrawn", "case.merged", "case.disputed",
    "case.settled", "case.regraded", "case.signed_off", "response.initial_approved", "diagnosis.exempted",
    "diagnosis.attribution_approved", "reporting.found", "sla.breached", "sla.breach_judged",
    "sla.acknowledged", "case.escalated", "case.escalation_answered",
    "entitlement.looked_at", "entitlement.disputed", "entitlement.dispute_decided",
}  # fmt: skip

# the texts of a decision that say why, in the order in which they are looked for
BECAUSE = (
    "reason", "because", "decision", "text", "comment", "outcome", "notice", "evidence", "how", "person", "statement",
    "answer",
)  # fmt: skip

_CODES: dict[str, type[models.TextChoices]] = {
    "metric": Metric, "location": Location, "leg": Leg, "code": CauseCode, "duty": ReportingDuty,
    "cause_part": CausePart, "conformity": Conformity,
}  # fmt: skip


class _Known(dict[str, Any]):
    """Parameters of a sentence; what is missing or was erased reads as a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def teach(sentences: Mapping[str, Words], decisions: Iterable[str] = (), **codes: type[models.TextChoices]) -> None:
    """Add a higher room's events, and the choices by whose labels their facts are said. ValueError: a kind is taken."""
    if taken := SENTENCES.keys() & sentences.keys():
        raise ValueError(f"kinds taken: {sorted(taken)}")
    SENTENCES.update(sentences)
    DECISIONS.update(decisions)
    _CODES.update(codes)


def say(kind: str, facts: Mapping[str, Any], texts: Mapping[str, str] | None = None) -> str:
    """Return an event as a sentence in the active language; an unknown kind as its code."""
    sentence = SENTENCES.get(kind)
    return kind if sentence is None else str(sentence).format_map(_params(kind, facts, texts or {}))


def _params(kind: str, facts: Mapping[str, Any], texts: Mapping[str, str]) -> _Known:
    params = _Known({**facts, **texts})
    for name, choices in _CODES.items():
        if facts.get(name) in choices.values:
            params[name] = choices(facts[name]).label
    if kind.startswith("letter.") and facts.get("kind") in LetterKind.values:
        params["letter_kind"] = LetterKind(facts["kind"]).label
    if kind == "case.regraded":
        params["grade_before"], params["grade"] = facts.get("from"), facts.get("to")
    if kind == "case.rejection_prepared":
        params["rejection"] = RejectionReason(facts["reason"]).label
    return params


def state_words(facts: Mapping[str, Any]) -> str:
    """Return "Received → Triaged" for a move, else nothing."""
    pair = (facts.get("from"), facts.get("to"))
    known = [str(State(state).label) for state in pair if state in State.values]  # type: ignore[arg-type]
    return " → ".join(known) if len(known) == 2 else ""
