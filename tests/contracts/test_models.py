"""The rows of the catalogue and of the agreements keep what was promised, exactly."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from contracts.models import Characteristic, CheckedClauseIsFixed, Clause, ContractVersion, Lot
from tests.cast import NOON


def test_a_limit_keeps_every_digit(product):
    Characteristic.objects.create(product=product, name="Runout", unit="mm", upper="0.0500")

    kept = Characteristic.objects.get(upper="0.0500")

    assert str(kept.upper) == "0.0500"
    assert kept.allows(Decimal("0.05"))
    assert not kept.allows(Decimal("0.0500001"))


def test_a_float_is_no_exact_limit(product):
    with pytest.raises(ValidationError):
        Characteristic(product=product, name="Runout", unit="mm", upper=0.05).save()


def test_limits_upside_down_are_refused(product):
    upside_down = Characteristic(product=product, name="Runout", unit="mm", lower=Decimal(2), upper=Decimal(1))

    with pytest.raises(ValidationError) as refusal:
        upside_down.full_clean()

    assert "lower" in refusal.value.message_dict


@pytest.mark.parametrize("values", [{"unit": "mm"}, {"unit": "", "upper": "1"}])
def test_a_metric_without_unit_or_limit_is_refused_by_the_database(product, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Characteristic.objects.create(product=product, name="Runout", **values)


def test_a_lot_number_is_one_lot_of_its_product(product):
    Lot.objects.create(product=product, number="L-1")

    with pytest.raises(IntegrityError), transaction.atomic():
        Lot.objects.create(product=product, number="L-1")


def test_names_are_shown_in_the_language_of_the_reader(product):
    with override("zh-hans"):
        assert product.shown_name == "齿轮箱"
    with override("en"):
        assert product.shown_name == "Gearbox"


def test_a_version_cannot_end_before_it_begins(contract):
    with pytest.raises(IntegrityError), transaction.atomic():
        ContractVersion.objects.create(
            contract=contract, version=2, effective_from=date(2026, 2, 1), effective_to=date(2026, 1, 31)
        )


def checked(clause, structurer, checker):
    """Return the clause as structured by one and checked by another, without the verbs."""
    clause.structured_by, clause.structured_at = structurer, NOON
    clause.checked_by, clause.checked_at = checker, NOON
    clause.save()
    return clause


def test_a_checked_clause_can_neither_be_changed_nor_removed(clause, sam, lin):
    checked(clause, sam, lin)
    clause.text, clause.checked_at = "Something else", None

    with pytest.raises(CheckedClauseIsFixed):
        clause.save()
    with pytest.raises(CheckedClauseIsFixed):
        clause.delete()
    with pytest.raises(CheckedClauseIsFixed):
        Clause.objects.update(text="Something else")
    with pytest.raises(CheckedClauseIsFixed):
        Clause.objects.all().delete()
    with pytest.raises(ValidationError):
        clause.full_clean()
    assert Clause.objects.get().text.startswith("The Buyer")


def test_nobody_checks_their_own_structure(clause, lin):
    with pytest.raises(IntegrityError), transaction.atomic():
        checked(clause, lin, lin)


def test_only_structured_clauses_are_checked(clause, lin):
    with pytest.raises(IntegrityError), transaction.atomic():
        checked(clause, None, lin)
