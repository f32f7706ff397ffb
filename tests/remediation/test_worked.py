"""What worked in cases like one: remedies by outcome, causes, lessons (R49)."""

import pytest
from django.urls import reverse

from complaints import lifecycle, tasks
from remediation import capa, worked
from remediation.models import SurveyInvitation, SurveyResponse
from tests.cast import NOON
from tests.complaints.factories import received
from tests.remediation.stories import DAY, RESOLVED, cny, executing, following_up, fresh


def outcome(case, reader):
    return worked.pasts([case], reader)[case.pk].outcome


def answered(case, solved):
    invitation = SurveyInvitation.objects.create(
        complaint=case, cycle=case.cycle, email="c@acme.test", language="en", sent_at=NOON, expires_at=NOON + 21 * DAY
    )
    SurveyResponse.objects.create(invitation=invitation, solved=solved, at=NOON + DAY)
    return case


def test_a_confirmed_remedy_solved_it(who):
    case = following_up(who)

    past = worked.pasts([case], who.ada)[case.pk]

    assert (past.outcome, [line.kind for line, _outcome in past.remedies]) == (worked.SOLVED, ["REWORK"])
    assert [cause.code for cause in past.causes] == ["PRC", "DET"]


@pytest.mark.parametrize(
    ("answer", "what"), [("YES", worked.SOLVED), ("PARTLY", worked.PARTLY), ("NO", worked.CAME_BACK)]
)
def test_what_the_customer_answers_later_counts_more(who, answer, what):
    assert outcome(answered(following_up(who), answer), who.ada) == what


def test_a_remedy_under_way_is_not_known_yet_and_a_reopened_case_came_back(who):
    assert outcome(executing(who), who.ada) == worked.OPEN

    case = lifecycle.reopen(following_up(who), by=who.lee, at=RESOLVED + DAY, reason="It hums again")

    assert outcome(case, who.ada) == worked.CAME_BACK
    assert [how for _line, how in worked.pasts([case], who.ada)[case.pk].remedies] == [worked.CAME_BACK]


def test_remedies_are_ranked_by_what_the_customers_said(who):
    scrap = {"kind": "SCRAP", "description": "Scrap the unit", "cost": cny(100)}
    solved = [following_up(who), following_up(who)]
    failed = [answered(executing(who, scrap), "NO")]
    cases = solved + failed

    rows = worked.tried(cases, worked.pasts(cases, who.ada))

    assert [(row.kind, row.n) for row in rows] == [("REWORK", 2), ("SCRAP", 1)]
    assert rows[0].cases[worked.SOLVED] == solved
    assert rows[1].cases[worked.CAME_BACK] == failed


def test_only_released_lessons_are_offered_and_confidential_ones_to_few(who):
    case = following_up(who)
    said = {"situation": "Hum", "rule": "Weigh the grease"}
    capa.record_lesson(case, by=who.quinn, at=NOON, **said)
    assert worked.pasts([case], who.lee)[case.pk].lessons == []

    secret = capa.record_lesson(case, by=who.quinn, at=NOON, **{**said, "confidential": True})
    capa.approve_lesson(secret, by=who.lee, at=NOON)

    assert worked.pasts([case], who.lee)[case.pk].lessons == [fresh(secret)]
    assert worked.pasts([case], who.ada)[case.pk].lessons == []


def test_the_page_says_what_worked_where_and_why_it_is_similar(who, client):
    case = following_up(who)
    lesson = capa.record_lesson(case, by=who.quinn, at=NOON, situation="Hum", rule="Weigh the grease")
    capa.approve_lesson(lesson, by=who.lee, at=NOON)
    here = received(who.ada)
    tasks.keep_terms()
    client.force_login(who.ada)

    page = client.get(reverse("case-similar", args=[here.ref])).content.decode()

    for words in (case.ref, "Rework", "Solved", "Weigh the grease", "Nozzle worn", "same words"):
        assert words in page


def test_intake_offers_the_lesson_of_a_similar_case(who, client):
    case = following_up(who)
    lesson = capa.record_lesson(case, by=who.quinn, at=NOON, situation="Hum", rule="Weigh the grease")
    capa.approve_lesson(lesson, by=who.lee, at=NOON)
    tasks.keep_terms()
    client.force_login(who.ada)

    page = client.get(
        reverse("intake_help"), {"customer": case.customer.code, "description": case.description}
    ).content.decode()

    assert case.ref in page
    assert "Weigh the grease" in page


def test_no_customer_reads_what_worked_for_others(who, client, carla):
    client.force_login(carla)

    assert client.get(reverse("case-similar", args=[received(who.ada).ref])).status_code == 403
