"""Every worked example of DOMAIN §3.6 and §3.7, every field of its answer."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.worktime import vectors as shared
from tests.worktime.vectors import moment, pauses, written
from worktime import measure, periods

VECTORS = shared.load()
CALENDARS = shared.calendars(VECTORS)


def answer_due(asked: dict[str, Any]) -> dict[str, Any]:
    start, target, zone = moment(asked["start"]), asked["target_minutes"], asked["tz"]
    counting: dict[str, Any] = {"calendar": CALENDARS[asked["calendar"]], "pauses": pauses(asked)}
    due = measure.due(start, target, **counting)
    return {
        "due": written(due, zone),
        "due_utc": due and due.strftime("%Y-%m-%dT%H:%MZ"),
        "elapsed": [_elapsed(start, target, text, due, counting) for text in asked.get("at", [])],
        "warn": [
            {"percent": warned.percent, "at": written(warned.at, zone)}
            for warned in measure.warnings(start, target, asked.get("warn", []), **counting)
        ],
        **(_stopped(due, moment(asked["stop"]), counting) if "stop" in asked else {}),
        **(_paused(start, target, moment(asked["now"]), zone, counting) if "now" in asked else {}),
    }


def _elapsed(start, target, text, due, counting) -> dict[str, Any]:
    at = moment(text)
    return {
        "at": text,
        "minutes": minutes(measure.elapsed(start, at, **counting)),
        "remaining": minutes(measure.remaining(start, target, at, **counting)),
        "overdue": due is not None and at > due,
    }


def _stopped(due, stop, counting) -> dict[str, Any]:
    overrun = measure.overrun(due, stop, **counting)
    return {
        "met": measure.met(due, stop),
        "overrun_clock_minutes": minutes(overrun.clock),
        "overrun_calendar_minutes": minutes(overrun.calendar),
    }


def _paused(start, target, now, zone, counting) -> dict[str, Any]:
    return {
        "state": "PAUSED" if measure.paused(counting["pauses"], now) else "RUNNING",
        "elapsed_minutes": minutes(measure.elapsed(start, now, **counting)),
        "remaining_minutes": minutes(measure.remaining(start, target, now, **counting)),
        "projected_due_if_resumed_now": written(measure.projected(start, target, now, **counting), zone),
    }


def answer_regrade(asked: dict[str, Any]) -> dict[str, Any]:
    start, zone = moment(asked["start"]), asked["tz"]
    old, new = (
        measure.due(start, asked[target], calendar=CALENDARS[asked["calendar"]], pauses=pauses(asked))
        for target in ("target_minutes_old", "target_minutes_new")
    )
    effective = measure.regraded(old, new, moment(asked["changed_at"]), upgrade=asked["direction"] == "UP")
    return {
        "due_old": written(old, zone),
        "due_new_raw": written(new, zone),
        "due_effective": written(effective.due, zone),
        "breach_kept": effective.breach_kept,
    }


def answer_reopen(asked: dict[str, Any]) -> dict[str, Any]:
    calendar = CALENDARS[asked["calendar"]]
    start, resolved = moment(asked["cycle1_start"]), moment(asked["cycle1_resolved"])
    again, finally_ = moment(asked["reopened_at"]), moment(asked["cycle2_resolved"])
    first = minutes(measure.elapsed(start, resolved, calendar=calendar))
    second = minutes(measure.elapsed(again, finally_, calendar=calendar))
    return {
        "cycle2_due_48h": written(measure.due(again, asked["target48_minutes"], calendar=None)),
        "cycle2_due_resolve": written(measure.due(again, asked["resolve_target_minutes"], calendar=calendar)),
        "cycle1_elapsed_business": first,
        "cycle2_elapsed_business": second,
        "total_handling_business": first + second,
        "time_to_final_resolution_calendar": minutes(measure.elapsed(start, finally_, calendar=None)),
    }


def answer_heartbeat(asked: dict[str, Any]) -> dict[str, Any]:
    sent = [moment(text) for text in asked["updates"]]
    beats = measure.beats(moment(asked["start"]), asked["every_minutes"], sent, calendar=CALENDARS[asked["calendar"]])
    return {
        "windows": [
            {"window_start": written(beat.start), "due": written(beat.due), "sent": written(beat.sent), "met": beat.met}
            for beat in beats
        ]
    }


def answer_period(asked: dict[str, Any]) -> dict[str, Any]:
    calendar = CALENDARS[asked["calendar"]]
    last = periods.last_day(
        date.fromisoformat(asked["start_date"]), asked["n"], asked["unit"], calendar=calendar, roll=asked["roll"]
    )
    return {
        "last_day": last.isoformat(),
        "weekday": last.strftime("%a"),
        "expires_at": written(periods.expires_at(last, calendar=calendar)),
    }


def minutes(seconds: int) -> int:
    assert seconds % 60 == 0
    return seconds // 60


ANSWERS = {
    "due": answer_due,
    "regrade": answer_regrade,
    "reopen": answer_reopen,
    "heartbeat": answer_heartbeat,
    "period": answer_period,
}


@pytest.mark.parametrize("vector", VECTORS["vectors"] + VECTORS["date_vectors"], ids=lambda vector: vector["id"])
def test_each_worked_example_is_answered_whole(vector):
    answer = ANSWERS[vector["kind"]](vector["input"])

    assert {name: answer[name] for name in vector["expected"]} == vector["expected"]


def test_all_worked_examples_are_here():
    assert (len(VECTORS["vectors"]), len(VECTORS["date_vectors"])) == (56, 16)


def test_all_answers_are_in_utc():
    due = measure.due(moment("2026-05-12T10:15+08:00"), 60, calendar=CALENDARS["CN-STD"])

    assert due is not None
    assert due.utcoffset() == ZoneInfo("UTC").utcoffset(due)
