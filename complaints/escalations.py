"""
Verbs of escalation (DOMAIN §3.4): a customer's call for a manager and its answer, taking up a climbed step, and what
is late. Rows of Escalation say what is owed; no verb here moves a deadline.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

import audit
from complaints import guards, ladder, lifecycle, standing
from complaints.climbing import calls_duty
from complaints.escalation_queries import TAKEN_UP, asking, of
from complaints.gates import Reason
from complaints.gates import reason as refusal
from complaints.ladder import BREACHED, MISSED, RUNGS
from complaints.models import Complaint, Escalation, SlaClock
from complaints.models.states import BACKLOG, UNDECIDED, Channel
from worktime.calendars import Calendar
from worktime.models import WorkCalendar

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)

BATCH = 200
LEVELS = tuple(rung.level for name, rung in RUNGS.items() if name != BREACHED)  # that are taken up by hand
NEEDS_TEXT = (3, 5)  # decide resources; the decision minute
SALES_LEVEL = 3


# A call for a manager -------------------------------------------------------------------------------------------------


@transaction.atomic
def escalate(
    complaint: Complaint, *, by: User, at: datetime, reason: str, person: str = "", channel: str = Channel.PORTAL
) -> Escalation:
    """
    Take a customer's call for a manager: the case is at L3 at least, and the quality manager owes an answer.

    `by` is the customer's person, or who of ours took it down from `person`. Raises Refused: call_open while one
    waits for its answer, reason_missing.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="case.escalate", states=BACKLOG)
    if not guards.says_something(reason):
        raise lifecycle.Refused(refusal("reason_missing"))
    if complaint.escalations.filter(step=Escalation.CALL, taken_at=None).exists():
        raise lifecycle.Refused(refusal("call_open"))
    answer_by = ladder.workdays_after(at, ladder.ANSWER_WORKDAYS, company=_company())
    row = Escalation.objects.create(
        complaint=complaint, cycle=complaint.cycle, step=Escalation.CALL, level=ladder.CALL_LEVEL,
        asks=f" {' '.join(ladder.CALL_ASKS)} ", raised_at=at, raised_by=by, person=person or by.name, channel=channel,
        reason=reason.strip(), due_at=answer_by, overlooked_at=answer_by,
    )  # fmt: skip
    if complaint.escalation_level < ladder.CALL_LEVEL:
        Complaint.objects.filter(pk=complaint.pk).update(escalation_level=ladder.CALL_LEVEL)
    told = [*ladder.CALL_TOLD, *([ladder.DUTY] if calls_duty(complaint, at, _company) else [])]
    facts = {
        "escalation": row.pk, "level": f"L{row.level}", "told": told, "channel": channel,
        "answer_by": row.due_at,
    }  # fmt: skip
    private = {"reason": row.reason, "person": row.person}
    audit.record("case", complaint.uuid, "case.escalated", by=by, at=at, facts=facts, private=private)
    return row


@transaction.atomic
def answer(complaint: Complaint, *, by: User, at: datetime, decision: str) -> Escalation:
    """
    Record what was decided on the customer's call; the customer sees that it was answered.

    Raises Refused: call_none without an open one, call_not_yours, decision_missing.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="case.note")
    row = complaint.escalations.select_for_update(of=("self",)).filter(step=Escalation.CALL, taken_at=None).first()
    if row is None:
        raise lifecycle.Refused(refusal("call_none"))
    if not asks(row, by, at):
        raise lifecycle.Refused(refusal("call_not_yours"))
    if not guards.says_something(decision):
        raise lifecycle.Refused(refusal("decision_missing"))
    _take_up(row, by=by, at=at, text=decision)
    facts = {"escalation": row.pk, "late": row.due_at is not None and at > row.due_at}
    private = {"decision": row.text}
    audit.record("case", complaint.uuid, "case.escalation_answered", by=by, at=at, facts=facts, private=private)
    return row


# Taking up a step -----------------------------------------------------------------------------------------------------


@transaction.atomic
def acknowledge(
    complaint: Complaint, *, by: User, at: datetime, metric: str, level: int, text: str = "",
    sales_informed: bool | None = None, clock: SlaClock | None = None,
) -> Escalation:  # fmt: skip
    """
    Take up the step of `level` that a clock of `metric` climbed; the first of those whom it asks does so for all.

    text: the plan (L1), the help (L2), the resources decided (L3, needed), the decision minute (L5, needed).
    sales_informed: needed for L3.  clock: which of several; None: the one whose step waits longest.

    L4 is taken up by explaining the breach. Raises Refused: clock_not_running, step_not_reached, step_taken,
    step_not_told, step_explained, decision_missing, sales_unsaid.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="case.note")
    row = _reached(complaint, metric, level, clock)
    if row.taken_at is not None:
        name = row.taken_by.name if row.taken_by else ""
        raise lifecycle.Refused(refusal("step_taken", level=f"L{level}", name=name))
    if not asks(row, by, at):
        raise lifecycle.Refused(refusal("step_not_told", level=f"L{level}"))
    if missing := unsaid(level, text, sales_informed):
        raise lifecycle.Refused(*missing.values())
    row.sales_informed = sales_informed if level == SALES_LEVEL else None
    _take_up(row, by=by, at=at, text=text)
    clock = row.clock
    assert clock is not None
    facts = {
        "metric": clock.metric, "cycle": clock.cycle, "subject": clock.subject, "generation": row.generation,
        "step": row.step, "level": f"L{level}", "sales_informed": row.sales_informed,
    }  # fmt: skip
    private = {"text": row.text} if row.text else None
    audit.record("case", complaint.uuid, "sla.acknowledged", by=by, at=at, facts=facts, private=private)
    return row


def unsaid(level: int | None, text: str, sales_informed: bool | None) -> dict[str, Reason]:
    """Return what a step of that level still needs said, by the name of the parameter."""
    missing = {}
    if level in NEEDS_TEXT and not guards.says_something(text):
        missing["text"] = refusal("decision_missing")
    if level == SALES_LEVEL and sales_informed is None:
        missing["sales_informed"] = refusal("sales_unsaid")
    return missing


def _reached(complaint: Complaint, metric: str, level: int, named: SlaClock | None) -> Escalation:
    """Lock and return the newest row of that level of the clock, which still runs; of several the one to take up."""
    if level not in LEVELS:
        raise lifecycle.Refused(refusal("step_explained"))
    running = complaint.clocks.filter(cycle=complaint.cycle, metric=metric, state__in=UNDECIDED)
    running = running.filter(pk=named.pk) if named else running
    if not running.exists():
        raise lifecycle.Refused(refusal("clock_not_running", metric=metric))
    rows = Escalation.objects.select_for_update(of=("self",)).select_related("taken_by", "clock")
    climbed = rows.filter(clock__in=running, clock__level__gte=level, level=level).order_by("generation", "pk")
    newest = {row.clock_id: row for row in climbed}
    if not newest:
        raise lifecycle.Refused(refusal("step_not_reached", metric=metric, level=f"L{level}"))
    return min(newest.values(), key=_turn_of)


def _turn_of(row: Escalation) -> tuple[bool, bool, datetime, int]:
    """Sort rows to take up: those that wait before those that lapsed, the oldest first; those taken up come last."""
    assert row.clock is not None
    return row.taken_at is not None, row.clock.level > row.level, row.raised_at, row.pk


def asks(row: Escalation, user: User, now: datetime) -> bool:
    """Tell whether the escalation asks `user`, who may stand in for somebody."""
    return Escalation.objects.filter(asking(user, now=now), pk=row.pk).exists()


def _take_up(row: Escalation, *, by: User, at: datetime, text: str) -> None:
    row.taken_by, row.taken_at, row.text = by, at, text.strip()
    row.save(update_fields=["taken_by", "taken_at", "text", "sales_informed"])


# What may be done now, and why not ------------------------------------------------------------------------------------


def before_acknowledging(complaint: Complaint, user: User) -> list[Reason]:
    """A step waits here to be taken up, by `user`."""
    if "step_waits" not in standing.of(complaint).works_on:
        return [refusal("step_none")]
    mine = [row for row in of(complaint, user) if row.waits and row.mine and row.step in TAKEN_UP]
    return [] if mine else [refusal("step_asks_others")]


def before_answering(complaint: Complaint, user: User) -> list[Reason]:
    """The customer's call waits for `user`."""
    mine = [row for row in of(complaint, user) if row.waits and row.mine and row.is_call]
    return [] if mine else [refusal("call_not_yours")]


def before_escalating(complaint: Complaint, user: User) -> list[Reason]:
    """No call of the customer waits for its answer yet."""
    return [refusal("call_open")] if "answer_call" in standing.of(complaint).works_on else []


# What is late ---------------------------------------------------------------------------------------------------------


def sweep(*, now: datetime) -> int:
    """
    Tell the quality manager of each missed deadline that nobody explained in time, once; return how many.

    The event is dated when the time to explain ran out. Safe to run twice, late, or on two workers.
    """
    late = _late(now).order_by("due_at", "pk").values_list("pk", "complaint")
    return sum(_told(pk, case, now) for pk, case in late[:BATCH])


def _late(now: datetime) -> QuerySet[Escalation]:
    return Escalation.objects.filter(step__in=(BREACHED, MISSED), taken_at=None, late_told_at=None, due_at__lt=now)


def _told(pk: int, case: int, now: datetime) -> bool:
    """Write the event of one, unless it was explained, revoked or told meanwhile; a failure keeps nobody waiting."""
    try:
        with transaction.atomic():
            complaint = Complaint.objects.select_for_update().get(pk=case)
            row = _late(now).select_related("clock").filter(pk=pk).first()
            if row is not None:
                _tell_late(complaint, row, now)
            return row is not None
    except Exception:
        log.exception("Nobody could be told that the explanation %s is late.", pk)
        return False


def _tell_late(complaint: Complaint, row: Escalation, now: datetime) -> None:
    clock, due_at = row.clock, row.due_at
    assert clock is not None
    assert due_at is not None
    row.late_told_at = now
    row.save(update_fields=["late_told_at"])
    key = (complaint.uuid, clock.cycle, clock.metric, clock.subject, row.generation, "explanation_late")
    facts = {
        "metric": clock.metric, "cycle": clock.cycle, "subject": clock.subject, "generation": row.generation,
        "due_at": row.raised_at, "explain_by": due_at, "told": ["QM"], "dedup": "sla:" + ":".join(map(str, key)),
    }  # fmt: skip
    audit.record("case", complaint.uuid, "sla.explanation_late", by=None, at=due_at, facts=facts)


def _company() -> Calendar:
    return WorkCalendar.objects.company().as_calendar()
