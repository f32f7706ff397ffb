"""
What a case has so far, read in one statement: the guards of this room ask it instead of a table each.

`of(complaint)` reads; within `once(complaint)` it is read only the first time, for pages that ask after every move.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from complaints.escalation_queries import TAKEN_UP, waiting
from complaints.models import (
    AffectedItem,
    Attendance,
    Attribution,
    AttributionShare,
    CauseExemption,
    CauseNode,
    Complaint,
    ContainmentAction,
    DefectStatement,
    Dispute,
    EmergencyActivation,
    EntitlementAssessment,
    Escalation,
    FinanceImpact,
    InitialAnalysis,
    Letter,
    Measurement,
    Rejection,
    ResponseMeeting,
    RootCause,
    SignOff,
    SlaBreach,
    SlaClock,
    Task,
    TeamMember,
    TracedDelivery,
    VerdictDispute,
)
from complaints.models.assessments import Assessments
from complaints.models.states import UNDECIDED, ClockState, Leg, LetterKind, Location, Metric
from contracts.models import Lot

_SOME_CASE, _SOME_CYCLE = 9_000_000_000_000_007, 32_003  # stand in the kept statement where the case's own will
NEEDED = ("QUALITY", "CUSTOMER_SERVICE")  # departments that a response meeting must have


@dataclass(frozen=True)
class Standing:
    """Facts about the present cycle; `shares` is the sum of the newest attribution in basis points, None without."""

    seats: frozenset[str]
    plan_active: bool
    met: bool
    met_with: frozenset[str]  # of the departments needed, those at the best attended meeting
    contained: bool
    uncontained: tuple[str, ...]
    initial_sent: bool
    settled_legs: frozenset[str]  # a verified cause, or an exemption
    verified_legs: frozenset[str]
    unproven: dict[str, dict[str, Any]]  # by leg, its first cause that waits for proof: {"cause": id, "text"}
    defect_stated: bool
    extent_listed: bool
    untraced: bool  # a delivery of the case's lots that nobody decided about
    extent_final: bool
    attributed: bool
    shares: int | None
    shares_by: int | None
    shares_approved: bool
    entitled: bool
    financed: bool
    rejection: bool
    legal_agreed: bool
    disputed: bool
    outcome: bool
    works_on: frozenset[str]  # the acts that have something to work on, of those in WORKS_ON


def of(complaint: Complaint) -> Standing:
    """Return how the case stands now."""
    return asked(complaint, "standing", _read)


def latest_initial(complaint: Complaint) -> InitialAnalysis | None:
    """Return the newest version of the initial analysis of this cycle."""
    return asked(complaint, "initial", _newest)


@contextmanager
def once(complaint: Complaint) -> Iterator[None]:
    """Let every guard that is asked inside see the case as it stood at the first question; it may be nested."""
    if getattr(complaint, "_asked", None) is not None:
        yield
        return
    complaint._asked = {}  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del complaint._asked  # type: ignore[attr-defined]


def asked(complaint: Complaint, question: str, read: Callable[[Complaint], Any]) -> Any:
    """Return `read(complaint)`, read once within `once`; rooms above give their questions names of their own."""
    known: dict[str, Any] | None = getattr(complaint, "_asked", None)
    if known is None:
        return read(complaint)
    if question not in known:
        known[question] = read(complaint)
    return known[question]


def _newest(complaint: Complaint) -> InitialAnalysis | None:
    return complaint.initial_analyses.filter(cycle=complaint.cycle).order_by("-number").first()


def _read(complaint: Complaint) -> Standing:
    names, sql, values = _statement(connection.vendor)
    known = {_SOME_CASE: complaint.pk, _SOME_CYCLE: complaint.cycle}
    with connection.cursor() as cursor:
        cursor.execute(sql, [known.get(value, value) for value in values])
        found = cursor.fetchone() or [None] * len(names)
    return _standing(dict(zip(names, found, strict=True)))


@cache
def _statement(vendor: str) -> tuple[tuple[str, ...], str, tuple[Any, ...]]:
    """Return columns, text and values of the statement, kept for each database: writing it takes longer than asking."""
    questions = _questions(_SOME_CYCLE)
    sql, values = Complaint.objects.filter(pk=_SOME_CASE).values(**questions).query.sql_with_params()
    return tuple(questions), sql, tuple(values)


def _standing(found: dict[str, Any]) -> Standing:
    met_with = set(NEEDED) if found["met_both"] else {kind for kind in NEEDED if found[f"met_{kind}"]}
    if not found["met_both"] and len(met_with) == len(NEEDED):
        met_with = {NEEDED[0]}  # at two meetings, never together
    verified = {leg.value for leg in Leg if found[f"verified_{leg}"]}
    plain = {name: bool(found[name]) for name in _PLAIN}
    return Standing(
        seats=frozenset(seat for seat in TeamMember.Seat.values if found[f"seat_{seat}"]),
        met_with=frozenset(met_with),
        uncontained=tuple(place for place in sorted(Location.values) if found[f"open_{place}"]),
        verified_legs=frozenset(verified),
        settled_legs=frozenset(verified | {leg.value for leg in Leg if found[f"exempt_{leg}"]}),
        unproven={
            leg.value: {"cause": found[f"unproven_{leg}"], "text": found[f"unproven_text_{leg}"]}
            for leg in Leg
            if found[f"unproven_{leg}"]
        },
        shares=found["shares"],
        shares_by=found["shares_by"],
        works_on=frozenset(act for act in WORKS_ON if found[f"for_{act}"]),
        **plain,
    )


_PLAIN = (
    "plan_active", "met", "contained", "initial_sent", "defect_stated", "extent_listed", "untraced", "extent_final",
    "attributed", "shares_approved", "entitled", "financed", "rejection", "legal_agreed", "disputed", "outcome",
)  # fmt: skip


def _questions(cycle: int) -> dict[str, Any]:
    """Return the statement's columns by name."""

    def rows(model: Any, at: str = "", **which: Any) -> QuerySet[Any]:
        return model.objects.filter(**{f"{at}complaint": OuterRef("pk"), f"{at}cycle": cycle}, **which)

    theirs = Attribution.objects.filter(complaint=OuterRef(OuterRef("pk")), cycle=cycle)  # seen from two levels down
    latest = theirs.order_by("-number").values("pk")[:1]
    sums = AttributionShare.objects.filter(attribution__in=latest).order_by().values("attribution")
    return {
        **{f"seat_{seat}": Exists(rows(TeamMember, left_at=None, seat=seat)) for seat in TeamMember.Seat.values},
        **_meetings(rows(ResponseMeeting)),
        **_containment(rows(ContainmentAction), cycle),
        **{f"verified_{leg}": Exists(_verified(rows(RootCause), leg)) for leg in Leg},
        **{f"exempt_{leg}": Exists(rows(CauseExemption, leg=leg)) for leg in Leg},
        "plan_active": Exists(EmergencyActivation.objects.filter(complaint=OuterRef("pk"), stood_down_at=None)),
        "initial_sent": Exists(rows(InitialAnalysis, sent_at__isnull=False)),
        **_unproven(rows(RootCause, withdrawn_at=None, verified_at=None)),
        "defect_stated": Exists(rows(DefectStatement)),
        "extent_listed": Exists(AffectedItem.objects.filter(complaint=OuterRef("pk"))),
        "untraced": Exists(_untraced()),
        "extent_final": Exists(rows(DefectStatement, extent_final_at__isnull=False)),
        "attributed": Exists(rows(Attribution)),
        "shares": Subquery(sums.annotate(sum=Sum("basis_points")).values("sum")),
        "shares_by": Subquery(rows(Attribution).order_by("-number").values("proposed_by")[:1]),
        "shares_approved": Exists(rows(Attribution, pk__in=latest, approved_by__isnull=False)),
        "entitled": Exists(rows(EntitlementAssessment)),
        "financed": Exists(rows(FinanceImpact)),
        "rejection": Exists(rows(Rejection)),
        "legal_agreed": Exists(rows(SignOff, move="reject", role="LEG")),
        "disputed": Exists(rows(Dispute, settled_at=None)),
        "outcome": Exists(rows(Dispute).exclude(outcome="")),
        **{f"for_{act}": condition for act, condition in _works_on(rows).items()},
    }


def _unproven(causes: QuerySet[RootCause]) -> dict[str, Any]:
    found = {}
    for leg in Leg:
        first = causes.filter(leg=leg).order_by("pk")
        found[f"unproven_{leg}"] = Subquery(first.values("pk")[:1])
        found[f"unproven_text_{leg}"] = Subquery(first.values("text")[:1])
    return found


def undecided_shipments(case: Any, *, lot: Any, delivery: Any) -> QuerySet[Any]:
    """
    Return each lot of a case in each delivery of it that nobody decided about, but for the case's own delivery.

    case, lot, delivery: ids of the case, its lot and its delivery, or references to them from a query around this one;
    delivery: 0 for none.
    """
    decided = TracedDelivery.objects.filter(complaint=case, lot=OuterRef("lot"), delivery=OuterRef("delivery"))
    listed = AffectedItem.objects.filter(complaint=case, lot=OuterRef("lot"))
    shipped: QuerySet[Any] = Lot.deliveries.through.objects.filter(Q(lot=lot) | Exists(listed), ~Exists(decided))
    return shipped.exclude(delivery=delivery)


def _untraced() -> QuerySet[Any]:
    own = Coalesce(OuterRef("delivery"), Value(0))
    return undecided_shipments(OuterRef(OuterRef("pk")), lot=OuterRef("lot"), delivery=own)


Rows = Callable[..., QuerySet[Any]]  # rows(model, at=path, **which): those of the case's present cycle
WORKS_ON: set[str] = {
    "acknowledge", "note_wait", "end_wait", "explain_breach", "excuse_breach", "finish_task", "prove_containment",
    "judge_why", "promote_bone", "withdraw_measurement", "verify_cause", "withdraw_cause", "approve_initial",
    "send_initial", "finish_extent", "approve_attribution", "record_report", "record_lender_notice", "step_waits",
    "answer_call", "decide_dispute", "decide_goods", "look_at_assessment",
}  # fmt: skip
_above: list[Callable[[Rows], dict[str, Any]]] = []


def works_on_also(names: Collection[str], conditions: Callable[[Rows], dict[str, Any]]) -> None:
    """Add acts of a higher room: conditions(rows) returns for each of `names` whether the case has what it is for."""
    WORKS_ON.update(names)
    _above.append(conditions)
    _statement.cache_clear()


def _works_on(rows: Rows) -> dict[str, Any]:
    """Return for each act of WORKS_ON whether the case has what its form offers; `rows` gives those of the cycle."""
    whole = OuterRef("pk")
    breaches = SlaBreach.objects.filter(clock__complaint=whole)
    pausable = rows(SlaClock, pausable=True)
    owed = SlaClock.objects.filter(complaint=whole, state__in=UNDECIDED)
    letters = rows(Letter, kind=LetterKind.ACKNOWLEDGEMENT, sent_at__isnull=False)
    causes = rows(RootCause, withdrawn_at=None)
    unsent = rows(InitialAnalysis, sent_at=None)
    shares = rows(Attribution)
    above = {name: condition for conditions in _above for name, condition in conditions(rows).items()}
    return {
        "acknowledge": Exists(rows(SlaClock, metric=Metric.ACK, state__in=UNDECIDED)) | ~Exists(letters),
        "note_wait": Exists(pausable.filter(state__in=UNDECIDED)),
        "end_wait": Exists(pausable.filter(state=ClockState.PAUSED)),
        "explain_breach": Exists(breaches.filter(status=SlaBreach.Status.OPEN)),
        "excuse_breach": Exists(breaches.filter(status=SlaBreach.Status.EXPLAINED, excusable=None)),
        "record_report": Exists(owed.filter(metric=Metric.REG_REPORT)),
        "record_lender_notice": Exists(owed.filter(metric=Metric.LENDER_NOTICE)),
        "finish_task": Exists(Task.objects.filter(complaint=whole, status=Task.Status.OPEN)),
        "prove_containment": Exists(ContainmentAction.objects.filter(complaint=whole, needed=True, effective_at=None)),
        "judge_why": Exists(rows(CauseNode, removed_at=None)),
        "withdraw_measurement": Exists(rows(Measurement, withdrawn_at=None)),
        "promote_bone": Exists(rows(CauseNode, tool=CauseNode.Tool.ISHIKAWA, removed_at=None).exclude(bone="")),
        "verify_cause": Exists(causes.filter(verified_at=None)),
        "withdraw_cause": Exists(causes),
        "approve_initial": Exists(unsent.filter(approved_by=None)),
        "send_initial": Exists(unsent),
        "decide_goods": Exists(_untraced()),
        "finish_extent": ~Exists(rows(DefectStatement, extent_final_at__isnull=False)),
        "approve_attribution": Exists(shares.filter(approved_by=None)),
        "step_waits": Exists(waiting().filter(complaint=whole, step__in=TAKEN_UP)),
        "decide_dispute": Exists(rows(VerdictDispute, decision="")),
        "look_at_assessment": Exists(rows(EntitlementAssessment, look=None).filter(Assessments.ASKS)),
        "answer_call": Exists(Escalation.objects.filter(complaint=whole, step=Escalation.CALL, taken_at=None)),
        **above,
    }


def _meetings(meetings: QuerySet[ResponseMeeting]) -> dict[str, Any]:
    there = {
        kind: Q(Exists(Attendance.objects.filter(meeting=OuterRef("pk"), department__kind=kind))) for kind in NEEDED
    }
    return {
        "met": Exists(meetings),
        "met_both": Exists(meetings.filter(*there.values())),
        **{f"met_{kind}": Exists(meetings.filter(condition)) for kind, condition in there.items()},
    }


def _containment(decided: QuerySet[ContainmentAction], cycle: int) -> dict[str, Any]:
    places = {}
    for place in Location.values:
        here = ContainmentAction.objects.filter(complaint=OuterRef("complaint"), cycle=cycle, location=place)
        items = AffectedItem.objects.filter(complaint=OuterRef("pk"), location=place)
        places[f"open_{place}"] = Exists(items.filter(~Exists(here)))
    return {"contained": Exists(decided), **places}


def _verified(causes: QuerySet[RootCause], leg: str) -> QuerySet[RootCause]:
    return causes.filter(leg=leg, withdrawn_at=None, verified_at__isnull=False)
