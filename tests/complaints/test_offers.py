"""An act is offered only where it has something to work on."""

from django.urls import reverse

from complaints import acts, clocks, diagnosis, lifecycle, response, timekeeping
from complaints.models import Complaint
from tests.cast import NOON
from tests.complaints.factories import received, shanghai, triaged
from tests.complaints.test_first_life import HOUR

LATE = shanghai("2026-07-01 10:00")


def offered(complaint: Complaint, user) -> set[str]:
    return {offer.act.name for room in ("case", "actions", "response", "diagnosis")
            for offer in acts.offers(complaint, user, room)}  # fmt: skip


def test_a_fresh_case_offers_nothing_that_has_no_object(ada, lee):
    offers = offered(received(ada), lee)

    assert "acknowledge" in offers
    assert "note_wait" in offers
    assert not offers & {"end_wait", "explain_breach", "excuse_breach", "finish_task", "prove_containment"}


def test_what_comes_up_is_offered_and_what_is_dealt_with_is_not(ada, lee):
    case = lifecycle.acknowledge(received(ada), by=ada, at=NOON + HOUR)
    response.give_task(case, by=ada, at=NOON + HOUR, kind="manual", text="Call")
    timekeeping.note_wait(case, "RESOLVE", "WAITING_SAMPLE", by=ada, at=NOON + HOUR, evidence="Mail")
    clocks.sweep(now=LATE)

    offers = offered(case, lee)

    assert "acknowledge" not in offers
    assert offers >= {"end_wait", "explain_breach", "finish_task"}


def test_a_second_acknowledgement_is_refused_with_the_reason(ada, signed_in):
    case = lifecycle.acknowledge(received(ada), by=ada, at=NOON + HOUR)
    url = reverse("case-do", args=[case.ref, "acknowledge"])

    assert "Nothing on this case waits for this." in signed_in(ada).get(url).content.decode()


def test_a_proven_cause_is_not_offered_for_proof(ada, quinn, lee, cleo):
    case = triaged(quinn, registered_by=ada)
    case = lifecycle.mobilise(case, by=quinn, at=NOON + 2 * HOUR, leader=quinn, champion=lee, members=(cleo,))
    at = NOON + 3 * HOUR
    assert not offered(case, quinn) & {"verify_cause", "withdraw_cause", "judge_why"}

    cause = diagnosis.record_cause(case, by=quinn, at=at, leg="OCCURRENCE", code="UNK", text="Grease")
    assert offered(case, quinn) >= {"verify_cause", "withdraw_cause"}

    diagnosis.verify_cause(cause, by=quinn, at=at, method="Measured", result="Dry")
    form = acts.get("verify_cause").form(complaint=case, user=quinn, now=NOON)
    assert "verify_cause" not in offered(case, quinn)
    assert not form.fields["cause"].queryset.exists()


def test_a_room_asks_once_what_its_acts_work_on(ada, lee, django_assert_num_queries):
    case = received(ada)
    lee.roles  # noqa: B018  # read before, as every request has

    with django_assert_num_queries(1):
        acts.offers(case, lee, "case")
