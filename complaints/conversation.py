"""What is said about a case, with files: notes among ourselves, replies to the customer, the customer's own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

import audit
from complaints import clock_moves, clocks, evidence, guards, ladder, lifecycle, response
from complaints.gates import Reason, reason
from complaints.models import Complaint, Message, Task
from complaints.models.states import Audience, Channel, State
from worktime.models import WorkCalendar

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def note(complaint: Complaint, *, by: User, at: datetime, body: str, attached: Sequence[UploadedFile] = ()) -> Message:
    """Write an internal note; no customer ever reads it."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="case.note")
    return _say(complaint, Audience.INTERNAL, "note.written", by=by, at=at, body=body, attached=attached)


@transaction.atomic
def reply(
    complaint: Complaint, *, by: User, at: datetime, body: str, language: str = "",
    attached: Sequence[UploadedFile] = (),
) -> Message:  # fmt: skip
    """Write to the customer, which is an update; the mail goes out from the event, and the portal shows it."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="case.reply")
    said = _say(complaint, Audience.OUT, "reply.sent", by=by, at=at, body=body, language=language, attached=attached)
    clock_moves.customer_told(complaint, at=at, by=by)
    return said


@transaction.atomic
def hear(
    complaint: Complaint, *, by: User, at: datetime, body: str, channel: str = Channel.PORTAL, author: str = "",
    attached: Sequence[UploadedFile] = (),
) -> Message:  # fmt: skip
    """
    Record what the customer said, by portal or as told to staff by phone; it ends every wait for the customer.

    `by` is the customer's person, or the member of staff who took it down.
    """
    complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
    _may_speak(complaint, by)
    message = _say(
        complaint, Audience.IN, "customer.wrote", by=by, at=at, body=body, channel=channel, author=author,
        attached=attached,
    )  # fmt: skip
    clocks.customer_answered(complaint, at=at, by=by)
    return message


@transaction.atomic
def question_initial(
    complaint: Complaint, *, by: User, at: datetime, body: str, channel: str = Channel.PORTAL, author: str = "",
    attached: Sequence[UploadedFile] = (),
) -> Task:  # fmt: skip
    """
    Record that the customer says "this is not an answer" to the initial analysis, with what they miss: the owner has
    until the end of the next working day, and the next version that is sent ends the task. Raises Refused before the
    analysis was sent, after the diagnosis, and while the last such word waits.
    """
    complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
    _may_speak(complaint, by)
    if why := no_answer_gaps(complaint):
        raise lifecycle.Refused(*why)
    sent = complaint.initial_analyses.filter(cycle=complaint.cycle).aggregate(at=Max("sent_at"))["at"]
    if at < sent:
        raise lifecycle.Refused(reason("at_before_last_move", since=sent))
    hear(complaint, by=by, at=at, body=body, channel=channel, author=author, attached=attached)
    due_at = ladder.workdays_after(at, 1, company=WorkCalendar.objects.company().as_calendar())
    with translation.override(complaint.owner.language if complaint.owner else None):
        text = _("The customer says that this is not an answer: {text}").format(text=body.strip())
    task = response.give_task(complaint, by=None, at=at, kind=response.NO_ANSWER, text=text, due_at=due_at)
    facts = {"task": task.pk, "version": complaint.initial_analyses.filter(sent_at__isnull=False).count()}
    audit.record("case", complaint.uuid, "response.initial_questioned", by=by, at=at, facts=facts)
    return task


def _may_speak(complaint: Complaint, by: User) -> None:
    """Raise PermissionDenied for who is neither the customer's person nor may take down what they say."""
    if not (by.may("case.reply") or by.organisation_id == complaint.customer_id):
        raise PermissionDenied


def no_answer_gaps(complaint: Complaint) -> list[Reason]:
    """Return why nobody can say now that the initial analysis is no answer; empty if it can be said."""
    if complaint.state not in (State.RESPONDING, State.DIAGNOSING):
        return [reason("state_does_not_allow", state=complaint.state)]
    if not complaint.initial_analyses.filter(cycle=complaint.cycle, sent_at__isnull=False).exists():
        return [reason("initial_not_sent")]
    waiting = complaint.tasks.filter(kind=response.NO_ANSWER, status=Task.Status.OPEN)
    return [reason("initial_questioned")] if waiting.exists() else []


def _say(
    complaint: Complaint, audience: str, kind: str, *, by: User, at: datetime, body: str, language: str = "",
    channel: str = Channel.PORTAL, author: str = "", attached: Sequence[UploadedFile] = (),
) -> Message:  # fmt: skip
    shown = audience != Audience.INTERNAL
    kept = evidence.add(complaint, by=by, at=at, files=attached, shown_to_customer=shown) if attached else []
    if not guards.says_something(body):
        raise lifecycle.Refused(reason("message_empty"))
    message = Message.objects.create(
        complaint=complaint, audience=audience, channel=channel, body=body.strip(),
        language=language or complaint.language, by=by, author=author, at=at,
    )  # fmt: skip
    message.evidence.set(kept)
    facts = {"message": str(message.uuid), "audience": audience}
    audit.record("case", complaint.uuid, kind, by=by, at=at, facts=facts, private={"body": body.strip()})
    return message
