"""Who may see a case and who may move it (DOMAIN §2.2, column "who"). The only place that reads roles for cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.roles import MAY, Role
from complaints.models.states import Grade, State

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint

NOBODY = Q(pk__in=[])


def visible(user: User) -> Q:
    """Return the condition that a case may be known to `user`: staff all, a customer its own firm's."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    if user.may("case.see"):
        return Q()
    if Role.CUS in user.roles:
        return Q(customer_id=user.organisation_id) & (~Q(state=State.DRAFT) | Q(registered_by=user))
    return NOBODY


def may_move(move: str, complaint: Complaint, user: User) -> bool:
    """Tell whether `user` holds a role that makes `move` on this case."""
    return bool(roles_for(move, complaint) & user.roles) and _theirs(complaint, user)


def roles_for(move: str, complaint: Complaint) -> frozenset[Role]:
    """Return the roles that may make `move` on this case; a G1 case is closed by an executive (T14)."""
    if move == "close":
        return frozenset({Role.EXE}) if complaint.grade == Grade.G1 else frozenset({Role.QM})
    return MAY[f"case.{move}"]


def roles_with(permission: str) -> frozenset[Role]:
    """Return the roles that hold `permission`."""
    return MAY[permission]


def may(permission: str, complaint: Complaint, user: User) -> bool:
    """Tell whether `user` holds `permission` on this case."""
    return user.may(permission) and _theirs(complaint, user)


def _theirs(complaint: Complaint, user: User) -> bool:
    if user.may("case.see"):
        return True
    return complaint.customer_id is not None and complaint.customer_id == user.organisation_id
