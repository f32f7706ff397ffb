"""From what happened to whom to tell: turns the marks that `audit.record` left into deliveries, each once."""

import logging
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

import audit
from accounts.models import User
from audit.canonical import plain
from audit.failpoints import reach
from audit.models import Event, Pending
from notifications import recipients
from notifications.models import Delivery
from notifications.notice import Notice

STALE_AFTER = timedelta(hours=24)  # ARCHITECTURE §5.8: nobody is told today of what an import says of last year
BATCH = 200
MOST_ATTEMPTS = 8

log = logging.getLogger(__name__)


def fan_out(now: datetime, limit: int = BATCH) -> int:
    """
    Turn at most `limit` waiting events into deliveries; return how many events were done.

    Any number may run at once. Events never tried go first, together in one transaction; if that fails each is told
    of in a transaction of its own. One that fails is tried again later, claimed alone, and given up after
    MOST_ATTEMPTS: it holds up another once, by seconds.
    """
    done = asked = 0
    while asked < limit:
        silent, loud = _claim(now, min(BATCH, limit - asked))
        if not (silent or loud):
            break
        asked += silent + len(loud)
        told = _together(loud, now) if len(loud) > 1 else set()
        done += silent + len(told) + sum(_done(pk, attempts, now) for pk, attempts in loud if pk not in told)
    return done


def fan_out_all(now: datetime) -> int:
    """Turn into deliveries all that waits; return how many events were done."""
    done = 0
    while batch := fan_out(now):
        done += batch
    return done


@transaction.atomic
def _claim(now: datetime, limit: int) -> tuple[int, list[tuple[int, int]]]:
    """Drop the marks of silent events; put the others off, in case we die over them. Return a count and (pk, try)."""
    marks = Pending.objects.due(now).select_for_update(skip_locked=True, of=("self",)).select_related("event")
    claimed = list(marks.filter(attempts=0)[:limit]) or list(marks[:1])
    silent = [mark for mark in claimed if mark.event.kind in recipients.SILENT]
    loud = [mark for mark in claimed if mark.event.kind not in recipients.SILENT]
    Pending.objects.filter(pk__in=[mark.pk for mark in silent]).delete()
    if loud:
        attempts = loud[0].attempts + 1
        put_off = Pending.objects.filter(pk__in=[mark.pk for mark in loud])
        put_off.update(attempts=attempts, next_at=now + _patience(attempts))
    return len(silent), [(mark.pk, mark.attempts + 1) for mark in loud]


def _patience(attempts: int) -> timedelta:
    """Return how long to leave an event alone after that many tries: 5 s, then three times as long each time."""
    return timedelta(seconds=5 * 3 ** (attempts - 1))


def _together(loud: list[tuple[int, int]], now: datetime) -> set[int]:
    """Tell of many events in one transaction; return those done, none if each must be tried alone."""
    try:
        return _tell_together([pk for pk, _attempts in loud], now)
    except Exception:
        log.warning("%s events could not be told together; each is told alone.", len(loud), exc_info=True)
        return set()


@transaction.atomic
def _tell_together(pks: list[int], now: datetime) -> set[int]:
    """Write the deliveries of first tries and delete their marks; return those that nobody else has."""
    marks = Pending.objects.select_for_update(skip_locked=True, of=("self",)).select_related("event")
    events = [mark.event for mark in marks.filter(pk__in=pks, attempts=1)]
    with recipients.remembering(events):
        told = [(event, notice) for event in events for notice in recipients.notices(event) if notice.address]
    deliveries = [_delivery(event, notice, now) for event, notice in told]
    deliveries.sort(key=lambda delivery: delivery.dedup_key)  # in one order, so that two that run at once never collide
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    Pending.objects.filter(pk__in=[event.pk for event in events]).delete()
    reach("fanout.before_commit")
    return {event.pk for event in events}


def _done(pk: int, attempts: int, now: datetime) -> bool:
    """Tell of one event; a failure is written down and False comes back."""
    try:
        return _tell(pk, attempts, now)
    except Exception as error:
        log.exception("Nobody could be told of event %s.", pk)
        dead_at = now if attempts >= MOST_ATTEMPTS else None
        Pending.objects.filter(pk=pk, attempts=attempts).update(last_error=repr(error), dead_at=dead_at)
        return False


@transaction.atomic
def _tell(pk: int, attempts: int, now: datetime) -> bool:
    """Write the deliveries and delete the mark in one transaction. False: somebody else has it."""
    marks = Pending.objects.select_for_update(of=("self",)).select_related("event")
    mark = marks.filter(pk=pk, attempts=attempts).first()
    if mark is None:
        return False
    notices = [notice for notice in recipients.notices(mark.event) if notice.address]
    Delivery.objects.bulk_create((_delivery(mark.event, notice, now) for notice in notices), ignore_conflicts=True)
    mark.delete()
    return True


def _delivery(event: Event, notice: Notice, now: datetime) -> Delivery:
    delivery = Delivery(
        event=event,
        recipient=notice.user,
        address=notice.address,
        dedup_key=notice.dedup_key,
        language=notice.language,
        zone=notice.zone,
        template=notice.template,
        params=plain(notice.params),
        letter=notice.letter,
        state=Delivery.State.STALE if event.at < now - STALE_AFTER else Delivery.State.READY,
        next_at=now,
        created_at=now,
    )
    delivery.message_id = message_id(delivery.uuid)
    return delivery


def message_id(of: uuid.UUID) -> str:
    """Return the Message-ID of a delivery, or the id that threads all mails of one case together."""
    return f"<{of}@{settings.MESSAGE_ID_HOST}>"


@transaction.atomic
def revive(mark: Pending, *, by: User, at: datetime) -> None:
    """Give an event that was given up its tries back."""
    dead = Pending.objects.filter(pk=mark.pk).exclude(dead_at=None)
    if dead.update(dead_at=None, next_at=None, attempts=0):
        event = mark.event
        audit.record(event.stream_kind, event.stream, "notice.retried", by=by, at=at, facts={"event": event.pk})
