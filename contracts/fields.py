"""Form fields for numbers and money as people type them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contracts.amounts import Money, digits_of, write_number
from contracts.currencies import COMMON
from contracts.exact import clean_number


class ExactDecimalFormField(forms.CharField):
    """A number: full-width digits and grouped thousands are read, what can be read in two ways is refused."""

    def __init__(self, **options: Any) -> None:
        options["widget"] = options.get("widget") or forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return write_number(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return None if text in (None, "") else clean_number(text)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare numbers, not how they are written; whatever cannot be read has changed."""
        try:
            return bool(self.to_python(self.prepare_value(initial)) != self.to_python(data))
        except ValidationError:
            return True


class MoneyWidget(forms.MultiWidget):
    """The amount, and the currency beside it."""

    use_fieldset = False

    def __init__(self, currencies: tuple[str, ...], attrs: dict[str, Any] | None = None) -> None:
        amount = forms.TextInput(attrs={"class": "ctl", "inputmode": "decimal", "autocomplete": "off"})
        choices = [(code, code) for code in currencies]
        code = forms.Select(attrs={"class": "ctl", "aria-label": _("currency")}, choices=choices)
        super().__init__({"amount": amount, "currency": code}, attrs)

    def decompress(self, value: Money | str | None) -> list[Any]:
        """Return both parts; words, as an address may propose, stand as the amount."""
        if isinstance(value, Money):
            return [write_number(value.rounded().amount), value.currency]
        return [value or None, None]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_amount" if id_ else ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        parts = super().render(name, value, attrs, renderer)
        return format_html('<span class="moneypair" id="{}">{}</span>', (attrs or {}).get("id", name), parts)


class MoneyFormField(forms.MultiValueField):
    """
    An amount and its currency, cleaned to Money or, if optional and left empty, None.

    Refuses what can be read in two ways, more digits than the currency has, and, unless `negative`, sums below zero.
    zero_if_empty: no amount beside a currency is an amount of 0; the form has to say so.
    """

    default_error_messages = {
        "required": _("Enter an amount."),
        "incomplete": _("Enter an amount and choose its currency."),
        "digits": _("%(currency)s has %(digits)s decimal places. Round the amount to that."),
        "negative": _("Enter an amount of zero or more."),
        "too_large": _("The amount is too large. Check the number of digits."),
    }

    def __init__(
        self, *, currencies: tuple[str, ...] = COMMON, negative: bool = False, zero_if_empty: bool = False,
        **options: Any,
    ) -> None:  # fmt: skip
        self.negative, self.zero_if_empty = negative, zero_if_empty
        code = forms.ChoiceField(choices=[(code, code) for code in currencies])
        fields = (ExactDecimalFormField(required=False), code)
        options.setdefault("widget", MoneyWidget(currencies))
        super().__init__(fields, require_all_fields=False, **options)

    def clean(self, value: Any) -> Any:
        """A currency without an amount counts as empty: the list always has one chosen."""
        parts = list(value or [None, None])
        if self.zero_if_empty and parts[1] and not (parts[0] or "").strip():
            parts[0] = "0"
        return super().clean(parts if (parts[0] or "").strip() else [None, None])

    def compress(self, parts: list[Any]) -> Money | None:
        if not parts or parts[0] is None:
            return None
        money = Money(*parts)
        self._fit(money)
        return money.rounded()

    def _fit(self, money: Money) -> None:
        """Raise ValidationError unless the amount is one that the database keeps exactly."""
        if money.rounded().amount != money.amount:
            raise self._error("digits", currency=money.currency, digits=digits_of(money.currency))
        if money.amount < 0 and not self.negative:
            raise self._error("negative")
        if abs(money.minor) >= 2**63:
            raise self._error("too_large")

    def _error(self, code: str, **params: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)
