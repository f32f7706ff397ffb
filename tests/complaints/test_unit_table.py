"""A pasted table of units: what is read, and in which words what is not."""

from datetime import date

import pytest

from complaints.unit_table import MOST_PROBLEMS, BadTable, read


def wrong(text: str) -> list[tuple[str, dict]]:
    with pytest.raises(BadTable) as told:
        read(text)
    return [tuple(problem) for problem in told.value.problems]


def test_a_table_from_a_spreadsheet_is_read_with_its_days_and_blank_rows_left_out():
    table = read("Serial\tLine\tMade on\tComplains\nu1\tA\t2026-03-02\tyes\n\n\t\t\t\nu2\tB\t2026年3月9日\t\n")

    assert table.factors == ("Line", "Made on")
    assert [(unit.name, unit.complains, dict(unit.facts)) for unit in table.units] == [
        ("u1", True, {"Line": "A", "Made on": date(2026, 3, 2)}),
        ("u2", False, {"Line": "B", "Made on": date(2026, 3, 9)}),
    ]
    assert table.unmarked == 1


def test_chinese_heads_and_full_width_signs_are_read_as_plain_ones():
    table = read("序列号;批次;不良\n００１;Ｌ１;１\n００２;l1;否\n")

    assert [(unit.name, unit.complains, unit.facts["批次"]) for unit in table.units] == [
        ("001", True, "L1"),
        ("002", False, "L1"),
    ]


def test_what_is_marked_unknown_has_no_value():
    table = read("lot,bad\nA,1\n?,0\nn/a,0\n")

    assert [unit.facts["lot"] for unit in table.units] == ["A", None, None]
    assert [unit.name for unit in table.units] == ["2", "3", "4"]


@pytest.mark.parametrize(
    ("days", "first"),
    [(("25/3/2026", "4/3/2026"), date(2026, 3, 25)), (("3/25/2026", "3/4/2026"), date(2026, 3, 25))],
)
def test_the_order_of_day_and_month_is_taken_from_a_day_above_twelve(days, first):
    table = read(f"made,bad\n{days[0]},1\n{days[1]},0\n")

    assert [unit.facts["made"] for unit in table.units] == [first, date(2026, 3, 4)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (" \n \n", ("table_empty", {})),
        ("lot,bad\nA,1\n", ("table_no_units", {})),
        ("lot,line\nA,1\nB,2\n", ("table_no_mark", {"heads": ["lot", "line"]})),
        ("bad,ng\n0,1\n1,0\n", ("table_marks_twice", {"heads": ["bad", "ng"]})),
        ("serial,bad\nu1,1\nu2,0\n", ("table_no_factor", {})),
        ("lot,Lot,bad\nA,B,1\nA,B,0\n", ("table_head_twice", {"head": "Lot"})),
        ("lot,,bad\nA,B,1\nA,B,0\n", ("table_no_head", {"column": 2})),
        ("lot,bad\nA,1,9\nB,0\n", ("table_row_too_wide", {"row": 2, "columns": 2})),
        ("lot,bad\nA,maybe\nB,0\n", ("table_mark_unclear", {"row": 2, "head": "bad", "value": "maybe"})),
        ("made,bad\n3/4/2026,1\n5/6/2026,0\n", ("table_day_order", {"head": "made", "value": "3/4"})),
        ("made,bad\n2026-02-30,1\n2026-03-01,0\n",
         ("table_day_impossible", {"row": 2, "head": "made", "value": "2026-02-30"})),
        ("made,bad\n2026-02-03,1\n2026-03-01,0\nMarch,0\n",
         ("table_day_unclear", {"row": 4, "head": "made", "value": "March"})),
        ("lot,bad\n" + "A" * 121 + ",1\nB,0\n", ("table_cell_too_long", {"row": 2, "most": 120})),
        ("lot,bad\n" + "A,1\n" * 20_001, ("table_too_long", {"most": 20_000})),
        (",".join(f"c{n}" for n in range(31)) + "\n1\n2\n", ("table_too_wide", {"most": 30})),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_its_place(text, problem):
    assert wrong(text) == [problem]


def test_only_the_first_problems_are_named():
    assert len(wrong("lot,bad\n" + "A,maybe\n" * 50)) == MOST_PROBLEMS
