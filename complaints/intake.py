"""
Logging a complaint: the case and its files in one transaction, drafts, and what can be said while it is typed.

Files that were good survive a form that was not: their bytes are kept at once, and the form carries a signed name for
them (`stage`), which only the person who sent them can use.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

import audit
from accounts import drafts
from complaints import evidence, lifecycle, look_alikes, targets
from complaints.days import company_date
from complaints.gates import Reason, reason
from complaints.look_alikes import Alike
from complaints.models import Complaint
from complaints.models.states import Basis, Metric
from contracts import questions
from contracts.models import Lot, SerialUnit
from worktime import measure
from worktime.calendars import Calendar
from worktime.models import WorkCalendar

if TYPE_CHECKING:
    from accounts.models import User

KEPT = timedelta(days=30)  # how long a draft may hold on to a file that was sent with it
SIMILAR = 5


@dataclass(frozen=True)
class Staged:
    """A file whose bytes are kept already, waiting for its case; `token` stands for it in the form."""

    token: str
    sha256: str
    name: str
    size: int


@transaction.atomic
def log(
    complaint: Complaint,
    *,
    by: User,
    at: datetime,
    files: Sequence[Staged] = (),
    said: str = "",
    typed: Iterable[str] = (),
) -> Complaint:
    """
    Receive a complaint with its files. Raises what lifecycle.register raises; then nothing was kept.

    said: as in lifecycle.register.  typed: the keys of what was kept while it was typed, which is dropped.
    """
    complaint = lifecycle.register(complaint, by=by, at=at, said=said)
    evidence.attach(complaint, by=by, at=at, given=[(file.sha256, file.name) for file in files])
    for key in typed:
        drafts.drop(by, key)
    return complaint


@transaction.atomic
def discard(complaint: Complaint, *, by: User, at: datetime) -> None:
    """Throw away a draft of `by`. Raises Refused for what is no draft of theirs."""
    theirs = Complaint.objects.drafts_of(by).select_for_update()
    found = theirs.filter(pk=complaint.pk).first()
    if found is None:
        raise lifecycle.Refused(reason("state_does_not_allow", state=complaint.state))
    audit.record("case", found.uuid, "case.draft_discarded", by=by, at=at, facts={})
    found.delete()


# Files ---------------------------------------------------------------------------------------------------------------


def stage(files: Sequence[UploadedFile], *, by: User, at: datetime, room: int) -> tuple[list[Staged], list[Reason]]:
    """Keep the bytes of every good file; return them and what is wrong with the others. room: how many may come."""
    if len(files) > room:
        return [], [reason("file_too_many", limit=settings.EVIDENCE_MAX_FILES)]
    kept, wrong = [], []
    for file in files:
        if problems := evidence.complain([file]):
            wrong += problems
        else:
            blob = evidence.store(file, at=at)
            kept.append(_staged(by, blob.sha256, evidence.clean_name(file.name), blob.size))
    return kept, wrong


def staged(tokens: Iterable[str], *, by: User) -> list[Staged]:
    """Return the files that the tokens stand for; those that are not of `by`, too old or made up are left out."""
    found = {}
    for token in list(tokens)[: settings.EVIDENCE_MAX_FILES]:
        try:
            sha256, name, size = signing.loads(token, salt=_salt(by), max_age=KEPT)
        except signing.BadSignature:
            continue
        found[sha256, name] = Staged(token, sha256, name, size)
    return list(found.values())


def _staged(by: User, sha256: str, name: str, size: int) -> Staged:
    return Staged(signing.dumps((sha256, name, size), salt=_salt(by)), sha256, name, size)


def _salt(by: User) -> str:
    return f"intake.file.{by.pk}"


# What follows from what is typed -------------------------------------------------------------------------------------


def find_goods(complaint: Complaint, number: str) -> None:
    """Set product, lot and delivery by the number of a lot or a unit, if exactly one is known; else keep it as text."""
    complaint.serial = number
    if not number:
        return
    of_product = {"product": complaint.product_id} if complaint.product_id else {}
    ours = Q(delivery=None) | Q(delivery__customer_id=complaint.customer_id)  # another firm's unit is not theirs
    units = list(SerialUnit.objects.filter(ours, number=number, **of_product).select_related("lot")[:2])
    lots = [unit.lot for unit in units if unit.lot] or list(Lot.objects.filter(number=number, **of_product)[:2])
    if len(units) == 1:
        complaint.product_id, complaint.delivery_id = units[0].product_id, units[0].delivery_id
    if len(lots) == 1 and len(units) < 2:
        complaint.lot, complaint.product_id = lots[0], lots[0].product_id
        complaint.serial = number if units else ""


def find_contract(complaint: Complaint, *, on: date) -> None:
    """Set the customer's contract if it is the only one in force, and the version of the contract on that day."""
    if complaint.contract is None and complaint.customer is not None:
        possible = list(questions.contracts_of(complaint.customer, on, complaint.product)[:2])
        if complaint.product and not possible:  # deliveries are not always entered
            possible = list(questions.contracts_of(complaint.customer, on)[:2])
        complaint.contract = possible[0] if len(possible) == 1 else None
    if complaint.contract is not None:
        complaint.contract_version = questions.version_in_force(complaint.contract, on)
        complaint.project_id = complaint.contract.project_id


@dataclass(frozen=True)
class Due:
    """When a clock would run out: round the clock, or counting working time only."""

    metric: Metric
    at: datetime
    hours: int
    working_time: bool


def due_if_logged(complaint: Complaint, *, at: datetime) -> list[Due]:
    """Return when acknowledgement and initial analysis would be due if the complaint was logged now."""
    start = min(complaint.received_at or at, at)  # a moment to come is refused later
    policies = targets.policies_for(complaint, (Metric.ACK, Metric.INITIAL), company_date(start))
    found = []
    for metric, policy in policies.items():
        if policy.target_minutes is None:
            continue
        working = policy.basis == Basis.BUSINESS
        calendar = _company() if working else None
        moment = measure.due(start, policy.target_minutes, calendar=calendar)
        if moment:
            found.append(Due(Metric(metric), moment, policy.target_minutes // 60, working))
    return sorted(found, key=lambda due: due.at)


def similar(complaint: Complaint, user: User) -> list[Alike]:
    """Return the cases most like what is typed so far; the open ones of the customer while it says too little."""
    if found := look_alikes.alike(complaint, user, limit=SIMILAR):
        return found
    rows = Complaint.objects.visible_to(user).received().backlog().filter(customer=complaint.customer_id)
    return [Alike(row, 0.0) for row in rows.order_by("-received_at", "-pk")[:SIMILAR]]


def _company() -> Calendar:
    return WorkCalendar.objects.company().as_calendar()


def language_of(complaint: Complaint) -> str:
    """Return the language to write to this customer in: the contact's, else the firm's."""
    person = complaint.contact or complaint.customer
    return person.language if person else settings.LANGUAGE_CODE
