"""docs/entitlement.md says what the code gives."""

import re
from pathlib import Path

from contracts import entitlement
from contracts.clauses import rules
from contracts.clauses.working import written
from tests.contracts.paper import SIGNED, facts, home, paper
from tests.contracts.test_rules import CALENDAR, UNSEEN, WORKED

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "entitlement.md").read_text(encoding="utf-8")
TABLE = dict(re.findall(r"^\| ([A-Z_]+) \| [^|]+ \| ([^|]+) \|$", PAGE.split("## A whole case")[0], re.MULTILINE))


def test_the_page_names_every_kind_of_clause():
    assert set(TABLE) == set(rules.RULES)


def test_each_answer_on_the_page_is_one_that_the_code_gives():
    given = {}
    for _, clause, said in [(None, one["input"]["clause"], one["input"]["facts"]) for one in WORKED] + [
        case[:3] for case in UNSEEN
    ]:
        result = written(rules.answer(clause, said, CALENDAR).result)
        given.setdefault(clause, "")
        given[clause] += f" {result}"

    for clause, answer in TABLE.items():
        assert re.findall(r"[\w.-]+$", answer)[-1] in given[clause], clause


def test_the_worked_case_on_the_page_is_what_the_code_gives():
    assessment = entitlement.assess(facts(), paper(), as_of=SIGNED, calendar=home())

    rows = dict(
        re.findall(r"^\| ([A-Z_]+|in all) \| [^|]+ \| ([0-9.]+) \|$", PAGE.split("## A whole case")[1], re.MULTILINE)
    )
    assert rows == {
        **{head.sum.type: written(head.amount) for head in assessment.heads},
        "in all": written(assessment.total),
    }
    assert all(str(flip.to) in PAGE for flip in assessment.flips[:2])
