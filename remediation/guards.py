"""What this room asks before a move, and what a move sets off here (ARCHITECTURE §5.2; DOMAIN §2.2 T08–T21)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists

from complaints import gates, standing
from complaints.days import customer_date
from complaints.gates import Reason, reason
from complaints.guards import contact_gaps
from complaints.models import Dispute
from complaints.models.states import Grade, LetterKind
from remediation import approvals, basis, capa, costs, drafts, execution, followup, proposals, readiness, visits
from remediation.models.kinds import EntryKind, ProposalStatus, VisitStatus

if TYPE_CHECKING:
    from complaints.models import Complaint

GRAVE = (Grade.G1, Grade.G2)
ROUNDS = 3
DEADLOCK = timedelta(days=60)


def before_send_proposal(complaint: Complaint) -> list[Reason]:
    """T08: a whole version, approved, on facts that still hold, and somebody to send it to."""
    found = contact_gaps(complaint)
    proposal = readiness.current(complaint)
    if proposal is None:
        return [reason("proposal_missing"), *found]
    return [*drafts.gaps(proposal), *basis.gaps(proposal), *approvals.gaps(proposal), *found]


def before_counter(complaint: Complaint) -> list[Reason]:
    """T09: a version is, or was until it expired, with the customer."""
    latest = _newest_version(complaint)
    return [] if latest is not None and latest.any_sent else [reason("proposal_not_sent")]


def _newest_version(complaint: Complaint) -> Any:
    """Return the newest version of this cycle, with whether any was sent as `any_sent`; counter and accept ask both."""
    return standing.asked(complaint, "newest_version", _read_newest_version)


def _read_newest_version(complaint: Complaint) -> Any:
    versions = complaint.proposals.filter(cycle=complaint.cycle, interim=False)
    sent = versions.filter(sent_at__isnull=False)
    return versions.annotate(any_sent=Exists(sent)).order_by("-number").first()


def before_accept(complaint: Complaint) -> list[Reason]:
    """T10: a version is with the customer, and where money flows the agreement is signed."""
    latest = _newest_version(complaint)
    if latest is not None and latest.status == ProposalStatus.EXPIRED:
        return [reason("proposal_expired", number=latest.number, until=latest.valid_until)]
    if latest is None or latest.status != ProposalStatus.SENT:
        return [reason("proposal_not_sent")]
    return [reason("agreement_missing", amount=str(money)) for money in proposals.unagreed(latest)]


def before_report_done(complaint: Complaint) -> list[Reason]:
    """T11: each line is done with its evidence, or cancelled by both sides."""
    return execution.open_gaps(complaint)


def before_close(complaint: Complaint) -> list[Reason]:
    """T14: prevention, costs, suppliers, the final 8D, the lesson, the first visit; no line is open."""
    there = _kept_at_the_end(complaint)
    found = [
        *execution.open_gaps(complaint),
        *capa.gaps(complaint, waived=there["waived"], begun=there["capa"]),
        *(capa.unassigned(complaint) if there["without_owner"] else ()),
        *costs.gaps(complaint, posted=there["posted"]),
    ]
    grave = complaint.grade in GRAVE
    if (grave or complaint.claim_8d) and not there["eight_d"]:
        found.append(reason("eight_d_not_sent"))
    if not grave:
        return found
    if not there["lesson"]:
        found.append(reason("lesson_missing"))
    return [*found, *_first_visit_gaps(complaint)]


def _kept_at_the_end(complaint: Complaint) -> dict[str, bool]:
    """Return what there is of that which a close asks for, in one statement."""
    of_cycle = {"cycle": complaint.cycle}
    reports = complaint.letters.filter(**of_cycle, kind=LetterKind.EIGHT_D, sent_at__isnull=False)
    asked = {
        "waived": complaint.capa_waivers.filter(**of_cycle),
        "capa": complaint.capas.filter(**of_cycle),
        "without_owner": capa.without_owner(complaint),
        "posted": complaint.costs_posted.filter(**of_cycle, withdrawn_at=None),
        "eight_d": reports,
        "lesson": complaint.lessons.filter(**of_cycle),
    }
    rows = type(complaint).objects.filter(pk=complaint.pk)
    answer = rows.values_list(*(Exists(found) for found in asked.values())).get()
    return dict(zip(asked, answer, strict=True))


def _first_visit_gaps(complaint: Complaint) -> list[Reason]:
    planned = complaint.visits.filter(cycle=complaint.cycle).exclude(status=VisitStatus.CANCELLED)
    first = planned.order_by("number").first()
    if first is None or first.status in (VisitStatus.DONE, VisitStatus.DONE_LATE):
        return []
    return [reason("visit_first_missing", on=first.due_on)]


def before_dispute(complaint: Complaint) -> list[Reason]:
    """T20: the ground that is named holds: three rounds, or sixty days since the first version was sent."""
    if not standing.of(complaint).disputed:
        return []
    dispute = complaint.disputes.filter(cycle=complaint.cycle, settled_at=None).order_by("-opened_at").first()
    if dispute is None:
        return []
    if dispute.ground == Dispute.Ground.THREE_ROUNDS:
        rounds = complaint.negotiation.filter(
            cycle=complaint.cycle, kind__in=(EntryKind.COUNTER, EntryKind.REFUSAL)
        ).count()
        return [] if rounds >= ROUNDS else [reason("rounds_too_few", rounds=rounds)]
    if dispute.ground == Dispute.Ground.SIXTY_DAYS:
        return _days_gaps(complaint, dispute)
    return []


def _days_gaps(complaint: Complaint, dispute: Dispute) -> list[Reason]:
    sent = complaint.proposals.filter(cycle=complaint.cycle, interim=False, sent_at__isnull=False)
    first = sent.order_by("sent_at").first()
    if first is None or first.sent_at is None:
        return [reason("days_too_few", days=0)]
    begun = customer_date(complaint, first.sent_at)
    passed = customer_date(complaint, dispute.opened_at) - begun
    return [] if passed >= DEADLOCK else [reason("days_too_few", days=passed.days)]


def install() -> None:
    """Register guards and consequences; called once, when the app is ready."""
    for move, guard in {
        "send_proposal": before_send_proposal,
        "counter": before_counter,
        "accept": before_accept,
        "report_done": before_report_done,
        "close": before_close,
        "dispute": before_dispute,
    }.items():
        gates.requires(move, guard)
    for move, acts in {
        "send_proposal": (proposals.sent,),
        "counter": (proposals.countered,),
        "accept": (proposals.accepted,),
        "not_solved": (execution.begun_again,),
        "confirm": (followup.confirmed,),
        "reopen": (visits.cancel_open, proposals.ended),
        "reject": (proposals.ended, followup.rejected),
        "object": (visits.cancel_open, proposals.ended),
        "withdraw": (visits.cancel_open, proposals.ended, followup.ended),
        "merge": (visits.cancel_open, proposals.ended, followup.ended),
        "settle": (proposals.settled,),
    }.items():
        for act in acts:
            gates.follows(move, act)
