"""Form fields for days and instants that can be reckoned with."""

from datetime import UTC, date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

YEARS = range(1900, 2201)
OUT_OF_REACH = _("Give a year from 1900 to 2200.")


class DayField(forms.DateField):
    """A date of those years: further out a zone, a working day or a day more leaves the calendar."""

    def clean(self, value: Any) -> Any:
        return _within(super().clean(value))


class MomentField(forms.DateTimeField):
    """An instant of those years, in UTC."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        try:
            return found and _within(found.astimezone(UTC))
        except OverflowError as error:
            raise ValidationError(OUT_OF_REACH, code="out_of_reach") from error


def _within(found: Any) -> date | None:
    if found and found.year not in YEARS:
        raise ValidationError(OUT_OF_REACH, code="out_of_reach")
    return found
