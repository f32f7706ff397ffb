"""
Cases by state, made by the verbs that make them. Every factory takes the people it needs and what shall differ.

A case is received at NOON unless told otherwise, and moves on by the hour.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import User
from audit.models import Event
from complaints import lifecycle
from complaints.facts import Triage
from complaints.models import Complaint, SlaClock
from tests.cast import NOON, department, organisation

SCORES = {"G1": (5, 5, 5, 5), "G2": (4, 4, 3, 3), "G3": (3, 3, 2, 2), "G4": (1, 1, 1, 1)}
WHOLE: dict[str, Any] = {
    "description": "The gearbox of unit 3 hums at 1 450 rpm and runs hot.",
    "found_on": date(2026, 5, 11),
    "contact_name": "Carla",
    "contact_email": "carla@acme.test",
    "found_where": "IN_USE",
    "quantity_affected": "1",
    "quantity_delivered": "4",
    "unit": "pcs",
    "safety": "NO",
    "remedy_asked": ["PARTS"],
    "nonconformity": ["PERFORMANCE"],
    "goods_unknown_because": "The plate cannot be read.",
}


def shanghai(text: str) -> datetime:
    """Return a moment given as Shanghai wall time: "2026-05-12 10:15"."""
    return (datetime.fromisoformat(text) - timedelta(hours=8)).replace(tzinfo=UTC)


def received(by: User, *, at: datetime = NOON, **fields: Any) -> Complaint:
    """Return a received case of Acme, everything answered and not urgent, with its clocks running since receipt."""
    fields = {**WHOLE, **fields}
    if "customer" not in fields:
        fields["customer"] = _acme()
    return lifecycle.register(Complaint(**fields), by=by, at=at)


def triaged(
    by: User, *, registered_by: User, at: datetime | None = None, grade: str = "G3", **fields: Any
) -> Complaint:
    """Return a graded case, owned by `by`; `at` is the moment of triage."""
    complaint = received(registered_by, **fields)
    return grade_it(complaint, by, at=at or complaint.received_at + timedelta(hours=1), grade=grade)


def grade_it(complaint: Complaint, by: User, *, at: datetime, grade: str = "G3") -> Complaint:
    """Triage a received case to that grade by its scores."""
    return lifecycle.triage(complaint, by=by, at=at, triage=judged(grade, by))


def judged(grade: str, owner: User) -> Triage:
    """Return a triage whose scores give that grade."""
    return Triage(
        *SCORES[grade],
        owner=owner,
        department=department("QUALITY"),
        no_contract_because="Bought from stock.",
        duplicate_checked=True,
    )


def clock_of(complaint: Complaint, metric: str, **which: Any) -> SlaClock:
    """Return the newest clock of that metric, fresh from the database."""
    return SlaClock.objects.filter(complaint=complaint, metric=metric, **which).order_by("-cycle", "-pk")[0]


def events_of(complaint: Complaint, *kinds: str) -> list[Event]:
    """Return the events of the case in order; of those kinds, if any are named (a prefix ends in a dot)."""
    events = Event.objects.of("case", complaint.uuid)
    return [event for event in events if not kinds or any(_fits(event.kind, kind) for kind in kinds)]


def _fits(kind: str, wanted: str) -> bool:
    return kind.startswith(wanted) if wanted.endswith(".") else kind == wanted


def _acme() -> Any:
    from accounts.models import Organisation

    return Organisation.objects.filter(code="ACME").first() or organisation(
        "ACME", "Acme Wind", Organisation.Kind.CUSTOMER, name_zh="阿克米风电"
    )
