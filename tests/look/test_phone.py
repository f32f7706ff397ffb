"""What a phone of 360 pixels shows: no table runs out of its card, nothing runs out of the page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from complaints import lifecycle
from tests.cast import NOON
from tests.complaints.factories import received, triaged

pytestmark = pytest.mark.django_db(transaction=True)
WIDTH = 360
WIDE = "[...document.querySelectorAll('.scroll, .table')].filter(e => e.scrollWidth > e.clientWidth + 1).length"


@pytest.fixture
def diagnosing(ada, quinn, lee, cleo):
    complaint = triaged(quinn, registered_by=ada)
    at = NOON + timedelta(hours=2)
    return lifecycle.mobilise(complaint, by=quinn, at=at, leader=quinn, champion=lee, members=(cleo,))


@pytest.mark.parametrize("tab", ["", "history/", "actions/", "files/", "do/state_defect/"])
def test_the_tables_of_a_case_fit(tab, diagnosing, quinn, opened):
    page = opened(quinn, f"/cases/{diagnosing.ref}/{tab}", width=WIDTH)

    assert page.evaluate(WIDE) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH


def test_the_list_of_people_fits(root, opened):
    page = opened(root, reverse("people"), width=WIDTH)

    assert page.locator(".table").count() == 1
    assert page.evaluate(WIDE) == 0


def test_what_is_late_is_not_cut_in_the_queue(ada, opened):
    received(ada, at=NOON)

    for width in (WIDTH, 1440):
        page = opened(ada, "/queue/?view=breached", width=width)
        cut = page.evaluate(
            "[...document.querySelectorAll('.c-due time')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
        )
        assert page.locator(".clock.is-over").count() == 1
        assert cut == 0


def test_files_beside_a_note_are_chosen_with_our_own_button(ada, opened):
    page = opened(ada, f"/cases/{received(ada).ref}/")

    assert page.locator("#note [data-choose]").is_visible()
    page.set_input_files("#note_attached", {"name": "a.png", "mimeType": "image/png", "buffer": b"x"})
    assert page.inner_text("#note [data-name]") == "a.png"
    assert page.locator("input[type=file]").evaluate_all("all => all.every(e => e.offsetWidth < 2)")


def test_the_bar_at_the_foot_leads_everywhere(root, opened):
    page = opened(root, reverse("people"), width=WIDTH)

    page.click(".railmore > summary")

    assert page.locator(".railmore .menu__list").bounding_box()["y"] > 0
    assert page.locator(".railmore a").last.bounding_box()["y"] < 900
    places = page.locator(".rail a:visible").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert reverse("people") in places
    assert reverse("notifications") in places


def test_an_unknown_number_stands_in_the_search_box(ada, signed_in):
    assert 'value="QC-2026-99999"' in signed_in(ada).get("/cases/QC-2026-99999/").content.decode()
