"""The plain button "Ask for a manager" (DOMAIN §3.4, customer-raised escalation)."""

import uuid

import pytest
from django.urls import reverse

from complaints import escalations
from complaints.models import Escalation
from tests.cast import NOON
from tests.complaints.factories import received
from tests.portal.stories import seen
from tests.remediation.stories import HOUR


@pytest.fixture
def complaint(who, at_noon, carla):
    at_noon(NOON + 2 * HOUR)
    return received(who.ada)


@pytest.fixture
def customer(carla, signed_in):
    return signed_in(carla)


def ask(client, complaint, reason="Nobody has called us back."):
    address = reverse("portal-manager", args=[complaint.ref])
    return client.post(address, {"reason": reason, "once": uuid.uuid4().hex})


def case_page(client, complaint):
    return client.get(reverse("portal-case", args=[complaint.ref]))


def test_it_is_received_and_says_by_when_one_answers(complaint, customer, carla):
    assert "Ask for a manager" in seen(case_page(customer, complaint))

    answer = ask(customer, complaint)

    row = Escalation.objects.get()
    assert answer.url.endswith("#manager")
    assert (row.raised_by, row.reason, row.channel) == (carla, "Nobody has called us back.", "PORTAL")
    page = seen(case_page(customer, complaint))
    assert "A manager has your request." in page
    assert "You get an answer by Wed 13 May." in page
    assert "What should a manager look at?" not in page


def test_one_at_a_time(complaint, customer):
    ask(customer, complaint)

    again = ask(customer, complaint, "Still nobody.")

    assert again.status_code == 409
    assert "A manager has your request already" in seen(again)
    assert Escalation.objects.count() == 1


def test_without_words_it_comes_back(complaint, customer):
    answer = ask(customer, complaint, " ")

    assert answer.status_code == 422
    assert "Say in a sentence what a manager should look at." in seen(answer)
    assert not Escalation.objects.exists()


def test_once_answered_they_see_that_and_may_ask_again_but_never_our_words(complaint, customer, who):
    ask(customer, complaint)
    escalations.answer(complaint, by=who.lee, at=NOON + 2 * HOUR, decision="The buyer exaggerates.")

    page = seen(case_page(customer, complaint))

    assert "It was answered" in page
    assert "What should a manager look at?" in page
    assert "exaggerates" not in page


def test_another_firm_finds_nothing(complaint, mallory, signed_in):
    assert ask(signed_in(mallory), complaint).status_code == 404
    assert not Escalation.objects.exists()


def test_it_is_said_when_the_answer_is_late(complaint, customer, at_noon, carla):
    ask(customer, complaint)
    at_noon(NOON + 40 * HOUR)
    customer.force_login(carla)

    assert "takes longer than we promised" in seen(case_page(customer, complaint))
