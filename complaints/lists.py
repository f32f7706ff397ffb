"""
The lists of cases: which are asked for, how many there are, and the rows as they are shown (UX §3.2).

What a list is stands in its address: `Asked` reads it and writes it. Nothing here asks the database once per row, and
no row makes a model instance but its clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.frame import initials
from accounts.models import Organisation, User
from complaints import incident_queries
from complaints.clock_queries import next_due
from complaints.clock_words import ShownClock, plain, short, shown
from complaints.days import AGES, Span
from complaints.models import Complaint, Message, SlaClock
from complaints.models.complaint import Complaints
from complaints.models.states import STAGE_OF, STAGES, ClockState, Grade, PauseReason, Stage, State
from worktime.models import CalendarVersion

PAGE = 50
COUNTED = 999  # a view that holds more says "999+"
TOTAL = 10_000  # a list that holds more says so
SORTED = 2_000  # so many rows may be sorted one by one

Words = str | Promise


@dataclass(frozen=True)
class View:
    """One way to look at the cases; `empty` is what to say where there are none."""

    slug: str
    label: Words
    rows: Callable[[Complaints, User, datetime], Complaints]
    empty: Words
    hot: bool = False
    in_bar: bool = True
    sort: str = "due"


VIEWS = {
    view.slug: view
    for view in (
        View("mine", _("Mine"), lambda rows, user, now: rows.mine(user), _("Nothing is on your desk.")),
        View("breached", _("Overdue"), lambda rows, user, now: rows.breached(now), _("No deadline is missed."), True),
        View("at-risk", _("At risk"), lambda rows, user, now: rows.at_risk(now), _("No deadline is near."), True),
        View("unassigned", _("Unassigned"), lambda rows, user, now: rows.unassigned(), _("Every case has its owner.")),
        View("waiting", _("Waiting for customer"), lambda rows, user, now: rows.waiting_for_customer(),
             _("No case waits for a customer.")),
        View("my-diagnoses", _("My diagnoses"), lambda rows, user, now: rows.my_diagnoses(user),
             _("You have nothing to diagnose.")),
        View("open", _("All open"), lambda rows, user, now: rows.backlog(), _("No case is open.")),
        View("counted", _("All that figures count"), lambda rows, user, now: rows.received().counted(),
             _("No complaint was logged yet."), in_bar=False, sort="-ref"),
        View("all", _("All, ended too"), lambda rows, user, now: rows.received(), _("No complaint was logged yet."),
             in_bar=False),
    )
}  # fmt: skip

STAGE_ORDER = Case(
    *(When(state__in=states, then=Value(place)) for place, states in enumerate(STAGES.values())),
    output_field=IntegerField(),
)
SORTS: dict[str, F | Case] = {
    "due": F("pressing"),
    "ref": F("received_at"),
    "what": F("title"),
    "customer": F("customer__name"),
    "stage": STAGE_ORDER,
    "grade": F("grade"),
    "owner": F("owner__name"),
}
CODES = ("product", "team", "defect")  # named by their code, or "none"
SPANS = ("received", "ended")  # days: 2026-05-11..2026-05-17
NARROWS = ("q", "stage", "grade", "customer", "owner", "age", *CODES, *SPANS)


@dataclass(frozen=True)
class Asked:
    """What is asked of a list, as its address says it; what an address says wrongly is left out."""

    view: str
    q: str = ""
    stage: tuple[str, ...] = ()
    grade: tuple[str, ...] = ()
    customer: str = ""  # code, or a part of the name
    owner: str = ""  # "me", "none", e-mail address, or a part of the name
    product: str = ""
    team: str = ""
    defect: str = ""
    age: str = ""  # a band of days.AGES
    received: str = ""
    ended: str = ""
    sort: str = "due"  # with "-": downwards
    page: int = 1

    @classmethod
    def read(cls, said: QueryDict, *, view: str) -> Asked:
        """Return what the query of an address asks for; `view` where it names none."""
        page, sort, wanted, age = (str(said.get(name, "")) for name in ("page", "sort", "view", "age"))
        view = wanted if wanted in VIEWS else view
        return cls(
            view=view,
            q=said.get("q", "").strip()[:200],
            stage=tuple(stage for stage in Stage.values if stage in said.getlist("stage")),
            grade=tuple(grade for grade in (*Grade.values, "none") if grade in said.getlist("grade")),
            customer=said.get("customer", "").strip()[:200],
            owner=said.get("owner", "").strip()[:200],
            **{name: said.get(name, "").strip()[:40] for name in CODES},
            age=age if age in AGES else "",
            **{name: str(Span.read(said.get(name, "")) or "") for name in SPANS},
            sort=sort if sort.removeprefix("-") in SORTS else VIEWS[view].sort,
            page=int(page) if page.isdecimal() and len(page) < 6 and int(page) else 1,
        )

    def query(self, **changes: Any) -> str:
        """Return the query of the address that asks for this with `changes`; page one unless it is named."""
        asked = replace(self, **{"page": 1, **changes})
        said: dict[str, Any] = {"view": asked.view}
        said |= {name: getattr(asked, name) for name in NARROWS if getattr(asked, name)}
        if asked.sort != VIEWS[asked.view].sort:
            said["sort"] = asked.sort
        if asked.page > 1:
            said["page"] = asked.page
        return urlencode(said, doseq=True)

    @property
    def narrowed(self) -> bool:
        """Tell whether a filter leaves something of the view out."""
        return any(getattr(self, name) for name in NARROWS)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Return the filters that hold and that the form has no field for."""
        return [(name, getattr(self, name)) for name in ("age", *CODES, *SPANS) if getattr(self, name)]


def rows_of(asked: Asked, user: User, now: datetime) -> Complaints:
    """Return the cases that are asked for, in no order."""
    rows = VIEWS[asked.view].rows(Complaint.objects.visible_to(user), user, now)
    if asked.q:
        rows = rows.with_words(asked.q)
    if asked.stage:
        rows = rows.filter(state__in=[state for stage in asked.stage for state in STAGES[stage]])
    if asked.grade:
        rows = rows.filter(grade__in=["" if grade == "none" else grade for grade in asked.grade])
    if asked.customer:
        rows = rows.filter(_of_customer(asked.customer))
    if asked.owner:
        rows = rows.filter(_of_owner(asked.owner, user))
    return _of_figures(rows, asked, now)


def _of_figures(rows: Complaints, asked: Asked, now: datetime) -> Complaints:
    """Narrow the rows by what the dashboard counts them by."""
    if asked.product:
        rows = rows.of_product(asked.product)
    if asked.team:
        rows = rows.of_team(asked.team)
    if asked.defect:
        rows = rows.with_defect(asked.defect)
    if asked.age:
        rows = rows.aged(asked.age, now)
    for name in SPANS:
        if span := Span.read(getattr(asked, name)):
            rows = rows.filter(span.holds(f"{name}_at"))
    return rows


def _of_customer(said: str) -> Q:
    """A code names one firm; other words any firm whose name contains them."""
    is_code = Q(Exists(Organisation.objects.filter(code__iexact=said)))
    named = Q(customer__name__icontains=said) | Q(customer__name_zh__icontains=said)
    return Q(customer__code__iexact=said) | (named & ~is_code)


def _of_owner(said: str, user: User) -> Q:
    if said in {"me", "none"}:
        return Q(owner=user if said == "me" else None)
    return Q(owner__email__iexact=said) | Q(owner__name__icontains=said)


# Counting ------------------------------------------------------------------------------------------------------------


class CountOf(Subquery):
    """How many rows a query has, as a value beside others; slice the query to cap it."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


@dataclass(frozen=True)
class Counts:
    """How many cases each view holds, by slug, how many drafts this person has, and the list that was asked for."""

    views: dict[str, int]
    drafts: int
    total: int
    incidents: int = 0  # of the list, those with an emergency plan in force


def counts(asked: Asked, user: User, now: datetime) -> Counts:
    """Return all counts of a list's page in one statement; views are counted to COUNTED + 1, the list to TOTAL + 1."""
    everything = Complaint.objects.visible_to(user)
    wanted = {slug: view.rows(everything, user, now) for slug, view in VIEWS.items() if view.in_bar}
    wanted["drafts"] = Complaint.objects.drafts_of(user)
    capped = {f"n_{slug}": _capped(rows, COUNTED) for slug, rows in wanted.items()}
    capped["n_total"] = _capped(rows_of(asked, user, now), TOTAL)
    capped["n_incidents"] = _capped(rows_of(asked, user, now).filter(incident_queries.runs()), TOTAL)
    found = User.objects.filter(pk=user.pk).values(**capped).get()
    return Counts(
        views={slug: found[f"n_{slug}"] for slug in wanted if slug != "drafts"},
        drafts=found["n_drafts"],
        total=found["n_total"],
        incidents=found["n_incidents"],
    )


def _capped(rows: QuerySet[Complaint], most: int) -> CountOf:
    return CountOf(rows.order_by().values("pk")[: most + 1])


# Rows ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One case as a list shows it. `clock` is the one that is due next, None if none runs; `level` 1–4, 0 ungraded."""

    pk: int
    ref: str
    title: str
    language: str
    customer: str
    stage: Words
    stage_icon: str
    grade: Words
    level: int
    owner: str
    initials: str
    mine: bool
    messages: int
    flagged: bool
    ended: str  # the day, in the reader's way of writing
    clock: ShownClock | None
    icon: str = ""  # of the clock
    beside: str = ""  # what stands beside the clock's words: which one, and when
    due: str = ""  # ISO, of the clock


NOT_CLOSED = (State.REJECTED, State.WITHDRAWN, State.DUPLICATE)  # ended another way: the stage says which
LEVEL = {Grade.G1: 4, Grade.G2: 3, Grade.G3: 2, Grade.G4: 1}
STAGE_ICONS = {stage: f"st{place}" for place, stage in enumerate(Stage.values, 1)} | {Stage.CLOSED: "ok"}
CLOCK_ICONS = {"running": "clock", "risk": "risk", "critical": "risk", "over": "over", "paused": "pause"}
WAITS: dict[str, Promise] = {
    PauseReason.WAITING_CUSTOMER_INFO: _("customer since {when}"),
    PauseReason.WAITING_SAMPLE: _("sample since {when}"),
    PauseReason.WAITING_SITE_ACCESS: _("site access since {when}"),
    PauseReason.WAITING_CUSTOMER_DECISION: _("decision since {when}"),
    PauseReason.FORCE_MAJEURE: _("force majeure since {when}"),
    PauseReason.DISPUTE: _("dispute since {when}"),
}
COLUMNS = (
    "pk", "ref", "title", "language", "state", "grade", "owner_id", "major_issue", "ended_at", "customer__name",
    "customer__name_zh", "owner__name", "next_clock", "step_at", "told_at", "said",
)  # fmt: skip


def page_of(asked: Asked, user: User, now: datetime, counts: Counts, *, zone: ZoneInfo, reads: str) -> list[Row]:
    """
    Return the rows of the page that is asked for, in two statements and one for their calendars.

    counts: how many rows there are in all, which decides which way to the first of them is the short one. Few rows are
    all sorted; of many, when the next due instant sorts them, the clocks are walked by their index until the page is
    full. Sorted so, cases with an emergency plan in force come first.
    """
    page, total = slice((asked.page - 1) * PAGE, asked.page * PAGE), counts.total
    rows = rows_of(asked, user, now)
    found: list[dict[str, Any]] = []
    if total > SORTED and asked.sort.removeprefix("-") == "due":
        found = _read(_walked(rows, asked.sort, page, counts.incidents), asked.sort)
    if len(found) < min(PAGE, total):  # few rows, or near the end, where nothing runs any more
        found = _read(_ordered(rows, asked.sort).values("pk")[page], asked.sort)
    clocks = _clocks([row["next_clock"] for row in found if row["next_clock"]])
    return [_row(row, clocks.get(row["next_clock"]), user, now, zone, reads) for row in found]


def _read(wanted: Any, sort: str) -> list[dict[str, Any]]:
    rows = incident_queries.with_next(next_due(_ordered(Complaint.objects.filter(pk__in=wanted), sort)))
    return list(rows.annotate(said=_messages()).values(*COLUMNS))


def _walked(rows: Complaints, sort: str, page: slice, incidents: int) -> Any:
    """Return the keys of that page by the clocks; those with an emergency plan in force, if there are, before them."""
    if sort != "due" or not incidents:
        return _by_clock(rows, backwards=sort != "due")[page]
    first = list(_ordered(rows.filter(incident_queries.runs()), sort).values_list("pk", flat=True)[page])
    others = _by_clock(rows.exclude(incident_queries.runs()), backwards=False)
    rest = slice(max(0, page.start - incidents), max(0, page.stop - incidents))
    return [*first, *others[rest]]


def _by_clock(rows: Complaints, *, backwards: bool) -> QuerySet[SlaClock, int]:
    """Return the keys of those cases that have a running clock, by its due instant; each case once."""
    running = SlaClock.objects.filter(state=ClockState.RUNNING)
    sooner = Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__lt=OuterRef("pk"))
    nearer = running.filter(sooner, complaint=OuterRef("complaint"))
    first = running.filter(Exists(rows.filter(pk=OuterRef("complaint"))), ~Exists(nearer))
    return first.order_by("-due_at" if backwards else "due_at", "-complaint").values_list("complaint", flat=True)


def _ordered(rows: Complaints, sort: str) -> QuerySet[Complaint]:
    """Sort the rows; by due instants emergencies come first; where nothing runs, or nothing is said, comes last."""
    key = SORTS[sort.removeprefix("-")]
    if sort.removeprefix("-") == "due":
        running = SlaClock.objects.filter(complaint=OuterRef("pk"), state=ClockState.RUNNING).order_by()
        rows = rows.annotate(pressing=Subquery(running.values("complaint").annotate(at=Min("due_at")).values("at")))
    ordered = key.desc(nulls_last=True) if sort.startswith("-") else key.asc(nulls_last=True)
    if sort != "due":
        return rows.order_by(ordered, "-pk")
    emergencies = Case(When(incident_queries.runs(), then=0), default=1)
    return rows.order_by(emergencies, incident_queries.next_step().asc(nulls_last=True), ordered, "-pk")


def _messages() -> Coalesce:
    said = Message.objects.filter(complaint=OuterRef("pk")).order_by().values("complaint").annotate(n=Count("pk"))
    return Coalesce(Subquery(said.values("n")), 0)


def _clocks(keys: list[int]) -> dict[int, SlaClock]:
    """Return the clocks by key; each calendar version is read once, not once per clock."""
    clocks = SlaClock.objects.in_bulk(keys)
    wanted = {clock.calendar_version_id for clock in clocks.values() if clock.calendar_version_id}
    versions = CalendarVersion.objects.select_related("calendar").in_bulk(wanted) if wanted else {}
    for clock in clocks.values():
        if clock.calendar_version_id:
            clock.calendar_version = versions[clock.calendar_version_id]
    return clocks


def _row(row: dict[str, Any], clock: SlaClock | None, user: User, now: datetime, zone: ZoneInfo, reads: str) -> Row:
    stage, owner = STAGE_OF[row["state"]], row["owner__name"] or ""
    return Row(
        pk=row["pk"],
        ref=row["ref"],
        title=row["title"],
        language=row["language"],
        customer=(row["customer__name_zh"] if reads.startswith("zh") else "") or row["customer__name"],
        stage=State(row["state"]).label if row["state"] in NOT_CLOSED else Stage(stage).label,
        stage_icon="no" if row["state"] in NOT_CLOSED else STAGE_ICONS[stage],
        grade=Grade(row["grade"]).label if row["grade"] else "",
        level=LEVEL.get(row["grade"], 0),
        owner=owner,
        initials=initials(owner),
        mine=row["owner_id"] == user.pk,
        messages=row["said"],
        flagged=row["major_issue"],
        ended=date_format(row["ended_at"].astimezone(zone), "DATE_FORMAT") if row["ended_at"] else "",
        **(_incident_words(row, clock, now, zone) or _clock_words(clock, now, zone)),
    )


def _incident_words(row: dict[str, Any], clock: SlaClock | None, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Return what a row says of its incident: what of it is overdue, or due before the next clock; else nothing."""
    named = ((row["step_at"], gettext("Incident step")), (row["told_at"], gettext("Incident update")))
    due = min(((at, name) for at, name in named if at), default=None)
    if due is None or (due[0] >= now and clock and clock.due_at and clock.due_at < due[0]):
        return {}
    words = plain(due[1], due[0], now, zone)
    return {"clock": words, "icon": CLOCK_ICONS[words.state], "beside": words.name, "due": due[0].isoformat()}


def _clock_words(clock: SlaClock | None, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Return what a row says of its clock: which one and when, or whom it waits for."""
    if clock is None:
        return {"clock": None}
    words = shown(clock, now, zone=zone)
    near = words.state in {"risk", "critical"}
    beside = f"{words.name} {words.when}" if near else words.name
    if clock.waiting_since and words.state == "paused":
        beside = str(WAITS[clock.waiting_for]).format(when=short(clock.waiting_since, now, zone))
    due = words.due.isoformat() if words.due else ""
    return {"clock": words, "icon": CLOCK_ICONS[words.state], "beside": beside, "due": due}
