"""Facts that only the contract asks for are stated with where they stand."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from complaints import assessing
from complaints.lifecycle import Refused
from complaints.models import Complaint, FactSheet, Immutable
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
    ({"accepted_on": "9999-06-01"}, "facts_unfit"),
    ({"accepted_on": "1066-10-14"}, "facts_unfit"),
    ({"accepted_on": "2026-05-13"}, "facts_unfit"),  # tomorrow
    ({"force_majeure": [["2026-01-01", "9999-12-31"]]}, "facts_unfit"),
])  # fmt: skip
def test_it_is_refused_and_nothing_is_half_done(bare, quinn, said, code):
    with pytest.raises(Refused) as refusal:
        say(bare, quinn, **said)

    assert codes(refusal) == [code]
    assert not FactSheet.objects.exists()
    assert not events_of(bare, "entitlement.")


def test_a_day_that_is_due_may_lie_ahead(bare, quinn):
    sheet = say(bare, quinn, repair_due_on="2026-08-01")

    assert sheet.facts["repair_due_on"]["value"] == "2026-08-01"


def test_a_case_without_a_contract_takes_no_nonsense_either(bare, quinn):
    Complaint.objects.filter(pk=bare.pk).update(contract=None)

    with pytest.raises(Refused) as refusal:
        say(bare, quinn, accepted_on="9999-06-01")

    assert codes(refusal) == ["facts_unfit"]


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


def test_kinds_of_loss_and_breach_are_said_in_words_and_no_other_is_taken(bare, quinn, signed_in):
    client, url = signed_in(quinn), reverse("case-do", args=[bare.ref, "state_facts"])

    shown = client.get(url).content.decode()
    wrong = client.post(url, {"once": "a", "source": "Report 7", "losses": "lost profits 5000"})

    assert "Kinds: direct loss, repair cost, transport cost" in shown
    assert "Kinds: nonconforming goods, repeated defect" in shown
    assert "“lost profits” is none of the kinds: direct loss" in wrong.content.decode()
    assert not bare.fact_sheets.exists()


def test_the_form_shows_what_stands_and_asks_one_fact_alone(bare, quinn, signed_in):
    say(bare, quinn, accepted_on="2026-05-05")
    client, address = signed_in(quinn), reverse("case-do", args=[bare.ref, "state_facts"])

    whole, alone = (client.get(address + query).content.decode() for query in ("", "?fact=usage"))

    assert 'value="2026-05-05"' in whole
    assert 'value="2026-05-05"' not in alone
    assert 'name="usage"' in alone


# Two people at once ---------------------------------------------------------------------------------------------------


def test_stated_on_a_sheet_that_was_replaced_meanwhile_it_is_refused(bare, quinn, lin):
    say(bare, lin, usage="1200")

    with pytest.raises(Refused) as refusal:
        assessing.state_facts(bare, by=quinn, at=NOON, source="Call", facts={"usage": ""}, expected=0)

    assert codes(refusal) == ["changed_meanwhile"]
    assert bare.fact_sheets.get().facts["usage"]["value"] == "1200"


def test_the_form_takes_no_fact_back_that_another_stated_meanwhile(bare, quinn, lin, signed_in):
    client, url = signed_in(quinn), reverse("case-do", args=[bare.ref, "state_facts"])
    assert 'name="expected" value="0"' in client.get(url).content.decode()
    say(bare, lin, usage="1200")
    typed = {"once": "a", "expected": "0", "usage": "", "accepted_on": "2026-05-05", "source": "Protocol"}

    refused = client.post(url, typed)

    text = refused.content.decode()
    assert refused.status_code == 409
    assert "Kept now: 1200" in text
    assert 'value="2026-05-05"' in text
    assert 'name="expected" value="1"' in text
    assert client.post(url, typed | {"once": "b", "expected": "1", "usage": "1200"}).status_code == 302
    assert set(bare.fact_sheets.get(number=2).facts) == {"usage", "accepted_on"}


def test_a_measurement_with_a_cell_too_many_is_refused(bare, quinn, signed_in):
    client, url = signed_in(quinn), reverse("case-do", args=[bare.ref, "state_facts"])

    refused = client.post(url, {"once": "a", "measurements": "Zinc; 231; g/m²; 0.3; 5", "source": "Protocol"})

    assert refused.status_code == 422
    assert "Row 1 has more than 4 cells." in refused.content.decode()
    assert not FactSheet.objects.exists()


def test_the_trail_holds_what_was_stated(bare, quinn):
    sheet = say(bare, quinn, usage="1200")

    assert events_of(bare, "entitlement.facts_stated")[-1].facts["sha256"] == sheet.sha256
    FactSheet.objects.filter(pk=sheet.pk).update(facts={})
    assert FactSheet.objects.get(pk=sheet.pk).sha256 != sheet.sha256


def test_a_form_that_is_stale_and_does_not_fit_says_both_at_once(bare, quinn, lin, signed_in):
    client, url = signed_in(quinn), reverse("case-do", args=[bare.ref, "state_facts"])
    say(bare, lin, usage="1200")
    typed = {"once": "a", "expected": "0", "usage": "many", "accepted_on": "2026-02-30", "source": "Protocol"}

    refused = client.post(url, typed)

    text = refused.content.decode()
    assert refused.status_code == 409
    assert "Somebody else changed this case meanwhile." in text
    assert "Kept now: 1200" in text
    assert "“2026-02-30” is no day" in text
    assert "“many” is no number" in text
    assert 'name="expected" value="1"' in text
    assert bare.fact_sheets.count() == 1
