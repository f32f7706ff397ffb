"""The facts of each kind of letter, as plain values that JSON can hold; reads the case, decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint


def collect(
    complaint: Complaint,
    kind: str,
    *,
    language: str,
    by: User | None,
    at: datetime,
    contact_person: User | None = None,
) -> dict[str, Any]:
    """Return the facts that a letter of `kind` prints, dates and instants as ISO text."""
    person = contact_person or complaint.owner or by
    return {
        "ref": complaint.ref,
        "title": complaint.title,
        "customer": complaint.customer.shown_name(language) if complaint.customer else "",
        "received_at": complaint.received_at,
        "dated_at": at,
        "description": complaint.description,
        "contact_person": {"name": person.name, "email": person.email} if person else None,
    }
