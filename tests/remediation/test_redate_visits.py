"""Visits follow a newer version of the calendar that dated them (DOMAIN §3.1 (14), §9.1)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from complaints import calendars, clock_check, event_words
from remediation import followup, redating, visits
from remediation.models import ReturnVisit
from tests.complaints.factories import clock_of, events_of
from tests.remediation.stories import DAY, RESOLVED, following_up, fresh
from worktime.days import Day, days_of
from worktime.models import CalendarVersion, WorkCalendar

LATER = RESOLVED + DAY
FIRST, SECOND = date(2026, 5, 27), date(2026, 6, 22)  # the second rolled from the Dragon Boat Festival


def publish(who, *extra: date, without: tuple[date, ...] = (), at=LATER) -> CalendarVersion:
    """Publish a version of the company's calendar with more rest days, or without some."""
    base = WorkCalendar.objects.current("CN-STD")
    days = [day for day in days_of(base.off, base.exceptions, 2026, base.names) if day.on not in without]
    days += [Day(on) for on in extra]
    return calendars.publish(base, 2026, days, coverage="decreed", source="", by=who.lee, at=at)


def dates(complaint) -> list[tuple[date, date]]:
    return [(row.due_on, row.tolerance_until) for row in complaint.visits.order_by("number")]


def test_a_planned_visit_moves_with_its_tolerance_and_its_clock(who):
    complaint = following_up(who)
    assert dates(complaint) == [(FIRST, date(2026, 5, 29)), (SECOND, date(2026, 6, 29))]
    version = publish(who, FIRST)

    assert followup.sweep(now=LATER)["redated"] == 1

    visit = complaint.visits.order_by("number").first()
    assert (visit.planned_on, visit.tolerance_until) == (date(2026, 5, 28), date(2026, 6, 1))
    clock = clock_of(complaint, "VISIT", subject=str(visit.uuid))
    assert clock.due_at == datetime(2026, 6, 1, 16, tzinfo=UTC)
    assert {row.calendar_version for row in complaint.visits.all()} == {version}
    assert clock_check.check_all().wrong == []


def test_the_event_names_both_dates_and_the_version(who):
    complaint = following_up(who)
    publish(who, FIRST)

    redating.follow_calendars(now=LATER)

    [event] = events_of(complaint, "visit.redated")
    assert (event.by_id, event.facts["from"], event.facts["to"]) == (None, "2026-05-27", "2026-05-28")
    assert event_words.say(event.kind, event.facts) == (
        "Return visit 1 follows the calendar CN-STD v2: 2026-05-27 (counts until 2026-05-29) is now 2026-05-28 "
        "(counts until 2026-06-01)"
    )


def test_a_second_time_nothing_happens(who):
    complaint = following_up(who)
    publish(who, FIRST)
    redating.follow_calendars(now=LATER)

    assert redating.follow_calendars(now=LATER + DAY) == 0

    assert len(events_of(complaint, "visit.redated")) == 1


def test_a_visit_that_a_version_does_not_touch_takes_it_in_silence(who):
    complaint = following_up(who)
    version = publish(who, date(2026, 12, 1))

    assert redating.follow_calendars(now=LATER) == 0

    assert {row.calendar_version for row in complaint.visits.all()} == {version}
    assert not events_of(complaint, "visit.redated")


def test_a_visit_moved_by_agreement_keeps_its_date_and_only_its_tolerance_follows(who):
    complaint = following_up(who)
    agreed = date(2026, 6, 3)
    visit = visits.move_visit(
        complaint.visits.order_by("number").first(), by=who.ada, at=RESOLVED, agreed_on=agreed, because="Plant closed"
    )
    publish(who, FIRST, agreed, date(2026, 6, 4))

    redating.follow_calendars(now=LATER)

    visit = fresh(visit)
    assert (visit.planned_on, visit.agreed_on, visit.tolerance_until) == (FIRST, agreed, date(2026, 6, 8))
    [event] = events_of(complaint, "visit.redated")
    assert (event.facts["from"], event.facts["to"]) == ("2026-06-03", "2026-06-03")
    assert (event.facts["until_before"], event.facts["until"]) == ("2026-06-05", "2026-06-08")


@pytest.mark.parametrize("end", ["done", "missed", "cancelled"])
def test_what_is_made_missed_or_cancelled_keeps_its_date(who, end):
    complaint = following_up(who)
    visit = complaint.visits.order_by("number").first()
    now = LATER
    if end == "done":
        now = datetime(2026, 5, 27, 8, tzinfo=UTC)
        visits.record_visit(visit, by=who.ada, at=now, works=True)
    elif end == "cancelled":
        visits.cancel_visit(visit, by=who.ada, at=now, because="Sold")
    else:
        now = datetime(2026, 5, 29, 17, tzinfo=UTC)
    publish(who, FIRST, at=now)

    followup.sweep(now=now)

    assert (fresh(visit).planned_on, fresh(visit).tolerance_until) == (FIRST, date(2026, 5, 29))
    assert not events_of(complaint, "visit.redated")


def test_a_date_that_comes_forward_never_lies_in_the_past(who):
    festival = date(2026, 6, 19)
    complaint = following_up(who)
    saturday = datetime(2026, 6, 20, 4, tzinfo=UTC)
    visits.record_visit(complaint.visits.order_by("number").first(), by=who.ada, at=RESOLVED + 7 * DAY, works=True)
    publish(who, without=(festival,), at=saturday)

    redating.follow_calendars(now=saturday)

    assert dates(complaint)[1][0] == SECOND


def test_a_date_that_comes_forward_in_time_does(who):
    complaint = following_up(who)
    publish(who, without=(date(2026, 6, 19),))

    redating.follow_calendars(now=LATER)

    assert dates(complaint)[1] == (date(2026, 6, 19), date(2026, 6, 26))


def test_a_tolerance_that_shrinks_leaves_today(who):
    complaint = following_up(who)
    version = publish(who, date(2026, 5, 28), date(2026, 5, 29))
    redating.follow_calendars(now=LATER)
    assert dates(complaint)[0] == (FIRST, date(2026, 6, 2))
    monday = datetime(2026, 6, 1, 4, tzinfo=UTC)
    publish(who, without=(date(2026, 5, 28), date(2026, 5, 29)), at=monday)

    redating.follow_calendars(now=monday)

    assert version.version == 2
    assert dates(complaint)[0] == (FIRST, date(2026, 6, 1))


def test_a_row_from_before_rows_named_their_version_follows_the_company(who):
    complaint = following_up(who)
    ReturnVisit.objects.update(calendar_version=None)
    publish(who, FIRST)

    redating.follow_calendars(now=LATER)

    assert dates(complaint)[0][0] == date(2026, 5, 28)


def test_the_days_are_counted_from_the_date_of_the_plan(who):
    complaint = following_up(who)
    complaint.customer.zone = "America/Los_Angeles"  # where it was still the day before
    complaint.customer.save()
    publish(who, date(2026, 12, 1))

    redating.follow_calendars(now=LATER)

    assert dates(complaint)[0][0] == FIRST


def test_another_calendar_moves_no_visit(who):
    complaint = following_up(who)
    week = dict.fromkeys(range(3), ((540, 720),))
    calendars.add("OTHER", name="Other", zone="UTC", week=week, by=who.lee, at=LATER)

    assert redating.follow_calendars(now=LATER) == 0

    assert dates(complaint)[0][0] == FIRST


def test_a_visit_that_cannot_be_dated_does_not_hold_up_the_others(who, monkeypatch):
    broken, sound = following_up(who), following_up(who)
    publish(who, FIRST)
    resolved_on = redating._resolved_on

    def fails(visit):
        if visit.complaint_id == broken.pk:
            raise ValueError(visit)
        return resolved_on(visit)

    monkeypatch.setattr(redating, "_resolved_on", fails)

    assert redating.follow_calendars(now=LATER) == 1

    assert (dates(broken)[0][0], dates(sound)[0][0]) == (FIRST, FIRST + timedelta(days=1))


# The pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/visits/", "/cases/{ref}/visits/"])
def test_a_visit_in_a_year_without_data_warns(who, signed_in, address):
    complaint = following_up(who)
    address = address.format(ref=complaint.ref)
    assert "public holidays for 2031" not in signed_in(who.ada).get(address).text
    complaint.visits.filter(number=2).update(planned_on=date(2031, 5, 20))

    assert "has no public holidays for 2031" in signed_in(who.ada).get(address).text
