"""The gap check names what a contract leaves open, the law that fills it, and what to agree."""

from decimal import Decimal

import pytest
from django.utils import translation

from contracts import gap_words
from contracts.amounts import Money
from contracts.clauses import read_terms
from contracts.clauses.gapcheck import MISSING, Entered, Frame, RuleSet, Severity, gaps
from contracts.clauses.gaplaw import LAW
from contracts.demo import acme, huaneng, rival
from tests.contracts.paper import PAPER
from tests.contracts.test_terms import WHOLE

PRICED = Frame("CNY", Money(Decimal(3_200_000), "CNY"), includes_vat=False, vat_pct=Decimal(13), language="en")


def entered(kind, number="", checked=True, **changes):
    """Return the clause of the paper, or of the whole terms, with changed terms."""
    known = PAPER.get(kind)
    terms = (known[1] if known else WHOLE[kind]) | changes
    whole = {name: value for name, value in terms.items() if value is not None}
    return Entered(number or (known[0] if known else "20.1"), kind, read_terms(kind, whole), checked)


def codes(*clauses, frame=PRICED):
    return [gap.code for gap in gaps(clauses, frame)]


def one(code, *clauses, frame=PRICED):
    """Return the one gap of that code."""
    (found,) = [gap for gap in gaps(clauses, frame) if gap.code == code]
    return found


def law(**changes):
    return entered("GOVERNING_LAW", **changes)


@pytest.mark.parametrize("kind", list(MISSING))
def test_each_usual_agreement_is_missed_while_it_is_not_there_and_no_longer_once_it_is(kind):
    assert f"missing.{kind}" in codes()

    assert f"missing.{kind}" not in codes(entered(kind))


def test_a_text_without_terms_is_no_gap_of_its_type_but_waits_for_its_terms():
    bare = Entered("13.1", "DISPUTE", None, checked=False)

    found = codes(bare)

    assert "missing.DISPUTE" not in found
    assert one("clauses.unstructured", bare).clauses == ("13.1",)


def test_what_legal_has_not_checked_is_named():
    assert one("clauses.unchecked", entered("DAMAGES", checked=False)).clauses == ("9.1",)
    assert "clauses.unchecked" not in codes(entered("DAMAGES"))


def test_the_gravest_gaps_stand_first():
    grades = [gap.severity for gap in gaps([], PRICED)]

    assert grades == sorted(grades, key=list(Severity).index)
    assert grades[0] == Severity.SERIOUS


def test_without_an_agreed_law_the_chinese_rule_is_shown_as_an_if():
    gap = one("missing.INSPECTION_NOTICE")

    assert not gap.law_known
    assert [(rule.law, rule.cited) for rule in gap.rules] == [(RuleSet.PRC, "CC 621(2), 623; SPC Sales 12")]
    assert gap_words.say(gap).fills[0][0] == "If Chinese law governs"


@pytest.mark.parametrize(
    ("agreed", "sets"),
    [
        ({"law_of": "PRC", "cisg": "CISG_EXCLUDED"}, [RuleSet.PRC]),
        ({"law_of": "PRC", "cisg": "CISG_APPLIES"}, [RuleSet.CISG, RuleSet.PRC]),
        ({"law_of": "GERMANY", "cisg": "CISG_APPLIES"}, [RuleSet.CISG]),
        ({"law_of": "GERMANY", "cisg": "CISG_EXCLUDED"}, [RuleSet.OTHER]),
        ({"law_of": "NEW_YORK", "cisg": "CISG_EXCLUDED"}, [RuleSet.UCC]),
        ({"law_of": "OTHER_LAW", "other_law": "Law of Brazil", "cisg": "CISG_NOT_MENTIONED"}, [RuleSet.OTHER]),
    ],
)
def test_the_law_of_the_contract_fills_the_gap(agreed, sets):
    gap = one("missing.INSPECTION_NOTICE", law(**agreed))

    assert [rule.law for rule in gap.rules] == sets
    assert gap.law_known


def test_a_foreign_law_is_named_and_left_to_its_lawyers():
    brazil = law(law_of="OTHER_LAW", other_law="Law of Brazil", cisg="CISG_NOT_MENTIONED")

    assert "Law of Brazil" in gap_words.say(one("law.foreign", brazil)).title
    assert "law.cisg_open" in codes(brazil)
    assert "Legal must judge it." in gap_words.say(one("missing.PAYMENT", brazil)).fills[0][1]


@pytest.mark.parametrize(
    ("code", "clauses"),
    [
        ("notice.hidden", [entered("INSPECTION_NOTICE", scope="APPARENT_DEFECTS")]),
        ("notice.hidden_by_guarantee",
         [entered("INSPECTION_NOTICE", scope="APPARENT_DEFECTS"), entered("GUARANTEE_PERIOD")]),
        ("notice.too_short", [entered("INSPECTION_NOTICE", too_short=True)]),
        ("guarantee.no_acceptance",
         [entered("GUARANTEE_PERIOD", periods=[{"n": 24, "unit": "MONTH", "start": "ACCEPTANCE"}])]),
        ("guarantee.may_not_begin",
         [entered("GUARANTEE_PERIOD", periods=[{"n": 24, "unit": "MONTH", "start": "FIRST_USE"}])]),
        ("guarantee.endless", [entered("GUARANTEE_PERIOD", max_months=None)]),
        ("acceptance.silence", [entered("ACCEPTANCE", deemed=False, deemed_after_days=None)]),
        ("remedy.no_days", [entered("REMEDY_ORDER", days_per_attempt=None)]),
        ("ld.no_cap", [entered("LD_DELAY", cap_pct=None, cap_base=None, cap_vat=None)]),
        ("ld.sole_remedy", [entered("LD_DELAY", exclusive=True)]),
        ("earnest.or_damages", [entered("EARNEST_MONEY"), entered("LD_DELAY")]),
        ("earnest.too_high", [entered("EARNEST_MONEY", amount={"amount": "640000.01", "currency": "CNY"})]),
        ("cap.carve_outs", [entered("LIABILITY_CAP", carve_outs=["INTENT", "GROSS_NEGLIGENCE"])]),
        ("exclusion.injury", [entered("EXCLUSION", heads=["PERSONAL_INJURY"])]),
        ("exclusion.form", [entered("EXCLUSION", form_clause=True, pointed_out=True)]),
        ("exclusion.not_shown", [entered("EXCLUSION", form_clause=True, pointed_out=False)]),
        ("heads.contradict", [entered("DAMAGES"), entered("EXCLUSION")]),
        ("payment.no_interest", [entered("PAYMENT", late_interest_pct=None, late_interest_per=None)]),
        ("retention.no_guarantee", [entered("RETENTION", held_until="GUARANTEE_ENDED")]),
        ("sum.other_currency", [entered("EARNEST_MONEY", amount={"amount": "1.00", "currency": "EUR"})]),
        ("force_majeure.no_end", [entered("FORCE_MAJEURE", terminate_after_days=None)]),
        ("termination.no_cure", [entered("TERMINATION", grounds=["CURE_FAILED"], cure_days=None, delay_days=None)]),
        ("limitation.agreed", [entered("LIMITATION_OF_ACTION", law="AGREED", years=2)]),
        ("limitation.years", [entered("LIMITATION_OF_ACTION", years=4)]),
        ("clauses.doubled", [entered("LD_DELAY"), entered("LD_DELAY", "8.9")]),
        ("clauses.contradict", [entered("LD_DELAY"), entered("LD_DELAY", "8.9", rate_pct="0.1")]),
    ],
)  # fmt: skip
def test_what_is_contradictory_void_or_without_an_end_is_named_with_its_clauses(code, clauses):
    gap = one(code, *clauses)

    assert set(gap.clauses) <= {each.number for each in clauses}
    assert gap.clauses


def test_two_rightful_clauses_of_one_type_are_no_contradiction():
    hidden = entered("INSPECTION_NOTICE", "5.3", scope="ALL_DEFECTS")
    seen = entered("INSPECTION_NOTICE", scope="APPARENT_DEFECTS")

    assert not [code for code in codes(hidden, seen) if code.startswith(("clauses.", "notice."))]


def test_earnest_money_of_just_a_fifth_is_not_too_high():
    assert "earnest.too_high" not in codes(entered("EARNEST_MONEY", amount={"amount": "640000.00", "currency": "CNY"}))


def test_a_guarantee_that_also_runs_from_delivery_begins_for_sure():
    spans = [{"n": 24, "unit": "MONTH", "start": "ACCEPTANCE"}, {"n": 36, "unit": "MONTH", "start": "DELIVERY"}]

    assert "guarantee.may_not_begin" not in codes(entered("GUARANTEE_PERIOD", periods=spans, which="EARLIEST_END"))
    assert "guarantee.may_not_begin" in codes(entered("GUARANTEE_PERIOD", periods=spans, which="LATEST_END"))


def test_a_percentage_needs_the_price_and_the_vat_that_it_names():
    cap = entered("LIABILITY_CAP", vat="VAT_INCLUDED")

    assert one("price.missing", cap, frame=Frame("CNY", language="en")).clauses == ("9.3",)
    assert "price.vat" in codes(cap, frame=Frame("CNY", PRICED.price, None, None, "en"))
    assert "price.vat" in codes(cap, frame=Frame("CNY", PRICED.price, False, None, "en"))
    assert "price.vat" not in codes(cap)
    assert "price.vat" not in codes(cap, frame=Frame("CNY", PRICED.price, True, None, "en"))


def test_units_of_one_characteristic_have_to_convert():
    damages = entered("LD_PERFORMANCE")  # Efficiency in %
    limits = {"metrics": [{"characteristic": "efficiency", "unit": "kW", "lower": "96"}]}

    assert one("units.differ", entered("QUALITY_STANDARD", **limits), damages).clauses == ("3.1", "8.3")
    assert "units.differ" not in codes(entered("QUALITY_STANDARD"), damages)


def test_retention_and_the_last_instalment_have_to_agree():
    plan = {"instalments": [
        {"name": "a", "pct": "90", "trigger": "GOODS_ARRIVED", "days": 30},
        {"name": "b", "pct": "10", "trigger": "GUARANTEE_ENDED", "days": 30},
    ]}  # fmt: skip
    kept = entered("RETENTION", "10.2", pct="5", held_until="GUARANTEE_ENDED")

    gap = one("retention.other_sum", entered("PAYMENT", "10.1", **plan), kept)

    assert gap.clauses == ("10.2", "10.1")
    assert gap_words.say(gap).title == "Retention of 5 %, but 10 % fall due at the end of the guarantee"


def test_an_agreement_on_limitation_is_void_under_chinese_law_only():
    agreed = entered("LIMITATION_OF_ACTION", law="AGREED", years=2)

    assert "limitation.agreed" in codes(agreed, law(law_of="PRC", cisg="CISG_APPLIES"))
    assert "limitation.agreed" not in codes(agreed, law(law_of="GERMANY", cisg="CISG_EXCLUDED"))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_gap_and_every_rule_has_words_in_both_languages(language):
    assert set(gap_words.TITLES) == set(gap_words.AGREE) == set(LAW)
    assert set(gap_words.FILLS) == {(code, law) for code, rules in LAW.items() for law in rules}

    with translation.override(language):
        for paper in (acme.GEARBOXES, acme.STEEL, huaneng.GEARBOXES, rival.PUMPS):
            clauses = [Entered(row[1], row[2], read_terms(row[2], row[6]), True) for row in paper["clauses"]]
            for gap in [*gaps(clauses, Frame(paper["currency"])), *gaps([], PRICED)]:
                said = gap_words.say(gap)
                assert said.title
                assert said.agree
                assert "%(" not in said.title + said.agree + "".join(sentence for _law, sentence, _cited in said.fills)
