"""A verdict is disputed by one and decided by another; set otherwise, all that follows from it changes."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from complaints import assessing, entitling
from complaints.lifecycle import Refused
from complaints.models import EntitlementAssessment, VerdictDispute
from contracts.money import Money
from tests.cast import NOON, person
from tests.complaints import contract_case as under
from tests.complaints.factories import events_of
from tests.complaints.test_first_life import codes

NOTICE = {"what": "gate N", "wanted": "FAIL", "because": "The call of 12 May did not name the defect."}


@pytest.fixture
def case(ada, quinn, lee, acme, sam, lin):
    return under.known(under.case(ada, under.contract(acme, sam, lin)), quinn, lee)


def dispute(case, by, **changes):
    return assessing.dispute_verdict(case, by=by, at=NOON, **{**NOTICE, **changes})


def decide(row, by, decision="UPHELD", answer="The clause wants the defect named."):
    return assessing.decide_dispute(row, by=by, at=NOON, decision=decision, answer=answer)


def now(case):
    return entitling.basis_of(case, at=NOON).assess()


def test_it_changes_nothing_until_another_person_decides(case, quinn):
    row = dispute(case, quinn)

    assert (row.number, row.found, row.clause.number) == (1, "PASS", "5.2")
    assert str(now(case).total.amount) == "9800.00"
    assert events_of(case, "entitlement.disputed")[-1].facts["what"] == "gate N"


def test_upheld_it_turns_the_gate_and_the_money_behind_it(case, quinn, lin):
    kept = assessing.assess(case, by=lin, at=NOON)

    decide(dispute(case, quinn), lin)

    found = now(case)
    assert {gate.name: gate.verdict for gate in found.gates}["N"] == "FAIL"
    assert str(found.total.amount) == "0.00"
    assert {one["what"] for one in EntitlementAssessment.objects.get(pk=kept.pk).differs} >= {"gate N", "total"}
    assert events_of(case, "entitlement.dispute_decided")[-1].facts["decision"] == "UPHELD"


def test_an_assessment_under_a_ruling_derives_again(case, quinn, lin):
    decide(dispute(case, quinn), lin)

    assert assessing.holds(assessing.assess(case, by=lin, at=NOON))


def test_dismissed_it_leaves_the_verdict(case, quinn, lin):
    decide(dispute(case, quinn), lin, "DISMISSED")

    assert str(now(case).total.amount) == "9800.00"


def test_a_sum_is_set_otherwise_with_its_amount(case, quinn, lin):
    amount = Money(Decimal("7000.00"), "CNY")

    decide(dispute(case, quinn, what="LD_PER_UNIT 8.2", wanted="ENTITLED", amount=amount), lin)

    assert str(now(case).total.amount) == "7000.00"


@pytest.mark.parametrize("sum_", ["5000.00", "20000.00"])
def test_no_product_is_shown_for_a_sum_that_was_set_otherwise(case, quinn, lin, sum_):
    amount = Money(Decimal(sum_), "CNY")
    decide(dispute(case, quinn, what="LD_PER_UNIT 8.2", wanted="ENTITLED", amount=amount), lin)

    row = assessing.assess(case, by=lin, at=NOON)

    assert [(head["amount"], head["formula"]) for head in row.heads] == [(sum_, "")]


def test_who_disputed_it_does_not_decide_it(case, lin):
    row = dispute(case, lin)

    with pytest.raises(Refused) as refusal:
        decide(row, lin)

    assert codes(refusal) == ["same_person"]


def test_the_database_holds_two_people_too(case, lin):
    row = dispute(case, lin)

    with pytest.raises(IntegrityError), transaction.atomic():
        VerdictDispute.objects.filter(pk=row.pk).update(
            decision="UPHELD", answer="Yes.", decided_by=lin, decided_at=NOON
        )


@pytest.mark.parametrize(("said", "code"), [
    ({"because": " "}, "reason_missing"),
    ({"what": "gate Z"}, "verdict_unknown"),
    ({"wanted": "MAYBE"}, "verdict_unknown"),
    ({"wanted": "PASS"}, "verdict_same"),
    ({"what": "LD_PER_UNIT 8.2", "wanted": "ENTITLED", "amount": Money(Decimal(1), "EUR")}, "verdict_currency"),
    ({"what": "LD_PER_UNIT 8.2", "wanted": "NOT_ENTITLED", "amount": Money(Decimal(1), "CNY")}, "verdict_without_sum"),
    ({"amount": Money(Decimal(1), "CNY")}, "verdict_without_sum"),  # of a gate
])  # fmt: skip
def test_it_is_refused(case, quinn, said, code):
    with pytest.raises(Refused) as refusal:
        dispute(case, quinn, **said)

    assert codes(refusal) == [code]
    assert not VerdictDispute.objects.exists()


def test_one_verdict_is_disputed_once_at_a_time(case, quinn):
    dispute(case, quinn)

    with pytest.raises(Refused) as refusal:
        dispute(case, quinn)

    assert codes(refusal) == ["dispute_open"]


def test_a_dispute_is_decided_once_and_with_a_reason(case, quinn, lin, own):
    row = dispute(case, quinn)

    with pytest.raises(Refused) as unsaid:
        decide(row, lin, answer=" ")
    decide(row, lin)
    with pytest.raises(Refused) as again:
        decide(row, person("Lea", own, "LEG"), "DISMISSED")

    assert (codes(unsaid), codes(again)) == (["reason_missing"], ["dispute_decided"])


def test_customer_service_decides_nothing(case, quinn, ada):
    row = dispute(case, quinn)

    with pytest.raises(PermissionDenied):
        decide(row, ada)
