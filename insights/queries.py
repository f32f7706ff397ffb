"""
The figures of the dashboard: one function each, frozen rows out. Nothing here writes.

What a figure counts and what the list behind it shows come from the same conditions (Complaints, clock_queries, and the
row sets at the end of this module), so that a number equals its list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import (
    Avg,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.models import Department, Organisation, User
from complaints import figures
from complaints.clock_queries import near as is_near
from complaints.days import AGES, DAY, Span, company_date, of_age
from complaints.escalation_queries import OnCase, for_person, on_cases
from complaints.figures import percent
from complaints.lists import CountOf
from complaints.models import SlaClock
from complaints.models.complaint import Complaints, says_defect
from complaints.models.states import STAGES, UNDECIDED, ClockState, Grade, Metric, Nonconformity, Stage, State
from contracts.models import Product
from insights.scope import Scope
from remediation.models import ReturnVisit, SurveyInvitation, SurveyResponse
from remediation.models.kinds import VisitStatus

WEEKS = 12  # of the trend, the running one included
ESCALATED = 5  # escalations in "needs you now"
URGENT = 3  # clocks past due, and as many near it, in "needs you now"
MOST = 500  # choices of a filter
NONE = "none"
OPEN_STAGES = tuple(stage for stage in Stage.values if stage != Stage.CLOSED)


# Numbers of today ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Numbers:
    """The single numbers: cases that stand so now; what customers answered in the period."""

    breached: int
    at_risk: int
    visits_late: int
    answers: int
    asked: int
    asked_answered: int
    satisfaction: Decimal | None  # mean of 1–5, one decimal
    escalated: list[OnCase]  # what waits for this person

    @property
    def answered(self) -> Decimal | None:
        """Return which share of those asked in the period has answered, in per cent."""
        return percent(self.asked_answered, self.asked)


def numbers(scope: Scope, user: User, now: datetime) -> Numbers:
    """Return the single numbers in one statement."""
    open_cases = scope.cases(user)
    given = answers(scope, user)
    sent = invitations(scope, user)
    found = User.objects.filter(pk=user.pk).values(
        breached=_count(open_cases.breached(now)),
        at_risk=_count(open_cases.at_risk(now)),
        visits_late=_count(late_visits(scope, user, now)),
        answers=_count(given),
        asked=_count(sent),
        escalated=for_person(user, now, open_cases.backlog(), most=ESCALATED),
        asked_answered=_count(sent.exclude(answered_at=None)),
        mean=Subquery(given.order_by().annotate(all=Value(1)).values("all").annotate(n=Avg("csat_result")).values("n")),
    )[0]
    escalated = on_cases(found.pop("escalated"))
    return Numbers(satisfaction=_tenth(found.pop("mean")), escalated=escalated, **found)


def _count(rows: QuerySet[Any]) -> CountOf:
    return CountOf(rows.order_by().values("pk"))


def _tenth(mean: float | Decimal | None) -> Decimal | None:
    return None if mean is None else Decimal(str(mean)).quantize(Decimal("0.1"), ROUND_HALF_UP)


# Open cases by stage and age -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ages:
    """Open cases by stage and band of age: `cells[stage][band]`; every stage but the last and every band is there."""

    cells: dict[str, dict[str, int]]

    @property
    def total(self) -> int:
        return sum(map(self.of_stage, self.cells))

    def of_stage(self, stage: str) -> int:
        return sum(self.cells[stage].values())

    def of_band(self, band: str) -> int:
        return sum(row[band] for row in self.cells.values())

    @property
    def fullest(self) -> tuple[str, str, int] | None:
        """Return stage, band and number of the fullest cell; None where no case is open."""
        filled = [(n, stage, band) for stage, row in self.cells.items() for band, n in row.items() if n]
        if not filled:
            return None
        n, stage, band = max(filled, key=lambda cell: cell[0])
        return stage, band, n


def ages(scope: Scope, user: User, now: datetime) -> Ages:
    """Return the open cases by stage and band of age (K06)."""
    bands = [When(of_age(band, now).holds("received_at"), then=Value(band)) for band in AGES]
    stages = [When(state__in=STAGES[stage], then=Value(str(stage))) for stage in OPEN_STAGES]
    rows = scope.cases(user).backlog().order_by()
    grouped = rows.values(stage=Case(*stages, output_field=CharField()), band=Case(*bands, output_field=CharField()))
    cells = {str(stage): dict.fromkeys(AGES, 0) for stage in OPEN_STAGES}
    for row in grouped.annotate(n=Count("pk")):
        cells[row["stage"]][row["band"] or next(iter(AGES))] += row["n"]
    return Ages(cells)


# Clocks that were decided --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """How many clocks of one kind were met and missed in the period, and in as many days before."""

    metric: str
    met: int = 0
    missed: int = 0
    met_before: int = 0
    missed_before: int = 0
    gravest: Kept | None = None  # those of G1 cases, which K02 shows apart

    @property
    def n(self) -> int:
        return self.met + self.missed

    @property
    def percent(self) -> Decimal | None:
        """Return met / (met + missed) (K01); None where none was decided."""
        return percent(self.met, self.n)

    @property
    def change(self) -> Decimal | None:
        """Return by how many points that rose since the days before; None without both."""
        before = percent(self.met_before, self.met_before + self.missed_before)
        return None if self.percent is None or before is None else self.percent - before


def kept(scope: Scope, user: User, now: datetime) -> list[Kept]:
    """Return the clocks decided in the period by kind (K01, K02), in the order of Metric; kinds without any too."""
    counts = {
        f"{result}{when}": Count("pk", filter=RESULTS[result](span, now))
        for when, span in (("", scope.period.span), ("_before", scope.period.before))
        for result in RESULTS
    }
    grave = Case(When(complaint__grade=Grade.G1, then=Value(1)), default=Value(0), output_field=IntegerField())
    both = Span(scope.period.before.first, scope.period.last)
    inside = _met(both, now) | _missed(both, now)  # so that the database reads these days only
    rows: Any = _clocks(scope, user).filter(inside).values("metric", grave=grave).annotate(**counts)
    found = {(row["metric"], row["grave"]): Kept(row["metric"], **{name: row[name] for name in counts}) for row in rows}
    pairs = [[found.get((metric, grave), Kept(metric)) for grave in (0, 1)] for metric in Metric.values]
    return [replace(all_kept(pair), metric=pair[0].metric, gravest=pair[1]) for pair in pairs]


def all_kept(rows: Iterable[Kept]) -> Kept:
    """Return the sum over rows."""
    rows = list(rows)
    names = ("met", "missed", "met_before", "missed_before")
    return Kept("", **{name: sum(getattr(row, name) for row in rows) for name in names})


def without_gravest(row: Kept) -> Kept:
    """Return the row without its G1 cases: the 48-hour rate, where INITIAL is given (K02)."""
    grave = row.gravest or Kept(row.metric)
    names = ("met", "missed", "met_before", "missed_before")
    return Kept(row.metric, **{name: getattr(row, name) - getattr(grave, name) for name in names})


def _met(span: Span, now: datetime) -> Q:
    return Q(state=ClockState.STOPPED, breached_at=None) & span.holds("stopped_at")


def _missed(span: Span, now: datetime) -> Q:
    """A clock is missed at its due instant, stopped or not, noticed or not; a revoked breach leaves no breached_at."""
    unnoticed = Q(state=ClockState.RUNNING, breached_at=None, due_at__lt=now) & span.holds("due_at")
    return (~Q(state=ClockState.CANCELLED) & span.holds("breached_at")) | unnoticed


RESULTS = {"met": _met, "missed": _missed}
GRADES = {"G1": Q(complaint__grade=Grade.G1), "other": ~Q(complaint__grade=Grade.G1)}


def _clocks(scope: Scope, user: User) -> QuerySet[SlaClock]:
    """Return the clocks of the cases that figures count; those of rejected and withdrawn cases say nothing (§13)."""
    cases = scope.cases(user).exclude(state__in=(State.REJECTED, State.WITHDRAWN))
    return SlaClock.objects.filter(_of(cases)).order_by()


def _of(cases: Complaints, through: str = "complaint") -> Q:
    """Return the condition that a row belongs to one of the cases, asked row by row: few rows are left by then."""
    return Q(Exists(cases.order_by().filter(pk=OuterRef(through))))


# Weeks ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Week:
    """What came in and what ended from Monday to Sunday of the company's calendar."""

    monday: date
    new: int = 0
    closed: int = 0

    @property
    def span(self) -> Span:
        return Span(self.monday, self.monday + 6 * DAY)

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week


def weeks(scope: Scope, user: User, now: datetime) -> list[Week]:
    """Return the last twelve weeks, the oldest first and the running one last, whatever the period."""
    this = company_date(now) - company_date(now).weekday() * DAY
    spans = [Week(this - back * 7 * DAY).span for back in reversed(range(WEEKS))]
    cases = scope.cases(user).order_by()
    new, closed = (_by_week(cases, field, spans) for field in ("received_at", "ended_at"))
    counts: dict[tuple[str, int], int] = {}
    for row in new.union(closed, all=True):
        counts[row["what"], row["week"]] = row["n"]
    return [
        Week(span.first, counts.get(("received_at", i), 0), counts.get(("ended_at", i), 0))  # type: ignore[arg-type]
        for i, span in enumerate(spans)
    ]


def _by_week(cases: Complaints, field: str, spans: list[Span]) -> QuerySet[Any, Any]:
    inside = Span(spans[0].first, spans[-1].last).holds(field)
    week = Case(*(When(span.holds(field), then=Value(i)) for i, span in enumerate(spans)), output_field=IntegerField())
    grouped = cases.filter(inside).values(what=Value(field, CharField()), week=week)
    return grouped.annotate(n=Count("pk"))  # type: ignore[return-value]


# Pareto --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """How many open cases name one thing; `code` is what lists filter by, `upto` the share of it and all before it."""

    code: str
    name: Any
    n: int
    old: int = 0  # of them older than thirty days
    upto: Decimal = field(default=Decimal(0))


def pareto(scope: Scope, user: User, by: str, now: datetime) -> list[Share]:
    """Return the open cases by defect, product or customer, the most frequent first (K11); unknown is shown."""
    rows = scope.cases(user).backlog().order_by()
    found = _defects(rows) if by == "defect" else _named(rows, by, now)
    return _cumulated(sorted((share for share in found if share.n), key=lambda share: (-share.n, share.code)))


def _cumulated(shares: list[Share]) -> list[Share]:
    upto = figures.cumulated([share.n for share in shares])
    return [replace(share, upto=part or Decimal(0)) for share, part in zip(shares, upto, strict=True)]


def vital_few(shares: list[Share]) -> list[Share]:
    """Return those that make up 80 %, the one that crosses it included (KV-11)."""
    return shares[: figures.vital_few([share.n for share in shares])]


def _defects(rows: Complaints) -> list[Share]:
    codes = {**dict(Nonconformity.choices), NONE: None}
    counts = rows.with_defects_said().aggregate(
        **{f"n_{code}": Count("pk", filter=says_defect(code)) for code in codes}
    )
    return [Share(code, label, counts[f"n_{code}"]) for code, label in codes.items()]


def _named(rows: Complaints, by: str, now: datetime) -> list[Share]:
    old = Count("pk", filter=of_age("over-30", now).holds("received_at"))
    grouped = rows.values(f"{by}__code", f"{by}__name", f"{by}__name_zh").annotate(n=Count("pk"), old=old)
    return [
        Share(row[f"{by}__code"] or NONE, (row[f"{by}__name"], row[f"{by}__name_zh"]), row["n"], row["old"])
        for row in grouped
    ]


# Needs you now -------------------------------------------------------------------------------------------------------


def urgent(scope: Scope, user: User, now: datetime) -> list[SlaClock]:
    """
    Return the clocks that are most past due and those at risk, a few of each, by due instant.

    One clock a case; its case, owner and calendar come with it.
    """
    cases = scope.cases(user).backlog()
    running = SlaClock.objects.filter(_of(cases), state__in=UNDECIDED)
    earlier = SlaClock.objects.filter(complaint=OuterRef("complaint"), state__in=UNDECIDED).filter(
        Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__lt=OuterRef("pk"))
    )
    first = running.filter(~Exists(earlier))
    over = first.filter(due_at__lt=now).order_by("due_at", "pk").values("pk")[:URGENT]
    near = first.filter(is_near(now), due_at__gte=now).order_by("due_at", "pk").values("pk")[:URGENT]
    wanted = SlaClock.objects.filter(Q(pk__in=over) | Q(pk__in=near)).order_by("due_at", "pk")
    return list(wanted.select_related("complaint__owner", "calendar_version__calendar"))


# What the filters offer ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    code: str
    name: str
    name_zh: str


def choices() -> dict[str, list[Choice]]:
    """Return customers, products and teams to filter by, in one statement, each by code."""
    customers = Organisation.objects.filter(kind=Organisation.Kind.CUSTOMER)
    sources = {"customer": customers, "product": Product.objects.all(), "team": Department.objects.all()}
    first, *others = (
        rows.order_by().values_list(Value(name, CharField()), "code", "name", "name_zh")
        for name, rows in sources.items()
    )
    found: dict[str, list[Choice]] = {name: [] for name in sources}
    for name, *said in sorted(first.union(*others, all=True)):
        found[name].append(Choice(*said))
    return {name: rows[:MOST] for name, rows in found.items()}


# The rows behind the numbers that are not cases ----------------------------------------------------------------------


def decided(
    scope: Scope, user: User, now: datetime, *, metric: str = "", result: str = "", grade: str = ""
) -> QuerySet[SlaClock]:
    """
    Return the clocks decided in the period, the latest first.

    metric, result (met, missed), grade (G1, other) narrow it where they are given.
    """
    inside = [RESULTS[name](scope.period.span, now) for name in RESULTS if result not in RESULTS or result == name]
    rows = _clocks(scope, user).filter(inside[0] | inside[-1])
    rows = rows.filter(metric=metric) if metric else rows
    rows = rows.filter(GRADES[grade]) if grade in GRADES else rows
    return rows.select_related("complaint__customer").order_by(
        Coalesce("breached_at", "stopped_at", "due_at").desc(), "pk"
    )


def invitations(scope: Scope, user: User) -> QuerySet[SurveyInvitation]:
    """Return the surveys that went out in the period and were not taken back."""
    ours = _of(scope.cases(user)) & Q(revoked_at=None)
    return SurveyInvitation.objects.filter(ours & scope.period.holds("sent_at")).order_by("-sent_at", "pk")


def answers(scope: Scope, user: User) -> QuerySet[SurveyResponse]:
    """Return what customers answered in the period about the result, the latest first (K16)."""
    ours = _of(scope.cases(user), "invitation__complaint") & Q(csat_result__isnull=False)
    rows = SurveyResponse.objects.filter(ours & scope.period.holds("at"))
    return rows.select_related("invitation__complaint__customer").order_by("-at", "pk")


def late_visits(scope: Scope, user: User, now: datetime) -> QuerySet[ReturnVisit]:
    """Return the visits that should have been made before today and were not, the oldest first."""
    owed = ReturnVisit.objects.annotate(due=Coalesce("agreed_on", "planned_on", output_field=DateField()))
    late = Q(status__in=(VisitStatus.PLANNED, VisitStatus.MISSED), done_at=None, due__lt=company_date(now))
    rows = owed.filter(late, _of(scope.cases(user)))
    return rows.select_related("complaint__customer").order_by("due", "pk")
