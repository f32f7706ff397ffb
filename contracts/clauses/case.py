"""The facts of a case and the clauses in force, as the chain of gates reads them. PURE. None means: not known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contracts.clauses.asking import Amount, Asked, Fine, Named, Names, Spans, part
from contracts.clauses.choices import Base, Start, Vat
from contracts.clauses.kinds import Choice, Day, Many, Number, Problem, Text, Whole, YesNo
from contracts.clauses.remedies import Remedy
from contracts.clauses.rules.dates import Defect
from contracts.clauses.terms import Rows, Terms, asked
from contracts.clauses.working import Step, step, to_minor

YEARS = range(1900, 2201)  # of a day; further out a period leaves the calendar
STARTS = {
    Start.DELIVERY: "delivered_on",
    Start.ARRIVAL: "delivered_on",
    Start.INSTALLATION: "installed_on",
    Start.COMMISSIONING: "commissioned_on",
    Start.ACCEPTANCE: "accepted_on",
    Start.FIRST_USE: "first_used_on",
    Start.DISCOVERY: "found_on",
}
BASES = {
    Base.CONTRACT_PRICE: "contract_price",
    Base.DELAYED_PART: "delayed_price",
    Base.AFFECTED_GOODS: "affected_price",
    Base.UNIT_PRICE: "unit_price",
}

HAPPENED = (  # days of what has happened, in no case later than today
    "delivered_on", "installed_on", "commissioned_on", "accepted_on", "first_used_on", "found_on", "notified_on",
    "repaired_on", "replaced_on", "known_on", "demanded_on", "admitted_on",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Measurement(Terms):
    """A measured value of one characteristic; U is the expanded uncertainty in the same unit."""

    characteristic: str = asked(Text())
    value: Decimal = asked(Fine())
    unit: str = asked(Text(20), default="")
    U: Decimal | None = asked(Number(least=Decimal(0)), default=None)


@dataclass(frozen=True, kw_only=True)
class CaseFacts(Asked):
    """What is known of a case; a fact that is left out is not known, and never counts as no."""

    delivered_on: date | None = asked(Day(), default=None)
    installed_on: date | None = asked(Day(), default=None)
    commissioned_on: date | None = asked(Day(), default=None)
    accepted_on: date | None = asked(Day(), default=None)
    first_used_on: date | None = asked(Day(), default=None)
    found_on: date | None = asked(Day(), default=None)
    notified_on: date | None = asked(Day(), default=None)
    due_on: date | None = asked(Day(), default=None)
    commissioning_due_on: date | None = asked(Day(), default=None)
    repair_due_on: date | None = asked(Day(), default=None)
    repaired_on: date | None = asked(Day(), default=None)
    replaced_on: date | None = asked(Day(), default=None)
    force_majeure: tuple[tuple[date, date], ...] = asked(Spans(), default=())
    fm_notified: bool | None = asked(YesNo(), default=None)
    defect: Defect | None = asked(Choice(Defect), default=None)
    nonconforming: bool | None = asked(YesNo(), default=None)
    measurements: tuple[Measurement, ...] = asked(Rows(Measurement), default=())
    usage: Decimal | None = asked(Fine(least=Decimal(0)), default=None)
    seller_knew: bool | None = asked(YesNo(), default=None)
    seller_share_pct: Decimal | None = asked(part(), default=None)
    units_confirmed: int | None = asked(Whole(0, 1_000_000_000), default=None)
    units_claimed: int | None = asked(Whole(0, 1_000_000_000), default=None)
    breaches: tuple[tuple[str, Decimal], ...] = asked(Named(Number(least=Decimal(0), most=Decimal(1000))), default=())
    contract_price: Decimal | None = asked(Amount(), default=None)
    delayed_price: Decimal | None = asked(Amount(), default=None)
    affected_price: Decimal | None = asked(Amount(), default=None)
    unit_price: Decimal | None = asked(Amount(), default=None)
    prices_include_vat: bool | None = asked(YesNo(), default=None)
    vat_pct: Decimal | None = asked(part(), default=None)
    value_conforming: Decimal | None = asked(Amount(), default=None)
    value_delivered: Decimal | None = asked(Amount(), default=None)
    deviation: Decimal | None = asked(Fine(), default=None)
    losses: tuple[tuple[str, Decimal], ...] = asked(Named(), default=())
    avoidable: Decimal = asked(Amount(), default=Decimal(0))
    same_loss: bool | None = asked(YesNo(), default=None)
    gross_negligence: bool | None = asked(YesNo(), default=None)
    intent: bool | None = asked(YesNo(), default=None)
    seller_silent: bool | None = asked(YesNo(), default=None)
    requested: tuple[Remedy, ...] = asked(Many(Remedy), default=())
    failed_repairs: int = asked(Whole(0, 100), default=0)
    failed: tuple[Remedy, ...] = asked(Many(Remedy), default=())
    fundamental_breach: bool | None = asked(YesNo(), default=None)
    repair_reasonable: bool | None = asked(YesNo(), default=None)
    already_paid: Decimal = asked(Amount(), default=Decimal(0))
    unpaid_price: Decimal | None = asked(Amount(), default=None)
    earnest_paid: Decimal | None = asked(Amount(), default=None)
    third_party_repair: Decimal = asked(Amount(), default=Decimal(0))
    seller_failed_to_repair: bool | None = asked(YesNo(), default=None)
    open_issue_impairs_use: bool | None = asked(YesNo(), default=None)
    known_on: date | None = asked(Day(), default=None)
    demanded_on: date | None = asked(Day(), default=None)
    admitted_on: date | None = asked(Day(), default=None)
    assessed_on: date | None = asked(Day(), default=None)
    unchecked: tuple[str, ...] = asked(Names(), default=())  # types of clauses in force that Legal has not checked yet

    def problems(self) -> list[Problem]:
        pairs = (("delivered_on", "notified_on"), ("found_on", "notified_on"))
        return [
            *super().problems(),
            *(
                Problem(name, "year_far", (("first", str(YEARS[0])), ("last", str(YEARS[-1]))))
                for name in self._far_out()
            ),
            *(
                Problem(after, "before", (("other", first),))
                for first, after in pairs
                if getattr(self, first) and getattr(self, after) and getattr(self, after) < getattr(self, first)
            ),
        ]

    def _far_out(self) -> list[str]:
        """Return the facts that hold a day of a year with which nobody reckons."""
        names = [name for name, item in self.asks().items() if isinstance(item.metadata["kind"], Day)]
        far = [name for name in names if (on := getattr(self, name)) is not None and on.year not in YEARS]
        spans = any(on.year not in YEARS for span in self.force_majeure for on in span)
        return [*far, *(["force_majeure"] if spans else [])]

    def after(self, today: date) -> list[Problem]:
        """Return the days on which something is said to have happened although they are still to come."""
        late = [name for name in HAPPENED if (on := getattr(self, name)) is not None and on > today]
        return [Problem(name, "in_future") for name in late]

    def start_of(self, event: Start) -> tuple[str, date | None]:
        """Return the fact that holds the day of an event, and the day."""
        name = STARTS[event]
        return name, getattr(self, name)

    def base_of(self, kind: Base, vat: Vat) -> tuple[Fraction | None, tuple[str, ...]]:
        """Return the base of a percentage with or without VAT as the clause says, exactly, and the facts missing."""
        name = BASES[kind]
        price, incl = getattr(self, name), self.prices_include_vat
        wanted = vat == Vat.VAT_INCLUDED
        missing = tuple(each for each in (name, "prices_include_vat") if getattr(self, each) is None)
        if not missing and incl != wanted and self.vat_pct is None:
            missing = ("vat_pct",)
        if missing:
            return None, missing
        factor = 1 + Fraction(self.vat_pct or 0) / 100
        exact = Fraction(price)
        return (exact if incl == wanted else exact * factor if wanted else exact / factor), ()

    def vat_step(self, kind: Base, vat: Vat) -> Step | None:
        """Return what the price is with and without VAT, where the clause counts the other of the two."""
        if self.prices_include_vat in (None, vat == Vat.VAT_INCLUDED):
            return None
        base, _missing = self.base_of(kind, vat)
        if base is None:
            return None
        price, other = to_minor(Fraction(getattr(self, BASES[kind])), self.currency), to_minor(base, self.currency)
        incl, excl = (price, other) if self.prices_include_vat else (other, price)
        return step("delay.vat", BASES[kind], "vat_pct", pct=self.vat_pct, incl=incl, excl=excl)


@dataclass(frozen=True)
class InForce:
    """A checked clause with its typed terms, and the days on which its version was in force, both included."""

    number: str
    type: str
    terms: Terms
    heading: str = ""
    contract: str = ""
    version: int = 1
    effective_from: date | None = None
    effective_to: date | None = None

    @property
    def cited(self) -> dict[str, Any]:
        """What a reader needs to find it."""
        return {"number": self.number, "heading": self.heading, "contract": self.contract, "version": self.version,
                "type": self.type}  # fmt: skip

    def to_data(self) -> dict[str, Any]:
        days = {"effective_from": self.effective_from, "effective_to": self.effective_to}
        return {
            **self.cited,
            **{name: None if on is None else on.isoformat() for name, on in days.items()},
            "terms": self.terms.to_data(),
        }


def not_in_force(on: date, clauses: Iterable[InForce]) -> Problem | None:
    """Return why nothing can be said as of a day: no version of the clauses was in force on it; None if one was."""
    given = tuple(clauses)
    if not given or in_force(given, on):
        return None
    return outside(on, min((each.effective_from for each in given if each.effective_from), default=None))


def outside(on: date, first: date | None) -> Problem:
    """Return that a day lies in no version of a contract, whose first is in force from `first`."""
    return Problem("as_of", "as_of_not_in_force", (("on", on.isoformat()), ("first", (first or on).isoformat())))


def in_force(clauses: Iterable[InForce], on: date) -> tuple[InForce, ...]:
    """Return the clauses in force on a day, of each contract those of its newest version; in the order given."""
    valid = [
        clause for clause in clauses
        if (clause.effective_from is None or clause.effective_from <= on)
        and (clause.effective_to is None or on <= clause.effective_to)
    ]  # fmt: skip
    newest: dict[str, int] = {}
    for clause in valid:
        newest[clause.contract] = max(clause.version, newest.get(clause.contract, clause.version))
    return tuple(clause for clause in valid if clause.version == newest[clause.contract])
