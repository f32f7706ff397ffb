"""Holding back what is owed, as after restoring a backup: the house it was taken from may have sent it since."""

from datetime import datetime

from complaints import sweeping
from notifications.fanout import fan_out
from notifications.models import Delivery

State = Delivery.State
OWED = (State.READY, State.LEASED, State.RETRY)


def hold(now: datetime) -> int:
    """Climb what is due, find out whom to tell of it, and hold all of it back; return how many deliveries are held."""
    sweeping.sweep_all(now=now)
    while fan_out(now):
        pass
    owed = Delivery.objects.filter(state__in=OWED)
    return owed.update(state=State.HELD, owner="", lease_until=None)


def release(now: datetime) -> int:
    """Let everything that is held go out, under the Message-ID that it has; return how many."""
    return Delivery.objects.filter(state=State.HELD).update(state=State.READY, next_at=now)


def drop() -> int:
    """Write off everything that is held, because people were told already; return how many."""
    return Delivery.objects.filter(state=State.HELD).update(state=State.STALE)
