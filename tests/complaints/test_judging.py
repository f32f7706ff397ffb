"""What had no door before: a cause is taken back, a missed deadline is judged; the executive grades anew."""

import pytest
from django.urls import reverse

from complaints import acts, clocks, facts, lifecycle, timekeeping
from complaints.facts import Triage
from complaints.models import SlaBreach
from complaints.models.states import BreachReason
from tests.cast import NOON
from tests.complaints.factories import received, shanghai, triaged
from tests.complaints.test_api import URL, Program
from tests.complaints.test_first_life import HOUR

LATE = shanghai("2026-07-01 10:00")


@pytest.fixture
def explained(ada, quinn) -> SlaBreach:
    case = received(ada)
    clocks.sweep(now=LATE)
    breach = SlaBreach.objects.get(clock__complaint=case, clock__metric="INITIAL")
    return timekeeping.explain_breach(breach, by=quinn, at=LATE, reason=BreachReason.SPARE_PARTS, text="Came late.")


def test_the_quality_manager_judges_a_missed_deadline(explained, lee, signed_in):
    case = explained.clock.complaint

    page = signed_in(lee).get(reverse("case-do", args=[case.ref, "excuse_breach"])).content.decode()
    answer = Program(lee).post(
        f"{URL}{case.ref}/transitions/excuse_breach/", {"breach": explained.pk, "excusable": True}
    )

    explained.refresh_from_db()
    assert f'value="{explained.pk}"' in page
    assert (answer.status_code, explained.excusable, explained.excused_by) == (200, True, lee)


def test_nobody_else_judges_it(explained, quinn, signed_in):
    url = reverse("case-do", args=[explained.clock.complaint.ref, "excuse_breach"])

    assert signed_in(quinn).post(url, {"once": "a", "breach": explained.pk, "excusable": "1"}).status_code == 403


def test_a_cause_is_taken_back_on_its_page(ada, quinn, lee, cleo, signed_in):
    case = triaged(quinn, registered_by=ada)
    case = lifecycle.mobilise(case, by=quinn, at=NOON + 2 * HOUR, leader=quinn, champion=lee, members=(cleo,))
    said = {"leg": "OCCURRENCE", "code": "UNK", "text": "Grease"}
    acts.perform(acts.get("record_cause"), case, by=quinn, at=NOON + 3 * HOUR, said=said)
    cause, client = case.root_causes.get(), signed_in(quinn)

    client.post(
        reverse("case-do", args=[case.ref, "withdraw_cause"]),
        {"once": "a", "cause": cause.pk, "why": "The grease is the right one."},
    )

    cause.refresh_from_db()
    assert cause.withdrawn_at


def test_the_executive_grades_anew_without_the_right_to_triage(ada, quinn, max, fay):
    case = triaged(quinn, registered_by=ada, grade="G3")
    triage = Triage(4, 4, 3, 3, owner=None, department=None)

    again = facts.regrade(case, by=max, at=NOON + 2 * HOUR, triage=triage, reason="The press asks.")

    assert again.grade == "G2"
    assert max.may("case.regrade")
    assert not fay.may("case.regrade")
    assert acts.offer(acts.get("regrade"), again, max).allowed
