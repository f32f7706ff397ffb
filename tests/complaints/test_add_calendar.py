"""A calendar that is not there yet, and what one is called: verbs and pages."""

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import Event
from complaints import calendars
from complaints.calculators.shapes import calendar_named
from complaints.lifecycle import Refused
from tests.cast import NOON
from worktime.calendars import BadInput
from worktime.models import CalendarVersion, WorkCalendar

WEEK = dict.fromkeys(range(5), ((480, 720), (750, 990)))
NEW = "/settings/calendars/new/"

pytestmark = pytest.mark.django_db


def add(by, code="DE-BER", *, zone="Europe/Berlin", week=WEEK):
    return calendars.add(code, name="Berlin", zone=zone, country="DE", week=week, by=by, at=NOON)


def test_it_begins_with_its_week_from_today_on(lee):
    version = add(lee)

    assert (version.version, version.effective_from, version.calendar.zone) == (1, NOON.date(), "Europe/Berlin")
    assert version.as_calendar().weekly == WEEK
    event = Event.objects.of("calendar", calendars.stream_of(version.calendar)).get()
    assert (event.kind, event.by_id) == ("calendar.added", lee.pk)


def test_the_calculators_count_by_it_at_once(lee):
    add(lee)

    assert calendar_named("DE-BER").weekly == WEEK


def test_only_who_keeps_the_calendars_may(quinn):
    with pytest.raises(PermissionDenied):
        add(quinn)


@pytest.mark.parametrize("code", ["CN-STD", "cn-std", "", "-X", "X-", "A/B", "X" * 41, "贝"])
def test_a_code_that_is_taken_or_no_code_is_refused(lee, code):
    with pytest.raises(Refused) as refusal:
        add(lee, code)

    taken = code == "CN-STD"
    assert [why.code for why in refusal.value.reasons] == [
        "calendar_code_taken" if taken else "calendar_code_malformed"
    ]
    assert WorkCalendar.objects.count() == 1


@pytest.mark.parametrize(
    ("parts", "code"), [({"zone": "Mars/Base"}, "zone_unknown"), ({"week": {}}, "calendar_without_windows")]
)
def test_what_is_no_calendar_is_refused_and_nothing_kept(lee, parts, code):
    with pytest.raises(BadInput) as refused:
        add(lee, **parts)

    assert refused.value.code == code
    assert WorkCalendar.objects.count() == 1
    assert not Event.objects.filter(kind="calendar.added").exists()


def test_it_is_called_otherwise_with_an_event_without_its_words(lee):
    calendar = add(lee).calendar

    calendars.describe(calendar, name="Berlin works", country="DE", description="Plant 2", by=lee, at=NOON)

    kept = WorkCalendar.objects.get(code="DE-BER")
    assert (kept.name, kept.description, kept.zone) == ("Berlin works", "Plant 2", "Europe/Berlin")
    event = Event.objects.get(kind="calendar.described")
    assert "Berlin works" not in str(event.facts)


def test_the_same_words_again_and_who_may_not_are_refused(lee, quinn):
    calendar = add(lee).calendar
    same = {"name": "Berlin", "country": "DE", "description": ""}
    with pytest.raises(PermissionDenied):
        calendars.describe(calendar, **{**same, "name": "X"}, by=quinn, at=NOON)

    with pytest.raises(Refused) as refusal:
        calendars.describe(calendar, **same, by=lee, at=NOON)

    assert [why.code for why in refusal.value.reasons] == ["calendar_same"]


# The pages ------------------------------------------------------------------------------------------------------------


def said(**parts) -> dict:
    week = {f"day{day}": "08:00-12:00 12:30-16:30" for day in range(5)}
    return {"code": "de-ber", "name": "Berlin", "zone": "Europe/Berlin", "country": "de", **week, **parts}


def test_a_calendar_is_added_with_the_public_holidays_of_its_country(signed_in, lee):
    client = signed_in(lee)
    year = client.get(NEW).context["form"]["holidays"].field.choices[0][0]

    answer = client.post(NEW, said(subdivision="be", holidays=[year]))

    version = WorkCalendar.objects.current("DE-BER")
    assert answer.status_code == 302
    assert f"{year}-12-25" in version.off
    assert (version.calendar.country, version.source, version.years) == ("DE", "holidays: DE BE", {year: "decreed"})
    assert version.names[f"{year}-12-25"] == "Christmas Day"
    shown = client.get(answer.url)
    assert "Christmas Day" in shown.text
    assert "Not the company’s" in shown.text


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"zone": "Mars/Base"}, "The time zone “Mars/Base” is not known."),
        ({"code": "a b"}, "Write the code with capital letters"),
        ({"code": "x" * 41}, "at most 40 characters"),
        ({"country": "D1"}, "Write the country with two letters"),
        ({"country": "", "holidays": "this"}, "Name the country"),
        ({"country": "XX", "holidays": "this"}, "There are no holidays for the country “XX”"),
        ({"subdivision": "ZZ", "holidays": "this"}, "There is no part “ZZ” of DE"),
        ({"holidays": "1066"}, "1066 is not one of the available choices"),
        ({f"day{day}": "" for day in range(7)}, "The calendar has no working time."),
        ({"day2": "20:00-04:00"}, "00:00-04:00 on Thursday"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_does_not_fit_is_refused_and_kept_as_typed(signed_in, lee, parts, why):
    client = signed_in(lee)
    if parts.get("holidays") == "this":
        parts = {**parts, "holidays": client.get(NEW).context["form"]["holidays"].field.choices[0][0]}

    answer = client.post(NEW, said(**parts))

    assert answer.status_code == 422
    assert why in answer.text
    assert CalendarVersion.objects.count() == 1


def test_a_code_that_is_there_already_is_refused(signed_in, lee):
    answer = signed_in(lee).post(NEW, said(code="CN-STD"))

    assert answer.status_code == 409
    assert "There is a calendar with the code CN-STD already." in answer.text


def test_the_zones_are_offered(signed_in, lee):
    answer = signed_in(lee).get(NEW)

    assert '<option value="Asia/Shanghai">' in answer.text
    assert "posix" not in answer.text


def test_the_list_says_which_calendar_is_the_companys_and_what_others_are_for(signed_in, ada, lee):
    add(lee)

    answer = signed_in(ada).get("/settings/calendars/")

    assert [(row["named"].code, row["company"]) for row in answer.context["rows"]] == [
        ("CN-STD", True), ("DE-BER", False),
    ]  # fmt: skip
    assert "The company’s calendar" in answer.text
    assert NEW not in answer.text


def test_a_calendar_is_renamed_and_then_shown_so(signed_in, lee):
    client = signed_in(lee)

    done = client.post("/settings/calendars/CN-STD/about/", {"name": "Head office", "country": "CN", "zone": "UTC"})

    assert done.status_code == 302
    assert WorkCalendar.objects.get(code="CN-STD").zone == "Asia/Shanghai"
    assert "Head office" in client.get("/settings/calendars/").text


def test_a_name_that_is_missing_or_the_same_is_refused(signed_in, lee):
    client, about = signed_in(lee), "/settings/calendars/CN-STD/about/"
    named = WorkCalendar.objects.get(code="CN-STD")

    assert client.post(about, {"name": "", "country": "CN"}).status_code == 422
    assert client.post(about, {"name": named.name, "country": "CN"}).status_code == 409


@pytest.mark.parametrize("address", [NEW, "/settings/calendars/CN-STD/about/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_reads_which_right_is_missing(signed_in, ada, address, method):
    answer = getattr(signed_in(ada), method)(address, {})

    assert answer.status_code == 403
    assert "Keep the work calendars" in answer.text
