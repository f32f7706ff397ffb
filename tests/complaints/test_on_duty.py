"""A grave case at night reaches whoever is on duty (R40)."""

from datetime import timedelta

import pytest

from accounts import duty
from accounts.models import User
from complaints import clocks, escalations
from complaints.lifecycle import Refused
from complaints.models import Complaint
from notifications.fanout import fan_out
from notifications.models import Delivery
from tests.complaints.factories import events_of, grade_it, received, shanghai

TUESDAY = shanghai("2026-05-12 17:00")
NIGHT, MORNING = shanghai("2026-05-12 18:00"), shanghai("2026-05-13 09:00")
ACK_AT_90 = shanghai("2026-05-12 20:54")  # of one hour from 20:00

pytestmark = pytest.mark.django_db


@pytest.fixture
def on_duty(fay, lee):
    duty.add(fay, by=lee, at=TUESDAY, starts_at=NIGHT, ends_at=MORNING)
    return fay


def told(**which) -> set[str]:
    while fan_out(ACK_AT_90):
        pass
    return set(Delivery.objects.filter(**which).values_list("address", flat=True))


def take_up(case, by):
    said = {"metric": "ACK", "level": 3, "text": "I call them.", "sales_informed": False}
    return escalations.acknowledge(case, by=by, at=ACK_AT_90, **said)


def urgent(ada, acme, at):
    return received(ada, at=at, customer=acme, safety="DANGER")


def test_an_urgent_registration_at_night_calls_them(ada, acme, cleo, lee, on_duty):
    urgent(ada, acme, shanghai("2026-05-12 20:00"))

    assert told(template="urgent_case") == {"cleo@demo.test", "lee@demo.test", "fay@demo.test"}


def test_by_day_it_does_not(ada, acme, cleo, lee, on_duty):
    urgent(ada, acme, shanghai("2026-05-12 17:30"))

    assert told(template="urgent_case") == {"cleo@demo.test", "lee@demo.test"}


def test_warnings_of_it_reach_them_and_they_take_it_up(ada, acme, cleo, lee, on_duty):
    case = urgent(ada, acme, shanghai("2026-05-12 20:00"))
    clocks.sweep(now=ACK_AT_90 + timedelta(seconds=1))

    [event] = [one for one in events_of(case, "sla.warned") if one.facts["share"] == 90]
    assert event.facts["told"] == ["QM", "DUTY"]
    assert told(template="sla_warned", params__ask="L3") == {"lee@demo.test", "fay@demo.test"}
    row = take_up(case, on_duty)
    assert row.taken_by == on_duty


def test_in_a_gap_the_service_lead_and_the_quality_manager_are_told(ada, acme, cleo, lee):
    urgent(ada, acme, shanghai("2026-05-12 20:00"))
    clocks.sweep(now=ACK_AT_90 + timedelta(seconds=1))

    assert told(template="sla_warned", params__ask="L3") == {"lee@demo.test", "cleo@demo.test"}


@pytest.mark.parametrize("name", ["cleo", "lee"])
def test_and_may_take_up_what_they_are_told(ada, acme, name, request):
    case = urgent(ada, acme, shanghai("2026-05-12 20:00"))
    clocks.sweep(now=ACK_AT_90 + timedelta(seconds=1))
    who = request.getfixturevalue(name)

    assert case in Complaint.objects.mine(who)
    assert take_up(case, who).taken_by == who


def test_a_shift_of_somebody_who_left_is_a_gap(ada, acme, cleo, on_duty):
    case = urgent(ada, acme, shanghai("2026-05-12 20:00"))
    clocks.sweep(now=ACK_AT_90 + timedelta(seconds=1))
    User.objects.filter(pk=on_duty.pk).update(is_active=False)

    assert "cleo@demo.test" in told(template="sla_warned", params__ask="L3")
    assert take_up(case, cleo).taken_by == cleo


def test_while_somebody_is_on_duty_the_service_lead_is_not_asked(ada, acme, cleo, on_duty):
    case = urgent(ada, acme, shanghai("2026-05-12 20:00"))
    clocks.sweep(now=ACK_AT_90 + timedelta(seconds=1))

    with pytest.raises(Refused) as refusal:
        take_up(case, cleo)

    assert [why.code for why in refusal.value.reasons] == ["step_not_told"]


def test_other_cases_wait_for_the_morning(ada, acme, quinn, lee, on_duty):
    case = grade_it(received(ada, at=TUESDAY, customer=acme), quinn, at=TUESDAY + timedelta(minutes=5))
    clocks.sweep(now=shanghai("2026-05-14 20:00"))

    assert all("DUTY" not in event.facts["told"] for event in events_of(case, "sla.warned", "sla.breached"))
