"""The five dated steps that a customer sees of a case: what was done when, what is going on, what comes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models.states import Channel
from portal import words
from portal.known import Known, offer_open
from remediation.models import NegotiationEntry, ProposalLine
from remediation.models.kinds import EntryKind, LineStatus, ProposalStatus

CAME_BY = {
    Channel.PHONE: lambda: _("You called us."),
    Channel.EMAIL: lambda: _("You wrote to us by e-mail."),
    Channel.LETTER: lambda: _("You wrote us a letter."),
    Channel.VISIT: lambda: _("You told us when we visited you."),
    Channel.PORTAL: lambda: _("You reported it here."),
}


@dataclass(frozen=True)
class Dated:
    """One thing that happened or is planned, in the list under a step."""

    on: datetime | date
    text: str


@dataclass(frozen=True)
class Step:
    """One of the five steps: done, now or later."""

    name: str
    stands: str
    at: datetime | None = None
    planned: str = ""
    text: str = ""
    below: tuple[Dated, ...] = ()


def steps(known: Known, *, signed_in: bool, entries: Iterable[NegotiationEntry] = ()) -> tuple[Step, ...]:
    """Return the five dated steps; `entries` are what the customer said in the negotiation."""
    made = [
        _received(known),
        _investigating(known),
        _proposed(known, entries if signed_in else ()),
        _carried_out(known, signed_in=signed_in),
        _done(known),
    ]
    ending = known.case.state in words.ENDINGS
    at = words.STEP_OF[known.case.state]
    return tuple(
        _placed(step, index, at, known) for index, step in enumerate(made) if not (ending and _skipped(index, known))
    )


def _placed(step: Step, index: int, at: int, known: Known) -> Step:
    over = known.case.ended_at is not None
    stands = "done" if index < at or over else ("now" if index == at else "later")
    return replace(step, stands=stands)


def _skipped(index: int, known: Known) -> bool:
    """Tell whether the case ended before it came to this step."""
    reached = {words.PROPOSAL: bool(known.proposals), words.CARRYING_OUT: bool(known.agreed)}
    if index == words.INVESTIGATING:
        return known.case.triaged_at is None
    return not reached.get(index, True)


def _received(known: Known) -> Step:
    case = known.case
    said = CAME_BY.get(Channel(case.channel))
    return Step(str(words.STEPS[words.RECEIVED]), "", case.received_at, text=said() if said else "")


def _investigating(known: Known) -> Step:
    case, below = known.case, []
    if case.cycle > 1:
        below.append(Dated(case.cycles.get(number=case.cycle).opened_at, _("Reopened.")))
    sent = known.analysis.sent_at if known.analysis else None
    if sent:
        below.append(Dated(sent, _("Our initial analysis was sent to you.")))
    found = bool(known.proposals) or words.STEP_OF[case.state] in (words.PROPOSAL, words.CARRYING_OUT)
    text = _("The investigation is finished.") if found else ""
    begun = case.triaged_at if case.cycle == 1 else None
    return Step(str(words.STEPS[words.INVESTIGATING]), "", begun, text=text, below=tuple(below))


def _proposed(known: Known, entries: Iterable[NegotiationEntry]) -> Step:
    offer = known.offer
    if offer is None:
        return Step(str(words.STEPS[words.PROPOSAL]), "")
    below = [
        Dated(row.sent_at, _("Version %(number)s was sent to you.") % {"number": row.number})
        for row in known.proposals
        if row.sent_at
    ]
    said = {EntryKind.COUNTER: _("You asked for a change."), EntryKind.REFUSAL: _("You rejected the proposal.")}
    below += [Dated(row.at, said[EntryKind(row.kind)]) for row in entries if row.kind in said]
    if offer.status == ProposalStatus.ACCEPTED:
        below.append(Dated(offer.acceptance.at, _("You accepted.")))
    name = _("Proposal with you") if offer_open(known) else str(words.STEPS[words.PROPOSAL])
    below.sort(key=lambda row: row.on)  # the oldest first, as the path itself is read
    return Step(name, "", offer.sent_at, below=tuple(below) if len(below) > 1 else ())


def _carried_out(known: Known, *, signed_in: bool) -> Step:
    name, lines = str(words.STEPS[words.CARRYING_OUT]), known.agreed
    if not lines:
        return Step(name, "")
    begun = known.proposals[-1].acceptance.at
    due = [line.due_on for line in lines if line.due_on]
    done = sum(line.status == LineStatus.DONE for line in lines)
    text = _("%(done)s of %(all)s done.") % {"done": done, "all": len(lines)}
    if done == len(lines):
        text = _("Everything is done.")
    planned = _("planned until %(day)s") % {"day": known.day(max(due))} if due and done < len(lines) else ""
    below = tuple(sorted(_parts(lines), key=_day)) if signed_in and planned else ()
    return Step(name, "", None if planned else begun, planned=planned, text=text, below=below)


def _parts(lines: list[ProposalLine]) -> Iterable[Dated]:
    """Yield what was agreed, each part with the day it was done or is planned for."""
    for line in lines:
        if line.done_at:
            yield Dated(line.done_at, _("%(part)s: done") % {"part": line.get_kind_display()})
        elif line.due_on:
            yield Dated(line.due_on, _("%(part)s: planned") % {"part": line.get_kind_display()})


def _day(row: Dated) -> date:
    return timezone.localtime(row.on).date() if isinstance(row.on, datetime) else row.on


def _done(known: Known) -> Step:
    case = known.case
    name = str(words.ENDINGS.get(case.state, words.STEPS[words.DONE]))
    return Step(name, "", case.ended_at if case.state in words.ENDINGS else case.resolved_at or case.ended_at)
