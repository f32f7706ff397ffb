"""Money is exact, rounded once, in one currency; people may type it as they are used to."""

from decimal import Decimal

import pytest
from django import forms

from contracts.fields import MoneyFormField
from contracts.models import Contract
from contracts.money import Money, in_words_zh, round_to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("12.505", "CNY", "12.51"), ("-12.505", "CNY", "-12.51"), ("0.5", "JPY", "1"), ("1.0005", "KWD", "1.001")],
)
def test_it_is_rounded_half_away_from_zero_to_the_minor_unit(amount, currency, rounded):
    assert str(round_to_minor(Decimal(amount), currency)) == rounded


def test_minor_units_come_back_as_the_same_money():
    for currency, minor in [("JPY", 1234567), ("CNY", 1), ("KWD", -1001)]:
        assert Money.of_minor(minor, currency).minor == minor


def test_two_currencies_are_never_mixed():
    with pytest.raises(ValueError, match="cannot be mixed"):
        Money(Decimal(1), "CNY") + Money(Decimal(1), "EUR")
    with pytest.raises(ValueError, match="cannot be mixed"):
        sorted([Money(Decimal(1), "CNY"), Money(Decimal(1), "EUR")])


@pytest.mark.parametrize("amount", [1.5, Decimal("NaN"), Decimal("Infinity"), "1"])
def test_only_finite_decimals_are_money(amount):
    with pytest.raises(ValueError, match="finite Decimal"):
        Money(amount, "CNY")


def test_an_unknown_currency_is_refused():
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(Decimal(1), "RMB")


def test_a_row_keeps_it_as_minor_units_and_reads_it_back(acme):
    Contract.objects.create(number="C-1", title="t", customer=acme, currency="CNY", price=Money(Decimal("1.23"), "CNY"))

    kept = Contract.objects.get(number="C-1", price_minor=123)

    assert kept.price == Money(Decimal("1.23"), "CNY")


def test_a_row_in_one_currency_takes_no_other(contract):
    with pytest.raises(ValueError, match="in EUR, not in CNY"):
        contract.price = Money(Decimal(1), "CNY")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "人民币零元整"),
        ("0.05", "人民币伍分"),
        ("0.50", "人民币伍角整"),
        ("10", "人民币壹拾元整"),
        ("1005.30", "人民币壹仟零伍元叁角整"),
        ("1005.03", "人民币壹仟零伍元零叁分"),
        ("10000", "人民币壹万元整"),
        ("100203.45", "人民币壹拾万零贰佰零叁元肆角伍分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
        ("107000.53", "人民币壹拾万柒仟元伍角叁分"),
        ("48000000", "人民币肆仟捌佰万元整"),
        ("100000001", "人民币壹亿零壹元整"),
        ("1000000000000", "人民币壹万亿元整"),
        ("1000100000000", "人民币壹万零壹亿元整"),
        ("-640", "人民币负陆佰肆拾元整"),
    ],
)
def test_it_is_written_in_capital_numerals(amount, words):
    assert in_words_zh(Money(Decimal(amount), "CNY")) == words


class Form(forms.Form):
    sum = MoneyFormField(required=False, currencies=("CNY", "EUR", "JPY"))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("１２，３４５，６７８．５０", "12345678.50"),
        ("1,234,567", "1234567"),
        ("12 345.5", "12345.50"),
        ("1,234.50", "1234.50"),
    ],
)
def test_people_type_it_as_they_are_used_to(typed, read):
    form = Form({"sum_amount": typed, "sum_currency": "CNY"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["sum"] == Money(Decimal(read), "CNY")


@pytest.mark.parametrize(
    ("typed", "currency", "code"),
    [
        ("1,234", "CNY", "ambiguous"),
        ("12,5", "EUR", "ambiguous"),
        ("1.234,56", "EUR", "ambiguous"),
        ("twelve", "CNY", "not_a_number"),
        ("1e5", "CNY", "not_a_number"),
        ("12.345", "CNY", "digits"),
        ("12.5", "JPY", "digits"),
        ("-1", "CNY", "negative"),
        ("9" * 20, "CNY", "too_large"),
        ("9" * 41, "CNY", "too_long"),
    ],
)
def test_what_can_be_misread_is_refused(typed, currency, code):
    form = Form({"sum_amount": typed, "sum_currency": currency})

    assert not form.is_valid()
    assert form.errors.as_data()["sum"][0].code == code


def test_nothing_typed_is_no_money():
    form = Form({"sum_amount": " ", "sum_currency": "CNY"})

    assert form.is_valid()
    assert form.cleaned_data["sum"] is None


@pytest.mark.parametrize("words", ["{", "1,000", "九"])
def test_an_amount_that_an_address_proposes_is_shown_as_it_is(words):
    assert f'value="{words}"' in str(Form(initial={"sum": words})["sum"])
