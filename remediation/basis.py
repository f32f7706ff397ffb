"""
What the money of a proposal rests on: the sums of a kept assessment, which a line may not exceed without saying why.

Where the facts change afterwards, the assessment says what would be otherwise (complaints.assessing.recheck); a line
that rests on it is not sent until it rests on another assessment, or Legal confirms that it stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

import audit
from complaints import assessing, lifecycle
from complaints.gates import Reason, reason
from complaints.lifecycle import Refused
from contracts.money import Money
from remediation.models.kinds import PAYING, UNSENT

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import EntitlementAssessment
    from remediation.models import Proposal, ProposalLine


def head_of(line: ProposalLine) -> dict[str, str] | None:
    """Return the head of the assessment that the line takes its sum from, if it names one that is there."""
    heads = line.entitlement.heads if line.entitlement is not None and line.head else []
    return next((head for head in heads if head.get("key") == line.head), None)


def granted(line: ProposalLine) -> Money | None:
    """Return the most that the line may pay without goodwill; None where nothing was reckoned for it."""
    if line.entitlement is None or not line.entitlement.computed:
        return None
    head = head_of(line)
    return Money(Decimal(head["amount"]), head["currency"]) if head else line.entitlement.total


def taken_over(line: ProposalLine) -> list[Reason]:
    """Give a line that names a head its sum and clause, where they were not said; return what speaks against it."""
    if not line.head:
        return []
    head = head_of(line)
    if line.entitlement is None or head is None:
        return [reason("line_head_unknown")]
    if line.amount is None:
        line.amount = Money(Decimal(head["amount"]), head["currency"])
    if line.clause_id is None and head["clause"]:
        line.clause = line.entitlement.clauses.filter(number=head["clause"], type=head["head"]).first()
    return []


def gaps(proposal: Proposal) -> list[Reason]:
    """Return where the lines pay more than their assessment grants, and where its facts have changed."""
    lines = proposal.standing_lines()
    return [*_over(lines), *(_changed(line) for line in changed(proposal))]


def _over(lines: list[ProposalLine]) -> Iterator[Reason]:
    paid: dict[int, Decimal] = defaultdict(Decimal)
    rows: dict[int, EntitlementAssessment] = {}
    for line in lines:
        most = granted(line)
        if most is None or line.amount is None or line.kind not in PAYING or line.goodwill or line.entitlement is None:
            continue
        if line.amount.currency != most.currency:
            yield reason("line_other_currency", line=line.description, currency=most.currency)
            continue
        if line.amount.amount > most.amount:
            yield reason("line_over_entitlement", line=line.description, granted=str(most), amount=str(line.amount))
        paid[line.entitlement.pk] += line.amount.amount
        rows[line.entitlement.pk] = line.entitlement
    for pk, row in rows.items():
        sums = [line for line in lines if line.entitlement_id == pk and not line.goodwill and line.kind in PAYING]
        if row.total is not None and paid[pk] > row.total.amount and len(sums) > 1:
            total = Money(paid[pk], row.total.currency)
            yield reason("lines_over_total", number=row.number, granted=str(row.total), amount=str(total))


def changed(proposal: Proposal) -> list[ProposalLine]:
    """Return the lines whose assessment would be otherwise on the facts of now, and that nobody confirmed as it is."""
    return [
        line
        for line in proposal.standing_lines()
        if line.entitlement is not None and line.amount is not None
        and line.entitlement.differs
        and proposal.basis_confirmed.get(str(line.entitlement.pk)) != line.entitlement.differs
    ]  # fmt: skip


def _changed(line: ProposalLine) -> Reason:
    assert line.entitlement is not None
    return reason("basis_changed", line=line.description, number=line.entitlement.number,
                  differs=line.entitlement.differs)  # fmt: skip


def look_again(proposal: Proposal, *, at: datetime) -> None:
    """
    Reckon once more on the facts of this moment, for who is about to send; the lines are read anew.

    Raises Refused basis_changed.
    """
    if not any(line.entitlement is not None and line.entitlement.computed for line in proposal.standing_lines()):
        return
    assessing.recheck(proposal.complaint, at=at)
    fresh = type(proposal).objects.prefetch_related("lines__entitlement").get(pk=proposal.pk)
    if lines := changed(fresh):
        raise Refused(*(_changed(line) for line in lines))


@transaction.atomic
def confirm(proposal: Proposal, *, by: User, at: datetime, because: str) -> Proposal:
    """
    Confirm that the sums stay although the facts have changed; it holds until they change again.

    Raises Refused: proposal_sent, nothing_fits, same_person, reason_missing.
    """
    complaint = lifecycle.hold(proposal.complaint, by=by, at=at, permission="entitlement.assess")
    proposal = complaint.proposals.get(pk=proposal.pk)
    if proposal.status not in UNSENT:
        raise Refused(reason("proposal_sent", number=proposal.number))
    lines = changed(proposal)
    if not lines:
        raise Refused(reason("nothing_fits"))
    if by.pk in {proposal.drafted_by_id, proposal.submitted_by_id, *(line.written_by_id for line in lines)}:
        raise Refused(reason("same_person", name=by.name))
    if not because.strip():
        raise Refused(reason("reason_missing"))
    proposal.basis_confirmed = {**proposal.basis_confirmed, **_as_they_are(lines)}
    proposal.basis_confirmed_by, proposal.basis_confirmed_at = by, at
    proposal.basis_confirmed_because = because.strip()
    proposal.save()
    facts = {"proposal": proposal.number, "assessments": sorted({line.entitlement_id or 0 for line in lines})}
    audit.record("case", complaint.uuid, "proposal.basis_confirmed", by=by, at=at, facts=facts,
                 private={"because": because.strip()})  # fmt: skip
    return proposal


def _as_they_are(lines: list[ProposalLine]) -> dict[str, Any]:
    return {str(line.entitlement.pk): line.entitlement.differs for line in lines if line.entitlement is not None}
