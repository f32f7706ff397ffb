"""Who may open what: the own firm yes, foreign and missing alike 404, our own people go to their pages."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from complaints import evidence
from tests.cast import NOON
from tests.complaints.factories import received
from tests.remediation.stories import HOUR, SENT, negotiating, verifying

PAGES = ("portal-case", "portal-received", "portal-proposal", "portal-result")
POSTS = ("portal-write", "portal-proposal-check", "portal-proposal-answer", "portal-result")


@pytest.fixture(autouse=True)
def _in_may(at_noon):
    at_noon(SENT + HOUR)


@pytest.fixture
def with_customer(who, carla):
    return negotiating(who)


def photo(name: str = "plate.txt", content: bytes = b"type plate 4711"):
    return SimpleUploadedFile(name, content)


def bare(response) -> str:
    """Return the page without what differs from request to request."""
    return re.sub(r'value="\w{64}"|QC-\d{4}-\d{5}', "", response.content.decode())


def test_carla_sees_her_cases_and_only_hers(with_customer, who, rival, carla, signed_in):
    foreign = received(who.ada, customer=rival, title="Rival secret")

    page = signed_in(carla).get("/portal/").content.decode()

    assert with_customer.ref in page
    assert foreign.ref not in page
    assert "Rival secret" not in page


def test_carla_opens_every_page_of_her_case(with_customer, carla, signed_in):
    for name in PAGES[:3]:
        response = signed_in(carla).get(reverse(name, args=[with_customer.ref]))

        assert response.status_code == 200, name
        assert response.headers["Cache-Control"] == "private, no-store"


def test_the_question_whether_it_is_solved_is_asked_only_when_done(with_customer, carla, signed_in):
    response = signed_in(carla).get(reverse("portal-result", args=[with_customer.ref]))

    assert response.url == reverse("portal-case", args=[with_customer.ref])


def test_mallory_finds_nothing_there(with_customer, mallory, signed_in):
    client = signed_in(mallory)
    for name in PAGES:
        foreign = client.get(reverse(name, args=[with_customer.ref]))
        missing = client.get(reverse(name, args=["QC-2026-99999"]))

        assert foreign.status_code == missing.status_code == 404, name
        assert bare(foreign) == bare(missing)


def test_mallory_can_answer_nothing(with_customer, mallory, signed_in):
    said = {"answer": "accept", "version": 1, "name": "Mallory", "solved": "yes", "body": "mine"}

    for name in POSTS:
        response = signed_in(mallory).post(reverse(name, args=[with_customer.ref]), said)

        assert response.status_code == 404, name
        assert not with_customer.messages.exists()


def test_mallory_downloads_neither_files_nor_letters(with_customer, who, carla, mallory, signed_in):
    [kept] = evidence.add(with_customer, by=carla, at=SENT, files=[photo()])
    letter = with_customer.letters.get(kind="PROPOSAL")

    client = signed_in(mallory)
    for name, row in (("portal-file", kept), ("portal-thumb", kept), ("portal-letter", letter)):
        assert client.get(reverse(name, args=[with_customer.ref, row.uuid])).status_code == 404


def test_a_file_opens_only_under_its_own_case(with_customer, who, carla, signed_in):
    [kept] = evidence.add(with_customer, by=carla, at=SENT, files=[photo()])
    other = received(who.ada, at=NOON)

    assert signed_in(carla).get(reverse("portal-file", args=[other.ref, kept.uuid])).status_code == 404


def test_a_file_that_was_not_shown_is_not_there(with_customer, who, carla, signed_in):
    [inside] = evidence.add(with_customer, by=who.quinn, at=SENT, files=[photo("cost.txt", b"our cost 99")])

    client = signed_in(carla)

    assert client.get(reverse("portal-file", args=[with_customer.ref, inside.uuid])).status_code == 404
    assert "cost.txt" not in client.get(reverse("portal-case", args=[with_customer.ref])).content.decode()


def test_own_files_come_as_attachments_that_cannot_run(with_customer, carla, signed_in):
    [kept] = evidence.add(with_customer, by=carla, at=SENT, files=[photo("page.html", b"<script>alert(1)</script>")])

    response = signed_in(carla).get(reverse("portal-file", args=[with_customer.ref, kept.uuid]))

    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_only_sent_letters_can_be_downloaded(with_customer, who, carla, signed_in):
    letter = with_customer.letters.get(kind="PROPOSAL")
    letter.pdf = evidence.store_bytes(b"%PDF-1.7 made", kind="application/pdf", at=SENT)
    letter.status = "RENDERED"
    letter.save()
    client, address = signed_in(carla), reverse("portal-letter", args=[with_customer.ref, letter.uuid])

    response = client.get(address)
    assert b"".join(response.streaming_content) == b"%PDF-1.7 made"
    assert f"{letter.number}.pdf" in response.headers["Content-Disposition"]

    letter.sent_at = None
    letter.save()
    assert client.get(address).status_code == 404


def test_a_letter_whose_pdf_is_still_owed_says_so(with_customer, carla, signed_in):
    letter = with_customer.letters.get(kind="INITIAL")

    response = signed_in(carla).get(reverse("portal-letter", args=[with_customer.ref, letter.uuid]), follow=True)

    assert "being made" in response.content.decode()


def test_our_own_people_are_sent_to_the_case(with_customer, who, signed_in):
    for name in PAGES:
        response = signed_in(who.ada).get(reverse(name, args=[with_customer.ref]))

        assert response.status_code == 302, name
        assert response.url == f"/cases/{with_customer.ref}/"


def test_our_own_people_are_sent_to_their_first_page(who, signed_in):
    assert signed_in(who.ada).get("/portal/").url == "/queue/"


@pytest.mark.parametrize("address", ["/portal/", "/portal/new/", "/portal/cases/QC-2026-00001/"])
def test_strangers_sign_in_first(client, address):
    response = client.get(address)

    assert response.status_code == 302
    assert response.url.startswith("/login/")


def test_a_result_is_answered_by_the_customer(who, carla, signed_in, at_noon):
    complaint = verifying(who)
    at_noon(SENT + 200 * HOUR)

    response = signed_in(carla).get(reverse("portal-result", args=[complaint.ref]))

    assert response.status_code == 200
    assert "Exchange the bearing" in response.content.decode()
