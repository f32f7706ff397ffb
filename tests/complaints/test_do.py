"""Acts by hand: what the state does not offer is refused, whatever the door."""

from datetime import timedelta

import pytest
from django.urls import reverse

from complaints import acts, conversation, lifecycle
from complaints.lifecycle import Refused
from complaints.models import Complaint, Letter
from tests.cast import NOON
from tests.complaints.factories import received

HOUR = timedelta(hours=1)


def test_an_act_that_the_state_does_not_offer_is_refused_on_its_page(ada, signed_in):
    complaint = received(ada)
    lifecycle.withdraw(complaint, by=ada, at=NOON + HOUR, statement="We take it back.")

    answer = signed_in(ada).post(
        reverse("case-do", args=[complaint.ref, "acknowledge"]), {"contact_person": ada.email, "once": "a"}
    )

    assert answer.status_code == 409
    assert not Letter.objects.exists()


def test_nothing_happens_to_a_case_before_it_was_received(ada):
    complaint = received(ada)

    with pytest.raises(Refused) as refusal:
        conversation.note(complaint, by=ada, at=NOON - HOUR, body="Too early")

    assert [why.code for why in refusal.value.reasons] == ["at_before_last_move"]
    assert not complaint.messages.exists()


def test_more_goods_than_a_database_counts_do_not_fit(quinn, ada, signed_in):
    complaint = received(ada)

    answer = signed_in(quinn).post(
        reverse("case-do", args=[complaint.ref, "record_extent"]),
        {"location": "OWN_STOCK", "total": 10**12, "confirmed": 10**12, "good": 0, "unknown": 0, "once": "a"},
    )

    assert answer.status_code == 422
    assert not complaint.affected_items.exists()


def test_a_task_is_given_on_an_open_case_only(ada, cleo):
    complaint = received(ada)
    act, said = acts.get("give_task"), {"text": "Call the site", "owner": cleo}

    acts.perform(act, complaint, by=ada, at=NOON + HOUR, said=dict(said))
    stale = Complaint.objects.get(pk=complaint.pk)
    lifecycle.withdraw(complaint, by=ada, at=NOON + HOUR, statement="We take it back.")
    with pytest.raises(Refused):
        acts.perform(act, stale, by=ada, at=NOON + 2 * HOUR, said=dict(said))

    assert complaint.tasks.count() == 1
