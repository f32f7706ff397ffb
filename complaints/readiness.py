"""
What an act that is no move asks of the case before it can be done, told before its page is opened.

Each takes the case and the person and returns reasons; the verb refuses with the same ones. What an act merely has
nothing to work on for is `standing.WORKS_ON`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from complaints import conversation, guards, standing
from complaints.gates import Reason, reason

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint


def acknowledge(complaint: Complaint, user: User) -> list[Reason]:
    """Somebody can be reached."""
    return guards.contact_gaps(complaint)


def approve_initial(complaint: Complaint, user: User) -> list[Reason]:
    """The newest version is whole, not approved yet, and another person's."""
    latest = standing.latest_initial(complaint)
    if latest is None or latest.approved_by_id:
        return [reason("nothing_fits")]
    if missing := guards.missing_parts(latest):
        return [reason("initial_part_missing", part=part) for part in missing]
    return [reason("same_person", name=user.name)] if latest.written_by_id == user.pk else []


def send_initial(complaint: Complaint, user: User) -> list[Reason]:
    """The newest version is whole and approved, and not with the customer yet."""
    latest = standing.latest_initial(complaint)
    if latest is not None and latest.sent_at:
        return [reason("nothing_fits")]
    return guards.initial_gaps(latest)


def question_initial(complaint: Complaint, user: User) -> list[Reason]:
    """The initial analysis was sent, and no word of the customer's on it waits."""
    return conversation.no_answer_gaps(complaint)


def finish_extent(complaint: Complaint, user: User) -> list[Reason]:
    """The defect is stated, the goods are listed, and each delivery of their lots is decided about."""
    known = standing.of(complaint)
    found = [] if known.defect_stated else [reason("defect_statement_missing")]
    if not known.extent_listed:
        found.append(reason("extent_empty"))
    return [*found, reason("goods_untraced")] if known.untraced else found


def approve_attribution(complaint: Complaint, user: User) -> list[Reason]:
    """The newest shares wait for approval, and another person proposed them."""
    known = standing.of(complaint)
    if known.shares_approved:
        return [reason("nothing_fits")]
    return [reason("same_person", name=user.name)] if known.shares_by == user.pk else []
