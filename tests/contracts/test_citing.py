"""Each step cites the law of its contract, and says so where that law is not known here."""

import re

import pytest

from contracts import entitlement_lines
from contracts.clauses import citing, lastdays
from contracts.clauses.case import CaseFacts
from contracts.clauses.gaplaw import RuleSet
from contracts.clauses.lastdays import Happened
from contracts.entitlement import assess
from tests.contracts.paper import SIGNED, clause, paper
from tests.contracts.test_entitlement import HOME, found, gate

CHINESE = re.compile(r"^(CC|SPC|SME) ")


def under(without=(), **law):
    said = {"law_of": "PRC", "cisg": "CISG_EXCLUDED"} | law
    return (clause("GOVERNING_LAW", **said), *paper("GOVERNING_LAW", *without))


def laws(assessment):
    return {line.code: line.law for line in entitlement_lines.lines(assessment) if getattr(line, "law", "")}


@pytest.mark.parametrize(
    ("law_of", "late", "penalty", "loss"),
    [
        ("PRC", "CC 621(1)", "CC 585(1)", "CC 584"),
        ("GERMANY", "HGB 377", "BGB 339, 341", "BGB 249, 252"),
        ("SWITZERLAND", "OR 201", "OR 160", "OR 97, 208"),
        ("NEW_YORK", "UCC 2-607(3)(a)", "UCC 2-718(1)", "UCC 2-714, 2-715"),
        ("ENGLAND", "SGA 35(4)", citing.ASK, "SGA 53, 54"),
        ("HONG_KONG", citing.ASK, citing.ASK, citing.ASK),
    ],
)
def test_the_law_of_the_contract_is_cited(law_of, late, penalty, loss):
    told = laws(found(under(law_of=law_of), notified_on="2026-04-20"))

    assert (told["notice.barred"], told["ld.rate"], told["damages.loss"]) == (late, penalty, loss)


def test_a_law_that_is_not_known_is_asked_of_legal_at_every_step():
    brazil = found(under(law_of="OTHER_LAW", other_law="Law of Brazil"))

    assert set(laws(brazil).values()) == {citing.ASK}


def test_the_convention_goes_first_and_leaves_the_rest_to_the_law_of_the_state():
    told = laws(found(under(cisg="CISG_APPLIES")))

    assert (told["measured.NONCONFORMING.guarded"], told["damages.loss"]) == ("CISG 35", "CISG 74")
    assert (told["ld.rate"], told["exclusion.out"]) == ("CC 585(1)", "CC 584")


@pytest.mark.parametrize("law_of", ["PRC", "GERMANY", "SWITZERLAND", "NEW_YORK", "ENGLAND", "HONG_KONG"])
def test_the_convention_is_cited_nowhere_once_it_is_excluded(law_of):
    said = {"requested": ["PRICE_REDUCTION"], "value_conforming": "9", "value_delivered": "6"}

    told = laws(found(under(law_of=law_of), **said))

    assert not [law for law in told.values() if law.startswith("CISG")]


@pytest.mark.parametrize("law_of", ["GERMANY", "SWITZERLAND", "NEW_YORK", "ENGLAND", "HONG_KONG"])
def test_chinese_law_is_cited_nowhere_under_another(law_of):
    told = laws(found(under(law_of=law_of), notified_on="2026-04-20", gross_negligence=True))

    assert not [law for law in told.values() if CHINESE.match(law)]


def test_without_an_agreed_law_chinese_law_is_cited_as_an_if():
    told = laws(found(paper("GOVERNING_LAW")))

    assert told["ld.rate"] == "if Chinese law applies: CC 585(1)"


@pytest.mark.parametrize(("law_of", "verdict"), [("PRC", "FAIL"), ("GERMANY", "UNKNOWN"), ("NEW_YORK", "UNKNOWN")])
def test_two_years_bar_a_notice_only_by_a_law_that_has_them(law_of, verdict):
    open_ = under(("INSPECTION_NOTICE", "GUARANTEE_PERIOD"), law_of=law_of)

    late = gate(found(open_, found_on="2028-04-01", notified_on="2028-04-02"), "N")

    assert late.verdict == verdict
    assert late.review == (verdict == "UNKNOWN")


def test_which_remedies_a_law_gives_that_is_not_read_here_legal_must_say():
    german = found(under(("REMEDY_ORDER",), law_of="GERMANY"))
    chinese = found(under(("REMEDY_ORDER",)))

    assert {str(each.verdict) for each in german.remedies} == {"UNDETERMINED"}
    assert {str(each.verdict) for each in chinese.remedies} == {"ENTITLED"}
    assert german.status == "REVIEW"


def test_the_last_days_of_a_contract_cite_its_law():
    happened = Happened.from_data({"delivered_on": "2026-03-22", "known_on": "2026-03-30"})

    clauses = under(("INSPECTION_NOTICE",), law_of="GERMANY")

    rows = {row.code: row for row in lastdays.last_days(clauses, happened, HOME)}

    assert rows["limitation"].lines[0].law == "BGB 195, 199, 438"
    assert (rows["notice.hidden"].last, rows["notice.hidden"].lines[0].law) == (None, "HGB 377")


def test_other_stands_for_a_law_that_is_not_known():
    assert citing.rule_sets(under(law_of="HONG_KONG")) == (RuleSet.OTHER,)
    assert citing.rule_sets(under(law_of="GERMANY", cisg="CISG_APPLIES")) == (RuleSet.CISG, RuleSet.GERMAN)


def test_a_case_without_facts_cites_its_law_too():
    empty = assess(CaseFacts(), under(law_of="GERMANY"), as_of=SIGNED, calendar=HOME)

    assert not [law for law in laws(empty).values() if CHINESE.match(law)]
