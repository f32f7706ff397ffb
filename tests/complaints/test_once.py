"""Forms take effect once: without a token nothing happens, and other words under the same token are never lost."""

import time_machine
from django.urls import reverse

from complaints.models import Complaint
from tests.cast import NOON
from tests.complaints.factories import received

THREE = {"customer": "ACME", "description": "Unit 3 vibrates.", "found_on": "2026-05-11", "do": "log"}


def test_a_note_without_a_token_is_asked_for_again_with_its_text(ada, signed_in):
    case, client = received(ada), signed_in(ada)

    answer = client.post(reverse("case-note", args=[case.ref]), {"body": "A long note."})

    assert answer.status_code == 422
    assert "A long note." in answer.content.decode()
    assert not case.messages.exists()


def test_an_act_without_a_token_does_nothing(ada, quinn, signed_in):
    case = received(ada)

    answer = signed_in(ada).post(reverse("case-do", args=[case.ref, "withdraw"]), {"statement": "We take it back."})

    assert answer.status_code == 422
    assert "We take it back." in answer.content.decode()
    assert Complaint.objects.get().state == "RECEIVED"


def test_an_act_sent_again_with_other_words_is_answered_with_both_kept(ada, cleo, signed_in):
    case, client = received(ada), signed_in(ada)
    url, said = reverse("case-do", args=[case.ref, "give_task"]), {"owner": cleo.email, "once": "same"}

    first = client.post(url, {**said, "text": "Call the site"})
    other = client.post(url, {**said, "text": "Write to the site"})

    assert (first.status_code, other.status_code) == (302, 409)
    assert "Write to the site" in other.content.decode()
    assert 'name="once" value="same"' not in other.content.decode()
    assert [task.text for task in case.tasks.all()] == ["Call the site"]


def test_a_complaint_without_a_token_or_under_a_used_one_keeps_what_was_typed(ada, acme, signed_in):
    client = signed_in(ada)
    with time_machine.travel(NOON, tick=False):
        without = client.post("/cases/new/", THREE)
        first = client.post("/cases/new/", {**THREE, "once": "same"})
        other = client.post("/cases/new/", {**THREE, "description": "Unit 4 leaks.", "once": "same"})

    assert (without.status_code, first.status_code, other.status_code) == (422, 302, 409)
    assert "Unit 3 vibrates." in without.content.decode()
    assert "Unit 4 leaks." in other.content.decode()
    assert Complaint.objects.count() == 1


def test_files_without_a_token_are_asked_for_again(ada, signed_in):
    case = received(ada)

    answer = signed_in(ada).post(reverse("case-files", args=[case.ref]), {"caption": "Drive end"})

    assert answer.status_code == 422
    assert "Drive end" in answer.content.decode()


def test_customers_lose_no_second_text_either(ada, carla, acme, signed_in):
    case, client = received(ada, customer=acme), signed_in(carla)
    write = reverse("portal-write", args=[case.ref])

    without = client.post(write, {"body": "It got louder."})
    for text in ("It got louder.", "It got louder.", "And hotter."):
        client.post(write, {"body": text, "once": "same"})

    assert without.status_code == 422
    assert "It got louder." in without.content.decode()
    assert sorted(row.body for row in case.messages.all()) == ["And hotter.", "It got louder."]


def test_a_report_under_a_used_token_keeps_its_text(carla, signed_in):
    client = signed_in(carla)
    said = {"condition": "runs", "goods": "", "found_on": "2026-05-11", "once": "same"}

    first = client.post("/portal/new/", {**said, "description": "It hums."})
    other = client.post("/portal/new/", {**said, "description": "It leaks."})

    assert (first.status_code, other.status_code) == (302, 409)
    assert "It leaks." in other.content.decode()
    assert Complaint.objects.count() == 1
