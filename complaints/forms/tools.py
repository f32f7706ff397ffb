"""The forms of the what-if tools: each turns what a person typed into a question of complaints.calculators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.calculators.shapes import known_calendars
from complaints.forms.base import MomentField
from complaints.forms.grading import ScaleField

WARNINGS = (50, 75, 90)


class ToolForm(forms.Form):
    """A question typed in; `question` returns it as the API would take it."""

    calculator = kind = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if "calendar" in self.fields:
            choices = [(code, code) for code in known_calendars()]
            self.fields["calendar"].choices = [*self.fields["calendar"].choices, *choices]

    def question(self) -> dict[str, Any]:
        """Return `input` of the question; called after is_valid()."""
        raise NotImplementedError


def moment(label: Any, **options: Any) -> MomentField:
    """Return a field for an instant on the reader's clock."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return MomentField(label=label, widget=widget, **options)


class DeadlineForm(ToolForm):
    calculator, kind = "deadline", "due"

    start = moment(_("It starts"))
    target = forms.IntegerField(label=_("Time allowed"), min_value=1, max_value=1_000_000)
    unit = forms.ChoiceField(label=_("Unit"), choices=[("60", _("hours")), ("1", _("minutes"))])
    calendar = forms.ChoiceField(
        label=_("What counts"), required=False, choices=[("", _("Every hour, day and night"))],
        help_text=_("A calendar counts only its working time."),
    )  # fmt: skip
    waits_from = moment(_("Waiting from"), required=False)
    waits_until = moment(_("Waiting until"), required=False, help_text=_("Leave empty while the wait goes on."))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("waits_until") and not said.get("waits_from"):
            self.add_error("waits_from", _("Say when the wait began."))
        return said

    def question(self) -> dict[str, Any]:
        said = self.cleaned_data
        begun, ended = said["waits_from"], said["waits_until"]
        waits = [[begun.isoformat(), ended.isoformat() if ended else None]] if begun else []
        asked = {
            "start": said["start"].isoformat(),
            "tz": timezone.get_current_timezone_name(),
            "target_minutes": said["target"] * int(said["unit"]),
            "calendar": said["calendar"] or None,
            "pauses": waits,
            "warn": list(WARNINGS),
        }
        return {**asked, "now": max(timezone.now(), begun).isoformat()} if begun and not ended else asked


class PeriodForm(ToolForm):
    calculator = kind = "period"

    start_date = forms.DateField(
        label=_("From the day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("This day itself is not counted."),
    )  # fmt: skip
    n = forms.IntegerField(label=_("Length"), min_value=1, max_value=100_000)
    unit = forms.ChoiceField(
        label=_("Unit"),
        choices=[
            ("day", _("days")), ("workday", _("working days")), ("week", _("weeks")), ("month", _("months")),
            ("year", pgettext_lazy("unit", "years")),
        ],
    )  # fmt: skip
    calendar = forms.ChoiceField(label=_("Working days of"), choices=[])
    roll = forms.BooleanField(
        label=_("A last day that is a rest day moves to the next working day"), required=False, initial=True
    )

    def question(self) -> dict[str, Any]:
        return {**self.cleaned_data, "start_date": self.cleaned_data["start_date"].isoformat()}


class GradeForm(ToolForm):
    calculator = kind = "grade"

    S = ScaleField(_("Consequence"), "consequence")
    E = ScaleField(_("Extent"), "extent")
    C = ScaleField(_("Impact on customer and project"), "customer_impact")
    R = ScaleField(_("Recurrence"), "recurrence")
    injury = forms.BooleanField(label=_("Somebody was hurt"), required=False)
    reportable = forms.BooleanField(label=_("It must be reported to an authority"), required=False)
    danger = forms.BooleanField(label=_("There is a credible danger"), required=False)
    site_stop = forms.BooleanField(label=_("A site or line stands still"), required=False)
    repeat_after_capa = forms.BooleanField(label=_("It came back after a closed corrective action"), required=False)
    dscr = forms.ChoiceField(
        label=_("Covenant of the project's loan"), required=False,
        choices=[("", _("not touched")), ("LOCK_UP", _("lock-up")), ("DEFAULT", _("default"))],
    )  # fmt: skip

    def question(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {**said, **{score: int(said[score]) for score in "SECR"}}


FORMS: dict[str, type[ToolForm]] = {"deadline": DeadlineForm, "period": PeriodForm, "grade": GradeForm}
