"""
Who knows this: colleagues proposed for the team of a case by what their work has shown, and by how much they carry now.

Competence is seen, in causes that somebody proved and teams that somebody sat on, in cases of the same product, of the
same kind of product, and in cases like this one (look_alikes); and it is declared, for the family of the product.
Whoever is away is named last, with why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet

from accounts.absences import away_until
from accounts.models import User
from complaints import look_alikes
from complaints.models import Competence, Complaint, RootCause, Task, TeamMember
from complaints.models.states import BACKLOG

PROVED, DECLARED, SAT, LOAD = 3, 2, 1, 0.5  # what a proven cause, the word, a seat, an open case or task weigh
LIKE = 20  # similar cases looked at
LISTED = 5


@dataclass(frozen=True)
class Expert:
    """
    A colleague and why. proved, sat: in how many cases of such goods or like this one they proved a cause or sat on the
    team; cases: the newest of them; open_cases, open_tasks: what they carry; away_until: None while they are here;
    declares: what they say of themselves.
    """

    user: User
    proved: int
    sat: int
    cases: tuple[str, ...]
    open_cases: int
    open_tasks: int
    away_until: date | None
    declares: str = ""

    @property
    def score(self) -> float:
        """Return what ranks them: the work shown and the word given, less the work at hand."""
        word = DECLARED * bool(self.declares)
        return PROVED * self.proved + word + SAT * self.sat - LOAD * (self.open_cases + self.open_tasks)


def propose(complaint: Complaint, reader: User, *, who: Iterable[int], at: datetime) -> list[Expert]:
    """Return at most LISTED of the colleagues `who` (keys) who know such cases, best first, the away last."""
    cases = _such_cases(complaint, reader)
    people = set(who)
    causes = RootCause.objects.filter(complaint__in=cases, verified_at__isnull=False, withdrawn_at=None)
    proved = _by_person(causes, "verified_by")
    seats = _by_person(TeamMember.objects.filter(complaint__in=cases), "user")
    declared = {row.user_id: str(row) for row in Competence.objects.of_goods(complaint.product)}
    known = {
        person: (proved.get(person, set()), seats.get(person, set()), declared.get(person, ""))
        for person in (proved.keys() | seats.keys() | declared.keys()) & people
    }
    rows = [_expert(user, *known[user.pk], cases) for user in _with_load(known, at)]
    return sorted(rows, key=lambda one: (one.away_until is not None, -one.score, one.user.name))[:LISTED]


def _such_cases(complaint: Complaint, reader: User) -> dict[int, str]:
    """Return number by key of the cases of such goods and those like this one, without this one."""
    cases = {one.case.pk: one.case.ref or "" for one in look_alikes.alike(complaint, reader, limit=LIKE)}
    if complaint.product:
        same = Q(product=complaint.product_id)
        if complaint.product.family:
            same |= Q(product__family=complaint.product.family)
        rows = Complaint.objects.visible_to(reader).received().filter(same).exclude(pk=complaint.pk)
        cases |= dict(rows.order_by("-received_at").values_list("pk", "ref")[: look_alikes.NEAR])
    return cases


def _by_person(rows: Any, name: str) -> dict[int, set[int]]:
    """Return the keys of the cases by the person in the column `name`."""
    found: dict[int, set[int]] = {}
    for person, case in rows.exclude(**{f"{name}__isnull": True}).values_list(name, "complaint"):
        found.setdefault(person, set()).add(case)
    return found


def _with_load(people: Iterable[int], at: datetime) -> list[User]:
    """Return the people with what each carries as `open_cases` and `open_tasks`, and until when each is `away` then."""
    users = list(User.objects.filter(pk__in=people, is_active=True).annotate(away=away_until(OuterRef("pk"), at)))
    cases = _by_owner(Complaint.objects.filter(owner__in=users, state__in=BACKLOG))
    tasks = _by_owner(Task.objects.filter(owner__in=users, status=Task.Status.OPEN))
    for user in users:
        user.open_cases, user.open_tasks = cases.get(user.pk, 0), tasks.get(user.pk, 0)  # type: ignore[attr-defined]
    return users


def _by_owner(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.order_by().values_list("owner").annotate(n=Count("pk")))


def _expert(user: Any, proved: set[int], sat: set[int], declares: str, cases: dict[int, str]) -> Expert:
    named = sorted(proved | sat, reverse=True)[:3]
    return Expert(
        user, len(proved), len(sat), tuple(cases[case] for case in named), user.open_cases, user.open_tasks, user.away,
        declares,
    )  # fmt: skip
