"""Shells around the verbs that periodic work calls; each may run twice, late, or on two workers."""

from celery import shared_task
from django.utils import timezone

from complaints.sweeping import trusted
from remediation import followup


@shared_task
def follow_up() -> int:
    """Mark missed visits, let visits follow their calendar, end expired offers, remind of surveys; return how many."""
    return sum(followup.sweep(now=trusted(timezone.now())).values())
