"""Which target holds for a clock: contract before customer before grade before default (DOMAIN §3.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q, QuerySet

from complaints.models.clock import SlaPolicy
from complaints.models.states import Grade, Metric
from worktime.models import CalendarVersion

if TYPE_CHECKING:
    from complaints.models import Complaint

HURRIED = (Metric.ACK, Metric.TRIAGE)  # an urgent case has these as a G1 case would


def policies_for(complaint: Complaint, metrics: Iterable[str], on: date) -> dict[str, SlaPolicy]:
    """
    Return the policy of each clock, by metric, in one statement; a metric without any is absent.

    Each has as `calendar` the key of the version in which the company's calendar stands now.
    """
    whose = Q(customer=None) | Q(customer=complaint.customer_id)
    which = Q(contract=None) | Q(contract=complaint.contract_id)
    best: dict[str, SlaPolicy] = {}
    rows = in_force(on).filter(whose & which, metric__in=list(metrics))
    for policy in rows.annotate(calendar=CalendarVersion.newest_key(settings.COMPANY_CALENDAR)).order_by("pk"):
        fits = policy.grade in ("", grade_for(complaint, policy.metric))
        if fits and (policy.metric not in best or _rank(policy) >= _rank(best[policy.metric])):
            best[policy.metric] = policy
    return best


def in_force(on: date) -> QuerySet[SlaPolicy]:
    """Return every policy that holds on that day."""
    return SlaPolicy.objects.filter(Q(effective_to=None) | Q(effective_to__gte=on), effective_from__lte=on)


def ranked(complaint: Complaint, metric: str, on: date) -> list[SlaPolicy]:
    """Return every policy in force that fits the case, the one that sets the clock first, then those it beats."""
    whose = Q(customer=None) | Q(customer=complaint.customer_id)
    which = Q(contract=None) | Q(contract=complaint.contract_id)
    rows = in_force(on).filter(whose & which, metric=metric).order_by("-pk")
    fitting = [row for row in rows if row.grade in ("", grade_for(complaint, metric))]
    return sorted(fitting, key=_rank, reverse=True)


def closest(
    rows: Iterable[SlaPolicy], grade: str, customer: int | None, contract: int | None
) -> SlaPolicy | None:  # fmt: skip
    """Return which of the rows, all in force and in order of their making, sets a clock of that grade."""
    fitting = [
        row
        for row in rows
        if row.grade in ("", grade) and row.customer_id in (None, customer) and row.contract_id in (None, contract)
    ]
    return max(reversed(fitting), key=_rank, default=None)


def grade_for(complaint: Complaint, metric: str) -> str:
    """Return the grade whose target the clock takes; blank while the case is not graded (the default is that of G3)."""
    return Grade.G1 if complaint.urgent and metric in HURRIED else complaint.grade


def source(policy: SlaPolicy) -> str:
    """Return which rule set the target: "contract", "customer", "grade" or "default", with the grade if it has one."""
    if policy.contract_id:
        rule = "contract"
    elif policy.customer_id:
        rule = "customer"
    else:
        rule = "grade" if policy.grade else "default"
    return f"{rule} {policy.grade}".strip()


def _rank(policy: SlaPolicy) -> tuple[bool, bool, bool, date]:
    """Return how close a policy is to the case; between equals the newer one wins."""
    return bool(policy.contract_id), bool(policy.customer_id), bool(policy.grade), policy.effective_from
