"""Fields of a question about money: exact numbers, amounts of one currency, months."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal
from typing import Any, cast

from django.core.exceptions import ValidationError as NotExact
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from contracts.amounts import LONGEST
from contracts.currencies import MINOR_DIGITS
from contracts.exact import SENTENCES, clean_number

PERIODS = 480  # of one question: forty years of months
SURE_DIGITS = 15  # of a JSON number with a point; from there on it may not be what was written
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class Exact(serializers.Field[Any, Any, Any, Any]):
    """
    An exact number: text in plain or full-width digits, or a JSON number. Text becomes Decimal, a JSON integer int.

    least: the lowest that is taken.
    """

    default_error_messages = {
        "not_a_number": _("This is no number. Write digits, with a point for the decimals."),
        "too_fine": _("A JSON number of more than 15 digits is not exact. Write it as text."),
        "too_long": SENTENCES["too_long"],
        "least": _("Give {least} or more."),
    }

    def __init__(self, *, least: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.least = least

    def to_internal_value(self, data: Any) -> Decimal | int:
        found = self.read(data)
        if self.least is not None and found < self.least:
            self.fail("least", least=self.least)
        return found

    def read(self, data: Any) -> Decimal | int:
        """Return the number that was written. Raises ValidationError."""
        if isinstance(data, bool) or not isinstance(data, int | float | str):
            self.fail("not_a_number")
        if isinstance(data, int):
            return self._whole(data)
        try:
            return clean_number(self._digits(data) if isinstance(data, float) else data)
        except NotExact as refusal:
            raise serializers.ValidationError(refusal.messages, code=refusal.code) from refusal

    def to_representation(self, value: Any) -> str:
        return str(value)

    def _whole(self, data: int) -> int:
        if abs(data) >= 10**LONGEST:
            self.fail("too_long")
        return data

    def _digits(self, data: float) -> str:
        """Return the digits that a JSON number was written with."""
        if not math.isfinite(data):
            self.fail("not_a_number")
        found = Decimal(repr(data))
        if len(found.as_tuple().digits) > SURE_DIGITS:
            self.fail("too_fine")
        return format(found, "f")


class Amount(Exact):
    """An amount: a number, or {"amount", "currency"}; every amount of a question is in the same currency."""

    default_error_messages = {
        "not_money": _('Write an amount as a number, or as {{"amount": "350.00", "currency": "CNY"}}.'),
        "mixed": _("This amount is in {given}, the others are in {first}. Convert it: one question has one currency."),
    }

    def read(self, data: Any) -> Decimal | int:
        if not isinstance(data, dict):
            return super().read(data)
        if set(data) != {"amount", "currency"}:
            self.fail("not_money")
        given = Currency().to_internal_value(data["currency"])
        first = _shared(self).setdefault("currency", given)
        if first != given:
            self.fail("mixed", given=given, first=first)
        return super().read(data["amount"])


class Currency(serializers.Field[str, Any, Any, Any]):
    """An ISO 4217 code."""

    default_error_messages = {"unknown": _("“{given}” is no currency. Use its ISO code, such as CNY.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in MINOR_DIGITS:
            self.fail("unknown", given=str(data)[:20])
        return data

    def to_representation(self, value: str) -> str:
        return value


class Count(Exact):
    """A whole number of days, cases or units, from 0 to `most`."""

    default_error_messages = {
        "not_whole": _("Give a whole number."),
        "most": _("Give {most} or less."),
    }

    def __init__(self, *, most: int = 1_000_000, **options: Any) -> None:
        super().__init__(**{"least": 0, **options})
        self.most = most

    def read(self, data: Any) -> int:
        found = super().read(data)
        if found != int(found):
            self.fail("not_whole")
        if found > self.most:
            self.fail("most", most=f"{self.most:,}")
        return int(found)


class Month(serializers.Field[str, Any, Any, Any]):
    """A month: 2026-09."""

    default_error_messages = {"invalid": _("“{given}” is not a month. Write it as 2026-09.")}

    def to_internal_value(self, data: Any) -> str:
        text = unicodedata.normalize("NFKC", data).strip() if isinstance(data, str) else ""
        if not MONTH.fullmatch(text) or text.startswith("0000"):
            self.fail("invalid", given=str(data)[:20])
        return text

    def to_representation(self, value: str) -> str:
        return value


class ByMonth(serializers.DictField):
    """Amounts by month: {"2026-10": 14400}."""

    child = Amount()
    default_error_messages = {
        "twice": _("{month} stands there twice. Give one amount."),
        "too_many": _("Give at most {most} months."),
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if isinstance(data, dict) and len(data) > PERIODS:
            self.fail("too_many", most=PERIODS)
        for name, amount in super().to_internal_value(data).items():
            month = Month().to_internal_value(name)
            if month in found:
                self.fail("twice", month=month)
            found[month] = amount
        return found


class OneCurrency(serializers.Serializer[Any]):
    """A question whose amounts are all in one currency: the one it names, else that of its first amount, else none."""

    currency = Currency(required=False, allow_null=True)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Read the currency first, so that every amount is held against it."""
        named = data.get("currency") if isinstance(data, dict) else None
        if isinstance(named, str) and named in MINOR_DIGITS:
            _shared(self)["currency"] = named
        return dict(super().to_internal_value(data))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {**attrs, "currency": _shared(self).get("currency", "")}


def _shared(field: serializers.Field[Any, Any, Any, Any]) -> dict[str, Any]:
    """Return what the fields of one question know of each other."""
    return cast("dict[str, Any]", field.context)


def series(**options: Any) -> serializers.ListField:
    """Return a field for one amount a period."""
    return serializers.ListField(child=Amount(), allow_empty=False, max_length=PERIODS, **options)
