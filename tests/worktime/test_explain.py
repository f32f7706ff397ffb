"""Each deadline says in one sentence why it is when it is, in both languages."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import translation

import worktime
from tests.worktime.vectors import moment
from worktime.calendars import BadInput, Calendar
from worktime.explain import Line, explain_due, explain_period
from worktime.measure import Pause
from worktime.periods import last_day
from worktime.timeline import Kind
from worktime.words import KINDS, SENTENCES, say

START = moment("2026-05-12T10:15+08:00")
OFFICE = Calendar("OFFICE", "Asia/Shanghai", dict.fromkeys(range(5), ((540, 720), (780, 1080))))
NOON = moment("2026-05-12T12:00+08:00")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def sentence(line):
    return say(line, "Asia/Shanghai")


def test_the_48_hour_clock():
    line = explain_due(START, 2880, calendar=None, pausable=False, pauses=[Pause(NOON)])

    assert sentence(line) == ("48 h from Tue 12 May 2026 10:15 GMT+8, not pausable: due Thu 14 May 2026 10:15 GMT+8.")


def test_the_line_holds_facts_and_no_words():
    line = explain_due(START, 60, calendar=None)

    assert line == Line(
        "due.clock",
        {"start": START, "target_minutes": 60, "calendar": None, "due": START + timedelta(hours=1)},
    )


def test_working_time_names_its_calendar():
    assert sentence(explain_due(START, 480, calendar=OFFICE)) == (
        "8 h of working time (OFFICE) from Tue 12 May 2026 10:15 GMT+8: due Wed 13 May 2026 10:15 GMT+8."
    )


def test_pauses_that_moved_the_clock_are_told_in_its_own_measure():
    waits = [Pause(moment("2026-05-12T17:00+08:00"), moment("2026-05-13T09:30+08:00"))]

    assert sentence(explain_due(START, 480, calendar=OFFICE, pauses=waits)) == (
        "8 h of working time (OFFICE) from Tue 12 May 2026 10:15 GMT+8, moved by 1 h 30 min of pauses in working time: "
        "due Wed 13 May 2026 11:45 GMT+8."
    )


def test_a_pause_that_moved_nothing_is_not_told():
    waits = [Pause(moment("2026-05-12T19:00+08:00"), moment("2026-05-12T20:00+08:00"))]

    assert explain_due(START, 480, calendar=OFFICE, pauses=waits).code == "due.business"


def test_an_open_pause_gives_a_projection():
    line = explain_due(START, 480, calendar=OFFICE, pauses=[Pause(NOON)], now=moment("2026-05-13T09:00+08:00"))

    assert sentence(line) == (
        "8 h of working time (OFFICE) from Tue 12 May 2026 10:15 GMT+8, paused since Tue 12 May 2026 12:00 GMT+8 with "
        "6 h 15 min left: due Wed 13 May 2026 16:15 GMT+8 if resumed now."
    )


def test_without_a_now_an_open_pause_has_no_due_instant():
    line = explain_due(START, 2880, calendar=None, pauses=[Pause(NOON)])

    assert line.code == "due.clock.waiting"
    assert "due" not in line.params


PUBLIC = Calendar(
    "PUB", "Asia/Shanghai", dict.fromkeys(range(5), ((540, 1080),)), frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
    {date(2026, 2, 28): ((540, 1080),)},
)  # fmt: skip


@pytest.mark.parametrize(
    ("period", "sentences"),
    [
        (
            (date(2026, 9, 17), 15, "day", True),
            "15 days from 2026-09-17, that day not counted: 2026-10-02. "
            "2026-10-02 is a rest day (PUB), so the last day is the next working day, 2026-10-05.",
        ),
        (
            (date(2026, 9, 17), 15, "day", False),
            "15 days from 2026-09-17, that day not counted: 2026-10-02. "
            "2026-10-02 is a rest day (PUB); the clause leaves the last day there.",
        ),
        (
            (date(2026, 1, 31), 1, "month", True),
            "1 month from 2026-01-31, that day not counted: 2026-02-28. "
            "That month has no day 31, so the period ends with its last, 2026-02-28. "
            "2026-02-28 is a make-up workday (PUB), so it stays.",
        ),
        ((date(2026, 5, 12), 2, "week", True), "2 weeks from 2026-05-12, that day not counted: 2026-05-26."),
        ((date(2026, 4, 30), 2, "workday", True), "2 working days (PUB) after 2026-04-30: 2026-05-04."),
    ],
)
def test_a_period_is_explained_step_by_step(period, sentences):
    start, n, unit, roll = period

    lines = explain_period(start, n, unit, calendar=PUBLIC, roll=roll)

    assert " ".join(sentence(line) for line in lines) == sentences
    assert lines[-1].params["last"] == last_day(start, n, unit, calendar=PUBLIC, roll=roll)


def test_every_kind_of_segment_has_its_words():
    assert set(KINDS) == set(Kind)


def test_the_reader_sees_their_own_zone_with_its_offset():
    line = explain_due(START, 60, calendar=None)

    assert "Tue 12 May 2026 07:45 GMT+5:30" in say(line, "Asia/Kolkata")
    assert "Tue 12 May 2026 02:15 GMT:" in say(line, "UTC")


def test_a_refused_input_has_a_sentence():
    refused = BadInput("zone_unknown", zone="Asia/Atlantis")

    assert sentence(refused) == "The time zone “Asia/Atlantis” is not known. Use an IANA name, such as Asia/Shanghai."


def test_every_code_that_is_raised_has_a_sentence():
    package = Path(worktime.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in package.glob("*.py"))
    raised = set(re.findall(r'BadInput\("(\w+)"|super\(\).__init__\("(\w+)"', source))

    assert {one or other for one, other in raised} <= SENTENCES.keys()


@pytest.mark.parametrize("code", [code for code in SENTENCES if code.startswith("due.")])
def test_every_line_about_a_due_instant_is_whole_in_chinese(code):
    params = dict.fromkeys(("start", "due", "since"), START) | {"calendar": "OFFICE", "target_minutes": 60}
    line = Line(code, params | {"waited_seconds": 60, "left_seconds": 90})

    with translation.override("zh-hans"):
        text = say(line, "Asia/Shanghai")

    assert "2026-05-12" in text
    assert "%(" not in text
