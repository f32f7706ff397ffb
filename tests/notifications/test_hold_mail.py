"""A restored copy sends nothing until a person lets it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from notifications import holding
from notifications.delivery import deliver
from notifications.models import Delivery
from tests.cast import NOON
from tests.complaints.factories import received

pytestmark = pytest.mark.django_db


def states() -> set[str]:
    return set(Delivery.objects.values_list("state", flat=True))


def test_what_is_owed_is_held_until_released(owed):
    assert holding.hold(NOON) == 1
    assert (deliver(NOON + timedelta(days=1)), mail.outbox) == (0, [])

    assert holding.release(NOON + timedelta(days=1)) == 1

    assert deliver(NOON + timedelta(days=1)) == 1
    assert mail.outbox[0].message()["Message-ID"] == owed.message_id


def test_what_falls_due_by_now_is_held_too(ada, lee, cleo):
    now = timezone.now()
    received(ada, at=now - timedelta(hours=49), found_on=now.date() - timedelta(days=9))

    call_command("hold_mail")

    assert "HELD" in states() <= {"HELD", "STALE"}


def test_what_was_told_already_is_written_off(owed):
    holding.hold(NOON)

    call_command("release_mail", "--drop")

    assert states() == {"STALE"}
    assert deliver(NOON + timedelta(days=1)) == 0
