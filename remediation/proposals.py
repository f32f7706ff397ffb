"""Verbs of the negotiation: draft, change, say, agree; and what the moves T08–T10 do to a proposal (DOMAIN §7)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, Prefetch

import audit
from complaints import letters, lifecycle, response
from complaints.days import customer_date
from complaints.gates import reason
from complaints.lifecycle import Refused
from complaints.models import Complaint, Evidence
from complaints.models.states import LetterKind, State
from contracts.money import Money
from remediation import approvals, basis, drafts
from remediation.models import Acceptance, Agreement, NegotiationEntry, Proposal, ProposalLine
from remediation.models.kinds import (
    PAYING,
    UNSENT,
    AcceptanceKind,
    EntryKind,
    LineStatus,
    ProposalStatus,
)

if TYPE_CHECKING:
    from accounts.models import User

SCOPE = (
    "kind", "description", "quantity", "unit", "cost", "amount", "goodwill", "goodwill_reason", "entitlement", "head",
    "clause",
)  # fmt: skip  # a change of these makes approvals void
LINE_FIELDS = (*SCOPE, "owner", "due_on")
TERMS = ("valid_until", "conditions", "without_admission", "reservation")
VOIDING_TERMS = ("conditions", "without_admission", "reservation")
INTERIM_STATES = (State.RESPONDING, State.DIAGNOSING, State.PROPOSING, State.NEGOTIATING)


# Drafting -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def draft_proposal(
    complaint: Complaint, *, by: User, at: datetime, interim: bool = False, copy: bool = False, **terms: Any
) -> Proposal:
    """
    Begin the next version; terms as in TERMS.

    copy: take over the lines of the version before.  interim: an urgent remedy ahead of the diagnosis, without
    prejudice. Raises Refused proposal_active while another version of this cycle is.
    """
    states = INTERIM_STATES if interim else (State.PROPOSING,)
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="proposal.draft", states=states)
    active = complaint.proposals.active().filter(cycle=complaint.cycle).first()
    if active is not None and not interim:
        raise Refused(reason("proposal_active", number=active.number))
    before = complaint.proposals.filter(interim=False).order_by("-number").first()
    proposal = Proposal(
        complaint=complaint, cycle=complaint.cycle, number=_next(complaint), interim=interim, drafted_by=by,
        drafted_at=at,
    )  # fmt: skip
    _set(proposal, TERMS, terms)
    proposal.save()
    if copy and before is not None:
        _copy_lines(before, proposal, by)
    _record(proposal, "proposal.drafted", by=by, at=at, interim=interim)
    return proposal


@transaction.atomic
def add_line(proposal: Proposal, *, by: User, at: datetime, **line: Any) -> ProposalLine:
    """Add a remedy; fields as in LINE_FIELDS, money as Money. Approvals given so far are void."""
    proposal = _open(proposal, by=by, at=at)
    last = proposal.lines.aggregate(last=Max("position"))["last"] or 0
    row = ProposalLine(proposal=proposal, position=last + 1, written_by=by)
    _write_line(proposal, row, line)
    _voided(proposal, by=by, at=at)
    facts = {**_facts(row), **_unconfirmed(proposal)}
    _record(proposal, "proposal.line_added", by=by, at=at, **facts, private={"description": row.description})
    return row


@transaction.atomic
def change_line(line: ProposalLine, *, by: User, at: datetime, **changes: Any) -> ProposalLine:
    """Change a remedy of an unsent version. A change of amount, scope or currency makes the approvals void."""
    proposal = _open(line.proposal, by=by, at=at)
    row = proposal.lines.get(pk=line.pk)
    before = {name: getattr(row, name) for name in changes}
    scope = any(name in SCOPE and before[name] != value for name, value in changes.items())
    if scope:
        row.written_by = by
    _write_line(proposal, row, changes)
    if scope:
        _voided(proposal, by=by, at=at)
    changed = sorted(name for name, value in changes.items() if before[name] != value)
    facts = {**_facts(row), **(_unconfirmed(proposal) if scope else {})}
    _record(proposal, "proposal.line_changed", by=by, at=at, fields=changed, **facts)
    return row


@transaction.atomic
def remove_line(line: ProposalLine, *, by: User, at: datetime) -> Proposal:
    """Take a remedy out of an unsent version; approvals are void."""
    proposal = _open(line.proposal, by=by, at=at)
    row = proposal.lines.get(pk=line.pk)
    facts = _facts(row)
    row.delete()
    _voided(proposal, by=by, at=at)
    _record(proposal, "proposal.line_removed", by=by, at=at, **facts)
    return proposal


@transaction.atomic
def set_terms(proposal: Proposal, *, by: User, at: datetime, **terms: Any) -> Proposal:
    """Set validity, conditions, admission, reservation of an unsent version; all but the validity void approvals."""
    proposal = _open(proposal, by=by, at=at)
    changed = [name for name in terms if getattr(proposal, name) != terms[name]]
    _set(proposal, TERMS, terms)
    proposal.save()
    if set(changed) & set(VOIDING_TERMS):
        _voided(proposal, by=by, at=at)
    _record(proposal, "proposal.terms_set", by=by, at=at, fields=sorted(changed))
    return proposal


def _open(proposal: Proposal, *, by: User, at: datetime) -> Proposal:
    """Lock the case and return the version, which must not be sent."""
    complaint = lifecycle.hold(proposal.complaint, by=by, at=at, permission="proposal.draft", states=INTERIM_STATES)
    proposal = complaint.proposals.get(pk=proposal.pk)
    if proposal.status not in UNSENT:
        raise Refused(reason("proposal_sent", number=proposal.number))
    return proposal


def _unconfirmed(proposal: Proposal) -> dict[str, bool]:
    """Make the confirmation of the sums void; return what the event says of it."""
    return {"confirmation_void": True} if basis.void(proposal) else {}


def _write_line(proposal: Proposal, row: ProposalLine, values: dict[str, Any]) -> None:
    _set(row, LINE_FIELDS, values)
    if found := [*basis.taken_over(proposal, row), *drafts.form_gaps(row)]:
        raise Refused(*found)
    row.save()


def _set(row: Proposal | ProposalLine, allowed: tuple[str, ...], values: dict[str, Any]) -> None:
    if unknown := values.keys() - set(allowed):
        raise KeyError(f"not a field of it: {sorted(unknown)}")
    for name, value in values.items():
        setattr(row, name, value)


def _voided(proposal: Proposal, *, by: User, at: datetime) -> None:
    """Make it a draft again if it was handed in; say so once."""
    if proposal.status == ProposalStatus.DRAFT:
        return
    given = approvals.void(proposal, at=at)
    proposal.save()
    _record(proposal, "proposal.approvals_voided", by=by, at=at, approvals=given)


def _copy_lines(before: Proposal, proposal: Proposal, by: User) -> None:
    kept = before.lines.exclude(status=LineStatus.CANCELLED).order_by("position")
    anew = {"entitlement": None, "head": ""} if before.cycle != proposal.cycle else {}  # assessed in another cycle
    for position, line in enumerate(kept, start=1):
        copied = {name: getattr(line, name) for name in LINE_FIELDS} | anew
        ProposalLine.objects.create(proposal=proposal, position=position, written_by=by, **copied)


def _next(complaint: Complaint) -> int:
    return (complaint.proposals.aggregate(last=Max("number"))["last"] or 0) + 1


# Talking --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def offer(
    complaint: Complaint, *, by: User, at: datetime, text: str, kind: str = EntryKind.OFFER
) -> NegotiationEntry:  # fmt: skip
    """Record what was said in the negotiation, without moving the case. kind: COUNTER, REFUSAL, OFFER or NOTE."""
    states = (State.PROPOSING, State.NEGOTIATING, State.DISPUTED)
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="proposal.negotiate", states=states)
    if not text.strip():
        raise Refused(reason("text_missing"))
    return _say(complaint, EntryKind(kind), text, by=by, at=at)


@transaction.atomic
def record_agreement(
    proposal: Proposal, *, by: User, at: datetime, signed_on: date, amount: Money, payee: str, evidence: str,
    file: Evidence | None = None,
) -> Agreement:  # fmt: skip
    """Record the signed agreement under which the money of a sent proposal flows; over exactly the sum it grants."""
    complaint = lifecycle.hold(proposal.complaint, by=by, at=at, permission="agreement.record")
    proposal = complaint.proposals.get(pk=proposal.pk)
    if proposal.status not in (ProposalStatus.SENT, ProposalStatus.ACCEPTED):
        raise Refused(reason("proposal_not_sent"))
    if not payee.strip() or not evidence.strip():
        raise Refused(reason("agreement_incomplete"))
    if signed_on > customer_date(complaint, at):
        raise Refused(reason("at_in_future"))
    granted = totals(proposal).get(amount.currency)
    if granted is None or granted.minor != amount.minor:
        raise Refused(reason("agreement_differs", total=_sums(proposal), amount=str(amount)))
    if granted not in unagreed(proposal):
        raise Refused(reason("agreement_recorded"))
    agreement = Agreement(
        proposal=proposal, signed_on=signed_on, payee=payee, evidence=evidence, file=file, recorded_by=by,
        recorded_at=at,
    )  # fmt: skip
    agreement.amount = amount
    agreement.save()
    facts = {"amount": str(amount.amount), "currency": amount.currency, "signed_on": signed_on}
    _record(proposal, "agreement.recorded", by=by, at=at, **facts, private={"payee": payee, "evidence": evidence})
    return agreement


def totals(proposal: Proposal) -> dict[str, Money]:
    """Return what the proposal pays the customer, by currency."""
    sums: dict[str, Money] = {}
    for line in proposal.standing_lines():
        if line.kind in PAYING and line.amount is not None and line.amount.minor:
            before = sums.get(line.amount.currency)
            sums[line.amount.currency] = line.amount if before is None else before + line.amount
    return sums


def unagreed(proposal: Proposal) -> list[Money]:
    """Return the sums for which no agreement is there yet."""
    signed: dict[str, set[int]] = defaultdict(set)
    for agreement in proposal.agreements.all():
        signed[agreement.amount.currency].add(agreement.amount.minor)
    return [money for code, money in totals(proposal).items() if money.minor not in signed[code]]


def _sums(proposal: Proposal) -> str:
    return " + ".join(str(money) for money in totals(proposal).values()) or "0"


# Interim remedies and the end of an offer -----------------------------------------------------------------------------


@transaction.atomic
def release(proposal: Proposal, *, by: User, at: datetime) -> Proposal:
    """Put an approved interim remedy before the customer and begin it, without prejudice and ahead of the diagnosis."""
    permission = "case.send_proposal"
    complaint = lifecycle.hold(proposal.complaint, by=by, at=at, permission=permission, states=INTERIM_STATES)
    proposal = complaint.proposals.get(pk=proposal.pk)
    if not proposal.interim:
        raise Refused(reason("interim_only"))
    if found := [*drafts.gaps(proposal), *basis.gaps(proposal), *approvals.gaps(proposal)]:
        raise Refused(*found)
    basis.look_again(proposal, at=at)
    if proposal.status == ProposalStatus.APPROVED:
        _send(proposal, by=by, at=at)
        proposal.lines.filter(status=LineStatus.PLANNED).update(status=LineStatus.RELEASED)
        _record(proposal, "proposal.released", by=by, at=at)
    return proposal


@transaction.atomic
def expire(proposal: Proposal, *, at: datetime) -> bool:
    """End an offer whose validity is over; the case's owner is asked for the next version. False: nothing to end."""
    complaint = Complaint.objects.select_for_update().get(pk=proposal.complaint_id)
    proposal = complaint.proposals.get(pk=proposal.pk)
    over = proposal.status == ProposalStatus.SENT and proposal.expired(customer_date(complaint, at))
    if not over or proposal.interim:
        return False
    proposal.status = ProposalStatus.EXPIRED
    proposal.save()
    _record(proposal, "proposal.expired", by=None, at=at, valid_until=proposal.valid_until)
    response.give_task(complaint, by=None, at=at, kind="proposal_expired", text=str(proposal), blocking=False)
    return True


# What the moves do to a proposal (registered in guards.py) ------------------------------------------------------------


def sent(complaint: Complaint, *, by: User, at: datetime, details: dict[str, Any]) -> None:
    """T08: freeze the letter; from here on the version stays as it is."""
    proposal = current(complaint)
    if proposal is None:
        raise Refused(reason("proposal_missing"))
    if proposal.expired(customer_date(complaint, at)):
        raise Refused(reason("valid_until_passed", number=proposal.number, until=proposal.valid_until))
    basis.look_again(proposal, at=at)
    _send(proposal, by=by, at=at)


def countered(complaint: Complaint, *, by: User, at: datetime, details: dict[str, Any]) -> None:
    """T09: the version is over; what the customer said opens the next round."""
    _check_version(details.get("proposal"), _with_customer(complaint) if details.get("proposal") else None)
    refusal = bool(details.get("refusal"))
    kind = EntryKind.REFUSAL if refusal else EntryKind.COUNTER
    _say(complaint, kind, details["reason"], by=by, at=at)
    proposal = current(complaint)
    if proposal is not None:
        proposal.status = ProposalStatus.REFUSED if refusal else ProposalStatus.SUPERSEDED
        proposal.save()
        _record(proposal, "proposal.superseded", by=by, at=at, status=proposal.status)


def accepted(complaint: Complaint, *, by: User, at: datetime, details: dict[str, Any]) -> None:
    """T10: the acceptance binds this version only; its lines may begin."""
    proposal = _with_customer(complaint)
    if proposal.expired(customer_date(complaint, at)):
        raise Refused(reason("proposal_expired", number=proposal.number, until=proposal.valid_until))
    _check_version(details.get("proposal"), proposal)
    if details["kind"] not in AcceptanceKind.values:
        raise Refused(reason("acceptance_kind_unknown"))
    _bind(
        proposal,
        details["kind"],
        details["evidence"],
        by=by,
        at=at,
        name=details.get("name") or _own_name(complaint, by),
    )


def _own_name(complaint: Complaint, by: User) -> str:
    """Return the name of the customer's person who answers; who takes an answer down did not accept it."""
    return by.name if by.organisation_id == complaint.customer_id else ""


def _check_version(said: int | None, proposal: Proposal | None) -> None:
    """Raise Refused if the customer speaks of another version than the one that is with them."""
    if said is not None and proposal is not None and int(said) != proposal.number:
        raise Refused(reason("proposal_other_version", number=said, active=proposal.number))


def settled(complaint: Complaint, *, by: User, at: datetime, details: dict[str, Any]) -> None:
    """T21 to execution: the settlement or award accepts the version that is with the customer."""
    if details["to"] == State.EXECUTING:
        outcome = complaint.disputes.latest("settled_at").outcome
        _bind(_with_customer(complaint), AcceptanceKind.SETTLEMENT, outcome, by=by, at=at)
    elif details["to"] == State.CLOSED:
        ended(complaint, by=by, at=at, details={})


def ended(complaint: Complaint, *, by: User, at: datetime, details: dict[str, Any]) -> None:
    """The case ends or begins anew: what was not accepted is superseded; open lines are not carried out any more."""
    status = State(complaint.state).value
    offered = complaint.proposals.filter(status__in=(*UNSENT, ProposalStatus.SENT))
    for proposal in offered.exclude(interim=True, status=ProposalStatus.SENT):
        proposal.status = ProposalStatus.SUPERSEDED
        proposal.save()
        _record(proposal, "proposal.superseded", by=by, at=at, status=proposal.status)
    over = (LineStatus.DONE, LineStatus.CANCELLED)
    lines = ProposalLine.objects.filter(proposal__complaint=complaint).exclude(status__in=over)
    count = lines.update(status=LineStatus.CANCELLED, cancelled_because=status)
    if count:
        audit.record("case", complaint.uuid, "remedy.cancelled", by=by, at=at, facts={"lines": count, "state": status})


def current(complaint: Complaint) -> Proposal | None:
    """Return the active version of the present cycle with its lines, if there is one."""
    lines = ProposalLine.objects.select_related("entitlement").defer("entitlement__record")
    rows = complaint.proposals.active().filter(cycle=complaint.cycle)
    return rows.prefetch_related(Prefetch("lines", lines)).first()


def _with_customer(complaint: Complaint) -> Proposal:
    proposal = current(complaint)
    if proposal is None or proposal.status != ProposalStatus.SENT:
        raise Refused(reason("proposal_not_sent"))
    return proposal


def _send(proposal: Proposal, *, by: User, at: datetime) -> None:
    proposal.status, proposal.sent_at = ProposalStatus.SENT, at
    proposal.save()
    proposal.letter = letters.freeze(proposal.complaint, LetterKind.PROPOSAL, by=by, at=at, send=True)
    proposal.save()


def _bind(proposal: Proposal, kind: str, evidence: str, *, by: User, at: datetime, name: str = "") -> None:
    Acceptance.objects.create(proposal=proposal, kind=kind, evidence=evidence, name=name, by=by, at=at)
    proposal.status = ProposalStatus.ACCEPTED
    proposal.save()
    proposal.lines.filter(status=LineStatus.PLANNED).update(status=LineStatus.RELEASED)


def _say(complaint: Complaint, kind: str, text: str, *, by: User, at: datetime) -> NegotiationEntry:
    entry = NegotiationEntry.objects.create(
        complaint=complaint, cycle=complaint.cycle, proposal=current(complaint), kind=kind, text=text, by=by, at=at
    )
    facts = {"kind": kind, "proposal": entry.proposal.number if entry.proposal else None}
    audit.record("case", complaint.uuid, "negotiation.said", by=by, at=at, facts=facts, private={"text": text})
    return entry


def _facts(line: ProposalLine) -> dict[str, Any]:
    """Return what an event keeps of a line: codes and sums, no words."""
    return {
        "line": line.pk,
        "remedy": line.kind,
        "cost": None if line.cost is None else [str(line.cost.amount), line.cost.currency],
        "amount": None if line.amount is None else [str(line.amount.amount), line.amount.currency],
        "goodwill": line.goodwill,
    }


def _record(
    proposal: Proposal, kind: str, *, by: User | None, at: datetime, private: dict[str, str] | None = None, **facts: Any
) -> None:
    facts = {"proposal": proposal.number, **facts}
    audit.record("case", proposal.complaint.uuid, kind, by=by, at=at, facts=facts, private=private)
