"""Shells around the verbs that periodic work calls; each may run twice, late, or on two workers."""

import os
import socket
import uuid

from celery import shared_task
from django.utils import timezone

from complaints import rendering, sweeping


@shared_task
def sweep_clocks() -> int:
    """Climb every clock whose instant has come; return how many. Raises sweeping.ClockSkew."""
    return sweeping.sweep_all(now=sweeping.trusted(timezone.now())).count


@shared_task
def render_letters() -> int:
    """Render letters that are owed; return how many."""
    return rendering.render_owed(now=timezone.now(), owner=me())


def me() -> str:
    """Return a name for this run, to hold leases by."""
    return f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex}"[:64]
