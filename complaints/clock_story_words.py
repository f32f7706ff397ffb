"""A clock's story in words: its marks, its days, its changes of target; and the same as plain data for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from audit.models import Event
from complaints import clock_words, told_words
from complaints.clock_story import Aim, Day, Mark, Phase, Piece, Story
from complaints.models import SlaClock, SlaPause
from complaints.models.states import Basis, DayUnit, Metric, PauseReason
from complaints.timeline import joined
from worktime.calendars import Calendar
from worktime.models import CalendarVersion, WorkCalendar
from worktime.timeline import Kind
from worktime.words import NAMES, say_instant, say_name, say_span

KINDS = {
    Kind.WORK: gettext_lazy("counts"),
    Kind.PAUSED: gettext_lazy("paused"),
    Kind.HOLIDAY: gettext_lazy("rest day"),
    Kind.OFF: gettext_lazy("outside working time"),
}
PHASES = {
    Phase.RUN: "",
    Phase.OVER: gettext_lazy("past due"),
    Phase.AHEAD: gettext_lazy("to come"),
    Phase.SPARE: gettext_lazy("not needed"),
}
MARKS = {
    "started": ("clock", gettext_lazy("Clock started")),
    "warned_50": ("risk", gettext_lazy("Warning: 50 % used")),
    "warned_75": ("risk", gettext_lazy("Warning: 75 % used")),
    "warned_90": ("risk", gettext_lazy("Warning: 90 % used")),
    "due": ("flag", gettext_lazy("Due")),
    "due_if_resumed": ("flag", gettext_lazy("Due, if it ran on from now")),
    "breached": ("over", gettext_lazy("Due, and missed")),
    "missed": ("over", gettext_lazy("Due, and missed")),
    "escalated": ("over", gettext_lazy("An executive is told")),
    "wait_long": ("pause", gettext_lazy("The wait is long: the service lead decides")),
    "paused": ("pause", gettext_lazy("Paused")),
    "resumed": ("clock", gettext_lazy("Runs on")),
    "retargeted": ("refresh", gettext_lazy("New target or calendar")),
    "reopened": ("refresh", gettext_lazy("Runs again: what stopped it was not delivered")),
    "revoked": ("back", gettext_lazy("The missed deadline is revoked")),
    "stopped": ("ok", gettext_lazy("Stopped")),
    "cancelled": ("ban", gettext_lazy("Cancelled")),
    "now": ("dashed", gettext_lazy("Now")),
}
DAY_FORMS = {"en": "j M", "zh-hans": "m-d"}
ACKNOWLEDGED = "acknowledged_"
REMINDER = ("bell", gettext_lazy("Reminder"))
RULES = {
    "contract": gettext_lazy("the contract"),
    "customer": gettext_lazy("the customer"),
    "grade": gettext_lazy("the grade"),
    "default": gettext_lazy("the default"),
    "date": gettext_lazy("a date that was agreed"),
}
GRADED = pgettext_lazy("rule of a target, grade", "{rule} ({grade})")


def mark_words(mark: Mark) -> tuple[str, str]:
    """Return the icon and the words of a mark; a step that is not known here is a reminder."""
    if mark.code.startswith(ACKNOWLEDGED):
        return "check", _("{level} acknowledged").format(level=mark.code.removeprefix(ACKNOWLEDGED))
    icon, words = MARKS.get(mark.code, REMINDER)
    return icon, str(words)


def rule_words(policy: str) -> str:
    """Return which rule set a target: "the grade (G2)"."""
    rule, _blank, grade = policy.partition(" ")
    words = str(RULES.get(rule, rule))
    return str(GRADED).format(rule=words, grade=grade) if grade else words


def reason_words(pause: SlaPause) -> str:
    """Return why a clock waited."""
    return str(PauseReason(pause.reason).label)


def head(story: Story, zone: ZoneInfo, *, targets_url: str = "") -> list[dict[str, Any]]:
    """Return what holds for the clock, as pairs for _kv.html; targets_url: where its rule is explained."""
    clock, version = story.clock, story.clock.calendar_version
    target = say_span((clock.target_minutes or 0) * 60) if clock.target_minutes else days_words(clock)
    grace = _("and {time} more, since it was tightened on the way").format(time=say_span(clock.grace_minutes * 60))
    rows: list[dict[str, Any]] = [
        {"name": _("Target"), "value": target or _("a date"), "note": grace if clock.grace_minutes else ""},
        {"name": _("Set by"), "value": rule_words(clock.policy), "url": targets_url if clock.policy != "date" else ""},
        {"name": _("Counts"), "value": Basis(clock.basis).label},
        {"name": _("Calendar"), "value": version_words(version) if version else _("none: all time counts")},
        {"name": _("Pauses"), "value": _("possible") if clock.pausable else _("not possible")},
        {"name": _("Counted"), "value": say_span(story.counted)},
    ]
    return [*rows, {"name": _("Days and times"), "value": str(zone)}]


def days_words(clock: SlaClock) -> str:
    """Return the target of a clock that runs by date where a policy set it, else nothing."""
    if not clock.days:
        return ""
    if clock.day_unit == DayUnit.WORKDAY:
        return ngettext("{n} working day", "{n} working days", clock.days).format(n=clock.days)
    return ngettext("{n} day", "{n} days", clock.days).format(n=clock.days)


def version_words(version: CalendarVersion) -> str:
    """Return a calendar's name, code and version: a verdict stays with the one that it was made by."""
    named = version.calendar
    return _("{name} ({code}, version {n})").format(name=name_of(named), code=named.code, n=version.version)


def name_of(calendar: WorkCalendar) -> str:
    """Return a calendar's name, in the reader's language where it came with the program and was not renamed."""
    return str(NAMES.get(calendar.name, calendar.name))


def moment_words(moment: datetime | None, zone: ZoneInfo) -> str:
    return say_instant(moment, zone) if moment else "–"


def day_row(day: Day, story: Story, zone: ZoneInfo) -> dict[str, Any]:
    """Return one line of the table of days."""
    return {
        "on": day.on,
        "weekday": clock_words.WEEKDAYS[day.on.weekday()],
        "what": _kind_of_day(day, story),
        "pieces": [_piece_row(piece, zone) for piece in day.pieces],
        "counted": say_span(day.counted) if day.counted else "–",
        "total": say_span(day.total),
        "marks": [_mark_row(mark, zone) for mark in day.marks],
        "ahead": all(piece.phase in (Phase.AHEAD, Phase.SPARE) for piece in day.pieces),
    }


def _kind_of_day(day: Day, story: Story) -> str:
    calendar = story.clock.working_time
    if calendar is None:
        return ""
    words = _kind_words(calendar, day.on)
    if day.on not in calendar.names:
        return words
    return _("{kind} ({name})").format(kind=words, name=say_name(calendar.names[day.on]))


def _kind_words(calendar: Calendar, on: date) -> str:
    if not calendar.is_workday(on):
        return _("rest day") if on in calendar.off or on in calendar.exceptions else _("weekly day off")
    if on not in calendar.exceptions:
        return _("working day")
    return _("own hours") if calendar.usual_windows(on) else _("make-up workday")


def _piece_row(piece: Piece, zone: ZoneInfo) -> dict[str, str]:
    words = str(KINDS[piece.kind])
    if piece.pause:
        words = _("{kind}: {reason}").format(kind=words, reason=reason_words(piece.pause))
    start, end = piece.start.astimezone(zone), piece.end.astimezone(zone)
    until = "24:00" if end.date() > start.date() and end.strftime("%H:%M:%S") == "00:00:00" else _time(end)
    return {
        "kind": piece.kind.value.lower(), "phase": piece.phase.value, "start": _time(start), "end": until,
        "words": words, "phase_words": str(PHASES[piece.phase]),
    }  # fmt: skip


def _time(local: datetime) -> str:
    return local.strftime("%H:%M:%S" if local.second else "%H:%M")


def _mark_row(mark: Mark, zone: ZoneInfo) -> dict[str, Any]:
    icon, words = mark_words(mark)
    return {"icon": icon, "words": words, "time": _time(mark.at.astimezone(zone)), "at": mark.at, "past": mark.past}


def mark_rows(story: Story, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return all marks in order, numbered as on the drawing."""
    rows = [_mark_row(mark, zone) for mark in story.marks]
    return [{**row, "n": n, "when": moment_words(row["at"], zone)} for n, row in enumerate(rows, start=1)]


def pause_rows(story: Story, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the waits: why, with which proof, who entered it, from when to when, and what it took."""
    return [
        {
            "reason": reason_words(pause),
            "evidence": pause.evidence,
            "by": pause.by.name if pause.by else _("the system"),
            "start": moment_words(pause.started_at, zone),
            "end": moment_words(pause.ended_at, zone) if pause.ended_at else _("goes on"),
            "took": say_span(story.waited(pause)),
        }
        for pause in story.clock.pauses.all()
    ]


def aim_rows(story: Story, names: Mapping[int, str], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the changes of target: what it was, what it is, and who made it."""
    return [
        {
            "at": moment_words(aim.at, zone),
            "by": names.get(aim.by_id or 0, "") or _("the system"),
            "old_due": moment_words(aim.old_due, zone),
            "due": moment_words(aim.due, zone),
            "old_target": _target(aim.old_target),
            "target": _target(aim.target),
            "why": _why_moved(aim),
        }
        for aim in story.aims
    ]


def step_rows(events: Iterable[Event], names: Mapping[int, str], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return each step that was climbed: when, who was told and whether it arrived, who took it up."""
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for event in events:
        if event.kind == "sla.acknowledged":
            by = _("{name}, {when}").format(name=names.get(event.by_id or 0, ""), when=moment_words(event.at, zone))
            key = (event.facts["step"], event.facts["generation"])
            rows.get(key, {})["taken"] = joined(by, event.text("text"))
        elif event.facts.get("told") and "step" in event.facts:
            _icon, words = MARKS.get(event.facts["step"], REMINDER)
            told = told_words.told_words(event.facts, getattr(event, "told", None), zone)
            rows[event.facts["step"], event.facts["generation"]] = {
                "level": event.facts.get("level", ""), "step": str(words), "at": moment_words(event.at, zone),
                "told": told, "taken": "",
            }  # fmt: skip
    return list(rows.values())


def takers(events: Iterable[Event]) -> set[int]:
    """Return the ids of those who took up a step."""
    return {event.by_id for event in events if event.kind == "sla.acknowledged" and event.by_id}


def _target(minutes: int | None) -> str:
    return say_span(minutes * 60) if minutes else _("a date")


def _why_moved(aim: Aim) -> str:
    said = []
    if aim.old_policy != aim.policy:
        said.append(_("now set by {rule}").format(rule=rule_words(aim.policy)))
    if aim.old_calendar != aim.calendar:
        said.append(_("calendar {version}").format(version=aim.calendar or "–"))
    if aim.breach_kept:
        said.append(_("what was missed before stays missed"))
    return "; ".join(said)


def people(story: Story) -> set[int]:
    """Return the ids of the people that the changes of target name."""
    return {aim.by_id for aim in story.aims if aim.by_id}


# For programs ---------------------------------------------------------------------------------------------------------


def as_data(story: Story, zone: ZoneInfo) -> dict[str, Any]:
    """Return the story as JSON shows it: instants in UTC, spans in seconds, and the sentence."""
    clock, version = story.clock, story.clock.calendar_version
    names = ("metric", "cycle", "subject", "state", "basis", "policy", "pausable", "target_minutes", "grace_minutes")
    return {
        "id": clock.pk,
        **{name: getattr(clock, name) for name in names},
        "name": str(Metric(clock.metric).label),
        "sentence": clock_words.why(clock, story.now, zone=zone),
        "warnings": clock_words.warnings(clock),
        "calendar": _calendar(version) if version else None,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "due_if_resumed_at": story.due if story.waits else None,
        "stopped_at": clock.stopped_at,
        "breached_at": clock.breached_at,
        "as_of": story.now,
        "counted_seconds": story.counted,
        "segments": [_segment(piece) for piece in story.pieces],
        "pauses": [_pause(pause, story) for pause in clock.pauses.all()],
        "marks": [{"code": mark.code, "at": mark.at, "past": mark.past} for mark in story.marks],
        "retargets": [aim._asdict() for aim in story.aims],
    }


def _calendar(version: CalendarVersion) -> dict[str, Any]:
    named = version.calendar
    return {"code": named.code, "name": named.name, "version": version.version, "zone": named.zone}


def _segment(piece: Piece) -> dict[str, Any]:
    return {
        "kind": piece.kind, "phase": piece.phase, "start": piece.start, "end": piece.end,
        "counted_seconds": piece.counted, "pause": piece.pause and piece.pause.pk,
    }  # fmt: skip


def _pause(pause: SlaPause, story: Story) -> dict[str, Any]:
    return {
        "id": pause.pk, "reason": pause.reason, "evidence": pause.evidence, "by": pause.by_id,
        "start": pause.started_at, "end": pause.ended_at, "took_seconds": story.waited(pause),
    }  # fmt: skip


def zone_of(clock: SlaClock, reader: ZoneInfo) -> ZoneInfo:
    """Return the zone whose days the clock counts: its calendar's; the reader's where all time counts."""
    return ZoneInfo(clock.calendar_version.calendar.zone) if clock.calendar_version else reader


def legend() -> Iterable[tuple[str, str]]:
    """Return the shapes of the drawing with their words."""
    return [(kind.value.lower(), str(words)) for kind, words in KINDS.items()]


def day_label(moment: datetime) -> str:
    """Return a date as short as an axis can hold."""
    return date_format(moment, DAY_FORMS.get(get_language() or "", DAY_FORMS["en"]))
