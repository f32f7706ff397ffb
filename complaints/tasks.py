"""Shells around the verbs that periodic work calls; each may run twice, late, or on two workers."""

import os
import socket
import uuid

from celery import shared_task
from django.utils import timezone

from complaints import rendering, sweeping


@shared_task
def sweep_clocks() -> int:
    """Climb every clock whose instant has come; return how many."""
    return sweeping.sweep_all(now=timezone.now()).count


@shared_task
def render_letters() -> int:
    """Render letters that are owed; return how many."""
    owner = f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex}"
    return rendering.render_owed(now=timezone.now(), owner=owner[:64])
