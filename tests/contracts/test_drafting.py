"""Clauses are put into structure by one, checked by another, and changed only in a new version."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import Event
from contracts import drafting
from contracts.clauses import read_terms
from contracts.models import CheckedClauseIsFixed, Clause, ContractVersion
from tests.cast import NOON
from tests.contracts.test_terms import WHOLE

TERMS = read_terms("INSPECTION_NOTICE", WHOLE["INSPECTION_NOTICE"])


@pytest.fixture
def structured(clause, sam):
    return drafting.structure(clause, terms=TERMS, by=sam, at=NOON)


@pytest.fixture
def checked(structured, lin):
    return drafting.check(structured, by=lin, at=NOON)


def kinds(contract):
    """Return the kinds of the events of a contract, in order."""
    events = Event.objects.filter(stream_kind="contract", stream=contract.uuid)
    return list(events.order_by("seq").values_list("kind", flat=True))


def test_structuring_keeps_the_terms_and_who_entered_them(clause, sam, contract):
    drafting.structure(clause, terms=TERMS, by=sam, at=NOON)

    kept = Clause.objects.get(pk=clause.pk)
    assert kept.typed_terms == TERMS
    assert (kept.structured_by, kept.structured_at) == (sam, NOON)
    assert kinds(contract) == ["clause.structured"]


def test_checking_fixes_the_clause(structured, lin, contract):
    drafting.check(structured, by=lin, at=NOON)

    kept = Clause.objects.get(pk=structured.pk)
    assert kept.is_checked
    assert kinds(contract) == ["clause.structured", "clause.checked"]
    with pytest.raises(CheckedClauseIsFixed):
        drafting.structure(kept, terms=TERMS, by=lin, at=NOON)


def test_it_is_checked_once(checked, lin):
    with pytest.raises(CheckedClauseIsFixed):
        drafting.check(checked, by=lin, at=NOON)


def test_a_customer_service_agent_may_neither_structure_nor_check(clause, structured, ada):
    with pytest.raises(PermissionDenied):
        drafting.structure(clause, terms=TERMS, by=ada, at=NOON)
    with pytest.raises(PermissionDenied):
        drafting.check(clause, by=ada, at=NOON)


def test_only_legal_checks(structured, sam):
    with pytest.raises(PermissionDenied):
        drafting.check(structured, by=sam, at=NOON)


def test_legal_does_not_check_what_legal_entered(clause, lin, contract):
    drafting.structure(clause, terms=TERMS, by=lin, at=NOON)

    with pytest.raises(drafting.Refused, match="own_structure"):
        drafting.check(clause, by=lin, at=NOON)
    assert not Clause.objects.get(pk=clause.pk).is_checked
    assert kinds(contract) == ["clause.structured"]


def test_a_text_without_terms_is_not_checked(clause, lin):
    with pytest.raises(drafting.Refused, match="not_structured"):
        drafting.check(clause, by=lin, at=NOON)


def test_an_amendment_ends_the_version_and_carries_the_checks_over(checked, sam, contract, version):
    other = Clause.objects.create(
        version=version, number="9", heading="Law", type="GOVERNING_LAW", text="PRC law.", language="en"
    )

    after = drafting.amend(version, effective_from=date(2026, 6, 1), note="Amendment 1", by=sam, at=NOON)

    assert ContractVersion.objects.get(pk=version.pk).effective_to == date(2026, 5, 31)
    assert (after.version, after.effective_to) == (2, None)
    assert after.clauses.get(number="7.2").checked_by == checked.checked_by
    assert after.clauses.get(number="9").pk != other.pk
    assert kinds(contract)[-1] == "contract.amended"


def test_a_reopened_clause_can_be_changed_in_the_new_version_only(checked, sam, version):
    after = drafting.amend(version, effective_from=date(2026, 6, 1), note="n", by=sam, at=NOON, reopening={checked.pk})
    copy = after.clauses.get()

    drafting.structure(copy, terms=TERMS, by=sam, at=NOON)

    assert not Clause.objects.get(pk=copy.pk).is_checked
    assert Clause.objects.get(pk=checked.pk).is_checked


def test_a_superseded_version_takes_no_change(clause, sam, version):
    drafting.amend(version, effective_from=date(2026, 6, 1), note="n", by=sam, at=NOON)

    with pytest.raises(drafting.Refused, match="not_the_newest_version"):
        drafting.structure(clause, terms=TERMS, by=sam, at=NOON)
    with pytest.raises(drafting.Refused, match="not_the_newest_version"):
        drafting.amend(version, effective_from=date(2026, 7, 1), note="n", by=sam, at=NOON)


@pytest.mark.parametrize(("day", "code"), [(date(2026, 1, 15), "too_early"), (date(2027, 1, 1), "outside_the_version")])
def test_the_new_version_begins_within_the_present_one(version, sam, day, code):
    ContractVersion.objects.filter(pk=version.pk).update(effective_to=date(2026, 12, 31))

    with pytest.raises(drafting.Refused, match=code):
        drafting.amend(version, effective_from=day, note="n", by=sam, at=NOON)
    assert ContractVersion.objects.count() == 1
