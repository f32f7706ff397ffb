"""A new report: three answers are enough, the number comes at once, nothing is sent twice."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import drafts
from accounts.models import Contact, Draft
from complaints.models import Complaint
from complaints.models.states import Channel, State
from contracts.models import Delivery, Product, SerialUnit
from tests.cast import NOON
from tests.portal.stories import seen

WHOLE = {"condition": "stopped", "description": "Unit 3 vibrates.\nLouder since Monday.", "found_on": "2026-05-11"}


@pytest.fixture(autouse=True)
def _at_noon(at_noon):
    at_noon(NOON)


@pytest.fixture
def customer(carla, signed_in):
    return signed_in(carla)


def report(client, **said):
    return client.post("/portal/new/", {**WHOLE, "once": uuid.uuid4().hex, **said})


def delivered(customer):
    product = Product.objects.create(code="WT-G3", name="Gearbox G3", name_zh="齿轮箱", unit="pcs")
    row = Delivery.objects.create(
        customer=customer, product=product, number="D-1", delivered_on=NOON.date(), quantity=1
    )
    return SerialUnit.objects.create(product=product, delivery=row, number="G3-0413")


def test_it_is_received_through_the_portal_for_the_own_firm(customer, carla, acme):
    response = report(customer)

    made = Complaint.objects.get()
    assert response.url == reverse("portal-received", args=[made.ref])
    assert (made.state, made.channel, made.customer, made.registered_by) == (
        State.RECEIVED, Channel.PORTAL, acme, carla,
    )  # fmt: skip
    assert (made.work_stopped, made.safety, made.contact_email) == (True, "", "carla@acme.test")
    assert {clock.metric for clock in made.clocks.all()} == {"ACK", "TRIAGE", "INITIAL", "UPDATE", "RESOLVE"}


def test_the_receipt_says_the_number_and_by_when_we_answer(customer):
    page = seen(customer.get(report(customer).url))

    assert "Its number is QC-2026-00001" in page
    assert "A person answers you by" in page
    assert "Thu 14 May 12:00 (GMT+8)" in page.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("condition", "safety", "stopped"), [("danger", "DANGER", True), ("stopped", "", True), ("runs", "NO", False)]
)
def test_danger_and_stoppage_are_asked_first(customer, condition, safety, stopped):
    report(customer, condition=condition)

    made = Complaint.objects.get()
    assert (made.safety, made.work_stopped) == (safety, stopped)


def test_a_serial_number_of_theirs_names_the_goods(customer, acme):
    unit = delivered(acme)

    report(customer, goods="g3-0413")

    made = Complaint.objects.get()
    assert (made.product, made.delivery, made.serial) == (unit.product, unit.delivery, "G3-0413")


def test_a_serial_number_of_another_firm_tells_nothing(customer, rival):
    delivered(rival)

    report(customer, goods="G3-0413")

    made = Complaint.objects.get()
    assert (made.product, made.serial) == (None, "G3-0413")


def test_the_contact_on_file_is_the_contact(customer, carla, acme):
    contact = Contact.objects.create(organisation=acme, user=carla, name="Carla Brandt", email="carla@acme.test")

    report(customer)

    assert Complaint.objects.get().contact == contact


def test_photos_come_with_it_and_are_shown(customer):
    report(customer, photos=[SimpleUploadedFile("a.txt", b"one"), SimpleUploadedFile("b.txt", b"two")])

    made = Complaint.objects.get()
    assert sorted(made.evidence.values_list("name", "shown_to_customer")) == [("a.txt", True), ("b.txt", True)]


def test_a_photo_that_lies_stops_the_report_and_keeps_the_words(customer):
    response = report(customer, photos=[SimpleUploadedFile("a.png", b"no picture at all")])

    assert response.status_code == 422
    assert "is not what its name says" in seen(response)
    assert "Louder since Monday." in response.content.decode()
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("missing", WHOLE)
def test_what_is_missing_is_named_and_the_rest_kept(customer, missing):
    response = report(customer, **{missing: ""})

    assert response.status_code == 422
    assert f'href="#id_{missing}' in response.content.decode()
    assert not Complaint.objects.exists()


def test_a_day_in_the_future_is_refused_in_our_words(customer):
    response = report(customer, found_on="2026-05-14")

    assert response.status_code == 422
    assert "The day lies in the future." in seen(response)


def test_two_clicks_make_one_case(customer):
    first = report(customer, once="one")
    second = report(customer, once="one")

    assert first.url == second.url
    assert Complaint.objects.count() == 1


def test_nobody_reports_for_another_firm(customer, rival, acme):
    report(customer, customer=rival.pk)

    assert Complaint.objects.get().customer == acme


def test_what_was_typed_before_is_there_again_until_it_is_sent(customer, carla):
    drafts.keep(carla, "portal-report", "description=Half+a+sentence&condition=runs", at=NOON)
    assert "Half a sentence" in customer.get("/portal/new/").content.decode()

    report(customer)

    assert not Draft.objects.filter(user=carla).exists()
