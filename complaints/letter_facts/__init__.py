"""
The facts of each kind of letter, as plain values that JSON can hold; reads the case, decides nothing.

Labels of codes are frozen in the letter's language, beside the code. Moments are ISO text in UTC, dates ISO text;
an empty string or None means that the case does not hold the fact. Nothing internal is here: no notes, no costs, no
targets; only what the customer may read.

What higher rooms add by `letters.adds(kind, facts)`; `facts(complaint)` runs with the letter's language active and may
leave out what it does not know. A date may be given as a moment wherever `…_at` and `…_on` stand below.

EIGHT_D
    "later_steps": {"D5": {"due_at", "done_at"}, "D6": …, "D7": …}
    "d5": {"options": [{"text", "acts_on": [leg label, …], "strength_label", "verified", "chosen": bool, "because"}]}
    "d6": {"actions": [{"text", "who", "due_on", "done_on", "evidence"}],
           "effect": {"metric", "baseline", "target", "result", "checked_at"} or None}
    "d7": {"documents": [{"document", "old", "new", "what"}],
           "similar": [{"text", "applies": bool, "because", "done_on"}]}
    "d8": {"lessons": [text], "visits": [{"planned_on", "after_days", "done_on", "kind_label", "said"}],
           "confirmed": {"person", "at", "how"} or None}
PROPOSAL
    "proposal": {"version", "interim": bool, "valid_until", "conditions", "reservation", "without_admission": bool,
        "entitlement": {"status", "status_label", "clauses": [{"number", "heading"}]} or None,
        "total": {"amount": "17050.00", "currency": "CNY"} or None,
        "lines": [{"position", "kind", "kind_label", "description", "quantity", "unit",
                   "amount": {"amount", "currency"} or None, "goodwill": bool,
                   "clause": {"number", "heading"} or None, "due_on"}]}
CLOSING
    "remedy": [{"kind_label", "description", "done_on"}], "changed": [text], "guarantee": text,
    "visits": as in EIGHT_D d8, "confirmed": as in EIGHT_D d8
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import translation

from complaints.letter_facts import eight_d, notices
from complaints.letter_facts.head import head
from complaints.models.states import LetterKind

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint

BODIES = {
    LetterKind.ACKNOWLEDGEMENT: notices.acknowledgement,
    LetterKind.INITIAL: notices.initial,
    LetterKind.EIGHT_D: eight_d.body,
    LetterKind.PROPOSAL: notices.proposal,
    LetterKind.REJECTION: notices.rejection,
    LetterKind.CLOSING: notices.closing,
}


def collect(
    complaint: Complaint,
    kind: str,
    *,
    language: str,
    by: User | None,
    at: datetime,
    contact_person: User | None = None,
) -> dict[str, Any]:
    """Return the facts that a letter of `kind` prints, labels in `language`."""
    with translation.override(language):
        facts = head(complaint, language=language, at=at, person=contact_person or complaint.owner or by)
        return {**facts, **BODIES[LetterKind(kind)](complaint)}
