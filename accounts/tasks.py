"""Background work of this room: shells around verbs, safe to run twice."""

import os
import socket
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts import idempotency, links
from accounts.sessions import SessionStore

KEYS_KEPT = timedelta(days=7)


@shared_task
def send_owed_links() -> int:
    """Send owed invitations and resets; return how many."""
    return links.send_owed(now=timezone.now(), owner=f"{socket.gethostname()}:{os.getpid()}")


@shared_task
def tidy() -> int:
    """Forget sessions that have run out and keys that no client will repeat any more; return how many keys."""
    SessionStore.clear_expired()
    return idempotency.forget(before=timezone.now() - KEYS_KEPT)
