"""Every kept assessment derived again, and compared with the facts of now; the shell is a nightly task or a command."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from complaints import assessing
from complaints.models import Complaint, EntitlementAssessment
from complaints.models.states import OPEN
from contracts.entitlement import RULE_VERSION


@dataclass
class Checked:
    """
    How many were derived again, how many of them other rules gave (they are not compared), which are not as kept, and
    how many cases have one that is otherwise now.
    """

    count: int = 0
    older: int = 0
    wrong: list[str] = field(default_factory=list)
    otherwise: int = 0


def check_all(*, now: datetime) -> Checked:
    """Derive all of them again, each by itself; then note on those of open cases what would be otherwise."""
    found = Checked()
    rows = EntitlementAssessment.objects.exclude(record="").select_related("complaint").order_by("pk")
    for row in rows.iterator(chunk_size=200):
        found.count += 1
        found.older += assessing.rules_of(row) != RULE_VERSION
        if fault := _fault(row):
            found.wrong.append(f"{row.complaint.ref}, assessment {row.number} of cycle {row.cycle}: {fault}")
    cases = Complaint.objects.filter(state__in=OPEN, entitlements__record__gt="").distinct().order_by("pk")
    for pk in list(cases.values_list("pk", flat=True)):
        found.otherwise += _otherwise(pk, now)
    return found


def _fault(row: EntitlementAssessment) -> str:
    try:
        return "derives to other bytes" if assessing.holds(row) is False else ""
    except assessing.UNREADABLE as error:
        return f"cannot be derived ({error})"


def _otherwise(pk: int, now: datetime) -> bool:
    """Recheck one case under its lock; one that cannot be read is named by the check above."""
    try:
        with transaction.atomic():
            return assessing.recheck(Complaint.objects.select_for_update().get(pk=pk), at=now)
    except assessing.UNREADABLE:
        return False
