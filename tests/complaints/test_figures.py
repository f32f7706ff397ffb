"""The formulas of the management figures: sums worked by hand, and laws that hold for all numbers."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints import figures

counts = st.lists(st.integers(0, 1000), max_size=12)


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(37, 42, "88.1"), (1, 8, "12.5"), (1, 16, "6.3"), (1, 3, "33.3"), (0, 5, "0.0"), (5, 5, "100.0")],
)
def test_a_share_has_one_decimal_rounded_half_up(part, whole, share):
    assert str(figures.percent(part, whole)) == share


def test_nothing_to_divide_by_gives_no_figure():
    assert figures.percent(0, 0) is None
    assert figures.ppm(0, 0) is None
    assert figures.nps(0, 0, 0) is None
    assert figures.mean([]) is None
    assert figures.median([]) is None
    assert figures.percentile([], 90) is None
    assert figures.top_two({}) is None
    assert figures.mean_of_counts({}) is None
    assert figures.cumulated([0, 0]) == [None, None]
    assert figures.vital_few([]) == 0


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [([3], "3.0", 3), ([4, 1], "2.5", 4), ([9, 1, 5], "5.0", 9), (range(1, 21), "10.5", 18)],
)
def test_median_and_nearest_rank(values, median, p90):
    assert (str(figures.median(values)), figures.percentile(values, 90)) == (median, p90)


def test_a_net_promoter_score_may_be_negative():
    assert figures.nps(1, 0, 2) == Decimal("-33.3")


def test_the_cause_that_crosses_the_mark_belongs_to_the_vital_few():
    assert figures.vital_few([41, 23, 20, 11, 5]) == 3


def test_a_share_that_rounds_to_the_mark_has_not_reached_it():
    assert figures.cumulated([7996, 1004, 1000])[0] == Decimal("80.0")
    assert figures.vital_few([7996, 1004, 1000]) == 2


@settings(deadline=None)
@given(counts)
def test_the_vital_few_are_just_enough(drawn):
    order = sorted(drawn, reverse=True)
    few = figures.vital_few(order)

    assert sum(order[:few]) * 100 >= 80 * sum(order)
    assert few == 0 or sum(order[: few - 1]) * 100 < 80 * sum(order)


@settings(deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_mean_and_median_lie_between_the_extremes(values):
    assert min(values) <= figures.mean(values) <= max(values)
    assert min(values) <= figures.median(values) <= max(values)
    assert figures.percentile(values, 90) in values


@settings(deadline=None)
@given(st.lists(st.integers(0, 200), max_size=40))
def test_every_open_case_lies_in_one_band(ages):
    assert sum(figures.by_band(ages).values()) == len(ages)


WEIGHTS = {"quality": 60, "delivery": 40}
GRADES = {"A": 90, "B": 75, "C": 60}


@pytest.mark.parametrize(
    ("quality", "grade", "shown"),
    [("89.93", "B", "90.0"), ("90", "A", "90.0"), ("75", "B", "81.0"), ("10", "D", "42.0"), ("40", "C", "60.0")],
)
def test_a_supplier_is_graded_before_rounding(quality, grade, shown):
    found = figures.supplier_score({"quality": Decimal(quality), "delivery": 90}, WEIGHTS, GRADES)

    assert (found.grade, str(found.shown)) == (grade, shown)


@pytest.mark.parametrize(("knocked_to", "grade"), [("C", "C"), ("D", "D"), ("", "A")])
def test_a_knock_out_holds_the_grade_down(knocked_to, grade):
    found = figures.supplier_score({"quality": 95, "delivery": 95}, WEIGHTS, GRADES, knocked_to=knocked_to)

    assert (found.grade, found.total) == (grade, Fraction(95))


def test_a_knock_out_never_lifts_a_grade():
    assert figures.supplier_score({"quality": 1, "delivery": 1}, WEIGHTS, GRADES, knocked_to="C").grade == "D"


def test_a_part_without_a_score_leaves_the_supplier_unrated():
    found = figures.supplier_score({"quality": None, "delivery": 90}, WEIGHTS, GRADES)

    assert (found.total, found.grade, found.shown) == (None, None, None)
