"""Who holds a role in an incident, and what that lets them do; roles are handed over under the lock of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from complaints import standing
from complaints.models import Complaint, EmergencySeat
from complaints.models.emergency import PlanRole

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import EmergencyStep

LEAD = "emergency.lead"
Held = frozenset[tuple[int, str]]  # (id of an activation, role)


def may_lead(complaint: Complaint, user: User) -> bool:
    """Tell whether somebody holds a role in the incident of a case, whatever else they may."""
    return _seated(complaint, user)


def may_stand_down(complaint: Complaint, user: User) -> bool:
    """Tell whether somebody commands the incident of a case."""
    return _seated(complaint, user, role=PlanRole.COMMANDER)


def _seated(complaint: Complaint, user: User, **which: str) -> bool:
    if not standing.of(complaint).plan_active:  # known already where every act is asked
        return False
    seats = EmergencySeat.objects.filter(user=user, until=None, activation__stood_down_at=None, **which)
    return seats.filter(activation__complaint=complaint).exists()


def held_by(user: User, complaint: Complaint) -> Held:
    """Return the roles that somebody holds, or held to the end, in the incidents of a case."""
    seats = EmergencySeat.objects.filter(user=user, until=None, activation__complaint=complaint)
    return frozenset(seats.values_list("activation", "role"))


def ticks(step: EmergencyStep, user: User, held: Held) -> bool:
    """Tell whether a step is for somebody to end: theirs, of their role, or led by them.  held: as of `held_by`."""
    roles = {(step.activation_id, step.role), (step.activation_id, PlanRole.COMMANDER.value)}
    return user.may(LEAD) or step.owner_id == user.pk or bool(roles & held)
