"""What the forms of sums share: fields, and refusals of a calculator put beside the field or row they are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.forms.tools import ToolForm
from contracts.currencies import COMMON
from contracts.rows import RowsField

UNITS = [("1", "1"), ("1000", "1,000"), ("10000", "10,000"), ("1000000", "1,000,000")]


def number(label: Any, *, required: bool = True, hint: Any = "") -> forms.CharField:
    """Return a field for a number or amount as people type it; the calculator reads it."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=label, required=required, help_text=hint, max_length=60, widget=widget)


def tick(label: Any) -> forms.BooleanField:
    """Return a field for yes or no."""
    return forms.BooleanField(label=label, required=False)


def unit() -> forms.ChoiceField:
    """Return the field for how many currency units the numbers are in."""
    return forms.ChoiceField(label=_("Numbers are in"), choices=UNITS, initial="1")


class SumForm(ToolForm):
    """
    A question about sums. `example` fills it at first.

    rows: the field of the table, if there is one; COLUMNS maps a list of the question to the column it comes from.
    """

    example: dict[str, Any] = {}
    rows = ""
    COLUMNS: dict[str, str] = {}

    def question(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        self.cells: list[list[str]] = said.pop(self.rows, [])  # kept: a refusal takes a field out of cleaned_data
        return {**said, **self.from_rows()}

    def from_rows(self) -> dict[str, Any]:
        """Return what the rows say, one list for each of COLUMNS."""
        return {name: self.column(column) for name, column in self.COLUMNS.items()}

    def column(self, name: str) -> list[str]:
        """Return the cells of a column."""
        place = list(self.table.columns).index(name)
        return [row[place] for row in self.cells]

    @property
    def table(self) -> RowsField:
        return cast(RowsField, self.fields[self.rows])

    def refuse(self, errors: Any) -> None:
        """Put the refusals of a calculator beside the fields they are about."""
        told = set()
        for path, sentence in _sentences(errors.get("input", errors)):
            field, said = self._placed(path, sentence)
            if (field, sentence) not in told:  # one wrong cell may be read for several lists
                self.add_error(field, said)
            told.add((field, sentence))

    def _placed(self, path: list[str], sentence: str) -> tuple[str | None, str]:
        name, inner = (path[0] if path else ""), path[1:]
        if name in self.fields:
            return name, sentence
        if not self.rows:
            return None, sentence
        column = self.COLUMNS.get(name, inner[1] if len(inner) > 1 else name)
        return self.rows, self._in_row(column, self.row_of(inner), sentence)

    def row_of(self, inner: list[str]) -> str:
        """Return which row a refusal within a list is about, "" for none."""
        return str(int(inner[0]) + 1) if inner and inner[0].isdigit() else ""

    def _in_row(self, column: str, row: str, sentence: str) -> str:
        label = self.table.columns.get(column)
        if label and row:
            return gettext("Row {row}, {column}: {said}").format(row=row, column=label, said=sentence)
        if label or row:
            return f"{label or row}: {sentence}"
        return sentence


class MoneyForm(SumForm):
    """A question whose amounts have a currency."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["currency"] = forms.ChoiceField(
            label=_("Currency"), choices=[(code, code) for code in COMMON], initial=settings.COMPANY_CURRENCY
        )
        self.fields["clause"] = forms.CharField(
            label=_("Clause"),
            required=False,
            max_length=300,
            help_text=_("The clause that the figures rest on, to be cited."),
        )


def _sentences(errors: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[list[str], str]]:
    """Yield every refusal with the path that leads to it."""
    if isinstance(errors, dict):
        for name, inner in errors.items():
            yield from _sentences(inner, (*path, str(name)))
    elif isinstance(errors, list):
        for place, inner in enumerate(errors):
            nested = isinstance(inner, dict | list)
            yield from _sentences(inner, (*path, str(place)) if nested else path)
    else:
        yield [part for part in path if part != "non_field_errors"], str(errors)
