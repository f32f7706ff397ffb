"""Periodic work without broker, worker or beat: the same table and the same tasks, called in this very process."""

import logging
from threading import Event, Thread
from typing import Any

from celery import current_app
from django.db import close_old_connections

GRACE = 10  # seconds that work in hand may take after the end was called

log = logging.getLogger(__name__)


def persevere(every: float, over: Event) -> None:
    """
    Do what stands in config/celery.py with a period, each at its own but not more often than `every` seconds.

    Each task has a thread to itself: a mail server that does not answer never holds up the clocks. Returns soon after
    `over` is set. What runs by the hour or the day is left to beat.
    """
    current_app.loader.import_default_modules()
    threads = [
        Thread(target=_again_and_again, args=(entry["task"], max(every, entry["schedule"]), over), daemon=True)
        for entry in current_app.conf.beat_schedule.values()
        if isinstance(entry["schedule"], int | float)
    ]
    for thread in threads:
        thread.start()
    over.wait()
    for thread in threads:
        thread.join(GRACE)


def _again_and_again(name: str, seconds: float, over: Event) -> None:
    task: Any = current_app.tasks[name]
    while not over.is_set():
        try:
            task()
        except Exception:  # such as a database that is away: it comes back
            log.exception("%s failed; it is tried again.", name)
        finally:
            close_old_connections()
        over.wait(seconds)
