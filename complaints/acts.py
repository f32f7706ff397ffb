"""
Everything a person can do to a case, in one list: the moves and the acts of each room.

Pages (`/cases/<ref>/do/<name>/`) and API (`…/transitions/<name>/`) both read it, so a form exists once. An act names
its form (shape of what is said) and its verb (the rule); it decides nothing itself. Higher rooms add theirs with `add`
in AppConfig.ready().
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints import lifecycle, policies, standing
from complaints.gates import MOVES, Reason, reason

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.forms.base import ActForm
    from complaints.models import Complaint
    from complaints.showing import Shows

Words = str | Promise


@dataclass(frozen=True)
class Act:
    """One thing that can be done: its name, words, form and verb."""

    name: str
    label: Words  # "Start diagnosis"
    run: Callable[..., Any]  # run(complaint, *, by, at, **what the form cleaned)
    form: type[ActForm]
    room: str  # the tab that offers it: case, response, diagnosis, remedy, visits, actions, prevention, files
    permission: str = ""  # of acts that are no moves
    states: tuple[str, ...] = ()  # where an act that is no move is offered; empty: in every state but draft
    effect: Words = ""  # what happens then, said before the button is pressed
    outward: bool = False  # it reaches the customer
    final: bool = False  # it cannot be undone
    takes_files: bool = False
    also: Callable[[Complaint, User], bool] | None = None  # who may beside the roles: a seat in the team, a department
    gaps: Callable[[Complaint, User], list[Reason]] | None = None  # why it is not for this person now, cheap to tell
    shows: Shows | None = None  # what it decides or sends, shown before the button is pressed
    says: Callable[[Any, datetime], Words] | None = None  # of what the verb returned, now: instead of "done"; "": that

    @property
    def reach(self) -> Words:
        """Return what to bear in mind before the button is pressed."""
        if self.outward and self.final:
            return _("This reaches the customer and cannot be undone.")
        if self.outward:
            return _("This reaches the customer.")
        return _("This cannot be undone.") if self.final else ""

    @property
    def is_move(self) -> bool:
        return self.name in MOVES


@dataclass(frozen=True)
class Offer:
    """An act as it stands for one person and one case."""

    act: Act
    permitted: bool
    blocked_by: tuple[Reason, ...]
    asks: tuple[Reason, ...]
    roles: frozenset[str]
    mends: Reason | None = None  # the gap for which it is offered

    @property
    def allowed(self) -> bool:
        return self.permitted and not self.blocked_by


_acts: dict[str, Act] = {}


def add(*acts: Act) -> None:
    """Add acts to the list. Raises ValueError if a name is taken."""
    for act in acts:
        if act.name in _acts:
            raise ValueError(f"act {act.name} is there already")
        _acts[act.name] = act


def get(name: str) -> Act | None:
    """Return the act of that name, if there is one."""
    return _acts.get(name)


def every() -> list[Act]:
    """Return all acts in order of registration."""
    return list(_acts.values())


def offer(act: Act, complaint: Complaint, user: User) -> Offer:
    """Return how `act` stands for `user` on this case."""
    if act.is_move:
        choice = lifecycle.choice(act.name, complaint, user)
        return Offer(act, choice.permitted, choice.blocked_by, choice.asks, choice.roles)
    roles = policies.roles_with(act.permission)
    fits = complaint.state in act.states if act.states else complaint.state != "DRAFT"
    permitted = policies.may(act.permission, complaint, user)
    permitted = permitted or bool(fits and act.also and act.also(complaint, user))
    blocked = [] if fits else [reason("state_does_not_allow", state=complaint.state)]
    if permitted and fits:
        blocked = _lacking(act, complaint, user)
    return Offer(act, permitted, tuple(blocked), (), roles)


def _lacking(act: Act, complaint: Complaint, user: User) -> list[Reason]:
    """Return why the act would be refused now whatever its form says: it has no object, or the case lacks something."""
    if act.name in standing.WORKS_ON and act.name not in standing.of(complaint).works_on:
        return [reason("nothing_fits")]
    return act.gaps(complaint, user) if act.gaps else []


def offers(complaint: Complaint, user: User, room: str) -> list[Offer]:
    """Return the acts of a room that are permitted to `user` and fit the state."""
    with standing.once(complaint):
        found = [offer(act, complaint, user) for act in _acts.values() if act.room == room and not act.is_move]
    return [one for one in found if one.allowed]


def moves(complaint: Complaint, user: User) -> list[Offer]:
    """Return every move out of the present state, allowed or not, with its reasons."""
    with standing.once(complaint):
        found = lifecycle.choices(complaint, user)
    return [
        Offer(_acts[choice.verb], choice.permitted, choice.blocked_by, choice.asks, choice.roles) for choice in found
    ]


def on_row(verb: Callable[..., Any], name: str, *, missing: str = "nothing_fits") -> Callable[..., Any]:
    """
    Return `verb`, which takes a row of the case, as an act of the case: the form brings the row under `name`.

    missing: why it is refused where the form found no row, as the code of a reason.
    """

    def run(complaint: Complaint, *, by: User, at: datetime, **said: Any) -> Any:
        row = said.pop(name)
        if row is None:
            raise lifecycle.Refused(reason(missing))
        return verb(row, by=by, at=at, **said)

    return run


def perform(act: Act, complaint: Complaint, *, by: User, at: datetime, said: dict[str, Any]) -> Any:
    """Run the act's verb; raises what the verb raises, and Refused where the act is not offered in the case's state."""
    if act.states and complaint.state not in act.states:
        raise lifecycle.Refused(reason("state_does_not_allow", state=complaint.state))
    return act.run(complaint, by=by, at=said.pop("at", None) or at, **said)
