"""Verbs of the response: meeting, containment, 48-hour deliverable, 8D report, tasks (DOMAIN §2.2 T04–T06, §3.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

import audit
from complaints import assessing, clock_moves, clocks, guards, letters, lifecycle, raci, seats
from complaints.gates import reason
from complaints.models import (
    AffectedItem,
    Attendance,
    Complaint,
    ContainmentAction,
    EmergencyStep,
    InitialAnalysis,
    Letter,
    Rejection,
    ResponseMeeting,
    SignOff,
    Task,
)
from complaints.models.states import BACKLOG, LetterKind, Metric, State

if TYPE_CHECKING:
    from accounts.models import Department, User
    from contracts.models import Clause

NO_ANSWER = "initial_no_answer"  # the task that a customer's "this is not an answer" gives
RESPONSE_STATES = (State.TRIAGED, State.RESPONDING, State.DIAGNOSING)
ANALYSIS_PARTS = (
    "description", "extent", "suspected_cause", "confidence", "test_plan", "containment", "remedy_direction",
    "next_dates", "questions", "contact_person",
)  # fmt: skip


@transaction.atomic
def hold_meeting(
    complaint: Complaint,
    *,
    by: User,
    at: datetime,
    agenda: str,
    decisions: str,
    attendees: Iterable[tuple[User, Department]],
) -> ResponseMeeting:
    """Record a response meeting held at `at` with who came for which department (R08)."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="response.record", states=RESPONSE_STATES)
    meeting = ResponseMeeting.objects.create(
        complaint=complaint, cycle=complaint.cycle, held_at=at, agenda=agenda, decisions=decisions,
        recorded_by=by, recorded_at=at,
    )  # fmt: skip
    people = dict(attendees)
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, user=user, department=department) for user, department in people.items()
    )
    departments = sorted({department.code for department in people.values()})
    audit.record("case", complaint.uuid, "response.meeting_held", by=by, at=at, facts={"departments": departments})
    return meeting


@transaction.atomic
def contain(complaint: Complaint, *, by: User, at: datetime, **action: Any) -> ContainmentAction:
    """
    Decide containment in one place: an action, or `needed=False` with `because`.

    Fields as in ContainmentAction; `effective_at` may come later through `prove_containment`.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="response.record", states=RESPONSE_STATES)
    row = ContainmentAction(complaint=complaint, cycle=complaint.cycle, recorded_by=by, recorded_at=at, **action)
    row.save()
    facts = {"location": row.location, "needed": row.needed}
    if row.needed:
        facts["accountable"] = raci.name(complaint, row, at=at)
    private = {"action": row.action or row.because}
    audit.record("case", complaint.uuid, "response.containment_decided", by=by, at=at, facts=facts, private=private)
    if row.effective_at:
        clock_moves.contained(complaint, effective_at=row.effective_at, by=by)
    return row


@transaction.atomic
def prove_containment(
    action: ContainmentAction, *, by: User, at: datetime, percent: int, evidence: str
) -> ContainmentAction:
    """Record that containment took effect at `at`, for how many percent of the suspect units, and how that is known."""
    complaint = lifecycle.hold(action.complaint, by=by, at=at, permission="response.record")
    action = ContainmentAction.objects.select_for_update().get(pk=action.pk)
    action.effective_at, action.effect_percent, action.effect_evidence = at, percent, evidence
    action.save()
    facts = {"location": action.location, "percent": percent, "action": raci.code(action)}
    audit.record("case", complaint.uuid, "response.containment_effective", by=by, at=at, facts=facts)
    clock_moves.contained(complaint, effective_at=at, by=by)
    return action


@transaction.atomic
def record_extent(complaint: Complaint, *, by: User, at: datetime, **item: Any) -> AffectedItem:
    """
    Add a quantity of affected goods in one place; total = confirmed + good + unknown, else Refused.

    An extent that was declared final is so no longer.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="diagnosis.record")
    row = AffectedItem(complaint=complaint, **item)
    if row.total != row.confirmed + row.good + row.unknown:
        raise lifecycle.Refused(reason("extent_does_not_add_up", total=row.total))
    row.save()
    final = complaint.defect_statements.filter(cycle=complaint.cycle, extent_final_at__isnull=False)
    reopened = bool(final.update(extent_final_at=None, extent_final_by=None))
    facts = {name: getattr(row, name) for name in ("location", "total", "confirmed", "good", "unknown")}
    facts["reopened"] = reopened
    audit.record("case", complaint.uuid, "response.extent_recorded", by=by, at=at, facts=facts)
    assessing.recheck(complaint, at=at)
    return row


@transaction.atomic
def write_initial(complaint: Complaint, *, by: User, at: datetime, **parts: Any) -> InitialAnalysis:
    """Write the next version of the initial analysis and plan; parts as in ANALYSIS_PARTS, incomplete is allowed."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="response.record", states=RESPONSE_STATES)
    number = complaint.initial_analyses.filter(cycle=complaint.cycle).count() + 1
    analysis = InitialAnalysis.objects.create(
        complaint=complaint, cycle=complaint.cycle, number=number, written_by=by, written_at=at,
        **{name: parts[name] for name in ANALYSIS_PARTS if name in parts},
    )  # fmt: skip
    missing = guards.missing_parts(analysis)
    facts = {"number": number, "missing": missing}
    audit.record("case", complaint.uuid, "response.initial_written", by=by, at=at, facts=facts)
    return analysis


@transaction.atomic
def approve_initial(analysis: InitialAnalysis, *, by: User, at: datetime) -> InitialAnalysis:
    """
    Approve a complete initial analysis; not by its writer. Raises Refused naming each missing part, or the version
    that was written meanwhile.
    """
    complaint = lifecycle.hold(analysis.complaint, by=by, at=at, permission="response.approve_initial")
    analysis = InitialAnalysis.objects.select_for_update().get(pk=analysis.pk)
    later = complaint.initial_analyses.filter(cycle=analysis.cycle, number__gt=analysis.number).order_by("-number")
    if newest := later.first():
        raise lifecycle.Refused(reason("initial_superseded", number=newest.number))
    if missing := guards.missing_parts(analysis):
        raise lifecycle.Refused(*(reason("initial_part_missing", part=part) for part in missing))
    if analysis.written_by_id == by.pk:
        raise lifecycle.Refused(reason("same_person", name=by.name))
    if analysis.approved_by_id is None:
        analysis.approved_by, analysis.approved_at = by, at
        analysis.save()
        facts = {"number": analysis.number}
        audit.record("case", complaint.uuid, "response.initial_approved", by=by, at=at, facts=facts)
    return analysis


@transaction.atomic
def send_initial(complaint: Complaint, *, by: User, at: datetime) -> InitialAnalysis:
    """
    Send the approved initial analysis and plan to the customer: freeze the letter, stop the 48-hour clock.

    Raises Refused with what the latest version lacks. "Sent" is this commit (ARCHITECTURE §5.4).
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="response.send_initial", states=RESPONSE_STATES)
    analysis = complaint.initial_analyses.filter(cycle=complaint.cycle).order_by("-number").first()
    if gaps := guards.initial_gaps(analysis):
        raise lifecycle.Refused(*gaps)
    assert analysis is not None
    if analysis.sent_at is None:
        analysis.sent_at = at
        analysis.save()
        letters.freeze(complaint, LetterKind.INITIAL, by=by, at=at, send=True)
        clock_moves.analysis_sent(complaint, at=at, by=by)
        facts = {"number": analysis.number}
        audit.record("case", complaint.uuid, "response.initial_sent", by=by, at=at, facts=facts)
        for task in complaint.tasks.filter(kind=NO_ANSWER, status=Task.Status.OPEN):
            finish_task(task, by=by, at=at, result=_("Version {number} was sent.").format(number=analysis.number))
    return analysis


@transaction.atomic
def make_8d(complaint: Complaint, *, by: User, at: datetime, language: str) -> Letter:
    """Freeze the 8D report for the file; the PDF is owed from this commit on."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="response.record")
    return letters.freeze(complaint, LetterKind.EIGHT_D, by=by, at=at, send=False, language=language)


@transaction.atomic
def send_8d(complaint: Complaint, *, by: User, at: datetime, language: str) -> Letter:
    """Freeze the final 8D report and send it to the customer; that stops 8D_FINAL."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="response.send_initial", states=BACKLOG)
    clocks.stop(complaint, Metric.EIGHT_D, at=at, by=by)
    return letters.freeze(complaint, LetterKind.EIGHT_D, by=by, at=at, send=True, language=language)


@transaction.atomic
def prepare_rejection(
    complaint: Complaint,
    *,
    by: User,
    at: datetime,
    reason: str,
    evidence: str,
    letter_text: str,
    clause: Clause | None = None,
) -> Rejection:
    """Prepare a rejection for another person to decide (T16); replaces an undecided one of this cycle."""
    states = (State.TRIAGED, State.RESPONDING, State.DIAGNOSING)
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="case.prepare_rejection", states=states)
    rejection, _ = Rejection.objects.update_or_create(
        complaint=complaint, cycle=complaint.cycle,
        defaults={
            "reason": reason, "evidence": evidence, "letter_text": letter_text, "clause": clause,
            "prepared_by": by, "prepared_at": at,
        },
    )  # fmt: skip
    complaint.signoffs.filter(cycle=complaint.cycle, move="reject").delete()  # they agreed to the former text
    audit.record("case", complaint.uuid, "case.rejection_prepared", by=by, at=at, facts={"reason": reason})
    return rejection


@transaction.atomic
def sign_off(complaint: Complaint, *, by: User, at: datetime, move: str, role: str, comment: str = "") -> SignOff:
    """Give the agreement of another role that a move needs; `by` must hold `role`."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="signoff.legal")
    if role not in by.roles:
        raise lifecycle.Refused(reason("role_missing", role=role))
    row, made = SignOff.objects.get_or_create(
        complaint=complaint, cycle=complaint.cycle, move=move, role=role,
        defaults={"by": by, "at": at, "comment": comment},
    )  # fmt: skip
    if made:
        audit.record("case", complaint.uuid, "case.signed_off", by=by, at=at, facts={"move": move, "role": role})
    return row


@transaction.atomic
def give_task(
    complaint: Complaint, *, by: User | None, at: datetime, kind: str, text: str, owner: User | None = None,
    due_at: datetime | None = None, blocking: bool = True,
) -> Task:  # fmt: skip
    """Give somebody a task on the case; a rule may do so without a person (`by` None)."""
    task = Task.objects.create(
        complaint=complaint, cycle=complaint.cycle, kind=kind, text=text, owner=owner or complaint.owner,
        due_at=due_at, blocking=blocking, created_by=by, created_at=at,
    )  # fmt: skip
    accountable = raci.name(complaint, task, at=at)
    facts = {"task": task.pk, "kind": kind, "owner": task.owner_id, "accountable": accountable}
    audit.record("case", complaint.uuid, "task.given", by=by, at=at, facts=facts, private={"text": text})
    return task


def refuse_other_words(kept: str, said: str, by: User | None) -> None:
    """Raise Refused if something was finished with other words than are said now."""
    if kept.strip() != said.strip():
        raise lifecycle.Refused(reason("finished_meanwhile", name=by.name if by else ""))


def may_finish(task: Task, user: User, held: seats.Held) -> bool:
    """
    Tell whether a task is for somebody to end: a step of an incident for whose it is, the answer to a customer for its
    owner and who sends analyses, any other for everybody who may write.  held: as seats.held_by gives it.
    """
    if step := getattr(task, "step", None):
        return seats.ticks(step, user, held)
    theirs = task.kind != NO_ANSWER or task.owner_id == user.pk or user.may("response.send_initial")
    return theirs and user.may("case.note")


@transaction.atomic
def finish_task(task: Task, *, by: User, at: datetime, result: str, cancelled: bool = False) -> Task:
    """
    Finish or cancel a task with its result. A second time with the same result changes nothing; with another one it
    raises Refused, so that nobody's words are lost in silence. Refused also for what is another's to end (may_finish).
    """
    complaint = lifecycle.hold(task.complaint, by=by, at=at, permission="case.note")
    rows = Task.objects.select_for_update(of=("self",)).select_related("done_by", "owner", "step")
    task = rows.get(pk=task.pk)
    if not may_finish(task, by, seats.held_by(by, complaint)):
        raise lifecycle.Refused(reason("task_of_another", name=task.owner.name if task.owner else ""))
    if task.status != Task.Status.OPEN:
        refuse_other_words(task.result, result, task.done_by)
    else:
        task.status = Task.Status.CANCELLED if cancelled else Task.Status.DONE
        task.done_by, task.done_at, task.result = by, at, result
        task.save()
        ended = {"status": task.status, "done_by": by, "done_at": at, "result": result}
        EmergencyStep.objects.filter(task=task).update(**ended)  # a step of an incident ends with its task
        facts = {"task": task.pk, "status": task.status}
        audit.record("case", complaint.uuid, "task.finished", by=by, at=at, facts=facts)
    return task
