"""Forms about people: own settings, and those of others for whoever manages them."""

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Language, Organisation, User, company_zone
from accounts.people import ROLES_OF
from accounts.roles import Role


def zones() -> list[tuple[str, str]]:
    """Return the IANA zones to choose from."""
    return [(name, name) for name in sorted(zoneinfo.available_timezones())]


class NamedChoice(forms.ModelChoiceField):
    """A choice among departments or organisations, by their names in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return obj.shown_name(get_language() or "en")


class OwnSettings(forms.ModelForm):
    """What a person chooses for herself."""

    zone = forms.ChoiceField(label=_("Time zone"), choices=zones)

    class Meta:
        model = User
        fields = ("phone", "language", "zone", "theme", "single_keys")
        labels = {
            "phone": _("Telephone"),
            "language": _("Language"),
            "theme": _("Appearance"),
            "single_keys": _("Single-key shortcuts"),
        }
        help_texts = {"single_keys": _("Such as C for a new complaint. Turn them off if they get in the way.")}


class PersonForm(forms.Form):
    """Name, place and roles of a person."""

    name = forms.CharField(label=_("Name"), max_length=150)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial=company_zone)
    department = NamedChoice(label=_("Department"), queryset=Department.objects.order_by("code"), required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        if person is not None:
            kwargs["initial"] = _as_it_stands(person)
        super().__init__(*args, **kwargs)
        roles = self.fields["roles"]
        if person is not None and isinstance(roles, forms.MultipleChoiceField):
            fitting = ROLES_OF[person.organisation.kind]
            roles.choices = [(role.value, role.label) for role in Role if role in fitting]


class InvitationForm(PersonForm):
    """A person who is not here yet."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    organisation = NamedChoice(
        label=_("Organisation"), queryset=Organisation.objects.filter(is_active=True).order_by("kind", "name", "pk")
    )

    field_order = ("name", "email", "organisation", "department", "language", "zone", "roles")


def _as_it_stands(person: User) -> dict[str, Any]:
    held = list(person.memberships.active())
    return {
        "name": person.name,
        "language": person.language,
        "zone": person.zone,
        "department": next((membership.department_id for membership in held if membership.department_id), None),
        "roles": [membership.role for membership in held],
    }
