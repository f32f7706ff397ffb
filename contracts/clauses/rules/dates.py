"""In time or too late: notice of defects, guarantee, limitation of action (CC 188–204, 620–624). PURE."""

from dataclasses import dataclass
from datetime import date
from enum import auto
from typing import Any

from contracts.clauses.asking import Asked, Coded, Names, Period, Spells
from contracts.clauses.choices import Unit, Upper
from contracts.clauses.kinds import Choice, Day, Problem, Whole, YesNo
from contracts.clauses.periods import Scope, Which
from contracts.clauses.terms import asked, is_empty
from contracts.clauses.working import Step, Working, step
from worktime.calendars import Calendar
from worktime.explain import explain_period
from worktime.periods import last_day

OUTER_YEARS = 2  # CC 621(2): from receipt; fixed, neither stopped nor restarted (SPC Sales 12(2))
PRESUMED = "INSPECTED_FOR_QUANTITY_AND_APPEARANCE"
Length = tuple[int, Unit]


class Defect(Upper):
    """Whether a defect could be seen on receipt."""

    APPARENT = auto()
    QUANTITY = auto()
    LATENT = auto()


@dataclass(frozen=True, kw_only=True)
class Notice(Asked):
    delivered: date | None = asked(Day(), default=None)
    start: date | None = asked(Day(), default=None)
    period: Length | None = asked(Period(), default=None)
    inspection_period: Length | None = asked(Period(), default=None)
    scope: Scope = asked(
        Coded(Scope, (("APPARENT", "APPARENT_DEFECTS"), ("ALL", "ALL_DEFECTS"))), default=Scope.ALL_DEFECTS
    )
    guarantee_period: Length | None = asked(Period(), default=None)
    roll: bool | None = asked(YesNo(), default=None)
    notice_date: date | None = asked(Day(), default=None)
    defect: Defect | None = asked(Choice(Defect), default=None)
    found: date | None = asked(Day(), default=None)
    period_too_short: bool = asked(YesNo(), default=False)
    seller_knew: bool = asked(YesNo(), default=False)
    delivery_note_lists: tuple[str, ...] = asked(Names(), default=())
    contrary_evidence: bool = asked(YesNo(), default=False)

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if self.period and self.inspection_period:
            problems.append(Problem("inspection_period", "said_twice", (("other", "period"),)))
        needed = ["notice_date"] if self.agreed or not self.delivery_note_lists else []
        problems += [Problem(name, "required") for name in needed if getattr(self, name) is None]
        if needed and self.first is None:
            problems.append(Problem("delivered", "required"))
        if self.agreed and self.roll is None:
            problems.append(Problem("roll", "required"))
        if self.found and self.notice_date and self.found > self.notice_date:
            problems.append(Problem("notice_date", "before", (("other", "found"),)))
        return problems

    @property
    def agreed(self) -> Length | None:
        return self.period or self.inspection_period

    @property
    def first(self) -> date | None:
        """The day from which the period runs."""
        return self.start or self.delivered

    @property
    def receipt(self) -> date | None:
        return self.delivered or self.start

    @property
    def statutory(self) -> bool:
        """Whether the two years of the law were given as the period: they do not roll."""
        return self.agreed == (OUTER_YEARS, Unit.YEAR) and not self.roll


def notice(said: Notice, calendar: Calendar | None) -> Working:
    """
    Return whether notice of defects came in time.

    result: last_day, in_time, gate OPEN, BARRED or REVIEW, review; presumption where a signed delivery note speaks.
    Order (DOMAIN §6.3): the seller knew; the agreed period; a guarantee period instead of the two years; reasonable
    time, which Legal judges, within two years of receipt.
    """
    if said.agreed is None and said.delivery_note_lists and said.defect in (Defect.APPARENT, Defect.QUANTITY):
        return _presumed(said)
    if said.first is None or said.notice_date is None:
        result: dict[str, Any] = {
            "last_day": None,
            "in_time": None,
            "gate": "OPEN",
            "presumption": None,
            "review": True,
        }
        return Working(result, (step("notice.reasonable", "defect", law="CC 621(2)"),))
    last, steps = _last(said, calendar)
    in_time = said.notice_date <= last
    steps.append(step("notice.in_time" if in_time else "notice.late", "notice_date", last=last, on=said.notice_date))
    gate, review, why = _gate(said, in_time)
    result = {"last_day": last, "in_time": in_time, "gate": gate, "review": review}
    return Working(result, (*steps, *why))


def _presumed(said: Notice) -> Working:
    """A signed delivery note presumes that count and look were checked (CC 623)."""
    uses = ("delivery_note_lists", "defect", "contrary_evidence")
    gate = "OPEN" if said.contrary_evidence else "REVIEW"
    code = "notice.presumed.rebutted" if said.contrary_evidence else "notice.presumed"
    result = {"last_day": None, "in_time": None, "presumption": PRESUMED, "gate": gate,
              "review": not said.contrary_evidence}  # fmt: skip
    return Working(result, (step(code, *uses, law="CC 623", listed=said.delivery_note_lists),))


def _last(said: Notice, calendar: Calendar | None) -> tuple[date, list[Step]]:
    assert said.first is not None
    length = said.agreed or said.guarantee_period
    if length is None:
        last = outer_of(said.first)
        return last, [step("notice.outer", "delivered", law="CC 621(2)", start=said.first, last=last)]
    last, moved = ended(said.first, length, calendar, bool(said.roll))
    code = "notice.period" if said.agreed else "notice.guarantee"
    uses = ("delivered", "period" if said.agreed else "guarantee_period", "roll")
    return last, [step(code, *uses, law="CC 201, 203", period=length, start=said.first, last=last), *moved]


def _gate(said: Notice, in_time: bool) -> tuple[str, bool, list[Step]]:
    """Return gate, whether Legal must judge, and why."""
    if said.seller_knew:
        return "OPEN", True, [step("notice.seller_knew", "seller_knew", law="CC 621(3)")]
    reasonable = step("notice.reasonable", "found", law="CC 621(2); SPC Sales 12")
    if said.statutory or (said.agreed is None and said.guarantee_period is None):
        over = step("notice.outer_over", "delivered", law="CC 621(2)")
        return ("OPEN", True, [reasonable]) if in_time else ("BARRED", False, [over])
    if in_time:
        return "OPEN", False, []
    if said.defect == Defect.LATENT and (said.period_too_short or said.scope == Scope.APPARENT_DEFECTS):
        assert said.receipt is not None
        assert said.notice_date is not None
        outer = outer_of(said.receipt)
        if said.notice_date > outer:
            return "BARRED", False, [step("notice.outer_over", "delivered", law="CC 621(2)")]
        code = "notice.too_short" if said.period_too_short else "notice.apparent_only"
        return "OPEN", True, [step(code, "period_too_short", "defect", "found", law="CC 622(1), 621(2)", outer=outer)]
    return "BARRED", False, [step("notice.barred", "defect", law="CC 621(1)")]


def outer_of(receipt: date) -> date:
    """Return the last day of the two years of the law."""
    return last_day(receipt, OUTER_YEARS, "year", calendar=None, roll=False)


def ended(start: date, length: Length, calendar: Calendar | None, roll: bool) -> tuple[date, list[Step]]:
    """
    Return the last day of a period, and why it is another than the one that is counted: a month without such a day, a
    rest day from which it moves or on which the clause leaves it, a make-up workday on which it stays.
    """
    last = end_of(start, length, calendar, roll)
    if _is_plain(start, length, calendar):
        return last, []
    _counted, *why = explain_period(start, length[0], length[1].lower(), calendar=calendar, roll=roll)
    laws = {"period.month_end": "CC 202"}
    return last, [Step(line.code, line.params, ("roll",), laws.get(line.code, "CC 203")) for line in why]


def _is_plain(start: date, length: Length, calendar: Calendar | None) -> bool:
    """Tell whether a period ends on the usual working day that is counted, so that there is nothing to say of it."""
    if length[1] == Unit.WORKDAY:
        return True
    last = end_of(start, length, None, roll=False)
    other = length[1] in (Unit.MONTH, Unit.YEAR) and last.day != start.day
    return not other and (calendar is None or (calendar.is_workday(last) and last not in calendar.exceptions))


def end_of(start: date, length: Length, calendar: Calendar | None, roll: bool) -> date:
    """Return the last day of a period. Raises BadInput where a calendar is needed and none is given."""
    return last_day(start, length[0], length[1].lower(), calendar=calendar, roll=roll)


@dataclass(frozen=True, kw_only=True)
class Guarantee(Asked):
    accepted: date | None = asked(Day(), default=None)
    months: int | None = asked(Whole(1, 600), default=None)
    period: Length | None = asked(Period(), default=None)
    periods: tuple[tuple[date, Length], ...] = asked(Spells(), default=())
    which: Which | None = asked(Choice(Which), default=None)
    replaced: date | None = asked(Day(), default=None)
    restart_months: int | None = asked(Whole(1, 240), default=None)
    max_months: int | None = asked(Whole(1, 600), default=None)
    roll: bool = asked(YesNo())
    claim_date: date | None = asked(Day(), default=None)

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if len(self.periods) > 1 and self.which is None:
            problems.append(Problem("which", "required"))
        if not self.periods and self.accepted is None:
            problems.append(Problem("accepted", "required"))
        if self.replaced is None and not self.periods and self.own is None:
            problems.append(Problem("period", "required"))
        if self.replaced is not None and self.restart_months is None:
            problems.append(Problem("restart_months", "required"))
        if self.replaced and self.accepted and self.replaced < self.accepted:
            problems.append(Problem("replaced", "before", (("other", "accepted"),)))
        if self.restart_months and self.max_months and self.max_months < self.restart_months:
            problems.append(Problem("max_months", "upside_down"))
        if self.max_months and self.accepted is None:
            problems.append(Problem("accepted", "required"))
        return problems

    @property
    def own(self) -> Length | None:
        return self.period or ((self.months, Unit.MONTH) if self.months else None)


def guarantee(said: Guarantee, calendar: Calendar | None) -> Working:
    """
    Return the last day of the guarantee. result: last_day; in_time if a claim_date is given; review.

    A replaced part is guaranteed anew from its replacement, never shorter than the goods and at most `max_months` from
    acceptance. Of several periods the earliest or latest end counts, as `which` says.
    """
    ends, steps = _own_ends(said, calendar)
    last = None
    if ends:
        last = max(ends) if said.which == Which.LATEST_END else min(ends)
        if len(ends) > 1:
            steps.append(step("guarantee.which", "which", which=said.which, last=last))
    if said.replaced is not None and said.restart_months is not None:
        last = _restarted(said, last, calendar, steps)
    if said.max_months and said.accepted:
        outer, moved = ended(said.accepted, (said.max_months, Unit.MONTH), calendar, said.roll)
        if last is None or outer < last:
            facts: dict[str, Any] = {"n": said.max_months, "start": said.accepted, "last": outer}
            steps += [step("guarantee.at_most", "accepted", "max_months", **facts), *moved]
            last = outer
    result: dict[str, Any] = {"last_day": last, "review": False}
    if said.claim_date is not None and last is not None:
        result["in_time"] = said.claim_date <= last
        code = "guarantee.within" if result["in_time"] else "guarantee.over"
        steps.append(step(code, "claim_date", on=said.claim_date, last=last))
    return Working(result, tuple(steps))


def _own_ends(said: Guarantee, calendar: Calendar | None) -> tuple[list[date], list[Step]]:
    spells = list(said.periods)
    if said.own and said.accepted:
        spells.append((said.accepted, said.own))
    ends, steps = [], []
    for start, length in spells:
        last, moved = ended(start, length, calendar, said.roll)
        ends.append(last)
        steps.append(step("guarantee.period", "period", law="CC 201–203", period=length, start=start, last=last))
        steps += moved
    return ends, steps


def _restarted(said: Guarantee, last: date | None, calendar: Calendar | None, steps: list[Step]) -> date:
    assert said.replaced is not None
    assert said.restart_months is not None
    length = (said.restart_months, Unit.MONTH)
    anew, moved = ended(said.replaced, length, calendar, said.roll)
    facts: dict[str, Any] = {"period": length, "start": said.replaced, "last": anew}
    steps += [step("guarantee.restarted", "replaced", "restart_months", **facts), *moved]
    return anew if last is None else max(last, anew)


@dataclass(frozen=True, kw_only=True)
class Limitation(Asked):
    knowledge: date = asked(Day())
    demand: date | None = asked(Day(), default=None)
    admission: date | None = asked(Day(), default=None)
    years: int = asked(Whole(1, 20))

    def problems(self) -> list[Problem]:
        return [
            *super().problems(),
            *(
                Problem(name, "before", (("other", "knowledge"),))
                for name in ("demand", "admission")
                if not is_empty(getattr(self, name)) and getattr(self, name) < self.knowledge
            ),
        ]


def limitation(said: Limitation) -> Working:
    """
    Return the last day for an action. result: last_day, review (always: suspension and other acts are not known here).

    A demand or an admission before the end begins the years anew; one after it does not (DOMAIN §6.2).
    """
    law = "CC 188, 195" if said.years != 4 else "CC 594, 195"
    last = last_day(said.knowledge, said.years, "year", calendar=None, roll=False)
    steps = [step("limitation.runs", "knowledge", "years", law=law, start=said.knowledge, n=said.years, last=last)]
    acts = sorted((day, name) for name in ("demand", "admission") if (day := getattr(said, name)) is not None)
    for day, name in acts:
        if day > last:
            steps.append(step("limitation.too_late", name, law=law, on=day, last=last))
            continue
        last = last_day(day, said.years, "year", calendar=None, roll=False)
        steps.append(step(f"limitation.{name}", name, law=law, start=day, n=said.years, last=last))
    return Working({"last_day": last, "review": True}, (*steps, step("limitation.warning", law=law)))
