"""When is it due, was it met, what would a change do: questions about clocks (DOMAIN §3)."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from complaints.calculators import Answer, Question, Result, offer
from complaints.calculators.shapes import MOST, Moment, Place, Wait, Whole, Zone
from worktime import measure
from worktime.calendars import BadInput, Calendar
from worktime.explain import Line, explain_due, explain_rest
from worktime.measure import WARNING_SHARES, Pause

BASES = ("CALENDAR", "BUSINESS")


class Counting(serializers.Serializer[Any]):
    """What every clock has: its start, how its time counts, and its waits."""

    start = Moment()
    tz = Zone(required=False)
    basis = serializers.ChoiceField(BASES, required=False)
    calendar = Place(required=False, allow_null=True, default=None)
    pausable = serializers.BooleanField(default=True)
    pauses = serializers.ListField(child=Wait(), default=list, max_length=MOST)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Business time needs a calendar; calendar time has none."""
        basis = attrs.get("basis") or ("BUSINESS" if attrs["calendar"] else "CALENDAR")
        if basis == "BUSINESS" and attrs["calendar"] is None:
            raise serializers.ValidationError({"calendar": [_("Working time needs a calendar. Name one.")]})
        if basis == "CALENDAR":
            attrs = {**attrs, "calendar": None}
        return attrs


class Due(Counting):
    target_minutes = Whole(min_value=1)
    at = serializers.ListField(child=serializers.CharField(), required=False, max_length=MOST)
    warn = serializers.ListField(child=Whole(min_value=1, max_value=1000), required=False, max_length=MOST)
    stop = Moment(required=False, allow_null=True)
    now = Moment(required=False, allow_null=True)

    def validate_at(self, texts: list[str]) -> list[tuple[str, datetime]]:
        return [(text, Moment().to_internal_value(text)) for text in texts]


class Regrade(Counting):
    target_minutes_old = Whole(min_value=1)
    target_minutes_new = Whole(min_value=1)
    changed_at = Moment()
    direction = serializers.ChoiceField(("UP", "DOWN"))
    grace_minutes = Whole(min_value=0, max_value=100_000, default=120)


class Reopen(serializers.Serializer[Any]):
    cycle1_start = Moment()
    cycle1_resolved = Moment()
    reopened_at = Moment()
    cycle2_resolved = Moment()
    calendar = Place()
    target48_minutes = Whole(min_value=1)
    resolve_target_minutes = Whole(min_value=1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        order = ("cycle1_start", "cycle1_resolved", "reopened_at", "cycle2_resolved")
        for earlier, later in itertools.pairwise(order):
            if attrs[later] < attrs[earlier]:
                said = _("This lies before %(earlier)s. Correct one of them.") % {"earlier": earlier}
                raise serializers.ValidationError({later: [said]})
        return attrs


class Heartbeat(serializers.Serializer[Any]):
    start = Moment()
    calendar = Place(required=False, allow_null=True, default=None)
    tz = Zone(required=False)
    every_minutes = Whole(min_value=1)
    updates = serializers.ListField(child=Moment(local=True), default=list, max_length=MOST)


def solve_due(said: dict[str, Any]) -> Answer:
    """Return when a clock is due, and what was asked besides: elapsed at instants, warnings, verdict, state now."""
    start, target, zone, counting = said["start"], said["target_minutes"], _zone(said), _counting(said)
    due = measure.due(start, target, **counting)
    result: Result = {"due": _written(due, zone)}
    if not said.get("now"):
        result["due_utc"] = due and due.strftime("%Y-%m-%dT%H:%MZ")
    if "at" in said:
        result["elapsed"] = [_elapsed(start, target, text, at, due, counting) for text, at in said["at"]]
    if "warn" in said:
        warned = measure.warnings(start, target, said["warn"] or WARNING_SHARES, **counting)
        result["warn"] = [{"percent": one.percent, "at": _written(one.at, zone)} for one in warned]
    if said.get("stop"):
        result |= _verdict(start, target, due, said["stop"], counting)
    if said.get("now"):
        result |= _now(start, target, said["now"], zone, counting)
    why = explain_due(
        start, target, calendar=said["calendar"], pauses=said["pauses"], pausable=said["pausable"], now=said.get("now")
    )
    return Answer(result, (why, *explain_rest(why, said["calendar"])), zone)


def solve_regrade(said: dict[str, Any]) -> Answer:
    """Return how a change of grade moves the due instant of a running clock (DOMAIN §3.5)."""
    zone, counting = _zone(said), _counting(said)
    old, new = (
        measure.due(said["start"], said[name], **counting) for name in ("target_minutes_old", "target_minutes_new")
    )
    grace = timedelta(minutes=said["grace_minutes"])
    changed = measure.regraded(old, new, said["changed_at"], upgrade=said["direction"] == "UP", grace=grace)
    result = {
        "due_old": _written(old, zone),
        "due_new_raw": _written(new, zone),
        "due_effective": _written(changed.due, zone),
        "breach_kept": changed.breach_kept,
    }
    return Answer(result, _why_regraded(said, old, new, changed), zone)


def solve_reopen(said: dict[str, Any]) -> Answer:
    """Return the clocks of a second cycle, and how long both cycles were handled (SV-52)."""
    calendar, again = said["calendar"], said["reopened_at"]
    first = _minutes(measure.elapsed(said["cycle1_start"], said["cycle1_resolved"], calendar=calendar))
    second = _minutes(measure.elapsed(again, said["cycle2_resolved"], calendar=calendar))
    in_all = measure.elapsed(said["cycle1_start"], said["cycle2_resolved"], calendar=None)
    targets = ((said["target48_minutes"], None), (said["resolve_target_minutes"], calendar))
    due_48, due_resolve = (measure.due(again, target, calendar=counts) for target, counts in targets)
    result = {
        "cycle2_due_48h": _written(due_48, calendar.zone),
        "cycle2_due_resolve": _written(due_resolve, calendar.zone),
        "cycle1_elapsed_business": first,
        "cycle2_elapsed_business": second,
        "total_handling_business": first + second,
        "time_to_final_resolution_calendar": _minutes(in_all),
    }
    lines = [explain_due(again, target, calendar=counts, pausable=counts is not None) for target, counts in targets]
    return Answer(result, tuple(lines), calendar.zone)


def solve_heartbeat(said: dict[str, Any]) -> Answer:
    """Return the windows of a clock that each update starts anew (SV-53)."""
    zone = said.get("tz") or (said["calendar"].zone if said["calendar"] else "UTC")
    sent = [one if one.tzinfo else one.replace(tzinfo=ZoneInfo(zone)) for one in said["updates"]]
    beats = measure.beats(said["start"], said["every_minutes"], sent, calendar=said["calendar"])
    windows = [
        {"window_start": _written(beat.start, zone), "due": _written(beat.due, zone),
         "sent": _written(beat.sent, zone), "met": beat.met}
        for beat in beats
    ]  # fmt: skip
    why = [explain_due(beat.start, said["every_minutes"], calendar=said["calendar"]) for beat in beats]
    return Answer({"windows": windows}, tuple(why), zone)


offer(
    "deadline",
    {
        "due": Question(Due, solve_due),
        "regrade": Question(Regrade, solve_regrade),
        "reopen": Question(Reopen, solve_reopen),
        "heartbeat": Question(Heartbeat, solve_heartbeat),
    },
)


def _counting(said: dict[str, Any]) -> dict[str, Any]:
    """Return how the time of this clock counts; waits of one that may not be paused are known but change nothing."""
    waits: list[Pause] = said["pauses"] if said["pausable"] else []
    return {"calendar": said["calendar"], "pauses": waits}


def _zone(said: dict[str, Any]) -> str:
    calendar: Calendar | None = said["calendar"]
    return said.get("tz") or (calendar.zone if calendar else "UTC")


def _elapsed(start: datetime, target: int, text: str, at: datetime, due: datetime | None, counting: Any) -> Result:
    used = _minutes(measure.elapsed(start, at, **counting))
    return {"at": text, "minutes": used, "remaining": target - used, "overdue": due is not None and at > due}


def _verdict(start: datetime, target: int, due: datetime | None, stop: datetime, counting: Any) -> Result:
    late = measure.overrun(due, stop, **counting) if due else measure.Overrun(0, 0)
    return {
        "met": measure.met(due, stop),
        "overrun_clock_minutes": _minutes(late.clock),
        "overrun_calendar_minutes": _minutes(late.calendar),
    }


def _now(start: datetime, target: int, now: datetime, zone: str, counting: Any) -> Result:
    used = _minutes(measure.elapsed(start, now, **counting))
    return {
        "state": "PAUSED" if measure.paused(counting["pauses"], now) else "RUNNING",
        "elapsed_minutes": used,
        "remaining_minutes": target - used,
        "projected_due_if_resumed_now": _written(measure.projected(start, target, now, **counting), zone),
    }


def _why_regraded(said: dict[str, Any], old: Any, new: Any, changed: measure.Regraded) -> tuple[Line, ...]:
    facts = {"old": old, "new": new, "due": changed.due, "changed": said["changed_at"]}
    if changed.due is None:
        return (Line("regraded.paused", facts),)
    if changed.breach_kept:
        return (Line("regraded.breach_kept", facts),)
    if said["direction"] == "DOWN" or changed.due == new:
        return (Line("regraded.new", facts),)
    return (Line("regraded.old" if changed.due == old else "regraded.grace", facts),)


def _minutes(seconds: int) -> int:
    """Return whole minutes; a begun minute is not counted yet."""
    return seconds // 60


def _written(instant: datetime | None, zone: str) -> str | None:
    """Return ISO text in the zone, with seconds only if there are any. Raises BadInput instant_out_of_range."""
    if instant is None:
        return None
    try:
        local = instant.astimezone(ZoneInfo(zone))
    except OverflowError as error:
        raise BadInput("instant_out_of_range") from error
    return local.isoformat(timespec="seconds" if local.second else "minutes")
