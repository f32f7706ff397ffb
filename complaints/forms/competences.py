"""The form of a competence: who knows which family of products, and what of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints import competences
from complaints.forms.base import CHOOSE, PersonField, colleagues, line

if TYPE_CHECKING:
    from accounts.models import User


class CompetenceForm(forms.Form):
    """Which products somebody knows; `person` only for whoever keeps those of others."""

    person = PersonField(label=_("Who"), empty_label=None)
    family = forms.ChoiceField(label=_("Product family"))
    what = line(
        _("What of it"),
        required=False,
        most=120,
        hint=_("For example: bearings and lubrication."),
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, label_suffix="")
        self.fields["family"].choices = [("", CHOOSE), *((one, one) for one in competences.families())]  # type: ignore[attr-defined]
        self.fields["person"].queryset = colleagues()  # type: ignore[attr-defined]
        self.fields["person"].put_first(user)  # type: ignore[attr-defined]
        self.fields["person"].initial = user.email
        if not user.may(competences.RIGHT):
            del self.fields["person"]
