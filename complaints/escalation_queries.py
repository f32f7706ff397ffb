"""Which escalations wait, and for whom: the conditions that pages, desk, dashboard and verbs share. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Case, Exists, F, JSONField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from accounts.absences import represented
from accounts.models import DutyShift, Membership
from complaints.ladder import RUNGS
from complaints.models.escalation import Escalation
from complaints.models.response import TeamMember
from complaints.models.states import UNDECIDED

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint

TAKEN_UP = tuple(name for name, rung in RUNGS.items() if rung.level != 4)  # a breach is explained instead
ROLES = ("CSL", "QM", "EXE", "SAL")


def waiting() -> QuerySet[Escalation]:
    """
    Return what nobody took up yet and still asks: calls, explanations, and of each undecided clock its present step.

    A step below the clock's present level asks nothing any more: the next one has been climbed.
    """
    present = Q(step__in=TAKEN_UP, clock__state__in=UNDECIDED, level=F("clock__level")) & ~_replaced()
    return Escalation.objects.filter(Q(due_at__isnull=False) | present, taken_at=None)


def _replaced() -> Exists:
    """Return whether the same step was climbed again by the clock after a change of its target."""
    newer = {"clock": OuterRef("clock"), "step": OuterRef("step"), "generation__gt": OuterRef("generation")}
    return Exists(Escalation.objects.filter(**newer))


def asking(user: User, *, now: datetime | None = None) -> Q:
    """Return the condition that an escalation asks `user`, themselves or for somebody away at `now`, or at present."""
    away = represented(user, now)

    def is_theirs(path: str) -> Q:
        return Q(**{path: user}) | Q(**{f"{path}__in": away})

    def holds(*roles: str) -> Q:
        if user.roles & {*roles}:
            return Q(pk__isnull=False)
        return Q(Exists(Membership.objects.active().filter(user__in=away, role__in=roles)))

    team = {"complaint": OuterRef("complaint"), "cycle": OuterRef("cycle"), "seat": "LEADER", "left_at": None}
    found = Q(asks__contains=" OWNER ") & is_theirs("complaint__owner")
    found |= Q(asks__contains=" OWNER ") & _owned_by_nobody() & holds("CSL")
    found |= Q(Exists(TeamMember.objects.filter(is_theirs("user"), **team)), asks__contains=" LEADER ")
    found |= Q(asks__contains=" HEAD ") & is_theirs("complaint__department__head")
    shifts = {"starts_at__lte": OuterRef("raised_at"), "ends_at__gt": OuterRef("raised_at")}
    found |= Q(Exists(DutyShift.objects.filter(is_theirs("person"), **shifts)), asks__contains=" DUTY ")
    covered = Exists(DutyShift.objects.filter(person__is_active=True, **shifts))
    found |= Q(~covered, asks__contains=" DUTY ") & holds("CSL", "QM")  # a gap of the rota
    for role in ROLES:
        found |= Q(asks__contains=f" {role} ") & holds(role)
    return found


def _owned_by_nobody() -> Q:
    """Return whether the case has no owner, or one who has left: then the service leads are asked."""
    return Q(complaint__owner=None) | Q(complaint__owner__is_active=False)


# The escalations of one case ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """One escalation as a page shows it; `waits`: nobody took it up and it still asks; `mine`: it asks the reader."""

    pk: int
    clock: int | None
    metric: str
    step: str
    level: int
    raised_at: datetime
    due_at: datetime | None
    overlooked_at: datetime | None
    person: str
    reason: str
    taken_by: str
    taken_at: datetime | None
    text: str
    sales: bool | None
    waits: bool
    mine: bool

    @property
    def is_call(self) -> bool:
        return self.step == Escalation.CALL


class ListOf(Subquery):
    """The rows of a query that gives one JSON object each, as one list."""

    template = "(SELECT json_group_array(json(one)) FROM (%(subquery)s) AS listed)"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "(SELECT COALESCE(jsonb_agg(one), '[]'::jsonb) FROM (%(subquery)s) AS listed)"
        return self.as_sql(compiler, connection, template=template, **extra)


def listed(user: User, now: datetime | None = None) -> ListOf:
    """Return a value to read with a case, in the same statement: its escalations, for `read`."""
    return ListOf(_rows(user, now).filter(complaint=OuterRef("pk")).values("one"))


def _rows(user: User, now: datetime | None) -> Any:
    """Return those of the present cycle, the calls of every cycle, each with its values as `one`."""
    here = Escalation.objects.filter(Q(cycle=F("complaint__cycle")) | Q(step=Escalation.CALL))
    here = here.exclude(_replaced()).annotate(
        waits=Exists(waiting().filter(pk=OuterRef("pk"))),
        mine=Case(When(asking(user, now=now), then=True), default=False, output_field=BooleanField()),
    )
    plain = {name: name for name in ("pk", "clock", "step", "level", "person", "reason", "text", "waits", "mine")}
    moments = {name: name for name in ("raised_at", "due_at", "overlooked_at", "taken_at")}
    named = {"metric": "clock__metric", "taken_by": "taken_by__name", "sales": "sales_informed"}
    return here.annotate(one=JSONObject(**plain, **moments, **named)).order_by("raised_at", "pk")


def of(complaint: Complaint, user: User, now: datetime | None = None) -> list[Asked]:
    """Return the escalations of the case for this reader, oldest first; once read they are kept with the instance."""
    if (kept := getattr(complaint, "_asked_of", None)) and kept[0] == user.pk:
        return list(kept[1])
    said = getattr(complaint, "escalations_said", None)  # of `listed`
    if said is None:
        said = list(_rows(user, now).filter(complaint=complaint).values_list("one", flat=True))
    found = [_read(row) for row in said]
    complaint._asked_of = (user.pk, found)  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True)
class OnCase:
    """An escalation with the case that it is of."""

    ref: str
    title: str
    language: str
    asked: Asked


def for_person(user: User, now: datetime, cases: QuerySet[Complaint], *, most: int) -> ListOf:
    """
    Return a value to read beside others: what waits for `user` in `cases`, from L3 up or with a day of its own, the
    longest waiting first, at most so many; `on_cases` reads it.
    """
    which = Q(level__gte=3) | Q(due_at__isnull=False)
    mine = waiting().filter(asking(user, now=now), which, complaint__in=cases)
    case = JSONObject(ref="complaint__ref", title="complaint__title", language="complaint__language", asked="one")
    return ListOf(_rows(user, now).filter(pk__in=mine.values("pk")).values(case=case).values(one=F("case"))[:most])


def on_cases(said: list[dict[str, Any]]) -> list[OnCase]:
    """Return what `for_person` gave."""
    return [OnCase(row["ref"], row["title"], row["language"], _read(row["asked"])) for row in said]


def _read(row: dict[str, Any]) -> Asked:
    return Asked(
        **{name: row[name] for name in ("pk", "clock", "step", "level", "person", "reason", "text")},
        **{name: moment(row[name]) for name in ("raised_at", "due_at", "overlooked_at", "taken_at")},  # type: ignore[arg-type]
        metric=row["metric"] or "",
        taken_by=row["taken_by"] or "",
        sales=None if row["sales"] is None else bool(row["sales"]),
        waits=bool(row["waits"]),
        mine=bool(row["mine"]),
    )


def moment(text: str | None) -> datetime | None:
    """Return an instant as the database wrote it into JSON; SQLite writes UTC without saying so."""
    found = datetime.fromisoformat(text) if text else None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)
