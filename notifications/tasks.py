"""Periodic work; when it runs stands in config/celery.py. Safe to run twice, late or on two workers."""

from celery import shared_task
from django.utils import timezone

from complaints.sweeping import trusted
from notifications import delivery, fanout


@shared_task(name="notifications.tasks.fan_out")
def fan_out() -> int:
    return fanout.fan_out_all(trusted(timezone.now()))


@shared_task(name="notifications.tasks.deliver")
def deliver() -> int:
    return delivery.deliver(trusted(timezone.now()))
