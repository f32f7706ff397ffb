"""Who is away, and whom it reaches instead."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts import absences
from accounts.models import Absence
from accounts.people import NotPossible
from audit.models import Event
from tests.cast import NOON

TODAY = date(2026, 5, 12)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def away(person, deputy, first=0, last=3, *, by=None, at=NOON, today=TODAY):
    days = {"first_on": today + first * DAY, "last_on": today + last * DAY}
    return absences.record(person, by=by or person, at=at, deputy=deputy, **days)


def names(people, moment=NOON):
    return [(person.name, row and row.person.name) for person, row in absences.reached(people, moment)]


def test_it_holds_on_whole_days_of_the_company(lee, quinn):
    row = away(lee, quinn)

    assert (row.starts_at, row.ends_at) == (
        datetime(2026, 5, 11, 16, tzinfo=UTC), datetime(2026, 5, 15, 16, tzinfo=UTC)
    )  # fmt: skip
    assert Event.objects.get(kind="user.absence_recorded").facts["deputy"] == quinn.pk


@pytest.mark.parametrize(
    ("days", "deputy", "code"),
    [((3, 0), "quinn", "backwards"), ((-9, -1), "quinn", "past"), ((0, 500), "quinn", "too_long"),
     ((0, 1), "lee", "oneself"), ((0, 1), "carla", "not_staff")],
)  # fmt: skip
def test_it_is_refused_with_words(lee, quinn, carla, days, deputy, code, request):
    with pytest.raises(NotPossible) as refusal:
        away(lee, request.getfixturevalue(deputy), *days)

    assert refusal.value.code == code
    assert not Absence.objects.exists()


def test_two_of_one_person_never_overlap(lee, quinn):
    away(lee, quinn, 0, 3)

    with pytest.raises(NotPossible) as refusal:
        away(lee, quinn, 3, 5)

    assert refusal.value.code == "overlap"
    away(lee, quinn, 4, 5)


def test_others_need_the_right(lee, quinn, ada):
    with pytest.raises(PermissionDenied):
        away(lee, quinn, by=ada)

    assert away(ada, quinn, by=lee).recorded_by == lee


def test_called_off_it_ends_now_or_never_begins(lee, quinn):
    now, later = away(lee, quinn, 0, 3), away(lee, quinn, 5, 6)

    absences.call_off(now, by=lee, at=NOON)
    absences.call_off(later, by=lee, at=NOON)

    assert names([lee], NOON + DAY) == [("Lee", None)]
    assert names([lee], NOON + 5 * DAY) == [("Lee", None)]


def test_who_is_away_is_reached_through_the_deputy(lee, quinn, cleo):
    away(lee, quinn)

    assert names([lee, cleo]) == [("Cleo", None), ("Quinn", "Lee")]
    assert names([lee], NOON + 9 * DAY) == [("Lee", None)]


def test_a_deputy_in_their_own_right_is_reached_once(lee, quinn):
    away(lee, quinn)

    assert names([quinn, lee]) == [("Quinn", None)]


def test_a_deputy_who_is_away_has_a_deputy(lee, quinn, ada):
    away(lee, quinn)
    away(quinn, ada)

    assert names([lee]) == [("Ada", "Lee")]


def test_a_circle_ends_at_the_head_of_the_department_else_at_the_service_lead(lee, quinn, cleo, sam):
    away(lee, quinn)
    away(quinn, lee)
    assert names([lee]) == [("Cleo", "Lee")]

    department = lee.memberships.get().department
    department.head = sam
    department.save()

    assert names([lee]) == [("Sam", "Lee")]


def today():
    return timezone.localdate()


def test_one_notes_ones_own_on_a_page_and_calls_it_off(ada, quinn, signed_in):
    client = signed_in(ada)
    said = {"first_on": today().isoformat(), "last_on": (today() + DAY).isoformat(), "deputy": quinn.email}

    noted = client.post("/me/absence/", said)
    again = client.post("/me/absence/", said)

    assert (noted.status_code, again.status_code) == (302, 422)
    assert "already" in again.text
    page = client.get("/me/absence/").text
    assert "Quinn stands in" in page
    assert "Who is away" not in page
    row = Absence.objects.get()
    assert signed_in(quinn).post(f"/me/absence/{row.pk}/off/").status_code == 404
    client.post(f"/me/absence/{row.pk}/off/")
    assert not Absence.objects.covering().exists()


def test_the_quality_manager_notes_it_for_others(lee, ada, quinn, signed_in):
    said = {"first_on": today().isoformat(), "last_on": today().isoformat(), "deputy": quinn.email}

    signed_in(lee).post("/me/absence/", {**said, "person": ada.email})

    assert Absence.objects.get().person == ada


def test_customers_have_no_such_page(carla, signed_in):
    assert signed_in(carla).get("/me/absence/").status_code == 403
