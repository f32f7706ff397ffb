"""The verbs of people: invite, give and end roles, deactivate, reactivate. Each writes an event of the person."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

import audit
from accounts import links, tokens
from accounts.models import Department, Membership, Organisation, User
from accounts.roles import STAFF, Role

ROLES_OF: dict[str, frozenset[Role]] = {
    Organisation.Kind.OWN: STAFF,
    Organisation.Kind.CUSTOMER: frozenset({Role.CUS}),
    Organisation.Kind.SUPPLIER: frozenset({Role.SUP}),
    Organisation.Kind.LENDER: frozenset({Role.LEN}),
}


class NotPossible(ValidationError):
    """What was asked for goes against a rule; its message says which."""


@transaction.atomic
def invite(
    email: str,
    *,
    name: str,
    organisation: Organisation,
    roles: Iterable[str],
    by: User,
    at: datetime,
    department: Department | None = None,
    **settings: str,
) -> User:
    """
    Return a new person with `roles`, to whom a link to set a password is owed by mail.

    settings: language and zone, if not the defaults. Raises NotPossible, or PermissionDenied if `by` may not.
    """
    _require_manager(by)
    if User.objects.filter(email=email.strip().lower()).exists():
        raise NotPossible(_("Somebody with this e-mail address is here already."), code="address_taken")
    user = User.objects.create_user(email, name=name, organisation=organisation, **settings)
    _record(user, "user.invited", by=by, at=at, facts={"organisation": str(organisation.uuid)})
    set_roles(user, roles, department=department, by=by, at=at)
    links.owe(user, at=at)
    return user


@transaction.atomic
def edit(
    user: User,
    *,
    roles: Iterable[str],
    by: User,
    at: datetime,
    department: Department | None = None,
    **settings: str,
) -> User:
    """Change settings and roles of a person in one go; return the person. Raises as `change` and `set_roles`."""
    change(user, by=by, at=at, **settings)
    return set_roles(user, roles, department=department, by=by, at=at)


@transaction.atomic
def change(user: User, *, by: User, at: datetime, **settings: str) -> User:
    """Change name, language or zone of a person; return the person as it now stands. Raises PermissionDenied."""
    _require_manager(by)
    user = User.objects.select_for_update().get(pk=user.pk)
    changed = [field for field, value in settings.items() if getattr(user, field) != value]
    for field in changed:
        setattr(user, field, settings[field])
    if changed:
        user.save(update_fields=changed)
        _record(user, "user.changed", by=by, at=at, facts={"fields": sorted(changed)})
    return user


@transaction.atomic
def set_roles(
    user: User, roles: Iterable[str], *, by: User, at: datetime, department: Department | None = None
) -> User:
    """
    Give and end roles so that `user` holds exactly `roles`, all in `department`; takes effect at the next request.

    Raises NotPossible for a role that does not fit the organisation or if no administrator would be left.
    """
    _require_manager(by)
    user = User.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=user.pk)
    wanted = {Role(role) for role in roles}
    if strange := wanted - ROLES_OF[user.organisation.kind]:
        words = ", ".join(str(role.label) for role in strange)
        raise NotPossible(_("%(roles)s: not a role for people of this organisation."), "role", {"roles": words})
    for role in sorted(user.roles - wanted):
        _end_role(user, role, by=by, at=at)
    for role in sorted(wanted - user.roles):
        _give_role(user, role, department, by=by, at=at)
    user.memberships.active().exclude(department=department).update(department=department)
    _require_an_administrator()
    return User.objects.get(pk=user.pk)


@transaction.atomic
def deactivate(user: User, *, by: User, at: datetime) -> User:
    """
    Close the account: sessions, tokens and links end at once; roles and history stay.

    Raises NotPossible for oneself and for the last administrator, PermissionDenied if `by` may not.
    """
    _require_manager(by)
    if user.pk == by.pk:
        raise NotPossible(_("You cannot close your own account. Another administrator can."), code="oneself")
    changed = User.objects.filter(pk=user.pk, is_active=True).update(
        is_active=False, sessions_epoch=F("sessions_epoch") + 1
    )
    if changed:
        tokens.revoke_all(user, at=at)
        _record(user, "user.deactivated", by=by, at=at)
        _require_an_administrator()
    return User.objects.get(pk=user.pk)


@transaction.atomic
def end_sessions(user: User, *, at: datetime) -> None:
    """End every session of `user`, who asks for it, and revoke the tokens."""
    User.objects.filter(pk=user.pk).update(sessions_epoch=F("sessions_epoch") + 1)
    _record(user, "user.sessions_ended", by=user, at=at, facts={"tokens": tokens.revoke_all(user, at=at)})


@transaction.atomic
def reactivate(user: User, *, by: User, at: datetime) -> User:
    """Open the account again; the person signs in anew. Raises PermissionDenied if `by` may not."""
    _require_manager(by)
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        _record(user, "user.reactivated", by=by, at=at)
    return User.objects.get(pk=user.pk)


@transaction.atomic
def invite_again(user: User, *, by: User, at: datetime) -> None:
    """Owe the person another link to set a password. Raises NotPossible if the account is closed."""
    _require_manager(by)
    if not user.is_active:
        raise NotPossible(_("This account is closed. Open it first."), code="closed")
    links.owe(user, at=at)
    _record(user, "user.invited_again", by=by, at=at)


def _require_manager(by: User) -> None:
    if not by.may("users.manage"):
        raise PermissionDenied


def _require_an_administrator() -> None:
    if not User.objects.who_may("users.manage").exists():
        raise NotPossible(
            _("One active administrator must be left. Make another one first."), code="last_administrator"
        )


def _give_role(user: User, role: Role, department: Department | None, *, by: User, at: datetime) -> None:
    Membership.objects.create(user=user, organisation=user.organisation, department=department, role=role, since=at)
    _record(user, "user.role_given", by=by, at=at, facts={"role": role.value})


def _end_role(user: User, role: Role, *, by: User, at: datetime) -> None:
    user.memberships.active().filter(role=role).update(until=at)
    _record(user, "user.role_ended", by=by, at=at, facts={"role": role.value})


def _record(user: User, kind: str, *, by: User, at: datetime, facts: dict[str, Any] | None = None) -> None:
    audit.record("user", user.uuid, kind, by=by, at=at, facts=facts or {})
