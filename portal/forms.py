"""The shape of what customers send."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models.states import RemedyAsked
from portal.sending import DANGER, RUNS, STOPPED
from remediation.models import SurveyInvitation
from remediation.models.kinds import Solved

TEXT_MOST = 20_000  # characters of one text


class Pictures(forms.ClearableFileInput):
    """An input for several files."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Any number of files; what each may be is asked of `complaints.evidence`."""

    widget = Pictures

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [super(Files, self).clean(one) for one in data or ()] if isinstance(data, list) else []


def chosen(label: Any, choices: Any, *, required: bool = True) -> forms.ChoiceField:
    """Return a question with its answers as boxes."""
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=required)


class ReportForm(forms.Form):
    """A new complaint: stopped or unsafe first (UX §3.12)."""

    condition = chosen(
        _("Is it stopped or unsafe?"),
        [
            (DANGER, _("Someone is hurt or in danger")),
            (STOPPED, _("It is stopped")),
            (RUNS, _("It runs, with a problem")),
        ],
    )
    goods = forms.CharField(label=_("Serial number or product"), max_length=80, required=False)
    description = forms.CharField(label=_("What happened?"), max_length=TEXT_MOST, widget=forms.Textarea)
    found_on = forms.DateField(label=_("Since when?"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    remedy = chosen(
        _("What would help you most?"),
        [
            (RemedyAsked.REWORK.value, _("Repair it soon")),
            (RemedyAsked.REPLACEMENT.value, _("Replace it")),
            (RemedyAsked.COMPENSATION.value, _("Cover our costs")),
            (RemedyAsked.TECH_SUPPORT.value, _("Advice by phone")),
        ],
        required=False,
    )
    photos = Files(label=_("Photos or videos"), required=False)


class MessageForm(forms.Form):
    """A message with photos; one of them may be missing."""

    body = forms.CharField(label=_("Write to us"), max_length=TEXT_MOST, widget=forms.Textarea, required=False)
    photos = Files(label=_("Photos or files"), required=False)
    again = forms.BooleanField(required=False)  # the customer asks to take the case up again
    no_answer = forms.BooleanField(required=False)  # the initial analysis does not answer the complaint


class ManagerForm(forms.Form):
    """A call for a manager."""

    reason = forms.CharField(
        label=_("What should a manager look at?"), max_length=TEXT_MOST, widget=forms.Textarea,
        error_messages={"required": _("Say in a sentence what a manager should look at.")},
    )  # fmt: skip


ACCEPT, CHANGE, REJECT = "accept", "change", "reject"


class AnswerForm(forms.Form):
    """The answer to one version of a proposal."""

    answer = chosen(_("Your answer"), [(ACCEPT, _("Accept")), (CHANGE, _("Ask for a change")), (REJECT, _("Reject"))])
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    change = forms.CharField(
        label=_("What should be different?"), max_length=TEXT_MOST, widget=forms.Textarea, required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=TEXT_MOST, widget=forms.Textarea, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("answer") == CHANGE and not said.get("change", "").strip():
            self.add_error("change", _("Say what should be different."))
        if said.get("answer") == REJECT and not said.get("reason", "").strip():
            self.add_error("reason", _("Say why you reject it."))
        return said

    @property
    def words(self) -> str:
        """What was said with the answer."""
        return {CHANGE: self.cleaned_data["change"], REJECT: self.cleaned_data["reason"]}.get(
            self.cleaned_data["answer"], ""
        )


class SignedAnswerForm(AnswerForm):
    """The same, checked once more and signed with a name."""

    name = forms.CharField(label=_("Type your full name to sign"), max_length=150)


class ResultForm(forms.Form):
    """Whether the remedy solved the problem."""

    solved = chosen(_("Is the problem solved?"), [("yes", _("Yes, it is solved")), ("no", _("No, not yet"))])
    reason = forms.CharField(
        label=_("What is still wrong?"), max_length=TEXT_MOST, widget=forms.Textarea, required=False
    )
    name = forms.CharField(label=_("Your full name"), max_length=150, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("solved") == "no" and not said.get("reason", "").strip():
            self.add_error("reason", _("Say what is still wrong."))
        if said.get("solved") == "yes" and not said.get("name", "").strip():
            self.add_error("name", _("Type your full name."))
        return said


FIVE = [
    (1, _("very poor")),
    (2, _("poor")),
    (3, _("fair")),
    (4, _("good")),
    (5, _("very good")),
]


class SurveyForm(forms.Form):
    """The survey (DOMAIN §9.2); after a rejection it asks only how it was to deal with us."""

    solved = chosen(_("Is the problem solved?"), Solved.choices)
    csat_result = chosen(_("How satisfied are you with the result?"), FIVE)
    csat_speed = chosen(_("How satisfied are you with how fast we were?"), FIVE, required=False)
    csat_communication = chosen(_("… with how we kept you informed?"), FIVE, required=False)
    csat_competence = chosen(_("… with how well we knew our business?"), FIVE, required=False)
    nps = chosen(_("Would you recommend us to a colleague?"), [(n, "") for n in range(11)], required=False)
    ces = chosen(_("How easy was it to get this solved?"), [(n, "") for n in range(1, 8)], required=False)
    text = forms.CharField(label=_("Anything else?"), max_length=TEXT_MOST, widget=forms.Textarea, required=False)
    call_me = forms.BooleanField(label=_("Call me about this"), required=False)
    may_publish = forms.BooleanField(label=_("You may publish my words without my name"), required=False)

    def __init__(self, *args: Any, invitation: SurveyInvitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if invitation.process_only:
            for name in ("solved", "csat_result", "ces"):
                del self.fields[name]
            self.fields["csat_speed"].required = True

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as `followup.answer_survey` takes them: numbers, None where a question was left out."""
        numbers = {"csat_result", "csat_speed", "csat_communication", "csat_competence", "nps", "ces"}
        said = self.cleaned_data.items()
        return {name: (int(value) if value else None) if name in numbers else value for name, value in said}
