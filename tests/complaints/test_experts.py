"""Who is proposed for a team, and why (R11)."""

from datetime import timedelta

import pytest

from accounts import absences
from complaints import experts
from contracts.models import Product
from tests.cast import NOON
from tests.complaints.factories import received, triaged
from tests.remediation.stories import People, proposing, responding


@pytest.fixture
def who(ada, cleo, quinn, lee, fay, lin, sam, max):
    return People(ada, cleo, quinn, lee, fay, lin, sam, max)


@pytest.fixture
def box(db):
    return Product.objects.create(code="GX-1", name="Gearbox", family="Gearboxes")


def proposed(case, who, at=NOON):
    people = [person.pk for person in vars(who).values()]
    return experts.propose(case, who.ada, who=people, at=at)


def test_who_proved_causes_of_such_goods_comes_first_with_the_cases(who, box, rival):
    worked = proposing(who, product=box)
    here = received(who.ada, product=Product.objects.create(code="GX-2", name="Gear 2", family="Gearboxes"))

    first, *others = proposed(here, who)

    assert (first.user, first.proved, first.sat, first.cases) == (who.quinn, 1, 1, (worked.ref,))
    assert {(one.user, one.proved, one.sat) for one in others} == {(who.lee, 0, 1), (who.cleo, 0, 1)}


def test_work_at_hand_counts_against(who, box):
    responding(who, product=box)
    here = received(who.ada, product=box)
    assert [one.user for one in proposed(here, who)][-1] == who.quinn  # owns the case
    for _case in range(3):
        triaged(who.quinn, registered_by=who.ada, owner=who.lee)

    assert proposed(here, who)[0].user == who.cleo


def test_who_is_away_is_named_last_with_the_day(who, box):
    responding(who, product=box)
    here = received(who.ada, product=box)
    today = NOON.date()
    last_day = today + timedelta(days=3)
    absences.record(who.cleo, by=who.lee, at=NOON, first_on=today, last_on=last_day, deputy=who.lee)

    last = proposed(here, who)[-1]

    assert (last.user, last.away_until) == (who.cleo, last_day)
    assert {one.away_until for one in proposed(here, who, at=NOON + timedelta(days=9))} == {None}


def test_nobody_is_proposed_without_such_a_case(who, box, rival):
    responding(who)
    other = Product.objects.create(code="P", name="Pump")

    assert proposed(received(who.ada, product=other, customer=rival, description="Wholly different"), who) == []


def test_the_page_that_names_the_team_says_who_and_why(who, box, signed_in):
    proposing(who, product=box)
    here = triaged(who.quinn, registered_by=who.ada, product=box)

    page = signed_in(who.quinn).get(f"/cases/{here.ref}/do/mobilise/").content.decode()

    assert "Who knows this" in page
    assert "proved a cause in 1 such case" in page
