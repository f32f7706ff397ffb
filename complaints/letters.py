"""
Letters: freeze every fact now, render later from the row alone (ARCHITECTURE §2).

`freeze` is called inside the verb that sends. What higher rooms know (remedy, prevention) they add by `adds`, as with
gates: `adds(kind, facts)` where `facts(complaint)` returns a dict of plain values to be merged into the frozen facts,
its labels in the language that is active while it runs. Which keys the templates print stands in `letter_facts`.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import translation

import audit
from audit.canonical import plain
from complaints import clock_moves, clocks, letter_facts, raci
from complaints.models import Complaint, Letter, Task
from complaints.models.states import LetterKind

if TYPE_CHECKING:
    from accounts.models import Contact, User

SHORT = {
    "ACKNOWLEDGEMENT": "ACK",
    "INITIAL": "INIT",
    "EIGHT_D": "8D",
    "PROPOSAL": "PROP",
    "REJECTION": "REJ",
    "CLOSING": "CLOSE",
}


@dataclass(frozen=True)
class Addressee:
    """To whom the customer's mail goes; `contact` is the person on file, None for an address that was typed in."""

    name: str
    email: str
    contact: Contact | None = None


Contributor = Callable[[Complaint], dict[str, Any]]
_contributors: dict[str, list[Contributor]] = defaultdict(list)


def adds(kind: str, facts: Contributor) -> None:
    """Add facts of a higher room to letters of `kind`."""
    _contributors[kind].append(facts)


def addressee(complaint: Complaint) -> Addressee | None:
    """Return who gets the mail of this case: the person on file, else the address typed in; None for nobody."""
    contact = complaint.contact
    if contact and contact.is_active and contact.email:
        return Addressee(contact.name, contact.email, contact)
    return Addressee(complaint.contact_name, complaint.contact_email) if complaint.contact_email else None


def freeze(
    complaint: Complaint,
    kind: str,
    *,
    by: User | None,
    at: datetime,
    send: bool,
    language: str = "",
    contact_person: User | None = None,
    **extra: Any,
) -> Letter:
    """
    Copy every fact into a new letter; the PDF is owed from this commit on. Must be called inside a transaction.

    send: put it before the customer (portal and mail) by this commit. A later letter of the same kind and language
    supersedes the earlier one.
    """
    language = language or complaint.language
    earlier = complaint.letters.filter(kind=kind, language=language).order_by("-frozen_at", "-pk").first()
    facts = facts_of(
        complaint, kind, by=by, at=at, language=language, contact_person=contact_person, final=send,
        supersedes=earlier.number if earlier else "", **extra,
    )  # fmt: skip
    letter = Letter.objects.create(
        complaint=complaint, cycle=complaint.cycle, kind=kind, number=facts["number"],
        language=language, facts=facts, facts_hash=digest(facts), frozen_by=by, frozen_at=at,
        sent_at=at if send else None, supersedes=earlier, next_at=at,
    )  # fmt: skip
    facts_of_event = {"letter": letter.number, "kind": kind, "hash": letter.facts_hash, "sent": send}
    audit.record("case", complaint.uuid, "letter.sent" if send else "letter.made", by=by, at=at, facts=facts_of_event)
    if send:
        clock_moves.letter_sent(complaint, kind, by=by, at=at)
    return letter


@transaction.atomic
def sending_failed(letter: Letter, *, at: datetime) -> Complaint:
    """Reopen what a dead delivery had wrongly stopped, and make a blocking task of it (ARCHITECTURE §5.4)."""
    complaint = Complaint.objects.select_for_update().get(pk=letter.complaint_id)
    if letter.cycle == complaint.cycle and letter.sent_at:  # it never touched the clocks of a later cycle
        clock_moves.letter_failed(complaint, letter.kind, sent_at=letter.sent_at, at=at)
    task = Task.objects.create(
        complaint=complaint, cycle=complaint.cycle, kind="sending_failed", text=letter.number,
        owner=complaint.owner, created_at=at,
    )  # fmt: skip
    raci.name(complaint, task, at=at)
    audit.record("case", complaint.uuid, "letter.sending_failed", by=None, at=at, facts={"letter": letter.number})
    return complaint


@transaction.atomic
def sent_after_all(letter: Letter, *, at: datetime) -> bool:
    """
    Stop the clock at the moment when a letter that had failed went out, and end its task; False if it never failed.
    """
    failed = letter.complaint.tasks.filter(kind="sending_failed", text=letter.number)
    if not failed.exists():
        return False
    complaint = Complaint.objects.select_for_update().get(pk=letter.complaint_id)
    if letter.cycle == complaint.cycle:
        for metric in clock_moves.STOPPED_BY.get(LetterKind(letter.kind), ()):
            clocks.stop(complaint, metric, at=at, by=None)
        clock_moves.letter_sent(complaint, letter.kind, at=at, by=None)
    failed.filter(status=Task.Status.OPEN).update(status=Task.Status.DONE, done_at=at)
    audit.record("case", complaint.uuid, "letter.sent_after_all", by=None, at=at, facts={"letter": letter.number})
    return True


def facts_of(
    complaint: Complaint,
    kind: str,
    *,
    by: User | None,
    at: datetime,
    language: str,
    contact_person: User | None = None,
    **extra: Any,
) -> dict[str, Any]:
    """Return what the next letter of `kind` would say now, as plain values, without freezing anything."""
    version = complaint.letters.filter(kind=kind).count() + 1
    number = f"{complaint.ref}-{SHORT[kind]}-{version}"
    facts = letter_facts.collect(complaint, kind, language=language, by=by, at=at, contact_person=contact_person)
    with translation.override(language):
        for contributor in _contributors[kind]:
            facts.update(plain(contributor(complaint)))
    return plain({**facts, "kind": kind, "number": number, "version": version, **extra})


def digest(facts: dict[str, Any]) -> str:
    """Return the SHA-256 of the facts in canonical JSON, as printed on the letter."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
