"""Two propose a table of grading rules, or one approves what another takes back, at one moment. PostgreSQL only."""

from datetime import timedelta

import pytest

from complaints import emergency_plans as plans
from complaints import grade_rules
from complaints.lifecycle import Refused
from complaints.models import EmergencyPlan, GradingRules
from tests.cast import NOON
from tests.complaints.test_grading_rules import STRICT, TODAY
from tests.complaints.test_sweep_races import together
from tests.emergency import house

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def said(job):
    """Return the codes of what refused the job, or nothing."""
    try:
        job()
    except Refused as refused:
        return [why.code for why in refused.reasons]
    return []


def propose(by):
    return lambda: said(
        lambda: grade_rules.propose(STRICT, by=by, at=NOON, effective_from=TODAY, note="Small faults add up.")
    )


@pytest.mark.parametrize("standing", [False, True])
def test_of_two_proposals_at_once_one_waits_and_the_other_is_told(quinn, lee, standing):
    if standing:
        first = grade_rules.propose(
            grade_rules.grading.Rules(g3_from=4), by=quinn, at=NOON, effective_from=TODAY, note="x"
        )
        grade_rules.approve(first, by=lee, at=NOON)

    answers = together(*[propose(quinn), propose(lee)] * 2)

    assert sorted(answers) == [[], *[["grading_rules_waiting"]] * 3]
    assert GradingRules.objects.filter(approved_by=None).count() == 1


def test_a_proposal_is_approved_or_taken_back_and_never_both(quinn, lee):
    version = grade_rules.propose(STRICT, by=quinn, at=NOON, effective_from=TODAY, note="x")

    answers = together(
        lambda: said(lambda: grade_rules.approve(version, by=lee, at=NOON)),
        lambda: said(lambda: grade_rules.let_fall(version, by=quinn, at=NOON)),
    )

    assert answers in ([[], ["grading_rules_approved"]], [["grading_rules_fell"], []])


def test_two_who_begin_the_next_version_of_a_plan_get_one_draft(quinn, lee, cleo, max):
    plan = house.in_force(lee, quinn, cleo, max)
    later = NOON + timedelta(hours=1)

    drafts = together(*[lambda by=by: plans.begin_version(plan, by=by, at=later).pk for by in (quinn, lee, quinn, lee)])

    assert len(set(drafts)) == 1
    assert EmergencyPlan.objects.count() == 2
