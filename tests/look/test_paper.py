"""The case page on paper: nothing to press, everything opened, nothing cut (UX §4.8)."""

import pytest

from tests.complaints.factories import received

pytestmark = pytest.mark.django_db(transaction=True)
SHEET = 688  # CSS pixels between the margins of A4
CUT = "[...document.querySelectorAll('.main *')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth)"
OPEN = "[...document.querySelectorAll('.tl details li')].every(e => e.checkVisibility({contentVisibilityAuto: true}))"


def test_the_case_prints_its_facts_and_its_story_and_no_control(ada, opened):
    complaint = received(ada, title="Hums at 1 450 rpm")
    page = opened(ada, f"/cases/{complaint.ref}/", width=SHEET)

    page.emulate_media(media="print")

    text = page.inner_text("body")
    for word in (complaint.ref, "Hums at 1 450 rpm", "Acknowledgement", "Facts", "clock started"):
        assert word in text
    for chrome in ("Edit the facts", "Add note", "Take down what", "More", "Search", "Work next", "Keys and help"):
        assert chrome not in text
    assert page.locator("form:visible, input:visible, textarea:visible, button:visible, .btn:visible").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= SHEET
    assert page.evaluate(f"{CUT}.map(e => e.className)") == []
    assert page.evaluate(OPEN)
