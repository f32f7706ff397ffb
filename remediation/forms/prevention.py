"""The forms of corrective and preventive action, lessons, costs and suppliers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from complaints.days import company_date
from complaints.forms.base import ActForm, PersonField, YesNoField, colleagues, day, empty_money, line, prose
from complaints.models import RootCause
from contracts.fields import MoneyFormField
from remediation.capa import CHECKING, LEAST_WINDOW, WORKING
from remediation.costs import CATEGORY
from remediation.forms.base import DocumentsField, RowField, RowForm
from remediation.models import Capa, CapaAction, CapaDeployment, Lesson
from remediation.models.kinds import (
    ActionKind,
    CapaSource,
    CapaType,
    CostCategory,
    CostItem,
    Recoverable,
    Strength,
)


class OpenCapaForm(ActForm):
    problem = prose(_("Problem"), rows=2)
    type = forms.ChoiceField(label=_("Type"), choices=CapaType.choices, required=False)
    source = forms.ChoiceField(label=_("What led to it"), choices=CapaSource.choices, required=False)
    owner = PersonField(label=_("Owner"))
    sponsor = PersonField(label=_("Sponsor"), required=False)
    due_on = day(_("Due"))

    def prepare(self) -> None:
        for name in ("owner", "sponsor"):
            self.fields[name].queryset = colleagues()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        return {
            **said,
            "type": said.get("type") or CapaType.CORRECTIVE,
            "source": said.get("source") or CapaSource.CASE,
        }


class CapaForm(RowForm):
    """An act on one CAPA; the newest that fits unless another is named."""

    capa = RowField(Capa, label=_("Which CAPA"))
    row, newest = "capa", True
    statuses: tuple[str, ...] = WORKING

    def rows(self) -> QuerySet[Capa]:
        return self.complaint.capas.order_by("-pk")

    def fits(self, rows: QuerySet[Capa]) -> Iterable[Capa]:
        return rows.filter(status__in=self.statuses)


class HandOverCapaForm(CapaForm):
    statuses = (*WORKING, *CHECKING)
    owner = PersonField(label=_("To whom"))
    because = prose(_("Why"), rows=2)
    with_actions = forms.BooleanField(
        label=_("The actions that its owner has not done go with it"), required=False, initial=True
    )

    def prepare(self) -> None:
        super().prepare()
        self.fields["owner"].queryset = colleagues()


class AddActionForm(CapaForm):
    root_cause = forms.ModelChoiceField(
        label=_("Against which cause"), queryset=RootCause.objects.none(), required=False, empty_label="—"
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ActionKind.choices, required=False)
    description = prose(_("What is done"), rows=2)
    strength = forms.TypedChoiceField(
        label=_("How surely it works"), choices=Strength.choices, coerce=int, help_text=_("The strongest stands first.")
    )
    verification = prose(_("How it was tried before"), rows=2, required=False)
    owner = PersonField(label=_("Who does it"))
    due_on = day(_("Due"))
    chosen = YesNoField(label=_("Is it the one chosen?"), initial="1", required=False)
    chosen_because = line(_("Why chosen, or why not"), required=False, most=1000)
    documents = DocumentsField()

    def prepare(self) -> None:
        super().prepare()
        self.fields["owner"].queryset = colleagues()
        causes = self.complaint.root_causes.filter(withdrawn_at=None).order_by("-cycle", "pk")
        self.fields["root_cause"].queryset = causes
        self.fields["root_cause"].label_from_instance = lambda cause: f"{cause.get_leg_display()}: {cause.text}"
        self.initial.setdefault("kind", ActionKind.CORRECTIVE)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        return {**said, "kind": said.get("kind") or ActionKind.CORRECTIVE, "chosen": said.get("chosen") is not False}


class FinishActionForm(RowForm):
    action = RowField(CapaAction, label=_("Which action"))
    evidence = prose(_("Evidence that it is done"), rows=2)
    documents = DocumentsField()
    row = "action"

    def rows(self) -> QuerySet[CapaAction]:
        return CapaAction.objects.filter(capa__complaint=self.complaint).order_by("-capa_id", "pk")

    def fits(self, rows: QuerySet[CapaAction]) -> Iterable[CapaAction]:
        return rows.filter(done_at=None, chosen=True, capa__status__in=WORKING)

    def prepare(self) -> None:
        super().prepare()
        action = self.opened_for()
        if action is not None:
            self.initial.setdefault("documents", action.documents)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        return {**said, "documents": said.get("documents") or None}


class CriterionForm(CapaForm):
    metric = prose(_("What is measured"), rows=2)
    baseline = line(_("Value today"), most=120)
    target = line(_("Value aimed at"), most=120)
    window_days = forms.IntegerField(
        label=_("Window, days"), min_value=LEAST_WINDOW, max_value=1000, initial=LEAST_WINDOW, required=False
    )

    def clean_window_days(self) -> int:
        return self.cleaned_data["window_days"] or LEAST_WINDOW


class ImplementForm(CapaForm):
    weak_because = prose(
        _("Why only checks and instructions"), rows=2, required=False, hint=_("Only then, and by the quality manager.")
    )


class CheckEffectForm(CapaForm):
    statuses = CHECKING
    result = prose(_("What was found"), rows=2)
    effective = YesNoField(
        label=_("Is it effective?"), required=False, help_text=_("Leave open while the window runs.")
    )


class BecauseForm(ActForm):
    because = prose(_("Reason"), rows=2)


class LessonForm(ActForm):
    situation = prose(_("Situation"), rows=2)
    worked = prose(_("What worked"), rows=2, required=False)
    did_not = prose(_("What did not"), rows=2, required=False)
    rule = prose(_("Rule for the future"), rows=2)
    tags = line(_("Tags"), required=False, hint=_("Words that find it again, between commas."))
    confidential = forms.BooleanField(label=_("Confidential"), required=False)

    def clean_tags(self) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(tag.strip() for tag in re.split("[,，、;；]", self.cleaned_data["tags"]) if tag.strip())
        )


class ApproveLessonForm(RowForm):
    lesson = RowField(Lesson, label=_("Which lesson"))
    row, newest = "lesson", True

    def rows(self) -> QuerySet[Lesson]:
        return self.complaint.lessons.order_by("-pk")

    def fits(self, rows: QuerySet[Lesson]) -> Iterable[Lesson]:
        return rows.filter(approved_by=None)


class CostForm(ActForm):
    item = forms.ChoiceField(label=_("What for"), choices=[])
    amount = MoneyFormField(
        label=_("Amount"), negative=True, help_text=_("With a minus it corrects an entry made before.")
    )
    on = day(_("Date"))
    document = line(_("Source document"), most=200)
    recoverable_from = forms.ChoiceField(label=_("May come back from"), choices=Recoverable.choices, required=False)
    recovered = MoneyFormField(label=_("Come back already"), required=False)

    def prepare(self) -> None:
        self.fields["item"].choices = [
            (category.label, [(item.value, item.label) for item in CostItem if CATEGORY[item] == category])
            for category in CostCategory
        ]
        self.initial.setdefault("on", company_date(self.now))
        for name in ("amount", "recovered"):
            self.initial.setdefault(name, empty_money(self.complaint))


class SupplierForm(ActForm):
    supplier = forms.ModelChoiceField(
        label=_("Supplier"), queryset=Organisation.objects.none(), to_field_name="code", empty_label="—"
    )

    def prepare(self) -> None:
        suppliers = Organisation.objects.filter(kind=Organisation.Kind.SUPPLIER).order_by("name", "pk")
        self.fields["supplier"].queryset = suppliers
        latest = self.complaint.attributions.filter(cycle=self.complaint.cycle).order_by("-number").first()
        share = latest and latest.shares.filter(supplier__isnull=False).select_related("supplier").first()
        if share:
            self.initial.setdefault("supplier", share.supplier.code)


class ChargebackForm(SupplierForm):
    amount = MoneyFormField(label=_("Amount"))
    notice = prose(_("Notice"), hint=_("Under which clause, and with what evidence the supplier was told."))

    def prepare(self) -> None:
        super().prepare()
        self.initial.setdefault("amount", empty_money(self.complaint))


class WaiveChargebackForm(SupplierForm):
    because = prose(_("Reason"), rows=2)

    def prepare(self) -> None:
        super().prepare()
        self.fields["supplier"].required = False
        self.fields["supplier"].empty_label = _("All of this case")


class SimilarForm(CapaForm):
    text = line(_("Similar product, line, plant or supplier"), most=1000)


class DecideSimilarForm(RowForm):
    similar = RowField(CapaDeployment, label=_("Which one"))
    applies = YesNoField(label=_("Does it apply there, too?"))
    because = prose(_("Why"), rows=2)
    done_on = day(_("Done on"), required=False)
    row = "similar"

    def rows(self) -> QuerySet[CapaDeployment]:
        return CapaDeployment.objects.filter(capa__complaint=self.complaint).order_by("pk")

    def fits(self, rows: QuerySet[CapaDeployment]) -> Iterable[CapaDeployment]:
        return rows.filter(applies=None, capa__status__in=WORKING)
