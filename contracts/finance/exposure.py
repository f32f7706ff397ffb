"""What stays with us after recourse, what to expect, and whether the lender must be told (DOMAIN §12). PURE."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contracts.finance.cover import State
from contracts.finance.working import (
    Number,
    Step,
    Unreckonable,
    beside,
    by_clause,
    least_zero,
    minor,
    money,
    percent_of,
    step,
    total,
    written,
)

HEADS = ("LD", "REMEDY", "EXTRA_INTEREST", "LOST_MARGIN")


@dataclass(frozen=True)
class Recovery:
    """
    What others bear: the supplier a share of the remedy, the insurer one head above the deductible.

    A recovery that is not agreed counts with its probability only.
    """

    supplier_share_of_remedy_pct: Decimal = Decimal(0)
    insured_head: str = ""  # one of HEADS, or none
    deductible: Decimal = Decimal(0)
    supplier_probability: Decimal = Decimal(1)
    insurance_probability: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        least_zero("deductible", self.deductible)
        if not 0 <= self.supplier_share_of_remedy_pct <= 100:
            raise Unreckonable("supplier_share_of_remedy_pct", "not_a_share")
        if self.insured_head and self.insured_head not in HEADS:
            raise Unreckonable("insured_head", "unknown_head", given=self.insured_head, known=", ".join(HEADS))
        for name in ("supplier_probability", "insurance_probability"):
            if not 0 <= getattr(self, name) <= 1:
                raise Unreckonable(name, "not_a_probability")


@dataclass(frozen=True)
class NetExposure:
    """Gross exposure, what supplier and insurer bear of it, and what stays; each rounded once."""

    gross: Decimal
    supplier: Decimal
    insurance: Decimal
    net: Decimal
    working: tuple[Step, ...]


def net_exposure(
    heads: Mapping[str, Decimal], recovery: Recovery, *, currency: str = "", clause: str = ""
) -> NetExposure:
    """
    Return gross − supplier − insurance over `heads` (HEADS → amount; absent: 0).

    Supplier and insurer together never bear more than the head they both answer for. Raises Unreckonable for an
    amount below zero.
    """
    for name, amount in heads.items():
        least_zero(name.lower(), amount)
    gross, remedy = money(total(list(heads.values())), currency), heads.get("REMEDY", Decimal(0))
    supplier = money(
        percent_of(recovery.supplier_share_of_remedy_pct, remedy) * Fraction(recovery.supplier_probability), currency
    )
    insured = Fraction(heads.get(recovery.insured_head, Decimal(0)))
    above = max(Fraction(0), insured - Fraction(recovery.deductible)) * Fraction(recovery.insurance_probability)
    left = insured - Fraction(supplier) if recovery.insured_head == "REMEDY" else insured
    insurance = money(min(above, left), currency)
    net = money(Fraction(gross) - Fraction(supplier) - Fraction(insurance), currency)
    steps = [
        step("gross", "gross", sum=gross, ld=heads.get("LD", 0), remedy=remedy,
             interest=heads.get("EXTRA_INTEREST", 0), margin=heads.get("LOST_MARGIN", 0)),
        step("supplier", "supplier" if recovery.supplier_probability == 1 else "supplier_perhaps",
             pct=recovery.supplier_share_of_remedy_pct, remedy=remedy, sum=supplier,
             p=written(Fraction(recovery.supplier_probability) * 100)),
        _insurance_step(recovery, insured, above, insurance),
        step("net", "net", gross=gross, supplier=supplier, insurance=insurance, net=net),
    ]  # fmt: skip
    return NetExposure(gross, supplier, insurance, net, (*steps, *by_clause("net", clause)))


def _insurance_step(recovery: Recovery, insured: Fraction, above: Fraction, found: Decimal) -> Step:
    if not recovery.insured_head:
        return step("insurance", "not_insured")
    rest = recovery.insured_head == "REMEDY" and found < above
    code = "insurance_rest" if rest else "insurance" if recovery.insurance_probability == 1 else "insurance_perhaps"
    return step(
        "insurance", code, head=recovery.insured_head, amount=beside(insured, found), sum=found,
        deductible=recovery.deductible, p=written(Fraction(recovery.insurance_probability) * 100),
    )  # fmt: skip


@dataclass(frozen=True)
class Chance:
    """One way it may go: its probability and what it costs."""

    p: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Expected:
    """The probability-weighted amount, that of the likeliest way and of the worst; rounded."""

    expected: Decimal
    most_likely: Decimal
    worst: Decimal
    working: tuple[Step, ...]


def expected_value(chances: Sequence[Chance], *, currency: str = "", clause: str = "") -> Expected:
    """
    Return Σ p × amount. Of two equally likely ways the dearer one is the most likely.

    Whether it becomes a provision is Finance's decision. Raises Unreckonable unless the probabilities lie from 0 to 1
    and sum to exactly 1.
    """
    if not chances:
        raise Unreckonable("scenarios", "no_period")
    if not all(0 <= chance.p <= 1 for chance in chances):
        raise Unreckonable("scenarios", "not_a_probability")
    whole = total([chance.p for chance in chances])
    if whole != 1:
        raise Unreckonable("scenarios", "not_the_whole", sum=written(whole))
    likeliest = max(chances, key=lambda chance: (chance.p, chance.amount))
    dearest = max(chance.amount for chance in chances)
    parts = [Fraction(chance.p) * Fraction(chance.amount) for chance in chances]
    found = money(total(parts), currency)
    steps = [
        *(step("expected", "weighted", p=chance.p, amount=chance.amount, part=written(part, minor(currency)))
          for chance, part in zip(chances, parts, strict=True)),
        step("expected", "expected", sum=found),
        step("most_likely", "most_likely", p=likeliest.p, amount=likeliest.amount),
        step("worst", "worst", amount=dearest),
    ]  # fmt: skip
    return Expected(
        found, money(likeliest.amount, currency), money(dearest, currency), (*steps, *by_clause("expected", clause))
    )


@dataclass(frozen=True)
class LenderTest:
    """From where on the lender is asked about: defaults of DOMAIN §12, to be replaced by those of the facility."""

    delay_days: int = 30
    payments_pct: Decimal = Decimal(5)
    cap_used_pct: Decimal = Decimal(50)


@dataclass(frozen=True)
class LenderMaterial:
    """Whether Finance must decide on a notice to the lender, and each test that says so."""

    material: bool
    hits: tuple[str, ...]  # delay, payments, cap, covenant, grade
    working: tuple[Step, ...] = field(default=())


def lender_material(
    *, project_delay_days: int, payments_at_risk: Number, contract_price: Number, cap_used_pct: Number = 0,
    states: Sequence[State | None] = (), grade: str = "", test: LenderTest | None = None,
) -> LenderMaterial:  # fmt: skip
    """
    Return whether the impact is material for the lender: a long delay, much cash at risk, half of the damages' limit
    used, a forecast below lock-up, or a G1 case. Finance decides then, with its reason. Touching a limit counts.

    Raises Unreckonable for negative facts.
    """
    test = test or LenderTest()
    for name, value in (("project_delay_days", project_delay_days), ("payments_at_risk", payments_at_risk),
                        ("contract_price", contract_price), ("cap_used_pct", cap_used_pct)):  # fmt: skip
        least_zero(name, value)
    share = Fraction(payments_at_risk) * 100 / Fraction(contract_price) if contract_price else Fraction(0)
    without_price = bool(payments_at_risk) and not contract_price
    breached = [state for state in states if state in (State.LOCK_UP, State.DEFAULT)]
    asked: dict[str, tuple[bool, dict[str, Any]]] = {
        "delay": (project_delay_days >= test.delay_days, {"found": project_delay_days, "limit": test.delay_days}),
        "payments": (share >= test.payments_pct or without_price,
                     {"found": written(share), "limit": test.payments_pct}),
        "cap": (cap_used_pct >= test.cap_used_pct, {"found": written(cap_used_pct), "limit": test.cap_used_pct}),
        "covenant": (bool(breached), {"found": len(breached), "limit": 1}),
        "grade": (grade == "G1", {"found": grade or "–", "limit": "G1"}),
    }  # fmt: skip
    hits = tuple(name for name, (hit, _) in asked.items() if hit)
    steps = [step(name, f"lender_{name}_{'yes' if hit else 'no'}", **facts) for name, (hit, facts) in asked.items()]
    return LenderMaterial(bool(hits), hits, tuple(steps))
