"""The verb of responsibilities: who does an action, who answers for it, who is asked before and told (DOMAIN §4.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

import audit
from complaints import lifecycle, raci, standing
from complaints.gates import Reason, reason
from complaints.lifecycle import Refused
from complaints.models import Assignment, Complaint, EmergencyStep, Task
from complaints.models.response import TeamMember
from complaints.raci import Action, Named

if TYPE_CHECKING:
    from accounts.models import User

RIGHT, ACT = "action.assign", "assign_action"


def may_assign(complaint: Complaint, user: User) -> bool:
    """Tell whether somebody owns the case or leads its team, whatever else they may."""
    if complaint.owner_id == user.pk:
        return True
    if ACT not in standing.of(complaint).works_on:  # known already where every act is asked
        return False
    seats = complaint.team.filter(cycle=complaint.cycle, seat=TeamMember.Seat.LEADER, left_at=None)
    return seats.filter(user=user).exists()


@transaction.atomic
def assign_action(
    action: Action,
    *,
    by: User,
    at: datetime,
    accountable: User,
    owner: User | None = None,
    consulted: Iterable[User] = (),
    informed: Iterable[User] = (),
    expected: int | None = None,
) -> Action:
    """
    Say who answers for an action, who does it (default: whoever does), who is asked before and who is told.

    expected: the version of `raci.named` that was seen. The same letters again change nothing and tell nobody.

    Raises PermissionDenied; Refused for an action that is over, somebody who cannot be named or has two letters, and
    where somebody else changed it meanwhile.
    """
    complaint = _hold(action.complaint, by=by, at=at)
    action = _lock(action)
    if raci.is_over(action):
        raise Refused(reason("action_over", text=raci.text(action)))
    asked, told = list(consulted), list(informed)
    before = raci.named(action)
    doer = owner.pk if owner else before.owner
    wanted = Named(doer, accountable.pk, _keys(asked), _keys(told), before.version)
    if wanted == before:
        return action
    if expected is not None and expected != before.version:
        raise Refused(reason("changed_meanwhile"))
    if unfit := _unfit(before, wanted, [accountable, *([owner] if owner else []), *asked, *told]):
        raise Refused(*unfit)
    _write(action, wanted, by=by, at=at)
    facts = {"action": raci.code(action), **wanted.facts(), "before": before.facts()}
    private = {"text": raci.text(action)}
    audit.record("case", complaint.uuid, "action.assigned", by=by, at=at, facts=facts, private=private)
    return action


def _hold(complaint: Complaint, *, by: User, at: datetime) -> Complaint:
    right = RIGHT if by.may(RIGHT) or not may_assign(complaint, by) else "case.note"
    return lifecycle.hold(complaint, by=by, at=at, permission=right)


def _lock(action: Action) -> Action:
    return type(action).objects.select_for_update(of=("self",)).get(pk=action.pk)


def _keys(people: Iterable[User]) -> frozenset[int]:
    return frozenset(person.pk for person in people)


def _unfit(before: Named, wanted: Named, people: list[User]) -> list[Reason]:
    """Return who cannot be named, and who would have two letters; whoever keeps a letter is asked only as A."""
    by_key = {person.pk: person for person in people}
    kept = (before.consulted & wanted.consulted) | (before.informed & wanted.informed)
    asked = [
        person
        for key, person in by_key.items()
        if key == wanted.accountable or not (key in kept or key == before.owner == wanted.owner)
    ]
    found = [reason("person_unfit", name=person.name) for person in asked if not raci.may_be_named(person)]
    others = wanted.consulted | wanted.informed
    twice = {key for key in others if key in (wanted.owner, wanted.accountable)}
    twice |= wanted.consulted & wanted.informed
    return [*found, *(reason("letter_twice", name=by_key[key].name) for key in sorted(twice))]


def _write(action: Action, wanted: Named, *, by: User, at: datetime) -> None:
    action.assignments.all().delete()
    answering = [] if wanted.accountable is None else [wanted.accountable]
    letters = (("A", answering), ("C", sorted(wanted.consulted)), ("I", sorted(wanted.informed)))
    Assignment.objects.bulk_create(
        Assignment(**raci.of(action), user_id=key, role=role, by=by, at=at) for role, keys in letters for key in keys
    )
    if action.owner_id != wanted.owner:
        action.owner_id = wanted.owner
        action.save(update_fields=["owner"])
        if isinstance(action, Task):
            EmergencyStep.objects.filter(task=action).update(owner=wanted.owner)  # a step is its task
