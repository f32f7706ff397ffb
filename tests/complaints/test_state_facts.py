"""Facts that only the contract asks for are stated with where they stand."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from complaints import assessing
from complaints.lifecycle import Refused
from complaints.models import FactSheet, Immutable
from tests.cast import NOON
from tests.complaints import contract_case as under
from tests.complaints.factories import events_of
from tests.complaints.test_first_life import codes


@pytest.fixture
def bare(ada, acme, sam, lin):
    return under.case(ada, under.contract(acme, sam, lin))


def say(case, by, source="Delivery note", **facts):
    return assessing.state_facts(case, by=by, at=NOON, source=source, facts=facts)


def test_a_later_sheet_keeps_what_was_stated_before(bare, quinn):
    say(bare, quinn, accepted_on="2026-05-05")

    sheet = say(bare, quinn, source="Protocol", usage="1200")

    assert {name: one["source"] for name, one in sheet.facts.items()} == {
        "accepted_on": "Delivery note", "usage": "Protocol"
    }  # fmt: skip
    assert events_of(bare, "entitlement.facts_stated")[-1].facts["names"] == ["usage"]


def test_an_emptied_fact_is_taken_back_and_the_old_sheet_stays(bare, quinn):
    say(bare, quinn, accepted_on="2026-05-05")

    sheet = say(bare, quinn, accepted_on="")

    assert sheet.facts == {}
    assert "accepted_on" in bare.fact_sheets.get(number=1).facts


def test_a_sheet_is_never_changed(bare, quinn):
    sheet = say(bare, quinn, accepted_on="2026-05-05")
    sheet.facts = {}

    with pytest.raises(Immutable):
        sheet.save()


@pytest.mark.parametrize(("said", "code"), [
    ({"source": " ", "usage": "1"}, "source_missing"),
    ({}, "facts_same"),
    ({"delivered_on": "2026-05-20"}, "facts_unfit"),  # after the notice
    ({"usage": "much"}, "facts_unfit"),
])  # fmt: skip
def test_it_is_refused_and_nothing_is_half_done(bare, quinn, said, code):
    with pytest.raises(Refused) as refusal:
        say(bare, quinn, **said)

    assert codes(refusal) == [code]
    assert not FactSheet.objects.exists()
    assert not events_of(bare, "entitlement.")


def test_a_fact_that_the_case_keeps_is_not_stated(bare, quinn):
    with pytest.raises(KeyError):
        say(bare, quinn, seller_share_pct="100")


def test_an_administrator_states_nothing(bare, root):
    with pytest.raises(PermissionDenied):
        say(bare, root, usage="1")


def test_the_form_takes_lists_by_line_and_says_what_is_wrong(bare, quinn, signed_in):
    client, url = signed_in(quinn), reverse("case-do", args=[bare.ref, "state_facts"])
    typed = {
        "once": "a",
        "source": "Report 7",
        "measurements": "Efficiency; 94.2; %; 0.1",
        "losses": "direct loss 5000",
    }

    wrong = client.post(url, {**typed, "usage": "much"})
    right = client.post(url, {**typed, "once": "b"})

    assert wrong.status_code == 422
    assert "much" in wrong.content.decode()
    assert right.status_code == 302
    facts = bare.fact_sheets.get().facts
    assert facts["measurements"]["value"] == [
        {"characteristic": "Efficiency", "value": "94.2", "unit": "%", "U": "0.1"}
    ]
    assert facts["losses"]["value"] == [["DIRECT_LOSS", "5000"]]


def test_the_form_shows_what_stands_and_opens_the_fact_asked_for(bare, quinn, signed_in):
    say(bare, quinn, accepted_on="2026-05-05")

    page = signed_in(quinn).get(reverse("case-do", args=[bare.ref, "state_facts"]) + "?fact=usage").content.decode()

    assert 'value="2026-05-05"' in page
    assert page.count('<details class="more" open>') >= 2
