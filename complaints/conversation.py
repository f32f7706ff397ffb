"""What is said about a case, with files: notes among ourselves, replies to the customer, the customer's own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

import audit
from complaints import clock_moves, clocks, evidence, guards, lifecycle
from complaints.gates import reason
from complaints.models import Complaint, Message
from complaints.models.states import Audience, Channel

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
    if not (by.may("case.reply") or by.organisation_id == complaint.customer_id):
        raise PermissionDenied
    message = _say(
        complaint, Audience.IN, "customer.wrote", by=by, at=at, body=body, channel=channel, author=author,
        attached=attached,
    )  # fmt: skip
    clocks.customer_answered(complaint, at=at, by=by)
    return message


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
