"""Wiring only. The Celery app is made here for `shared_task` to find; it reaches for the broker only to publish."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
