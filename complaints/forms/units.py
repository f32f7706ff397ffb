"""The form that compares units and takes contrasts over into the is / is-not grid."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from complaints import contrast_words as words
from complaints import tracing
from complaints.contrasts import Compared, NoContrast, Unit, compare
from complaints.forms.base import ActForm, YesNoField, line
from complaints.models import TracedDelivery
from complaints.models.states import Location
from complaints.unit_table import BadTable, Problem, Table, read

LONGEST = 2_000_000  # characters of a table


class TableField(forms.CharField):
    """A pasted table of units, as `complaints.unit_table` reads it. Cleans to (text, table, compared)."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Table of units"), max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 10, "class": "rows", "spellcheck": "false"}),
            help_text=_("One row a unit. The first row names the columns; one of them is called “complains”."),
        )  # fmt: skip

    def clean(self, value: Any) -> tuple[str, Table, Compared]:
        text = super().clean(value)
        try:
            table = read(text)
            return text, table, compare(table.units)
        except BadTable as bad:
            raise ValidationError([words.problem(one) for one in bad.problems]) from None
        except NoContrast as none:
            raise ValidationError(words.problem(Problem(none.code, {}))) from None


class UnitsForm(forms.Form):
    """What the page of comparison asks: the table alone."""

    table = TableField()


class ContrastForm(ActForm):
    """The table, and which of its columns' contrasts go into the grid."""

    table = TableField()
    columns = forms.MultipleChoiceField(
        label=_("Columns to take over"), choices=[], required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        text = self.data.get("table") if self.is_bound else ""
        self.fields["columns"].choices = [(one, one) for one in _columns(text or "")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "table" not in said:
            return said
        text, table, compared = said.pop("table")
        wanted = said.pop("columns", [])
        chosen = [one for one in compared.contrasts if one.factor in wanted]
        if not chosen:
            self.add_error("columns", _("Choose at least one column whose contrast goes into the grid."))
            return said
        said.update(
            table=text, rows=[words.row(one) for one in chosen],
            found={"units": len(table.units), "complaining": compared.complaining,
                   "flagged": sum(one.flagged for one in chosen), "columns": len(chosen)},
        )  # fmt: skip
        return said


class GoodsField(forms.ModelMultipleChoiceField):
    """Goods of a lot in one delivery; `known`: all that may be said, also what is offered no more."""

    known: Any = None

    def clean(self, value: Any) -> Any:
        offered, self.queryset = self.queryset, self.queryset if self.known is None else self.known
        try:
            return super().clean(value)
        except OverflowError:  # a key that no column can hold is no row's
            raise ValidationError(
                self.error_messages["invalid_pk_value"], params={"pk": value}, code="invalid"
            ) from None
        finally:
            self.queryset = offered

    def label_from_instance(self, row: Any) -> str:
        sent = row.delivery
        amount = f"{sent.quantity.normalize():f} {sent.product.unit}"
        to = sent.customer.shown_name(get_language() or "en")
        return " · ".join((row.lot.number, sent.number, to, date_format(sent.delivered_on), amount))


class GoodsForm(ActForm):
    """Deliveries of the case's lots: affected and where, or excluded and why."""

    goods = GoodsField(label=_("Goods"), queryset=TracedDelivery.objects.none(), widget=forms.CheckboxSelectMultiple)
    affected = YesNoField(label=_("May they be affected?"))
    location = forms.ChoiceField(label=_("Where they are"), choices=Location.choices, required=False)
    because = line(_("Why not"), required=False, hint=_("If they cannot be affected: how that is known."))

    def prepare(self) -> None:
        self.fields["goods"].queryset = tracing.open_shipments(self.complaint)
        self.fields["goods"].known = tracing.shipments(self.complaint)  # decided meanwhile: the verb says by whom

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("affected") is True and not said.get("location"):
            self.add_error("location", _("Say where these goods are."))
        if said.get("affected") is False and not said.get("because"):
            self.add_error("because", _("Say why these goods cannot be affected."))
        return said


def _columns(text: str) -> list[str]:
    try:
        units: tuple[Unit, ...] = read(text[:LONGEST]).units
        return [one.factor for one in compare(units).contrasts]
    except (BadTable, NoContrast):
        return []
