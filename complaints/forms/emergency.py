"""The forms of an incident: activate a plan, tick off, decide, tell, hand over, stand down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints import emergencies, emergency_plans
from complaints.days import company_date
from complaints.emergencies import Left, Review
from complaints.forms.base import ActForm, PersonField, Section, colleagues, day, line, moment, prose
from complaints.models import EmergencyPlan, EmergencyReservation, EmergencyResource, EmergencyStep
from complaints.models.emergency import Informed, PlanRole

if TYPE_CHECKING:
    from complaints.models import Complaint

HAND_ON, CANCEL = "HAND_ON", "CANCEL"


class PlanField(forms.ModelChoiceField):
    """A plan in force that is for the case; `choose` sets them, the closest first."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Emergency plan"), queryset=EmergencyPlan.objects.none(), **options)

    def choose(self, complaint: Any, *, now: datetime, grade: str = "") -> list[EmergencyPlan]:
        found = emergency_plans.fitting(complaint, company_date(now))
        plans = [plan for plan in found if not grade or plan.grade == grade]
        if not plans:
            self.help_text = _("No plan in force is for this case. Have one approved under Emergency plans first.")
        self.queryset = EmergencyPlan.objects.filter(pk__in=[plan.pk for plan in plans]).order_by("code", "-number")
        return plans


class ActivateForm(ActForm):
    plan = PlanField()
    because = prose(_("Why"), rows=2, hint=_("What makes it an emergency."))
    commander = PersonField(
        label=_("Commander"), required=False, help_text=_("Leave empty for whom the plan names, or their deputy.")
    )

    def prepare(self) -> None:
        plans = self.fields["plan"].choose(self.complaint, now=self.now)
        if plans:
            self.initial.setdefault("plan", plans[0].pk)
        self.fields["commander"].queryset = colleagues()


class StepForm(ActForm):
    """A step of the checklist and what came of it."""

    step = forms.ModelChoiceField(label=_("Step"), queryset=EmergencyStep.objects.none())
    result = line(_("What came of it"), most=2000)

    def prepare(self) -> None:
        running = emergencies.of(self.complaint)
        steps = EmergencyStep.objects.filter(activation=running) if running else EmergencyStep.objects.none()
        self.fields["step"].queryset = steps.order_by("position")
        self.fields["step"].label_from_instance = lambda step: step.shown_text


class DecisionForm(ActForm):
    what = prose(_("What is decided"), rows=2)
    because = prose(_("Why"), rows=2)


class UpdateForm(ActForm):
    audience = forms.ChoiceField(label=_("Who was told"), choices=[])
    text = prose(_("What they were told"), rows=2)

    def prepare(self) -> None:
        running = emergencies.of(self.complaint)
        lines = running.plan.informed if running else []
        self.fields["audience"].choices = [(one.audience, Informed(one.audience).label) for one in lines]


class HandOverForm(ActForm):
    role = forms.ChoiceField(label=_("Role"), choices=[])
    to = PersonField(label=_("To whom"))
    phone = line(_("Phone"), most=40)
    because = prose(_("Why"), rows=2)
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def prepare(self) -> None:
        self.fields["to"].queryset = colleagues()
        running = emergencies.of(self.complaint)
        seats = list(running.seats.filter(until=None).select_related("user").order_by("pk")) if running else []
        self.fields["role"].choices = [(seat.role, f"{PlanRole(seat.role).label}: {seat.user.name}") for seat in seats]
        self.newest = max((seat.pk for seat in seats), default=0)
        self.initial.setdefault("expected", self.newest)

    def show_kept(self, complaint: Complaint) -> None:
        """Answer, sent again, to the roles as they are held now; who holds each stands in the list."""
        again: Any = self.data.copy()
        again["expected"] = self.newest
        self.data = again


class ReserveForm(ActForm):
    resource = forms.ModelChoiceField(label=_("Resource"), queryset=EmergencyResource.objects.none())
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=1_000_000, initial=1)
    from_at = moment(_("From"))
    until_at = moment(_("Until"))
    because = line(
        _("Why although there are not enough"), required=False, most=2000,
        hint=_("Only where others keep it already: it is then kept all the same, and the clash shows on both cases."),
    )  # fmt: skip

    def prepare(self) -> None:
        running = emergencies.of(self.complaint)
        if running:
            self.fields["resource"].queryset = running.plan.stock.order_by("pk")
        self.fields["resource"].label_from_instance = lambda one: f"{one.code} {one.shown_name} ({one.quantity})"
        now = self.now
        self.initial.setdefault("from_at", now)
        self.initial.setdefault("until_at", now + timedelta(days=1))


class ReleaseForm(ActForm):
    reservation = forms.ModelChoiceField(label=_("What is given back"), queryset=EmergencyReservation.objects.none())

    def prepare(self) -> None:
        running = emergencies.of(self.complaint)
        if running:
            self.fields["reservation"].queryset = running.reservations.order_by("from_at", "pk")


class ReviewFields(forms.Form):
    """What is said at the end of an incident or a drill."""

    went_well = prose(_("What went well"), rows=2)
    shortcomings = prose(_("What was lacking"), rows=2)
    improvements = prose(_("What is to be bettered"), rows=3, required=False, hint=_("One thing a line."))

    def lines(self) -> tuple[str, ...]:
        return tuple(filter(None, (one.strip() for one in self.cleaned_data["improvements"].splitlines())))


class StandDownForm(ReviewFields, ActForm):
    reason = prose(_("Why it is over"), rows=2)
    owner = PersonField(label=_("Who betters it"), required=False)
    due_on = day(_("By when"), required=False)

    def prepare(self) -> None:
        people = colleagues()
        self.fields["owner"].queryset = people
        running = emergencies.of(self.complaint)
        steps = running.steps.filter(status="OPEN").order_by("position") if running else []
        self.open_steps = list(steps)
        for step in self.open_steps:
            name = f"step_{step.pk}"
            self.fields[name] = forms.ChoiceField(
                label=gettext("What becomes of it"), required=False, widget=forms.RadioSelect,
                choices=[(HAND_ON, _("Hand it on")), (CANCEL, _("Cancel it"))],
            )  # fmt: skip
            self.fields[f"{name}_to"] = PersonField(label=gettext("To whom"), required=False, queryset=people)
            self.fields[f"{name}_why"] = line(gettext("Why"), required=False, most=2000)
        parts = [Section(step.shown_text, self._names(step)) for step in self.open_steps]
        review = ("reason", "went_well", "shortcomings", "improvements", "owner", "due_on")
        self.sections = (*parts, Section(_("Review"), review))

    def _names(self, step: EmergencyStep) -> tuple[str, ...]:
        return (f"step_{step.pk}", f"step_{step.pk}_to", f"step_{step.pk}_why")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        left = {step.pk: self._left(step, said) for step in self.open_steps}
        if self.errors:
            return said
        review = Review(
            said["reason"], said["went_well"], said["shortcomings"], self.lines(), said["owner"], said["due_on"]
        )
        decided = {pk: one for pk, one in left.items() if one is not None}
        return {"at": said.get("at"), "review": review, "left": decided}

    def _left(self, step: EmergencyStep, said: dict[str, Any]) -> Left | None:
        """Return what becomes of a step; None where nothing is said of it, which the verb refuses."""
        what, to, why = (said.get(name) for name in self._names(step))
        if not what:
            return None
        if what == HAND_ON and to is None:
            self.add_error(f"step_{step.pk}_to", gettext("Name who goes on with it."))
        if not why:
            self.add_error(f"step_{step.pk}_why", gettext("Say why."))
        return Left(to if what == HAND_ON else None, why or "")


class DrillForm(forms.Form):
    """What a drill supposes."""

    scenario = prose(_("Scenario"), hint=_("What is supposed to have happened, and where."))


class DrillStepForm(forms.Form):
    result = line(_("What came of it"), most=2000)
    result.error_messages["required"] = _("Say what came of the step.")


class DrillEndForm(ReviewFields):
    """The review of a drill. After is_valid(): `review`."""

    @property
    def review(self) -> Review:
        return Review("", self.cleaned_data["went_well"], self.cleaned_data["shortcomings"], self.lines())
