"""Pictures of a case, seen large, in a real browser."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from complaints import evidence
from tests.cast import NOON
from tests.complaints.factories import received

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TRANSFORM = "document.querySelector('[data-viewer] img').style.transform"


def picture(name: str) -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (400, 300), "red").save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


@pytest.fixture
def files(ada, opened):
    complaint = received(ada)
    evidence.add(complaint, by=ada, at=NOON, files=[picture("front.jpg"), picture("plate.jpg")])
    return opened(ada, f"/cases/{complaint.ref}/files/")


def test_pictures_open_large_and_are_walked_zoomed_and_turned(files):
    files.locator("[data-lightbox]").first.click()
    first = files.locator("[data-viewer] [data-name]").text_content()
    files.keyboard.press("ArrowRight")
    files.keyboard.press("+")
    files.keyboard.press("r")

    assert "1/2" in first
    assert "2/2" in files.locator("[data-viewer] [data-name]").text_content()
    assert files.evaluate(TRANSFORM) == "rotate(90deg) scale(1.5)"
    assert files.locator("[data-viewer] img").evaluate("img => img.decode().then(() => img.naturalWidth)") == 400

    files.keyboard.press("Escape")

    assert files.locator("[data-viewer][open]").count() == 0


def test_a_picture_is_still_handed_out_as_a_file(files):
    files.locator("[data-lightbox]").first.click()

    with files.expect_download() as handed:
        files.locator("[data-viewer] [data-file]").click()

    assert handed.value.suggested_filename.endswith(".jpg")
