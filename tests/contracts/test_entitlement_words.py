"""The sentences of a working: numbers in the right number, why a last day moved, VAT, Chinese punctuation."""

import re

import pytest
from django.utils import translation

from contracts import entitlement_lines, gap_words
from contracts.clauses.rules import answer
from contracts.entitlement_words import STEPS, VERDICTS, say
from tests.contracts.paper import clause, paper
from tests.contracts.test_entitlement import HOME, found

HALF_WIDTH = re.compile(r"[\u4e00-\u9fff）][,;:!?]|[：，。；！？、（）] |[\u4e00-\u9fff] ?\(|\)[\u4e00-\u9fff]")


def told(assessment):
    return [say(line) for line in entitlement_lines.lines(assessment)]


def steps(kind, **facts):
    return [say(line) for line in answer(kind, facts, HOME).steps]


@pytest.mark.parametrize(("actual", "said"), [("2026-03-11", "Late by 1 day ("), ("2026-03-12", "Late by 2 days (")])
def test_one_day_is_no_days(actual, said):
    lines = steps("LD_DELAY_DAY", due="2026-03-10", actual=actual, base="100.00", rate_pct_per_day="1")

    assert lines[0].startswith(said)


@pytest.mark.parametrize(
    ("part", "said"), [("IGNORE", ": 1 week."), ("COUNT_FULL", ": 2 weeks."), ("PRORATA", "10/7 weeks.")]
)
def test_weeks_are_counted_as_they_are(part, said):
    lines = steps("LD_DELAY_WEEK", days=10, base="100.00", rate_pct_per_week="1", part_week=part)

    assert lines[1].endswith(said)


def test_a_last_day_that_moves_says_from_which_day_to_which_and_why():
    lines = steps("INSPECTION_NOTICE", delivered="2026-09-17", period="15 day", roll=True, notice_date="2026-10-08")

    assert (
        "2026-10-02 is a rest day (Chinese working days), so the last day is the next working day, 2026-10-08." in lines
    )


def test_a_last_day_on_a_make_up_workday_says_that_it_stays():
    lines = steps("GUARANTEE_PERIOD", accepted="2024-02-29", months=24, roll=True, claim_date="2026-02-28")

    assert "2026-02-28 is a make-up workday (Chinese working days), so it stays." in lines


def test_a_clause_that_moves_no_last_day_says_that_it_leaves_it():
    fixed = (*paper("GUARANTEE_PERIOD"), clause("GUARANTEE_PERIOD", roll=False, max_months=None))

    lines = told(found(fixed, delivered_on="2026-03-25"))

    assert "2028-03-25 is a rest day (Chinese working days); the clause leaves the last day there." in lines


def test_vat_has_a_step_of_its_own_where_clause_and_price_differ_in_it():
    with_vat = told(found(prices_include_vat=True, vat_pct="13"))

    assert "The price is CNY 1,280,000.00 with VAT of 13 % and CNY 1,132,743.36 without." in with_vat
    assert not [line for line in told(found()) if "VAT" in line]


def test_no_chinese_line_has_half_width_punctuation():
    late = {"notified_on": "2026-04-20", "prices_include_vat": True, "vat_pct": "13"}
    open_ = {"notified_on": "2028-04-20", "found_on": "2028-03-23", "seller_knew": None}
    cases = (found(), found(**late), found(paper("GOVERNING_LAW"), **open_))
    with translation.override("zh-hans"):
        wrong = [line for each in cases for line in told(each) if HALF_WIDTH.search(line)]

    assert not wrong


@pytest.mark.parametrize(("language", "words"), [("en", "Legal must judge it"), ("zh-hans", "须由法务判断")])
def test_what_waits_for_a_judgement_is_said_in_the_same_words_everywhere(language, words):
    with translation.override(language):
        every = [str(one) for one in (*STEPS.values(), *VERDICTS.values(), gap_words.NOT_READ)]

    assert words in every[-1]
    assert not [one for one in every if "lawyer" in one or "律师" in one]


def test_a_verdict_that_lacks_no_fact_says_that_legal_must_judge_it():
    german = found((clause("GOVERNING_LAW", law_of="GERMANY"), *paper("GOVERNING_LAW", "INSPECTION_NOTICE",
                    "GUARANTEE_PERIOD")), notified_on="2028-04-20")  # fmt: skip

    assert "Notice in time: Legal must judge it." in told(german)
    assert not [line for line in told(german) if "Missing: review" in line]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_line_of_the_worked_examples_shows_a_code(language):
    with translation.override(language):
        lines = [*steps("ATTRIBUTION", cause="MISUSE", seller_share_pct="0"),
                 *steps("EXCLUSION", items={"DIRECT": "1", "LOST_PROFIT": "2"}, excluded=["LOST_PROFIT"]),
                 *steps("INSPECTION_NOTICE", delivery_note_lists=["QUANTITY", "MODEL", "SPECIFICATION"],
                        defect="APPARENT")]  # fmt: skip

    assert not [line for line in lines if re.search(r"[A-Z_]{5,}", line)]
