"""Every second of a clock is accounted for, on its page and in the API."""

import json
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints import clock_story, clocks
from complaints.clock_story import Phase
from complaints.models import SlaClock
from complaints.models.states import Metric, PauseReason
from tests.complaints.factories import clock_of, received, shanghai, triaged
from worktime import measure
from worktime.calendars import seconds
from worktime.measure import Pause
from worktime.timeline import Kind

NINE = shanghai("2026-05-12 09:00")
RESOLVE = Metric.RESOLVE
SHANGHAI = ZoneInfo("Asia/Shanghai")
BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text())

pytestmark = pytest.mark.django_db


@pytest.fixture
def waited(ada):
    """A case whose RESOLVE waited for a sample from Tuesday 14:00 to Wednesday 10:00."""
    complaint = received(ada, at=NINE)
    start, end = shanghai("2026-05-12 14:00"), shanghai("2026-05-13 10:00")
    clocks.pause(complaint, RESOLVE, PauseReason.WAITING_SAMPLE, at=start, by=ada, evidence="Mail of 12 May")
    clocks.resume(complaint, RESOLVE, at=end, by=ada)
    return complaint


def story(clock: SlaClock, now):
    return clock_story.tell(clock, clock_story.events_of(clock), now=now)


def tiles(told) -> bool:
    edges = [(piece.start, piece.end) for piece in told.pieces]
    return all(one[1] == other[0] for one, other in pairwise(edges))


def test_the_seconds_up_to_due_are_the_target(waited):
    clock = clock_of(waited, RESOLVE)

    told = story(clock, shanghai("2026-05-14 09:00"))

    assert tiles(told)
    assert (told.pieces[0].start, told.end) == (clock.started_at, clock.due_at)
    assert sum(piece.counted for piece in told.pieces) == clock.target_minutes * 60


def test_what_has_counted_is_what_the_engine_measures(waited):
    clock, now = clock_of(waited, RESOLVE), shanghai("2026-05-14 09:47")
    waits = [Pause(pause.started_at, pause.ended_at) for pause in clock.pauses.all()]

    told = story(clock, now)

    calendar = clock.working_time
    assert told.counted == measure.elapsed(clock.started_at, now, calendar=calendar, pauses=waits)
    reached = [piece for piece in told.pieces if piece.phase in (Phase.RUN, Phase.OVER)]
    assert sum(seconds(piece.end) - seconds(piece.start) for piece in reached) == seconds(now) - seconds(
        clock.started_at
    )


def test_a_pause_is_told_with_what_it_took(waited):
    told = story(clock_of(waited, RESOLVE), shanghai("2026-05-14 09:00"))

    pause = told.clock.pauses.get()
    paused = [piece for piece in told.pieces if piece.kind is Kind.PAUSED]
    assert {piece.pause for piece in paused} == {pause}
    assert told.waited(paused[0].pause) == 5 * 3600  # 14–18 and 9–10: the night would not have counted


def test_a_clock_that_waits_shows_what_would_be_due(ada):
    complaint = received(ada, at=NINE)
    clocks.pause(complaint, RESOLVE, PauseReason.DISPUTE, at=shanghai("2026-05-12 14:00"), by=ada)

    told = story(clock_of(complaint, RESOLVE), shanghai("2026-05-13 10:00"))

    assert told.waits
    assert [mark.code for mark in told.marks if mark.at == told.due] == ["due_if_resumed"]
    assert {piece.phase for piece in told.pieces} == {Phase.RUN, Phase.AHEAD}


def test_a_missed_clock_is_over_from_its_due_instant_to_its_stop(ada):
    complaint = received(ada, at=NINE)
    stop = NINE + timedelta(hours=50)
    clocks.stop(complaint, Metric.INITIAL, at=stop, by=ada)

    told = story(clock_of(complaint, Metric.INITIAL), stop + timedelta(days=9))

    over = [piece for piece in told.pieces if piece.phase is Phase.OVER]
    assert [(piece.start, piece.end) for piece in over] == [(NINE + timedelta(hours=48), stop)]
    codes = [mark.code for mark in told.marks]
    assert codes == ["started", "warned_50", "warned_75", "warned_90", "breached", "stopped"]


def test_a_clock_stopped_early_shows_what_was_not_needed(ada):
    complaint = received(ada, at=NINE)
    clocks.stop(complaint, Metric.INITIAL, at=NINE + timedelta(hours=8), by=ada)

    told = story(clock_of(complaint, Metric.INITIAL), NINE + timedelta(days=9))

    assert [piece.phase for piece in told.pieces] == [Phase.RUN, Phase.SPARE]
    assert told.counted == 8 * 3600


def test_a_new_grade_shows_the_old_and_the_new_target(ada, quinn):
    complaint = triaged(quinn, registered_by=ada, grade="G2")

    told = story(clock_of(complaint, RESOLVE), complaint.received_at + timedelta(days=1))

    [aim] = told.aims
    assert (aim.old_target, aim.target) == (240 * 60, 160 * 60)
    assert aim.due < aim.old_due
    assert (aim.old_policy, aim.policy) == ("default", "grade G2")


def test_a_clock_by_date_is_told_too(ada):
    complaint = received(ada, at=NINE)
    due_at = shanghai("2026-05-20 00:00")
    reminder = ("today", shanghai("2026-05-19 08:00"))
    clocks.start(complaint, Metric.VISIT, at=NINE, by=ada, subject="a", due_at=due_at, steps=[reminder])

    told = story(clock_of(complaint, Metric.VISIT), NINE)

    assert (told.end, told.counted) == (due_at, 0)
    assert [mark.code for mark in told.marks] == ["started", "now", "today", "due"]


def test_the_days_add_up(waited):
    told = story(clock_of(waited, RESOLVE), shanghai("2026-05-14 09:00"))

    days = told.days(SHANGHAI)

    assert days[-1].total == told.clock.target_minutes * 60
    assert sum(day.counted for day in days) == days[-1].total
    assert [str(day.on) for day in days[:2]] == ["2026-05-12", "2026-05-13"]
    assert days[1].counted == 7 * 3600  # 10–12 and 13–18


# The page -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(signed_in):
    def shown(user, complaint, metric=RESOLVE):
        address = reverse("case-clock", args=[complaint.ref, clock_of(complaint, metric).pk])
        return signed_in(user).get(address)

    return shown


def test_the_page_says_why_and_shows_the_pause_with_its_proof(page, waited, ada):
    answer = page(ada, waited)

    assert answer.status_code == 200
    for said in ("of working time", "Waiting for the sample", "Mail of 12 May", "version 1", "<svg"):
        assert said in answer.text


def test_the_case_leads_to_the_page(waited, ada, signed_in):
    answer = signed_in(ada).get(reverse("case", args=[waited.ref]))

    assert reverse("case-clock", args=[waited.ref, clock_of(waited, RESOLVE).pk]) in answer.text


@pytest.mark.parametrize("metric", [Metric.INITIAL, RESOLVE])
def test_the_page_takes_few_statements(signed_in, waited, ada, metric):
    client, address = signed_in(ada), reverse("case-clock", args=[waited.ref, clock_of(waited, metric).pk])
    client.get(address)

    with CaptureQueriesContext(connection) as asked:
        client.get(address)

    assert len(asked) <= BUDGET["clock"], [query["sql"] for query in asked.captured_queries]


def test_a_clock_of_another_case_is_not_found(waited, ada, signed_in):
    other = received(ada)

    answer = signed_in(ada).get(reverse("case-clock", args=[waited.ref, clock_of(other, RESOLVE).pk]))

    assert answer.status_code == 404


def test_customers_see_neither_page_nor_data(carla, waited, page, signed_in):
    number = clock_of(waited, RESOLVE).pk

    assert page(carla, waited).status_code == 403
    data = signed_in(carla).get(f"/api/v1/complaints/{waited.ref}/clocks/{number}/timeline/")
    assert data.status_code == 404


def test_the_api_tells_the_same(waited, ada, signed_in):
    clock = clock_of(waited, RESOLVE)

    said = signed_in(ada).get(f"/api/v1/complaints/{waited.ref}/clocks/{clock.pk}/timeline/").json()

    assert said["calendar"] == {"code": "CN-STD", "name": said["calendar"]["name"], "version": 1, "zone": SHANGHAI.key}
    assert said["pauses"][0]["took_seconds"] == 5 * 3600
    first = [segment["counted_seconds"] for segment in said["segments"] if segment["phase"] in ("run", "ahead")]
    assert sum(first) == clock.target_minutes * 60
    assert said["sentence"]
