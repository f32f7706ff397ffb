"""The form of an act on one row of the case, and the fields that only this room has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.forms.base import CHOOSE, ActForm
from remediation.words import name_of


class RowField(forms.ModelChoiceField):
    """
    A row of the case. Any of its rows is taken, so that the rule can say in its own words why not; those that fit are
    listed, and the only one, or the newest where a form says so, counts where none is chosen.
    """

    def __init__(self, model: type[Model], **options: Any) -> None:
        self.fallback: Any = None
        super().__init__(queryset=model._default_manager.none(), required=False, empty_label=None, **options)

    def offer(self, rows: QuerySet[Any], fit: Iterable[Any], *, newest: bool = False) -> None:
        """Take `rows`, list `fit` (the newest first, if one of them is the usual choice)."""
        listed = list(fit)
        self.fallback = listed[0] if len(listed) == 1 or (newest and listed) else None
        self.queryset = rows
        self.required = len(listed) > 1 and self.fallback is None
        blank = [("", CHOOSE)] if self.required else []
        self.choices = [*blank, *((self.prepare_value(row), name_of(row)) for row in listed)]

    def clean(self, value: Any) -> Any:
        return super().clean(value) or self.fallback


class RowForm(ActForm):
    """An act on one row: `row` names the field, `rows` all of the case's rows, `fits` those that are listed."""

    row = ""
    newest = False

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def fits(self, rows: QuerySet[Any]) -> Iterable[Any]:
        return rows

    def prepare(self) -> None:
        super().prepare()
        field = self.fields[self.row]
        rows = self.rows()
        field.offer(rows, self.fits(rows), newest=self.newest)
        if field.fallback is not None:
            self.initial.setdefault(self.row, field.prepare_value(field.fallback))
        self.order_fields([self.row])

    def opened_for(self) -> Any:
        """Return the row that the page was opened for, or None."""
        value = self.data.get(self.row) if self.is_bound else self.initial.get(self.row)
        try:
            return self.fields[self.row].clean(value)
        except ValidationError:
            return None


class ChangeForm(RowForm):
    """
    A change of some fields: what is not sent stays as it is. Such a form has no checkbox, whose absence says no.

    Opened for a row it lists no other, so that what was read of one is not written to another.
    """

    def prepare(self) -> None:
        super().prepare()
        row, field = self.opened_for(), self.fields[self.row]
        if row is not None:
            field.choices = [(field.prepare_value(row), name_of(row))]
        if self.is_bound:
            for name, field in self.fields.items():
                field.required = field.required and self.was_sent(name)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        return {name: value for name, value in said.items() if name in (self.row, "at") or self.was_sent(name)}

    def was_sent(self, name: str) -> bool:
        widget = self.fields[name].widget
        return not widget.value_omitted_from_data(self.data, self.files, self.add_prefix(name))


class DocumentsWidget(forms.Textarea):
    """Several lines, or from a program a list of them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        lines = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
        return "\n".join(line for line in lines if line) or None

    def format_value(self, value: Any) -> Any:
        return "\n".join(document_line(row) for row in value) if isinstance(value, list) else value


class DocumentsField(forms.CharField):
    """Documents that were revised, one a line, cleaned to the list that a CAPA action keeps."""

    widget = DocumentsWidget
    default_error_messages = {
        "shape": _("Write “document: old revision → new revision”, or “document: not applicable because …”.")
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Documents revised"))
        options.setdefault("help_text", _("One a line: “Control plan CP-14: C → D”, or “FMEA 12: not applicable …”."))
        super().__init__(required=False, widget=DocumentsWidget(attrs={"rows": 2}), max_length=4000, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return [self._row(line) for line in text.splitlines() if line.strip()]

    def _row(self, line: str) -> dict[str, str]:
        parts = re.split("[:：]", line, maxsplit=1)
        document, said = parts[0].strip(), parts[-1].strip()
        if len(parts) < 2 or not document or not said:
            raise ValidationError(self.error_messages["shape"], code="shape")
        old, arrow, new = (part.strip() for part in said.replace("->", "→").partition("→"))
        return (
            {"document": document, "old": old, "new": new} if arrow else {"document": document, "not_applicable": said}
        )


def document_line(row: dict[str, str]) -> str:
    """Return one document as a person writes it."""
    if row.get("not_applicable"):
        return f"{row.get('document', '')}: {row['not_applicable']}"
    return f"{row.get('document', '')}: {row.get('old') or '–'} → {row.get('new') or '–'}"
