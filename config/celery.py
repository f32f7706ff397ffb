"""Celery: the hand that nudges. Rows in the database say what is owed; losing every message loses nothing."""

import os
import socket
import threading
from collections import defaultdict
from typing import Any, ClassVar, cast

from celery import Celery, Task
from celery.beat import EmbeddedService
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

SWEEP_SECONDS = 2.0


def _every(task: str, seconds: float) -> dict[str, Any]:
    """Return a beat entry; a run that has waited ten seconds is dropped, since a later one does its work."""
    return {"task": task, "schedule": seconds, "options": {"expires": 10}}


# THE one table of periodic work. Every task takes no arguments and may run twice, late, or on two workers.
PERIODIC_WORK = {
    "sweep-clocks": _every("complaints.tasks.sweep_clocks", SWEEP_SECONDS),
    "fan-out-events": _every("notifications.tasks.fan_out", SWEEP_SECONDS),
    "deliver": _every("notifications.tasks.deliver", SWEEP_SECONDS),
    "render-letters": _every("complaints.tasks.render_letters", SWEEP_SECONDS),
    "follow-up": _every("remediation.tasks.follow_up", 60.0),
    "send-password-links": _every("accounts.tasks.send_owed_links", SWEEP_SECONDS),
    "tell-late-explanations": _every("complaints.tasks.tell_late_explanations", 10.0),
    "tell-late-updates": _every("complaints.tasks.tell_late_updates", 10.0),
    "rereckon-clocks": _every("complaints.tasks.rereckon_clocks", 10.0),
    "keep-terms": _every("complaints.tasks.keep_terms", 10.0),
    "keep-all-terms": {"task": "complaints.tasks.keep_all_terms", "schedule": crontab(minute="11", hour="20")},  # daily
    "check-clocks": {"task": "complaints.tasks.check_clocks", "schedule": crontab(minute="41", hour="19")},  # daily
    "check-entitlements": {"task": "complaints.tasks.check_entitlements", "schedule": crontab(minute="51", hour="19")},
    "checkpoint-audit": {"task": "audit.tasks.checkpoint", "schedule": crontab(minute="7")},  # hourly
    "tidy-accounts": {"task": "accounts.tasks.tidy", "schedule": crontab(minute="23", hour="19")},  # daily
}


def _transport() -> dict[str, Any]:
    """Return kombu's options; a broker that is away is noticed in two seconds."""
    if settings.BROKER_URL.startswith("memory:"):
        return {"polling_interval": 0.02}
    return {
        "visibility_timeout": 1800,  # above the hard time limit of a task
        "unacked_restore_interval": 10,  # with the defaults a killed worker's tasks were away for over a minute
        "unacked_restore_throttle": 1,
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 25,
    }


def _defaults() -> dict[str, Any]:
    return {
        "broker_url": settings.BROKER_URL,
        "broker_transport_options": _transport(),
        "broker_connection_timeout": 2,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "task_publish_retry": False,  # a web request never waits for the broker
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_time_limit": 900,
        "task_soft_time_limit": 840,
        "task_serializer": "json",
        "result_serializer": "json",
        "accept_content": ["json"],
        "task_default_queue": "redress",
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 2000,
        "worker_soft_shutdown_timeout": 10.0,
        "worker_hijack_root_logger": False,
        "worker_send_task_events": False,
        "beat_schedule": PERIODIC_WORK,
        "beat_scheduler": "celery.beat:Scheduler",  # periods only: nothing to remember over a restart
        "timezone": "UTC",
        "enable_utc": True,
    }


class OneAtATime(Task):
    """A task that ends at once if this process runs it already; the next nudge is never far."""

    busy: ClassVar[dict[str, threading.Lock]] = defaultdict(threading.Lock)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not self.busy[self.name].acquire(blocking=False):
            return None
        try:
            return super().__call__(*args, **kwargs)
        finally:
            self.busy[self.name].release()


app: Celery = Celery("redress", set_as_current=True, task_cls=OneAtATime)
app.add_defaults(_defaults)  # read when first needed, so that importing this never reads the settings
app.autodiscover_tasks()


def start_embedded() -> None:
    """
    Start a worker and beat as threads of this process, over the in-memory broker; they end with it.

    Mails, links and letters may take long; with more threads than these three the clocks always find one.
    """
    worker = app.WorkController(
        hostname=f"embedded@{socket.gethostname()}",
        pool_cls="threads",
        concurrency=5,
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=True,
    )
    threading.Thread(target=worker.start, name="celery-worker", daemon=True).start()
    beat: Any = EmbeddedService(cast(Any, app), thread=True, scheduler_cls=app.conf.beat_scheduler)
    beat.daemon = True
    beat.start()
