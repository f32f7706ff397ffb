"""Periodic work of the trail; when it runs stands in config/celery.py."""

from celery import shared_task
from django.utils import timezone

from audit import checkpoints


@shared_task(name="audit.tasks.checkpoint")
def checkpoint() -> str:
    """Append a checkpoint; a bad record raises, which is loud in the log. Hourly is enough."""
    return checkpoints.append(timezone.now())["root"]
