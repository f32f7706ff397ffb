"""The events of a clock give its row back: for every sequence of acts, and a row that was changed is named."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints import calendars, clock_check, clocks
from complaints.models import SlaClock, SlaPause
from complaints.models.states import Metric, PauseReason
from complaints.replay import Fact, Key, differences, replay
from tests.complaints.factories import clock_of, events_of, received, shanghai
from worktime.days import Day, days_of
from worktime.models import WorkCalendar

NINE = shanghai("2026-05-12 09:00")
ACTS = (
    "pause",
    "late_wait",
    "resume",
    "answer",
    "grade",
    "earlier",
    "stop",
    "undo",
    "cancel",
    "sweep",
    "redate",
    "calendar",
)
METRICS = (Metric.RESOLVE, Metric.INITIAL, Metric.ACK)

pytestmark = pytest.mark.django_db


def perform(complaint, act: str, metric: str, hours: int, at, by) -> None:
    """Do one act of a person, the mail, or the sweep."""
    if act == "pause":
        clocks.pause(complaint, metric, PauseReason.WAITING_SAMPLE, at=at, by=by, evidence="Mail")
    elif act == "late_wait":
        since = max(at - timedelta(hours=hours), NINE)
        until = since + (at - since) / 2
        clocks.pause(complaint, metric, PauseReason.DISPUTE, at=at, by=by, since=since, until=until)
    elif act == "resume":
        clocks.resume(complaint, metric, at=at, by=by)
    elif act == "answer":
        clocks.customer_answered(complaint, at=at, by=by)
    elif act == "grade":
        complaint.grade = f"G{hours % 4 + 1}"
        clocks.retarget(complaint, at=at, by=by)
    elif act == "earlier":
        clocks.restart_from(complaint, start=NINE - timedelta(minutes=hours), at=at, by=by)
    elif act == "stop":
        clocks.stop(complaint, metric, at=at, by=by)
    elif act == "undo":
        clocks.undo_stop(complaint, metric, at=at, by=by)
    elif act == "cancel":
        clocks.cancel(complaint, metric, at=at, by=by)
    elif act == "redate":
        clocks.redate(complaint, Metric.VISIT, at=at, by=by, due_at=at + timedelta(hours=hours), subject="v")
    elif act == "calendar":
        another_calendar(at, hours)
    else:
        clocks.sweep(now=at)


def another_calendar(at, hours: int) -> None:
    """Make one more day of the year a rest day, and reckon the open clocks by it."""
    base = WorkCalendar.objects.current("CN-STD")
    days = [*days_of(base.off, base.exceptions, 2026, base.names), Day(date(2026, 5, 12) + timedelta(days=hours))]
    days = list({day.on: day for day in days}.values())
    calendars.drafted(base, 2026, days, coverage="", source="", at=at).save()
    calendars.rereckon_owed(now=at)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(METRICS), st.integers(0, 90)), max_size=12))
def test_whatever_was_done_the_events_give_the_row(ada, steps):
    with transaction.atomic():
        complaint, at = received(ada, at=NINE), NINE
        due_at = NINE + timedelta(hours=60)
        clocks.start(complaint, Metric.VISIT, at=NINE, by=ada, subject="v", due_at=due_at, steps=[("today", due_at)])
        for act, metric, hours in steps:
            at += timedelta(hours=hours)
            perform(complaint, act, metric, hours + 1, at, ada)

        assert [str(wrong) for wrong in clock_check.check_all().wrong] == []
        transaction.set_rollback(True)


def test_a_replay_as_of_a_moment_gives_the_clock_of_then(ada):
    complaint = received(ada, at=NINE)
    before = clock_check.values_of(clock_of(complaint, Metric.RESOLVE))
    clocks.pause(complaint, Metric.RESOLVE, PauseReason.DISPUTE, at=NINE + timedelta(hours=3), by=ada)

    facts = [Fact(event.kind, event.at, event.facts) for event in events_of(complaint)]
    then = replay(facts, as_of=NINE + timedelta(hours=2))

    assert differences(before, then[Key("RESOLVE", 1, "")]) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"target_minutes": 60}, "target_minutes is 60, its events give 14400"),
        ({"due_at": NINE}, f"due_at is {NINE.isoformat()}, its events give"),
        ({"state": "CANCELLED", "next_at": None}, "state is CANCELLED, its events give RUNNING"),
        ({"steps": []}, "steps is [], its events give"),
    ],
)
def test_a_row_that_was_changed_is_named(ada, changed, said):
    complaint = received(ada, at=NINE)
    SlaClock.objects.filter(complaint=complaint, metric="RESOLVE").update(**changed)

    wrong = [str(one) for one in clock_check.check_all().wrong]

    assert any(said in one and f"{complaint.ref} RESOLVE cycle 1" in one for one in wrong), wrong


def test_a_pause_without_an_event_is_named(ada):
    complaint = received(ada, at=NINE)
    SlaPause.objects.create(clock=clock_of(complaint, "RESOLVE"), reason="DISPUTE", started_at=NINE, ended_at=NINE)

    [wrong] = clock_check.check_all().wrong

    assert wrong.difference.name == "pauses"


def test_a_clock_that_no_event_started_is_named(ada):
    complaint = received(ada, at=NINE)
    SlaClock.objects.filter(complaint=complaint, metric="ACK").update(subject="other")

    wrong = clock_check.check_all().wrong

    assert {(one.key.subject, one.difference.row, one.difference.replayed) for one in wrong} == {
        ("", "", "RUNNING"), ("other", "RUNNING", ""),
    }  # fmt: skip


def test_the_batches_leave_nobody_out(ada, monkeypatch):
    monkeypatch.setattr(clock_check, "BATCH", 2)
    for _n in range(5):
        received(ada, at=NINE)

    assert clock_check.check_all().clocks == 25


def test_the_command_says_how_many_hold(ada):
    received(ada, at=NINE)
    out = StringIO()

    call_command("check_clocks", stdout=out)

    assert "5 clocks are as their events say" in out.getvalue()


def test_the_command_fails_and_names_each_difference(ada):
    complaint = received(ada, at=NINE)
    SlaClock.objects.filter(complaint=complaint, metric="ACK").update(level=3)
    err = StringIO()

    with pytest.raises(CommandError, match="1 of 5 clocks differ from their events in 1 values"):
        call_command("check_clocks", stderr=err)

    assert f"{complaint.ref} ACK cycle 1: level is 3, its events give 0" in err.getvalue()


def test_the_nightly_task_says_in_the_log_what_differs(ada, caplog):
    from complaints.tasks import check_clocks

    complaint = received(ada, at=NINE)
    SlaClock.objects.filter(complaint=complaint, metric="ACK").update(level=3)

    assert check_clocks() == 1
    assert f"{complaint.ref} ACK cycle 1: level is 3" in caplog.text


def test_an_open_case_that_no_clock_watches_is_named(ada, capsys):
    complaint, _other = received(ada, at=NINE), received(ada, at=NINE)
    clocks.cancel(complaint, "RESOLVE", at=NINE, by=ada)

    with pytest.raises(CommandError, match="1 open cases lack their clock"):
        call_command("check_clocks")

    assert capsys.readouterr().err == f"{complaint.ref}: the case is open, but RESOLVE does not run\n"
