"""Statements, languages, no script, hostile words, and the links that mails carry."""

import json
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from complaints import clocks, conversation, timekeeping
from complaints.models import Complaint, SlaBreach
from complaints.models.states import BreachReason
from remediation.models import SurveyInvitation
from tests.cast import NOON
from tests.complaints.factories import received
from tests.portal.stories import seen
from tests.portal.test_access import photo
from tests.remediation.stories import DAY, HOUR, RESOLVED, REWORK, SENT, cny, following_up, negotiating

BUDGET = json.loads((settings.BASE_DIR / "tests/query_budget.json").read_text())
HOSTILE = "</title><script>alert(1)</script>\"'><svg onload=alert(2)>{{ request }}{% debug %}\u202e"


def statements(client, address) -> int:
    client.get(address)  # whatever is read once per process
    with CaptureQueriesContext(
        connection,
    ) as seen_queries:
        assert client.get(address).status_code == 200
    return len(seen_queries)


@pytest.fixture
def customer(carla, signed_in):
    return signed_in(carla)


def test_delays_and_rejections_cost_no_statement_per_case(who, customer, at_noon):
    late = [received(who.ada, at=NOON, title=f"Case {number}") for number in range(4)]
    clocks.sweep(now=NOON + 3 * DAY)
    at_noon(NOON + 3 * DAY)
    said = {"reason": BreachReason.SPARE_PARTS, "text": "The bearing came late."}
    for breach in SlaBreach.objects.filter(clock__complaint__in=late[:1], clock__metric="INITIAL"):
        timekeeping.explain_breach(breach, by=who.quinn, at=NOON + 3 * DAY, **said)
    Complaint.objects.filter(pk=late[3].pk).update(state="REJECTED")
    before = statements(customer, "/portal/")

    for breach in SlaBreach.objects.filter(clock__complaint__in=late[1:], clock__metric="INITIAL"):
        timekeeping.explain_breach(breach, by=who.quinn, at=NOON + 3 * DAY, **said)
    Complaint.objects.filter(pk=late[2].pk).update(state="REJECTED")

    assert statements(customer, "/portal/") == before


def test_a_case_is_read_in_few_statements_however_much_is_in_it(who, customer, carla, at_noon):
    complaint = following_up(who)
    at_noon(RESOLVED + HOUR)
    for number in range(5):
        file = photo(f"{number}.txt", b"%d" % number)
        conversation.hear(complaint, by=carla, at=RESOLVED, body=f"Message {number}", attached=[file])
        conversation.reply(complaint, by=who.ada, at=RESOLVED, body=f"Answer {number}")

    assert statements(customer, reverse("portal-case", args=[complaint.ref])) <= BUDGET["portal_case"]


def test_the_list_is_read_in_few_statements_however_many_cases(who, customer, at_noon):
    following_up(who)
    for number in range(8):
        received(who.ada, at=NOON, title=f"Case {number}")
    negotiating(who)
    at_noon(RESOLVED + HOUR)

    assert statements(customer, "/portal/") <= BUDGET["portal"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_speaks_the_language_of_its_reader(who, carla, signed_in, at_noon, language):
    complaint = negotiating(who)
    carla.language = language
    carla.save()
    at_noon(SENT + HOUR)
    client = signed_in(carla)

    for name in ("portal-case", "portal-proposal", "portal-received"):
        response = client.get(reverse(name, args=[complaint.ref]))
        assert response.headers["Content-Language"] == language
        assert ("等您处理" in seen(response)) == (language == "zh-hans" and name == "portal-case")


def test_nothing_needs_a_script_and_nothing_is_inline(who, customer, at_noon):
    complaint = negotiating(who)
    at_noon(SENT + HOUR)

    for address in ("/portal/", "/portal/new/", reverse("portal-case", args=[complaint.ref]),
                    reverse("portal-proposal", args=[complaint.ref])):  # fmt: skip
        page = customer.get(address).content.decode()
        assert not re.findall(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:", page)
        assert all('method="post"' in form or 'method="get"' in form for form in re.findall(r"<form[^>]*>", page))


def test_hostile_words_stay_words_on_every_page(who, customer, client, at_noon):
    complaint = negotiating(
        who, {**REWORK, "description": HOSTILE, "cost": cny(1)}, title=HOSTILE[:150], serial=HOSTILE[:80],
    )  # fmt: skip
    offer = complaint.proposals.get()
    type(offer).objects.filter(pk=offer.pk).update(conditions=HOSTILE, reservation=HOSTILE)
    at_noon(SENT + HOUR)

    pages = [customer.get(reverse(name, args=[complaint.ref])) for name in ("portal-case", "portal-proposal")]
    pages += [customer.get("/portal/"), client.get(reverse("tracker", args=[complaint.tracker_link.token]))]
    said = {"answer": "change", "version": 1, "change": HOSTILE}
    pages.append(customer.post(reverse("portal-proposal-check", args=[complaint.ref]), said))

    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert "<svg onload" not in page.content.decode()


def test_the_links_in_our_mails_lead_somewhere(who, client, at_noon):
    complaint = following_up(who)
    invitation = SurveyInvitation.objects.get()
    at_noon(RESOLVED + HOUR)

    for address in (f"/t/{complaint.tracker_link.token}/", f"/s/{invitation.token}/"):
        assert client.get(address).status_code == 200


def test_an_ended_case_stands_among_the_earlier_ones(who, customer, at_noon):
    from complaints import lifecycle

    complaint = received(who.ada)
    lifecycle.withdraw(complaint, by=who.ada, at=NOON + HOUR, statement="Solved itself.")
    at_noon(NOON + 2 * HOUR)

    page = seen(customer.get("/portal/"))

    assert "Earlier cases" in page
    assert "You took this complaint back on" in page


def test_what_waits_stands_first(who, customer, at_noon):
    waiting = negotiating(who)
    other = received(who.ada, at=SENT)
    at_noon(SENT + HOUR)

    page = seen(customer.get("/portal/"))

    assert "1 case waits for your answer." in page
    assert page.index(waiting.ref) < page.index(other.ref)


def test_a_question_of_ours_waits_until_it_is_answered(who, customer, carla, at_noon):
    from complaints.models import InitialAnalysis
    from tests.remediation.stories import diagnosing

    complaint = diagnosing(who)
    InitialAnalysis.objects.update(questions="Which grease did you use?")
    at_noon(SENT)
    address = reverse("portal-case", args=[complaint.ref])
    assert "Which grease did you use?" in seen(customer.get(address))

    conversation.hear(complaint, by=carla, at=SENT, body="The one on the plate.")

    assert "Which grease did you use?" not in seen(customer.get(address))


def test_what_the_customer_reported_stands_first_among_the_messages(who, customer, at_noon):
    complaint = received(who.ada, description="It hums since Monday.")
    conversation.reply(complaint, by=who.ada, at=NOON + HOUR, body="We are on it.")
    at_noon(NOON + 2 * HOUR)

    page = seen(customer.get(reverse("portal-case", args=[complaint.ref])))

    assert "your report" in page
    assert page.rindex("It hums since Monday.") < page.index("We are on it.")


@pytest.mark.parametrize(("questions", "said"), [("Which grease?", False), ("", True)])
def test_nothing_is_needed_is_said_only_when_nothing_waits(questions, said, who, customer, at_noon):
    from complaints.models import Complaint, InitialAnalysis
    from tests.remediation.stories import diagnosing

    complaint = diagnosing(who)
    InitialAnalysis.objects.update(questions=questions)
    Complaint.objects.filter(pk=complaint.pk).update(state="PROPOSING")
    at_noon(SENT)

    case = seen(customer.get(reverse("portal-case", args=[complaint.ref])))
    home = seen(customer.get("/portal/"))

    assert ("Nothing is needed" in case) is said
    assert ("Nothing is needed" in home) is said


def test_dates_carry_weekday_and_month_in_both_languages():
    from datetime import date

    from portal import dates

    with translation.override("en"):
        assert dates.day(date(2026, 5, 14), today=date(2026, 1, 1)).split() == ["Thu", "14", "May"]
        assert dates.day(date(2025, 12, 5), today=date(2026, 1, 1)).split() == ["Fri", "5", "December", "2025"]
    with translation.override("zh-hans"):
        assert dates.day(date(2026, 5, 14), today=date(2026, 1, 1)) == "5月14日（周四）"
        assert dates.day(date(2025, 12, 5), today=date(2026, 1, 1)) == "2025年12月5日（周五）"


def test_no_case_that_is_a_draft_shows(who, carla, customer, at_noon, acme):
    from complaints import lifecycle

    at_noon(NOON)
    lifecycle.draft(Complaint(customer=acme, description="Half a word", title="Half"), by=carla, at=NOON)

    assert "Half" not in seen(customer.get("/portal/"))
