"""A table typed or pasted into one field: a row a line, cells apart by tabs, semicolons or commas."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MOST = 500  # lines
APART = ("\t", "[;；]", "[,，]")  # what stands between cells; the first that is there at all


def _how(columns: dict[str, Any], hint: Any) -> str:
    """Return how rows are written: what stands between cells, and what the cells are."""
    heads = gettext("; ").join(map(str, columns.values()))
    said = gettext("One row a line, tabs (pasted from a spreadsheet) or semicolons between: {columns}.")
    return f"{said.format(columns=heads)} {hint}".strip()


class RowsField(forms.CharField):
    """Rows of cells as text; `columns` maps a name to its label, and every row has a cell for each."""

    default_error_messages = {
        "cells": _(
            "Row {row} has {given} cells; it needs {n}: {labels}. Put tabs or semicolons between cells if a number has "
            "commas."
        ),
        "many": _("Give at most {most} rows."),
    }

    def __init__(self, label: Any, columns: dict[str, Any], *, hint: Any = "", lines: int = 7, **options: Any) -> None:
        self.columns = columns
        widget = forms.Textarea(attrs={"rows": lines, "spellcheck": "false", "class": "rows"})
        said = lazy(_how, str)(columns, hint)
        super().__init__(label=label, widget=widget, help_text=said, strip=False, **options)

    def to_python(self, value: Any) -> Any:
        """Return the cells of each line that has any."""
        text = super().to_python(value) or ""
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > MOST:
            raise self._error("many", most=MOST)
        return [self._cells(line, row) for row, line in enumerate(lines, 1)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare cells; whatever cannot be read has changed."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True

    def _cells(self, line: str, row: int) -> list[str]:
        between = next((mark for mark in APART if re.search(mark, line)), APART[-1])
        cells = [cell.strip() for cell in re.split(between, line.strip(" "))]
        if len(cells) != len(self.columns):
            labels = "; ".join(map(str, self.columns.values()))
            raise self._error("cells", row=row, given=len(cells), n=len(self.columns), labels=labels)
        return cells

    def _error(self, code: str, **params: Any) -> ValidationError:
        return ValidationError(str(self.error_messages[code]).format(**params), code=code)
