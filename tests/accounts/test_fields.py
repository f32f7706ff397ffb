"""Days and instants that can be reckoned with: what lies beyond is refused in words at every form."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.fields import DayField, MomentField


@pytest.mark.parametrize("said", ["9999-12-31", "0001-01-01", "2201-01-01", "1899-12-31"])
def test_a_day_out_of_reach_is_refused(said):
    with pytest.raises(ValidationError, match="from 1900 to 2200"):
        DayField().clean(said)


@pytest.mark.parametrize("said", ["9999-12-31T23:59-12:00", "0001-01-01T00:00+12:00", "9999-12-30T00:00Z"])
def test_an_instant_out_of_reach_is_refused(said):
    with pytest.raises(ValidationError, match="from 1900 to 2200"):
        MomentField().clean(said)


def test_an_instant_within_is_given_in_utc():
    assert MomentField().clean("2026-05-12T10:15+08:00") == datetime(2026, 5, 12, 2, 15, tzinfo=UTC)


@pytest.mark.django_db
def test_pages_of_absence_and_duty_answer_far_days_in_words(signed_in, ada, lee):
    away = {"person": ada.email, "first_on": "2026-12-01", "last_on": "9999-12-31", "deputy": lee.email}
    shift = {"person": ada.email, "starts_at": "9999-12-31T00:00", "ends_at": "9999-12-31T23:59-12:00"}

    answers = [signed_in(lee).post("/me/absence/", away), signed_in(lee).post("/settings/duty/", shift)]

    assert [(answer.status_code, "from 1900 to 2200" in answer.text) for answer in answers] == [(422, True)] * 2
