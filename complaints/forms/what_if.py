"""The question “what if”: a few facts of a case as they might be, in the address of the entitlement page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.fields import DayField
from complaints import entitling_words as words
from complaints.entitling import Basis, Unfit
from complaints.forms.entitlement import field_of
from contracts import entitlement_words
from contracts.clauses.case import CaseFacts
from contracts.clauses.kinds import Bad


class WhatIfForm(forms.Form):
    """Facts that a verdict most often turns on; what is left empty stays as it is."""

    FACTS = (
        "notified_on", "found_on", "delivered_on", "accepted_on", "commissioned_on", "defect", "seller_knew",
        "nonconforming", "seller_share_pct", "units_confirmed", "usage", "failed_repairs",
    )  # fmt: skip

    as_of = DayField(label=_("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "if_%s", **options})
        asks = CaseFacts.asks()
        for name in self.FACTS:
            field: Any = field_of(name, asks)
            field.initial = None
            if example := words.example_of(asks[name].metadata["kind"]):
                field.widget.attrs["placeholder"] = example
            self.fields[name] = field

    def tell_known(self, basis: Basis) -> None:
        """Say under each field what is known, so that a what-if is typed against it."""
        known = {name: words.value_of(name, one.value) for name, one in basis.held.items() if name in self.FACTS}
        known["as_of"] = entitlement_words.in_words(basis.as_of)
        for name, value in known.items():
            self.fields[name].help_text = _("Known: %(value)s") % {"value": value}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in self.FACTS:
            if said.get(name) in ("", None):
                said.pop(name, None)
                continue
            try:
                said[name] = CaseFacts.asks()[name].metadata["kind"].read(said[name])
            except Bad as bad:
                for problem in bad.problems:
                    self.add_error(
                        name, entitlement_words.say_problem(type(problem)(name, problem.code, problem.params))
                    )
        return said

    def changes(self) -> dict[str, Any]:
        """Return what is supposed: typed facts by name, and as_of."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    def facts(self) -> dict[str, Any]:
        """Return the facts that are supposed, by name."""
        return {name: value for name, value in self.changes().items() if name != "as_of"}

    def blame(self, unfit: Unfit) -> None:
        """Say at its field what contradicts the facts that are known, above all of them what has no field here."""
        for problem in unfit.error.problems:
            name = problem.field if problem.field in self.fields else None
            self.add_error(name, entitlement_words.say_problem(problem))

    def in_words(self) -> list[str]:
        """Return what is supposed, a line each."""
        said = gettext("{what}: {word}")
        return [said.format(what=self.fields[name].label, word=_value(name, value)) for name, value in
                self.changes().items()]  # fmt: skip


def _value(name: str, value: Any) -> str:
    if name == "as_of":
        return entitlement_words.in_words(value)
    return words.value_of(name, CaseFacts.asks()[name].metadata["kind"].write(value))
