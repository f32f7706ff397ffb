"""The PDF depends on the row alone, prints every character or says which not, and reads nothing but its own."""

import io
import re
from datetime import date

import pytest
from django.conf import settings
from django.db import transaction
from fontTools.ttLib import TTFont
from PIL import Image
from pypdf import PdfReader

from complaints import evidence, letter_charts, letter_page, letters, rendering
from complaints.models import Evidence, Rejection
from complaints.templatetags.letters import FactMissing
from tests.cast import NOON
from tests.complaints.worked_case import CHINESE, DAY, HOUR, RECEIVED, diagnosed, received

pytestmark = pytest.mark.django_db
HOSTILE = (
    '<script>alert(1)</script><img src="http://evil.test/x.png"><style>*{display:none}</style> &lt; '
    "\u202egnp.exe \u0007 \U0001f600 \u05e9\u05dc\u05d5\u05dd " + "x" * 4000
)


@transaction.atomic
def freeze(complaint, kind, **options):
    return letters.freeze(complaint, kind, by=complaint.owner, at=RECEIVED + 14 * DAY, send=True, **options)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_two_renders_are_the_same_bytes_and_dated_when_frozen():
    letter = freeze(diagnosed(), "EIGHT_D")

    first, undrawn = rendering.pdf_of(letter)
    second, _ = rendering.pdf_of(type(letter).objects.get(pk=letter.pk))

    assert first == second
    assert undrawn == ""
    assert PdfReader(io.BytesIO(first)).metadata.creation_date == letter.frozen_at


def test_chinese_text_survives_and_pages_are_counted_in_chinese():
    letter = freeze(diagnosed(CHINESE), "EIGHT_D", language="zh-hans")

    pdf, undrawn = rendering.pdf_of(letter)

    text = squeezed(text_of(pdf))
    assert undrawn == ""
    for words in ("喷嘴座磨损至0.34mm", "华能张北风电", "3号机组停机", "全线无注脂称重", "赵敏"):
        assert words in text
    assert fonts_of(pdf) == {"Redress-SC", "Redress-SC-Bold"}


def fonts_of(pdf: bytes) -> set[str]:
    """Return the names of the embedded fonts, without the tags of their subsets."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    fonts = [page["/Resources"]["/Font"] for page in pages]
    return {str(found[name].get_object()["/BaseFont"]).split("+")[-1].strip("/") for found in fonts for name in found}


def test_both_weights_draw_the_same_characters():
    maps = [
        TTFont(settings.BASE_DIR / "static" / "fonts" / name, lazy=True).getBestCmap().keys()
        for name in letter_page.FONTS.values()
    ]

    assert maps[0] == maps[1]
    assert frozenset(maps[0]) == letter_page.glyphs()
    assert {ord(char) for char in "质诉通受理告知□…–·（）"} <= letter_page.glyphs()


def test_hostile_text_prints_as_text_and_says_what_the_font_lacks():
    letter = freeze(received(title="<b>Bold</b>", description=HOSTILE), "ACKNOWLEDGEMENT")

    page, undrawn = letter_page.printed(letter)
    pdf, _ = rendering.pdf_of(letter)

    assert "<script" not in page
    assert "http://evil.test/x.png" in page  # as text: the quotes are escaped
    assert "<img src=&quot;" not in page.replace("&lt;img", "")
    assert not {"\u202e", "\u0007"} & set(page)
    assert set(undrawn) == {"\U0001f600", *"שלום"}
    assert "<script>alert(1)</script>" in squeezed(text_of(pdf))
    assert squeezed(text_of(pdf)).count("x") >= 4000  # a word without end is broken, not cut


@pytest.mark.parametrize("address", [
    "http://127.0.0.1/x", "https://evil.test/x.css", "file:///etc/passwd", "ftp://evil.test/x", "data:text/css,*{}",
    "static/css/letters.css", "/etc/passwd", "asset:../settings.py", "asset:OFL.txt", "evidence:" + "a" * 64,
    "evidence:../../db.sqlite3",
])  # fmt: skip
def test_the_renderer_reads_nothing_else(address):
    letter = freeze(received(), "ACKNOWLEDGEMENT")

    with pytest.raises(rendering.Denied):
        rendering.asset(address, letter)


def test_the_renderer_asks_only_through_our_fetcher(monkeypatch):
    letter = freeze(received(), "ACKNOWLEDGEMENT")
    asked = []
    monkeypatch.setattr(rendering, "asset", lambda url, letter: asked.append(url) or (b"", "font/ttf"))

    rendering._print('<img src="http://evil.test/a"><img src="file:///etc/passwd"><img src="b.png">', letter)

    assert "http://evil.test/a" in asked
    assert "file:///etc/passwd" in asked
    assert not any("b.png" in url for url in asked)  # relative: there is no base to resolve it against


def test_a_photo_of_the_case_is_printed_as_its_preview(ada):
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(drawn, "PNG")
    complaint = diagnosed()
    blob = evidence.store_bytes(drawn.getvalue(), kind="image/png", at=NOON)
    Evidence.objects.create(complaint=complaint, blob=blob, name="a.png", shown_to_customer=True, by=ada, at=NOON)
    letter = freeze(complaint, "EIGHT_D")

    content, kind = rendering.asset(f"evidence:{blob.pk}", letter)
    pdf, _ = rendering.pdf_of(letter)

    assert (content[:2], kind) == (b"\xff\xd8", "image/jpeg")
    assert len({image.data for page in PdfReader(io.BytesIO(pdf)).pages for image in page.images}) == 1


def test_a_missing_fact_stops_the_letter_and_is_named():
    complaint = received()
    complaint.clocks.filter(metric="INITIAL").update(state="CANCELLED", next_at=None)
    letter = freeze(complaint, "ACKNOWLEDGEMENT")

    with pytest.raises(FactMissing) as missing:
        letter_page.printed(letter)

    assert missing.value.name == "date of the initial analysis"


def test_every_name_that_a_template_asks_for_can_be_said():
    folder = settings.BASE_DIR / "templates" / "letters"
    asked = {
        name
        for file in folder.glob("*.html")
        for name in re.findall(r"{% must [^%]*? \"([^\"]+)\"(?: as \w+)? %}", file.read_text(encoding="utf-8"))
    }

    assert asked == set(letter_page.NAMES)


def test_every_kind_of_letter_can_be_printed(lee, quinn):
    complaint = diagnosed()
    Rejection.objects.create(
        complaint=complaint, cycle=1, reason="MISUSE", evidence="Logs.", letter_text="Run too fast.", prepared_by=quinn,
        prepared_at=NOON, approved_by=lee, approved_at=NOON, object_until=date(2026, 6, 30),
    )  # fmt: skip
    offer = {
        "version": 1, "interim": False, "valid_until": "2026-06-30", "conditions": "Access to the site.",
        "without_admission": True, "total": {"amount": "17050.00", "currency": "CNY"}, "lines": [
            {"position": 1, "kind_label": "Rework", "description": "Replace the bearing", "quantity": "1",
             "unit": "pcs", "amount": {"amount": "17050.00", "currency": "CNY"},
             "clause": {"number": "8.4", "heading": "Repair"}},
        ],
    }  # fmt: skip

    pages = {
        kind: letter_page.printed(freeze(complaint, kind, proposal=offer))[0]
        for kind in ("ACKNOWLEDGEMENT", "INITIAL", "EIGHT_D", "PROPOSAL", "REJECTION", "CLOSING")
    }

    assert "CNY\u00a017,050.00" in pages["PROPOSAL"]
    assert "30\u00a0June\u00a02026" in pages["REJECTION"]
    assert "Nozzle seat worn" in pages["CLOSING"]
    assert "Too little grease" in pages["INITIAL"]
    assert all("None" not in page for page in pages.values())


def test_days_late_are_counted_in_the_zone_of_the_customer():
    promised = {
        "D2": {"due_at": (RECEIVED + 2 * DAY).isoformat(), "done_at": (RECEIVED + 2 * DAY + HOUR).isoformat()},
        "D7": {"due_at": "2026-06-30", "done_at": "2026-07-02"},
    }
    facts = freeze(diagnosed(), "EIGHT_D", later_steps=promised).facts

    steps = {row["no"]: row for row in letter_page._steps(facts)}

    assert (steps["D7"]["late"], steps["D7"]["days_late"]) == (True, 2)
    assert (steps["D2"]["late"], steps["D2"]["days_late"]) == (True, 0)  # an hour late, the same day
    assert not steps["D0"]["late"]
    assert not steps["D5"]["late"]


def test_a_code_leads_back_to_its_letter():
    letter = freeze(received(), "ACKNOWLEDGEMENT")

    first, last = letter_page.uuids_of(letter_page.code_of(letter.uuid))

    assert first <= letter.uuid <= last
    assert letter_page.uuids_of("not a code") is None
    assert letter_page.uuids_of("AAAA-AAAA-AAA1") is None


def test_the_fishbone_escapes_and_fits_what_people_wrote():
    bones = [{"text": "<b>Man</b>", "twigs": [{"text": "very long words " * 30, "result": "CONFIRMED"}]}] * 3

    drawn = letter_charts.fishbone(bones, "a & b", confirmed="yes", excluded="no")

    assert "<b>" not in drawn
    assert "a &amp; b" in drawn
    assert "…" in drawn


@pytest.mark.parametrize("file", letter_page.MARKS.values())
def test_the_font_of_the_marks_has_a_blank_which_stays_beside_them(file):
    assert {" ", "\xa0"} <= set(map(chr, TTFont(settings.BASE_DIR / "static" / "fonts" / file).getBestCmap()))
