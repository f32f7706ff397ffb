"""
What a case itself says about its grade: the circumstances that set floors, and scores to propose, each with its reason.

A proposal is never a grading: a person confirms it or says otherwise (DOMAIN §4.1). What nobody has told yet is not
proposed, except danger: the question of danger, while it is open, counts as yes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from complaints import grading, impacts
from complaints.gates import Reason, reason
from complaints.models import Complaint
from complaints.models.complaint import says_defect
from complaints.models.states import Nonconformity, Safety, State

if TYPE_CHECKING:
    from django.db.models import QuerySet

NAMES = ("consequence", "extent", "customer_impact", "recurrence")  # S, E, C, R
ON_PAPER = {Nonconformity.DOCUMENT, Nonconformity.PACKAGING}
YEAR, AGAIN = timedelta(days=365), timedelta(days=90)
NOT_COUNTED = (State.DRAFT, State.WITHDRAWN, State.DUPLICATE, State.REJECTED)
SHARES = ((Decimal("0.01"), 2), (Decimal("0.05"), 3), (Decimal("0.10"), 4))  # of what was delivered → extent
DELAYS = ((30, 5), (8, 4), (1, 3))  # days after float, at least → customer impact


@dataclass(frozen=True)
class Proposed:
    """A score from 1 to 5 and why."""

    score: int
    why: Reason


@dataclass(frozen=True)
class Proposal:
    """
    The scores that the case gives, by the names in NAMES, and the grade that they give.

    result: with 1 for every score that is open, so that the grade is the least that it can come to.
    """

    scores: dict[str, Proposed] = field(default_factory=dict)
    result: grading.Result | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether every score is proposed."""
        return set(self.scores) == set(NAMES)


def circumstances(complaint: Complaint, *, repeat_after_capa: bool = False, dscr: str = "") -> grading.Circumstances:
    """Return what sets a floor; the state of the covenant as stated, else as the latest impact forecasts it."""
    covenant = dscr or (impacts.covenant_after(complaint) if complaint.pk else "")
    return grading.Circumstances(**told(complaint), repeat_after_capa=repeat_after_capa, dscr=covenant)


def told(complaint: Complaint) -> dict[str, bool]:
    """Return the circumstances that stand on the case itself, by their names in grading.Circumstances."""
    return {
        "injury": complaint.safety == Safety.INJURY,
        "reportable": complaint.reportable,
        "danger": complaint.dangerous,
        "site_stop": complaint.work_stopped,
    }


def propose(complaint: Complaint, *, at: datetime, rules: grading.Rules = grading.STANDARD) -> Proposal:
    """Return what the case proposes for its grading at the moment `at`; unsaved cases too."""
    found = {
        "consequence": _consequence(complaint),
        "extent": _extent(complaint),
        "customer_impact": _customer_impact(complaint),
        "recurrence": _recurrence(complaint, at),
    }
    scores = {name: one for name, one in found.items() if one}
    if not scores:
        return Proposal()
    least = grading.Scores(*(scores[name].score if name in scores else 1 for name in NAMES))
    return Proposal(scores, grading.grade(least, circumstances(complaint), rules))


def _consequence(complaint: Complaint) -> Proposed | None:
    if complaint.safety == Safety.INJURY:
        return Proposed(5, reason("propose_injury"))
    if complaint.dangerous:
        told = "propose_danger" if complaint.safety else "propose_danger_open"
        return Proposed(5, reason(told))
    if complaint.work_stopped:
        return Proposed(4, reason("propose_stopped"))
    kinds = set(complaint.nonconformity)
    return Proposed(1, reason("propose_on_paper")) if kinds and kinds <= ON_PAPER else None


def _extent(complaint: Complaint) -> Proposed | None:
    """Small deliveries: the count stands beside the percentage (DOMAIN §4.1)."""
    affected, delivered = complaint.quantity_affected, complaint.quantity_delivered
    if affected is None or affected <= 0:
        return Proposed(5, reason("propose_extent_unknown"))
    if affected <= 1:
        return Proposed(1, reason("propose_one_unit"))
    if not delivered:
        return Proposed(5, reason("propose_extent_unknown"))
    share = affected / delivered
    score = next((score for bound, score in SHARES if share <= bound), 5)
    counts = {"affected": f"{affected.normalize():f}", "delivered": f"{delivered.normalize():f}"}
    return Proposed(score, reason("propose_share", percent=f"{share * 100:.1f}", **counts))


def _customer_impact(complaint: Complaint) -> Proposed | None:
    if complaint.work_stopped:
        return Proposed(5, reason("propose_impact_stopped"))
    latest = (
        complaint.finance_impacts.filter(cycle=complaint.cycle).order_by("-number").first() if complaint.pk else None
    )
    if latest:
        score = next((score for bound, score in DELAYS if latest.delay_days >= bound), 2)
        return Proposed(score, reason("propose_delay", days=latest.delay_days, number=latest.number))
    return Proposed(3, reason("propose_milestone")) if complaint.milestone_at_risk else None


def _recurrence(complaint: Complaint, at: datetime) -> Proposed | None:
    """Cases of the same goods in the year before: this customer's count as times, another's as similar."""
    before = _before(complaint, at)
    if before is None:
        return None
    closed = before.filter(customer=complaint.customer_id, state=State.CLOSED, ended_at__gte=at - AGAIN)
    if again := closed.order_by("-ended_at", "-pk").first():
        return Proposed(5, reason("propose_again", ref=again.ref))
    times = before.filter(customer=complaint.customer_id).count() + 1
    if times > 1:
        return Proposed(min(times + 1, 5), reason("propose_times", n=times))
    return Proposed(2, reason("propose_elsewhere")) if before.exists() else Proposed(1, reason("propose_first"))


def _before(complaint: Complaint, at: datetime) -> QuerySet[Complaint] | None:
    """Return the cases of the same product in the year before; of these with a kind in common where kinds are told."""
    if complaint.product_id is None:
        return None
    since = complaint.received_at or at
    cases = Complaint.objects.exclude(pk=complaint.pk).exclude(state__in=NOT_COUNTED)
    cases = cases.filter(product=complaint.product_id, received_at__lt=since, received_at__gte=since - YEAR)
    kinds = [says_defect(kind) for kind in complaint.nonconformity]
    return cases.with_defects_said().filter(reduce(or_, kinds)) if kinds else cases
