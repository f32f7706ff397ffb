"""
Sending what is owed: claim and lease, commit; SMTP with no transaction open; finish only if still the owner.

Whatever dies between the two commits leaves a lease that runs out; the mail then goes again under the same
Message-ID. A mail is never sent under two.
"""

import logging
import smtplib
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

import audit
from accounts.models import User
from audit.failpoints import reach
from complaints import letters
from complaints.models import Letter
from notifications.fanout import message_id
from notifications.models import Delivery
from notifications.rendering import render

LEASE = timedelta(minutes=5)
BATCH = 10  # what a worker that dies may leave leased
MOST_ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=6)
GAVE_UP = "No worker came to an end with it."

State = Delivery.State
log = logging.getLogger(__name__)


def deliver(now: datetime, limit: int = 500) -> int:
    """Send at most `limit` deliveries that are due; return how many went out. Any number may run at once."""
    owner, sent, asked = str(uuid.uuid4()), 0, 0
    with _Post() as post:
        while asked < limit and not post.is_closed:
            claimed = _claim(now, min(BATCH, limit - asked), owner)
            if not claimed:
                break
            reach("delivery.claimed")
            asked += len(claimed)
            sent += sum(_attempt(post, delivery, now) for delivery in claimed)
    return sent


@transaction.atomic
def _claim(now: datetime, limit: int, owner: str) -> list[Delivery]:
    """Lease what is due to `owner` and count the attempt."""
    due = Delivery.objects.due(now).select_related("event").select_for_update(skip_locked=True, of=("self",))
    claimed = list(due[:limit])
    for delivery in claimed:
        delivery.state, delivery.owner, delivery.lease_until = State.LEASED, owner, now + LEASE
        delivery.attempts += 1
    Delivery.objects.bulk_update(claimed, ["state", "owner", "lease_until", "attempts"])
    return claimed


class _Post:
    """One connection for a batch, opened at the first letter and again after it broke."""

    connection: BaseEmailBackend | None = None
    is_down = False  # the server does not answer; the rest of the batch need not try

    def __init__(self) -> None:
        self.end = time.monotonic() + LEASE.total_seconds() / 2

    @property
    def is_closed(self) -> bool:
        """Tell that nothing more can be begun: the server is away, or too little of the lease is left."""
        return self.is_down or time.monotonic() > self.end

    def __enter__(self) -> "_Post":
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()

    def send(self, message: EmailMultiAlternatives) -> None:
        """Hand the message to the mail server. Raises OSError (smtplib's errors are such) or ValueError."""
        self._open().send_messages([message])

    def _open(self) -> BaseEmailBackend:
        if self.connection is None:
            self.is_down = True
            connection = get_connection()
            connection.open()
            self.connection, self.is_down = connection, False
        return self.connection

    def hang_up(self) -> None:
        """Close the connection, however broken."""
        if self.connection is not None:
            try:
                self.connection.close()
            except OSError:
                log.info("The mail server had hung up already.")
            self.connection = None


def _attempt(post: _Post, delivery: Delivery, now: datetime) -> bool:
    """Send one delivery and write down how it went, or give it back untried; False if it did not go out."""
    if post.is_closed:
        _release(delivery)
        return False
    if delivery.attempts > MOST_ATTEMPTS:
        _give_up(delivery, delivery.last_error or GAVE_UP, now)
        return False
    try:
        post.send(_message(delivery))
        reach("delivery.handed")
    except Exception as error:  # a bad template or address must not hold up the rest of the batch
        post.is_down |= isinstance(error, smtplib.SMTPServerDisconnected)  # or it took longer than EMAIL_TIMEOUT
        post.hang_up()
        _failed(delivery, error, now)
        return False
    return _sent(delivery, now)


def _message(delivery: Delivery) -> EmailMultiAlternatives:
    """Return the mail, the same at every attempt."""
    if not delivery.subject:
        delivery.subject, delivery.body = render(
            delivery.template, delivery.params, language=delivery.language, zone=delivery.zone
        )
        Delivery.objects.filter(pk=delivery.pk, owner=delivery.owner).update(
            subject=delivery.subject, body=delivery.body
        )
    thread = message_id(delivery.event.stream)
    headers = {
        "Message-ID": delivery.message_id,
        "References": thread,
        "Auto-Submitted": "auto-generated",
        "Content-Language": delivery.language,
    }
    return EmailMultiAlternatives(delivery.subject, delivery.body, to=[delivery.address], headers=headers)


def _failed(delivery: Delivery, error: Exception, now: datetime) -> None:
    """Plan another try, or give the delivery up if that cannot help."""
    said = in_short(error)
    log.warning("Delivery %s failed at attempt %s: %s", delivery.uuid, delivery.attempts, said)
    if is_permanent(error) or delivery.attempts >= MOST_ATTEMPTS:
        _give_up(delivery, said, now)
    else:
        _finish(delivery, state=State.RETRY, next_at=now + patience(delivery), last_error=said)


def in_short(error: Exception) -> str:
    """Return what went wrong for a person to read: what the server said, as "550 No such user", else the error."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(words)}" for code, words in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def is_permanent(error: Exception) -> bool:
    """Tell whether trying again is useless: the server refuses this reader or this mail, or no mail can be made."""
    return isinstance(error, ValueError) or any(500 <= code < 600 for code in _codes(error))


def _codes(error: Exception) -> Iterator[int]:
    """Yield what the server said of the reader or the mail; what it said of us (sign-in, sender) is ours to mend."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        yield from (code for code, _said in error.recipients.values())
    elif isinstance(error, smtplib.SMTPDataError):
        yield error.smtp_code


def patience(delivery: Delivery) -> timedelta:
    """Return the wait after so many attempts: 1, 4, 16, 64, 256 min, then 6 h, each up to a fifth longer by row."""
    wait = min(timedelta(minutes=4 ** (delivery.attempts - 1)), LONGEST_WAIT)
    return wait * (1 + (delivery.pk % 20) / 100)


def _give_up(delivery: Delivery, why: str, now: datetime) -> None:
    """Bury the delivery; if that fails it is tried again when the lease runs out, and the batch goes on."""
    try:
        _bury(delivery, why, now)
    except Exception:
        log.exception("Delivery %s could not be given up.", delivery.uuid)


@transaction.atomic
def _bury(delivery: Delivery, why: str, now: datetime) -> None:
    """Write the delivery off; a letter that died blocks its case until somebody acts."""
    if not _finish(delivery, state=State.DEAD, next_at=now, last_error=why):
        return
    if letter := _letter_of(delivery):
        letters.sending_failed(letter, at=now)


def _sent(delivery: Delivery, now: datetime) -> bool:
    """Write down that it went out; what follows for its case must not make it go out again."""
    done = {"state": State.SENT, "sent_at": now, "last_error": ""}
    try:
        with transaction.atomic():
            finished, letter = _finish(delivery, **done), _letter_of(delivery)
            if finished and letter:
                letters.sent_after_all(letter, at=now)
            return finished
    except Exception:
        log.exception("Delivery %s went out, but its case could not be told.", delivery.uuid)
        return _finish(delivery, **done)


def _letter_of(delivery: Delivery) -> Letter | None:
    rows = Letter.objects.select_related("complaint")
    return rows.filter(number=delivery.letter).first() if delivery.letter else None


def _release(delivery: Delivery) -> None:
    """Give a claimed delivery back untried: the server is away, or the lease is too far gone to begin another."""
    state = State.RETRY if delivery.attempts > 1 else State.READY
    _finish(delivery, state=state, attempts=delivery.attempts - 1)


def _finish(delivery: Delivery, **fields: object) -> bool:
    """Write how it went and end the lease; False if the lease was lost to another worker meanwhile."""
    if _mine(delivery).update(owner="", lease_until=None, **fields) == 1:
        return True
    log.warning("Delivery %s was taken over meanwhile; what we know of it is dropped.", delivery.uuid)
    return False


def _mine(delivery: Delivery):  # type: ignore[no-untyped-def]
    return Delivery.objects.filter(pk=delivery.pk, state=State.LEASED, owner=delivery.owner)


@transaction.atomic
def retry(delivery: Delivery, *, by: User, at: datetime) -> Delivery:
    """Give a dead delivery its attempts back; it keeps its Message-ID. One that is not dead stays as it is."""
    dead = Delivery.objects.filter(pk=delivery.pk, state=State.DEAD)
    if dead.update(state=State.RETRY, attempts=0, next_at=at):
        facts = {"template": delivery.template, "event": delivery.event_id}
        audit.record("delivery", delivery.uuid, "delivery.retried", by=by, at=at, facts=facts)
    return Delivery.objects.get(pk=delivery.pk)
