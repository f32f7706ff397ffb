from datetime import timedelta

import pytest
from django.utils import translation

from accounts.models import User
from complaints import clocks
from complaints.clock_words import shown, spell, warnings, why
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


def test_a_deadline_behind_named_rest_days_names_them(ada):
    case = received(ada, at=shanghai("2026-09-24 17:00"))

    said = why(clock_of(case, Metric.ACK), shanghai("2026-09-24 17:00"), zone="Asia/Shanghai")

    assert said.endswith("Not counted on the way: Fri 25 Sep 2026 to Sun 27 Sep 2026 (Mid-Autumn Festival).")


@pytest.mark.parametrize(
    ("received_on", "warned"),
    [
        ("2026-05-12", []),
        ("2026-12-30", ["only the statutory holidays of 2027"]),
        ("2029-12-03", ["no public holidays for 2029", "no public holidays for 2030"]),
    ],
)
def test_a_year_without_data_warns_where_a_deadline_runs_into_it(ada, received_on, warned):
    case = received(ada, at=shanghai(f"{received_on} 09:00"))

    said = warnings(clock_of(case, Metric.RESOLVE))

    assert len(said) == len(warned)
    assert all(part in sentence for part, sentence in zip(warned, said, strict=True))


def test_a_clock_round_the_clock_and_a_decided_one_warn_of_nothing(ada):
    at = shanghai("2029-12-03 09:00")
    case = received(ada, at=at)
    clocks.stop(case, Metric.RESOLVE, at=at + timedelta(hours=1), by=ada)

    assert warnings(clock_of(case, Metric.INITIAL)) == []
    assert warnings(clock_of(case, Metric.RESOLVE)) == []


def test_the_case_and_the_time_line_show_the_warning(ada, signed_in):
    case = received(ada, at=shanghai("2029-12-03 09:00"))
    clock = clock_of(case, Metric.RESOLVE)
    client = signed_in(ada)

    for address in (f"/cases/{case.ref}/", f"/cases/{case.ref}/clocks/{clock.pk}/"):
        assert client.get(address).text.count("has no public holidays for 2029") == 1
