"""What people ruled over what the clauses give: the verdict of a gate or head, by the number of the ruling. PURE."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from contracts.clauses.asking import Amount
from contracts.clauses.gates import Gate, Passed
from contracts.clauses.heads import Sum
from contracts.clauses.kinds import Text, Whole
from contracts.clauses.terms import Terms, asked
from contracts.clauses.working import step

GATES = ("Q", "N", "G", "C")  # those about which there can be two opinions of one fact


@dataclass(frozen=True, kw_only=True)
class Ruling(Terms):
    """
    A verdict set by people, with the sum that it grants.

    what: "gate N", or a head by type and clause, "LD_PER_UNIT 8.2".  verdict: PASS or FAIL of a gate, ENTITLED or
    NOT_ENTITLED of a head.  number: of the dispute it decided, within its case.
    """

    what: str = asked(Text(60))
    verdict: str = asked(Text(20))
    number: int = asked(Whole(1))
    amount: Decimal | None = asked(Amount(), default=None)


def gate_name(gate: Gate) -> str:
    """Return by what name a ruling speaks of a gate."""
    return f"gate {gate.name}"


def head_name(one: Sum) -> str:
    """Return by what name a ruling speaks of a head."""
    return f"{one.type} {one.clause.number if one.clause else ''}".strip()


def on_gate(gate: Gate, rulings: Iterable[Ruling]) -> Gate:
    """Return the gate as it was ruled, or as it is; who ruled has judged what waited for Legal."""
    ruling = _about(gate_name(gate), rulings)
    if ruling is None:
        return gate
    said = step("ruled", verdict=Passed(ruling.verdict), number=ruling.number)
    return replace(gate, verdict=Passed(ruling.verdict), steps=(*gate.steps, said), missing=(), flips=(), review=False)


def on_head(one: Sum, rulings: Iterable[Ruling]) -> Ruling | None:
    """Return the ruling on a head, if there is one."""
    return _about(head_name(one), rulings)


def _about(name: str, rulings: Iterable[Ruling]) -> Ruling | None:
    """Return the newest ruling about a gate or head."""
    found = [ruling for ruling in rulings if ruling.what == name]
    return max(found, key=lambda ruling: ruling.number, default=None)
