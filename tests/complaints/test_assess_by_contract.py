"""An assessment is kept with all that it was made from, and derives again byte for byte."""

import hashlib
import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from complaints import assessing, entitling, response, words
from complaints.lifecycle import Refused
from complaints.models import Complaint, EntitlementAssessment, Immutable
from contracts.clauses.rules import liquidated
from contracts.clauses.working import Working, to_minor
from tests.cast import NOON
from tests.complaints import contract_case as under
from tests.complaints.factories import events_of
from tests.complaints.test_first_life import codes


@pytest.fixture
def case(ada, quinn, lee, acme, sam, lin):
    return under.known(under.case(ada, under.contract(acme, sam, lin)), quinn, lee)


def test_it_keeps_sums_clauses_and_the_record(case, lin):
    row = assessing.assess(case, by=lin, at=NOON, remark="Units as confirmed on site.")

    assert (row.number, row.status, str(row.total)) == (1, "ENTITLED", "CNY 9,800.00")
    assert row.heads == [
        {"head": "LD_PER_UNIT", "key": "LD_PER_UNIT 8.2", "clause": "8.2", "amount": "9800.00", "currency": "CNY",
         "formula": "37 × 350.00 = 12,950.00 → 9,800.00"}
    ]  # fmt: skip
    assert "8.2" in {clause.number for clause in row.clauses.all()}
    assert row.as_of == under.DELIVERED
    assert row.left_out[0]["why"] == "not_asked"
    event = events_of(case, "diagnosis.entitlement_assessed")[-1]
    assert (event.facts["total"], event.facts["computed"]) == (["9800.00", "CNY"], True)


def test_it_derives_again_byte_for_byte_although_the_case_went_on(case, lin, quinn):
    row = assessing.assess(case, by=lin, at=NOON)
    assessing.state_facts(case, by=quinn, at=NOON, source="Letter", facts={"affected_price": "50000.00"})

    row = EntitlementAssessment.objects.get(pk=row.pk)

    assert assessing.holds(row)
    assert json.loads(row.record)["found"]["total"] == "9800.00"


def test_a_record_that_somebody_touched_does_not_hold(case, lin):
    row = assessing.assess(case, by=lin, at=NOON)
    row.record = row.record.replace('"9800.00"', '"9900.00"', 1)

    assert not assessing.holds(row)


def test_facts_that_change_afterwards_are_noted_on_it(case, lin, quinn):
    row = assessing.assess(case, by=lin, at=NOON)

    assessing.state_facts(case, by=quinn, at=NOON, source="Invoice", facts={"affected_price": "50000.00"})

    row = EntitlementAssessment.objects.get(pk=row.pk)
    assert {one["what"]: one["after"] for one in row.differs}["total"] == "5000.00"
    assert row.differs_since == NOON


def test_facts_that_change_back_clear_the_note(case, lin, quinn):
    row = assessing.assess(case, by=lin, at=NOON)
    for price in ("50000.00", "98000.00"):
        assessing.state_facts(case, by=quinn, at=NOON, source="Invoice", facts={"affected_price": price})

    row = EntitlementAssessment.objects.get(pk=row.pk)
    assert (row.differs, row.differs_since) == ([], None)


def test_units_that_are_confirmed_later_are_noted_too(case, lin, quinn):
    row = assessing.assess(case, by=lin, at=NOON)

    response.record_extent(case, by=quinn, at=NOON, location="SITE_STOCK", total=3, confirmed=3)

    assert EntitlementAssessment.objects.get(pk=row.pk).differs == []  # the cap is reached either way


def test_it_is_refused_without_contract_or_checked_clauses(case, lin):
    Complaint.objects.filter(pk=case.pk).update(contract=None)

    with pytest.raises(Refused) as refusal:
        assessing.assess(case, by=lin, at=NOON)

    assert codes(refusal) == ["contract_missing"]
    assert not EntitlementAssessment.objects.exists()


def test_only_legal_keeps_it(case, quinn):
    with pytest.raises(PermissionDenied):
        assessing.assess(case, by=quinn, at=NOON)


def test_the_trail_holds_the_record_and_the_remark(case, lin):
    row = assessing.assess(case, by=lin, at=NOON, remark="Units as confirmed on site.")

    event = events_of(case, "diagnosis.entitlement_assessed")[-1]
    assert event.facts["sha256"] == hashlib.sha256(row.record.encode()).hexdigest()
    assert event.text("remark") == "Units as confirmed on site."


def test_what_was_kept_stays_as_it_was(case, lin):
    row = assessing.assess(case, by=lin, at=NOON)
    row.heads = []

    with pytest.raises(Immutable):
        row.save()
    with pytest.raises(Immutable):
        row.save(update_fields=["heads", "differs"])


def test_what_is_otherwise_is_said_against_what_was_kept_not_against_todays_rules(case, lin, monkeypatch):
    row = assessing.assess(case, by=lin, at=NOON)
    rule = liquidated.per_unit

    def changed(said):
        found = rule(said)
        return Working({**found.result, "amount": to_minor(100, "CNY")}, found.steps)

    monkeypatch.setattr(liquidated, "per_unit", changed)

    differs = {one["what"]: (one["before"], one["after"]) for one in assessing.now_otherwise(row, at=NOON)}
    assert differs["total"] == ("9800.00", "100.00")
    assert not assessing.holds(row)


def test_the_case_is_read_once_for_all_assessments_of_one_day(case, lin, quinn, monkeypatch):
    for _ in range(3):
        assessing.assess(case, by=lin, at=NOON)
    asked = []
    read = entitling.basis_of
    monkeypatch.setattr(entitling, "basis_of", lambda *said, **more: asked.append(more) or read(*said, **more))

    assert not assessing.recheck(case, at=NOON)

    assert len(asked) == 1


def test_a_named_day_on_which_no_version_was_in_force_is_refused_with_the_earliest(case, lin):
    with pytest.raises(Refused) as refusal:
        assessing.assess(case, by=lin, at=NOON, as_of=date(2025, 12, 31))

    assert codes(refusal) == ["as_of_not_in_force"]
    assert refusal.value.reasons[0].params == {"on": "2025-12-31", "first": "2026-01-15"}
    assert "the earliest is from" in words.say(refusal.value.reasons[0])
    assert not case.entitlements.exists()
