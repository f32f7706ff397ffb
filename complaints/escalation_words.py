"""What escalation asks, in words: each step and call, how it stands, and what may be done about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import timeline
from complaints.escalation_queries import TAKEN_UP, Asked
from complaints.models.states import Metric

INSTANT = timedelta(microseconds=1)


def what(row: Asked) -> str:
    """Return what happened: "Resolution: 90 % of the time is used"."""
    if row.is_call:
        return _("{person} asked for a manager").format(person=row.person)
    words = {
        "warned_50": _("{metric}: 50 % of the time is used"),
        "warned_75": _("{metric}: 75 % of the time is used"),
        "warned_90": _("{metric}: 90 % of the time is used"),
        "escalated": _("{metric}: still open after the missed deadline"),
    }
    return words.get(row.step, _("{metric}: deadline missed")).format(metric=Metric(row.metric).label)


def standing(row: Asked, reader: timeline.Reader) -> dict[str, Any]:
    """Return how it stands as a badge: late, waiting or taken up."""
    if not row.waits:
        return {"tone": "ok", "icon": "check", "state": _taken(row, reader), "late": False}
    late = row.overlooked_at is not None and row.overlooked_at < reader.now
    return {
        "tone": "danger" if late else "warn", "icon": "over" if late else "risk", "late": late,
        "state": _waits(row, late, reader),
    }  # fmt: skip


def _waits(row: Asked, late: bool, reader: timeline.Reader) -> str:
    if row.due_at is None:
        words = (
            _("Not acknowledged since {when}: over four working hours") if late else _("Not acknowledged since {when}")
        )
        return words.format(when=timeline.when(row.raised_at, reader))
    if row.is_call:
        words = _("The answer was due {when}") if late else _("To be answered by {when}")
    else:
        words = _("The explanation was due {when}") if late else _("To be explained by {when}")
    return words.format(when=by_words(row.due_at, reader))


def by_words(moment: datetime, reader: timeline.Reader) -> str:
    """Return until when: the end of a day as the day before midnight, any other instant with its time."""
    local = moment.astimezone(reader.zone)
    if (local.hour, local.minute) != (0, 0):
        return timeline.when(moment, reader)
    return _("the end of {day}").format(day=timeline.date_words((local - INSTANT).date()))


def _taken(row: Asked, reader: timeline.Reader) -> str:
    when = timeline.when(row.taken_at, reader)
    words = _("Answered by {name}, {when}") if row.is_call else _("Acknowledged by {name}, {when}")
    if row.due_at and not row.is_call:
        words = _("Explained by {name}, {when}")
    said = words.format(name=row.taken_by, when=when)
    if row.sales is None:
        return said
    return timeline.joined(said, _("Sales was informed") if row.sales else _("Sales was not informed"))


def act_of(row: Asked) -> tuple[str, str]:
    """Return the act that takes it up, and what its button says."""
    if row.is_call:
        return "answer_call", _("Answer")
    return ("acknowledge_step", _("Acknowledge")) if row.step in TAKEN_UP else ("explain_breach", _("Explain"))


def address(ref: str, row: Asked) -> str:
    """Return the page on which it is taken up."""
    act, _label = act_of(row)
    which = {"metric": row.metric, "level": row.level, "clock": row.clock}
    query = urlencode(which) if act == "acknowledge_step" else ""
    return reverse("case-do", args=[ref, act]) + (f"?{query}" if query else "")
