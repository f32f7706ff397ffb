"""The steps that a clock climbs, when and for whom (DOMAIN §3.4). Pure; people are named by role codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from worktime import measure, periods
from worktime.calendars import Calendar
from worktime.measure import Pause

ONE_SECOND = timedelta(seconds=1)
WAIT_WORKDAYS = 10  # after so many working days of waiting the service lead decides (DOMAIN §3.1 (8))


class Rung(NamedTuple):
    """What a step means: its escalation level, the share of the target used up (percent), and who is told."""

    level: int
    share: int
    told: tuple[str, ...]  # role codes, and OWNER, LEADER (of the team) and HEAD (of the department) of the case


class Step(NamedTuple):
    """Something that must happen at an instant: a rung by name, a reminder by its own name."""

    name: str
    at: datetime


BREACHED = "breached"
ESCALATED = "escalated"
WAIT_LONG = "wait_long"
MISSED = "missed"  # of a clock that runs by date, such as a return visit

RUNGS = {
    "warned_50": Rung(1, 50, ("OWNER",)),
    "warned_75": Rung(2, 75, ("OWNER", "LEADER", "CSL")),
    "warned_90": Rung(3, 90, ("QM",)),
    BREACHED: Rung(4, 100, ("QM", "HEAD")),
    ESCALATED: Rung(5, 100, ("EXE",)),
}
AT_RISK_LEVEL = RUNGS["warned_75"].level  # from here on a clock counts as at risk: a quarter of the target is left
WAITING_TOLD = ("CSL",)
DUTY = "DUTY"  # whoever is on duty at the step; nobody: the service leads and the quality managers
EXPLAINING = ("OWNER",)  # who owes the explanation of a missed deadline; while nobody owns the case, its service lead
EXPLAIN_WORKDAYS = 1
CALL_LEVEL = 3  # to which a customer's call for a manager lifts the case
CALL_TOLD = ("QM", "SAL", "OWNER")
CALL_ASKS = ("QM",)
ANSWER_WORKDAYS = 1  # within which a call is answered
TAKE_UP_MINUTES = 4 * 60  # of working time, after which a step from L3 up that nobody took up shows as such
WARNINGS = {rung.share: name for name, rung in RUNGS.items() if rung.share < 100}
EXECUTIVE_AFTER_WORKDAYS = {"G2": 2}  # G1: 24 hours; all other grades, and cases not graded yet: 5
EXECUTIVE_AFTER_HOURS = {"G1": 24}


def ladder(
    start: datetime,
    target_minutes: int,
    due: datetime,
    *,
    grade: str,
    calendar: Calendar | None,
    company: Calendar,
    pauses: Iterable[Pause] = (),
) -> list[Step]:
    """Return every step of a running clock in order; `company` is the calendar that counts working days."""
    shares = measure.warnings(start, target_minutes, tuple(WARNINGS), calendar=calendar, pauses=pauses)
    warned = [Step(WARNINGS[share], instant) for share, instant in shares if instant and instant < due]
    return [*warned, Step(BREACHED, due), Step(ESCALATED, executive_at(due, grade, company=company))]


def dated_ladder(start: datetime, due: datetime, *, grade: str, company: Calendar) -> list[Step]:
    """Return every step of a clock that runs by date, in order; its shares are those of the time from start to due."""
    whole = due - start
    shares = [(name, start + whole * share / 100) for share, name in sorted(WARNINGS.items())]
    warned = [Step(name, instant.replace(microsecond=0)) for name, instant in shares if start < instant < due]
    return [*warned, Step(BREACHED, due), Step(ESCALATED, executive_at(due, grade, company=company))]


def executive_at(due: datetime, grade: str, *, company: Calendar) -> datetime:
    """Return when an executive is told of a breach at `due`."""
    if hours := EXECUTIVE_AFTER_HOURS.get(grade):
        return due + timedelta(hours=hours)
    return workdays_after(due, EXECUTIVE_AFTER_WORKDAYS.get(grade, 5), company=company)


def workdays_after(moment: datetime, n: int, *, company: Calendar) -> datetime:
    """Return the instant at which `n` working days after the local day of `moment` are over."""
    last = periods.last_day(company.local_date(moment), n, "workday", calendar=company)
    return periods.expires_at(last, calendar=company)


def wake(step: Step) -> datetime:
    """Return when a step is to be climbed: a clock stopped in the very second of its due instant is in time."""
    return step.at + ONE_SECOND if step.name in (BREACHED, MISSED) else step.at
