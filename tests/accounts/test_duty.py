"""The duty rota: who is called outside working time, and where nobody is (R40)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts import duty
from accounts.models import DutyShift, User
from accounts.people import NotPossible
from tests.complaints.factories import shanghai
from worktime.models import WorkCalendar

TUESDAY = shanghai("2026-05-12 09:00")
EVENING, MORNING = shanghai("2026-05-12 18:00"), shanghai("2026-05-13 09:00")
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def shift(person, by, start=EVENING, end=MORNING, at=TUESDAY):
    return duty.add(person, by=by, at=at, starts_at=start, ends_at=end)


def test_whoever_is_on_the_rota_is_on_duty_for_that_time(ada, lee):
    shift(ada, lee)

    found = [duty.on_duty(moment) for moment in (EVENING - HOUR, EVENING, MORNING - HOUR, MORNING)]
    assert found == [[], [ada], [ada], []]


def test_two_may_share_a_night(ada, quinn, lee):
    shift(ada, lee)
    shift(quinn, lee)

    assert duty.on_duty(EVENING) == [ada, quinn]


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [(MORNING, EVENING, "backwards"), (TUESDAY - 9 * HOUR, TUESDAY - HOUR, "past"),
     (EVENING, EVENING + timedelta(days=15), "too_long")],
)  # fmt: skip
def test_a_shift_is_refused_with_words(ada, lee, start, end, code):
    with pytest.raises(NotPossible) as refusal:
        shift(ada, lee, start, end)

    assert refusal.value.code == code
    assert not DutyShift.objects.exists()


def test_nobody_is_on_duty_twice_at_once(ada, lee):
    shift(ada, lee)

    with pytest.raises(NotPossible) as refusal:
        shift(ada, lee, MORNING - HOUR, MORNING + HOUR)

    assert refusal.value.code == "overlap"
    shift(ada, lee, MORNING, MORNING + HOUR)


def test_customers_are_never_on_duty(carla, lee):
    with pytest.raises(NotPossible):
        shift(carla, lee)


def test_it_needs_the_right(ada, quinn, cleo):
    with pytest.raises(PermissionDenied):
        shift(ada, quinn)
    with pytest.raises(PermissionDenied):
        duty.remove(shift(ada, cleo), by=quinn, at=TUESDAY)


def test_what_was_stays_and_what_runs_ends(ada, lee):
    over, running, coming = (shift(ada, lee, EVENING + n * 24 * HOUR, MORNING + n * 24 * HOUR) for n in range(3))
    now = EVENING + 25 * HOUR

    with pytest.raises(NotPossible):
        duty.remove(over, by=lee, at=now)
    duty.remove(running, by=lee, at=now)
    duty.remove(coming, by=lee, at=now)

    kept = DutyShift.objects.order_by("starts_at").values_list("pk", "ends_at")
    assert list(kept) == [(over.pk, MORNING), (running.pk, now)]


def test_every_stretch_outside_working_time_is_there_with_its_gaps(ada, lee):
    shift(ada, lee)
    calendar = WorkCalendar.objects.company().as_calendar()

    days = dict(duty.days(date(2026, 5, 12), list(DutyShift.objects.select_related("person")), calendar))

    assert len(days) == 14
    said = [(part.start, part.end, [person.name for person in part.people]) for part in days[date(2026, 5, 12)]]
    assert said == [
        (shanghai("2026-05-12 00:00"), shanghai("2026-05-12 09:00"), []),
        (shanghai("2026-05-12 12:00"), shanghai("2026-05-12 13:00"), []),
        (EVENING, shanghai("2026-05-13 00:00"), ["Ada"]),
    ]
    assert [len(parts) for parts in (days[date(2026, 5, 13)], days[date(2026, 5, 16)])] == [3, 1]


def test_the_page_adds_shows_and_removes_in_the_companys_zone(cleo, ada, signed_in):
    User.objects.filter(pk=ada.pk).update(phone="+86 138 0000 0000")
    User.objects.filter(pk=cleo.pk).update(zone="America/New_York")
    day = (timezone.now() + timedelta(days=2)).astimezone(duty.company_zone()).date()
    client = signed_in(cleo)

    added = client.post(
        "/settings/duty/", {"person": ada.email, "starts_at": f"{day}T18:00", "ends_at": f"{day}T23:00"}
    )  # fmt: skip
    wrong = client.post(
        "/settings/duty/", {"person": ada.email, "starts_at": f"{day}T20:00", "ends_at": f"{day}T23:00"}
    )

    row = DutyShift.objects.get()
    assert (added.status_code, wrong.status_code) == (302, 422)
    assert row.starts_at == shanghai(f"{day} 18:00")
    page = client.get("/settings/duty/").text
    assert f"{day} 18:00 – {day} 23:00" in page
    assert "+86 138 0000 0000" in page
    assert "There are gaps in the next two weeks" in page
    client.post(f"/settings/duty/{row.pk}/remove/")
    assert not DutyShift.objects.exists()


def test_the_page_is_for_those_with_the_right(ada, quinn, root, signed_in):
    assert [signed_in(who).get("/settings/duty/").status_code for who in (ada, quinn, root)] == [403, 403, 200]
