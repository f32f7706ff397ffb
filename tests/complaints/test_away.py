"""While somebody is away, the ladder reaches who stands in (DOMAIN §3.4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import absences
from complaints import clocks, escalations, facts
from complaints.models import Complaint
from notifications.fanout import fan_out
from notifications.models import Delivery
from notifications.rendering import render
from tests.complaints.factories import received, shanghai, triaged

TUESDAY = shanghai("2026-05-12 10:15")
L3_AT = shanghai("2026-05-14 05:27")

pytestmark = pytest.mark.django_db


def away(person, deputy, at=TUESDAY):
    day = at.date()
    return absences.record(
        person, by=person, at=at, first_on=day, last_on=day + timedelta(days=9), deputy=deputy
    )  # fmt: skip


def test_the_mail_goes_to_the_deputy_and_says_for_whom(ada, acme, lee, fay):
    away(lee, fay)
    received(ada, at=TUESDAY, customer=acme)
    clocks.sweep(now=L3_AT + timedelta(seconds=1))
    while fan_out(L3_AT):
        pass

    rows = {row.address: row for row in Delivery.objects.filter(template="sla_warned", params__ask="L3")}
    assert set(rows) == {"fay@demo.test"}
    _subject, body = render("sla_warned", rows["fay@demo.test"].params, language="en", zone="Asia/Shanghai")
    assert body.startswith("For Lee, absent until 2026-05-21.")


def test_the_deputy_takes_up_the_step(ada, acme, lee, fay):
    away(lee, fay)
    case = received(ada, at=TUESDAY, customer=acme)
    clocks.sweep(now=L3_AT + timedelta(seconds=1))

    row = escalations.acknowledge(
        case, by=fay, at=L3_AT, metric="INITIAL", level=3, text="Two more people.",
        sales_informed=True,
    )  # fmt: skip

    assert row.taken_by == fay


def test_it_lies_on_both_desks_while_it_lasts(ada, acme, lee, fay, sam, carla):
    now = timezone.now()
    row = away(lee, sam, now)
    away(sam, fay, now)
    case = received(ada, at=now, customer=acme)
    escalations.escalate(case, by=carla, at=now, reason="Nobody calls back.")

    assert all(case in Complaint.objects.mine(person) for person in (lee, fay, sam))
    absences.call_off(row, by=lee, at=now)
    assert case not in Complaint.objects.mine(fay)


def test_a_case_given_to_somebody_away_warns_and_shows_it(ada, quinn, fay, signed_in):
    case = triaged(quinn, registered_by=ada)
    row = away(ada, fay, timezone.now())

    form = signed_in(quinn).get(f"/cases/{case.ref}/do/assign/").text
    told = signed_in(quinn).post(
        f"/cases/{case.ref}/do/assign/", {"once": "c" * 32, "owner": ada.email}, follow=True
    ).text  # fmt: skip

    assert "Ada, absent until" in form
    assert "Ada owns the case now, but is absent until" in told
    assert "Fay stands in." in told
    case = Complaint.objects.get(pk=case.pk)
    assert facts.owner_away(case, timezone.now()) == row
    assert facts.owner_away(case, timezone.now() + timedelta(days=99)) is None
