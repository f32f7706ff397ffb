"""A tree as rows of a form: the moves of its buttons, and two people's texts put side by side."""

from dataclasses import replace

import pytest

from complaints.outline import Row, merged, move, numbers, settled, spoken


def tree(text: str) -> list[Row]:
    """Return rows from "a1 b2 c2 d1": a text and its level each; a tilde before it: it goes."""
    return [
        Row(n, int(one[-1]), one[:-1].lstrip("~"), gone=one.startswith("~")) for n, one in enumerate(text.split(), 1)
    ]


def written(rows: list[Row]) -> str:
    return " ".join(f"{'~' if row.gone else ''}{row.text or '_'}{row.level}" for row in rows)


@pytest.mark.parametrize(
    ("before", "name", "n", "after", "here"),
    [
        ("a1 b2 c1", "child", 0, "a1 b2 _2 c1", 2),
        ("a1 b2 c1", "child", 1, "a1 b2 _3 c1", 2),
        ("a1 b2 c1", "beside", 0, "a1 b2 _1 c1", 2),
        ("a1 b1 c2", "in", 1, "a1 b2 c3", 1),
        ("a1 b2 c3", "in", 1, "a1 b2 c3", 1),
        ("a1 b2 c3", "out", 1, "a1 b1 c2", 1),
        ("a1", "out", 0, "a1", 0),
        ("a1 b2 c1 d2", "up", 2, "c1 d2 a1 b2", 0),
        ("a1 b2", "up", 1, "a1 b2", 1),
        ("a1 b2 c1 d2", "down", 0, "c1 d2 a1 b2", 2),
        ("a1 b2", "down", 0, "a1 b2", 0),
        ("a1 ~b1 c1", "up", 2, "c1 a1 ~b1", 0),
        ("a1 b2 c1", "remove", 0, "~a1 ~b2 c1", 0),
        ("~a1 ~b2 c1", "restore", 0, "a1 b2 c1", 0),
        ("a1 b2", "fly", 1, "a1 b2", 1),
        ("a1 b2", "up", 9, "a1 b2", 1),
        ("a1 b2", "up", -1, "a1 b2", 0),
    ],
)
def test_a_move_takes_along_what_stands_below(before, name, n, after, here):
    rows, place = move(tree(before), name, n)

    assert (written(rows), place) == (after, here)


def test_a_new_empty_row_that_is_removed_leaves_nothing_to_bring_back():
    rows, _ = move([Row(text="a"), Row(level=2)], "remove", 1)

    assert rows == [Row(text="a")]


def test_moves_on_nothing_do_nothing():
    assert move([], "child", 0) == ([], 0)


def test_levels_that_jump_are_brought_to_the_next():
    assert written(settled(tree("a3 b5 c9 d1"))) == "a1 b2 c3 d1"


def test_rows_are_numbered_by_level_and_a_letter_from_the_second_on():
    assert numbers(tree("a1 b2 c3 d2 ~e2 f1 g2")) == ["1", "2", "3", "2b", "", "1b", "2"]


def test_empty_rows_fall_away_unless_something_stands_below_them():
    rows = [
        Row(text="a"),
        Row(level=2),
        Row(level=3, text="b"),
        Row(level=3),
        Row(level=1),
        Row(level=2, gone=True, id=4),
    ]

    assert written(spoken(rows)) == "a1 _2 b3"


def kept(*rows: Row) -> list[Row]:
    return [replace(row, base=row.digest) for row in rows]


def test_what_i_did_not_touch_takes_the_words_kept_meanwhile():
    mine = kept(Row(1, 1, "old"))

    rows, both, noted = merged(mine, kept(Row(1, 1, "new")))

    assert ([row.text for row in rows], both, noted) == (["new"], {}, {0: "taken"})


def test_where_both_wrote_both_texts_are_there():
    mine = [replace(kept(Row(1, 1, "old"))[0], text="mine")]
    theirs = kept(Row(1, 1, "theirs"))

    rows, both, noted = merged(mine, theirs)

    assert ([row.text for row in rows], both[0].text, noted) == (["mine"], "theirs", {})
    assert rows[0].base == theirs[0].digest  # sent again, it is no conflict any more


def test_two_who_wrote_the_same_do_not_disagree():
    mine = [replace(kept(Row(1, 1, "old"))[0], text="same")]

    assert merged(mine, kept(Row(1, 1, "same")))[1:] == ({}, {})


def test_what_somebody_added_comes_after_the_row_it_stood_after():
    mine = [*kept(Row(1, 1, "a"), Row(2, 1, "c")), Row(level=2, text="mine")]

    rows, _, noted = merged(mine, kept(Row(1, 1, "a"), Row(7, 2, "b"), Row(2, 1, "c"), Row(8, 2, "d")))

    assert written(rows) == "a1 b2 c1 d2 mine2"
    assert noted == {1: "added", 3: "added"}


def test_what_somebody_added_at_the_very_top_stays_there():
    rows, _, noted = merged(kept(Row(1, 1, "a")), kept(Row(7, 1, "z"), Row(1, 1, "a")))

    assert (written(rows), noted) == ("z1 a1", {0: "added"})


def test_what_somebody_removed_stays_mine_as_a_new_row():
    rows, _, noted = merged(kept(Row(1, 1, "a")), [])

    assert (rows[0].id, rows[0].text, noted) == (None, "a", {0: "removed"})


def test_what_both_removed_is_gone():
    assert merged([replace(kept(Row(1, 1, "a"))[0], gone=True)], [])[0] == []


def test_what_i_removed_and_they_rewrote_is_shown():
    mine = [replace(kept(Row(1, 1, "a"))[0], gone=True)]

    rows, both, _ = merged(mine, kept(Row(1, 1, "better")))

    assert (rows[0].gone, both[0].text) == (True, "better")
