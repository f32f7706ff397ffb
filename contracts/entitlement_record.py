"""
An assessment as it is kept: what was asked and what was found, in one spelling of bytes, and made again. PURE.

The same facts, clauses and calendar give the same bytes; what is `asked` is enough to derive the assessment again.
"""

import json
from dataclasses import fields
from typing import Any

from contracts.clauses import read_terms
from contracts.clauses.case import CaseFacts, InForce
from contracts.clauses.gates import Flip, Gate
from contracts.clauses.heads import Sum
from contracts.clauses.kinds import Day
from contracts.clauses.rulings import Ruling
from contracts.clauses.terms import Terms
from contracts.clauses.working import Step, written
from contracts.entitlement import RULE_VERSION, Assessment, Head, Option, Part, assess
from worktime.calendars import Calendar


def to_data(assessment: Assessment) -> dict[str, Any]:
    """Return the assessment as JSON holds it: `asked`, from which it can be made again, and `found`."""
    cited = {id(clause): place for place, clause in enumerate(assessment.clauses)}
    asked = {
        "as_of": assessment.as_of.isoformat(),
        "calendar": assessment.calendar,
        "rule_version": RULE_VERSION,
        "facts": assessment.facts.to_data(),
        "clauses": [clause.to_data() for clause in assessment.clauses],
        **({"rulings": [ruling.to_data() for ruling in assessment.rulings]} if assessment.rulings else {}),
    }
    found = {
        name: _plain(getattr(assessment, name), cited)
        for name in ("gates", "remedies", "remedy_clause", "heads", "parts", "total", "at_most", "flags", "missing",
                     "flips", "status", "review")
    }  # fmt: skip
    return {"asked": asked, "found": found}


def _plain(value: Any, cited: dict[int, int]) -> Any:
    """Return a value as JSON holds it; a clause is its place in the list of clauses."""
    match value:
        case InForce():
            return cited[id(value)]
        case Step():
            return {"code": value.code, "params": written(value.params), "uses": list(value.uses), "law": value.law}
        case Gate() | Head() | Option() | Part() | Sum() | Flip():
            return {item.name: _plain(getattr(value, item.name), cited) for item in fields(value)}
        case tuple() | list():
            return [_plain(item, cited) for item in value]
        case dict():
            return {name: _plain(item, cited) for name, item in value.items()}
        case Terms():
            return value.to_data()
    return written(value)


def canonical(assessment: Assessment) -> bytes:
    """Return the one spelling of an assessment: same facts, clauses and calendar, same bytes."""
    return json.dumps(to_data(assessment), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def rederive(asked: dict[str, Any], calendar: Calendar | None) -> Assessment:
    """
    Return the assessment again from the `asked` of a stored one; the caller gives the calendar version it names.

    Raises TermsError if the record is not whole.
    """
    clauses = tuple(read_clause(each) for each in asked["clauses"])
    ruled = tuple(Ruling.from_data(each) for each in asked.get("rulings", ()))
    return assess(CaseFacts.from_data(asked["facts"]), clauses, as_of=Day().read(asked["as_of"]), calendar=calendar,
                  calendar_name=asked["calendar"], ruled=ruled)  # fmt: skip


def read_clause(data: dict[str, Any]) -> InForce:
    """Return the clause that the data give. Raises TermsError for its terms, KeyError for an unknown type."""
    days = {name: Day().read(data[name]) if data.get(name) else None for name in ("effective_from", "effective_to")}
    return InForce(
        number=data["number"], type=data["type"], terms=read_terms(data["type"], data["terms"]),
        heading=data.get("heading", ""), contract=data.get("contract", ""), version=data.get("version", 1), **days,
    )  # fmt: skip
