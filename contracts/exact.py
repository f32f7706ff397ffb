"""Exact decimals in the database, kept as text (SQLite would keep a DecimalField as a float)."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.amounts import LONGEST, NotExact, parse_number, write_number

if TYPE_CHECKING:
    _CharField = models.CharField[Any, Any]
else:
    _CharField = models.CharField

SENTENCES = {
    "empty": _("Enter a number."),
    "ambiguous": _(
        "“%(text)s” can be read in two ways: the comma may stand for decimals or for thousands. "
        "Write it with a point for the decimals and without commas, as 12.5 or 12500."
    ),
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


class ExactDecimalField(_CharField):
    """A Decimal in Python, its exact digits as text in the database. Not for sums or comparisons in SQL."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", LONGEST)
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
