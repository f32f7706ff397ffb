"""Other weekly hours from a date on: who may, what is refused, which clocks follow, and the pages."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audit.models import Event
from complaints import calendars, clock_check
from complaints.lifecycle import Refused
from complaints.models.states import Metric
from tests.complaints.factories import clock_of, received, shanghai
from worktime.calendars import BadInput
from worktime.models import CalendarVersion, WorkCalendar

NINE = shanghai("2026-05-12 09:00")
MONDAY = date(2026, 5, 18)
SHORT = dict.fromkeys(range(5), ((540, 720),))  # mornings
HOURS = "/settings/calendars/CN-STD/hours/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def base():
    return WorkCalendar.objects.current("CN-STD")


def publish(base, by, *, week=SHORT, since=MONDAY, at=NINE):
    return calendars.publish_hours(base, week, since=since, source="Works agreement", by=by, at=at)


def test_days_before_the_date_keep_their_hours(base, lee):
    version = publish(base, lee)

    calendar = version.as_calendar()
    assert calendar.wall_windows(date(2026, 5, 15)) == ((540, 720), (780, 1080))
    assert calendar.wall_windows(MONDAY) == ((540, 720),)
    assert (version.version, version.weekly, version.off, version.names) == (2, base.weekly, base.off, base.names)
    assert base.as_calendar().wall_windows(MONDAY) == ((540, 720), (780, 1080))


def test_it_is_written_down_with_the_hours_before_and_after(base, lee):
    publish(base, lee)

    event = Event.objects.of("calendar", calendars.stream_of(base.calendar)).get()
    assert (event.kind, event.by_id, event.facts["since"]) == ("calendar.published", lee.pk, "2026-05-18")
    assert (event.facts["before"][0], event.facts["after"][0]) == ("09:00-12:00 13:00-18:00", "09:00-12:00")


def test_a_change_planned_for_later_still_comes(base, lee):
    june = date(2026, 6, 1)
    version = publish(base, lee, since=june, week={0: ((0, 1440),)})

    version = publish(version, lee)

    assert version.as_calendar().wall_windows(date(2026, 5, 29)) == ((540, 720),)
    assert version.as_calendar().wall_windows(june) == ((0, 1440),)


def test_a_planned_change_is_taken_back_by_the_hours_before_it(base, lee):
    version = publish(base, lee)

    version = publish(version, lee, week=dict(base.as_calendar().weekly))

    assert version.weekly_from == {}


def test_only_who_keeps_the_calendars_may(base, quinn):
    with pytest.raises(PermissionDenied):
        publish(base, quinn)


def test_a_date_that_is_over_in_the_calendars_zone_is_refused(base, lee):
    with pytest.raises(Refused) as refusal:
        publish(base, lee, since=date(2026, 5, 11))

    assert [why.code for why in refusal.value.reasons] == ["hours_past"]
    assert publish(base, lee, since=date(2026, 5, 12)).version == 2


def test_a_week_without_working_time_is_refused(base, lee):
    with pytest.raises(BadInput) as refused:
        publish(base, lee, week={0: ()})

    assert refused.value.code == "calendar_without_windows"
    assert CalendarVersion.objects.count() == 1


def test_hours_that_change_nothing_are_refused(base, lee):
    with pytest.raises(Refused) as refusal:
        publish(base, lee, week=dict(base.as_calendar().weekly))

    assert [why.code for why in refusal.value.reasons] == ["calendar_same"]
    assert not Event.objects.filter(kind="calendar.published").exists()


def test_what_somebody_changed_meanwhile_is_refused(base, lee):
    publish(base, lee)

    with pytest.raises(Refused) as refusal:
        publish(base, lee, since=date(2026, 7, 1))

    assert [why.code for why in refusal.value.reasons] == ["calendar_changed"]


def test_open_clocks_follow_as_the_impact_foresaw(base, ada, lee):
    complaint = received(ada, at=NINE)
    now = NINE + timedelta(hours=1)
    after = calendars.drafted_hours(base, SHORT, since=MONDAY, source="", at=now).as_calendar()
    foreseen = calendars.impact(base, after, now=now).moved
    [moved] = [one for one in foreseen if one.metric == Metric.RESOLVE]
    publish(base, lee, at=now)

    calendars.rereckon_owed(now=now)

    clock = clock_of(complaint, Metric.RESOLVE)
    assert (moved.ref, moved.after) == (complaint.ref, clock.due_at)
    assert moved.after > moved.before
    assert clock.calendar_version.version == 2
    assert clock_check.check_all().wrong == []


# The pages ------------------------------------------------------------------------------------------------------------


def ahead(days: int = 10) -> date:
    return timezone.localdate() + timedelta(days=days)


def said(since=None, **days) -> dict:
    week = {f"day{day}": "09:00-12:00 13:00-18:00" for day in range(5)} | {"day5": "", "day6": ""}
    return {"since": (since or ahead()).isoformat(), "source": "Agreement 4", **week, **days}


def hidden(shown) -> dict:
    texts = {f"day{number}": text for number, text in enumerate(shown.context["texts"])}
    given = {"since": shown.context["since"].isoformat(), "source": shown.context["source"], "version": 1}
    return {"what": "confirm", **texts, **given}


def test_the_form_begins_with_the_hours_in_force(signed_in, lee):
    answer = signed_in(lee).get(HOURS)

    assert 'value="09:00-12:00 13:00-18:00"' in answer.text
    assert "A night shift is split at midnight" in answer.text


def test_what_would_change_is_shown_first_and_then_put_into_force(signed_in, lee):
    client = signed_in(lee)

    shown = client.post(HOURS, said(day0="22:00-24:00", day1="00:00-06:00", day5="9:00-12:00"))

    assert shown.status_code == 200
    assert [row["changes"] for row in shown.context["rows"]] == [True, True, False, False, False, True, False]
    assert CalendarVersion.objects.count() == 1

    done = client.post(HOURS, hidden(shown))

    version = WorkCalendar.objects.current("CN-STD")
    assert done.status_code == 302
    assert (version.version, version.source) == (2, "Agreement 4")
    assert version.weekly_from[ahead().isoformat()]["0"] == [["22:00", "24:00"]]


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ({"day0": "22:00-06:00"}, "Write 22:00-24:00 on Monday and 00:00-06:00 on Tuesday."),
        ({"day6": "22:00-06:00"}, "Write 22:00-24:00 on Sunday and 00:00-06:00 on Monday."),
        ({"day0": "18:00-00:00"}, "Write 24:00 for the end of the day."),
        ({"day0": "09:00-09:00"}, "The window from 09:00 ends at 09:00."),
        ({"day0": "09:00-12:00 11:00-13:00"}, "overlaps the one from 11:00"),
        ({"day0": "noon"}, "cannot be read"),
        ({"day0": "25:00-26:00"}, "is not a time of day"),
        ({f"day{day}": "" for day in range(7)}, "The calendar has no working time."),
        ({"since": "2026-01-01"}, "is past. Weekly hours change from today"),
        ({"since": "9999-01-01"}, "Give a year from 1900 to 2200."),
        ({"since": "soon"}, "Enter a valid date."),
        ({}, "Nothing would change"),
    ],
)  # fmt: skip
def test_hours_that_do_not_fit_are_refused_and_kept_as_typed(signed_in, lee, days, why):
    sent = said() | days
    answer = signed_in(lee).post(HOURS, sent)

    assert answer.status_code == 422
    assert why in answer.text
    assert f'value="{sent["day4"]}"' in answer.text or not sent["day4"]
    assert CalendarVersion.objects.count() == 1


def test_what_was_shown_is_refused_once_somebody_else_changed_it(signed_in, lee, base):
    client = signed_in(lee)
    shown = client.post(HOURS, said(day5="09:00-12:00"))
    publish(base, lee, since=ahead(3), at=timezone.now())

    answer = client.post(HOURS, hidden(shown))

    assert answer.status_code == 409
    assert "Somebody changed this calendar meanwhile" in answer.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_reads_which_right_is_missing(signed_in, ada, method):
    answer = getattr(signed_in(ada), method)(HOURS, {})

    assert answer.status_code == 403
    assert "Keep the work calendars" in answer.text


def test_the_year_shows_the_hours_now_and_those_planned(signed_in, lee, base):
    publish(base, lee, since=ahead(), at=timezone.now())

    answer = signed_in(lee).get(f"/settings/calendars/CN-STD/{ahead().year}/")

    assert f"From {ahead().isoformat()} on" in answer.text
    assert [week["planned"] for week in answer.context["weeks"]] == [False, True]
    [newest, first] = answer.context["versions"]
    assert (newest["by"], newest["what"], newest["since"]) == ("Lee", "weekly hours", ahead().isoformat())
    assert (first["what"], first["published"]) == ("came with the program", "")


def test_a_planned_change_is_taken_back_on_the_page(signed_in, lee, base):
    publish(base, lee, since=ahead(), at=timezone.now())
    client = signed_in(lee)
    back = client.get(HOURS).context["weeks"][1]["back"]
    sent = {"since": ahead().isoformat(), **{f"day{number}": text for number, text in enumerate(back)}}

    shown = client.post(HOURS, sent)
    client.post(HOURS, {**hidden(shown), "version": 2})

    assert WorkCalendar.objects.current("CN-STD").weekly_from == {}
