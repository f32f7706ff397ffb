"""Files of a case: who may open them, how they are handed out, what is refused."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from complaints import conversation, evidence
from complaints.models import Evidence
from tests.cast import NOON
from tests.complaints.factories import received

HOUR = timedelta(hours=1)


def picture(name: str = "unit3.jpg") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), content_type="image/jpeg")


def page_file(name: str = "notes.html") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"<script>alert(1)</script>", content_type="text/html")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path


@pytest.fixture
def case(ada, acme):
    return received(ada)


def kept(case, by, file, *, shown=False) -> Evidence:
    return evidence.add(case, by=by, at=NOON + HOUR, files=[file], shown_to_customer=shown)[0]


def address(name: str, row: Evidence) -> str:
    return reverse(name, args=[row.complaint.ref, row.uuid])


def test_a_file_is_an_attachment_that_no_browser_runs(case, ada, signed_in):
    row = kept(case, ada, page_file())

    answer = signed_in(ada).get(address("evidence", row))

    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="notes.html"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"


def test_a_preview_is_a_picture_made_anew_and_only_of_pictures(case, ada, signed_in):
    client = signed_in(ada)

    shown = client.get(address("evidence-preview", kept(case, ada, picture())))

    assert shown["Content-Type"] == "image/jpeg"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert client.get(address("evidence-preview", kept(case, ada, page_file()))).status_code == 404


def test_customers_open_only_what_is_theirs_or_was_shown_to_them(case, ada, carla, mallory, signed_in):
    shown, inner = kept(case, ada, picture(), shown=True), kept(case, ada, picture("inner.jpg"))
    own = kept(case, carla, picture("own.jpg"))

    for name in ("evidence", "evidence-preview"):
        assert signed_in(carla).get(address(name, shown)).status_code == 200
        assert signed_in(carla).get(address(name, own)).status_code == 200
        assert signed_in(carla).get(address(name, inner)).status_code == 404
        assert signed_in(mallory).get(address(name, shown)).status_code == 404


def test_a_file_is_not_found_under_another_case(case, ada, signed_in):
    row, other = kept(case, ada, picture()), received(ada, at=NOON + HOUR)

    assert signed_in(ada).get(reverse("evidence", args=[other.ref, row.uuid])).status_code == 404
    assert signed_in(ada).get(reverse("evidence", args=[case.ref, uuid.uuid4()])).status_code == 404


def test_files_are_chosen_kept_and_listed(case, ada, signed_in):
    client = signed_in(ada)
    url = reverse("case-files", args=[case.ref])

    answer = client.post(url, {"files": [picture("a.jpg"), picture("b.jpg")], "caption": "Drive end", "once": "1"})

    assert answer.status_code == 302
    text = client.get(url).content.decode()
    assert "a.jpg" in text
    assert "b.jpg" in text
    assert "Drive end" in text
    assert not case.evidence.filter(shown_to_customer=True).exists()


def test_a_double_click_keeps_one(case, ada, signed_in):
    client = signed_in(ada)

    for _ in range(2):
        client.post(reverse("case-files", args=[case.ref]), {"files": [picture()], "once": "same"})

    assert case.evidence.count() == 1


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (SimpleUploadedFile("empty.txt", b""), "is empty"),
        (SimpleUploadedFile("photo.jpg", b"MZ not a picture"), "is not what its name says"),
    ],
)
def test_a_bad_file_is_told_and_the_typed_text_stays(file, said, case, ada, signed_in):
    answer = signed_in(ada).post(
        reverse("case-files", args=[case.ref]), {"files": [file], "caption": "Drive end", "once": "1"}
    )

    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert 'value="Drive end"' in text
    assert not Evidence.objects.exists()


def test_a_file_over_the_limit_names_the_limit(case, ada, signed_in, settings):
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024
    big = SimpleUploadedFile("log.txt", b"x" * (1024 * 1024 + 1))

    answer = signed_in(ada).post(reverse("case-files", args=[case.ref]), {"files": [big], "once": "1"})

    assert "larger than 1 MB" in answer.content.decode()


def test_no_file_chosen_is_said(case, ada, signed_in):
    answer = signed_in(ada).post(reverse("case-files", args=[case.ref]), {"once": "1"})

    assert answer.status_code == 422
    assert "Choose at least one file." in answer.content.decode()


def test_a_file_is_shown_to_the_customer_and_hidden_again(case, ada, carla, signed_in):
    row = kept(case, ada, picture())
    client = signed_in(ada)

    client.post(address("evidence-show", row), {"shown": "on"})
    assert signed_in(carla).get(address("evidence", row)).status_code == 200
    client.post(address("evidence-show", row), {})

    assert signed_in(carla).get(address("evidence", row)).status_code == 404


def test_what_the_customer_brought_stays_theirs(case, ada, carla, signed_in):
    row = kept(case, carla, picture())

    answer = signed_in(ada).post(address("evidence-show", row), {})

    assert answer.status_code == 409
    assert "came from the customer" in answer.content.decode()
    assert Evidence.objects.get().shown_to_customer


def test_who_may_not_reply_may_not_show_files_either(case, ada, fay, signed_in):
    row = kept(case, ada, picture())

    assert signed_in(fay).post(address("evidence-show", row), {"shown": "on"}).status_code == 403
    assert not Evidence.objects.get().shown_to_customer


def test_a_note_keeps_its_files_inside_and_a_reply_shows_them(case, ada, signed_in):
    client = signed_in(ada)

    client.post(reverse("case-note", args=[case.ref]), {"body": "See.", "attached": [picture("n.jpg")], "once": "n"})
    client.post(reverse("case-reply", args=[case.ref]), {"body": "See.", "attached": [picture("r.jpg")], "once": "r"})

    assert dict(case.evidence.values_list("name", "shown_to_customer")) == {"n.jpg": False, "r.jpg": True}
    assert case.messages.get(audience="OUT").evidence.get().name == "r.jpg"


def test_a_bad_file_sends_nothing_and_keeps_the_reply(case, ada, signed_in):
    bad = SimpleUploadedFile("photo.jpg", b"MZ not a picture")

    answer = signed_in(ada).post(
        reverse("case-reply", args=[case.ref]), {"body": "Long reply.", "attached": [bad], "once": "r"}
    )

    assert answer.status_code == 409
    assert "Long reply." in answer.content.decode()
    assert not case.messages.exists()
    assert not Evidence.objects.exists()


def test_hostile_names_are_shown_as_text(case, ada, signed_in):
    kept(case, ada, SimpleUploadedFile("<img src=x onerror=alert(1)>.txt", b"hello"))
    conversation.note(case, by=ada, at=NOON + HOUR, body="See the file.")

    for name in ("case", "case-files"):
        assert "<img src=x" not in signed_in(ada).get(reverse(name, args=[case.ref])).content.decode()


def test_a_file_gone_from_the_storage_is_told_and_no_fault_of_ours(case, ada, signed_in, settings, tmp_path):
    signed_in(ada).post(reverse("case-files", args=[case.ref]), {"files": [picture()], "once": "1"})
    row = case.evidence.get()
    settings.EVIDENCE_DIR = tmp_path / "empty"

    assert signed_in(ada).get(address("evidence", row)).status_code == 503
