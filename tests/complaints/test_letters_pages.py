"""Who may open which letter, and what the page of the report says before there is one."""

import pytest
from django.db import transaction

from complaints import letter_page, letters, rendering
from complaints.models import Complaint, Letter
from tests.complaints.test_api import Program
from tests.complaints.worked_case import DAY, RECEIVED, diagnosed, received

pytestmark = pytest.mark.django_db
PDF = "/cases/QC-2026-00123/8d.pdf"


@pytest.fixture
def case(acme):
    complaint = diagnosed()
    Complaint.objects.filter(pk=complaint.pk).update(customer=acme)
    return Complaint.objects.get(pk=complaint.pk)


def freeze(complaint, *, send, kind="EIGHT_D", **options):
    with transaction.atomic():
        return letters.freeze(complaint, kind, by=complaint.owner, at=RECEIVED + 14 * DAY, send=send, **options)


@pytest.fixture
def made(monkeypatch):
    """Render what is owed, at no cost."""
    monkeypatch.setattr(rendering, "pdf_of", lambda letter: (b"%PDF-1.7 " + letter.number.encode(), ""))
    return lambda: rendering.render_owed(now=RECEIVED + 15 * DAY, owner="test")


def test_the_file_is_missing_then_owed_then_there(case, ada, signed_in, made):
    client = signed_in(ada)
    before = client.get(PDF)
    freeze(case, send=False)
    owed = client.get(PDF)
    made()
    ready = client.get(PDF)

    assert before.status_code == 404
    assert (owed.status_code, owed["Retry-After"]) == (202, "3")
    assert ready.status_code == 200
    assert ready.content == b"%PDF-1.7 QC-2026-00123-8D-1"
    assert ready["Content-Type"] == "application/pdf"
    assert ready["Content-Disposition"] == 'attachment; filename="QC-2026-00123-8D-1.pdf"'
    assert ready["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in ready["Content-Security-Policy"]


def test_the_last_report_is_given_and_the_last_of_a_language_on_demand(case, ada, signed_in, made):
    freeze(case, send=False)
    freeze(case, send=False, language="zh-hans")
    made()

    assert signed_in(ada).get(PDF).content.endswith(b"8D-2")
    assert signed_in(ada).get(f"{PDF}?language=en").content.endswith(b"8D-1")


def test_a_customer_opens_what_was_sent_to_the_own_firm_and_nothing_else(case, carla, mallory, signed_in, made):
    kept, sent = freeze(case, send=False), freeze(case, send=True)
    made()
    address = "/cases/QC-2026-00123/letters/{}.pdf"

    assert signed_in(carla).get(address.format(sent.number)).status_code == 200
    assert signed_in(carla).get(address.format(kept.number)).status_code == 404
    assert signed_in(carla).get(PDF).content.endswith(sent.number.encode())
    assert signed_in(mallory).get(address.format(sent.number)).status_code == 404
    assert signed_in(mallory).get(PDF).status_code == 404


def test_a_letter_is_found_only_under_its_own_case(case, ada, signed_in, made):
    other = received(ref="QC-2026-00124")
    letter = freeze(case, send=True)

    assert signed_in(ada).get(f"/cases/{other.ref}/letters/{letter.number}.pdf").status_code == 404


def test_nobody_reads_without_signing_in(case, client):
    freeze(case, send=True)

    assert client.get(PDF).status_code == 302


def test_a_failed_letter_says_why(case, ada, signed_in):
    letter = freeze(case, send=False)
    Letter.objects.filter(pk=letter.pk).update(status="FAILED", error="lacks: goods")

    client, program = signed_in(ada), Program(ada)
    answers = [client.get(PDF), client.get(f"/cases/{case.ref}/letters/{letter.uuid}/")]
    problem = program.get(f"/api/v1/complaints/{case.ref}/8d.pdf")

    assert [answer.status_code for answer in answers] == [410, 410]
    assert all("it lacks the goods" in answer.content.decode() for answer in answers)
    assert (problem.status_code, problem["Content-Type"]) == (410, "application/problem+json")
    assert "it lacks the goods" in problem.json()["detail"]


def test_a_file_that_is_gone_from_the_storage_is_told_and_no_fault_of_ours(
    case, ada, signed_in, made, settings, tmp_path
):
    letter = freeze(case, send=False)
    made()
    settings.EVIDENCE_DIR = tmp_path / "empty"

    client = signed_in(ada)
    answers = [client.get(PDF), client.get(f"/cases/{case.ref}/letters/{letter.uuid}/")]
    answers.append(Program(ada).get(f"/api/v1/complaints/{case.ref}/8d.pdf"))

    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert all(answer["Retry-After"] for answer in answers)


def test_a_letter_that_is_owed_answers_alike_under_each_address(case, ada, signed_in):
    letter = freeze(case, send=False)

    client = signed_in(ada)
    answers = [client.get(PDF), client.get(f"/cases/{case.ref}/letters/{letter.uuid}/")]
    answers.append(Program(ada).get(f"/api/v1/complaints/{case.ref}/8d.pdf"))

    assert [(answer.status_code, answer["Retry-After"]) for answer in answers] == [(202, "3")] * 3


def test_the_page_shows_the_report_as_it_stands_with_what_is_missing_in_amber(ada, signed_in):
    received()

    page = signed_in(ada).get("/cases/QC-2026-00123/8d/").content.decode()

    assert "Name the team." in page
    assert '<mark class="lacks">missing</mark>' in page  # the grade
    assert "Unit\u00a03 vibrates" in page or "Unit 3 vibrates" in page
    assert "/cases/QC-2026-00123/do/make_8d/" not in page  # ada may not
    assert not Letter.objects.exists()


def test_the_page_offers_to_make_the_report_to_those_who_may(case, quinn, signed_in):
    page = signed_in(quinn).get("/cases/QC-2026-00123/8d/?language=zh-hans").content.decode()

    assert "/cases/QC-2026-00123/do/make_8d/?language=zh-hans" in page
    assert 'lang="zh-Hans"' in page


def test_the_page_is_for_our_people(case, carla, mallory, signed_in):
    assert signed_in(carla).get("/cases/QC-2026-00123/8d/").status_code == 403
    assert signed_in(mallory).get("/cases/QC-2026-00123/8d/").status_code == 403


def test_a_photo_not_shown_to_the_customer_is_not_there(case, ada, signed_in):
    assert signed_in(ada).get(f"/cases/QC-2026-00123/8d/{'a' * 64}.jpg").status_code == 404


def test_a_printed_code_tells_number_and_hash_and_nothing_of_the_case(case, client):
    letter = freeze(case, send=True)

    page = client.get("/v/", {"code": letter_page.code_of(letter.uuid)}).content.decode()

    assert letter.number in page
    assert letter.facts_hash[:32] in page
    assert "vibrates" not in page
    assert "Acme" not in page


def test_an_unknown_code_is_not_found(client, own):
    assert client.get("/v/").status_code == 200
    assert client.get("/v/", {"code": "AAAA-BBBB-CCCC"}).status_code == 404
    assert client.get("/v/", {"code": "<b>"}).status_code == 404


def test_a_letter_that_has_a_successor_says_so(case, client):
    first = freeze(case, send=True)
    second = freeze(case, send=True)

    page = client.get("/v/", {"code": letter_page.code_of(first.uuid)}).content.decode()

    assert second.number in page
