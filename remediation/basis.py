"""
What the money of a proposal rests on: the sums of a kept assessment, which a line may not exceed without saying why.

Where the facts change afterwards, the assessment says what would be otherwise (complaints.assessing.recheck); a line
that rests on it is not sent until it rests on another assessment, or Legal confirms that it stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction

import audit
from complaints import assessing, lifecycle, standing
from complaints.gates import Reason, reason
from complaints.lifecycle import Refused
from contracts.money import Money
from remediation.models import ProposalLine
from remediation.models.kinds import COMMITTED, PAYING, UNSENT, LineStatus, ProposalStatus, RemedyKind

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint, EntitlementAssessment
    from remediation.models import Proposal

# What is paid because the contract grants it. The price that goes back with the goods is no head of an assessment.
CLAIMS = tuple(kind for kind in PAYING if kind != RemedyKind.RETURN_REFUND)


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


def taken_over(proposal: Proposal, line: ProposalLine) -> list[Reason]:
    """
    Give a line that names a head its clause, and its sum if none was said; return what speaks against it.

    The assessment must be of the version's own case and cycle.
    """
    if line.entitlement is not None and not _own(proposal, line.entitlement):
        return [reason("line_assessment_elsewhere", line=line.description)]
    if not line.head:
        return []
    head = head_of(line)
    if line.entitlement is None or head is None:
        return [reason("line_head_unknown")]
    if line.amount is None:
        line.amount = Money(Decimal(head["amount"]), head["currency"])
    cited = {"number": head["clause"], "type": head["head"]}
    line.clause = line.entitlement.clauses.filter(**cited).first() if head["clause"] else None
    return []


def _own(proposal: Proposal, row: EntitlementAssessment) -> bool:
    return (row.complaint_id, row.cycle) == (proposal.complaint_id, proposal.cycle)


def gaps(proposal: Proposal) -> list[Reason]:
    """
    Return where the lines pay more than the contract grants, or by nothing of it, and where facts have changed; of a
    version about to be sent also which assessment does not derive again.
    """
    if proposal.status not in UNSENT:
        return []  # it stays as it was sent
    lines = proposal.standing_lines()
    elsewhere = [line for line in lines if line.entitlement is not None and not _own(proposal, line.entitlement)]
    found = [reason("line_assessment_elsewhere", line=line.description) for line in elsewhere]
    found += _beside(proposal, lines)
    return [*found, *_over(proposal, lines), *(_changed(line) for line in changed(proposal)), *_broken(proposal, lines)]


def _beside(proposal: Proposal, lines: list[ProposalLine]) -> list[Reason]:
    """Return the sums that name no assessment by the clauses although the cycle has one."""
    besides = [
        line for line in lines
        if line.kind in CLAIMS and not line.goodwill and line.amount is not None and line.amount.minor
        and (line.entitlement is None or not line.entitlement.computed)
    ]  # fmt: skip
    if not besides:
        return []
    computed = proposal.complaint.entitlements.filter(cycle=proposal.cycle, as_of__isnull=False)
    newest = computed.order_by("-number").values_list("number", flat=True).first()
    return [reason("line_sum_unnamed", line=line.description, number=newest) for line in besides if newest]


def _over(proposal: Proposal, lines: list[ProposalLine]) -> Iterator[Reason]:
    """Yield the lines that alone exceed their grant, then the heads and totals that they exceed together."""
    own, told = [], set()
    for line in lines:
        most = granted(line)
        if most is None or line.amount is None or line.kind not in PAYING or line.goodwill:
            continue
        if line.amount.currency != most.currency:
            yield reason("line_other_currency", line=line.description, currency=most.currency)
            continue
        own.append(line)
        if line.amount.amount > most.amount:
            told |= {_key(line), most}
            yield reason("line_over_entitlement", line=line.description, granted=str(most), amount=str(line.amount))
    if not own:
        return
    every = [*own, *_promised(proposal)]
    for line, most in _once(own):
        paid = _sum(most, (one for one in every if _key(one) == line.head))
        if paid.amount > most.amount and line.head not in told:
            told.add(most)
            yield reason("head_over_entitlement", line=line.description, granted=str(most), amount=str(paid))
    number, total = max(
        ((line.entitlement.number, line.entitlement.total) for line in own if line.entitlement is not None),
        key=lambda one: one[1].amount,
    )
    paid = _sum(total, every)
    if paid.amount > total.amount and total not in told:
        yield reason("lines_over_total", number=number, granted=str(total), amount=str(paid))


def _once(lines: list[ProposalLine]) -> list[tuple[ProposalLine, Money]]:
    """Return a line of each head with the most that an assessment named for it grants; each of them still stands."""
    most: dict[str, tuple[ProposalLine, Money]] = {}
    for line in lines:
        limit = granted(line)
        if line.head and limit is not None and (line.head not in most or limit.amount > most[line.head][1].amount):
            most[line.head] = (line, limit)
    return list(most.values())


def _promised(proposal: Proposal) -> list[ProposalLine]:
    """Return what other versions of the case, interim ones and earlier cycles too, pay by the contract."""
    others = ProposalLine.objects.filter(
        proposal__complaint=proposal.complaint_id, proposal__status__in=COMMITTED, kind__in=PAYING, goodwill=False,
        amount_minor__gt=0,
    )  # fmt: skip
    others = others.exclude(proposal=proposal.pk).exclude(status=LineStatus.CANCELLED).select_related("clause")
    return list(others.exclude(entitlement=None, clause=None))


def _key(line: ProposalLine) -> str:
    """Return the head under which a line pays: the one that it names, or else the one of its clause."""
    if line.head or line.clause is None:
        return line.head
    return f"{line.clause.type} {line.clause.number}"


def _sum(limit: Money, lines: Iterable[ProposalLine]) -> Money:
    """Return what the lines pay in the currency of a limit."""
    paid = [line.amount.amount for line in lines if line.amount is not None and line.amount.currency == limit.currency]
    return Money(sum(paid, Decimal(0)), limit.currency)


def _broken(proposal: Proposal, lines: list[ProposalLine]) -> list[Reason]:
    """Return the lines of a version that is to be sent whose assessment does not derive again as it was kept."""
    if proposal.status != ProposalStatus.APPROVED:
        return []
    known: dict[int, bool] = {}
    for line in lines:
        row = line.entitlement
        if row is not None and row.computed and row.pk not in known:
            known[row.pk] = standing.asked(proposal.complaint, f"broken {row.pk}", partial(_is_broken, row))
    return [
        reason("basis_broken", line=line.description, number=line.entitlement.number)
        for line in lines if line.entitlement is not None and known.get(line.entitlement.pk)
    ]  # fmt: skip


def _is_broken(row: EntitlementAssessment, _case: Complaint) -> bool:
    return assessing.broken(row)


def changed(proposal: Proposal) -> list[ProposalLine]:
    """
    Return the lines whose assessment would be otherwise on the facts of now, and that nobody confirmed as it is.

    Until the version is approved, what `recheck` noted counts; then it is compared afresh, so that whoever sends sees
    beforehand what `look_again` would refuse.
    """
    lines = [line for line in proposal.standing_lines() if line.entitlement is not None and line.amount is not None]
    if proposal.status == ProposalStatus.APPROVED:
        _compare(proposal, [line.entitlement for line in lines if line.entitlement is not None])
    return [
        line
        for line in lines
        if line.entitlement is not None
        and line.entitlement.differs
        and proposal.basis_confirmed.get(str(line.entitlement.pk)) != line.entitlement.differs
    ]  # fmt: skip


def _compare(proposal: Proposal, rows: list[EntitlementAssessment]) -> None:
    """Set on each computed assessment what would be otherwise now; unsaved, and reckoned once a page."""
    known: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        if row.computed and row.pk not in known:
            row.complaint = proposal.complaint
            known[row.pk] = standing.asked(proposal.complaint, f"otherwise {row.pk}", partial(_now, row))
        row.differs = known.get(row.pk, row.differs)


def _now(row: EntitlementAssessment, _case: Complaint) -> list[dict[str, Any]]:
    """Return what would be otherwise now, as it is kept; which day is today turns no verdict, so any moment will do."""
    found: list[dict[str, Any]] = json.loads(json.dumps(assessing.now_otherwise(row, at=row.at)))
    return found


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
    Confirm that the sums stay although the facts have changed; it holds until they or the lines change again.

    Raises Refused: proposal_sent, nothing_fits, same_person, reason_missing.
    """
    complaint = lifecycle.hold(proposal.complaint, by=by, at=at, permission="entitlement.assess")
    proposal = complaint.proposals.get(pk=proposal.pk)
    if proposal.status not in UNSENT:
        raise Refused(reason("proposal_sent", number=proposal.number))
    assessing.recheck(complaint, at=at)  # a change of the contract is noted by nobody else
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


def void(proposal: Proposal) -> bool:
    """Make a confirmation void, for its sums are no longer those that were confirmed; tell whether there was one."""
    if proposal.basis_confirmed_by_id is None:
        return False
    proposal.basis_confirmed, proposal.basis_confirmed_because = {}, ""
    proposal.basis_confirmed_by = proposal.basis_confirmed_at = None
    proposal.save()
    return True


def may_submit(proposal: Proposal, by: User) -> list[Reason]:
    """Return why `by` may not hand it in: who confirmed its sums does not propose them, too."""
    return [reason("same_person", name=by.name)] if by.pk == proposal.basis_confirmed_by_id else []


def _as_they_are(lines: list[ProposalLine]) -> dict[str, Any]:
    return {str(line.entitlement.pk): line.entitlement.differs for line in lines if line.entitlement is not None}
