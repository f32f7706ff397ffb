"""What another target would have made of a clock: cases worked out by hand (calendar CN-STD, as DOMAIN §3.6)."""

from datetime import timedelta
from itertools import pairwise

import pytest

from complaints import foresight
from complaints.foresight import Row, Target, Verdict, foresee, judge
from tests.complaints.factories import shanghai
from worktime.calendars import Calendar
from worktime.measure import Pause

OFFICE = Calendar("OFFICE", "Asia/Shanghai", dict.fromkeys(range(5), ((540, 720), (780, 1080))))  # 9–12, 13–18
NINE = shanghai("2026-05-12 09:00")  # a Tuesday
NOW = shanghai("2026-05-20 09:00")
HOUR = 60


def clock(hours=48, **fields):
    return Target("CALENDAR", hours * HOUR, **fields)


def working(hours, **fields):
    return Target("BUSINESS", hours * HOUR, **fields)


def row(old, new, *, start=NINE, stop=None, **fields):
    return Row(fields.pop("ref", "QC-1"), start, stop, OFFICE, old, new, **fields)


@pytest.mark.parametrize(
    ("stop", "before", "after"),
    [
        ("2026-05-13 09:00", Verdict.MET, Verdict.MET),  # to the second
        ("2026-05-13 09:01", Verdict.MET, Verdict.MISSED),
        ("2026-05-14 09:00", Verdict.MET, Verdict.MISSED),
        ("2026-05-14 09:01", Verdict.MISSED, Verdict.MISSED),
    ],
)
def test_a_decided_clock_is_judged_by_the_instant_of_its_stop(stop, before, after):
    judged = judge(row(clock(48), clock(24), stop=shanghai(stop)), NOW)

    assert (judged.before, judged.after) == (before, after)
    assert judged.turned == (before != after)
    assert judged.due_after == shanghai("2026-05-13 09:00")
    assert judged.moved_by == timedelta(hours=-24)


def test_working_hours_end_at_closing_time():
    judged = judge(row(clock(8), working(8), stop=shanghai("2026-05-12 18:00")), NOW)

    assert (judged.due_before, judged.due_after) == (shanghai("2026-05-12 17:00"), shanghai("2026-05-12 18:00"))
    assert (judged.before, judged.after) == (Verdict.MISSED, Verdict.MET)


def test_a_wait_moves_only_a_clock_that_may_wait():
    waits = (Pause(shanghai("2026-05-12 14:00"), shanghai("2026-05-13 10:00")),)

    judged = judge(row(working(16), working(16, pausable=True), stop=NOW, pauses=waits), NOW)

    assert judged.due_before == shanghai("2026-05-13 18:00")
    assert judged.due_after == shanghai("2026-05-14 15:00")  # SV-21


def test_an_open_wait_leaves_no_due_instant_unless_the_target_was_used_up_before():
    waits = (Pause(shanghai("2026-05-12 14:00")),)

    judged = judge(row(working(16, pausable=True), working(4, pausable=True), pauses=waits), NOW)

    assert (judged.before, judged.after) == (Verdict.WAITING, Verdict.OVER)
    assert judged.due_after == shanghai("2026-05-12 14:00")
    assert judged.moved_by is None


def test_what_a_tightened_target_left_belongs_to_the_old_one_only():
    judged = judge(row(clock(24), clock(24), grace=120, stop=shanghai("2026-05-13 10:00")), NOW)

    assert judged.due_before == shanghai("2026-05-13 11:00")
    assert judged.after is Verdict.MISSED


@pytest.mark.parametrize(
    ("days", "unit", "last"),
    [
        (3, "day", "2026-05-16 00:00"),
        (4, "day", "2026-05-19 00:00"),  # a Saturday, moved to Monday
        (3, "workday", "2026-05-16 00:00"),
        (4, "workday", "2026-05-19 00:00"),
    ],
)
def test_a_target_in_days_ends_at_midnight_of_the_last(days, unit, last):
    target = Target("DATE", days=days, unit=unit)

    assert judge(row(target, target, known=NOW), NOW).due_after == shanghai(last)


def test_days_are_counted_where_the_customer_is():
    target = Target("DATE", days=3, unit="day")
    early = row(
        target, target, start=shanghai("2026-05-12 02:00"), known=NOW, zone="Europe/Berlin"
    )  # still Monday there

    assert judge(early, NOW).due_after == shanghai("2026-05-15 06:00")  # the midnight that ends Thursday in Berlin


def test_an_open_clock_is_over_from_the_second_after_its_due_instant():
    due = NINE + timedelta(hours=48)

    assert judge(row(clock(48), clock(48)), due).before is Verdict.RUNNING
    assert judge(row(clock(48), clock(48)), due + timedelta(seconds=1)).before is Verdict.OVER


def test_the_counts_are_those_of_the_rows():
    stops = ["2026-05-13 08:00", "2026-05-13 12:00", "2026-05-14 08:00", "2026-05-15 08:00"]  # 23, 27, 47, 71 hours
    decided = [row(clock(48), clock(24), stop=shanghai(stop), ref=f"QC-{n}") for n, stop in enumerate(stops)]
    open_ones = [
        row(clock(48), clock(24), start=NOW - timedelta(hours=30), ref="QC-8"),  # would be past due
        row(clock(48), clock(24), start=NOW - timedelta(hours=50), ref="QC-9"),  # is so anyway
    ]

    found = foresee([*decided, *open_ones], NOW)

    assert (found.open, found.decided, found.changed) == (2, 4, 6)
    assert (found.met_before, found.met_after) == (3, 1)
    assert (found.share_before, found.share_after) == (75.0, 25.0)
    assert (found.to_missed, found.to_met, found.to_over, found.to_running) == (2, 0, 1, 0)
    assert [one.row.ref for one in found.rows[:3]] == ["QC-8", "QC-1", "QC-2"]  # verdicts that turn, open ones first


def test_a_looser_target_turns_the_other_way():
    found = foresee([row(clock(24), clock(48), stop=shanghai("2026-05-14 08:00")), row(clock(24), clock(300))], NOW)

    assert (found.to_met, found.to_running, found.met_before, found.met_after) == (1, 1, 0, 1)


def test_what_stays_as_it_was_is_counted_but_not_named():
    found = foresee([row(clock(48), clock(48), stop=NOW)], NOW)

    assert (found.decided, found.changed, found.rows) == (1, 0, [])


def test_no_clock_gives_no_share():
    found = foresee([], NOW)

    assert found.share_before is None
    assert found.share_after is None
    assert set(found.counts().values()) == {0}


def test_of_many_only_the_gravest_are_named():
    many = range(foresight.MOST_KEPT + 5)
    rows = [row(clock(48), clock(47, pausable=True), ref=f"QC-{n:04}", stop=NINE) for n in many]
    turns = row(clock(48), clock(1), ref="QC-9999", stop=NINE + timedelta(hours=2))

    found = foresee([*rows, turns], NOW)

    assert found.changed == len(rows) + 1
    assert len(found.rows) == foresight.MOST_KEPT
    assert found.rows[0].row.ref == "QC-9999"
    assert all(one.row.ref < other.row.ref for one, other in pairwise(found.rows[1:]))
