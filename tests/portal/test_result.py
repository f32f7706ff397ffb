"""The customer confirms the result, or says that it is not solved."""

import uuid

import pytest
from django.urls import reverse

from complaints.models.states import State
from remediation.models import Confirmation
from tests.portal.stories import seen
from tests.remediation.stories import DONE, HOUR, fresh, verifying


@pytest.fixture
def done(who, carla, at_noon):
    at_noon(DONE + HOUR)
    return verifying(who)


@pytest.fixture
def customer(carla, signed_in):
    return signed_in(carla)


def send(client, complaint, **said):
    return client.post(reverse("portal-result", args=[complaint.ref]), {"once": uuid.uuid4().hex, **said})


def test_the_case_asks_for_the_check(done, customer):
    page = seen(customer.get(reverse("portal-case", args=[done.ref])))

    assert "Waiting for you" in page
    assert "Check the result" in page


def test_a_yes_resolves_the_case_under_the_name_given(done, customer, carla):
    response = send(customer, done, solved="yes", name="Carla Brandt")

    assert response.url == reverse("portal-case", args=[done.ref])
    row = Confirmation.objects.get(complaint=done)
    assert (row.person, row.by) == ("Carla Brandt", carla)
    assert fresh(done).state == State.FOLLOW_UP
    assert "The problem was solved on" in seen(customer.get(response.url))


def test_our_people_read_that_it_came_by_the_portal_in_words(done, customer, who, signed_in):
    send(customer, done, solved="yes", name="Carla Brandt")
    client = signed_in(who.lee)

    pages = [seen(client.get(reverse(name, args=[done.ref]))) for name in ("case-visits", "case-remedy", "case")]

    assert all("Portal" in page and " portal " not in page for page in pages)


def test_a_no_goes_back_to_work_with_its_words(done, customer):
    assert send(customer, done, solved="no").status_code == 422

    send(customer, done, solved="no", reason="It still hums.")

    assert fresh(done).state == State.EXECUTING


def test_two_clicks_confirm_once(done, customer):
    first = send(customer, done, solved="yes", name="Carla", once="one")
    second = send(customer, done, solved="yes", name="Carla", once="one")

    assert first.url == second.url
    assert Confirmation.objects.filter(complaint=done).count() == 1


def test_a_second_answer_is_refused(done, customer):
    send(customer, done, solved="yes", name="Carla")

    response = send(customer, done, solved="no", reason="No!")

    assert response.status_code == 409
    assert fresh(done).state == State.FOLLOW_UP
