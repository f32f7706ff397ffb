"""Verbs of competences: people declare the families of products that they know, and withdraw it (DOMAIN R11, R40)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

import audit
from accounts.models import User
from complaints import raci
from complaints.gates import reason
from complaints.lifecycle import Refused
from complaints.models import Competence
from contracts.models import Product

if TYPE_CHECKING:
    from django.db.models import QuerySet

RIGHT = "competence.keep"  # of others; one's own everybody keeps who works on cases


def families() -> list[str]:
    """Return the families of the products that there are."""
    return list(Product.objects.exclude(family="").order_by("family").values_list("family", flat=True).distinct())


def theirs(user: User) -> QuerySet[Competence]:
    """Return the competences, withdrawn ones too, that `user` keeps: their own, with the right everybody's."""
    return Competence.objects.all() if user.may(RIGHT) else Competence.objects.filter(user=user)


@transaction.atomic
def declare(person: User, *, by: User, at: datetime, family: str, what: str = "") -> Competence:
    """
    Say that `person` knows a family of products, and what of it; the same again changes nothing.

    Raises PermissionDenied for somebody else's without the right; Refused for a family that no product has, and for
    somebody who works on no cases.
    """
    _require(person, by)
    person = User.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=person.pk)
    if not raci.may_be_named(person):
        raise Refused(reason("person_unfit", name=person.name))
    if family not in families():
        raise Refused(reason("family_unknown", family=family))
    known = person.competences.filter(family=family, ended_at=None).first()
    if known and known.what == what.strip():
        return known
    if known:
        _end(known, by=by, at=at)
    made = Competence.objects.create(user=person, family=family, what=what.strip(), declared_by=by, declared_at=at)
    facts = {"competence": made.pk, "family": family}
    audit.record("user", person.uuid, "user.competence_declared", by=by, at=at, facts=facts)
    return made


@transaction.atomic
def withdraw(row: Competence, *, by: User, at: datetime) -> Competence:
    """Withdraw what was declared; a second time changes nothing. Raises PermissionDenied."""
    _require(row.user, by)
    row = Competence.objects.select_for_update(of=("self",)).select_related("user").get(pk=row.pk)
    if row.ended_at is None:
        _end(row, by=by, at=at)
    return row


def _end(row: Competence, *, by: User, at: datetime) -> None:
    row.ended_at = max(at, row.declared_at)
    row.save(update_fields=["ended_at"])
    facts = {"competence": row.pk, "family": row.family}
    audit.record("user", row.user.uuid, "user.competence_withdrawn", by=by, at=at, facts=facts)


def _require(person: User, by: User) -> None:
    if not by.may("case.note") or (person.pk != by.pk and not by.may(RIGHT)):
        raise PermissionDenied
