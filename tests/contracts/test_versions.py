"""Versions of a contract on its pages: which one counts, its gaps, and the next one made from it."""

from datetime import date

import pytest
from django.urls import reverse

from audit.models import Event
from contracts import drafting
from contracts.clauses import read_terms
from contracts.models import Clause, ContractVersion
from tests.cast import NOON
from tests.contracts.test_terms import WHOLE


@pytest.fixture
def checked(clause, sam, lin):
    drafting.structure(clause, terms=read_terms(clause.type, WHOLE[clause.type]), by=sam, at=NOON)
    return drafting.check(clause, by=lin, at=NOON)


@pytest.fixture
def new(contract):
    return reverse("contracts:new_version", args=[contract.ref])


def page(client, name, contract, **query):
    return client.get(reverse(name, args=[contract.ref]), query).content.decode()


def test_the_contract_says_what_is_computed_with_and_why_the_rest_is_not(checked, version, contract, sam, signed_in):
    bare = {"version": version, "language": "en", "text": "t"}
    Clause.objects.create(number="9", heading="Law", type="GOVERNING_LAW", **bare)
    waiting = Clause(number="10", heading="Loss", type="DAMAGES", **bare)
    drafting.structure(waiting, terms=read_terms("DAMAGES", WHOLE["DAMAGES"]), by=sam, at=NOON)

    shown = page(signed_in(sam), "contracts:contract", contract)

    assert "1 of 3 clauses: those that Legal has checked." in shown
    assert "only its text is entered" in shown
    assert f"entered by {sam}; somebody else from Legal must check it" in shown


def test_the_gap_check_names_the_gap_its_law_and_the_mend(checked, contract, ada, signed_in):
    shown = page(signed_in(ada), "contracts:gaps", contract)

    assert "No limit of liability" in shown
    assert "If Chinese law governs" in shown
    assert "[Civil Code (China) 584]" in shown
    assert "No inspection period" not in shown


def test_gaps_are_those_of_the_version_that_is_read(checked, version, contract, sam, signed_in):
    after = drafting.amend(version, effective_from=date(2026, 2, 1), note="n", by=sam, at=NOON)
    terms = read_terms("GOVERNING_LAW", WHOLE["GOVERNING_LAW"])
    law = Clause(version=after, number="1", heading="Law", type="GOVERNING_LAW", text="t", language="en")
    drafting.structure(law, terms=terms, by=sam, at=NOON)

    assert "No governing law" in page(signed_in(sam), "contracts:gaps", contract, version=1)
    assert "No governing law" not in page(signed_in(sam), "contracts:gaps", contract, version=2)
    assert signed_in(sam).get(reverse("contracts:gaps", args=[contract.ref]), {"version": "3"}).status_code == 404


def test_a_version_that_does_not_count_today_says_so(checked, version, contract, sam, signed_in):
    drafting.amend(version, effective_from=date(2099, 1, 1), note="n", by=sam, at=NOON)

    assert "Until then the one before counts." in page(signed_in(sam), "contracts:contract", contract, version=2)
    assert "Until then" not in page(signed_in(sam), "contracts:contract", contract)


def test_a_new_version_takes_the_clauses_over_and_opens_those_that_change(
    checked, version, contract, sam, signed_in, new
):
    other = Clause.objects.create(
        version=version, number="9", heading="Law", type="GOVERNING_LAW", text="PRC law.", language="en"
    )
    form = {"effective_from": "2026-06-01", "note": "Amendment 1", "reopening": [str(checked.pk)]}

    answer = signed_in(sam).post(new, form)

    assert answer.url == f"{contract.get_absolute_url()}?version=2"
    after = contract.versions.get(version=2)
    assert ContractVersion.objects.get(pk=version.pk).effective_to == date(2026, 5, 31)
    assert after.clauses.count() == 2
    assert not after.clauses.get(number="7.2").is_checked
    assert Clause.objects.get(pk=checked.pk).is_checked
    assert after.clauses.get(number="9").text == other.text
    event = Event.objects.filter(stream=contract.uuid).order_by("seq").last()
    assert (event.kind, event.facts["reopened"]) == ("contract.amended", [checked.pk])


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"effective_from": "2026-01-15", "note": "n"}, "Enter a day after"),
        ({"effective_from": "", "note": "n"}, "Effective from"),
        ({"effective_from": "2026-06-01", "note": "n", "reopening": ["999999"]}, "999999"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(checked, contract, sam, signed_in, new, form, words):
    answer = signed_in(sam).post(new, form)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert contract.versions.count() == 1


def test_a_contract_that_ends_before_refuses_the_day(checked, version, contract, sam, signed_in, new):
    ContractVersion.objects.filter(pk=version.pk).update(effective_to=date(2026, 3, 31))

    answer = signed_in(sam).post(new, {"effective_from": "2026-06-01", "note": "n"})

    assert answer.status_code == 409
    assert "The contract ends before that day." in answer.content.decode()


def test_who_may_not_enter_clauses_makes_no_version(checked, contract, ada, carla, signed_in, new):
    form = {"effective_from": "2026-06-01", "note": "n"}

    assert signed_in(ada).post(new, form).status_code == 403
    assert signed_in(carla).post(new, form).status_code == 404
    assert signed_in(ada).get(reverse("contracts:versions", args=[contract.ref])).status_code == 200
    assert contract.versions.count() == 1


def test_a_contract_without_versions_still_has_its_pages(contract, sam, signed_in, new):
    for name in ("contracts:contract", "contracts:gaps", "contracts:versions"):
        assert signed_in(sam).get(reverse(name, args=[contract.ref])).status_code == 200
    assert signed_in(sam).get(new).status_code == 404
