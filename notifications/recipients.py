"""Whom an event is told to: ONE table, from the kind of event to a function that names the notices."""

from collections.abc import Callable, Iterable

from audit.models import Event
from notifications.notice import Notice

TABLE: dict[str, Callable[[Event], Iterable[Notice]]] = {}

SILENT: dict[str, str] = {  # kinds that nobody is told of, and why
    "delivery.retried": "whoever did it knows",
    "notice.retried": "whoever did it knows",
}


def notices(event: Event) -> list[Notice]:
    """Return who is to be told what. Raises KeyError for a kind that stands neither in TABLE nor in SILENT."""
    return [] if event.kind in SILENT else list(TABLE[event.kind](event))
