"""What the acts of this room work on, asked in the one statement of `complaints.standing`; and what they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from complaints import findings, standing
from complaints.gates import Reason, reason
from complaints.reasoning import Action
from remediation import basis, capa, drafts, execution, proposals, visits
from remediation.models import (
    Agreement,
    Capa,
    CapaAction,
    CapaDeployment,
    CostsPosted,
    Lesson,
    Proposal,
    ProposalLine,
    ReturnVisit,
)
from remediation.models.kinds import ACTIVE, PAYING, UNSENT, ActionKind, LineStatus, ProposalStatus

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint

WORKS_ON = (
    "draft_proposal", "add_line", "change_line", "remove_line", "set_terms", "submit_proposal", "release_interim",
    "record_agreement", "start_line", "finish_line", "fail_line", "cancel_line", "agree_cancellation", "record_visit",
    "move_visit", "cancel_visit", "add_capa_action", "set_criterion", "add_similar", "implement_capa", "check_effect",
    "finish_capa_action", "decide_similar", "approve_lesson", "post_costs",
    "confirm_basis", "hand_over_capa", "agreement_waits",
)  # fmt: skip
WITH_CUSTOMER = (ProposalStatus.SENT, ProposalStatus.ACCEPTED)


def conditions(rows: standing.Rows) -> dict[str, Any]:
    """Return for each act of WORKS_ON whether the case has what its form offers."""
    return {**_of_drafts(rows), **_of_lines(rows), **_of_visits(rows), **_of_prevention(rows)}


def _of_drafts(rows: standing.Rows) -> dict[str, Any]:
    versions = rows(Proposal)
    unsent = Exists(versions.filter(status__in=UNSENT))
    lines = Exists(rows(ProposalLine, at="proposal__").filter(proposal__status__in=UNSENT))
    resting = rows(ProposalLine, at="proposal__").filter(proposal__status__in=UNSENT, entitlement__isnull=False)
    return {
        "draft_proposal": ~Exists(versions.filter(interim=False, status__in=ACTIVE)),
        "add_line": unsent,
        "set_terms": unsent,
        "change_line": lines,
        "remove_line": lines,
        "confirm_basis": Exists(resting),
        "submit_proposal": Exists(versions.filter(status=ProposalStatus.DRAFT)),
        "release_interim": Exists(versions.filter(status=ProposalStatus.APPROVED, interim=True)),
        "record_agreement": Exists(versions.filter(status__in=WITH_CUSTOMER)),
        "agreement_waits": Exists(_unagreed(rows)),
    }


def _unagreed(rows: standing.Rows) -> QuerySet[ProposalLine]:
    """Return the lines that pay a sum with the customer for whose currency no agreement is recorded."""
    signed = Agreement.objects.filter(proposal=OuterRef("proposal"), amount_currency=OuterRef("amount_currency"))
    lines: QuerySet[ProposalLine] = rows(ProposalLine, at="proposal__").exclude(status=LineStatus.CANCELLED)
    paying = lines.filter(proposal__status__in=WITH_CUSTOMER, kind__in=PAYING, amount_minor__gt=0)
    return paying.filter(~Exists(signed))


def _of_lines(rows: standing.Rows) -> dict[str, Any]:
    agreed: QuerySet[ProposalLine] = rows(ProposalLine, at="proposal__").filter(execution.RELEASED)
    finishable = Exists(agreed.filter(status__in=execution.FINISHABLE))
    return {
        "start_line": Exists(agreed.filter(status__in=execution.STARTABLE)),
        "finish_line": finishable,
        "fail_line": finishable,
        "cancel_line": Exists(agreed.filter(status__in=execution.CANCELLABLE)),
        "agree_cancellation": Exists(agreed.filter(status=LineStatus.CANCELLED, cancelled_by_customer=False)),
    }


def _of_visits(rows: standing.Rows) -> dict[str, Any]:
    planned = Exists(rows(ReturnVisit, status__in=visits.OPEN))
    return dict.fromkeys(("record_visit", "move_visit", "cancel_visit"), planned)


def _of_prevention(rows: standing.Rows) -> dict[str, Any]:
    """CAPA and lessons of an earlier cycle go on."""
    capas = Capa.objects.filter(complaint=OuterRef("pk"))
    begun = Exists(capas.filter(status__in=capa.WORKING))
    of_begun = {"capa__complaint": OuterRef("pk"), "capa__status__in": capa.WORKING}
    return {
        **dict.fromkeys(("add_capa_action", "set_criterion", "add_similar", "implement_capa"), begun),
        "hand_over_capa": Exists(capas.filter(status__in=(*capa.WORKING, *capa.CHECKING))),
        "check_effect": Exists(capas.filter(status__in=capa.CHECKING)),
        "finish_capa_action": Exists(CapaAction.objects.filter(**of_begun, done_at=None, chosen=True)),
        "decide_similar": Exists(CapaDeployment.objects.filter(**of_begun, applies=None)),
        "approve_lesson": Exists(Lesson.objects.filter(complaint=OuterRef("pk"), approved_by=None)),
        "post_costs": ~Exists(rows(CostsPosted, withdrawn_at=None)),
    }


def submit(complaint: Complaint, user: User) -> list[Reason]:
    """The draft is whole."""
    draft = current(complaint)
    if draft is None or draft.status != ProposalStatus.DRAFT:
        return []
    return [*drafts.gaps(draft), *basis.gaps(draft), *basis.may_submit(draft, user)]


def record_agreement(complaint: Complaint, user: User) -> list[Reason]:
    """A version that is with the customer, or accepted, pays a sum for which no agreement is recorded yet."""
    waits = "agreement_waits" in standing.of(complaint).works_on
    return [] if waits else [reason("agreement_recorded")]


def confirm_basis(complaint: Complaint, user: User) -> list[Reason]:
    """Something that the proposal, or an interim remedy, rests on has changed."""
    draft = current(complaint)
    if draft is not None and draft.status in UNSENT and basis.changed(draft):
        return []
    return [] if any(map(basis.changed, _interims(complaint))) else [reason("nothing_fits")]


def _interims(complaint: Complaint) -> list[Proposal]:
    lines = ProposalLine.objects.select_related("entitlement").defer("entitlement__record")
    rows = complaint.proposals.filter(cycle=complaint.cycle, interim=True, status__in=UNSENT)
    return list(rows.prefetch_related(Prefetch("lines", lines)))


def current(complaint: Complaint) -> Proposal | None:
    """Return the active version with its lines, read once a page."""
    found: Proposal | None = standing.asked(complaint, "current_proposal", proposals.current)
    return found


def install() -> None:
    """Tell the standing of a case; called once, when the app is ready."""
    standing.works_on_also(WORKS_ON, conditions)
    findings.adds_actions(actions)


def actions(complaint: Complaint) -> list[Action]:
    """Return what was decided against the causes of this cycle; a correction mends the effect and is none."""
    decided = CapaAction.objects.filter(capa__complaint=complaint, capa__cycle=complaint.cycle, chosen=True)
    rows = decided.exclude(kind=ActionKind.CORRECTION).order_by("pk").values_list("pk", "description", "root_cause")
    return [Action(*row) for row in rows]
