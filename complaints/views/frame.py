"""What every tab of a case shows around its content: who may see it, its head, its tabs, its clocks."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.absences import away_until
from accounts.frame import address_of, initials
from accounts.models import Draft, Membership, User
from accounts.roles import Role
from complaints import acts, clock_words, entitling, escalation_queries, mends, standing, timeline
from complaints.acts import Offer
from complaints.clock_story_words import rule_words
from complaints.gates import Reason
from complaints.lists import LEVEL
from complaints.models import Complaint, SlaClock, SlaPause
from complaints.models.states import STAGES, UNDECIDED, ClockState, Grade, Metric, Stage, State
from complaints.next_step import FORWARD, Gate
from complaints.words import say

KEYS = {"case": "t", "case-diagnosis": "d"}  # of the tabs, UX §4.1
TAB_OF_STAGE = {
    Stage.DIAGNOSE: "case-diagnosis", Stage.PROPOSE: "case-remedy", Stage.CARRY_OUT: "case-remedy",
    Stage.FOLLOW_UP: "case-visits",
}  # fmt: skip
ICON_OF_STAGE = dict(zip(Stage, ("st1", "st2", "st3", "st4", "st5", "st6", "ok"), strict=True))
FOLDED = 5  # open gates of a group that are shown before the rest is folded
ENDED_BADLY = (State.REJECTED, State.WITHDRAWN, State.DUPLICATE)
RELATED = (
    "customer", "contact", "owner", "department", "project", "contract", "contract_version", "product", "delivery",
    "lot", "master", "withdrawal", "registered_by",
)  # fmt: skip


def _number(path: str, **which: Any) -> Subquery:
    """Return how many rows stand at the end of a relation of the case."""
    counted = Complaint.objects.filter(pk=OuterRef("pk")).order_by().values("pk")
    return Subquery(counted.annotate(n=Count(path, filter=Q(**which), distinct=True)).values("n"))


def find(request: HttpRequest, ref: str, *, drafts: bool = False) -> Complaint:
    """Return the case with what its head needs, or raise Http404: foreign and missing look the same."""
    cases = Complaint.objects.visible_to(request.user).filter(ref=ref).select_related(*RELATED)
    cases = cases.annotate(
        n_files=_number("evidence"),
        n_tasks=_number("tasks"),
        n_tasks_done=_number("tasks", tasks__status__in=("DONE", "CANCELLED")),
        n_incidents=_number("activations"),
        n_incidents_open=_number("activations", activations__stood_down_at=None),
        n_contained=_number("containment", containment__needed=True),
        n_contained_done=_number("containment", containment__needed=True, containment__effective_at__isnull=False),
        n_visits=_number("visits"),
        n_actions=_number("capas__actions"),
        n_actions_done=_number("capas__actions", capas__actions__done_at__isnull=False),
    )
    if drafts:
        cases = _with_drafts(cases, request.user, ref).annotate(n_letters=_number("letters"), **entitling.asked())
    cases = cases.annotate(
        escalations_said=escalation_queries.listed(request.user), owner_away_until=away_until(OuterRef("owner"))
    )
    complaint = cases.first()
    if complaint is None:
        raise Http404
    return complaint


def draft_key(ref: str, form: str) -> str:
    """Return the key under which the text typed into one of the case's forms is kept."""
    return f"case-{ref}-{form}"


def _with_drafts(cases: QuerySet[Complaint], user: Any, ref: str) -> QuerySet[Complaint]:
    bodies = {
        f"draft_{form}": Subquery(Draft.objects.filter(user=user, key=draft_key(ref, form)).values("body")[:1])
        for form in ("note", "reply", "heard")
    }
    return cases.annotate(**bodies)


def reader_of(request: HttpRequest) -> timeline.Reader:
    """Return for whom a page is made."""
    return timeline.Reader(request.user, ZoneInfo(str(timezone.get_current_timezone())), timezone.now())


def head(request: HttpRequest, complaint: Complaint, tab: str, reader: timeline.Reader) -> dict[str, Any]:
    """Return what complaints/case.html shows on every tab."""
    clocks = clocks_of(complaint)
    return {
        "complaint": complaint,
        "ref": complaint.ref,
        "tabs": tabs(complaint, tab),
        "grade": grade(complaint),
        "flags": flags(complaint),
        "customer_name": complaint.customer.shown_name(get_language() or "en") if complaint.customer else "",
        "owner": owner(complaint, request.user),
        "clocks": dials(clocks, reader),
        "clock_rows": clocks,
        "once": uuid.uuid4().hex,
        "reader": reader,
    }


def tabs(complaint: Complaint, current: str) -> list[dict[str, Any]]:
    """Return the tabs that this installation has, each with its count."""
    done = complaint.n_tasks_done + complaint.n_contained_done + complaint.n_actions_done  # type: ignore[attr-defined]
    all_of_them = complaint.n_tasks + complaint.n_contained + complaint.n_actions  # type: ignore[attr-defined]
    wanted = (
        ("case", _("Timeline"), ""),
        *([("case-incident", _("Incident"), "")] if complaint.n_incidents else []),  # type: ignore[attr-defined]
        ("case-diagnosis", _("Diagnosis"), ""),
        ("case-entitlement", _("Entitlement"), ""),
        ("case-remedy", _("Remedy"), ""),
        ("case-visits", _("Visits"), complaint.n_visits or ""),  # type: ignore[attr-defined]
        ("case-actions", _("Actions"), f"{done}/{all_of_them}" if all_of_them else ""),
        ("case-prevention", _("Prevention"), ""),
        ("case-files", _("Files"), complaint.n_files or ""),  # type: ignore[attr-defined]
        ("case-history", _("History"), ""),
    )
    return [
        {"url": url, "label": label, "count": count, "current": name == current, "key": KEYS.get(name, "")}
        for name, label, count in wanted
        if (url := address_of(name, complaint.ref))
    ]


def grade(complaint: Complaint) -> dict[str, Any] | None:
    """Return the grade as _severity.html shows it."""
    if not complaint.grade:
        return None
    return {"level": LEVEL[Grade(complaint.grade)], "label": Grade(complaint.grade).label}


def flags(complaint: Complaint) -> list[dict[str, str]]:
    """Return what sets the case apart, as badges."""
    incident = getattr(complaint, "n_incidents_open", 0)
    wanted = (
        (incident, "incident", "incident", _("Emergency plan in force")),
        (complaint.safety == "", "warn", "risk", _("Safety not answered")),
        (complaint.safety in ("DANGER", "INJURY"), "danger", "risk", complaint.get_safety_display()),
        (complaint.work_stopped, "warn", "stop", _("Work stopped")),
        (complaint.milestone_at_risk, "warn", "flag", _("Milestone at risk")),
        (complaint.reportable, "danger", "notice", _("Reportable")),
        (complaint.legal_hold, "", "lock", _("Legal hold")),
        (complaint.lender_material, "warn", "flag", _("Lender must know")),
        (complaint.cycle > 1, "info", "refresh", _("Cycle {n}").format(n=complaint.cycle)),
    )
    return [{"tone": tone, "icon": icon, "label": label} for there, tone, icon, label in wanted if there]


def owner(complaint: Complaint, user: Any) -> dict[str, str] | None:
    """Return the owner as _avatar.html shows them; None while nobody owns the case."""
    if complaint.owner is None:
        return None
    me = complaint.owner_id == user.pk
    name = _("me") if me else complaint.owner.name
    return {"name": name, "initials": initials(complaint.owner.name), "tone": "me" if me else ""}


# Clocks ---------------------------------------------------------------------------------------------------------------


def clocks_of(complaint: Complaint) -> list[SlaClock]:
    """Return the clocks of this cycle, those that still run first, nearest first; decided ones stay visible."""
    rows = SlaClock.objects.filter(complaint=complaint, cycle=complaint.cycle).exclude(state="CANCELLED")
    rows = rows.exclude(metric=Metric.UPDATE, state=ClockState.STOPPED, breached_at=None)  # one after another is met
    rows = rows.annotate(waited=Exists(SlaPause.objects.filter(clock=OuterRef("pk"))))
    rows = rows.select_related("calendar_version__calendar").order_by(F("due_at").asc(nulls_last=True), "pk")
    clocks: list[SlaClock] = sorted(rows, key=lambda clock: clock.state not in UNDECIDED)
    waited = [clock for clock in clocks if getattr(clock, "waited", False)]
    prefetch_related_objects(waited, "pauses")
    for clock in clocks:
        if clock not in waited:  # nothing to read, so nothing is asked
            clock._prefetched_objects_cache = {"pauses": SlaPause.objects.none()}  # type: ignore[attr-defined]
    return clocks


def dials(clocks: list[SlaClock], reader: timeline.Reader) -> list[dict[str, Any]]:
    """Return each clock as _dial.html shows it, with an anchor to how it is worked out."""
    shown = [(clock, clock_words.shown(clock, reader.now, zone=reader.zone)) for clock in clocks]
    with_subject = sorted((clock for clock in clocks if clock.metric == Metric.VISIT), key=lambda clock: clock.pk)
    numbers = {clock.pk: number for number, clock in enumerate(with_subject, start=1)}
    return [
        {"shown": words, "name": _named(words.name, numbers.get(clock.pk)), "anchor": f"clock-{clock.pk}"}
        for clock, words in shown
    ]


def _named(name: str, number: int | None) -> str:
    return f"{name} {number}" if number else name


def workings(clocks: list[SlaClock], dials: list[dict[str, Any]], reader: timeline.Reader) -> list[dict[str, Any]]:
    """Return for each clock one sentence that says why its deadline is when it is, and which rule set its target."""
    url = reverse("policies") if reader.user.may("case.see") else ""
    return [
        {
            "anchor": dial["anchor"],
            "name": dial["name"],
            "why": clock_words.why(clock, reader.now, zone=reader.zone),
            "rule": _("Set by {rule}.").format(rule=rule_words(clock.policy)),
            "rule_url": url if clock.policy != "date" else "",
            "pk": clock.pk,
        }
        for clock, dial in zip(clocks, dials, strict=True)
    ]


def warnings(clocks: Sequence[SlaClock]) -> list[str]:
    """Return once what a reader must know about the years that these clocks run through."""
    company = next((clock.calendar_version for clock in clocks if clock.calendar_version), None)
    return list(dict.fromkeys(said for clock in clocks for said in clock_words.warnings(clock, dated_by=company)))


# The path -------------------------------------------------------------------------------------------------------------


def path(complaint: Complaint, moves: Iterable[Offer]) -> list[dict[str, Any]]:
    """Return the seven steps as _path.html shows them; the next one says why it is locked."""
    now = list(Stage).index(Stage(complaint.stage or Stage.RECEIVED))
    forward = next((offer for offer in moves if offer.act.name == FORWARD.get(complaint.state)), None)
    locked = say(forward.blocked_by[0]) if forward and forward.blocked_by else ""
    onward = now + 1 if _leads_on(complaint.state) else None
    steps = []
    for number, stage in enumerate(Stage):
        state = "done" if number < now else "now" if number == now else "todo"
        label = State(complaint.state).label if number == now and complaint.state in ENDED_BADLY else stage.label
        icon = ICON_OF_STAGE[stage] if number == now and number else ""
        steps.append(
            {
                "state": state,
                "label": label,
                "icon": "no" if complaint.state in ENDED_BADLY and number == now else icon,
                "url": address_of(TAB_OF_STAGE.get(stage, "case"), complaint.ref),
                "reason": locked if number == onward else "",
            }
        )
    return steps


def _leads_on(state: str) -> bool:
    """Tell whether the way on from this state leads to the next of the seven steps."""
    last = [states[-1] for states in STAGES.values()]
    return state in last or state in (State.NEGOTIATING, State.PROPOSING)


# Offers and people ----------------------------------------------------------------------------------------------------


def offers_of(complaint: Complaint, user: User) -> list[Offer]:
    """Return every move out of the present state and every act of the rooms, as they stand for `user`."""
    with standing.once(complaint):
        moves = acts.moves(complaint, user)
        return [*moves, *(acts.offer(act, complaint, user) for act in acts.every() if not act.is_move)]


def link(offer: Offer, complaint: Complaint) -> dict[str, Any]:
    """Return an offer as a link to its page, opened for the gap that it mends."""
    return {"url": mends.address(complaint, offer.act.name, offer.mends), "label": offer.act.label}


ROOMS: tuple[tuple[Any, tuple[str, ...]], ...] = (  # the headings of the menu of all acts
    (gettext_lazy("Response"), ("response",)),
    (gettext_lazy("Incident"), ("incident",)),
    (gettext_lazy("Diagnosis"), ("diagnosis",)),
    (gettext_lazy("Entitlement"), ("entitlement",)),
    (gettext_lazy("Remedy"), ("remedy",)),
    (gettext_lazy("Visits"), ("visits",)),
    (gettext_lazy("Prevention"), ("prevention",)),
    (gettext_lazy("Letters"), ("files",)),
    (gettext_lazy("Case"), ("case", "actions", "raci")),
)


def by_room(offers: Iterable[Offer], complaint: Complaint) -> list[dict[str, Any]]:
    """Return offers as links under the heading of their room; rooms that offer nothing are left out."""
    found = list(offers)
    groups = [(title, [link(offer, complaint) for offer in found if offer.act.room in rooms]) for title, rooms in ROOMS]
    return [{"title": title, "links": links} for title, links in groups if links]


def gate(gate: Gate, complaint: Complaint, holders: dict[str, list[str]]) -> dict[str, Any]:
    """Return one line of what stands before a move as _gates.html shows it."""
    if gate.missing is None:
        return {"done": True, "text": gate.there}
    row: dict[str, Any] = {"text": say(gate.missing)}
    mend = gate.mend
    if mend and mend.allowed:
        return row | {"url": link(mend, complaint)["url"], "action": mends.label(gate.missing, mend.act.label)}
    if mend is None or mend.permitted or "who" in gate.missing.params:  # nobody else is asked, or the sentence says who
        return row | {"why": ""}
    return row | {"why": any_of(mend, holders)}


def refusal(complaint: Complaint, user: User, reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Return reasons as _refusal.html shows them, each with the link to what mends it if this person may."""
    rows = []
    with standing.once(complaint):
        for why in reasons:
            mend = mends.MENDS.get(why.code)
            act = acts.get(mend.act) if mend else None
            offer = acts.offer(act, complaint, user) if act else None
            row = {"text": say(why)}
            if offer and offer.allowed:
                row |= {
                    "url": mends.address(complaint, offer.act.name, why),
                    "action": mends.label(why, offer.act.label),
                }
            rows.append(row)
    return rows


def who_holds(roles: Iterable[str]) -> dict[str, list[str]]:
    """Return the names of the people who hold each of `roles` now, in one statement."""
    held = Membership.objects.active().filter(role__in=list(roles), user__is_active=True, organisation__kind="OWN")
    found: dict[str, list[str]] = {}
    for role, name in held.order_by("user__name", "pk").values_list("role", "user__name"):
        found.setdefault(role, []).append(name)
    return found


def who(offer: Offer, holders: dict[str, list[str]]) -> str:
    """Return who may do an act: "Quality manager: Lee"; the role alone where nobody holds it."""
    return named(offer.roles, holders)


def named(roles: Collection[str], holders: dict[str, list[str]]) -> str:
    """Return at most three of the roles of our own people, each with who holds it."""
    said = []
    for role in Role:
        if role in roles and role != Role.CUS:
            names = timeline.listed(holders.get(role, [])[:3])
            said.append(_("{role}: {names}").format(role=role.label, names=names) if names else str(role.label))
    return ("；" if get_language() == "zh-hans" else "; ").join(said[:3])


def any_of(offer: Offer, holders: dict[str, list[str]]) -> str:
    """Return who may do an act by name alone: "Cleo, Quinn or Lee"; the roles where nobody holds them."""
    roles = [role for role in Role if role in offer.roles and role != Role.CUS][:3]
    names = list(dict.fromkeys(name for role in roles for name in holders.get(role, [])[:3]))
    return timeline.either(names or [str(role.label) for role in roles])


def gate_groups(gates: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """
    Return gates in groups that the same people, or the same act, close: said once, above them; what is done first.

    Each group is {who, url, action, gates, rest}; what is beyond FOLDED of an open group stands under `rest`.
    """
    by_closer: dict[tuple[bool, str, str], list[dict[str, Any]]] = {}
    for gate in sorted(gates, key=lambda gate: not gate.get("done")):
        page = gate.get("url", "").partition("#")[0]
        by_closer.setdefault((bool(gate.get("done")), gate.get("why", ""), page), []).append(gate)
    return [_gate_group(*closer[1:], rows) for closer, rows in by_closer.items()]


def _gate_group(who_must: str, url: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    if not who_must and not (url and len(rows) > 1):
        return {"who": "", "url": "", "action": "", "gates": rows, "rest": []}
    bare = [row | {"why": "", "url": ""} for row in rows]
    shown = FOLDED if len(bare) > FOLDED + 1 else len(bare)
    return {
        "who": who_must, "url": url, "action": rows[0].get("action", ""), "gates": bare[:shown], "rest": bare[shown:],
    }  # fmt: skip


def sentences(reasons: Iterable[Reason]) -> str:
    """Return reasons as one line."""
    return " ".join(say(why) for why in reasons)


def room_offers(complaint: Complaint, user: User, *rooms: str) -> list[Offer]:
    """Return the acts of some rooms that are permitted and fit the state, and the moves made there."""
    with standing.once(complaint):
        moves = [offer for offer in acts.moves(complaint, user) if offer.act.room in rooms and offer.allowed]
        return [*moves, *(offer for room in rooms for offer in acts.offers(complaint, user, room))]
