"""What the simulator found, in words: each clock's due instant in every zone, the rule that sets it, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints import targets
from complaints.clock_story_words import rule_words
from complaints.models import SlaPolicy
from complaints.policing import BEFORE_GRADING, target_of
from complaints.policy_words import metric_words, target_words
from complaints.simulating import Simulated, Skipped, Supposed
from worktime.words import say, say_instant


def answer(
    found: Sequence[Simulated], supposed: Supposed, zones: Sequence[ZoneInfo], where: ZoneInfo
) -> dict[str, Any]:
    """Return all clocks for the page; `where` is the zone of the question."""
    clocks = [_clock(one, zones) for one in found]
    return {
        "received": say_instant(supposed.received, where),
        "zones": [zone.key for zone in zones],
        "clocks": [clock for clock in clocks if not clock["missing"]],
        "missing": [clock["name"] for clock in clocks if clock["missing"] and clock["metric"] in BEFORE_GRADING],
        "absent": _listed(
            [clock["name"] for clock in clocks if clock["missing"] and clock["metric"] not in BEFORE_GRADING]
        ),
        "unsure": list(dict.fromkeys(say(line, zones[0]) for one in found for line in one.unsure)),
    }


def _clock(one: Simulated, zones: Sequence[ZoneInfo]) -> dict[str, Any]:
    told: dict[str, Any] = {"metric": one.metric, "name": metric_words(one.metric), "missing": one.due is None}
    if one.due is None:
        return told
    winner, *beaten = one.rules
    return told | {
        "after": _("if “{clock}” stops at its due instant").format(clock=metric_words(one.after)) if one.after else "",
        "dues": [{"zone": zone.key, "when": say_instant(one.due, zone)} for zone in zones],
        "due": one.due,
        "target": target_words(target_of(winner)),
        "rule": rule_words(targets.source(winner)),
        "beaten": _beaten(winner, beaten),
        "because": [say(line, zones[0]) for line in one.because],
        "skipped": _skipped(one.skipped),
        "warned": [
            {"share": _("{percent} % used").format(percent=warned.percent), "when": say_instant(warned.at, zones[0])}
            for warned in one.warned
            if warned.at
        ],
    }


def _beaten(winner: SlaPolicy, beaten: Sequence[SlaPolicy]) -> str:
    """Return which rules lose, and to what: "the customer (40 h) comes before the grade (G2) (80 h)"."""
    if not beaten:
        return ""
    listed = _listed([_ruled(row) for row in beaten])
    return _("{winner} comes before {beaten}.").format(winner=_ruled(winner), beaten=listed)


def _listed(names: Sequence[str]) -> str:
    return pgettext("between rules", ", ").join(names)


def _ruled(row: SlaPolicy) -> str:
    target = target_words(target_of(row))
    return _("{rule}: {target}").format(rule=rule_words(targets.source(row)), target=target)


def _skipped(days: Skipped) -> list[str]:
    said = []
    if days.rest:
        said.append(_("Rest days that do not count: {days}.").format(days=_runs(days.rest)))
    if days.makeup:
        said.append(_("Make-up workdays that count: {days}.").format(days=_runs(days.makeup)))
    return said


def _runs(runs: Sequence[tuple[date, date]]) -> str:
    forms = [
        str(first) if first == last else _("{first} to {last}").format(first=first, last=last) for first, last in runs
    ]
    return pgettext("between days", ", ").join(forms)
