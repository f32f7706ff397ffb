"""What is read of cases, once for any number of them, and the facts that their sentences name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from complaints.days import customer_date
from complaints.models import Complaint, InitialAnalysis, Message, Rejection, SlaBreach, SlaClock
from complaints.models.states import Audience, ClockState, Metric, State
from portal import dates, words
from remediation.models import Proposal, ProposalLine, ReturnVisit
from remediation.models.kinds import LineStatus, ProposalStatus, VisitStatus


@dataclass
class Known:
    """The rows of one case that its words are made of; all of the present cycle, and only what was sent."""

    case: Complaint
    now: datetime
    clocks: dict[str, SlaClock] = field(default_factory=dict)
    analysis: InitialAnalysis | None = None
    proposals: list[Proposal] = field(default_factory=list)  # oldest first
    lines: dict[int, list[ProposalLine]] = field(default_factory=lambda: defaultdict(list))
    visits: list[ReturnVisit] = field(default_factory=list)
    explained: dict[int, SlaBreach] = field(default_factory=dict)  # by clock, the newest
    rejection: Rejection | None = None
    answered: bool = False  # the customer wrote after our initial analysis

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()

    @property
    def customer_today(self) -> date:
        """Today's date at the customer's, wherever the reader is."""
        return customer_date(self.case, self.now)

    @property
    def offer(self) -> Proposal | None:
        """The version sent last."""
        return self.proposals[-1] if self.proposals else None

    @property
    def agreed(self) -> list[ProposalLine]:
        """The lines of the version that was accepted, without those that were called off."""
        accepted = [row for row in self.proposals if row.status == ProposalStatus.ACCEPTED]
        lines = self.lines[accepted[-1].pk] if accepted else []
        return [line for line in lines if line.status != LineStatus.CANCELLED]

    def day(self, value: date | datetime | None) -> str:
        return dates.day(value, today=self.today) if value else ""


def gather(cases: Iterable[Complaint], *, now: datetime) -> list[Known]:
    """Return what is known of each case, in at most seven queries for all of them."""
    known = {case.pk: Known(case, now) for case in cases}
    _add_clocks(known)
    _add_explanations(known)
    _add_rejections(known)
    _add_proposals(known)
    for analysis in InitialAnalysis.objects.filter(complaint__in=known, sent_at__isnull=False).order_by("number"):
        if analysis.cycle == known[analysis.complaint_id].case.cycle:
            known[analysis.complaint_id].analysis = analysis
    _add_answers(known)
    _add_visits(known)
    return list(known.values())


def _add_answers(known: dict[int, Known]) -> None:
    """Mark those whose customer wrote after our initial analysis, which asked them something."""
    asked = {pk: one.analysis for pk, one in known.items() if one.analysis and one.analysis.questions.strip()}
    rows = Message.objects.filter(complaint__in=asked, audience=Audience.IN).order_by()
    for pk, last in rows.values_list("complaint").annotate(last=Max("at")) if asked else ():
        sent_at = asked[pk].sent_at
        known[pk].answered = sent_at is not None and last > sent_at


def _add_visits(known: dict[int, Known]) -> None:
    solved = [pk for pk, one in known.items() if one.case.resolved_at]
    for visit in ReturnVisit.objects.filter(complaint__in=solved).order_by("planned_on", "pk") if solved else ():
        if visit.cycle == known[visit.complaint_id].case.cycle:
            known[visit.complaint_id].visits.append(visit)


def _add_clocks(known: dict[int, Known]) -> None:
    for clock in SlaClock.objects.filter(complaint__in=known, subject="").order_by("pk"):
        if clock.cycle == known[clock.complaint_id].case.cycle:
            known[clock.complaint_id].clocks[clock.metric] = clock


def _add_explanations(known: dict[int, Known]) -> None:
    late = {clock.pk: one for one in known.values() for clock in one.clocks.values() if clock.breached_at}
    rows = SlaBreach.objects.filter(clock__in=late, status=SlaBreach.Status.EXPLAINED)
    for breach in rows.order_by("due_at", "pk") if late else ():
        late[breach.clock_id].explained[breach.clock_id] = breach


def _add_rejections(known: dict[int, Known]) -> None:
    over = [pk for pk, one in known.items() if one.case.state == State.REJECTED]
    for rejection in Rejection.objects.filter(complaint__in=over).order_by("pk") if over else ():
        if rejection.cycle == known[rejection.complaint_id].case.cycle:
            known[rejection.complaint_id].rejection = rejection


def _add_proposals(known: dict[int, Known]) -> None:
    sent = {"proposal__complaint__in": known, "proposal__sent_at__isnull": False, "proposal__interim": False}
    rows = ProposalLine.objects.filter(**sent).select_related("proposal__acceptance")
    for line in rows.order_by("proposal__number", "position"):
        one = known[line.proposal.complaint_id]
        if line.proposal.cycle != one.case.cycle:
            continue
        if line.proposal_id not in one.lines:
            one.proposals.append(line.proposal)
        one.lines[line.proposal_id].append(line)


def facts_of(known: Known) -> words.Facts:
    """Return the facts that the sentences about the case name."""
    case, offer = known.case, known.offer
    first = known.clocks.get(Metric.INITIAL)
    running = first is not None and first.state == ClockState.RUNNING and first.due_at is not None
    today = known.customer_today
    planned = (row for row in known.visits if row.status == VisitStatus.PLANNED and row.due_on >= today)
    visit = next(planned, None)
    parts = known.agreed
    open_parts = [line.due_on for line in parts if line.due_on and line.status != LineStatus.DONE]
    last_part = max(open_parts, default=None)
    return words.Facts(
        state=case.state,
        reopened=case.cycle > 1,
        first_answer=dates.moment(first.due_at, today=known.today) if running and first and first.due_at else "",
        first_answer_late=bool(running and first and first.due_at and first.due_at < known.now),
        first_answer_sent=known.day(known.analysis.sent_at) if known.analysis else "",
        version=offer.number if offer else 0,
        answer_by=known.day(offer.valid_until) if offer else "",
        offer_open=offer_open(known),
        offer_over=_offer_over(known),
        parts=len(parts),
        parts_done=sum(line.status == LineStatus.DONE for line in parts),
        done_by=known.day(last_part) if last_part and last_part >= today else "",
        resolved_on=known.day(case.resolved_at),
        ended_on=known.day(case.ended_at),
        next_visit=known.day(visit.due_on) if visit else "",
        next_visit_kind=visit.kind if visit else "",
        object_until=_object_until(known),
        master=case.master.ref or "" if case.master else "",
    )


def offer_open(known: Known) -> bool:
    """Tell whether a version waits for the customer's answer."""
    return known.case.state == State.NEGOTIATING and known.offer is not None and _stands(known)


def _stands(known: Known) -> bool:
    offer = known.offer
    return offer is not None and offer.status == ProposalStatus.SENT and not offer.expired(known.customer_today)


def _offer_over(known: Known) -> str:
    offer = known.offer
    over = known.case.state == State.NEGOTIATING and offer is not None and not _stands(known)
    return known.day(offer.valid_until) if over and offer else ""


def _object_until(known: Known) -> str:
    return known.day(known.rejection.object_until) if known.rejection else ""
