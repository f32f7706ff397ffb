"""An assessment as lines in reading order, and where two of them differ. PURE; the words stand in entitlement_words."""

from collections.abc import Iterable
from typing import Any

from contracts.clauses import rulings
from contracts.clauses.case import InForce
from contracts.clauses.gates import Flip, Passed
from contracts.clauses.working import Step, step, written
from contracts.entitlement import Assessment, Status, Verdict


def lines(assessment: Assessment) -> tuple[Step, ...]:
    """Return the whole working in reading order: gates, heads, other clauses, the total, what would turn it."""
    found: list[Step] = []
    for gate in assessment.gates:
        passed = Status.REVIEW if gate.verdict == Passed.UNKNOWN and not gate.missing else gate.verdict
        found += [step(f"gate.{gate.name}", verdict=passed, clause=_paper_number(gate.clause)), *gate.steps]
    for head in assessment.heads:
        code = "head.sum" if head.amount is not None else "head"
        lacks = tuple(name for name in head.missing if name != "review")
        facts = {"kind": head.sum.type, "clause": _paper_number(head.sum.clause)}
        facts["verdict"] = Status.REVIEW if head.missing and not lacks else head.verdict
        found += [step(code, **facts, amount=head.amount), *head.sum.steps]
        found += [step("head.missing", names=lacks)] if lacks else []
    for part in assessment.parts:
        found += [step("part", kind=part.kind, clause=_paper_number(part.clause)), *part.steps]
    found += _total_lines(assessment)
    return (*found, *(_turned(flip) for flip in assessment.flips))


def _turned(flip: Flip) -> Step:
    """Return what would turn a verdict, with what must come beside it."""
    if not flip.also:
        return step("flip", fact=flip.fact, to=flip.to)
    return step("flip.also", fact=flip.fact, to=flip.to, also=flip.also)


def _total_lines(assessment: Assessment) -> list[Step]:
    """Return the total: certain only if no head is undetermined and the common cap is known."""
    code = "total"
    if any(head.verdict == Verdict.UNDETERMINED for head in assessment.heads):
        code = "total.open" if assessment.at_most is None else "total.at_most"
    found = [step(code, amount=assessment.total, at_most=assessment.at_most)]
    return [*found, step("total.uncapped")] if "CAP_UNKNOWN" in assessment.flags else found


def _paper_number(clause: InForce | None) -> str:
    return clause.number if clause else ""


def differences(before: Assessment, after: Assessment) -> list[dict[str, Any]]:
    """Return what differs between two assessments: gates, heads, remedies and the total, each with its clause."""
    rows = []
    for name, one, other in _pairs(before, after):
        if one != other:
            rows.append({"what": name, "before": one, "after": other})
    return rows


def _pairs(before: Assessment, after: Assessment) -> Iterable[tuple[str, Any, Any]]:
    tables = [_table(each) for each in (before, after)]
    for name in dict.fromkeys([*tables[0], *tables[1]]):
        yield name, written(tables[0].get(name)), written(tables[1].get(name))


def _table(assessment: Assessment) -> dict[str, Any]:
    """Return every verdict of the assessment by what it is about, with the clause that it rests on."""
    rows: dict[str, Any] = {}
    for gate in assessment.gates:
        rows[rulings.gate_name(gate)] = (_number(gate.clause), gate.verdict)
    for head in assessment.heads:
        rows[rulings.head_name(head.sum)] = (_number(head.sum.clause), head.verdict, head.amount)
    for option in assessment.remedies:
        rows[f"remedy {option.remedy}"] = (_number(assessment.remedy_clause), option.verdict)
    return {**rows, "total": assessment.total}


def _number(clause: InForce | None) -> str:
    """Return the number of a clause with its version, empty for none."""
    return f"{clause.number} v{clause.version}" if clause else ""
