"""The forms of emergency plans: begin one, write a version, hold a drill."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.emergency_plans import Content
from complaints.forms.base import CHOOSE, colleagues, day, in_words, line, prose
from complaints.models import EmergencyPlan, EmergencyResource
from complaints.models.emergency import Action, Informed, Line, PlanRole, resource_key
from complaints.models.states import Grade
from contracts.models import Product, Project

BLANK_ROWS = 3  # empty rows below those that are kept
MOST_ROWS = 60
MOST_MINUTES = 30 * 24 * 60
CODE = re.compile(r"^[A-Z0-9][A-Z0-9-]{0,18}[A-Z0-9]$")


class BeginForm(forms.Form):
    code = line(_("Code"), most=20, hint=_("Capital letters, digits and hyphens: EP-FIELD."))
    name = line(pgettext_lazy("thing", "Name"), most=160)
    name_zh = line(_("Chinese name"), required=False, most=160)
    grade = forms.ChoiceField(label=_("For incidents of grade"), choices=Grade.choices)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().upper()
        if not CODE.match(code):
            raise ValidationError(_("Write the code with capital letters, digits and hyphens, such as EP-FIELD."))
        return code


class HeadForm(forms.Form):
    """The head of a version."""

    name = line(pgettext_lazy("thing", "Name"), most=160)
    name_zh = line(_("Chinese name"), required=False, most=160)
    grade = forms.ChoiceField(label=_("For incidents of grade"), choices=Grade.choices)
    family = forms.ChoiceField(label=_("Product family"), required=False)
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), required=False, empty_label=_("All projects")
    )
    valid_from = day(_("In force from"))
    review_on = day(_("Review due"), required=False, hint=_("Within 12 months of the first day."))
    drill_months = forms.IntegerField(label=_("A drill every … months"), min_value=1, max_value=24)
    standard = prose(
        _("What makes an incident of this grade"), required=False, hint=_("With examples, and who may declare it.")
    )
    responsibilities = prose(_("Responsibilities in words"), required=False)
    resources = prose(
        _("Budget and outside help"),
        required=False,
        hint=_("What may be spent without further approval, and whom to call."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        families = Product.objects.exclude(family="").order_by("family").values_list("family", flat=True).distinct()
        self.fields["family"].choices = [("", _("All products")), *((one, one) for one in families)]
        self.fields["project"].queryset = Project.objects.order_by("code")

    def show_kept(self) -> None:
        """Say beside each field that differs what is kept now, which is what the form began with."""
        for field in self:
            if field.field.has_changed(field.initial, field.data):
                kept = "–" if field.initial in (None, "") else in_words(field)
                self.add_error(field.name, translated("Kept now: %(kept)s") % {"kept": kept})


class PickedPerson(forms.ChoiceField):
    """A colleague out of a list that was read once for the whole page."""

    def __init__(self, people: dict[str, Any], **options: Any) -> None:
        super().__init__(choices=[("", "—"), *((mail, one.name) for mail, one in people.items())], **options)
        self.people = people

    def clean(self, value: Any) -> Any:
        return self.people.get(super().clean(value))


class RowForm(forms.Form):
    """One row of a table; one that is left empty, or emptied, is none."""

    needed: tuple[str, ...] = ()  # of a row that says something
    ignored: tuple[str, ...] = ()  # choices that say nothing alone

    def __init__(self, *args: Any, people: dict[str, Any], **kwargs: Any) -> None:
        kwargs["empty_permitted"] = False
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.people = people
        self.prepare()
        for field in self.fields.values():
            field.required = False
            field.widget.is_required = False
            field.widget.attrs["aria-label"] = field.label

    def prepare(self) -> None:
        """Set the people who can be chosen; overridden."""

    @property
    def says(self) -> bool:
        """Tell whether the row says anything."""
        said = self.cleaned_data
        return any(said.get(name) not in (None, "") for name in self.fields if name not in self.ignored)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.says or self.errors:
            for name in self.needed:
                if said.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, translated("Needed."))
        return said


class RoleForm(RowForm):
    person = forms.CharField(label=_("Person"))
    phone = line(_("Phone"), most=40)
    deputy = forms.CharField(label=_("Deputy"))
    deputy_phone = line(_("Phone of the deputy"), most=40)
    needed = ("person",)

    def prepare(self) -> None:
        self.fields["person"] = PickedPerson(self.people, label=_("Person"))
        self.fields["deputy"] = PickedPerson(self.people, label=_("Deputy"))
        self.order_fields(["person", "phone", "deputy", "deputy_phone"])


class ActionForm(RowForm):
    minutes = forms.IntegerField(label=_("Minutes after activation"), min_value=0, max_value=MOST_MINUTES)
    text = line(_("What is done"))
    text_zh = line(_("In Chinese"))
    role = forms.ChoiceField(label=_("Role"), choices=[("", CHOOSE), *PlanRole.choices])
    needed = ("minutes", "text", "role")


class LineForm(RowForm):
    audience = forms.ChoiceField(label=_("Who is told"), choices=[("", CHOOSE), *Informed.choices])
    minutes = forms.IntegerField(label=_("Every … minutes"), min_value=5, max_value=MOST_MINUTES)
    role = forms.ChoiceField(label=_("Told by"), choices=[("", CHOOSE), *PlanRole.choices])
    text = line(_("What"))
    text_zh = line(_("In Chinese"))
    needed = ("audience", "minutes", "role")


class StockForm(RowForm):
    code = line(_("Code"), most=40)
    name = line(pgettext_lazy("thing", "Name"), most=160)
    name_zh = line(_("Chinese name"), most=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=EmergencyResource.Kind.choices)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=1_000_000)
    place = line(_("Where"), most=160)
    keeper = forms.CharField(label=_("Kept by"))
    needed = ("code", "name", "kind", "quantity")
    ignored = ("kind",)

    def prepare(self) -> None:
        self.fields["keeper"] = PickedPerson(self.people, label=_("Kept by"))


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]  # Django's own is no generic at run time
    """Rows of one table; no value of `unique` stands in two of them."""

    unique = ""
    doubled: Any = ""
    default_error_messages = {
        "missing_management_form": _("The rows of this table did not arrive. Open the page again and write them anew."),
    }

    def same(self, value: Any) -> Any:
        """Return by what two values of `unique` are the same; overridden."""
        return value

    @property
    def said(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.forms if form.says]

    def clean(self) -> None:
        if any(self.errors):
            return
        seen = set()
        for form in self.forms:
            value = form.cleaned_data.get(self.unique) if self.unique and form.says else None
            if value and self.same(value) in seen:
                form.add_error(self.unique, self.doubled)
            seen.add(self.same(value) if value else None)


class StockRows(Rows):
    unique, doubled = "code", _("This code stands in another row already.")

    def same(self, value: Any) -> Any:
        return resource_key(value)


class LineRows(Rows):
    unique, doubled = "audience", _("They stand in another row already.")


def _rows(form: type[RowForm], rows: type[Rows] = Rows) -> Any:
    return forms.formset_factory(
        form, formset=rows, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 1, validate_max=True
    )


class PlanForm:
    """All of a version on one page: head, roles, actions, who is told, resources. After is_valid(): `content`."""

    def __init__(self, plan: EmergencyPlan, data: Any = None) -> None:
        people = {one.email: one for one in colleagues()}
        more = {"people": people}
        held = {row.role: _said(row, ("person", "phone", "deputy", "deputy_phone")) for row in _full(plan.roles)}
        self.head = HeadForm(data, initial={**_said(plan, HeadForm.base_fields), "project": plan.project_id})
        self.roles = [
            (role, RoleForm(data, prefix=f"role-{role}", initial=held.get(role, {}), **more)) for role in PlanRole
        ]
        self.actions = _rows(ActionForm)(
            data, prefix="action", initial=[one._asdict() for one in plan.actions], form_kwargs=more
        )
        self.lines = _rows(LineForm, LineRows)(
            data, prefix="line", initial=[one._asdict() for one in plan.informed], form_kwargs=more
        )
        stock = [_said(row, StockForm.base_fields) for row in _full(plan.stock)]
        self.stock = _rows(StockForm, StockRows)(data, prefix="stock", initial=stock, form_kwargs=more)

    @property
    def parts(self) -> list[Any]:
        return [self.head, *(form for _role, form in self.roles), self.actions, self.lines, self.stock]

    @property
    def errors(self) -> bool:
        """Tell whether something does not fit; the title of the page says so."""
        return self.head.is_bound and not self.is_valid()

    def is_valid(self) -> bool:
        return not [part for part in self.parts if not part.is_valid()]

    @property
    def content(self) -> Content:
        return Content(
            head=self.head.cleaned_data,
            roles=[{"role": role.value, **form.cleaned_data} for role, form in self.roles if form.says],
            stock=self.stock.said,
            actions=[Action(**row) for row in self.actions.said],
            lines=[Line(**row) for row in self.lines.said],
        )


def _full(rows: Any) -> Iterable[Any]:
    names = {"roles": ("person", "deputy"), "stock": ("keeper",)}[rows.field.related_query_name()]
    return rows.select_related(*names).order_by("pk")


def _said(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return fields of a row as a form begins with them; people by their address."""
    values = {name: getattr(row, name) for name in names}
    return {name: getattr(value, "email", value) for name, value in values.items()}
