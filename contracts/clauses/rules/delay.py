"""Agreed damages for delay, per day and per week (CC 585, 590). PURE."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contracts.amounts import Money
from contracts.clauses.asking import Amount, Asked, Spans, part
from contracts.clauses.choices import Mode, PartUnit, Vat
from contracts.clauses.kinds import Choice, Day, Problem, Text, Whole, YesNo, percent
from contracts.clauses.liquidated import Grace, Per
from contracts.clauses.terms import asked
from contracts.clauses.working import Step, Working, share, step, to_minor

ONE_DAY = timedelta(days=1)
MOST_DAYS = 40_000
Spell = tuple[date, date]


@dataclass(frozen=True, kw_only=True)
class Capped(Asked):
    """Facts of a sum with a limit: an amount, or a percentage of an amount, or none."""

    cap: Decimal | None = asked(Amount(), default=None)
    cap_pct: Decimal | None = asked(percent(), default=None)
    cap_text: str = asked(Text(), default="")

    def cap_base(self) -> tuple[str, Decimal | None]:
        """Return the name and the value of what `cap_pct` is taken of."""
        raise NotImplementedError

    def problems(self) -> list[Problem]:
        name, base = self.cap_base()
        problems = super().problems()
        if self.cap is not None and self.cap_pct is not None:
            problems.append(Problem("cap", "one_of_two"))
        if self.cap_pct is not None and base is None:
            problems.append(Problem(name, "required"))
        return problems

    @property
    def limit(self) -> Money | None:
        """The limit, rounded as a head is."""
        if self.cap is not None:
            return to_minor(self.cap, self.currency)
        base = self.cap_base()[1]
        return None if self.cap_pct is None or base is None else to_minor(share(base, self.cap_pct), self.currency)

    @property
    def limit_facts(self) -> tuple[str, ...]:
        return ("cap",) if self.cap is not None else ("cap_pct", self.cap_base()[0])


@dataclass(frozen=True, kw_only=True)
class Delay(Capped):
    """What both delay clauses must be told: the days, or the dates they follow from, and the base."""

    due: date | None = asked(Day(), default=None)
    actual: date | None = asked(Day(), default=None)
    days: int | None = asked(Whole(0, MOST_DAYS), default=None)
    days_late: int | None = asked(Whole(0, MOST_DAYS), default=None)
    base: Decimal | None = asked(Amount(), default=None)
    price_incl_vat: Decimal | None = asked(Amount(), default=None)
    price_excl_vat: Decimal | None = asked(Amount(), default=None)
    vat_pct: Decimal | None = asked(part(), default=None)
    vat: Vat | None = asked(Choice(Vat), default=None)
    inclusive: bool = asked(YesNo(), default=False)
    grace_days: int = asked(Whole(0, 365), default=0)
    grace_kind: Grace | None = asked(Choice(Grace), default=None)
    force_majeure: tuple[Spell, ...] = asked(Spans(), default=())
    fm_mode: Mode = asked(Choice(Mode), default=Mode.EXCUSE_DAYS)
    fm_notified: bool = asked(YesNo(), default=True)
    cap_of: Decimal | None = asked(Amount(), default=None)
    buyer_share_pct: Decimal = asked(part(), default=Decimal(0))

    def cap_base(self) -> tuple[str, Decimal | None]:
        return "cap_of", self.cap_of

    def problems(self) -> list[Problem]:
        return [*super().problems(), *self._day_problems(), *self._base_problems(), *self._grace_problems()]

    def _day_problems(self) -> list[Problem]:
        if self.days is not None or self.days_late is not None:
            names = ["days", "days_late", "due", "actual"]
            given = [name for name in names if getattr(self, name) is not None]
            return [Problem(name, "said_twice", (("other", given[0]),)) for name in given[1:]]
        return [Problem(name, "required") for name in ("due", "actual") if getattr(self, name) is None]

    def _base_problems(self) -> list[Problem]:
        names = ["base", "price_incl_vat", "price_excl_vat"]
        given = [name for name in names if getattr(self, name) is not None]
        if not given:
            return [Problem("base", "required")]
        problems = [Problem(name, "said_twice", (("other", given[0]),)) for name in given[1:]]
        if given[0] != "base" and self.vat_pct is None:
            problems.append(Problem("vat_pct", "required"))
        return problems

    def _grace_problems(self) -> list[Problem]:
        if self.grace_days and self.grace_kind in (None, Grace.NO_GRACE):
            return [Problem("grace_kind", "required")]
        return []


@dataclass(frozen=True, kw_only=True)
class DelayPerDay(Delay):
    rate_pct_per_day: Decimal = asked(percent())


@dataclass(frozen=True, kw_only=True)
class DelayPerWeek(Delay):
    rate_pct_per_week: Decimal = asked(percent())
    part_week: PartUnit = asked(Choice(PartUnit))


@dataclass(frozen=True)
class Counted:
    """The days of a delay: late, counted after grace, and the due day after an extension."""

    late: int
    counted: int
    new_due: date | None
    steps: tuple[Step, ...]


def per_day(said: DelayPerDay) -> Working:
    """
    Return the agreed damages of a rate per day of delay.

    result: entitled, days_late, days_counted, before_cap, amount, cap_applied, review; new_due where the clause
    extends the due date; amount_if_base_incl and amount_if_base_excl where nobody says whether VAT is in the base,
    and then amount is None, for it is never guessed.
    """
    found = count(said)
    facts: dict[str, Any] = {"n": found.counted, "rate": said.rate_pct_per_day, "per": Per.PER_DAY}
    return _answer(said, found, Fraction(found.counted), "rate_pct_per_day", facts)


def per_week(said: DelayPerWeek) -> Working:
    """Return the agreed damages of a rate per week; like `per_day`, and `weeks`, a Fraction if parts count."""
    found = count(said)
    weeks = of_parts(Fraction(found.counted, 7), said.part_week)
    facts: dict[str, Any] = {"n": weeks, "rate": said.rate_pct_per_week, "per": Per.PER_WEEK}
    steps = step("delay.weeks", "part_week", days=found.counted, weeks=weeks, part_week=said.part_week)
    found = Counted(found.late, found.counted, found.new_due, (*found.steps, steps))
    answer = _answer(said, found, weeks, "rate_pct_per_week", facts)
    return Working({**answer.result, "weeks": weeks}, answer.steps)


def of_parts(units: Fraction, rule: PartUnit) -> Fraction:
    """Return how many units count, where a begun one counts in full, in proportion or not at all."""
    if rule == PartUnit.PRORATA:
        return units
    whole = Fraction(units.numerator // units.denominator)
    return whole + 1 if rule == PartUnit.COUNT_FULL and units != whole else whole


def count(said: Delay) -> Counted:
    """
    Return the days of the delay.

    The due day is not counted unless `inclusive`, the day of performance is. Force majeure that began after the due
    day gives no relief (CC 590(2)); days of events that touch each other count once.
    """
    given = said.days if said.days is not None else said.days_late
    if given is not None:
        late, due, steps = given, None, [step("delay.given", "days", "days_late", n=given)]
    else:
        late, due, steps = _late_days(said)
    counted = late
    if said.grace_days:
        counted = _after_grace(late, said.grace_days, said.grace_kind)
        facts: dict[str, Any] = {"late": late, "grace": said.grace_days, "n": counted}
        steps.append(step(f"delay.grace.{said.grace_kind}", "grace_days", "grace_kind", **facts))
    return Counted(late, counted, due, tuple(steps))


def _after_grace(late: int, grace: int, kind: Grace | None) -> int:
    if kind == Grace.THRESHOLD:
        return late if late > grace else 0
    return max(0, late - grace)


def _late_days(said: Delay) -> tuple[int, date | None, list[Step]]:
    assert said.due is not None
    assert said.actual is not None
    events = merged(said.force_majeure) if said.fm_notified else []
    steps = [] if said.fm_notified or not said.force_majeure else [
        step("delay.fm.not_notified", "fm_notified", law="CC 590(1)")
    ]  # fmt: skip
    if said.fm_mode == Mode.EXTEND_DUE:
        due, moved = _extended(said.due, events)
        late = _days(due, said.actual, said.inclusive)
        return late, due, [*steps, *moved, _said_late(due, said, late)]
    late = _days(said.due, said.actual, said.inclusive)
    steps.append(_said_late(said.due, said, late))
    if late:
        excused = sum(_overlap(event, said) for event in events if event[0] <= said.due)
        steps += _why_excused(said, events, excused)
        late -= excused
    return late, None, steps


def _days(due: date, actual: date, inclusive: bool) -> int:
    return max(0, (actual - due).days + inclusive) if actual > due else 0


def _said_late(due: date, said: Delay, late: int) -> Step:
    code = "delay.on_time" if not late else "delay.late.inclusive" if said.inclusive else "delay.late"
    return step(code, "due", "actual", "inclusive", due=due, actual=said.actual, n=late)


def _why_excused(said: Delay, events: list[Spell], excused: int) -> list[Step]:
    assert said.due is not None
    steps = [
        step("delay.fm.too_late", "force_majeure", law="CC 590(2)", first=first, last=last, due=said.due)
        for first, last in events
        if first > said.due
    ]
    if excused:
        steps.append(step("delay.fm.excused", "force_majeure", "fm_mode", law="CC 180, 590(1)", n=excused))
    return steps


def _extended(due: date, events: list[Spell]) -> tuple[date, list[Step]]:
    """Return the due day moved by every event that began before performance was late, and why."""
    steps = []
    for first, last in events:
        if first > due:
            steps.append(step("delay.fm.too_late", "force_majeure", law="CC 590(2)", first=first, last=last, due=due))
            continue
        days = (last - first).days + 1
        due = later(due, days)
        steps.append(step("delay.fm.extended", "force_majeure", "fm_mode", law="CC 590(1)", n=days, due=due))
    return due, steps


def later(day: date, days: int) -> date:
    """Return the day so many days later, at most the last day that there is."""
    return day + timedelta(days=min(days, (date.max - day).days))


def _overlap(event: Spell, said: Delay) -> int:
    """Return how many of the late days lie within the event."""
    assert said.due is not None
    assert said.actual is not None
    first_late = said.due if said.inclusive else later(said.due, 1)
    return max(0, (min(event[1], said.actual) - max(event[0], first_late)).days + 1)


def merged(spells: tuple[Spell, ...]) -> list[Spell]:
    """Return the stretches in order, those that overlap or follow each other at once as one."""
    joined: list[Spell] = []
    for first, last in sorted(spells):
        if joined and first <= later(joined[-1][1], 1):
            joined[-1] = joined[-1][0], max(joined[-1][1], last)
        else:
            joined.append((first, last))
    return joined


def _answer(said: Delay, found: Counted, units: Fraction, rate_name: str, facts: dict[str, Any]) -> Working:
    rate: Decimal = facts["rate"]
    result: dict[str, Any] = {"days_late": found.late, "days_counted": found.counted}
    if found.new_due:
        result["new_due"] = found.new_due
    bases, steps = _bases(said)
    sums = {
        kind: _sum(said, base, base_name, units * Fraction(rate), rate_name, facts)
        for kind, (base, base_name) in bases.items()
    }
    steps = [*found.steps, *steps, *(line for each in sums.values() for line in each[1])]
    if len(sums) > 1:
        result |= {f"amount_if_base_{kind}": money["amount"] for kind, (money, _) in sums.items()}
        result |= {"entitled": any(money["entitled"] for money, _ in sums.values()), "amount": None, "review": True}
        return Working(result, (*steps, step("delay.vat_unknown", "vat")))
    ((money, _lines),) = sums.values()
    return Working(result | money | {"review": not said.fm_notified and bool(said.force_majeure)}, tuple(steps))


def _bases(said: Delay) -> tuple[dict[str, tuple[Fraction, str]], list[Step]]:
    """Return the base, or both bases if a price is given and nobody says whether VAT is in the base."""
    if said.base is not None:
        return {"base": (Fraction(said.base), "base")}, []
    assert said.vat_pct is not None
    factor = 1 + Fraction(said.vat_pct) / 100
    name = "price_incl_vat" if said.price_incl_vat is not None else "price_excl_vat"
    price = Fraction(getattr(said, name))
    incl, excl = (price, price / factor) if name == "price_incl_vat" else (price * factor, price)
    steps = [step("delay.vat", name, "vat_pct", pct=said.vat_pct, incl=to_minor(incl, said.currency),
                  excl=to_minor(excl, said.currency))]  # fmt: skip
    both = {"incl": (incl, name), "excl": (excl, name)}
    if said.vat is None:
        return both, steps
    return {"base": both["incl" if said.vat == Vat.VAT_INCLUDED else "excl"]}, steps


def _sum(
    said: Delay, base: Fraction, base_name: str, parts: Fraction, rate_name: str, facts: dict[str, Any]
) -> tuple[dict[str, Any], list[Step]]:
    """Return the sum of one base, before and after the limit, with the steps that lead to it."""
    exact = parts * base / 100
    line = step("ld.rate", base_name, rate_name, law="CC 585(1)", base=to_minor(base, said.currency),
                raw=to_minor(exact, said.currency), **facts)  # fmt: skip
    shared = []
    if said.buyer_share_pct:
        exact = share(exact, 100 - said.buyer_share_pct)
        facts = {"pct": said.buyer_share_pct, "left": to_minor(exact, said.currency)}
        shared = [step("damages.shared", "buyer_share_pct", law="CC 592", **facts)]
    result, steps = capped(said, exact)
    return {**result, "entitled": result["before_cap"].amount > 0}, [line, *shared, *steps]


def capped(said: Capped, exact: Fraction) -> tuple[dict[str, Any], list[Step]]:
    """Return before_cap, amount and cap_applied of one head, and the steps."""
    before, limit = to_minor(exact, said.currency), said.limit
    applied = limit is not None and limit < before
    amount = limit if applied and limit is not None else before
    steps = []
    if limit is not None:
        code = "cap.applied" if applied else "cap.reached" if limit.amount == before.amount else "cap.kept"
        steps = [step(code, *said.limit_facts, limit=limit, before=before)]
    steps.append(step("payable" if amount.amount else "payable.nothing", amount=amount))
    return {"before_cap": before, "amount": amount, "cap_applied": applied}, steps
