"""Readings as people paste them: what is read, what is asked, and which row and column a fault names."""

from decimal import Decimal

import pytest

from complaints.readings import BOTH, COMMA, POINT, read


def values(text: str, unit: str = "mm/s", decimals: str = "") -> list[str]:
    sheet = read(text, unit, decimals)
    assert not sheet.faults, sheet.faults
    return [f"{one.value:f}" for one in sheet.reads]


def faults(text: str, unit: str = "mm/s", decimals: str = "") -> list[tuple]:
    return [(one.code, one.params.get("row"), one.params.get("column")) for one in read(text, unit, decimals).faults]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4.9\n5.2\n", ["4.9", "5.2"]),
        ("4.9\r\n5.2\r\n\r\n \t\r\n5.1", ["4.9", "5.2", "5.1"]),
        ("４．９\n５．２", ["4.9", "5.2"]),
        ("4.9 mm/s", ["4.9"]),
        ("0.0049 m/s", ["4.9"]),
        ("4.9\t5.2\t5.1", ["4.9", "5.2", "5.1"]),
        ("S1;4.9\nS2;5.2", ["4.9", "5.2"]),
        ("S1\t4.9\tmm/s\nS2\t0.0052\tm/s", ["4.9", "5.2"]),
        ("Sample\tValue (m/s)\nS1\t0.0049", ["4.9"]),
        ("样品\t测量值\t单位\nA\t4.9\tmm/s", ["4.9"]),
        ("No\tDate\tValue\n1\t2026\t4.9", ["4.9"]),
        ("1\t4.9\n2\t5.2\n3\t5.1", ["4.9", "5.2", "5.1"]),
        ("Drive end  4.9  5.2", ["4.9", "5.2"]),
        ("-3.5\n−2", ["-3.5", "-2"]),
    ],
)
def test_what_is_clear_is_read(text, expected):
    assert values(text) == expected


def test_each_value_keeps_its_sample_and_how_it_was_given():
    [one] = read("Bearing 2\t0.0052 m/s", "mm/s").reads

    assert (one.label, one.value, one.given, one.row, one.column) == ("Bearing 2", Decimal("5.2"), "0.0052 m/s", 1, 2)


def test_a_comma_is_asked_about_and_never_guessed():
    sheet = read("4,9\n5,2", "mm/s")

    assert sheet.asks_decimals
    assert [(one.code, one.params["row"]) for one in sheet.faults] == [("readings_comma", 1)]
    assert not sheet.reads


@pytest.mark.parametrize(
    ("decimals", "text", "expected"),
    [
        (COMMA, "4,9\n5,2", ["4.9", "5.2"]),
        (COMMA, "1.234,5", ["1234.5"]),
        (POINT, "S1,4.9\nS2,5.2", ["4.9", "5.2"]),
        (POINT, "S1\t1,234.5", ["1234.5"]),
        (BOTH, "4,9\n5.2\n６，１", ["4.9", "5.2", "6.1"]),
        (COMMA, "S1;4,9 mm/s", ["4.9"]),
    ],
)
def test_once_it_is_said_the_comma_is_read_so(decimals, text, expected):
    assert values(text, decimals=decimals) == expected


@pytest.mark.parametrize(
    ("decimals", "text", "fault"),
    [
        ("", "S1\t4.9\nS2\t1,234", ("reading_two_ways", 2, 2)),
        ("", "S1\t4,9", ("reading_two_ways", 1, 2)),
        (COMMA, "4.9\n5,2", ("reading_other_mark", 1, 1)),
        (POINT, "S1;5,2", ("reading_other_mark", 1, 2)),
        (BOTH, "1.234,5", ("reading_other_mark", 1, 1)),
        ("", "4.9\n\n5..2", ("reading_no_number", 3, 1)),
        ("", "4.9\n" + "9" * 60, ("reading_long", 2, 1)),
        ("", "4.9\nlost", ("reading_missing", 2, None)),
        ("", "4.9 kg", ("reading_unit", 1, 1)),
        ("", "4.9 furlong", ("reading_unit", 1, 1)),
        ("", "S1\t4.9\tkg", ("reading_unit", 1, 2)),
        ("", "4.9\n5.2.1", ("reading_no_number", 2, 1)),
    ],
)
def test_what_cannot_be_read_names_its_row_and_column(decimals, text, fault):
    assert faults(text, decimals=decimals) == [fault]


def test_nothing_pasted_is_said():
    assert faults(" \n\t\n") == [("readings_none", None, None)]


def test_a_table_too_long_is_said_and_not_cut():
    sheet = read("\n".join(["1.5"] * 501), "mm")

    assert [(one.code, one.params["n"]) for one in sheet.faults] == [("readings_many", 501)]


@pytest.mark.parametrize("text", ["\x00", "½", "∞", "1e5", "\u202e4.9", "=SUM(A1)", "٤", "4.9\ufeff", ",,,", "+", "-"])
def test_odd_characters_never_break_it(text):
    read(text, "mm/s")
    read(text, "", BOTH)
