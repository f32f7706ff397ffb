"""Messages: only theirs and ours, with files, once; hostile text stays text."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from complaints import conversation
from complaints.models.states import Audience
from tests.cast import NOON
from tests.complaints.factories import received
from tests.portal.stories import seen
from tests.remediation.stories import HOUR, RESOLVED, following_up

HOSTILE = "<script>alert(1)</script> {{ 7|add:7 }} \"'><img src=x onerror=alert(2)> \u202e漢字"


@pytest.fixture
def complaint(who, at_noon, carla):
    at_noon(NOON + 2 * HOUR)
    return received(who.ada)


@pytest.fixture
def customer(carla, signed_in):
    return signed_in(carla)


def write(client, complaint, body="", **said):
    address = reverse("portal-write", args=[complaint.ref])
    return client.post(address, {"body": body, "once": uuid.uuid4().hex, **said})


def case_page(client, complaint):
    return client.get(reverse("portal-case", args=[complaint.ref]))


def test_a_message_reaches_the_case_and_shows_as_theirs(complaint, customer, carla):
    response = write(customer, complaint, "Can you come before?")

    said = complaint.messages.get()
    assert (said.audience, said.by, said.body) == (Audience.IN, carla, "Can you come before?")
    assert response.url.endswith("#messages")
    page = customer.get(response.url.split("#")[0]).content.decode()
    assert "msg msg--you" in page
    assert "<b>You</b>" in page


def test_notes_among_ourselves_are_never_there(complaint, customer, who):
    conversation.note(complaint, by=who.ada, at=NOON + HOUR, body="The buyer is difficult")
    conversation.reply(complaint, by=who.ada, at=NOON + HOUR, body="We are on our way")

    page = seen(case_page(customer, complaint))

    assert "The buyer is difficult" not in page
    assert "We are on our way" in page
    assert "Ada" in page


def test_photos_are_shown_small_and_downloaded_whole(complaint, customer, tmp_path):
    Image.new("RGB", (40, 30), "red").save(tmp_path / "inner ring.png")
    photo = SimpleUploadedFile("inner ring.png", (tmp_path / "inner ring.png").read_bytes())

    write(customer, complaint, photos=[photo])

    kept = complaint.evidence.get()
    assert complaint.messages.get().body == "inner ring.png"
    thumb = reverse("portal-thumb", args=[complaint.ref, kept.uuid])
    assert thumb in case_page(customer, complaint).content.decode()
    small = customer.get(thumb)
    assert small.headers["Content-Type"] == "image/jpeg"
    assert b"".join(small.streaming_content)[:2] == b"\xff\xd8"


def test_an_empty_message_is_refused(complaint, customer):
    response = write(customer, complaint, "   ")

    assert response.status_code == 422
    assert "Write something before you send." in seen(response)
    assert not complaint.messages.exists()


def test_a_bad_file_keeps_the_words_and_sends_nothing(complaint, customer):
    response = write(customer, complaint, "See the photo", photos=[SimpleUploadedFile("a.jpg", b"")])

    assert response.status_code == 422
    assert "See the photo" in response.content.decode()
    assert not complaint.messages.exists()
    assert not complaint.evidence.exists()


def test_two_clicks_write_once(complaint, customer):
    write(customer, complaint, "Once", once="one")
    write(customer, complaint, "Once", once="one")

    assert complaint.messages.count() == 1


def test_hostile_text_stays_text(complaint, customer, who):
    write(customer, complaint, HOSTILE)
    conversation.reply(complaint, by=who.ada, at=NOON + 2 * HOUR, body=HOSTILE)

    page = case_page(customer, complaint).content.decode()

    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7|add:7 }}" in page


def test_who_sees_it_come_back_asks_to_take_it_up_again(who, customer, at_noon):
    solved = following_up(who)
    at_noon(RESOLVED + 48 * HOUR)
    assert "take up this case again" in seen(case_page(customer, solved))

    write(customer, solved, "It hums again.", again="on")

    body = solved.messages.get().body
    assert body.startswith("I ask you to take up this case again.")
    assert body.endswith("It hums again.")
