"""
Who must agree before money is promised, and their agreement (DOMAIN §7.2).

What counts is the cumulative value of the case: all that was approved, sent or accepted in any cycle, and this
version, goodwill included, in the company's currency at the rate of the day on which it was handed in. So splitting
gains nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

import audit
from accounts.models import Department, Membership, User
from accounts.roles import Role
from complaints import lifecycle
from complaints.days import company_date
from complaints.gates import Reason, reason
from complaints.lifecycle import Refused
from complaints.models.states import Grade
from contracts.money import Money
from remediation import basis, drafts
from remediation.models import Approval, ApprovalLimit, ExchangeRate, Proposal, ProposalLine
from remediation.models.kinds import COMMITTED, Decision, Level, LineStatus, ProposalStatus, RemedyKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from complaints.models import Complaint

HOLDERS: dict[str, tuple[Role, ...]] = {
    Level.LEAD: (Role.CSL, Role.QM),  # and the leader of the 8D team
    Level.QM: (Role.QM,),
    Level.FIN: (Role.FIN,),
    Level.LEG: (Role.LEG,),
    Level.RND: (Role.TEC,),  # and anybody of the research department
    Level.DIR: (Role.DIRECTOR, Role.EXE),
    Level.GM: (Role.GM,),
}
DECIDABLE = (ProposalStatus.IN_APPROVAL, ProposalStatus.APPROVED)
CUSTOMER = "CUS"  # a concession needs the customer too, who agrees by accepting


@dataclass(frozen=True)
class Needed:
    """One agreement that a proposal needs: whose, why, the row if it is there, and who else may give it."""

    level: str
    why: Reason
    done: Approval | None
    who: tuple[User, ...]
    blocks: bool = True  # False: comes after sending

    @property
    def pending(self) -> bool:
        """Tell whether it still stands in the way of sending."""
        return self.blocks and self.done is None


def approvers_needed(proposal: Proposal, *, on: date | None = None) -> list[Needed]:
    """
    Return whose agreement the proposal needs, in the order of Level, each with the reason and how it stands.

    on: the company's date whose rates and limits hold; the day it was handed in unless given.
    Raises Refused: rate_missing, limits_missing.
    """
    on = on or _rate_day(proposal)
    given = {row.level: row for row in proposal.approvals.filter(voided_at=None, decision=Decision.APPROVED)}
    whys = _levels(proposal, on, committed_value(proposal.complaint, on=on, besides=proposal))
    order = [level for level in Level.values if level in whys]
    who = _holders_by_level(order, proposal)
    needed = [Needed(level, whys[level], given.get(level), who[level]) for level in order]
    if _has(proposal, RemedyKind.CONCESSION):
        needed.append(Needed(CUSTOMER, reason("approval_for_concession"), None, (), blocks=False))
    return needed


def whys_then(proposal: Proposal) -> dict[str, Reason]:
    """Return why each level had to agree to a proposal that left us, by the value that was decided on; one query."""
    given = next((row for row in proposal.approvals.all() if row.voided_at is None), None)
    if given is None:
        return {}
    try:
        return _levels(proposal, _rate_day(proposal), given.amount)
    except Refused:
        return {}


def committed_value(complaint: Complaint, *, on: date, besides: Proposal | None = None) -> Money:
    """
    Return what the case is committed to in the company's currency, `besides` included whatever its status.

    A line counts with the larger of our cost and the amount to the customer, for an amount paid is part of the cost.
    Raises Refused rate_missing.
    """
    ours = Q(proposal__status__in=COMMITTED) | Q(proposal=besides)
    lines = ProposalLine.objects.filter(ours, proposal__complaint=complaint).exclude(status=LineStatus.CANCELLED)
    total = sum((line_value(line, on=on).amount for line in lines), Decimal(0))
    return Money(total, settings.COMPANY_CURRENCY).rounded()


def line_value(line: ProposalLine, *, on: date) -> Money:
    """Return what a line commits us to, in the company's currency; nothing while it is not costed."""
    sums = [in_company_currency(money, on=on) for money in (line.cost, line.amount) if money is not None]
    return max(sums, key=lambda money: money.amount, default=Money(Decimal(0), settings.COMPANY_CURRENCY))


def in_company_currency(money: Money, *, on: date) -> Money:
    """Return the money in the company's currency at the rate that held on a date. Raises Refused rate_missing."""
    company = settings.COMPANY_CURRENCY
    if money.currency == company:
        return money
    rate = ExchangeRate.objects.filter(currency=money.currency, on__lte=on).order_by("-on").first()
    if rate is None:
        raise Refused(reason("rate_missing", currency=money.currency, company=company, on=on))
    return Money(money.amount * rate.rate, company)


def gaps(proposal: Proposal) -> list[Reason]:
    """Return what still lacks before the approvals are complete."""
    if proposal.status == ProposalStatus.DRAFT:
        return [reason("proposal_not_submitted", number=proposal.number)]
    try:
        needed = approvers_needed(proposal)
    except Refused as refusal:
        return refusal.reasons
    return [_missing(entry) for entry in needed if entry.pending]


def _missing(entry: Needed) -> Reason:
    if not entry.who:
        return reason("approval_nobody", level=entry.level)
    return reason("approval_pending", level=entry.level, who=", ".join(person.name for person in entry.who[:3]))


# Verbs ----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def submit(proposal: Proposal, *, by: User, at: datetime) -> Proposal:
    """Hand a whole draft in for approval; Refused with what it lacks. The executive is told of a G1 case."""
    complaint = lifecycle.hold(proposal.complaint, by=by, at=at, permission="proposal.draft")
    proposal = complaint.proposals.get(pk=proposal.pk)
    if proposal.status != ProposalStatus.DRAFT:
        raise Refused(reason("proposal_sent" if proposal.sent_at else "proposal_active", number=proposal.number))
    if found := [*drafts.gaps(proposal), *basis.gaps(proposal), *basis.may_submit(proposal, by)]:
        raise Refused(*found)
    proposal.status, proposal.submitted_by, proposal.submitted_at = ProposalStatus.IN_APPROVAL, by, at
    proposal.refusal = ""
    proposal.save()
    needed = approvers_needed(proposal)
    facts = {
        "proposal": proposal.number,
        "value": str(committed_value(complaint, on=_rate_day(proposal), besides=proposal).amount),
        "levels": [entry.level for entry in needed],
        "whys": {entry.level: [entry.why.code, entry.why.params] for entry in needed},
        "tell": [str(Role.EXE)] if complaint.grade == Grade.G1 else [],
    }
    audit.record("case", complaint.uuid, "proposal.submitted", by=by, at=at, facts=facts)
    return proposal


@transaction.atomic
def approve(proposal: Proposal, *, by: User, at: datetime, level: str = "", comment: str = "") -> Proposal:
    """
    Agree for one level: the first pending one that `by` may give, or the one named. With the last, it is approved.

    Raises Refused same_person for a proposer, approval_not_needed; PermissionDenied for who holds no such level.
    A second time changes nothing.
    """
    complaint, proposal, entry = _decide(proposal, by=by, at=at, level=level)
    if entry.done is not None:
        return proposal
    _write(proposal, entry.level, Decision.APPROVED, by=by, at=at, comment=comment)
    complete = not any(other.pending for other in approvers_needed(proposal))
    if complete:
        proposal.status = ProposalStatus.APPROVED
        proposal.save()
    facts = {"proposal": proposal.number, "level": entry.level, "complete": complete}
    audit.record("case", complaint.uuid, "proposal.approved", by=by, at=at, facts=facts, private=_said(comment))
    return proposal


@transaction.atomic
def refuse(proposal: Proposal, *, by: User, at: datetime, comment: str, level: str = "") -> Proposal:
    """Send the proposal back to its drafting, with the reason; approvals given so far are void."""
    complaint, proposal, entry = _decide(proposal, by=by, at=at, level=level)
    if not comment.strip():
        raise Refused(reason("reason_missing"))
    void(proposal, at=at)
    row = _write(proposal, entry.level, Decision.REFUSED, by=by, at=at, comment=comment)
    row.voided_at = at  # it has done its work; the next round asks anew
    row.save()
    proposal.refusal = comment
    proposal.save()
    facts = {"proposal": proposal.number, "level": entry.level}
    audit.record("case", complaint.uuid, "proposal.refused", by=by, at=at, facts=facts, private=_said(comment))
    return proposal


def void(proposal: Proposal, *, at: datetime) -> int:
    """Make all approvals void and the proposal a draft again; return how many. The caller saves the proposal."""
    proposal.status = ProposalStatus.DRAFT
    proposal.submitted_by = proposal.submitted_at = None
    return proposal.approvals.filter(voided_at=None).update(voided_at=at)


def _decide(proposal: Proposal, *, by: User, at: datetime, level: str) -> tuple[Complaint, Proposal, Needed]:
    """Lock, and return the agreement that `by` may give."""
    complaint = lifecycle.hold(proposal.complaint, by=by, at=at, permission="case.note")
    proposal = complaint.proposals.get(pk=proposal.pk)
    if proposal.status not in DECIDABLE:
        raise Refused(reason("proposal_not_in_approval", number=proposal.number))
    theirs = [code for code in Level.values if holders(code, complaint).filter(pk=by.pk).exists()]
    if not theirs or (level and level not in theirs):
        raise PermissionDenied
    if by.pk in _proposers(proposal):
        raise Refused(reason("same_person", name=by.name))
    return complaint, proposal, _theirs(proposal, theirs, level, by)


def _theirs(proposal: Proposal, levels: list[str], level: str, by: User) -> Needed:
    """Return the agreement that `by` gave or may give: one person agrees for one level."""
    wanted = (level,) if level else tuple(levels)
    needed = approvers_needed(proposal)
    given = next((entry for entry in needed if entry.done is not None and entry.done.person_id == by.pk), None)
    if given is not None and level not in ("", given.level):
        raise Refused(reason("same_person", name=by.name))
    found = given or next((entry for entry in needed if entry.level in wanted and entry.done is None), None)
    if found is None:
        raise Refused(reason("approval_not_needed", number=proposal.number))
    return found


def _write(proposal: Proposal, level: str, decision: Decision, *, by: User, at: datetime, comment: str) -> Approval:
    value = committed_value(proposal.complaint, on=_rate_day(proposal), besides=proposal)
    row = Approval(
        proposal=proposal, level=level, person=by, proposer_id=proposal.drafted_by_id, decision=decision,
        role_at_time="+".join(sorted(str(role) for role in by.roles)), comment=comment, at=at,
    )  # fmt: skip
    row.amount = value
    row.save()
    return row


# Who and why ----------------------------------------------------------------------------------------------------------


def holders(level: str, complaint: Complaint) -> QuerySet[User]:
    """Return the people who may agree for a level on this case."""
    now = Membership.objects.active()
    held = Q(pk__in=now.filter(role__in=HOLDERS[level]).values("user_id"))
    if level == Level.LEAD:
        seats = complaint.team.filter(cycle=complaint.cycle, seat="LEADER", left_at=None)
        held |= Q(pk__in=seats.values("user_id"))
    if level == Level.RND:
        held |= Q(pk__in=now.filter(department__kind=Department.Kind.RND).values("user_id"))
    return User.objects.active().filter(held)


def may_decide(complaint: Complaint, user: User) -> bool:
    """Tell whether a seat or a department lets `user` agree on this case, whatever the roles; one query a page."""
    return _once(complaint, ("may_decide", user.pk), lambda: _seated(complaint, user))


def _seated(complaint: Complaint, user: User) -> bool:
    leading = complaint.team.filter(cycle=complaint.cycle, seat="LEADER", left_at=None).values("user_id")
    theirs = Membership.objects.active().filter(user=user)
    return theirs.filter(Q(department__kind=Department.Kind.RND) | Q(user_id__in=leading)).exists()


def decision_gaps(complaint: Complaint, user: User) -> list[Reason]:
    """Return why `user` has nothing to decide on this case: nothing waits, or it is their own; one query a page."""
    return _once(complaint, ("decision_gaps", user.pk), lambda: _nothing_to_decide(complaint, user))


def _once(complaint: Complaint, key: tuple[str, int], ask: Callable[[], Any]) -> Any:
    """Ask once for an instance as it was read: agreeing and sending back are offered on the same grounds."""
    known = complaint.__dict__.setdefault("_asked_of_approvals", {})
    if key not in known:
        known[key] = ask()
    return known[key]


def _nothing_to_decide(complaint: Complaint, user: User) -> list[Reason]:
    wrote = ProposalLine.objects.filter(proposal=OuterRef("pk"), written_by=user)
    theirs = Q(drafted_by=user) | Q(submitted_by=user) | Exists(wrote)
    waiting = complaint.proposals.filter(status__in=DECIDABLE).values_list(ExpressionWrapper(theirs, BooleanField()))
    own = [is_own for (is_own,) in waiting]
    if not own:
        return [reason("nothing_fits")]
    return [reason("same_person", name=user.name)] if all(own) else []


def _holders_by_level(levels: Iterable[str], proposal: Proposal) -> dict[str, tuple[User, ...]]:
    """Return who may agree for each level but the proposers, by name; one query, and one for the team's leader."""
    roles = {role for level in levels for role in HOLDERS[level]}
    rows = Membership.objects.active().select_related("user", "department").filter(user__is_active=True)
    rows = rows.filter(Q(role__in=roles) | Q(department__kind=Department.Kind.RND)).order_by("user__name", "user_id")
    held = list(rows)
    proposers = _proposers(proposal)
    found: dict[str, tuple[User, ...]] = {}
    for level in levels:
        fit = {row.user_id: row.user for row in held if _fits(row, level)}
        fit |= _leaders(proposal.complaint) if level == Level.LEAD else {}
        found[level] = tuple(user for pk, user in fit.items() if pk not in proposers)
    return found


def _fits(membership: Membership, level: str) -> bool:
    if membership.role in HOLDERS[level]:
        return True
    department = membership.department
    return level == Level.RND and department is not None and department.kind == Department.Kind.RND


def _leaders(complaint: Complaint) -> dict[int, User]:
    seats = complaint.team.filter(cycle=complaint.cycle, seat="LEADER", left_at=None, user__is_active=True)
    return {seat.user_id: seat.user for seat in seats.select_related("user")}


def _proposers(proposal: Proposal) -> set[int]:
    """Return who put money into the proposal: none of them may agree to it."""
    writers = {line.written_by_id for line in proposal.lines.all()}
    return writers | {proposal.drafted_by_id} | ({proposal.submitted_by_id} - {None})  # type: ignore[operator]


def _levels(proposal: Proposal, on: date, value: Money) -> dict[str, Reason]:
    """Return each level that must agree to a case of that value, with the first reason for it."""
    whys: dict[str, Reason] = {}
    for level, why in [*_by_value(proposal, on, value), *_by_kind(proposal)]:
        whys.setdefault(level, why)
    return whys


def _by_value(proposal: Proposal, on: date, value: Money) -> Iterator[tuple[str, Reason]]:
    currency = settings.COMPANY_CURRENCY
    steps = list(ApprovalLimit.objects.in_force(on, currency=currency))
    if not steps or steps[-1].up_to is not None:
        raise Refused(reason("limits_missing", currency=currency, on=on))
    step = next(i for i, limit in enumerate(steps) if limit.up_to is None or value <= limit.up_to)
    goodwill = any(line.goodwill for line in proposal.standing_lines())
    raised = min(step + goodwill, len(steps) - 1)
    why = _rule(steps, raised, value, raised=raised > step)
    for level in steps[raised].levels:
        yield level, why


def _rule(steps: list[ApprovalLimit], step: int, value: Money, *, raised: bool) -> Reason:
    """Return the step of the matrix with the limit that the case exceeds, and the one that it keeps."""
    over, up_to = str(steps[step - 1].up_to) if step else "", str(steps[step].up_to or "")
    if raised:
        return reason("approval_for_goodwill", value=str(value), limit=over)
    if not over:
        return reason("approval_by_lowest", value=str(value), up_to=up_to)
    if not up_to:
        return reason("approval_by_highest", value=str(value), limit=over)
    return reason("approval_by_value", value=str(value), limit=over, up_to=up_to)


def _by_kind(proposal: Proposal) -> Iterator[tuple[str, Reason]]:
    if _has(proposal, RemedyKind.CONCESSION):
        yield Level.QM, reason("approval_for_concession")
        yield Level.RND, reason("approval_for_concession")
    if _has(proposal, RemedyKind.EXTENDED_GUARANTEE):
        yield Level.LEG, reason("approval_for_guarantee")
    if not proposal.without_admission:
        yield Level.LEG, reason("approval_for_admission")


def _has(proposal: Proposal, kind: str) -> bool:
    return any(line.kind == kind for line in proposal.standing_lines())


def _rate_day(proposal: Proposal) -> date:
    return company_date(proposal.submitted_at or proposal.drafted_at)


def _said(text: str) -> dict[str, str] | None:
    return {"comment": text} if text else None
