"""Targets of clocks in words: what a clock is allowed, whose target it is, what a change would do (UX §3.13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from complaints import targets
from complaints.clock_story_words import rule_words
from complaints.clock_words import spell
from complaints.foresight import BUSINESS, DATE, Foresight, Judged, Target, Verdict
from complaints.models import Complaint
from complaints.models.states import Grade, Metric, Safety
from complaints.policing import Change, Plan, Scope, in_force, read_target, target_of
from worktime.words import PERIODS, say_instant, say_span

if TYPE_CHECKING:
    from audit.models import Event

VERDICTS: dict[Verdict, Promise] = {
    Verdict.MET: pgettext_lazy("a clock, decided", "met"),
    Verdict.MISSED: pgettext_lazy("a clock, decided", "missed"),
    Verdict.RUNNING: pgettext_lazy("a clock, open", "in time so far"),
    Verdict.OVER: pgettext_lazy("a clock, open", "past due"),
    Verdict.WAITING: pgettext_lazy("a clock, open", "waiting"),
}
TONES = {Verdict.MISSED: "danger", Verdict.OVER: "danger", Verdict.MET: "ok"}
UNGRADED = gettext_lazy("Not graded")
ALL_GRADES = gettext_lazy("All grades")


def target_words(target: Target | None) -> str:
    """Return a target: "48 h", "8 working hours", "30 days"; a dash for none."""
    if target is None:
        return "–"
    if target.basis == DATE:
        return str(PERIODS[target.unit or "day"] % {"n": target.days})
    minutes = target.minutes or 0
    if target.basis != BUSINESS:
        return say_span(minutes * 60)
    if minutes % 60 == 0:
        hours = minutes // 60
        return ngettext("%(n)s working hour", "%(n)s working hours", hours) % {"n": hours}
    return _("{span} of working time").format(span=say_span(minutes * 60))


def grade_words(grade: str, scope: Scope | None = None) -> str:
    """Return a grade in words; without one it is that of cases not graded, or in a scope of its own that of all."""
    if grade:
        return str(Grade(grade).label)
    return str(UNGRADED if scope is None or scope.is_default else ALL_GRADES)


def scope_words(scope: Scope) -> str:
    """Return whose targets they are."""
    if scope.contract:
        return _("Contract {number}").format(number=scope.contract.number)
    return str(scope.customer) if scope.customer else _("Everybody (default)")


def change_words(grade: str, change: Change, scope: Scope) -> dict[str, str]:
    """Return one grade's change: its name, before, after, until when."""
    ends = _("ends: the next rule holds")
    until = _("until {day}, as planned before").format(day=change.until) if change.until and change.after else ""
    before = target_words(change.before) if change.before or scope.is_default else _("none of its own")
    return {
        "grade": grade_words(grade, scope),
        "before": _with_wait(before, change.before),
        "after": _with_wait(target_words(change.after), change.after) if change.after else ends,
        "until": until,
    }


def standing_words(plan: Plan, grade: str) -> str:
    """Return what a grade has in this scope today: its own target, else which rule holds for it."""
    own = in_force(plan.rows, grade, plan.on)
    if own:
        return target_words(target_of(own))
    scope = plan.scope
    customer = scope.contract.customer if scope.contract else scope.customer
    case = Complaint(grade=grade, customer=customer, contract=scope.contract, safety=Safety.NO)
    rules = targets.ranked(case, plan.metric, plan.on)
    if not rules:
        return _("none")
    target = target_words(target_of(rules[0]))
    return _("{target}, by {rule}").format(target=target, rule=rule_words(targets.source(rules[0])))


def _with_wait(words: str, target: Target | None) -> str:
    return _("{target}, may wait").format(target=words) if target and target.pausable else words


def foresight_words(found: Foresight) -> list[dict[str, str]]:
    """Return the counts as facts for _kv.html."""
    looked = found.open + found.decided
    rows = [(_("Clocks looked at"), str(looked), _open_and_decided(found))]
    rows.append((_("Due at another instant"), str(found.changed), ""))
    if found.decided:
        met = _("{before} → {after}").format(before=_percent(found.share_before), after=_percent(found.share_after))
        rows.append((_("Met, of those decided"), met, _("{n} of {all}").format(n=found.met_after, all=found.decided)))
        rows.append((_("Met, would be missed"), str(found.to_missed), ""))
        rows.append((_("Missed, would be met"), str(found.to_met), ""))
    if found.open:
        rows.append((_("Open, would be past due now"), str(found.to_over), ""))
        rows.append((_("Open and past due, would be in time"), str(found.to_running), ""))
    if found.waiting:
        rows.append((_("Waiting, without a due instant"), str(found.waiting), ""))
    return [{"name": name, "value": value, "note": note, "num": "1"} for name, value, note in rows]


def _open_and_decided(found: Foresight) -> str:
    return _("{open} open, {decided} decided in the last year").format(open=found.open, decided=found.decided)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1f}\N{NO-BREAK SPACE}%"


def judged_rows(rows: Iterable[Judged], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the clocks that change: both due instants, how far they lie apart, both verdicts."""
    return [
        {
            "ref": one.row.ref,
            "cycle": _("Cycle {n}").format(n=one.row.cycle) if one.row.cycle > 1 else "",
            "grade": grade_words(one.row.grade),
            "before": _instant(one.due_before, zone),
            "after": _instant(one.due_after, zone),
            "moved": _moved(one.moved_by),
            "verdict": VERDICTS[one.before],
            "verdict_after": VERDICTS[one.after],
            "turned": one.turned,
            "tone": TONES.get(one.after, ""),
        }
        for one in rows
    ]


def _instant(moment: datetime | None, zone: ZoneInfo) -> str:
    return say_instant(moment, zone) if moment else "–"


def _moved(span: timedelta | None) -> str:
    if not span:
        return "–"
    form = _("{time} later") if span > timedelta() else _("{time} earlier")
    return form.format(time=spell(int(span.total_seconds())))


def log_row(event: Event, names: Mapping[int, str], firms: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    """Return one entry of the change log."""
    facts = event.facts
    own = facts["contract"] or facts["customer"]
    changes = [
        _("{grade}: {before} → {after}").format(
            grade=str(Grade(grade).label) if grade else str(ALL_GRADES if own else UNGRADED),
            before=target_words(read_target(said["before"])),
            after=target_words(read_target(said["after"])),
        )
        for grade, said in facts["changes"].items()
    ]
    return {
        "at": event.at,
        "when": say_instant(event.at, zone),
        "by": names.get(event.by_id or 0, "–"),
        "clock": metric_words(facts["metric"]),
        "whose": _whose(facts, firms),
        "since": facts["effective_from"],
        "changes": changes,
        "foreseen": log_foresight(facts["foreseen"]),
    }


def _whose(facts: Mapping[str, Any], firms: Mapping[str, str]) -> str:
    if facts["contract"]:
        return _("Contract {number}").format(number=facts["contract"])
    return firms.get(facts["customer"], facts["customer"]) if facts["customer"] else _("Everybody (default)")


def log_foresight(counts: Mapping[str, int]) -> str:
    """Return in one sentence what was foreseen of a change."""
    looked = counts["open"] + counts["decided"]
    if not counts["changed"]:
        return _("No clock would have been due at another instant, of {looked} looked at.").format(looked=looked)
    changed = _("{changed} of {looked} clocks due at another instant").format(changed=counts["changed"], looked=looked)
    if not counts["decided"]:
        return changed
    before, after = (_percent(counts[name] * 100 / counts["decided"]) for name in ("met_before", "met_after"))
    return _("{changed}; met {before} → {after}").format(changed=changed, before=before, after=after)


def metric_words(metric: str) -> str:
    """Return a clock's name; one that this version does not know by its code."""
    return str(Metric(metric).label) if metric in Metric.values else metric
