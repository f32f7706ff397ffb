"""How a case stands, read in one statement; the guards of every move are tested with the moves."""

from datetime import timedelta
from decimal import Decimal

import pytest

from complaints import acts, diagnosis, lifecycle, response, standing
from complaints.models import Complaint
from tests.cast import NOON, department
from tests.complaints.factories import triaged

HOUR = timedelta(hours=1)


@pytest.fixture
def responding(ada, quinn, lee, cleo) -> Complaint:
    complaint = triaged(quinn, registered_by=ada)
    return lifecycle.mobilise(complaint, by=quinn, at=NOON + 2 * HOUR, leader=quinn, champion=lee, members=(cleo,))


def test_everything_is_read_in_one_statement(responding, django_assert_num_queries):
    with django_assert_num_queries(1):
        known = standing.of(responding)

    assert known.seats == {"LEADER", "CHAMPION", "MEMBER"}
    assert not known.met
    assert known.shares is None


def test_a_meeting_counts_with_those_who_sat_together(responding, quinn, lee, cleo):
    for who, kind in ((lee, "QUALITY"), (cleo, "CUSTOMER_SERVICE")):
        response.hold_meeting(
            responding,
            by=quinn,
            at=NOON + 3 * HOUR,
            agenda="Hum",
            decisions="Stop",
            attendees=[(who, department(kind))],
        )

    assert standing.of(responding).met_with == {"QUALITY"}


def test_each_place_with_suspect_goods_must_be_decided(responding, quinn):
    for place in ("INSTALLED", "TRANSIT"):
        response.record_extent(responding, by=quinn, at=NOON + 3 * HOUR, location=place, total=1, unknown=1)
    response.contain(responding, by=quinn, at=NOON + 3 * HOUR, location="INSTALLED", action="Stopped")

    assert standing.of(responding).uncontained == ("TRANSIT",)


def test_the_newest_shares_count(responding, quinn, lee):
    one = diagnosis.attribute(responding, by=quinn, at=NOON + 3 * HOUR, shares=[("SELLER", Decimal(100), "ours", None)])
    diagnosis.approve_attribution(one, by=lee, at=NOON + 3 * HOUR)
    assert standing.of(responding).shares_approved

    diagnosis.attribute(responding, by=quinn, at=NOON + 4 * HOUR, shares=[("BUYER", Decimal(100), "theirs", None)])

    assert standing.of(responding).shares == 10000
    assert not standing.of(responding).shares_approved


def test_asked_again_outside_it_is_read_again(responding, quinn):
    before = acts.moves(responding, quinn)
    response.contain(responding, by=quinn, at=NOON + 3 * HOUR, location="INSTALLED", action="Stopped")

    after = acts.moves(responding, quinn)

    gaps = [{gap.code for offer in offers for gap in offer.blocked_by} for offers in (before, after)]
    assert "containment_missing" in gaps[0]
    assert "containment_missing" not in gaps[1]
