"""
The gates before any money: is it a breach, was it told in time, is it within the guarantee, whose cause. PURE.

A gate is FAIL only if no value of the facts that are not known could open it: it is tried with each of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import auto
from itertools import product
from typing import Any

from contracts.clauses import citing
from contracts.clauses.case import CaseFacts, InForce, Measurement
from contracts.clauses.choices import Upper
from contracts.clauses.disputes import Cisg, GoverningLaw
from contracts.clauses.measures import NoConversion, convert
from contracts.clauses.periods import GuaranteePeriod, InspectionNotice, Replaced, Scope, Which
from contracts.clauses.quality import Metric, QualityStandard, ToleranceKind, Verdict
from contracts.clauses.rules import dates, quality
from contracts.clauses.rules.dates import Defect
from contracts.clauses.rules.quality import Conformity
from contracts.clauses.rules.remedies import LawSet
from contracts.clauses.working import Step, step
from worktime.calendars import Calendar

ONE_DAY = timedelta(days=1)
BY_LAW = {"notice.outer", "notice.outer_over", "notice.too_short", "notice.apparent_only"}  # the two years of the law


class Passed(Upper):
    """What a gate says: UNKNOWN is missing a fact, and never the same as FAIL."""

    PASS = auto()
    FAIL = auto()
    UNKNOWN = auto()


@dataclass(frozen=True)
class Flip:
    """
    A change of one fact that would turn a verdict: `to` is the nearest value that does.

    also: changes that must come with it, where it does not turn the verdict alone.
    """

    fact: str
    to: Any
    also: tuple["Flip", ...] = ()


@dataclass(frozen=True)
class Gate:
    """One gate with its verdict, the clause it rests on, its working, the facts it lacks and what would turn it."""

    name: str
    verdict: Passed
    clause: InForce | None = None
    steps: tuple[Step, ...] = ()
    missing: tuple[str, ...] = ()
    flips: tuple[Flip, ...] = ()
    review: bool = False


@dataclass(frozen=True)
class Setting:
    """All that a gate or head may look at."""

    facts: CaseFacts
    clauses: tuple[InForce, ...]
    calendar: Calendar | None

    def of(self, *types: str) -> list[InForce]:
        return [clause for clause in self.clauses if clause.type in types]

    def waits_for(self, *types: str) -> bool:
        """Tell whether a clause of these types is in force that may not be computed with yet."""
        return any(kind in self.facts.unchecked for kind in types)


def law(setting: Setting) -> tuple[Gate, LawSet | None]:
    """Gate A: the law that fills what the clauses leave open; not mentioned or foreign law is for Legal."""
    found = setting.of("GOVERNING_LAW")
    if not found:
        return Gate("A", Passed.PASS, None, (step("law.silent"),), review=True), None
    terms = found[0].terms
    assert isinstance(terms, GoverningLaw)
    if terms.cisg == Cisg.CISG_APPLIES:
        return Gate("A", Passed.PASS, found[0], (step("law.cisg"),)), LawSet.CISG
    review = terms.law_of != "PRC" or terms.cisg == Cisg.CISG_NOT_MENTIONED
    code = "law.to_judge" if review else "law.prc"
    rules = LawSet.PRC if terms.law_of == "PRC" else None
    return Gate("A", Passed.PASS, found[0], (step(code, law_of=terms.law_of),), review=review), rules


def nonconformity(setting: Setting) -> Gate:
    """Gate Q: measurements against their clauses decide; without one, what the case states."""
    clauses = setting.of("QUALITY_STANDARD")
    tried = [_measured(setting.facts, each, each.terms) for each in clauses if isinstance(each.terms, QualityStandard)]
    found = _gravest([gate for gate in tried if gate is not None])
    unchecked = setting.waits_for("QUALITY_STANDARD") and bool(setting.facts.measurements)
    if unchecked and (found is None or found.verdict == Passed.FAIL):
        return _unchecked("Q")
    if found is not None:
        return found
    said = setting.facts.nonconforming
    if said is None:
        lacks = ("measurements", "nonconforming") if clauses else ("nonconforming",)
        clause = clauses[0] if clauses else None
        return Gate("Q", Passed.UNKNOWN, clause, (step("conform.unknown"),), lacks)
    code = "conform.stated_no" if said else "conform.stated_yes"
    verdict = Passed.PASS if said else Passed.FAIL
    return Gate("Q", verdict, None, (step(code, "nonconforming"),), flips=(Flip("nonconforming", not said),))


def _gravest(found: list[Gate]) -> Gate | None:
    """Return the gate of the clause that decides: one limit that is not kept is enough, all must be to conform."""
    for verdict in (Passed.PASS, Passed.UNKNOWN, Passed.FAIL):
        for gate in found:
            if gate.verdict == verdict:
                return gate
    return None


def _unchecked(name: str) -> Gate:
    """Return a gate whose clause nobody checked: it may not be computed with, and is not the same as none."""
    return Gate(name, Passed.UNKNOWN, None, (step("clause.unchecked"),), ("unchecked",))


def _measured(facts: CaseFacts, clause: InForce, terms: QualityStandard) -> Gate | None:
    """Return the gate that the measurements of the clause's characteristics give, or None if there is none."""
    steps: list[Step] = []
    verdicts, missing = [], []
    asked: list[tuple[Measurement, Metric, quality.Measured]] = []
    for metric in terms.metrics:
        for measured in facts.measurements:
            if measured.characteristic.strip().casefold() != metric.characteristic.strip().casefold():
                continue
            if terms.rule == Verdict.GUARD_BAND_BOTH and measured.U is None:
                missing.append("measurements")
                continue
            try:
                question = _question(metric, measured, terms.rule)
            except NoConversion:
                missing.append("measurements")
                steps.append(step("measured.units_differ", "measurements", unit=measured.unit, wanted=metric.unit))
                continue
            found = quality.conformity(question)
            asked.append((measured, metric, question))
            verdicts.append(found["verdict"])
            steps += found.steps
    if not verdicts and not missing:
        return None
    flips = _measured_flips(facts, asked, verdicts)
    if Conformity.NONCONFORMING in verdicts:
        return Gate("Q", Passed.PASS, clause, tuple(steps), flips=flips)
    if missing or Conformity.INCONCLUSIVE in verdicts:
        needs = tuple(dict.fromkeys(missing)) or ("measurements",)
        inconclusive = Conformity.INCONCLUSIVE in verdicts
        return Gate("Q", Passed.UNKNOWN, clause, tuple(steps), needs, flips, inconclusive)
    return Gate("Q", Passed.FAIL, clause, tuple(steps), flips=flips)


def _measured_flips(
    facts: CaseFacts, asked: list[tuple[Measurement, Metric, quality.Measured]], verdicts: list[Conformity]
) -> tuple[Flip, ...]:
    """Return the nearest values by which the goods would conform although they do not, or the other way round."""
    bad = [one for one, verdict in zip(asked, verdicts, strict=True) if verdict == Conformity.NONCONFORMING]
    if bad:
        wanted = {one[0]: _nearest(one[2], Conformity.CONFORMING) for one in bad}
        back = {one[0]: one for one in bad}
    else:
        one = next((each for each, verdict in zip(asked, verdicts, strict=True) if verdict == Conformity.INCONCLUSIVE),
                   asked[0] if asked else None)  # fmt: skip
        if one is None:
            return ()
        wanted, back = {one[0]: _nearest(one[2], Conformity.NONCONFORMING)}, {one[0]: one}
    if None in wanted.values():
        return ()
    values = {old: convert(value, back[old][1].unit, old.unit) for old, value in wanted.items() if value is not None}
    return (with_measured(facts, values),)


def _nearest(said: quality.Measured, verdict: Conformity) -> Decimal | None:
    """Return the value nearest to the measured one of which the rule says the verdict, on a step of its decimals."""
    guard = said.U or Decimal(0) if said.rule == Verdict.GUARD_BAND_BOTH else Decimal(0)
    ends = [limit for limit in (said.lower_limit, said.upper_limit) if limit is not None]
    least = finest(said.value, guard, *ends)
    tries = [end + sign * (guard + more) for end in ends for sign in (1, -1) for more in (Decimal(0), least)]
    tries.sort(key=lambda value: abs(value - said.value))
    return next((each for each in tries if quality.conformity(replace(said, value=each))["verdict"] == verdict), None)


def finest(*values: Decimal) -> Decimal:
    """Return one step of the last decimal of the finest of some values."""
    return Decimal((0, (1,), min(0, *(int(value.as_tuple().exponent) for value in values))))


def with_measured(facts: CaseFacts, values: dict[Measurement, Decimal]) -> Flip:
    """Return the measurements with other values, as one change."""
    return Flip("measurements", tuple(replace(one, value=values.get(one, one.value)) for one in facts.measurements))


def _question(metric: Metric, measured: Any, rule: Verdict) -> quality.Measured:
    value = convert(measured.value, measured.unit, metric.unit)
    guard = None if measured.U is None else convert(measured.U, measured.unit, metric.unit)
    lower, upper = metric.lower, metric.upper
    if metric.tolerance is not None and metric.nominal is not None:
        wide = metric.tolerance
        if metric.tolerance_kind == ToleranceKind.PERCENT_OF_NOMINAL:
            wide = abs(metric.nominal) * metric.tolerance / 100
        lower = metric.nominal - wide if lower is None else lower
        upper = metric.nominal + wide if upper is None else upper
    return quality.Measured(value=value, unit=metric.unit, U=guard, lower_limit=lower, upper_limit=upper,
                            limits_excluded=metric.limits_excluded, rule=rule)  # fmt: skip


def notice(setting: Setting) -> Gate:
    """Gate N: notice in time, by the clause for this kind of defect, the guarantee period, or the law."""
    facts = setting.facts
    if facts.notified_on is None:
        clause, _unasked, lacks = _notice_question(setting, facts)
        return Gate("N", Passed.UNKNOWN, clause, (step("notice.unknown"),), ("notified_on", *lacks))
    if setting.waits_for("INSPECTION_NOTICE"):
        return _unchecked("N")
    if setting.waits_for("GUARANTEE_PERIOD") and not setting.of("INSPECTION_NOTICE"):
        return _unchecked("N")
    return _tried(facts, {"defect": tuple(Defect), "seller_knew": (False, True)}, lambda full: _notice(setting, full))


def _tried(facts: CaseFacts, options: dict[str, tuple[Any, ...]], gate: Callable[[CaseFacts], Gate]) -> Gate:
    """Return the gate; where facts are not known, UNKNOWN unless every value of them gives the same verdict."""
    unknown = [name for name in options if getattr(facts, name) is None]
    if not unknown:
        return gate(facts)
    tries = [gate(replace(facts, **dict(zip(unknown, values, strict=True)))) for values in
             product(*(options[name] for name in unknown))]  # fmt: skip
    first = tries[0]
    if all(found.verdict == first.verdict for found in tries):
        return replace(first, review=all(found.review for found in tries))
    deciding = tuple(name for name in unknown if _decides(name, unknown, options, tries))
    missing = tuple(dict.fromkeys([*deciding, *(name for found in tries for name in found.missing)]))
    barred = next(found for found in tries if found.verdict != Passed.PASS)
    return Gate(first.name, Passed.UNKNOWN, barred.clause, barred.steps, missing, barred.flips)


def _decides(name: str, unknown: list[str], options: dict[str, tuple[Any, ...]], tries: list[Gate]) -> bool:
    """Return whether some choice of the other facts makes the verdict depend on this one."""
    place = unknown.index(name)
    seen: dict[tuple[Any, ...], set[Passed]] = {}
    for values, found in zip(product(*(options[each] for each in unknown)), tries, strict=True):
        seen.setdefault(values[:place] + values[place + 1 :], set()).add(found.verdict)
    return any(len(verdicts) > 1 for verdicts in seen.values())


def _notice(setting: Setting, facts: CaseFacts) -> Gate:
    clause, question, missing = _notice_question(setting, facts)
    if question is None:
        return Gate("N", Passed.UNKNOWN, clause, (step("notice.unknown"),), missing)
    found = dates.notice(question, setting.calendar)
    if BY_LAW & {line.code for line in found.steps} and not citing.has_two_years(citing.rule_sets(setting.clauses)):
        kept = tuple(line for line in found.steps if line.code not in BY_LAW)
        why = step("notice.by_its_law", "found_on", law="CC 621(2)")
        return Gate("N", Passed.UNKNOWN, clause, (*(kept if clause else ()), why), review=True)
    verdict = {"OPEN": Passed.PASS, "BARRED": Passed.FAIL, "REVIEW": Passed.UNKNOWN}[found["gate"]]
    flips = _notice_flips(facts, verdict, _until(setting, question, found["last_day"]))
    return Gate("N", verdict, clause, found.steps, flips=flips, review=found["review"])


def _until(setting: Setting, said: dates.Notice, last: date | None) -> date | None:
    """Return the last day of notice that opens the gate: the law's, for a hidden defect that no period binds."""
    hidden = said.defect == Defect.LATENT and (said.period_too_short or said.scope == Scope.APPARENT_DEFECTS)
    by_law = hidden and said.agreed is not None and citing.has_two_years(citing.rule_sets(setting.clauses))
    if last is None or said.receipt is None or not by_law or said.statutory:
        return last
    return max(last, dates.outer_of(said.receipt))


def _notice_flips(facts: CaseFacts, verdict: Passed, last: date | None) -> tuple[Flip, ...]:
    if verdict == Passed.FAIL:
        earliest = max((on for on in (facts.delivered_on, facts.found_on) if on), default=None)
        moves = [Flip("notified_on", last)] if last and (earliest is None or earliest <= last) else []
        if last and not moves and (facts.delivered_on is None or facts.delivered_on <= last):
            moves = [Flip("notified_on", last, (Flip("found_on", last),))]  # the fault would have to show earlier, too
        return (*moves, Flip("seller_knew", True))
    in_time = last is not None and facts.notified_on is not None and facts.notified_on <= last
    if verdict == Passed.PASS and last and in_time and not facts.seller_knew and last < date.max:
        return (Flip("notified_on", last + ONE_DAY),)
    return ()


def _notice_question(setting: Setting, facts: CaseFacts) -> tuple[InForce | None, dates.Notice | None, tuple[str, ...]]:
    """Return the clause that counts for this defect, the question to its rule, and the facts that it lacks."""
    said: dict[str, Any] = {
        "delivered": facts.delivered_on, "notice_date": facts.notified_on, "defect": facts.defect,
        "found": facts.found_on, "seller_knew": bool(facts.seller_knew),
    }  # fmt: skip
    clause = _notice_clause(setting, facts)
    if clause is not None and isinstance(terms := clause.terms, InspectionNotice):
        name, start = facts.start_of(terms.start)
        if start is None:
            return clause, None, (name,)
        said |= {"start": start, "period": (terms.n, terms.unit), "roll": terms.roll, "scope": terms.scope,
                 "period_too_short": terms.too_short}  # fmt: skip
        return clause, dates.Notice(**said), ()
    if facts.delivered_on is None:
        return None, None, ("delivered_on",)
    found = setting.of("GUARANTEE_PERIOD")
    if found and isinstance(terms := found[0].terms, GuaranteePeriod) and len(terms.periods) == 1:
        span = terms.periods[0]
        name, start = facts.start_of(span.start)
        if start is None:
            return found[0], None, (name,)
        said |= {"start": start, "guarantee_period": (span.n, span.unit), "roll": terms.roll}
        return found[0], dates.Notice(**said), ()
    return None, dates.Notice(**said), ()


def _notice_clause(setting: Setting, facts: CaseFacts) -> InForce | None:
    """Return the inspection clause for this kind of defect: one for apparent defects first, where it is apparent."""
    found = [(each, each.terms) for each in setting.of("INSPECTION_NOTICE") if isinstance(each.terms, InspectionNotice)]
    scopes = (Scope.ALL_DEFECTS, Scope.APPARENT_DEFECTS)
    if facts.defect in (Defect.APPARENT, Defect.QUANTITY):
        scopes = (Scope.APPARENT_DEFECTS, Scope.ALL_DEFECTS)
    return next((each for scope in scopes for each, terms in found if terms.scope == scope), None)


def guarantee(setting: Setting) -> Gate:
    """Gate G: found within the guarantee; without such a clause there is nothing to pass."""
    clauses = setting.of("GUARANTEE_PERIOD")
    if setting.waits_for("GUARANTEE_PERIOD"):
        return _unchecked("G")
    if not clauses:
        return Gate("G", Passed.PASS, steps=(step("guarantee.none"),))
    clause, facts = clauses[0], setting.facts
    terms = clause.terms
    assert isinstance(terms, GuaranteePeriod)
    name, on = ("found_on", facts.found_on) if facts.found_on else ("notified_on", facts.notified_on)
    if on is None:
        return Gate("G", Passed.UNKNOWN, clause, (step("guarantee.unknown"),), ("found_on",))
    if terms.usage_limit is not None and (facts.usage is None or facts.usage > terms.usage_limit):
        return _by_usage(clause, terms, facts)
    return _by_dates(setting, clause, terms, name, on)


def _by_usage(clause: InForce, terms: GuaranteePeriod, facts: CaseFacts) -> Gate:
    if facts.usage is None:
        return Gate("G", Passed.UNKNOWN, clause, (step("guarantee.unknown"),), ("usage",))
    why = step("guarantee.used_up", "usage", used=facts.usage, limit=terms.usage_limit, unit=terms.usage_unit)
    return Gate("G", Passed.FAIL, clause, (why,), flips=(Flip("usage", terms.usage_limit),))


def _by_dates(setting: Setting, clause: InForce, terms: GuaranteePeriod, name: str, on: date) -> Gate:
    facts = setting.facts
    known, missing = [], []
    for span in terms.periods:
        fact, start = facts.start_of(span.start)
        if start is None:
            missing.append(fact)
        else:
            known.append((start, (span.n, span.unit)))
    if not known:
        return Gate("G", Passed.UNKNOWN, clause, (step("guarantee.unknown"),), tuple(missing))
    anew = terms.replaced == Replaced.RESTARTS and facts.replaced_on is not None
    question = dates.Guarantee(
        periods=tuple(known), which=terms.which, roll=terms.roll, claim_date=on,
        accepted=facts.accepted_on, max_months=terms.max_months,
        replaced=facts.replaced_on if anew else None, restart_months=terms.restart_months if anew else None,
    )  # fmt: skip
    found = dates.guarantee(question, setting.calendar)
    within = bool(found["in_time"])
    endless = terms.max_months is not None and facts.accepted_on is None  # its outer end could only shorten it
    lacks = missing if within != (terms.which == Which.LATEST_END) else []  # another period could still turn it
    lacks += ["accepted_on"] if endless and within else []
    if lacks:
        return Gate("G", Passed.UNKNOWN, clause, found.steps, tuple(dict.fromkeys(lacks)))
    last = found["last_day"]
    turned = last if not within else last + ONE_DAY if last < date.max else None
    late = turned is not None and name == "found_on" and facts.notified_on is not None and facts.notified_on < turned
    flips = (Flip(name, turned, (Flip("notified_on", turned),) if late else ()),) if turned and not endless else ()
    verdict = Passed.PASS if within else Passed.FAIL
    extended = terms.replaced == Replaced.EXTENDED_BY_DOWNTIME and not within
    return Gate("G", verdict, clause, found.steps, flips=flips, review=extended)


def cause(setting: Setting) -> Gate:
    """Gate C: the seller has a share in the cause."""
    share = setting.facts.seller_share_pct
    if share is None:
        return Gate("C", Passed.UNKNOWN, steps=(step("cause.unknown"),), missing=("seller_share_pct",))
    if share == 0:
        return Gate("C", Passed.FAIL, None, (step("cause.none_ours", "seller_share_pct", law="CC 592"),),
                    flips=(Flip("seller_share_pct", 100),))  # fmt: skip
    why = step("cause.ours", "seller_share_pct", law="CC 592, 593", pct=share)
    return Gate("C", Passed.PASS, None, (why,), flips=(Flip("seller_share_pct", 0),))


CHAIN = (nonconformity, notice, guarantee, cause)  # after the law, in the order of DOMAIN §6.3
