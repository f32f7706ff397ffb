"""What waits for one person besides the cases that the person owns: approvals, judgements of the rooms, incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from complaints import escalation_queries, incident_queries
from complaints.models.assessments import EntitlementAssessment, FinanceImpact
from complaints.models.diagnosis import Attribution
from complaints.models.response import InitialAnalysis
from complaints.models.states import State

if TYPE_CHECKING:
    from accounts.models import User

WRITTEN = ("description", "extent", "confidence", "containment", "remedy_direction", "next_dates")


def analyses(user: User) -> QuerySet[InitialAnalysis]:
    """Return the complete initial analyses that `user` may approve now: newest versions, written by somebody else."""
    if not user.may("response.approve_initial"):
        return InitialAnalysis.objects.none()
    unknown = Q(confidence=InitialAnalysis.Confidence.UNKNOWN)
    reasoned = (unknown & ~Q(test_plan="")) | (~unknown & ~Q(suspected_cause=""))
    whole = Q(*(~Q(**{part: ""}) for part in WRITTEN), reasoned, contact_person__isnull=False)
    return _newest(InitialAnalysis).filter(whole, complaint__state=State.RESPONDING).exclude(written_by=user)


def shares(user: User) -> QuerySet[Attribution]:
    """Return the attributions that `user` may approve now: newest versions, proposed by somebody else."""
    if not user.may("diagnosis.approve_attribution"):
        return Attribution.objects.none()
    return _newest(Attribution).filter(complaint__state=State.DIAGNOSING).exclude(proposed_by=user)


def asks(user: User) -> Q:
    """Return the condition of the cases in which something waits for `user`, whoever owns them."""
    found = incident_queries.with_role_of(user)
    for room in (analyses, shares):
        waiting = room(user)
        if not waiting.query.is_empty():
            found |= Q(Exists(waiting.filter(complaint=OuterRef("pk"))))
    found |= Q(Exists(escalation_queries.waiting().filter(escalation_queries.asking(user), complaint=OuterRef("pk"))))
    for right, judged in (("entitlement.assess", EntitlementAssessment), ("finance.assess", FinanceImpact)):
        if user.may(right):
            there = judged.objects.filter(complaint=OuterRef("pk"), cycle=OuterRef("cycle"))
            found |= Q(~Exists(there), state=State.DIAGNOSING)
    return found


def _newest(model: Any) -> QuerySet[Any]:
    """Return the newest version in the present cycle of each case, if nobody approved it yet."""
    same = {"complaint": OuterRef("complaint"), "cycle": OuterRef("cycle")}
    later = model.objects.filter(**same, number__gt=OuterRef("number"))
    return model.objects.filter(~Exists(later), approved_by=None, cycle=F("complaint__cycle"))
