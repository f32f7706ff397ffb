"""
Who answers for an action of a case: the letter A by rule when it is made, and what has nobody (DOMAIN §4.3, R09).

An action is a task or a containment; its R is its owner. The matrix of DOMAIN §4.3 says for an activity which roles
answer; of the people of the case (leader, owner, champion, members) the first who holds one of them does. Where the
activity has no row, or nobody of them holds such a role, it is the leader of the team, before there is one the owner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.roles import WORKERS, Role
from complaints import standing
from complaints.gates import Reason, reason
from complaints.models import Assignment, Complaint, ContainmentAction, Task
from complaints.models.response import TeamMember
from complaints.models.states import Location

if TYPE_CHECKING:
    from accounts.models import User

Action = Task | ContainmentAction

QUALITY, SERVICE, SALES = {Role.QE, Role.QM}, {Role.CS, Role.CSL}, {Role.SAL, Role.PM}
CONTAINMENT = "containment"
ANSWERING: dict[str, set[Role]] = {  # column A of DOMAIN §4.3, by the kind of the task
    CONTAINMENT: QUALITY,
    "initial_no_answer": QUALITY,
    "improvement": QUALITY,
    "letter_failed": SERVICE,
    "sending_failed": SERVICE,
    "call_back": SERVICE,
    "decide_reopening": SERVICE,
    "visit_risk": SERVICE,
    "visit_promise": SERVICE,
    "proposal_expired": SALES,
}
_SEATS = (TeamMember.Seat.LEADER, "", TeamMember.Seat.CHAMPION, TeamMember.Seat.MEMBER)  # "": the owner of the case


# By rule --------------------------------------------------------------------------------------------------------------


def answering(complaint: Complaint, kind: str) -> User | None:
    """Return who answers for a new action of that kind by the rule; None where the case has nobody yet."""
    people = _people(complaint)
    if wanted := ANSWERING.get(kind):
        rows = Membership.objects.active().filter(user__in=people, role__in=wanted)
        holders = set(rows.values_list("user_id", flat=True))
        people = [person for person in people if person.pk in holders] or people
    return people[0] if people else None


def _people(complaint: Complaint) -> list[User]:
    """Return the people of a case who are still here, in the order in which they answer."""
    seats = complaint.team.filter(cycle=complaint.cycle, left_at=None, user__is_active=True)
    found = [(row.seat, row.user) for row in seats.select_related("user").order_by("pk")]
    if complaint.owner and complaint.owner.is_active:
        found.append(("", complaint.owner))
    ranked = sorted(found, key=lambda pair: _SEATS.index(pair[0]))
    return list({person.pk: person for _seat, person in ranked}.values())


def name(complaint: Complaint, *actions: Action, at: datetime, who: User | None = None) -> int | None:
    """
    Write down who answers for new actions of a case, all of one kind: `who`, else whom the rule names.

    Returns the key of that person; None where nobody can be named.
    """
    if not actions:
        return None
    kind = actions[0].kind if isinstance(actions[0], Task) else CONTAINMENT
    person = who or answering(complaint, kind)
    if person is None:
        return None
    Assignment.objects.bulk_create(
        Assignment(**of(action), user=person, role=Assignment.Role.ACCOUNTABLE, at=at) for action in actions
    )
    return person.pk


# What there is --------------------------------------------------------------------------------------------------------


def of(action: Action) -> dict[str, Any]:
    """Return the column of Assignment that names the action."""
    return {"task": action} if isinstance(action, Task) else {CONTAINMENT: action}


def code(action: Action) -> str:
    """Return what names an action in an address and over the API: "task-12", "containment-3"."""
    return f"{'task' if isinstance(action, Task) else CONTAINMENT}-{action.pk}"


def text(action: Action) -> str:
    """Return what is to be done."""
    return action.text if isinstance(action, Task) else action.action


def kind_words(action: Action) -> str:
    """Return what kind of action it is, and where it stops the damage, in the reader's words."""
    if isinstance(action, Task):
        return _("Task")
    return _("Containment, {place}").format(place=Location(action.location).label)


def waiting(complaint: Complaint) -> Iterator[Action]:
    """Return the actions of a case that are not done, those that nobody answers for first."""
    found: list[Action] = [*complaint.tasks.waiting().order_by("pk"), *complaint.containment.waiting().order_by("pk")]
    missing = {code(action) for action in unassigned(complaint)}
    return iter(sorted(found, key=lambda action: code(action) not in missing))


def find(complaint: Complaint, named: str) -> Action | None:
    """Return the action of the case that `code` named; None if there is none."""
    kind, _dash, key = named.partition("-")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    rows: Any = {"task": complaint.tasks, CONTAINMENT: complaint.containment.filter(needed=True)}.get(kind)
    return None if rows is None else rows.filter(pk=int(key)).first()


@dataclass(frozen=True)
class Named:
    """Who has which letter of an action, by key; `version` is another one after each change."""

    owner: int | None
    accountable: int | None
    consulted: frozenset[int]
    informed: frozenset[int]
    version: int

    def facts(self) -> dict[str, Any]:
        """Return the keys as an event holds them."""
        return {
            "owner": self.owner, "accountable": self.accountable, "consulted": sorted(self.consulted),
            "informed": sorted(self.informed),
        }  # fmt: skip


def named(action: Action) -> Named:
    """Return who has which letter of an action now."""
    rows = list(action.assignments.values_list("role", "user_id", "pk"))
    by_role = {role: frozenset(user for one, user, _pk in rows if one == role) for role in Assignment.Role.values}
    version = max((pk for _role, _user, pk in rows), default=0)
    return Named(action.owner_id, next(iter(by_role["A"]), None), by_role["C"], by_role["I"], version)


def is_over(action: Action) -> bool:
    """Tell whether the action is done, or no longer wanted."""
    return action.status != Task.Status.OPEN if isinstance(action, Task) else action.effective_at is not None


def may_be_named(person: User) -> bool:
    """Tell whether somebody may have a letter: one of our own, with an account, whose role works on cases."""
    return person.is_active and person.is_staff_member and bool(person.roles & WORKERS)


def answers(person: User | None) -> bool:
    """Tell whether this is somebody who answers: an action whose A has no account any more has nobody."""
    return person is not None and person.is_active


def unassigned(complaint: Complaint) -> Iterable[Action]:
    """Return the waiting actions of a case for which nobody answers."""
    yield from complaint.containment.unassigned().order_by("pk")
    yield from complaint.tasks.unassigned().order_by("pk")


def gaps(complaint: Complaint) -> list[Reason]:
    """Return each waiting action for which nobody answers; asked of the table only where there is one."""
    if not standing.of(complaint).unassigned:
        return []
    return [reason("action_unassigned", action=code(action), text=text(action)) for action in unassigned(complaint)]
