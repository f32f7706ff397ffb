"""A new version of a calendar: who may, what is refused, which clocks follow, and the page that shows it first."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Event
from complaints import calendars, clock_check, clocks
from complaints.lifecycle import Refused
from complaints.models.states import Metric, PauseReason
from tests.complaints.factories import clock_of, events_of, grade_it, received, shanghai
from worktime.days import Day, days_of
from worktime.models import CalendarVersion, WorkCalendar

NINE = shanghai("2026-05-12 09:00")
RESOLVE = Metric.RESOLVE
EXTRA = Day(date(2026, 5, 20))  # a Wednesday that becomes a rest day
CHANGE = "/settings/calendars/CN-STD/2026/change/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def base():
    return WorkCalendar.objects.current("CN-STD")


def with_extra(base, *extra) -> list[Day]:
    return [*days_of(base.off, base.exceptions, 2026, base.names), *extra]


def publish(base, by, *, days=None, at=NINE, coverage="decreed"):
    days = with_extra(base, EXTRA) if days is None else days
    return calendars.publish(base, 2026, days, coverage=coverage, source="Notice 12", by=by, at=at)


def test_a_new_version_leaves_the_old_one_as_it_was(base, lee):
    version = publish(base, lee)

    old = CalendarVersion.objects.get(pk=base.pk)
    assert (version.version, version.effective_from, version.source) == (2, date(2026, 5, 12), "Notice 12")
    assert not version.as_calendar().is_workday(EXTRA.on)
    assert old.as_calendar().is_workday(EXTRA.on)
    assert days_of(old.off, old.exceptions, 2025) == days_of(version.off, version.exceptions, 2025)


def test_it_is_written_down_with_each_day(base, lee):
    publish(base, lee)

    event = Event.objects.of("calendar", calendars.stream_of(base.calendar)).get()
    assert (event.kind, event.by_id, event.facts["version"]) == ("calendar.published", lee.pk, 2)
    assert event.facts["days"] == [["2026-05-20", "09:00-12:00 13:00-18:00", ""]]


def test_only_who_keeps_the_calendars_may(base, quinn):
    with pytest.raises(PermissionDenied):
        publish(base, quinn)

    assert CalendarVersion.objects.count() == 1


def test_what_somebody_changed_meanwhile_is_refused(base, lee):
    publish(base, lee)

    with pytest.raises(Refused) as refusal:
        publish(base, lee, days=[])

    assert [why.code for why in refusal.value.reasons] == ["calendar_changed"]


def test_a_change_that_changes_nothing_is_refused(base, lee):
    with pytest.raises(Refused) as refusal:
        publish(base, lee, days=with_extra(base))

    assert [why.code for why in refusal.value.reasons] == ["calendar_same"]
    assert not Event.objects.filter(kind="calendar.published").exists()


# The clocks -----------------------------------------------------------------------------------------------------------


def test_open_clocks_follow_with_an_event_that_names_the_version(base, ada, lee):
    complaint = received(ada, at=NINE)
    before = clock_of(complaint, RESOLVE).due_at
    publish(base, lee, at=NINE + timedelta(hours=1))

    assert calendars.rereckon_owed(now=NINE + timedelta(hours=2)) == 1

    clock = clock_of(complaint, RESOLVE)
    [event] = [one for one in events_of(complaint, "clock.retargeted") if one.facts["metric"] == "RESOLVE"]
    assert clock.due_at == before + timedelta(days=1)
    assert (event.facts["calendar"], event.facts["before"]["calendar"]) == ("CN-STD v2", "CN-STD v1")
    assert clock.calendar_version.version == 2


def test_a_second_time_nothing_happens(base, ada, lee):
    received(ada, at=NINE)
    publish(base, lee)
    calendars.rereckon_owed(now=NINE + timedelta(hours=2))

    assert calendars.rereckon_owed(now=NINE + timedelta(hours=3)) == 0


def test_decided_and_missed_clocks_keep_their_version(base, ada, lee):
    complaint = received(ada, at=NINE)
    clocks.stop(complaint, Metric.ACK, at=NINE + timedelta(hours=1), by=ada)
    late = NINE + timedelta(days=3)
    clocks.sweep(now=late)
    publish(base, lee, at=late)

    calendars.rereckon_owed(now=late)

    versions = {metric: clock_of(complaint, metric).calendar_version.version for metric in ("ACK", "TRIAGE", "RESOLVE")}
    assert versions == {"ACK": 1, "TRIAGE": 1, "RESOLVE": 2}


def test_a_clock_round_the_clock_does_not_care(base, ada, lee):
    complaint = received(ada, at=NINE)
    publish(base, lee)

    calendars.rereckon_owed(now=NINE + timedelta(hours=2))

    assert clock_of(complaint, Metric.INITIAL).generation == 0


def test_a_clock_by_date_follows_where_its_last_day_is_no_working_day_any_more(base, ada, quinn, lee):
    """A report owed thirty days after 12 May is due on Thursday 11 June; the extra day off moves it to Friday."""
    complaint = grade_it(received(ada, at=NINE), quinn, at=NINE + timedelta(minutes=1), grade="G2")
    assert clock_of(complaint, Metric.EIGHT_D).due_at == shanghai("2026-06-12 00:00")
    days = with_extra(base, Day(date(2026, 6, 11)))
    after = calendars.drafted(base, 2026, days, coverage="", source="", at=NINE).as_calendar()
    foreseen = {moved.metric: moved.after for moved in calendars.impact(base, after, now=NINE).moved}

    publish(base, lee, days=days)
    calendars.rereckon_owed(now=NINE + timedelta(hours=2))

    clock = clock_of(complaint, Metric.EIGHT_D)
    assert clock.due_at == foreseen["8D_FINAL"] == shanghai("2026-06-13 00:00")
    assert (clock.calendar_version.version, clock.grace_minutes) == (2, 0)
    assert clock_check.check_all().wrong == []


def test_a_clock_that_waits_is_reckoned_when_it_runs_on(base, ada, lee):
    complaint = received(ada, at=NINE)
    due_at = clock_of(complaint, RESOLVE).due_at
    start, end = shanghai("2026-05-12 14:00"), shanghai("2026-05-13 14:00")
    clocks.pause(complaint, RESOLVE, PauseReason.DISPUTE, at=start, by=ada)
    publish(base, lee, at=start)
    calendars.rereckon_owed(now=start)
    assert clock_of(complaint, RESOLVE).due_at is None

    clocks.resume(complaint, RESOLVE, at=end, by=ada)

    assert clock_of(complaint, RESOLVE).due_at == due_at + timedelta(days=2)


def test_a_calendar_that_tightens_leaves_two_hours(base, ada, lee):
    complaint = received(ada, at=NINE)
    friday = shanghai("2026-05-22 17:30")
    clocks.start(complaint, Metric.VISIT, at=NINE, by=ada, subject="x", due_at=friday)
    clock = clocks.start(complaint, RESOLVE, at=NINE, by=ada, subject="short", target_minutes=60 * 60)
    saturday = Day(date(2026, 5, 16), ((0, 1440),))  # a make-up day of 24 hours
    now = shanghai("2026-05-20 17:00")
    publish(base, lee, days=with_extra(base, saturday), at=now)

    calendars.rereckon_owed(now=now)

    assert clock.due_at == shanghai("2026-05-21 14:00")
    assert clock_of(complaint, RESOLVE, subject="short").due_at == now + timedelta(hours=2)


def test_the_events_still_give_the_rows(base, ada, lee):
    complaint = received(ada, at=NINE)
    clocks.pause(complaint, RESOLVE, PauseReason.DISPUTE, at=NINE + timedelta(hours=1), by=ada)
    received(ada, at=NINE)
    publish(base, lee)

    calendars.rereckon_owed(now=NINE + timedelta(hours=2))

    assert clock_check.check_all().wrong == []


def test_the_impact_is_what_then_happens(base, ada, lee):
    complaint, other = received(ada, at=NINE), received(ada, at=NINE)
    clocks.pause(other, RESOLVE, PauseReason.DISPUTE, at=NINE + timedelta(hours=1), by=ada)
    now = NINE + timedelta(hours=1)
    after = calendars.drafted(base, 2026, with_extra(base, EXTRA), coverage="", source="", at=now).as_calendar()

    foreseen = calendars.impact(base, after, now=now)

    publish(base, lee, at=now)
    calendars.rereckon_owed(now=now)
    [moved] = foreseen.moved
    assert (moved.ref, moved.metric, moved.after) == (complaint.ref, "RESOLVE", clock_of(complaint, RESOLVE).due_at)
    assert (foreseen.open, foreseen.waiting) == (8, 1)


# The page -------------------------------------------------------------------------------------------------------------


def upload(text: str, name: str = "days.csv") -> dict:
    return {"what": "file", "file": SimpleUploadedFile(name, text.encode()), "source": ""}


def hidden(answer) -> dict:
    return {"what": "confirm", **{name: answer.context[name] for name in ("days", "coverage", "source")}, "version": 1}


def test_a_file_is_shown_first_and_then_put_into_force(signed_in, lee, ada):
    complaint = received(ada)
    client = signed_in(lee)

    shown = client.post(CHANGE, upload("date,windows,name\n2027-01-01,,New Year\n2026-05-20,,Founders' day\n"))

    assert shown.status_code == 200
    assert shown.context["left_out"] == 1
    assert "Founders" not in shown.context["source"]
    assert CalendarVersion.objects.count() == 1

    done = client.post(CHANGE, hidden(shown))

    version = WorkCalendar.objects.current("CN-STD")
    assert done.status_code == 302
    assert (version.version, version.source, version.years["2026"]) == (2, "days.csv", "decreed")
    assert [day.on for day in days_of(version.off, version.exceptions, 2026)] == [EXTRA.on]
    assert complaint.ref


def test_every_bad_line_is_named_and_nothing_kept(signed_in, lee):
    answer = signed_in(lee).post(CHANGE, upload("date,windows\n2026-13-01,\n2026-05-20,9 to late\n2026-05-21,\n"))

    assert answer.status_code == 422
    assert "Line 2: " in answer.text
    assert "Line 3: " in answer.text
    assert CalendarVersion.objects.count() == 1


@pytest.mark.parametrize("text", ["", "date\n2031-01-01\n", "BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "\x00"])
def test_a_file_that_says_nothing_of_the_year_is_refused(signed_in, lee, text):
    assert signed_in(lee).post(CHANGE, upload(text)).status_code == 422


def test_a_calendar_file_is_read_too(signed_in, lee):
    client = signed_in(lee)
    days = client.get("/settings/calendars/CN-STD/2026/days.ics").content.decode()
    days = days.replace("DTSTART;VALUE=DATE:20260101", "DTSTART;VALUE=DATE:20260520", 1)
    days = days.replace("DTEND;VALUE=DATE:20260102", "DTEND;VALUE=DATE:20260521", 1)

    shown = client.post(CHANGE, upload(days, "days.ics"))

    assert [str(row["on"]) for row in shown.context["changes"]] == ["2026-01-01", "2026-05-20"]


def test_one_day_leaves_the_others(signed_in, lee):
    said = {"what": "day", "on": "2026-05-20", "how": "hours", "hours": "9:00-12:00", "source": "Notice"}

    shown = signed_in(lee).post(CHANGE, said)

    [row] = shown.context["changes"]
    assert (row["after"].kind, row["after"].hours) == ("own", "09:00-12:00")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"on": "2027-05-20", "how": "rest"}, "Give a date of 2026."),
        ({"on": "2026-05-20", "how": "hours"}, "Give the hours."),
        ({"on": "2026-05-20", "how": "hours", "hours": "12:00-09:00"}, "End it later"),
        ({"on": "2026-05-20", "how": "week"}, "Nothing would change"),
        ({"on": "nonsense", "how": "rest"}, "Enter a valid date."),
    ],
)
def test_a_day_that_does_not_fit_is_refused(signed_in, lee, said, why):
    answer = signed_in(lee).post(CHANGE, {"what": "day", **said})

    assert answer.status_code == 422
    assert why in answer.text


def test_a_country_brings_its_holidays(signed_in, lee):
    shown = signed_in(lee).post("/settings/calendars/CN-STD/2028/change/", {"what": "country", "country": "cn"})

    assert shown.status_code == 200
    assert shown.context["coverage"] == "statutory"
    assert "2028-10-02" in {str(row["on"]) for row in shown.context["changes"]}


def test_an_unknown_country_is_refused(signed_in, lee):
    answer = signed_in(lee).post(CHANGE, {"what": "country", "country": "XX"})

    assert answer.status_code == 422
    assert "There are no holidays for the country “XX”" in answer.text


def test_what_was_shown_is_refused_once_somebody_else_changed_it(signed_in, lee, base):
    client = signed_in(lee)
    shown = client.post(CHANGE, upload("2026-05-20\n"))
    publish(base, lee)

    answer = client.post(CHANGE, hidden(shown))

    assert answer.status_code == 409
    assert "Somebody changed this calendar meanwhile" in answer.text


@pytest.mark.parametrize("days", ["2027-05-20", "date,windows\n2026-05-20,\n2027-05-20,09:00-12:00"])
def test_days_of_another_year_cannot_be_confirmed(signed_in, lee, days):
    client = signed_in(lee)
    shown = client.post(CHANGE, upload("2026-05-20\n"))

    answer = client.post(CHANGE, {**hidden(shown), "days": days})

    assert answer.status_code == 422
    assert "2027 is not a day of 2026." in answer.text
    assert CalendarVersion.objects.count() == 1


def test_the_verb_too_refuses_days_of_another_year(base, lee):
    with pytest.raises(Refused) as refusal:
        publish(base, lee, days=[Day(date(2027, 5, 20))])

    assert [why.code for why in refusal.value.reasons] == ["calendar_days_elsewhere"]


def test_names_are_shown_kept_and_handed_out_again(signed_in, lee):
    client = signed_in(lee)
    shown = client.post(CHANGE, upload("date,windows,name\n2026-05-20,,Founders' day\n"))

    client.post(CHANGE, hidden(shown))

    year = client.get("/settings/calendars/CN-STD/2026/")
    assert [(str(one.first), one.cell.name) for one in year.context["stretches"]] == [("2026-05-20", "Founders' day")]
    for form in ("csv", "ics"):
        assert "Founders' day" in client.get(f"/settings/calendars/CN-STD/2026/days.{form}").content.decode()


def test_only_a_name_is_a_change_too(signed_in, lee, base):
    said = {"what": "day", "on": "2026-10-01", "how": "rest", "called": "Founders' day"}
    client = signed_in(lee)

    shown = client.post(CHANGE, said)

    assert (shown.status_code, shown.context["changes"], shown.context["renamed"]) == (200, [], 1)
    client.post(CHANGE, hidden(shown))
    assert WorkCalendar.objects.current("CN-STD").names["2026-10-01"] == "Founders' day"
    year = client.get("/settings/calendars/CN-STD/2026/")
    assert year.context["versions"][0]["what"] == "names of days of 2026"


def test_a_day_that_is_changed_keeps_its_names_if_none_is_given(signed_in, lee, base):
    said = {"what": "day", "on": "2026-10-01", "how": "hours", "hours": "09:00-12:00"}
    client = signed_in(lee)

    client.post(CHANGE, hidden(client.post(CHANGE, said)))

    assert WorkCalendar.objects.current("CN-STD").names["2026-10-01"] == ["National Day", "国庆节"]


@pytest.mark.parametrize("sent", [{}, {"what": "other"}, {"what": "confirm"}, {"what": "file"}])
def test_a_form_that_is_no_form_changes_nothing(signed_in, lee, sent):
    assert signed_in(lee).post(CHANGE, sent).status_code == 422


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_reads_which_right_is_missing(signed_in, ada, method):
    answer = getattr(signed_in(ada), method)(CHANGE, {})

    assert answer.status_code == 403
    assert "Keep the work calendars" in answer.text


def test_the_year_leads_to_the_change_only_who_may(signed_in, ada, lee):
    address = "/settings/calendars/CN-STD/2026/"

    assert CHANGE in signed_in(lee).get(address).text
    assert CHANGE not in signed_in(ada).get(address).text


def test_the_year_names_who_published_each_version(signed_in, ada, lee, base):
    publish(base, lee)

    answer = signed_in(ada).get("/settings/calendars/CN-STD/2026/")

    assert [(one["row"].version, one["by"]) for one in answer.context["versions"]] == [(2, "Lee"), (1, "")]
    assert "Notice 12" in answer.text


def test_only_the_newest_version_of_each_calendar_is_read(base, lee, django_assert_num_queries):
    version = publish(base, lee)

    with django_assert_num_queries(1):
        found = calendars.newest()

    codes = [one.code for one in found]
    assert codes == sorted(WorkCalendar.objects.values_list("code", flat=True))
    assert version in found
    assert base not in found
