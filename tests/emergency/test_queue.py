"""A case with an emergency plan in force in the lists: first by what is due, with what of it is overdue."""

from datetime import timedelta

import pytest
from django.urls import reverse

from complaints import emergencies, lists
from tests.cast import person
from tests.complaints.factories import grade_it, received, triaged
from tests.emergency.test_activate import AT, mobilised

MINUTE = timedelta(minutes=1)


@pytest.fixture
def case(who, plan, at_noon):
    at_noon(AT + 20 * MINUTE)
    return mobilised(who, plan)  # "Stop shipment" was due after 15 minutes


def rows(client, view="open", **more) -> dict[str, lists.Row]:
    page = client.get(reverse("queue"), {"view": view, **more})
    return {row.ref: row for row in page.context["rows"]}


@pytest.mark.parametrize("sorted_up_to", [2000, 0])
def test_it_stands_above_one_of_a_lower_grade_that_is_due_before(
    case, who, signed_in, at_noon, monkeypatch, sorted_up_to
):
    monkeypatch.setattr(lists, "SORTED", sorted_up_to)
    before = AT - timedelta(days=9)
    other = grade_it(received(who.ada, at=before, found_on=before.date()), who.quinn, at=before, grade="G3")

    found = rows(signed_in(who.lee))

    assert list(found) == [case.ref, other.ref]
    assert (found[case.ref].clock.state, found[case.ref].clock.words) == ("over", "5 m over")
    assert found[case.ref].beside == "Incident step"


def test_of_two_the_one_whose_step_is_longer_overdue_comes_first(case, who, plan, signed_in):
    other = triaged(who.quinn, registered_by=who.ada, grade="G1")
    emergencies.activate_plan(other, by=who.lee, at=AT + 3 * MINUTE, plan=plan, because="Smoke")

    assert list(rows(signed_in(who.lee))) == [case.ref, other.ref]


def test_its_overdue_step_makes_it_overdue_until_it_is_done(case, who, signed_in):
    first = emergencies.of(case).steps.order_by("position").first()
    assert list(rows(signed_in(who.lee), "breached")) == [case.ref]
    assert list(rows(signed_in(who.lee), "at-risk")) == []

    emergencies.finish_step(first, by=who.quinn, at=AT + 20 * MINUTE, result="Gate closed")

    assert list(rows(signed_in(who.lee), "breached")) == []
    assert rows(signed_in(who.lee))[case.ref].clock.when == "14:30"


def test_its_overdue_update_is_said(case, who, signed_in, at_noon):
    for step in emergencies.of(case).steps.all():
        emergencies.finish_step(step, by=who.quinn, at=AT + 10 * MINUTE, result="Done")
    at_noon(AT + 63 * MINUTE)

    row = rows(signed_in(who.lee), "breached")[case.ref]

    assert (row.beside, row.clock.words) == ("Incident update", "3 m over")


def test_it_is_on_the_desk_of_who_holds_a_role(case, who, own, signed_in):
    pat = person("Pat", own, "PR", kind="MANAGEMENT")
    assert list(rows(signed_in(pat), "mine")) == []

    emergencies.hand_over(case, by=who.lee, at=AT, role="CUSTOMER", to=pat, phone="+86 9", because="Shift")

    assert list(rows(signed_in(pat), "mine")) == [case.ref]
