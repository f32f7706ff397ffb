"""Verbs after the remedy: the customer's confirmation, the survey, what is due by itself (DOMAIN §2.2 T13, §9.2)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

import audit
from accounts.models import User
from accounts.roles import Role
from complaints import clocks, lifecycle, response
from complaints.gates import Reason, reason
from complaints.lifecycle import Refused
from complaints.models import Complaint
from complaints.models.states import Metric, State
from contracts.models import ClauseType
from remediation import proposals, redating, visits
from remediation.models import Confirmation, ConfirmationReminder, Proposal, SurveyInvitation, SurveyResponse
from remediation.models.kinds import ProposalStatus, Solved
from worktime.periods import last_day

if TYPE_CHECKING:
    from datetime import date

log = logging.getLogger(__name__)

BATCH = 500
REMINDERS = 2
SILENCE_WORKDAYS = 10
SURVEY_VALID = timedelta(days=21)
SURVEY_REMINDER = timedelta(days=7)
SURVEY_REST = timedelta(days=30)  # at most one per contact in this time
SCALES = {
    "csat_result": (1, 5), "csat_speed": (1, 5), "csat_communication": (1, 5), "csat_competence": (1, 5),
    "nps": (0, 10), "ces": (1, 7),
}  # fmt: skip
PROCESS = ("csat_speed", "csat_communication", "csat_competence")  # asked after a rejection too
REQUIRED = ("csat_result",)
CSAT_ALARM, NPS_ALARM = 2, 3


# Confirmation ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def remind_confirmation(complaint: Complaint, *, by: User, at: datetime) -> ConfirmationReminder:
    """Ask the customer to check the result and confirm it; the mail goes out from the event."""
    states = (State.VERIFYING,)
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="case.reply", states=states)
    reminder = ConfirmationReminder.objects.create(
        complaint=complaint, cycle=complaint.cycle, sent_at=at, sent_by=by
    )  # fmt: skip
    number = complaint.confirmation_reminders.filter(cycle=complaint.cycle).count()
    audit.record("case", complaint.uuid, "confirmation.reminded", by=by, at=at, facts={"number": number})
    return reminder


def silence_ends_on(complaint: Complaint) -> date | None:
    """
    Return the company's date after which silence may count as yes; None where it cannot.

    Two reminders, 10 working days after the first of them, and terms that allow it: a contract in force here whose
    acceptance clause, checked by Legal, deems acceptance. A message of the customer after the first reminder ends it.
    """
    reminders = complaint.confirmation_reminders.filter(cycle=complaint.cycle).order_by("sent_at")
    sent = list(reminders.values_list("sent_at", flat=True))
    if len(sent) < REMINDERS or not _terms_allow(complaint):
        return None
    if complaint.messages.filter(audience="IN", at__gt=sent[0]).exists():
        return None
    calendar = visits.company_calendar()
    return last_day(calendar.local_date(sent[0]), SILENCE_WORKDAYS, "workday", calendar=calendar)


def _terms_allow(complaint: Complaint) -> bool:
    version = complaint.contract_version
    if version is None:
        return False
    clauses = version.clauses.checked().filter(type=ClauseType.ACCEPTANCE).values_list("terms", flat=True)
    return any(terms.get("deemed") is True for terms in clauses)


def confirmed(complaint: Complaint, *, by: User, at: datetime, details: dict[str, Any]) -> None:
    """T13: keep who confirmed, plan the visits, invite to the survey."""
    deemed = bool(details.get("deemed"))
    if deemed:
        until = silence_ends_on(complaint)
        if until is None or visits.company_calendar().local_date(at) <= until:
            raise Refused(reason("silence_too_short"))
    Confirmation.objects.create(
        complaint=complaint, cycle=complaint.cycle, person="" if deemed else details["person"],
        how=details.get("how", ""), deemed=deemed, by=by, at=at,
    )  # fmt: skip
    visits.plan(complaint, by=by, at=at)
    clocks.start(complaint, Metric.SURVEY, at=at, by=by)
    if invite(complaint, by=by, at=at) is None:  # nobody to ask, or asked a short while ago
        clocks.cancel(complaint, Metric.SURVEY, at=at, by=by)


def rejected(complaint: Complaint, *, by: User, at: datetime, details: dict[str, Any]) -> None:
    """T16: ask how it was to deal with us, not about a result."""
    invite(complaint, by=by, at=at, process_only=True)


def ended(complaint: Complaint, *, by: User, at: datetime, details: dict[str, Any]) -> None:
    """T18, T19: nobody is asked any more about a complaint that was taken back or went on under another number."""
    for invitation in complaint.surveys.filter(answered_at=None, revoked_at=None, expires_at__gt=at).order_by("pk"):
        invitation.revoked_at = at
        invitation.save()
        facts = {"invitation": invitation.pk}
        audit.record("case", complaint.uuid, "survey.revoked", by=by, at=at, facts=facts)


# Survey ---------------------------------------------------------------------------------------------------------------


def invite(complaint: Complaint, *, by: User, at: datetime, process_only: bool = False) -> SurveyInvitation | None:
    """Invite the contact to the survey; nothing without an e-mail address, or within 30 days after the last one."""
    contact = complaint.contact
    email = ((contact and contact.email) or complaint.contact_email or "").lower()
    same = Q(email=email) if contact is None else Q(email=email) | Q(contact=contact)
    if not email or SurveyInvitation.objects.filter(same, sent_at__gt=at - SURVEY_REST, sent_at__lte=at).exists():
        return None
    invitation = SurveyInvitation.objects.create(
        complaint=complaint, cycle=complaint.cycle, contact=contact, email=email, process_only=process_only,
        language=contact.language if contact else complaint.language, sent_at=at, expires_at=at + SURVEY_VALID,
    )  # fmt: skip
    facts = {"invitation": invitation.pk, "process_only": process_only, "expires_at": invitation.expires_at}
    audit.record("case", complaint.uuid, "survey.invited", by=by, at=at, facts=facts)
    clocks.stop(complaint, Metric.SURVEY, at=at, by=by)
    return invitation


@transaction.atomic
def answer_survey(token: str, *, at: datetime, **answers: Any) -> SurveyResponse:
    """
    Keep the answers of whoever holds the token; once, and until it ends. Fields as in SurveyResponse.

    A low score, “not solved” or the wish to be called becomes a task for the service lead, due in one working day.
    Raises SurveyInvitation.DoesNotExist; Refused: survey_answered, survey_over, survey_question_open,
    survey_answer_range.
    """
    invitation = SurveyInvitation.objects.get(token=token)
    complaint = Complaint.objects.select_for_update().get(pk=invitation.complaint_id)
    invitation = SurveyInvitation.objects.get(pk=invitation.pk)
    if found := _answer_gaps(invitation, answers, at):
        raise Refused(*found)
    row = SurveyResponse.objects.create(invitation=invitation, at=at, **answers)
    invitation.answered_at = at
    invitation.save()
    low = is_low(row)
    facts = {name: getattr(row, name) for name in ("solved", *SCALES, "may_publish", "call_me")}
    private = {"text": row.text} if row.text else None
    facts = {"invitation": invitation.pk, "low": low, **facts}
    audit.record("case", complaint.uuid, "survey.answered", by=None, at=at, facts=facts, private=private)
    if low or row.call_me:
        _call_back(complaint, row, at=at)
    return row


def is_low(row: SurveyResponse) -> bool:
    """Tell whether the answer asks for a call back: any CSAT up to 2, NPS up to 3, or not solved."""
    csat = [getattr(row, name) for name in SCALES if name.startswith("csat")]
    unhappy = any(score is not None and score <= CSAT_ALARM for score in csat)
    return unhappy or row.solved == Solved.NO or (row.nps is not None and row.nps <= NPS_ALARM)


def _answer_gaps(invitation: SurveyInvitation, answers: dict[str, Any], at: datetime) -> list[Reason]:
    if invitation.answered_at is not None:
        return [reason("survey_answered")]
    if at > invitation.expires_at or invitation.revoked_at is not None:
        return [reason("survey_over", until=invitation.expires_at)]
    required = PROCESS[:1] if invitation.process_only else ("solved", *REQUIRED)
    found = [reason("survey_question_open", question=name) for name in required if answers.get(name) in (None, "")]
    for name, (least, most) in SCALES.items():
        given = answers.get(name)
        if given is not None and not least <= given <= most:
            found.append(reason("survey_answer_range", question=name, least=least, most=most))
    return found


def _call_back(complaint: Complaint, row: SurveyResponse, *, at: datetime) -> None:
    lead = User.objects.holding(Role.CSL).order_by("pk").first()
    text = row.text or row.get_solved_display() or row.invitation.email
    due_at = visits.next_workday_end(at)
    response.give_task(complaint, by=None, at=at, kind="call_back", text=text, owner=lead, due_at=due_at)


# What is due by itself ------------------------------------------------------------------------------------------------


def sweep(*, now: datetime) -> dict[str, int]:
    """
    Do what has come due without anybody: missed visits, visits that follow their calendar, expired offers, survey
    reminders. Return how many of each.

    Safe to run twice, late, or on two workers: each row is taken under the lock of its case and checked again, or, of
    visits, changed only if it stands as it was read.
    """
    offers = Proposal.objects.filter(status=ProposalStatus.SENT, interim=False, valid_until__lte=now.date())
    quiet = SurveyInvitation.objects.filter(
        reminded_at=None, answered_at=None, revoked_at=None, sent_at__lte=now - SURVEY_REMINDER, expires_at__gt=now
    )
    return {
        "missed": visits.mark_missed(now=now),
        "redated": redating.follow_calendars(now=now),
        "expired": _each(offers, lambda row: proposals.expire(row, at=now)),
        "reminded": _each(quiet, lambda row: remind_survey(row, at=now)),
    }


@transaction.atomic
def remind_survey(invitation: SurveyInvitation, *, at: datetime) -> bool:
    """Remind of an unanswered survey, once; the mail goes out from the event. False: nothing to remind of."""
    complaint = Complaint.objects.select_for_update().get(pk=invitation.complaint_id)
    due = SurveyInvitation.objects.filter(pk=invitation.pk, reminded_at=None, answered_at=None, revoked_at=None)
    if not due.update(reminded_at=at):
        return False
    facts = {"invitation": invitation.pk}
    audit.record("case", complaint.uuid, "survey.reminded", by=None, at=at, facts=facts)
    return True


def _each(rows: Any, act: Callable[[Any], bool]) -> int:
    """Act on each row; one that fails is logged and does not keep the others waiting."""
    done = 0
    for row in rows.order_by("pk")[:BATCH]:
        try:
            done += act(row)
        except Exception:
            log.exception("follow-up failed for %s %s", type(row).__name__, row.pk)
    return done
