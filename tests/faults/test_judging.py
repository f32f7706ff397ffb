"""A row passes only if its fault was really there and everything that was owed came once, in time."""

import argparse

import pytest

from tests.faults.driver import numbers
from tests.faults.ledger import Outcome
from tests.faults.stage import ROWS


def test_a_row_passes_when_its_fault_was_there_and_nothing_is_amiss():
    assert Outcome("", injected=1, seconds=4.9, limit=5).found() == []


@pytest.mark.parametrize(
    ("amiss", "said"),
    [
        ({"injected": 0}, "the fault was injected 0 times, not 1"),
        ({"injected": 2, "needed": 3}, "the fault was injected 2 times, not 3"),
        ({"lost": 1}, "1 lost"),
        ({"duplicates": 2}, "2 twice"),
        ({"seconds": 5.1, "limit": 5}, "5.1 s, not 5 s at most"),
        ({"limit": 5}, "None s, not 5 s at most"),
        ({"faults": ["the trail is broken"]}, "the trail is broken"),
    ],
)
def test_a_row_fails_and_says_why(amiss, said):
    assert Outcome("", **{"injected": 1, **amiss}).found() == [said]


def test_rows_are_named_by_number_and_span():
    assert numbers("4,6-8") == {4, 6, 7, 8}


def test_a_row_that_is_not_there_is_refused():
    with pytest.raises(argparse.ArgumentTypeError, match="no row 5000"):
        numbers("5000")


def test_the_table_has_the_rows_of_the_time_engine():
    assert sorted(ROWS) == [4, 5, 6, 7, 8, 9, 10, 11, 13, 16, 18, 19, 20, 21, 25, 28, 33, 39]
