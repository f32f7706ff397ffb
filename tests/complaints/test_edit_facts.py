"""Editing the facts of a case: two people at once, and what may not be said."""

import pytest
from django.urls import reverse

from complaints import facts
from complaints.models import Complaint
from tests.cast import NOON
from tests.complaints.factories import received
from tests.complaints.test_api import URL, Program

FACTS = {"title": "Gearbox hums", "found_on": "2026-05-11", "contact_name": "Carla", "unit": "pcs"}


@pytest.fixture
def case(ada) -> Complaint:
    return received(ada, title="Gearbox hums")


def edit(client, case, **said):
    return client.post(reverse("case-do", args=[case.ref, "edit_facts"]), {"once": "e", **FACTS, **said})


def test_the_form_carries_the_version_that_was_seen(case, ada, signed_in):
    page = signed_in(ada).get(reverse("case-do", args=[case.ref, "edit_facts"]))

    assert f'name="expected" value="{case.version}"' in page.content.decode()


def test_a_second_editor_sees_both_texts_and_nothing_is_lost(case, ada, quinn, signed_in):
    facts.edit_facts(case, by=quinn, at=NOON, title="Bearing seized", work_stopped=True)

    answer = edit(signed_in(ada), case, title="Gearbox howls", expected=case.version)

    said = answer.content.decode()
    assert answer.status_code == 409
    assert "Gearbox howls" in said
    assert "Kept now: Bearing seized" in said
    assert "Kept now: Yes" in said
    assert Complaint.objects.get().title == "Bearing seized"


def test_sent_again_with_both_seen_the_edit_is_kept(case, ada, quinn, signed_in):
    now = facts.edit_facts(case, by=quinn, at=NOON, title="Bearing seized")
    client = signed_in(ada)

    seen = edit(client, case, title="Gearbox howls", expected=case.version).content.decode()
    answer = edit(client, case, title="Gearbox howls", expected=now.version)

    assert f'name="expected" value="{now.version}"' in seen
    assert answer.status_code == 302
    assert Complaint.objects.get().title == "Gearbox howls"


@pytest.mark.parametrize("expected", ["", "x"])
def test_an_edit_names_its_version(case, ada, signed_in, expected):
    assert edit(signed_in(ada), case, title="New", expected=expected).status_code == 422
    assert Program(ada).post(f"{URL}{case.ref}/transitions/edit_facts/", FACTS).status_code == 400
    assert Complaint.objects.get().title == "Gearbox hums"


def test_a_form_that_is_stale_and_does_not_fit_says_both_at_once(case, ada, quinn, signed_in):
    edit(signed_in(quinn), case, title="Bearing seized", expected=case.version)

    answer = edit(signed_in(ada), case, title="", quantity_affected="many", expected=case.version)

    said = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this case meanwhile." in said
    assert "Kept now: Bearing seized" in said
    assert "“many” is not a number." in said
    assert Complaint.objects.get(pk=case.pk).title == "Bearing seized"
