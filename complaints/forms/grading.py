"""What is asked to grade a case, and to propose a table of grading rules (DOMAIN §4.1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from complaints import grade_facts, grade_rules, grading
from complaints.days import company_date
from complaints.facts import Triage
from complaints.forms.base import ActForm, Section, day, prose
from complaints.gates import reason
from complaints.models.states import Grade
from complaints.words import say

MEANINGS = {  # of the scores 1–5, DOMAIN §4.1
    "consequence": (
        _("looks or papers"), _("minor function"), _("degraded function"), _("main function lost"), _("danger"),
    ),
    "extent": (
        _("one unit"), _("up to 1 %"), _("up to 5 %"), _("up to 10 %"), _("more, several lots, or not known"),
    ),
    "customer_impact": (
        _("none"), _("extra work"), _("delay of 1–7 days"), _("delay of 8–29 days"),
        _("delay of 30 days or more, or a stop"),
    ),
    "recurrence": (
        _("first time"), _("similar elsewhere"), _("second time in 12 months"), _("third time"),
        _("more often, or within 90 days of closing"),
    ),
}  # fmt: skip
NAMES = grade_facts.NAMES
ASKED = {"data-grade": ""}  # marks what the live panel reads


class ScaleField(forms.ChoiceField):
    """One score from 1 to 5, drawn as five steps in a row, each with its meaning."""

    scale = True

    def __init__(self, label: Any, name: str) -> None:
        meanings = enumerate(MEANINGS[name], 1)
        choices = [(str(n), format_lazy("{n} · {meaning}", n=n, meaning=said)) for n, said in meanings]
        super().__init__(label=label, choices=choices, widget=forms.RadioSelect(attrs=dict(ASKED)))


class GradeFields(ActForm):
    """The four scores and what may differ from the computed grade; they open with what the case itself proposes."""

    previews = True
    preview_label = _("Show the grade first")

    consequence = ScaleField(_("Consequence"), "consequence")
    extent = ScaleField(_("Extent"), "extent")
    customer_impact = ScaleField(_("Impact on customer and project"), "customer_impact")
    recurrence = ScaleField(_("Recurrence"), "recurrence")
    repeat_after_capa = forms.BooleanField(
        label=_("It came back after a closed corrective action"), required=False,
        widget=forms.CheckboxInput(attrs=dict(ASKED)),
    )  # fmt: skip
    grade = forms.ChoiceField(
        label=_("Grade"), required=False, choices=[("", _("As computed")), *Grade.choices],
        help_text=_("Choose one only to differ from the computed grade."),
    )  # fmt: skip
    override_reason = prose(_("Why the grade differs"), rows=2, required=False)
    graded = Section(
        _("Grade"), (*NAMES, "repeat_after_capa"),
        _("Another grade than the computed one"), ("grade", "override_reason"),
    )  # fmt: skip
    sections: tuple[Section, ...] = (graded, Section("", ("reason",)))

    @classmethod
    def arranged(cls, said: Any, *, complaint: Any, user: Any, now: datetime, files: Any = None) -> ActForm | None:
        """Return the form as it was filled, beside the grade that it gives."""
        if said.get("op") != "preview":
            return None
        form = cls(complaint=complaint, user=user, now=now, initial={name: said.get(name) for name in said})
        for name, field in form.fields.items():
            if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
                form.initial[name] = said.getlist(name)
        return form

    def open_with(self, known: grade_facts.Proposal) -> None:
        """Fill each score that the case proposes, and say why."""
        for name, one in known.scores.items():
            self.initial.setdefault(name, str(one.score))
            said = gettext("Proposed: {score}, because {why}.")
            self.fields[name].help_text = said.format(score=one.score, why=say(one.why))

    def scores(self) -> dict[str, int]:
        return {name: int(self.cleaned_data[name]) for name in NAMES if name in self.cleaned_data}


class RegradeForm(GradeFields):
    reason = prose(_("Why it is graded anew"), rows=2)

    def prepare(self) -> None:
        last = self.complaint.gradings.order_by("-at", "-pk").first()
        for name in NAMES if last else ():
            self.initial.setdefault(name, str(getattr(last, name)))
        if last and last.facts.get("repeat_after_capa"):
            self.initial.setdefault("repeat_after_capa", True)
        self.open_with(proposal_for(self.complaint, self.now))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        triage = Triage(
            **self.scores(), owner=None, department=None, repeat_after_capa=said["repeat_after_capa"],
            grade=said["grade"], override_reason=said["override_reason"],
        )  # fmt: skip
        return {"triage": triage, "reason": said["reason"], "at": said.get("at")}


def proposal_for(complaint: Any, now: datetime) -> grade_facts.Proposal:
    """Return what the case proposes by the rules of today."""
    rules = grade_rules.table_of(grade_rules.in_force(company_date(now)))
    return grade_facts.propose(complaint, at=now, rules=rules)


# A table of rules -----------------------------------------------------------------------------------------------------

FLOOR_WORDS = {
    "O1": _("Somebody was hurt, or an authority must be told"),
    "O2": _("Danger to people or property"),
    "O3": _("A site or line stands still"),
    "O4": _("Came back after a closed corrective action, consequence 1–2"),
    "O4_SERIOUS": _("Came back after a closed corrective action, consequence 3–5"),
    "O5": _("The loan’s cover is forecast below lock-up"),
    "O5_DEFAULT": _("The loan’s cover is forecast below default"),
    "C5": _("Impact on customer and project 5"),
}
MAY_GRADE = (Role.QE, Role.CSL, Role.QM, Role.EXE)
LIFTS = [*((n, str(n)) for n in range(2, 6)), (6, _("none lifts it"))]


def bound(label: Any) -> forms.IntegerField:
    """Return the field of the lowest score of a grade."""
    return forms.IntegerField(label=label, min_value=1, max_value=grading.HIGHEST)


def who(label: Any, roles: tuple[Role, ...]) -> forms.MultipleChoiceField:
    """Return the field of the roles that may differ from the computed grade in one direction."""
    choices = [(role.value, role.label) for role in roles]
    return forms.MultipleChoiceField(label=label, choices=choices, widget=forms.CheckboxSelectMultiple)


class RulesForm(forms.Form):
    """One table; `rules` after it is valid."""

    g1_from = bound(_("G1 from a score of"))
    g2_from = bound(_("G2 from a score of"))
    g3_from = bound(_("G3 from a score of"))
    lift_from = forms.TypedChoiceField(
        label=_("Lifted by one grade from a customer impact of"), choices=LIFTS, coerce=int
    )
    upward = who(_("Who may set a graver grade"), MAY_GRADE)
    downward = who(_("Who may set a lower grade"), (Role.QM, Role.EXE))
    below_floor = who(_("Who, with Legal’s sign-off, may go below a floor"), (Role.EXE, Role.DIRECTOR, Role.GM))
    effective_from = day(_("In force from"))
    note = prose(_("What is changed, and why"), rows=2)

    def __init__(self, *args: Any, rules: grading.Rules, on: date, trial: bool = False, **options: Any) -> None:
        table = {name: value for name, value in rules.plain().items() if name != "floors"}
        super().__init__(*args, initial={**table, **rules.floors, "effective_from": on}, **options)
        for name, said in FLOOR_WORDS.items():
            choices = [("G1", "G1")] if name == "O1" else [*((g, g) for g in grading.ORDER[:3]), ("", _("no floor"))]
            self.fields[name] = forms.ChoiceField(label=said, choices=choices, required=name == "O1")
        for name in ("note", "effective_from") if trial else ():  # what would change hangs on neither
            self.fields[name].required, self.fields[name].wanted = False, True

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        bands = grading.bands_at_fault(said["g1_from"], said["g2_from"], said["g3_from"])
        for name, code in bands:
            self.add_error(name, say(reason(code)))
        return said

    @property
    def rules(self) -> grading.Rules:
        """Return the table that was typed."""
        said = self.cleaned_data
        floors = {name: said[name] for name in grading.FLOORS}
        roles = {name: tuple(sorted({*said[name]})) for name in grading.PEOPLE}
        plain = {name: said[name] for name in ("g1_from", "g2_from", "g3_from", "lift_from")}
        return grading.Rules(**plain, floors=floors, **roles)

    @property
    def bands(self) -> list[forms.BoundField]:
        return [self[name] for name in ("g1_from", "g2_from", "g3_from", "lift_from")]

    @property
    def floors(self) -> list[forms.BoundField]:
        return [self[name] for name in grading.FLOORS]

    @property
    def people(self) -> list[forms.BoundField]:
        return [self[name] for name in grading.PEOPLE]
