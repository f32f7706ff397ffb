"""The demo: believable, in every state, made by the verbs, and harmless when run again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

import audit
from accounts import duty
from accounts.models import User
from complaints import raci
from complaints.models import Assignment, Complaint, FinanceImpact
from complaints.models.states import State
from remediation.demo import house

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Load the demo once for all tests of this file, and take it back at their end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield house.load(password="demo-demo-demo", now=NOW, texts=None, tell=lambda *what: None)
        transaction.set_rollback(True)


@pytest.fixture
def loaded(demo, db) -> dict[str, int]:
    return demo


def test_the_demo_has_a_case_in_every_state_with_true_histories(loaded):
    assert {state for state, count in loaded.items() if count} == set(State.values)
    assert audit.verify().bad is None
    assert not Complaint.objects.filter(state_since__gt=NOW).exists()
    assert {"en", "zh-hans"} == set(Complaint.objects.values_list("language", flat=True))


def test_some_clocks_are_at_risk_and_some_missed(loaded):
    open_cases = Complaint.objects.backlog()

    assert open_cases.filter(clocks__state="RUNNING", clocks__due_at__lt=NOW).exists()
    assert open_cases.filter(clocks__state="RUNNING", clocks__due_at__gt=NOW).exists()


def test_most_open_cases_are_in_time(loaded):
    open_cases = Complaint.objects.backlog()
    late = open_cases.filter(clocks__state="RUNNING", clocks__breached_at__lt=NOW).distinct()

    assert late.count() * 3 <= open_cases.count()


def test_somebody_is_on_duty_at_night_and_one_day_is_still_to_be_taken(loaded):
    monday = datetime(2026, 11, 23, tzinfo=duty.company_zone())

    assert [person.email for person in duty.on_duty(monday + timedelta(hours=1))] == ["cleo@demo.test"]
    assert duty.on_duty(monday + timedelta(days=12, hours=1)) == []


def test_the_agent_has_cases_of_her_own_and_some_are_nobodys(loaded):
    ada = User.objects.get(email="ada@demo.test")

    assert {case.state for case in Complaint.objects.mine(ada)} >= {"TRIAGED", "FOLLOW_UP"}
    assert Complaint.objects.unassigned().exists()


def test_what_finance_enters_by_hand_is_what_the_proposal_plans(loaded):
    for impact in FinanceImpact.objects.filter(result="", complaint__proposals__isnull=False).distinct():
        planned = impact.complaint.proposals.filter(cycle=impact.cycle).latest("number").standing_lines()
        costs = [line.cost for line in planned]

        assert impact.remedy_cost == sum(costs[1:], costs[0])
        assert not impact.delay_days  # the float covers it
        assert not impact.payments_at_risk.amount


def test_run_again_it_leaves_everything_as_it_is(loaded):
    again = house.load(password="demo-demo-demo", now=NOW, texts=None, tell=lambda *what: None)

    assert again == loaded


def test_the_demo_has_no_place_in_production(settings, db):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="no place in production"):
        call_command("load_demo")


def test_every_open_action_has_one_who_answers_but_one_whose_has_left(loaded):
    found = [gap for case in Complaint.objects.backlog() for gap in raci.gaps(case)]

    assert [gap.code for gap in found] == ["action_unassigned"]
    assert not User.objects.get(email="otto@demo.test").is_active
    assert Assignment.objects.filter(role="C").exists()
    assert Assignment.objects.filter(role="I").exists()
