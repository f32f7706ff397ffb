"""Legal says that it looked at an assessment that asks for a lawyer; it stands in the trail and on the page."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from complaints import assessing
from complaints.lifecycle import Refused
from complaints.models import Complaint, EntitlementAssessment, LegalLook
from tests.cast import NOON
from tests.complaints import contract_case as under
from tests.complaints.factories import events_of
from tests.complaints.test_first_life import codes

SAID = "The notice by phone holds; the exclusion is not relied on."


@pytest.fixture
def case(ada, quinn, lee, acme, sam, lin):
    return under.known(under.case(ada, under.contract(acme, sam, lin)), quinn, lee)


@pytest.fixture
def kept(case, lin):
    row = assessing.assess(case, by=lin, at=NOON)
    assert EntitlementAssessment.objects.asking_for_a_lawyer().filter(pk=row.pk).exists()
    return row


def page(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def test_it_is_kept_and_changes_nothing_else(case, kept, lin):
    before = Complaint.objects.get(pk=case.pk).state

    assessing.look_at(kept, by=lin, at=NOON, said=f" {SAID} ")

    look = LegalLook.objects.get(assessment=kept)
    assert (look.by, look.at, look.said) == (lin, NOON, SAID)
    assert events_of(case, "entitlement.looked_at")[-1].facts["number"] == 1
    assert Complaint.objects.get(pk=case.pk).state == before


def test_a_second_time_it_is_refused_and_says_who_looked(kept, lin):
    assessing.look_at(kept, by=lin, at=NOON, said=SAID)

    with pytest.raises(Refused) as refusal:
        assessing.look_at(kept, by=lin, at=NOON, said="Again")

    assert codes(refusal) == ["looked_at_already"]
    assert LegalLook.objects.get().said == SAID


def test_without_words_and_of_one_that_does_not_ask_it_is_refused(kept, lin):
    with pytest.raises(Refused) as wordless:
        assessing.look_at(kept, by=lin, at=NOON, said=" ")
    EntitlementAssessment.objects.filter(pk=kept.pk).update(record='{"review":false}')
    with pytest.raises(Refused) as unasked:
        assessing.look_at(kept, by=lin, at=NOON, said=SAID)

    assert (codes(wordless), codes(unasked)) == (["reason_missing"], ["nothing_fits"])
    assert not LegalLook.objects.exists()


def test_it_is_for_legal_alone(kept, quinn, lee, fay):
    for person in (quinn, lee, fay):
        with pytest.raises(PermissionDenied):
            assessing.look_at(kept, by=person, at=NOON, said=SAID)


def test_the_page_says_that_nobody_looked_and_then_who_did_and_what_was_said(case, kept, quinn, lin, signed_in):
    legal = signed_in(lin)
    asked = page(legal, "case-assessment", case.ref, kept.pk)
    assert f"/do/look_at_assessment/?assessment={kept.pk}" in asked
    assert "nobody of Legal has said yet that they looked" in page(signed_in(quinn), "case-entitlement", case.ref)

    url = reverse("case-do", args=[case.ref, "look_at_assessment"])
    answer = legal.post(url, {"assessment": kept.pk, "said": SAID, "once": "a" * 32})

    assert answer.status_code == 302
    for client, name, args in ((legal, "case-assessment", [kept.pk]), (signed_in(quinn), "case-entitlement", [])):
        shown = page(client, name, case.ref, *args)
        assert "Lin looked at it for Legal" in shown
        assert SAID in shown
    assert "/do/look_at_assessment/" not in page(legal, "case-entitlement", case.ref)
