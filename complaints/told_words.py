"""Who was told of an event, by which way, and whether it arrived: read with the event, and put into words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, OuterRef, QuerySet, When
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Event
from complaints.escalation_queries import ListOf, moment

KINDS = ("sla.warned", "sla.breached", "sla.escalated", "sla.explanation_late", "case.escalated", "clock.wait_long")
STATES = {  # of a higher room's delivery, by its code
    "READY": gettext_lazy("e-mail on its way"),
    "LEASED": gettext_lazy("e-mail on its way"),
    "RETRY": gettext_lazy("e-mail tried again"),
    "SENT": gettext_lazy("e-mail sent {when}"),
    "DEAD": gettext_lazy("e-mail not deliverable"),
    "STALE": gettext_lazy("too old to send"),
    "HELD": gettext_lazy("e-mail held back"),
}


def with_deliveries(events: QuerySet[Event]) -> Any:
    """Add `told` to events in the same statement: what was owed to whom, by the reverse relation of the higher room."""
    values = {"name": "deliveries__recipient__name", "state": "deliveries__state", "sent_at": "deliveries__sent_at"}
    owed = Event.objects.filter(pk=OuterRef("pk"), deliveries__recipient__isnull=False)
    owed = owed.annotate(one=JSONObject(**values)).order_by("deliveries__pk")
    return events.annotate(told=Case(When(kind__in=KINDS, then=ListOf(owed.values("one")))))


def told_words(facts: Mapping[str, Any], told: list[dict[str, Any]] | None, zone: ZoneInfo) -> str:
    """Return who was told and whether it arrived: "Lee (e-mail sent 14:05)"; "" of an event that tells nobody."""
    if not facts.get("told"):
        return ""
    words = "; ".join(_one(row, zone) for row in told or ())
    return _("told: {people}").format(people=words) if words else _("nobody told yet")


def _one(row: Mapping[str, Any], zone: ZoneInfo) -> str:
    sent_at: datetime | None = moment(row["sent_at"])
    when = sent_at.astimezone(zone).strftime("%H:%M") if sent_at else ""
    state = str(STATES.get(row["state"], row["state"])).format(when=when)
    return _("{name} ({state})").format(name=row["name"], state=state)
