"""
What the pages of a customer may show: every field stands in a frozen class (here, in steps, in offers), and nothing
else is printed.

Never here: internal notes, costs, reserves, grades, targets and how they were set, workload, approvals, other firms.
Words are final: made in the language and zone that are active while a function runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.frame import initials
from complaints import conversation
from complaints import evidence as files
from complaints.models import Complaint, Escalation, Evidence, Letter, Message, SlaClock
from complaints.models.states import BACKLOG, Audience, BreachReason, ClockState, LetterKind, Metric, Safety, State
from portal import dates, words
from portal.known import Known, facts_of, gather, offer_open
from portal.steps import Step, steps
from remediation.models import ProposalLine
from remediation.models.kinds import LineStatus, ProposalStatus, VisitKind, VisitStatus

if TYPE_CHECKING:
    from accounts.models import User

ASKING = (State.RESPONDING, State.DIAGNOSING, State.PROPOSING)  # while answers to our questions still help
STOPPED_UNTIL = (State.RECEIVED, State.TRIAGED, State.RESPONDING, State.DIAGNOSING, State.PROPOSING, State.NEGOTIATING)
ANSWERED = (ProposalStatus.REFUSED, ProposalStatus.SUPERSEDED, ProposalStatus.EXPIRED)
REASONS_TO_SAY = {  # of a delay; the others are our own affair
    BreachReason.WAITING_SUPPLIER: BreachReason.WAITING_SUPPLIER.label,
    BreachReason.TEST_DURATION: BreachReason.TEST_DURATION.label,
    BreachReason.SPARE_PARTS: BreachReason.SPARE_PARTS.label,
    BreachReason.TRAVEL: BreachReason.TRAVEL.label,
    BreachReason.FORCE_MAJEURE: BreachReason.FORCE_MAJEURE.label,
}


@dataclass(frozen=True)
class Ask:
    """What waits for the customer. `text` may name sums and is left out where nobody is signed in."""

    kind: str  # proposal, result, question
    title: str
    text: str
    url: str
    action: str
    due: str = ""
    other_url: str = ""
    other_action: str = ""


@dataclass(frozen=True)
class Delay:
    """A promised date that was missed, said before everything else."""

    title: str
    text: str


@dataclass(frozen=True)
class FileShown:
    """A file of the customer's own, or one that was shown to them."""

    name: str
    url: str
    thumb: str = ""


@dataclass(frozen=True)
class Said:
    """One message, theirs or ours."""

    yours: bool
    who: str
    initials: str
    at: datetime
    body: str
    language: str
    files: tuple[FileShown, ...] = ()


@dataclass(frozen=True)
class Document:
    """A letter that was sent; `ready` once its PDF is there."""

    name: str
    url: str
    at: datetime
    ready: bool


@dataclass(frozen=True)
class VisitShown:
    """A return visit on the customer's own date."""

    kind: str
    on: date
    said: str


@dataclass(frozen=True)
class Person:
    """Who looks after the case."""

    name: str
    initials: str
    email: str


@dataclass(frozen=True)
class ManagerCall:
    """The customer's last call for a manager: when it reached us, by when we answer, when we did."""

    at: datetime
    answer_by: str
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Card:
    """A case in the list, and the part of it that the tracker shows."""

    ref: str
    url: str
    title: str
    goods: str
    status: str
    next: str
    ended: bool
    received_at: datetime
    asks: tuple[Ask, ...] = ()
    delays: tuple[Delay, ...] = ()


@dataclass(frozen=True)
class CasePage:
    """Everything on the page of a case; the tracker is made with the lists of people's words and files left empty."""

    card: Card
    steps: tuple[Step, ...]
    keep_stopped: bool
    master_url: str = ""
    talk: tuple[tuple[datetime, tuple[Said, ...]], ...] = ()
    documents: tuple[Document, ...] = ()
    files: tuple[FileShown, ...] = ()
    visits: tuple[VisitShown, ...] = ()
    person: Person | None = None
    may_ask_again: bool = False
    may_question: bool = False  # the initial analysis, as no answer
    call: ManagerCall | None = None
    may_call: bool = False


# The parts of a page -------------------------------------------------------------------------------------------------


def card(known: Known) -> Card:
    """Return the case as the list shows it."""
    case, facts = known.case, facts_of(known)
    asks = tuple(_asks(known, facts))
    return Card(
        ref=case.ref or "",
        url=reverse("portal-case", args=[case.ref]),
        title=case.title,
        goods=goods(case),
        status=words.status(facts),
        next=words.what_next(replace(facts, asked=bool(asks))),
        ended=case.ended_at is not None,
        received_at=case.received_at or known.now,
        asks=asks,
        delays=tuple(_delays(known)),
    )


def goods(case: Complaint) -> str:
    """Return the goods by product and serial number, "" if neither is known."""
    product = case.product or (case.lot.product if case.lot else None)
    product = product or (case.delivery.product if case.delivery else None)
    return " ".join(part for part in (product.shown_name if product else "", case.serial) if part)


def _asks(known: Known, facts: words.Facts) -> Iterable[Ask]:
    case = known.case
    page = reverse("portal-case", args=[case.ref])
    if offer_open(known):
        yield _ask_for_answer(known, facts, page)
    if case.state == State.VERIFYING:
        yield Ask(
            kind="result",
            title=_("Check the result and tell us whether it is solved"),
            text=_("Everything we agreed is reported as done. We ask you, because only you can see whether it works."),
            url=reverse("portal-result", args=[case.ref]),
            action=_("Answer now"),
        )
    yield from _open_questions(known, page)


def _ask_for_answer(known: Known, facts: words.Facts, page: str) -> Ask:
    offer = known.offer
    assert offer is not None
    return Ask(
        kind="proposal",
        title=_("Read the proposal and tell us your answer"),
        text=in_short(known.lines[offer.pk]),
        url=reverse("portal-proposal", args=[known.case.ref]),
        action=_("Read the proposal"),
        due=_("Answer by %(day)s") % {"day": facts.answer_by} if facts.answer_by else "",
        other_url=f"{page}#messages",
        other_action=_("Ask a question first"),
    )


def in_short(lines: list[ProposalLine]) -> str:
    """Return what a proposal gives, by kind and sum: "Rework; Compensation CNY 17,050.00"."""
    parts = [
        f"{line.get_kind_display()} {line.amount}" if line.amount and line.amount.minor else line.get_kind_display()
        for line in lines
        if line.status != LineStatus.CANCELLED
    ]
    return pgettext("between parts of a list", "; ").join(parts)


def _open_questions(known: Known, page: str) -> Iterable[Ask]:
    waits = {clock.waiting_for for clock in known.clocks.values() if clock.state == ClockState.PAUSED}
    for wait in sorted(waits & words.WANTED.keys()):
        title, text = words.WANTED[wait]
        yield Ask("question", str(title), str(text), f"{page}#messages", _("Answer"))
    questions = known.analysis.questions.strip() if known.analysis else ""
    if questions and not known.answered and known.case.state in ASKING:
        title = _("We have questions for you")
        yield Ask("question", title, questions, f"{page}#messages", _("Answer"))


def _delays(known: Known) -> Iterable[Delay]:
    first = known.clocks.get(Metric.INITIAL)
    if first and first.state == ClockState.RUNNING and first.due_at and first.due_at < known.now:
        due = dates.moment(first.due_at, today=known.today)
        text = _("You were to have it by %(moment)s. We are still at work on it, and write to you once it is ready.")
        yield Delay(
            _("Our initial analysis comes later than we promised."), text % {"moment": due} + _because(known, first)
        )
    if late := _late_parts(known):
        text = _("It was planned until %(day)s. Your contact tells you the new day.")
        yield Delay(_("What we agreed takes longer than we promised."), text % {"day": known.day(max(late))})
    for visit in known.visits:
        if visit.status == VisitStatus.MISSED:
            text = _("It was planned for %(day)s. We call you to agree on a new day.")
            yield Delay(_("We missed a visit that we promised you."), text % {"day": known.day(visit.due_on)})


def _late_parts(known: Known) -> list[date]:
    """Return the promised days, past now, of what is not done yet."""
    waited = [line.due_on for line in known.agreed if line.due_on and line.status != LineStatus.DONE]
    return [on for on in waited if on < known.customer_today]


def _because(known: Known, clock: SlaClock) -> str:
    """Return the reason of a missed date, where it is one to tell a customer."""
    said = known.explained.get(clock.pk)
    reason = REASONS_TO_SAY.get(BreachReason(said.reason)) if said and said.reason else None
    return " " + _("Reason: %(reason)s.") % {"reason": reason} if reason else ""


# The page of a case --------------------------------------------------------------------------------------------------


def case_page(case: Complaint, user: User, *, now: datetime) -> CasePage:
    """Return all that the signed-in customer's page of the case shows."""
    [known] = gather([case], now=now)
    shown = _shown_files(case)
    said = list(case.messages.exclude(audience=Audience.INTERNAL).select_related("by").order_by("at", "pk"))
    talks = known.proposals and known.proposals[0].status in ANSWERED
    entries = case.negotiation.filter(cycle=case.cycle).order_by("at", "pk") if talks else ()
    call = _call(known)
    return CasePage(
        card=card(known),
        call=call,
        may_call=case.state in BACKLOG and (call is None or call.answered_at is not None),
        steps=steps(known, signed_in=True, entries=entries),
        keep_stopped=_keep_stopped(case),
        master_url=reverse("portal-case", args=[case.master.ref]) if case.master else "",
        talk=_by_day([_report(case, now), *(_said(row, user, shown) for row in said)]),
        documents=tuple(_documents(case)),
        files=tuple({row.pk: _file(case, row) for row in shown}.values()),
        visits=tuple(_visits(known)),
        person=person(case),
        may_ask_again=case.state in (State.FOLLOW_UP, State.CLOSED, State.REJECTED),
        may_question=not conversation.no_answer_gaps(case),
    )


def _call(known: Known) -> ManagerCall | None:
    """Return the last call for a manager; by when it is answered stays unsaid once that day has passed."""
    row = known.case.escalations.filter(step=Escalation.CALL).order_by("-raised_at", "-pk").first()
    if row is None:
        return None
    last = dates.last_day_before(row.due_at) if row.due_at and row.due_at > known.now else None
    return ManagerCall(row.raised_at, known.day(last) if last else "", row.taken_at)


def tracker_page(case: Complaint, *, now: datetime) -> CasePage:
    """Return what anybody with the link may see: status, dates, that something waits; no sums, names, words, files."""
    [known] = gather([case], now=now)
    whole = card(known)
    asks = tuple(Ask(ask.kind, ask.title, "", ask.url, ask.action, ask.due) for ask in whole.asks)
    shown = Card(
        whole.ref, whole.url, "", _product(case), whole.status, whole.next, whole.ended, whole.received_at, asks,
        whole.delays,
    )  # fmt: skip
    return CasePage(card=shown, steps=steps(known, signed_in=False), keep_stopped=_keep_stopped(case))


def _product(case: Complaint) -> str:
    return case.product.shown_name if case.product else ""


def _keep_stopped(case: Complaint) -> bool:
    """Tell whether the danger or stoppage that the customer told us of still stands."""
    told = case.safety in (Safety.DANGER, Safety.INJURY) or case.work_stopped
    return told and case.state in STOPPED_UNTIL


def _shown_files(case: Complaint) -> list[Evidence]:
    """Return the files that the customer may open; one that came with two messages is there twice (`said_in`)."""
    rows = case.evidence.filter(shown_to_customer=True).select_related("blob")
    return list(rows.annotate(said_in=F("messages__pk")).order_by("at", "pk"))


def _file(case: Complaint, row: Evidence) -> FileShown:
    url = reverse("portal-file", args=[case.ref, row.uuid])
    thumb = reverse("portal-thumb", args=[case.ref, row.uuid]) if row.blob.kind in files.SHOWN else ""
    return FileShown(row.caption or row.name, url, thumb)


def _report(case: Complaint, now: datetime) -> Said:
    """Return what the customer reported in the first place, as it was written down."""
    who = case.contact_name or (case.contact.name if case.contact else "") or _("You")
    told = _("%(who)s: your report") % {"who": who}
    return Said(True, told, initials(who), case.received_at or now, case.description, case.language)


def _said(row: Message, user: User, shown: list[Evidence]) -> Said:
    yours = row.audience == Audience.IN
    who = _author(row, user) if yours else (row.by.name if row.by else _("Customer service"))
    pictures = tuple(_file(row.complaint, file) for file in shown if file.said_in == row.pk)  # type: ignore[attr-defined]
    return Said(yours, who, initials(who), row.at, row.body, row.language, pictures)


def _author(row: Message, user: User) -> str:
    if row.by_id == user.pk or row.author == user.name:
        return _("You")
    colleague = row.by is not None and row.by.organisation_id == user.organisation_id
    return row.author or (row.by.name if colleague and row.by else _("You"))


def _by_day(said: list[Said]) -> tuple[tuple[datetime, tuple[Said, ...]], ...]:
    days: dict[date, list[Said]] = defaultdict(list)
    for one in said:
        days[timezone.localtime(one.at).date()].append(one)
    return tuple((talk[0].at, tuple(talk)) for talk in days.values())


def _documents(case: Complaint) -> Iterable[Document]:
    versions: dict[str, int] = defaultdict(int)
    found = []
    sent = case.letters.filter(sent_at__isnull=False).defer("facts").order_by("sent_at", "pk")
    for letter in sent:
        versions[f"{letter.kind} {letter.language}"] += 1
        number = versions[f"{letter.kind} {letter.language}"]
        found.append(document(case, letter, number))
    return reversed(found)


def document(case: Complaint, letter: Letter, number: int) -> Document:
    """Return a sent letter under its name for customers; `number` is its version."""
    name = str(words.DOCUMENTS[LetterKind(letter.kind)])
    if number > 1:
        name = _("%(name)s, version %(number)s") % {"name": name, "number": number}
    url = reverse("portal-letter", args=[case.ref, letter.uuid])
    assert letter.sent_at is not None
    return Document(name, url, letter.sent_at, letter.pdf_id is not None)


VISITS = {
    VisitKind.CALL: lambda: _("We call you"),
    VisitKind.SITE: lambda: _("We visit you"),
    VisitKind.VIDEO: lambda: _("We speak by video"),
    VisitKind.MESSAGE: lambda: _("We write to you"),
}
VISITED = {
    VisitStatus.PLANNED: lambda: "",
    VisitStatus.DONE: lambda: _("done"),
    VisitStatus.DONE_LATE: lambda: _("done"),
    VisitStatus.MISSED: lambda: _("missed"),
}


def _visits(known: Known) -> Iterable[VisitShown]:
    for row in known.visits:
        if row.status != VisitStatus.CANCELLED:
            yield VisitShown(VISITS[VisitKind(row.kind)](), row.due_on, VISITED[VisitStatus(row.status)]())


def person(case: Complaint) -> Person | None:
    """Return who looks after the case, if anybody does already."""
    owner = case.owner
    return Person(owner.name, initials(owner.name), owner.email) if owner and owner.is_active else None
