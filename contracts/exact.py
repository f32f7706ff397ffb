"""Exact decimals: read from what people type, kept as text (SQLite would keep a DecimalField as a float)."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_AMBIGUOUS = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3}")  # 1,234: a thousand in English, a fraction in German
_LONGEST = 40


class NotExact(ValueError):
    """The text is not one number. `code` says why: empty, ambiguous, not_a_number, too_long."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def parse_number(text: str) -> Decimal:
    """
    Return the number that `text` writes, exactly.

    Full-width digits and signs are read as plain ones; thousands may be grouped by spaces, or by commas where that
    cannot be a decimal comma: "1,234" alone and "12,5" are refused as ambiguous. Raises NotExact.
    """
    plain = _plain(text)
    if not plain:
        raise NotExact("empty")
    if len(plain) > _LONGEST:
        raise NotExact("too_long")
    if _PLAIN.fullmatch(plain) or (_GROUPED.fullmatch(plain) and not _AMBIGUOUS.fullmatch(plain)):
        return Decimal(plain.replace(",", ""))
    raise NotExact("ambiguous" if "," in plain and re.fullmatch(r"[+-]?[0-9.,]+", plain) else "not_a_number")


def _plain(text: str) -> str:
    """Return the text with ASCII digits and signs and without the spaces that group thousands."""
    folded = unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace("、", ",")
    return re.sub(r"(?<=[0-9])[\s_'’](?=[0-9]{3}(?![0-9]))", "", folded)


def write_number(value: Decimal) -> str:
    """Return the decimal as plain text, every digit kept: 1E+2 becomes 100, 1.50 stays 1.50."""
    return format(value, "f")


SENTENCES = {
    "empty": _("Enter a number."),
    "ambiguous": _("“%(text)s” can be read in two ways. Write it without commas, with a point for the decimals."),
    "not_a_number": _("“%(text)s” is not a number. Write digits, with a point for the decimals."),
    "too_long": _("The number is too long. Write at most 40 characters."),
}


def clean_number(value: Any) -> Decimal:
    """Return `value` (a Decimal, int or text) as an exact Decimal, or raise ValidationError. Floats are refused."""
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    try:
        if not isinstance(value, str):
            raise NotExact("not_a_number")
        return parse_number(value)
    except NotExact as error:
        raise ValidationError(SENTENCES[error.code], code=error.code, params={"text": value}) from None


class ExactDecimalField(models.CharField):
    """A Decimal in Python, its exact digits as text in the database. Not for sums or comparisons in SQL."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", _LONGEST)
        super().__init__(*args, **options)

    def from_db_value(self, value: str | None, *_unused: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def to_python(self, value: Any) -> Decimal | None:
        return None if value in (None, "") else clean_number(value)

    def get_prep_value(self, value: Any) -> str | None:
        number = self.to_python(value)
        return None if number is None else write_number(number)

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def run_validators(self, value: Any) -> None:
        super().run_validators("" if value is None else write_number(value))

    def formfield(self, **options: Any) -> Any:
        from contracts.fields import ExactDecimalFormField

        return super(models.CharField, self).formfield(**{"form_class": ExactDecimalFormField, **options})
