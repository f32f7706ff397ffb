"""Shells around the verbs that periodic work calls; each may run twice, late, or on two workers."""

import logging
import os
import socket
import uuid

from celery import shared_task
from django.utils import timezone

from complaints import (
    calendars,
    clock_check,
    entitlement_check,
    escalations,
    look_alikes,
    promises,
    rendering,
    sweeping,
)
from complaints.sweeping import trusted

log = logging.getLogger(__name__)


@shared_task
def sweep_clocks() -> int:
    """Climb every clock whose instant has come; return how many. Raises sweeping.ClockSkew."""
    return sweeping.sweep_all(now=trusted(timezone.now())).count


@shared_task
def tell_late_explanations() -> int:
    """Tell of missed deadlines that nobody explained in time; return how many."""
    return escalations.sweep(now=trusted(timezone.now()))


@shared_task
def tell_late_updates() -> int:
    """Tell of updates that an incident promised and nobody gave in time; return of how many."""
    return promises.sweep(now=trusted(timezone.now()))


@shared_task
def render_letters() -> int:
    """Render letters that are owed; return how many."""
    return rendering.render_owed(now=trusted(timezone.now()), owner=me())


@shared_task
def rereckon_clocks() -> int:
    """Count open clocks by the newest version of their calendar; return how many cases had one."""
    return calendars.rereckon_owed(now=trusted(timezone.now()))


@shared_task
def keep_terms() -> int:
    """Keep the words of new cases, by which similar ones are found; return of how many."""
    return look_alikes.keep_owed()


@shared_task
def keep_all_terms() -> int:
    """Keep the words of whichever case lacks them, as after a long import; return of how many."""
    return look_alikes.keep_owed(all_of_them=True)


@shared_task
def check_clocks() -> int:
    """Compare every clock with its events; name each fault in the log, and return how many there are."""
    checked = clock_check.check_all()
    faults = [*checked.wrong, *checked.unwatched]
    for fault in faults:
        log.error("%s", fault)
    return len(faults)


@shared_task
def check_entitlements() -> int:
    """Derive every kept assessment again, and note what would be otherwise now; return how many are not as kept."""
    checked = entitlement_check.check_all(now=trusted(timezone.now()))
    for fault in checked.wrong:
        log.error("%s", fault)
    return len(checked.wrong)


def me() -> str:
    """Return a name for this run, to hold leases by."""
    return f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex}"[:64]
