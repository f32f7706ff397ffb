"""Silent escalation is not allowed: the case says of each step who was told, by which way, and whether it arrived."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints import clocks, escalations
from notifications.fanout import fan_out
from notifications.models import Delivery
from tests.complaints.factories import clock_of, received, shanghai

TUESDAY = shanghai("2026-05-12 10:15")
L3_AT = shanghai("2026-05-14 05:27")

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ada, acme, lee, cleo):
    found = received(ada, at=TUESDAY, customer=acme)
    clocks.sweep(now=L3_AT + timedelta(seconds=1))
    return found


def page(case, lee, signed_in) -> str:
    return signed_in(lee).get(f"/cases/{case.ref}/").text


def test_before_anybody_is_told_it_says_so(case, lee, signed_in):
    assert "warned, 90 % of the time is used · nobody told yet" in page(case, lee, signed_in)


@pytest.mark.parametrize(
    ("state", "words"),
    [({"state": "SENT", "sent_at": L3_AT}, "e-mail sent 05:27"), ({"state": "DEAD"}, "e-mail not deliverable"),
     ({"state": "READY"}, "e-mail on its way")],
)  # fmt: skip
def test_each_rung_says_who_was_told_and_whether_it_arrived(case, lee, signed_in, state, words):
    while fan_out(L3_AT):
        pass
    Delivery.objects.filter(params__ask="L3").update(**state)

    assert f"Initial analysis: warned, 90 % of the time is used · told: Lee ({words})" in page(case, lee, signed_in)


def test_the_clock_lists_its_steps_with_who_was_told_and_who_took_it_up(case, lee, signed_in):
    while fan_out(L3_AT):
        pass
    escalations.acknowledge(
        case, by=lee, at=L3_AT, metric="INITIAL", level=3, text="Two more people.",
        sales_informed=True,
    )  # fmt: skip

    line = signed_in(lee).get(f"/cases/{case.ref}/clocks/{clock_of(case, 'INITIAL').pk}/").text

    assert "Who was told" in line
    assert "told: Cleo (e-mail on its way)" in line
    assert "told: Lee (e-mail on its way)" in line
    assert "Two more people." in line


def test_an_escalated_case_costs_no_statement_more(ada, acme, lee, carla, cleo, signed_in):
    case, client = received(ada, at=TUESDAY, customer=acme), signed_in(lee)
    page(case, lee, signed_in)
    with CaptureQueriesContext(connection) as before:
        client.get(f"/cases/{case.ref}/")

    escalations.escalate(case, by=carla, at=TUESDAY, reason="Nobody calls back.")
    clocks.sweep(now=L3_AT + timedelta(seconds=1))
    with CaptureQueriesContext(connection) as after:
        assert "Carla asked for a manager" in client.get(f"/cases/{case.ref}/").text

    assert len(after) == len(before)
