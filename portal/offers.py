"""A proposal as the customer reads it: what they get, each sum with the clause and the lines that explain it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints import lifecycle
from complaints.models import Complaint, EntitlementAssessment
from complaints.models.states import State
from contracts import entitlement_words
from contracts.money import Money
from portal import presenters, words
from portal.known import Known, gather, offer_open
from portal.presenters import Document, Person
from remediation.models import Proposal, ProposalLine
from remediation.models.kinds import EntryKind, LineStatus, ProposalStatus, RemedyKind

ICONS = {
    RemedyKind.RETURN_REFUND: "money",
    RemedyKind.PRICE_REDUCTION: "money",
    RemedyKind.COMPENSATION: "money",
    RemedyKind.CREDIT_NOTE: "money",
    RemedyKind.EXTENDED_GUARANTEE: "shield",
    RemedyKind.CONCESSION: "contract",
    RemedyKind.USE_AS_IS: "contract",
    RemedyKind.NONE: "file",
}


@dataclass(frozen=True)
class Part:
    """One thing the customer gets."""

    name: str
    text: str
    icon: str
    quantity: str
    by: str  # until when, in words
    amount: str  # with its currency, "" if the line pays nothing


@dataclass(frozen=True)
class How:
    """One step of how a sum was worked out."""

    what: str
    formula: str
    amount: str


@dataclass(frozen=True)
class Sum:
    """A sum with the clause that grants it and how it was worked out."""

    name: str
    clause: str
    amount: str  # without its currency
    text: str
    how: tuple[How, ...]


@dataclass(frozen=True)
class MoneyTable:
    """The sums of one currency."""

    currency: str
    sums: tuple[Sum, ...]
    total: str


@dataclass(frozen=True)
class Receipt:
    """What the customer answered, for their files."""

    kind: str  # accept, change, reject
    version: int
    at: datetime
    name: str
    text: str
    signed: str = ""


@dataclass(frozen=True)
class Offer:
    """One version of a proposal, as it was sent."""

    ref: str
    title: str
    goods: str
    contract: str
    version: int
    sent_at: datetime
    answer_by: date | None
    stands: str  # open, accepted, answered, over
    headline: str
    parts: tuple[Part, ...]
    money: tuple[MoneyTable, ...]
    conditions: tuple[str, ...]
    without_admission: bool
    reservation: str
    blocked: tuple[str, ...]  # why it cannot be accepted here yet, though it is open
    letter: Document | None
    person: Person | None
    replaces: int


def latest(case: Complaint, user: Any, *, now: datetime) -> Offer | None:
    """Return the version that was sent last in this cycle, None if none was."""
    [known] = gather([case], now=now)
    proposal = known.offer
    if proposal is None:
        return None
    lines = [line for line in known.lines[proposal.pk] if not _called_off_before(line, proposal)]
    clauses = _with_clauses(lines)
    stands = _stands(known, proposal)
    return Offer(
        ref=case.ref or "", title=case.title, goods=presenters.goods(case), contract=_contract(case),
        version=proposal.number, sent_at=proposal.sent_at or now, answer_by=proposal.valid_until, stands=stands,
        headline=_headline(clauses), parts=tuple(_part(known, line) for line in clauses), money=_money(clauses),
        conditions=tuple(row.strip() for row in proposal.conditions.splitlines() if row.strip()),
        without_admission=proposal.without_admission, reservation=proposal.reservation.strip(),
        blocked=_blocked(case, user) if stands == "open" else (), letter=_letter(case, proposal),
        person=presenters.person(case), replaces=known.proposals[-2].number if len(known.proposals) > 1 else 0,
    )  # fmt: skip


def _called_off_before(line: ProposalLine, proposal: Proposal) -> bool:
    return line.status == LineStatus.CANCELLED and proposal.status == ProposalStatus.SENT


def _with_clauses(lines: list[ProposalLine]) -> list[ProposalLine]:
    """Return the lines with their clause and entitlement read in one query."""
    rows = ProposalLine.objects.filter(pk__in=[line.pk for line in lines]).select_related("clause", "entitlement")
    return list(rows.order_by("position"))


def _stands(known: Known, proposal: Proposal) -> str:
    if offer_open(known):
        return "open"
    if proposal.status == ProposalStatus.ACCEPTED:
        return "accepted"
    return "over" if known.case.state == State.NEGOTIATING else "answered"


def _headline(lines: list[ProposalLine]) -> str:
    """Return the first sentence: what is offered, each remedy with its sum."""
    offered = [f"{line.get_kind_display().lower()} {_paid(line)}".strip() for line in lines]
    return _("We offer: %(what)s.") % {"what": pgettext("between remedies", ", ").join(dict.fromkeys(offered))}


def _paid(line: ProposalLine) -> str:
    return str(line.amount).replace(" ", "\u00a0") if line.amount and line.amount.minor else ""


def _part(known: Known, line: ProposalLine) -> Part:
    quantity = f"{_plain(line.quantity)} {line.unit}" if line.quantity is not None and line.unit else ""
    return Part(
        name=line.get_kind_display(),
        text=line.description,
        icon=ICONS.get(RemedyKind(line.kind), "wrench"),
        quantity=quantity,
        by=known.day(line.due_on),
        amount=_paid(line),
    )


def _plain(value: Any) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(lines: list[ProposalLine]) -> tuple[MoneyTable, ...]:
    paying = [line for line in lines if line.amount is not None and line.amount.minor]
    return tuple(
        MoneyTable(
            currency, tuple(_sum(line) for line in paying if line.amount.currency == currency), _figure(total)
        )
        for currency, total in _totals(lines).items()
    )  # fmt: skip


def _totals(lines: list[ProposalLine]) -> dict[str, Money]:
    sums: dict[str, Money] = {}
    for line in lines:
        if line.amount is not None and line.amount.minor:
            before = sums.get(line.amount.currency)
            sums[line.amount.currency] = line.amount if before is None else before + line.amount
    return sums


def _figure(money: Money) -> str:
    """Return the amount without its currency: "17,050.00"."""
    return f"{money.rounded().amount:,f}"


def _sum(line: ProposalLine) -> Sum:
    clause = ""
    if line.clause is not None:
        clause = _("Clause %(number)s, %(heading)s") % {
            "number": line.clause.number,
            "heading": line.clause.shown_heading,
        }
    elif line.goodwill:
        clause = _("Goodwill, beyond what the contract grants")
    return Sum(line.get_kind_display(), clause, _figure(line.amount), line.description, tuple(_how(line)))


def _how(line: ProposalLine) -> list[How]:
    """
    Return the heads that stand under the line's clause; without a clause the only head, and none of several.

    Of sums that the contract gives none is told that the line does not pay.
    """
    assessed: EntitlementAssessment | None = line.entitlement
    if assessed is None:
        return []
    heads = assessed.heads if len(assessed.heads) == 1 else []
    if line.head:
        heads = [head for head in assessed.heads if head.get("key") == line.head]
    elif line.clause is not None:
        heads = [head for head in assessed.heads if str(head.get("clause", "")) in ("", line.clause.number)]
    if assessed.computed and sum(Decimal(head["amount"]) for head in heads) != line.amount.amount:
        return []
    return [
        How(_head_words(str(head.get("head", ""))), str(head.get("formula", "")), _as_written(head.get("amount")))
        for head in heads
    ]  # fmt: skip


def _head_words(head: str) -> str:
    """Return a head that the clauses gave in words; one that somebody wrote as it was written."""
    return entitlement_words.choice(head)


def _as_written(amount: Any) -> str:
    """Return an amount kept as text, with its thousands grouped; other text as it is."""
    try:
        return f"{Decimal(str(amount)):,f}"
    except ArithmeticError:
        return str(amount or "")


def _contract(case: Complaint) -> str:
    version = case.contract_version
    if version is None:
        return ""
    return _("Contract %(number)s, version %(version)s") % {
        "number": version.contract.number,
        "version": version.version,
    }


def _letter(case: Complaint, proposal: Proposal) -> Document | None:
    if proposal.letter_id is None:
        return None
    letter = case.letters.filter(pk=proposal.letter_id, sent_at__isnull=False).defer("facts").first()
    return presenters.document(case, letter, proposal.number) if letter else None


def _blocked(case: Complaint, user: Any) -> tuple[str, ...]:
    """Return what stands in the way of accepting it here, in the customer's words."""
    return tuple(words.refusal(why) for why in lifecycle.choice("accept", case, user).blocked_by)


def done_parts(known: Known) -> tuple[Part, ...]:
    """Return what was agreed and is done, for the question whether it helped."""
    return tuple(_part(known, line) for line in known.agreed if line.status == LineStatus.DONE)


def receipt(case: Complaint) -> Receipt | None:
    """Return the last answer that the customer gave, None if there is none."""
    answered = case.proposals.filter(cycle=case.cycle, acceptance__isnull=False).select_related("acceptance").last()
    if answered is not None:
        given = answered.acceptance
        return Receipt("accept", answered.number, given.at, given.name, "", given.evidence)
    kinds = {EntryKind.COUNTER: "change", EntryKind.REFUSAL: "reject"}
    said = case.negotiation.filter(cycle=case.cycle, kind__in=kinds).select_related("proposal", "by")
    last = said.order_by("-at", "-pk").first()
    if last is None:
        return None
    name = last.by.name if last.by.organisation_id == case.customer_id else ""
    version = last.proposal.number if last.proposal else 0
    return Receipt(kinds[EntryKind(last.kind)], version, last.at, name, last.text)
