from datetime import timedelta

import pytest
from django.utils import translation

from accounts.models import User
from complaints import clocks
from complaints.clock_words import shown, spell, why
from complaints.models.states import Metric, PauseReason
from tests.complaints.factories import clock_of, received, shanghai

TUESDAY = shanghai("2026-05-12 10:15")
DUE = TUESDAY + timedelta(hours=48)
ZONE = "Asia/Shanghai"


@pytest.fixture
def case(ada: User):
    return received(ada, at=TUESDAY)


def initial(case, now):
    return shown(clock_of(case, Metric.INITIAL), now, zone=ZONE)


@pytest.mark.parametrize(
    ("left", "state", "words"),
    [
        (timedelta(hours=47), "running", "Thu 10:15"),
        (timedelta(hours=12, minutes=1), "running", "Thu 10:15"),
        (timedelta(hours=12), "risk", "12 h left"),
        (timedelta(hours=4, minutes=48), "critical", "4 h 48 m left"),
        (timedelta(minutes=48), "critical", "48 m left"),
        (timedelta(0), "critical", "0 m left"),
        (-timedelta(hours=2, minutes=10), "over", "2 h 10 m over"),
    ],
)
def test_a_running_clock_shows_its_deadline_until_it_is_near(case, left, state, words):
    clock = initial(case, DUE - left)

    assert (clock.state, clock.words, clock.left) == (state, words, int(left.total_seconds()))


def test_it_says_what_the_page_needs_to_tick(case):
    clock = initial(case, TUESDAY + timedelta(hours=36))

    assert (clock.name, clock.when, clock.used) == ("Initial analysis", "Thu 10:15", 75)
    assert (clock.note, clock.runs) == ("due Thu 10:15", None)
    assert (clock.risk_at, clock.critical_at) == (12 * 3600, 17280)


def test_a_working_time_clock_says_so_and_stands_outside_working_time(case):
    ack = clock_of(case, Metric.ACK)  # due Wednesday 10:15

    evening = shown(ack, shanghai("2026-05-12 20:00"), zone=ZONE)
    morning = shown(ack, shanghai("2026-05-13 09:30"), zone=ZONE)

    assert (evening.words, evening.note) == ("1 h 15 m left", "working time, due Wed 10:15")
    assert (evening.runs, morning.runs) == (0, int(timedelta(hours=2.5).total_seconds()))
    assert morning.runs_until == shanghai("2026-05-13 12:00")


@pytest.mark.parametrize("hours", [1, 40, 47])
def test_the_instant_is_said_once(case, hours):
    clock = initial(case, TUESDAY + timedelta(hours=hours))

    assert f"{clock.words} {clock.note}".count("10:15") == 1


def test_a_long_working_time_is_spelt_in_hours_and_does_not_tick(case):
    clock = shown(clock_of(case, Metric.RESOLVE), shanghai("2026-06-16 10:15"), zone=ZONE)

    assert (clock.state, clock.words, clock.left) == ("risk", "40 h left", None)


def test_the_calendar_of_a_deadline_is_named_in_words(case):
    sentence = why(clock_of(case, Metric.ACK), TUESDAY, zone=ZONE)

    assert "Chinese working days" in sentence
    assert "CN-STD" not in sentence


@pytest.mark.parametrize(
    ("stop", "state", "words"),
    [
        (DUE - timedelta(hours=1, minutes=5), "met", "met, 1 h 5 m early"),
        (DUE + timedelta(minutes=12), "late", "12 m late"),
    ],
)
def test_a_decided_clock_says_how_it_ended(case, ada, stop, state, words):
    clocks.stop(case, Metric.INITIAL, at=stop, by=ada)

    clock = initial(case, DUE + timedelta(days=3))

    assert (clock.state, clock.words) == (state, words)


def test_a_paused_clock_says_for_whom_it_waits_since_when(case, ada):
    clocks.pause(case, Metric.RESOLVE, PauseReason.WAITING_CUSTOMER_INFO, at=TUESDAY, by=ada)

    clock = shown(clock_of(case, Metric.RESOLVE), TUESDAY + timedelta(days=1), zone=ZONE)

    assert (clock.state, clock.words, clock.note) == (
        "paused",
        "paused",
        "waiting for the customer since Tue 10:15",
    )


def test_a_cancelled_clock_is_hidden(case, ada):
    clocks.cancel_open(case, at=TUESDAY, by=ada)

    assert initial(case, DUE).state == "hidden"


def test_a_far_deadline_has_its_date_and_another_year_its_year(case):
    clock = clock_of(case, Metric.INITIAL)

    assert shown(clock, DUE - timedelta(days=30), zone=ZONE).words == "14 May 10:15"
    assert shown(clock, DUE - timedelta(days=200), zone=ZONE).words == "14 May 2026 10:15"


@pytest.mark.parametrize(
    ("seconds", "words"), [(59, "0 m"), (3600, "1 h"), (90061, "1 d 1 h"), (86460, "1 d"), (-7800, "2 h 10 m")]
)
def test_a_span_has_at_most_two_units(seconds, words):
    assert spell(seconds) == words


def test_each_deadline_says_why_it_is_when_it_is(case):
    assert why(clock_of(case, Metric.INITIAL), TUESDAY, zone=ZONE) == (
        "48 h from Tue 12 May 2026 10:15 GMT+8, not pausable: due Thu 14 May 2026 10:15 GMT+8."
    )


def test_a_tightened_deadline_says_so(case, ada):
    case.grade = "G1"
    clocks.retarget(case, at=shanghai("2026-05-13 09:45"), by=ada)

    sentence = why(clock_of(case, Metric.INITIAL), TUESDAY, zone=ZONE)

    assert sentence.endswith("tightened on the way, which left until Wed 13 May 2026 11:45 GMT+8.")


def test_it_speaks_chinese(case):
    with translation.override("zh-hans"):
        assert initial(case, TUESDAY).words == "周四 10:15"
        assert initial(case, DUE - timedelta(minutes=48)).words == "剩 48 分"
        assert initial(case, DUE + timedelta(minutes=130)).words == "超时 2 小时 10 分"


def test_a_list_of_fifty_reads_nothing_more(case, django_assert_num_queries):
    rows = list(case.clocks.select_related("calendar_version__calendar"))

    with django_assert_num_queries(0):
        for clock in rows:
            shown(clock, DUE, zone=ZONE)
