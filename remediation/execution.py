"""Verbs of the carrying out: each line of an accepted proposal, with the evidence that it is done (DOMAIN §7.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

import audit
from complaints import lifecycle
from complaints.gates import Reason, reason
from complaints.lifecycle import Refused
from complaints.models import Complaint, Evidence
from complaints.models.states import BACKLOG, State
from remediation.models import ProposalLine
from remediation.models.kinds import REINSPECTED, WORKS, LineStatus, ProposalStatus

if TYPE_CHECKING:
    from accounts.models import User

STARTABLE = (LineStatus.RELEASED, LineStatus.FAILED)
FINISHABLE = (LineStatus.RELEASED, LineStatus.IN_WORK)
CANCELLABLE = (LineStatus.RELEASED, LineStatus.IN_WORK, LineStatus.FAILED)
RELEASED = Q(proposal__status=ProposalStatus.ACCEPTED) | Q(proposal__interim=True, proposal__status=ProposalStatus.SENT)


def agreed_lines(complaint: Complaint) -> QuerySet[ProposalLine]:
    """Return the lines of this cycle that were agreed: those of the accepted version and of released interim ones."""
    return ProposalLine.objects.filter(RELEASED, proposal__complaint=complaint, proposal__cycle=complaint.cycle)


@transaction.atomic
def start_line(line: ProposalLine, *, by: User, at: datetime) -> ProposalLine:
    """Begin a released line, or try a failed one again; each start counts as an attempt."""
    complaint, line = _open(line, by=by, at=at)
    if line.status == LineStatus.IN_WORK:
        return line
    _need(line, STARTABLE)
    line.status, line.attempts = LineStatus.IN_WORK, line.attempts + 1
    line.save()
    _record(complaint, line, "line.started", by=by, at=at, attempt=line.attempts)
    return line


@transaction.atomic
def finish_line(
    line: ProposalLine, *, by: User, at: datetime, evidence_text: str = "", evidence: Iterable[Evidence] = (),
    reinspection_result: str = "",
) -> ProposalLine:  # fmt: skip
    """
    Report a line done, with its evidence in words or files of this case, and where the kind asks for it the result of
    the re-inspection. Raises Refused: line_evidence_missing, line_reinspection_missing, line_status_wrong.
    """
    complaint, line = _open(line, by=by, at=at)
    if line.status == LineStatus.DONE:
        return line
    _need(line, FINISHABLE)
    files = _of_this_case(complaint, evidence)
    line.evidence_text = evidence_text.strip()
    line.reinspection_result = reinspection_result.strip()
    if found := evidence_gaps(line, bool(files)):
        raise Refused(*found)
    line.status, line.done_at, line.done_by = LineStatus.DONE, at, by
    line.attempts = max(line.attempts, 1)
    line.save()
    line.evidence.set(files)
    private = {"evidence": line.evidence_text, "reinspection": line.reinspection_result}
    facts = {"attempt": line.attempts, "files": [file.blob_id for file in files]}
    _record(complaint, line, "line.done", by=by, at=at, private=private, **facts)
    return line


@transaction.atomic
def fail_line(line: ProposalLine, *, by: User, at: datetime, because: str) -> ProposalLine:
    """Report that an attempt failed; the count of failures feeds the contract's order of remedies."""
    complaint, line = _open(line, by=by, at=at)
    _need(line, FINISHABLE)
    _because(because)
    line.status, line.failures, line.failed_because = LineStatus.FAILED, line.failures + 1, because
    line.save()
    _record(complaint, line, "line.failed", by=by, at=at, private={"because": because}, failures=line.failures)
    return line


@transaction.atomic
def cancel_line(
    line: ProposalLine, *, by: User, at: datetime, because: str, customer_agreement: str = ""
) -> ProposalLine:  # fmt: skip
    """
    Cancel an agreed line for our side; it counts only once the customer agrees too.

    customer_agreement: where the customer's agreement can be seen; else it comes by `agree_cancellation`.
    """
    complaint, line = _open(line, by=by, at=at)
    _need(line, CANCELLABLE)
    _because(because)
    line.status, line.cancelled_because = LineStatus.CANCELLED, because
    line.cancelled_by_customer = bool(customer_agreement.strip())
    line.cancellation_evidence = customer_agreement.strip()
    line.save()
    private = {"because": because, "customer": line.cancellation_evidence}
    _record(complaint, line, "line.cancelled", by=by, at=at, private=private, both=line.cancelled_by_customer)
    return line


@transaction.atomic
def agree_cancellation(line: ProposalLine, *, by: User, at: datetime, evidence: str = "") -> ProposalLine:
    """Record that the customer agrees to a cancelled line: themselves, or staff with the evidence for it."""
    complaint, line = _open(line, by=by, at=at, permission="execution.agree_cancellation")
    _need(line, (LineStatus.CANCELLED,))
    if line.cancelled_by_customer:
        return line
    if not evidence.strip() and by.organisation_id != complaint.customer_id:
        raise Refused(reason("line_cancel_alone", line=line.description))
    line.cancelled_by_customer, line.cancellation_evidence = True, evidence.strip() or by.name
    line.save()
    _record(complaint, line, "line.cancellation_agreed", by=by, at=at, private={"customer": line.cancellation_evidence})
    return line


def open_gaps(complaint: Complaint) -> list[Reason]:
    """Return each line that is neither done with its evidence nor cancelled by both sides."""
    return [gap for line in agreed_lines(complaint).order_by("proposal__number", "position") for gap in _gap(line)]


def _gap(line: ProposalLine) -> list[Reason]:
    name = line.description
    if line.status == LineStatus.DONE:
        return evidence_gaps(line, bool(line.evidence_text) or line.evidence.exists())
    if line.status == LineStatus.CANCELLED:
        return [] if line.cancelled_by_customer else [reason("line_cancel_alone", line=name)]
    return [reason("line_failed" if line.status == LineStatus.FAILED else "line_open", line=name)]


def evidence_gaps(line: ProposalLine, files: bool) -> list[Reason]:
    """Return what the kind of line asks for before it is done."""
    found = [] if line.evidence_text or files else [reason("line_evidence_missing", line=line.description)]
    if line.kind in REINSPECTED and not line.reinspection_result:
        found.append(reason("line_reinspection_missing", line=line.description))
    return found


def begun_again(complaint: Complaint, *, by: User, at: datetime, details: dict[str, Any]) -> None:
    """T12: what failed, and the work that did not solve it, goes back to work; `lines` may name which (ids)."""
    works = Q(status=LineStatus.FAILED) | Q(status=LineStatus.DONE, kind__in=WORKS)
    named = details.get("lines")
    lines = agreed_lines(complaint).filter(Q(pk__in=named) if named else works)
    lines = lines.exclude(status=LineStatus.CANCELLED)
    ids = list(lines.values_list("pk", flat=True))
    ProposalLine.objects.filter(pk__in=ids).update(
        status=LineStatus.IN_WORK, attempts=F("attempts") + 1, failures=F("failures") + 1, done_at=None, done_by=None,
        failed_because=details.get("reason", ""), evidence_text="", reinspection_result="",
    )  # fmt: skip  # what was shown as evidence stays in the events
    for line in ProposalLine.objects.filter(pk__in=ids):
        line.evidence.clear()
    audit.record("case", complaint.uuid, "lines.begun_again", by=by, at=at, facts={"lines": ids})


def _open(
    line: ProposalLine, *, by: User, at: datetime, permission: str = "execution.record"
) -> tuple[Complaint, ProposalLine]:  # fmt: skip
    """Lock the case and return it with the line, which must be released."""
    states = BACKLOG if line.proposal.interim else (State.EXECUTING,)
    complaint = lifecycle.hold(line.proposal.complaint, by=by, at=at, permission=permission, states=states)
    fresh = agreed_lines(complaint).filter(pk=line.pk).first()
    if fresh is None:
        raise Refused(reason("line_not_released", line=line.description))
    return complaint, fresh


def _need(line: ProposalLine, statuses: tuple[LineStatus, ...]) -> None:
    if line.status not in statuses:
        raise Refused(reason("line_status_wrong", line=line.description, line_status=line.status))


def _because(text: str) -> None:
    if not text.strip():
        raise Refused(reason("reason_missing"))


def _of_this_case(complaint: Complaint, evidence: Iterable[Evidence]) -> list[Evidence]:
    files = list(evidence)
    strange = [file for file in files if file.complaint_id != complaint.pk]
    if strange:
        raise Refused(*(reason("evidence_elsewhere", name=file.name) for file in strange))
    return files


def _record(
    complaint: Complaint, line: ProposalLine, kind: str, *, by: User, at: datetime,
    private: dict[str, str] | None = None, **facts: Any,
) -> None:  # fmt: skip
    facts = {"proposal": line.proposal.number, "line": line.pk, "remedy": line.kind, **facts}
    audit.record("case", complaint.uuid, kind, by=by, at=at, facts=facts, private=private)
