"""What the case itself says about its grade is proposed with its reason, and confirmed or not by a person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from complaints import grade_facts
from complaints.models import Complaint
from complaints.models.states import Safety
from contracts.models import Product
from tests.cast import NOON
from tests.complaints.factories import received, triaged


@pytest.mark.parametrize(
    ("told", "name", "score", "why"),
    [
        ({"safety": Safety.INJURY}, "consequence", 5, "propose_injury"),
        ({"safety": ""}, "consequence", 5, "propose_danger_open"),
        ({"safety": Safety.NO, "work_stopped": True}, "consequence", 4, "propose_stopped"),
        ({"safety": Safety.NO, "nonconformity": ["DOCUMENT"]}, "consequence", 1, "propose_on_paper"),
        ({"quantity_affected": None}, "extent", 5, "propose_extent_unknown"),
        ({"quantity_affected": Decimal(1), "quantity_delivered": Decimal(400)}, "extent", 1, "propose_one_unit"),
        ({"quantity_affected": Decimal(4), "quantity_delivered": Decimal(400)}, "extent", 2, "propose_share"),
        ({"quantity_affected": Decimal(5), "quantity_delivered": Decimal(400)}, "extent", 3, "propose_share"),
        ({"quantity_affected": Decimal(40), "quantity_delivered": Decimal(400)}, "extent", 4, "propose_share"),
        ({"quantity_affected": Decimal(41), "quantity_delivered": Decimal(400)}, "extent", 5, "propose_share"),
        ({"quantity_affected": Decimal(3), "quantity_delivered": None}, "extent", 5, "propose_extent_unknown"),
        ({"work_stopped": True}, "customer_impact", 5, "propose_impact_stopped"),
        ({"milestone_at_risk": True}, "customer_impact", 3, "propose_milestone"),
    ],
)
def test_a_fact_proposes_a_score_and_says_why(told, name, score, why, db):
    found = grade_facts.propose(Complaint(**told), at=NOON).scores[name]

    assert (found.score, found.why.code) == (score, why)


def test_what_nobody_told_is_not_proposed(db):
    scores = grade_facts.propose(Complaint(safety=Safety.NO, quantity_affected=Decimal(1)), at=NOON).scores

    assert set(scores) == {"extent"}


def test_the_grade_from_some_scores_is_the_least_it_can_come_to(db):
    found = grade_facts.propose(Complaint(safety=Safety.DANGER, quantity_affected=Decimal(1)), at=NOON)

    assert (found.result.grade, found.is_whole) == ("G2", False)


def test_cases_of_the_same_goods_in_the_year_before_are_counted(ada):
    box = Product.objects.create(code="G7", name="Gearbox")
    first, second = received(ada, product=box), received(ada, product=box)
    Complaint.objects.filter(pk=first.pk).update(received_at=first.received_at - timedelta(hours=1))

    found = grade_facts.propose(second, at=NOON).scores["recurrence"]

    assert (found.score, found.why.code, found.why.params) == (3, "propose_times", {"n": 2})


def test_another_defect_of_the_same_goods_is_no_recurrence(ada):
    box = Product.objects.create(code="G7", name="Gearbox")
    first = received(ada, product=box, nonconformity=["QUANTITY"])
    second = received(ada, product=box, nonconformity=["DEFECT"])
    Complaint.objects.filter(pk=first.pk).update(received_at=first.received_at - timedelta(days=2))

    assert grade_facts.propose(second, at=NOON).scores["recurrence"].why.code == "propose_first"


def test_triage_opens_with_the_proposal_and_a_live_grade(ada, quinn, signed_in):
    case = received(ada, safety="DANGER")

    page = signed_in(quinn).get(reverse("case-do", args=[case.ref, "triage"])).content.decode()

    assert "Proposed: 5, because danger to people or property was told." in page
    assert 'id="grade_panel"' in page
    assert reverse("grade_panel", args=[case.ref]) in page


def test_the_panel_follows_the_fields(ada, quinn, signed_in):
    case = received(ada, safety="NO")
    asked = {"consequence": "4", "extent": "4", "customer_impact": "1", "recurrence": "1", "safety": "NO"}

    panel = signed_in(quinn).get(reverse("grade_panel", args=[case.ref]), asked).content.decode()

    assert "G2 Major" in panel
    assert "Consequence 4 × the higher of extent and recurrence 4 = 16: G2." in panel
    assert "Standard rules" in panel


@pytest.mark.parametrize("asked", [{}, {"consequence": "9"}, {"consequence": "x", "extent": "<b>"}])
def test_the_panel_says_what_is_still_open(asked, ada, quinn, signed_in):
    case = received(ada)

    answer = signed_in(quinn).get(reverse("grade_panel", args=[case.ref]), asked)

    assert answer.status_code == 200
    assert "4 scores are still to be chosen." in answer.content.decode()


def test_the_panel_is_not_for_strangers(ada, carla, signed_in):
    case = received(ada)

    assert signed_in(carla).get(reverse("grade_panel", args=[case.ref])).status_code in (302, 403, 404)


def test_without_scripts_a_button_shows_the_grade_and_keeps_what_was_typed(ada, quinn, signed_in):
    case = received(ada, safety="NO")
    asked = {
        "consequence": "5", "extent": "5", "customer_impact": "1", "recurrence": "1", "op": "preview",
        "nonconformity": ["DEFECT", "QUANTITY"], "override_reason": "kept words",
    }  # fmt: skip

    page = signed_in(quinn).post(reverse("case-do", args=[case.ref, "triage"]), asked).content.decode()

    assert "G1 Critical" in page
    assert "kept words" in page
    assert page.count("checked") >= 6  # four scores, two kinds
    case.refresh_from_db()
    assert case.grade == ""


def test_the_page_of_the_grade_shows_its_working_and_the_ones_before(ada, quinn, signed_in):
    case = triaged(quinn, registered_by=ada)

    page = signed_in(quinn).get(reverse("case-grade", args=[case.ref])).content.decode()

    assert "Standard rules" in page
    assert "aria-current" in page


def test_intake_says_the_grade_that_the_ticks_propose(ada, acme, signed_in):
    asked = {"customer": acme.code, "description": "It leaks", "work_stopped": "on", "safety": "NO"}

    page = signed_in(ada).get(reverse("intake_help"), asked).content.decode()

    assert "G1 Critical at least" in page
    assert "the customer’s work is stopped" in page


def test_intake_names_danger_before_a_stop_as_the_reason_of_urgency(ada, signed_in):
    told = {"description": "It smokes", "work_stopped": "on"}

    pages = {
        safety: signed_in(ada).get(reverse("intake_help"), told | {"safety": safety}).content.decode()
        for safety in ("DANGER", "NO")
    }

    assert "because of danger" in pages["DANGER"]
    assert "because work is stopped" in pages["NO"]


def test_whatever_proposes_a_grade_at_intake_is_sent_while_it_is_typed(ada, acme, signed_in):
    client = signed_in(ada)
    form = client.get(reverse("intake")).context["form"]
    counts = {"quantity_affected": "3", "quantity_delivered": "40"}
    asked = {"customer": acme.code, "description": "It leaks", "safety": "NO", **counts}

    page = client.get(reverse("intake_help"), asked).content.decode()

    assert "3 of 40 are affected" in page
    for name in ("quantity_affected", "quantity_delivered", "milestone_at_risk", "work_stopped", "safety"):
        assert "data-help" in str(form[name])
