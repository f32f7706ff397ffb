"""Each night every kept assessment is derived again, and compared with the facts of now."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from complaints import assessing
from complaints.models import EntitlementAssessment
from complaints.tasks import check_entitlements
from contracts.entitlement import RULE_VERSION
from tests.cast import NOON
from tests.complaints import contract_case as under


@pytest.fixture
def kept(ada, quinn, lee, acme, sam, lin):
    case = under.known(under.case(ada, under.contract(acme, sam, lin)), quinn, lee)
    return assessing.assess(case, by=lin, at=NOON)


def test_what_is_as_kept_is_counted(kept):
    out = io.StringIO()

    call_command("check_entitlements", stdout=out)

    assert "1 assessments are as kept" in out.getvalue()


def test_a_record_that_was_touched_is_named(kept):
    EntitlementAssessment.objects.filter(pk=kept.pk).update(record=kept.record.replace("9800.00", "9900.00", 1))
    err = io.StringIO()

    with pytest.raises(CommandError):
        call_command("check_entitlements", stderr=err)

    assert f"{kept.complaint.ref}, assessment 1" in err.getvalue()
    assert check_entitlements() == 1


def test_facts_that_changed_past_every_verb_are_noted(kept):
    kept.complaint.affected_items.update(confirmed=10, good=31)

    assert check_entitlements() == 0
    assert {one["what"] for one in EntitlementAssessment.objects.get(pk=kept.pk).differs} == {
        "LD_PER_UNIT 8.2",
        "total",
    }


def test_one_that_other_rules_gave_is_counted_by_itself(kept):
    older = kept.record.replace(RULE_VERSION, "2026.01")
    EntitlementAssessment.objects.filter(pk=kept.pk).update(record=older)
    out = io.StringIO()

    call_command("check_entitlements", stdout=out)

    assert "0 assessments are as kept, 1 were computed with other rules" in out.getvalue()
