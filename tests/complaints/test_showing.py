"""The page of an act shows what it decides or sends, to whom, and says which of "outward" and "final" is true."""

from decimal import Decimal

import pytest
from django.urls import reverse

from complaints import acts, diagnosis, letters, lifecycle, response
from complaints.models import Complaint
from tests.cast import NOON
from tests.complaints.factories import received, triaged
from tests.complaints.test_first_life import HOUR

WHOLE = {
    "description": "Unit 3 hums", "extent": "One of four", "confidence": "UNKNOWN", "test_plan": "Open it",
    "containment": "Stopped", "remedy_direction": "Repair on site", "next_dates": "Friday",
}  # fmt: skip


@pytest.fixture
def responding(ada, quinn, lee, cleo):
    case = triaged(quinn, registered_by=ada)
    return lifecycle.mobilise(case, by=quinn, at=NOON + 2 * HOUR, leader=quinn, champion=lee, members=(cleo,))


def page(client, case: Complaint, act: str, query: str = "") -> str:
    return client.get(reverse("case-do", args=[case.ref, act]) + query).content.decode()


def test_a_letter_is_shown_with_its_receiver_and_its_language_before_it_goes_out(ada, signed_in):
    case = received(ada, language="zh-hans")

    text = page(signed_in(ada), case, "acknowledge")

    assert "Carla &lt;carla@acme.test&gt;" in text
    assert "<dd>简体中文</dd>" in text
    assert "&lt;!DOCTYPE html&gt;" in text.split("srcdoc=")[1][:400]
    assert "zh-Hans" in text
    assert "This reaches the customer." in text
    assert not case.letters.exists()


def test_a_letter_that_reaches_nobody_by_mail_says_so_with_the_way_to_an_address(ada, signed_in):
    case = received(ada, contact_email="", contact_phone="0049 1")

    text = page(signed_in(ada), case, "acknowledge")

    assert "Nobody is told by mail" in text
    assert "/do/edit_facts/#id_contact_email" in text


def test_mail_goes_to_the_address_that_the_page_names(ada):
    case = received(ada)

    assert letters.addressee(case) == letters.Addressee("Carla", "carla@acme.test")


def test_the_initial_analysis_is_read_before_it_is_approved(responding, quinn, lee, signed_in):
    response.write_initial(responding, by=quinn, at=NOON + 3 * HOUR, contact_person=quinn, **WHOLE)

    text = page(signed_in(lee), responding, "approve_initial")

    assert all(part in text for part in ("Unit 3 hums", "Repair on site", "written by Quinn"))


def test_the_shares_are_read_with_their_reasons_before_they_are_approved(responding, quinn, lee, signed_in):
    shares = [("SELLER", Decimal(60), "We packed it", None), ("BUYER", Decimal(40), "They dropped it", None)]
    diagnosis.attribute(responding, by=quinn, at=NOON + 3 * HOUR, shares=shares)

    text = page(signed_in(lee), responding, "approve_attribution")

    assert "60.00 %" in text

    assert "They dropped it" in text

    assert "Proposed by Quinn" in text


def test_each_act_says_which_of_the_two_is_true():
    said = {name: str(acts.get(name).reach) for name in ("send_8d", "withdraw", "merge", "give_task")}

    assert said == {
        "send_8d": "This reaches the customer.", "withdraw": "This cannot be undone.",
        "merge": "This reaches the customer and cannot be undone.", "give_task": "",
    }  # fmt: skip


def test_an_act_without_a_case_for_it_shows_nothing_to_decide(responding, quinn, lee, signed_in):
    assert "srcdoc=" not in page(signed_in(quinn), responding, "send_initial")
    assert "written by" not in page(signed_in(lee), responding, "approve_initial")


def test_an_empty_initial_analysis_is_not_kept_and_names_the_parts(responding, quinn, signed_in):
    url = reverse("case-do", args=[responding.ref, "write_initial"])

    answer = signed_in(quinn).post(url, {"contact_person": quinn.email, "once": "a"})

    assert answer.status_code == 422
    text = answer.content.decode()
    assert all(label in text for label in ("What is confirmed", "Confidence", "Next dates", "Nothing is written yet."))
    assert not responding.initial_analyses.exists()


def test_an_incomplete_one_is_kept_as_a_draft_that_says_what_is_missing(responding, quinn, signed_in):
    url = reverse("case-do", args=[responding.ref, "write_initial"])
    said = {name: value for name, value in WHOLE.items() if name not in ("next_dates", "extent")}

    answer = signed_in(quinn).post(url, {**said, "contact_person": quinn.email, "once": "a"}, follow=True)

    assert "Kept as a draft: 2 parts missing (Extent so far, Next dates)." in answer.content.decode()
    assert "*" in page(signed_in(quinn), responding, "write_initial")


def test_the_menu_of_all_acts_has_headings_and_the_composer_says_who_is_told(responding, quinn, signed_in):
    text = signed_in(quinn).get(reverse("case", args=[responding.ref])).content.decode()

    assert all(f'menu__head">{room}</h3>' in text for room in ("Response", "Diagnosis", "Case"))
    assert "By mail to Carla &lt;carla@acme.test&gt; and on the portal" in text


def test_a_reply_that_reaches_nobody_by_mail_says_so(ada, signed_in):
    case = received(ada, contact_email="", contact_phone="0049 1")

    text = signed_in(ada).get(reverse("case", args=[case.ref])).content.decode()

    assert "Nobody is told by mail: this case has no contact address." in text
    assert "On the portal only" in text
