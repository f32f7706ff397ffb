"""
The last day of every period that the clauses of a contract set, from the days on which things happened. PURE.

`last_days(clauses, happened, calendar)` answers a row for each period: its last day, how it is found, or which days
are still needed. Nothing is guessed: a period whose beginning is not known has no last day. Receipt stands for
delivery and arrival, as in a case (`contracts.clauses.case`). Sources: DOMAIN §3.1 (15), §6.1, CC 200–204, 621, 622.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypeVar

from contracts.clauses import citing
from contracts.clauses.case import STARTS, CaseFacts, InForce
from contracts.clauses.choices import Start, Unit
from contracts.clauses.disputes import Dispute, ForceMajeure
from contracts.clauses.gaplaw import RuleSet
from contracts.clauses.kinds import Day
from contracts.clauses.payments import HeldUntil, Payment, Retention, Trigger
from contracts.clauses.periods import (
    Acceptance,
    GuaranteePeriod,
    InspectionNotice,
    Knowledge,
    LimitationOfAction,
    Replaced,
    Scope,
    StageKind,
    Which,
)
from contracts.clauses.remedies import RemedyOrder
from contracts.clauses.rules import dates
from contracts.clauses.terms import Terms, asked
from contracts.clauses.working import Step, Working, step
from worktime.calendars import Calendar
from worktime.explain import Line, explain_period
from worktime.periods import last_day

MOST_YEARS = 100  # of a period: longer ones are slips of the pen
OUTER = (dates.OUTER_YEARS, Unit.YEAR)
TRIGGERS = {
    Trigger.SIGNING: "signed_on",
    Trigger.PRODUCTION_START: "production_on",
    Trigger.SHIPMENT_DOCUMENTS: "documents_on",
    Trigger.GOODS_ARRIVED: "delivered_on",
    Trigger.COMMISSIONED: "commissioned_on",
    Trigger.FINALLY_ACCEPTED: "accepted_on",
    Trigger.INVOICE: "invoiced_on",
}
Length = tuple[int, Unit]
T = TypeVar("T", bound=Terms)


@dataclass(frozen=True, kw_only=True)
class Happened(Terms):
    """On which day things happened; None: not known, or not yet."""

    signed_on: date | None = asked(Day(), default=None)
    production_on: date | None = asked(Day(), default=None)
    documents_on: date | None = asked(Day(), default=None)
    delivered_on: date | None = asked(Day(), default=None)
    installed_on: date | None = asked(Day(), default=None)
    commissioned_on: date | None = asked(Day(), default=None)
    accepted_on: date | None = asked(Day(), default=None)
    first_used_on: date | None = asked(Day(), default=None)
    invoiced_on: date | None = asked(Day(), default=None)
    found_on: date | None = asked(Day(), default=None)
    notified_on: date | None = asked(Day(), default=None)
    replaced_on: date | None = asked(Day(), default=None)
    known_on: date | None = asked(Day(), default=None)
    demanded_on: date | None = asked(Day(), default=None)
    admitted_on: date | None = asked(Day(), default=None)
    dispute_on: date | None = asked(Day(), default=None)
    fm_began_on: date | None = asked(Day(), default=None)


@dataclass(frozen=True)
class LastDay:
    """
    One period: what it is for, its clause ("" where the law sets it), its last day, and the lines of its working.

    missing: the days that are needed first.  bound: "at_latest" or "at_earliest" while another day could still move
    it.  review: Legal has to confirm the day.
    """

    code: str
    clause: str
    last: date | None = None
    missing: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    params: tuple[tuple[str, Any], ...] = ()
    bound: str = ""
    review: bool = False

    def days_left(self, on: date) -> int | None:
        """Return how many days are left after `on`, 0 on the last day itself, below 0 once it is over."""
        return None if self.last is None else (self.last - on).days


_NOTHING: tuple[Line, ...] = ()


class _Asking:
    """The clauses and days of one question."""

    def __init__(self, clauses: Sequence[InForce], happened: Happened, calendar: Calendar | None) -> None:
        self.clauses, self.happened, self.calendar = clauses, happened, calendar

    def of(self, shape: type[T]) -> list[tuple[str, T]]:
        return [(each.number, each.terms) for each in self.clauses if isinstance(each.terms, shape)]

    def without(self, fact: str) -> "_Asking":
        return _Asking(self.clauses, replace(self.happened, **{fact: None}), self.calendar)

    def period(self, code: str, clause: str, fact: str, length: Length, roll: bool = True, **params: Any) -> LastDay:
        """Return the row of a period that runs from a day, or that names the day while it is not known."""
        start, named = getattr(self.happened, fact), tuple(params.items())
        if start is None:
            return LastDay(code, clause, missing=(fact,), params=named)
        last, lines = self.counted(start, length, roll)
        return LastDay(code, clause, last, lines=lines, params=named)

    def counted(self, start: date, length: Length, roll: bool) -> tuple[date, tuple[Line, ...]]:
        said: dict[str, Any] = {"calendar": self.calendar, "roll": roll}
        number, unit = length[0], length[1].lower()
        return last_day(start, number, unit, **said), explain_period(start, number, unit, **said)


def last_days(clauses: Iterable[InForce], happened: Happened, calendar: Calendar | None) -> list[LastDay]:
    """Return every period, in the order in which a contract is lived. Raises BadInput."""
    asking = _Asking(list(clauses), happened, calendar)
    sets = citing.rule_sets(asking.clauses)
    rows = (_within_reach(row, happened) for rows in ROWS for row in rows(asking))
    return [replace(row, lines=_cited(sets, row.lines)) for row in rows]


def _cited(sets: tuple[RuleSet, ...], lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines with the citations of the contract's law."""
    return tuple(citing.cite(sets, (line,))[0] if isinstance(line, Step) else line for line in lines)


def _within_reach(row: LastDay, happened: Happened) -> LastDay:
    """Return the row; one that ends more than a century after all that happened has no last day, but says why."""
    known = [on for name in happened.asks() if (on := getattr(happened, name)) is not None]
    if row.last is None or not known or row.last.year - max(known).year <= MOST_YEARS:
        return row
    return replace(row, last=None, missing=(), bound="", lines=(step("due.too_long", n=MOST_YEARS),), review=True)


def needed(clauses: Iterable[InForce]) -> list[str]:
    """Return the names of the days that the periods of these clauses depend on, in the order of `Happened`."""
    asking = _Asking(list(clauses), Happened(), None)
    found = {name for rows in ROWS for row in rows(asking) for name in row.missing}
    found |= {"demanded_on", "admitted_on"} if asking.of(LimitationOfAction) else set()
    found |= (
        {"replaced_on"} if any(each.replaced == Replaced.RESTARTS for _, each in asking.of(GuaranteePeriod)) else set()
    )
    return [item.name for item in fields(Happened) if item.name in found]


def _acceptance(asking: _Asking) -> Iterator[LastDay]:
    for number, terms in asking.of(Acceptance):
        for stage in terms.stages:
            fact, length = STARTS[stage.start], (stage.days, stage.unit)
            row = asking.period("acceptance.stage", number, fact, length, stage=stage.stage)
            yield row
        if terms.deemed and terms.deemed_after_days:
            final = next((each for each in terms.stages if each.stage == StageKind.FINAL_ACCEPTANCE), terms.stages[-1])
            yield _deemed(asking, number, STARTS[final.start], (final.days, final.unit), terms.deemed_after_days)


def _deemed(asking: _Asking, number: str, fact: str, length: Length, days: int) -> LastDay:
    """The buyer's silence accepts so many days after the last stage should have been over."""
    stage = asking.period("acceptance.deemed", number, fact, length)
    if stage.last is None:
        return stage
    last, lines = asking.counted(stage.last, (days, Unit.DAY), roll=False)
    return replace(stage, last=last, lines=(*stage.lines, *lines), review=True)


def _notice(asking: _Asking) -> Iterator[LastDay]:
    found = asking.of(InspectionNotice)
    yield _by_clause(asking, "notice.apparent", found, (Scope.APPARENT_DEFECTS, Scope.ALL_DEFECTS))
    whole = [pair for pair in found if pair[1].scope == Scope.ALL_DEFECTS and not pair[1].too_short]
    yield _by_clause(asking, "notice.hidden", whole, (Scope.ALL_DEFECTS,))


def _by_clause(
    asking: _Asking, code: str, found: list[tuple[str, InspectionNotice]], scopes: tuple[Scope, ...]
) -> LastDay:
    """Return the agreed period of the first scope that has one, else what the law puts in its place (CC 621(2))."""
    chosen = next(((number, each) for scope in scopes for number, each in found if each.scope == scope), None)
    if chosen is None:
        return _by_law(asking, code)
    number, terms = chosen
    return asking.period(code, number, STARTS[terms.start], (terms.n, terms.unit), terms.roll, form=terms.form)


def _by_law(asking: _Asking, code: str) -> LastDay:
    """The guarantee period, else two years from receipt; within it a reasonable time, which Legal must judge."""
    if not citing.has_two_years(citing.rule_sets(asking.clauses)):
        return LastDay(code, "", lines=(step("notice.by_its_law", law="CC 621(2)"),), review=True)
    for row in _guarantee(asking.without("replaced_on")):  # a part's new period is not that of the goods
        why = step("notice.by_guarantee", law="CC 621(2), 622(1)")
        return replace(row, code=code, lines=(why, *row.lines), review=True)
    row = asking.period(code, "", "delivered_on", OUTER, roll=False)
    return replace(row, lines=(step("notice.by_two_years", law="CC 621(2), 622(1)"), *row.lines), review=True)


def _guarantee(asking: _Asking) -> Iterator[LastDay]:
    for number, terms in asking.of(GuaranteePeriod):
        yield _guaranteed(asking, number, terms)


def _guaranteed(asking: _Asking, number: str, terms: GuaranteePeriod) -> LastDay:
    known: list[tuple[date, Length]] = []
    missing: list[str] = []
    lines: list[Line] = []
    for span in terms.periods:
        fact = STARTS[span.start]
        start = getattr(asking.happened, fact)
        if start is None:
            missing.append(fact)
            continue
        known.append((start, (span.n, span.unit)))
        lines += asking.counted(start, (span.n, span.unit), terms.roll)[1]
    lacks = tuple(dict.fromkeys(missing))
    if not known:
        return LastDay("guarantee", number, missing=lacks)
    working = dates.guarantee(_question(asking.happened, terms, known), asking.calendar)
    told = [(line.code, line.params) for line in lines]  # how each period ends is said already
    lines += [
        line for line in working.steps if line.code != "guarantee.period" and (line.code, line.params) not in told
    ]
    bound = ("at_earliest" if terms.which == Which.LATEST_END else "at_latest") if lacks else ""
    if terms.max_months and asking.happened.accepted_on is None and not lacks:
        lacks, bound = ("accepted_on",), "at_latest"  # the outer end could only shorten it
    review = terms.usage_limit is not None or terms.replaced == Replaced.EXTENDED_BY_DOWNTIME
    return LastDay("guarantee", number, working["last_day"], lacks, tuple(lines), bound=bound, review=review)


def _question(happened: Happened, terms: GuaranteePeriod, known: list[tuple[date, Length]]) -> dates.Guarantee:
    anew = happened.replaced_on if terms.replaced == Replaced.RESTARTS else None
    return dates.Guarantee(
        periods=tuple(known), which=terms.which, roll=terms.roll, accepted=happened.accepted_on, replaced=anew,
        restart_months=terms.restart_months if anew else None,
        max_months=terms.max_months if happened.accepted_on else None,
    )  # fmt: skip


def _remedies(asking: _Asking) -> Iterator[LastDay]:
    for number, terms in asking.of(RemedyOrder):
        if terms.days_per_attempt:
            yield asking.period("remedy.attempt", number, "notified_on", (terms.days_per_attempt, Unit.DAY))
        if terms.cure_days:
            yield asking.period("remedy.cure", number, "notified_on", (terms.cure_days, Unit.DAY))


def _payments(asking: _Asking) -> Iterator[LastDay]:
    ends = next(iter(_guarantee(asking.without("replaced_on"))), None)
    for number, terms in asking.of(Payment):
        for part in terms.instalments:
            params = {"name": part.name, "pct": part.pct}
            if part.trigger == Trigger.GUARANTEE_ENDED:
                yield _after_guarantee(asking, "payment", number, ends, part.days, params)
            else:
                yield _paid(asking, "payment", number, TRIGGERS[part.trigger], part.days, params)
    for number, kept in asking.of(Retention):
        params = {"pct": kept.pct}
        if kept.held_until == HeldUntil.GUARANTEE_ENDED:
            yield _after_guarantee(asking, "retention", number, ends, kept.release_days, params)
        else:
            yield _paid(asking, "retention", number, "accepted_on", kept.release_days, params)


def _paid(asking: _Asking, code: str, number: str, fact: str, days: int, params: dict[str, Any]) -> LastDay:
    """A sum that is due so many days after a day, or on it."""
    if days:
        return asking.period(code, number, fact, (days, Unit.DAY), **params)
    on = getattr(asking.happened, fact)
    lines = (step("due.at_once", on=on),) if on else ()
    return LastDay(code, number, on, () if on else (fact,), lines, tuple(params.items()))


def _after_guarantee(
    asking: _Asking, code: str, number: str, ends: LastDay | None, days: int, params: dict[str, Any]
) -> LastDay:
    named = tuple(params.items())
    if ends is None or ends.last is None:
        return LastDay(code, number, missing=ends.missing if ends else (), params=named, review=ends is None)
    lines: tuple[Line, ...] = (step("due.guarantee_ends", last=ends.last),)
    last = ends.last
    if days:
        last, more = asking.counted(ends.last, (days, Unit.DAY), roll=True)
        lines += more
    return LastDay(code, number, last, ends.missing, lines, named, ends.bound, ends.review)


def _disputes(asking: _Asking) -> Iterator[LastDay]:
    """The steps before the forum, one after another."""
    for number, terms in asking.of(Dispute):
        start, lines = asking.happened.dispute_on, _NOTHING
        for each in terms.steps:
            named = (("step", each.kind),)
            if start is None:
                yield LastDay("dispute", number, missing=("dispute_on",), params=named)
                continue
            start, lines = asking.counted(start, (each.days, Unit.DAY), roll=False)
            yield LastDay("dispute", number, start, lines=lines, params=named)


def _force_majeure(asking: _Asking) -> Iterator[LastDay]:
    for number, terms in asking.of(ForceMajeure):
        yield asking.period("force_majeure.notice", number, "fm_began_on", (terms.notice_days, Unit.DAY))
        if terms.terminate_after_days:
            length = (terms.terminate_after_days, Unit.DAY)
            yield asking.period("force_majeure.lasts", number, "fm_began_on", length, roll=False)


def _limitation(asking: _Asking) -> Iterator[LastDay]:
    for number, terms in asking.of(LimitationOfAction):
        fact, working = limitation(terms, asking.happened)
        if working is None:
            yield LastDay("limitation", number, missing=(fact,), review=True)
        else:
            yield LastDay("limitation", number, working["last_day"], lines=working.steps, review=True)


def limitation(terms: LimitationOfAction, on: Happened | CaseFacts) -> tuple[str, Working | None]:
    """
    Return the fact from which the years of an action run, and the rule's answer; None while that day is not known.

    A demand or admission counts where the clause names it, and not before the years have begun.
    """
    fact = "known_on" if terms.start == Knowledge.KNOWLEDGE_OF_CLAIM else "delivered_on"
    begun = getattr(on, fact)
    if begun is None:
        return fact, None
    acts = {"demand": on.demanded_on, "admission": on.admitted_on}
    kept: dict[str, Any] = {
        name: day for name, day in acts.items() if day and day >= begun and name.upper() in terms.interruptions
    }
    return fact, dates.limitation(dates.Limitation(knowledge=begun, years=terms.years, **kept))


ROWS: tuple[Callable[[_Asking], Iterator[LastDay]], ...] = (
    _acceptance, _notice, _guarantee, _remedies, _payments, _disputes, _force_majeure, _limitation,
)  # fmt: skip
assert set(STARTS) == set(Start)
