"""Who holds a role in an incident, and what that lets them do; roles are handed over under the lock of the case."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from complaints import activating, lifecycle, standing
from complaints.gates import Refused, reason
from complaints.models import Complaint, EmergencyActivation, EmergencySeat
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


def begin(
    complaint: Complaint, *, by: User, at: datetime, permission: str = LEAD
) -> tuple[Complaint, EmergencyActivation]:
    """
    Lock a case and return it with its incident, for an act of it by somebody who may.

    Raises PermissionDenied; Refused where no plan is in force, or for a moment before its activation.
    """
    also = may_stand_down if permission == "emergency.stand_down" else may_lead
    locked = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)  # roles are handed over under it
    right = permission if by.may(permission) or not also(locked, by) else "case.note"
    complaint = lifecycle.hold(complaint, by=by, at=at, permission=right)
    running = activating.of(complaint)
    if running is None:
        raise Refused(reason("incident_none"))
    if at < running.activated_at:
        raise Refused(reason("incident_before", since=running.activated_at))
    return complaint, running


def held_by(user: User, complaint: Complaint) -> Held:
    """Return the roles that somebody holds, or held to the end, in the incidents of a case."""
    seats = EmergencySeat.objects.filter(user=user, until=None, activation__complaint=complaint)
    return frozenset(seats.values_list("activation", "role"))


def ticks(step: EmergencyStep, user: User, held: Held) -> bool:
    """Tell whether a step is for somebody to end: theirs, of their role, or led by them.  held: as of `held_by`."""
    roles = {(step.activation_id, step.role), (step.activation_id, PlanRole.COMMANDER.value)}
    return user.may(LEAD) or step.owner_id == user.pk or bool(roles & held)
