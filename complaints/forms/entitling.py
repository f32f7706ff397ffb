"""The forms of the entitlement: facts that only the contract asks for, the assessment, a disputed verdict."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from complaints import assessing, entitling, policies
from complaints import entitling_words as said
from complaints.forms.base import ActForm, Section, day, empty_money, line, prose
from complaints.forms.entitlement import field_of, read_value
from complaints.models import Complaint, EntitlementAssessment, VerdictDispute
from complaints.timeline import either, listed
from contracts import entitlement_words as words
from contracts.clauses.asking import Amount, Named, Spans
from contracts.clauses.case import CaseFacts
from contracts.clauses.choices import Head, Upper
from contracts.clauses.kinds import Bad, Many
from contracts.clauses.liquidated import Breach
from contracts.clauses.rulings import gate_name, head_name
from contracts.clauses.terms import Rows
from contracts.fields import MoneyFormField

GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Days"), ("delivered_on", "installed_on", "commissioned_on", "accepted_on", "first_used_on", "notified_on")),
    (_("The defect"), ("defect", "nonconforming", "measurements", "usage", "seller_knew")),
    (_("Prices and losses"), ("affected_price", "unit_price", "value_conforming", "value_delivered", "deviation",
                              "losses", "avoidable", "same_loss", "breaches")),
    (_("Remedies so far"), ("failed_repairs", "failed", "repaired_on", "replaced_on", "fundamental_breach",
                            "repair_reasonable")),
    (_("Delay"), ("due_on", "commissioning_due_on", "repair_due_on", "delayed_price", "force_majeure",
                  "fm_notified")),
    (_("Liability"), ("gross_negligence", "intent", "seller_silent")),
    (_("Payments"), ("already_paid", "unpaid_price", "earnest_paid", "third_party_repair",
                     "seller_failed_to_repair", "open_issue_impairs_use")),
    (_("Limitation of action"), ("known_on", "demanded_on", "admitted_on")),
)  # fmt: skip
STATED = tuple(name for _title, names in GROUPS for name in names)
MEASURED = ("characteristic", "value", "unit", "U")
MEASURED_HINT = _("One a line: characteristic; value; unit; expanded uncertainty U. Leave U away if it is not known.")
CODES: dict[str, type[Upper]] = {"losses": Head, "breaches": Breach}  # what may stand before the number, in words
KIND_HINTS = {
    "losses": _("One a line, its kind and its sum. Kinds: %(kinds)s."),
    "breaches": _("One a line, its kind and how often. Kinds: %(kinds)s."),
}
PRICES = ("affected_price", "unit_price", "delayed_price")


class StateFactsForm(ActForm):
    """Every fact that only the contract asks for; what is emptied is taken back."""

    wanted = ("source",)
    fact = forms.CharField(widget=forms.HiddenInput, required=False)  # the only one that is asked; empty: all
    source = line(_("Where it stands"), required=False, hint=_("Delivery note, protocol, letter, test report …"))
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def prepare(self) -> None:
        asks = CaseFacts.asks()
        newest = entitling.newest_sheet(self.complaint)
        sheet = newest.facts if newest else {}
        self.initial.setdefault("expected", newest.number if newest else 0)
        only = str((self.data if self.is_bound else self.initial).get("fact", ""))
        for name in [only] if only in STATED else STATED:
            field: Any = field_of(name, asks)
            field.initial = None
            self._explain(name, field, asks[name].metadata["kind"])
            self.fields[name] = field
            if name in sheet:
                self.initial.setdefault(name, _shown(name, sheet[name]["value"]))
        if only in STATED:
            self.beyond = {"url": "?", "label": _("Show all facts for the contract")}
        self.sections = (*(Section(title, (), title, names) for title, names in GROUPS), Section("", ("source",)))

    def _explain(self, name: str, field: Any, kind: Any) -> None:
        """Say how a fact is written: its form as an example in the field, its unit or basis under it."""
        if isinstance(kind, Rows):
            field.help_text = MEASURED_HINT
        if name in CODES:
            field.help_text = KIND_HINTS[name] % {"kinds": _kinds(name)}
        if example := said.example_of(kind):
            field.widget.attrs["placeholder"] = example
        contract = self.complaint.contract
        if contract is None:
            return
        if isinstance(kind, Amount):
            field.label = f"{field.label}, {contract.currency}"
        if name in PRICES:
            field.help_text = said.price_hint(contract)

    def grouped(self) -> list[dict[str, Any]]:
        """Return one fold for each group of facts; open are those with a value, or with the fact asked for."""
        groups = []
        for title, names in GROUPS:
            fields = [self[name] for name in names if name in self.fields]
            if self.beyond:
                groups.append({"title": "", "fields": fields, "fold": "", "more": [], "known": [], "open": False})
                continue
            filled = any(field.value() not in (None, "", False, []) for field in fields)
            opened = filled or any(field.errors for field in fields)
            groups.append({"title": "", "fields": [], "fold": title, "more": fields, "known": [], "open": opened})
        source = {"title": _("Source"), "fields": [self["source"]], "fold": "", "more": [], "known": [], "open": False}
        return [*groups, source]

    def version_now(self, complaint: Complaint) -> int | None:
        newest = entitling.newest_sheet(complaint)
        return newest.number if newest else 0

    def show_kept(self, complaint: Complaint) -> None:
        """Say beside each fact that differs what is stated now; sent again, the form answers to that sheet."""
        newest = entitling.newest_sheet(complaint)
        sheet = newest.facts if newest else {}
        for name in (name for name in STATED if name in self.data and name in self.fields):
            kept = _shown(name, sheet[name]["value"]) if name in sheet else None
            if self.fields[name].has_changed(kept, self.fields[name].widget.value_from_datadict(self.data, {}, name)):
                self.add_error(name, gettext("Kept now: %(kept)s") % {"kept": _told(name, sheet)})
        again: Any = self.data.copy()
        again["expected"] = newest.number if newest else 0
        self.data = again

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        found.pop("fact", None)
        facts = {}
        for name in STATED:
            value = found.pop(name, None)
            if name in self.data and name in self.fields and name not in self.errors:
                facts[name] = self._read(name, value)
        return {**found, "facts": facts}

    def _read(self, name: str, value: Any) -> Any:
        """Return a field's text as JSON holds the fact in its one spelling; None for nothing."""
        item = CaseFacts.asks()[name]
        kind = item.metadata["kind"]
        if isinstance(kind, Rows) and (wide := _too_wide(value)):
            sentence = gettext("Row %(row)s has more than %(most)s cells. Write one measurement a line.")
            self.add_error(name, sentence % {"row": wide, "most": len(MEASURED)})
            return None
        raw: Any = _measurements(value) if isinstance(kind, Rows) else read_value(item, value)
        if raw in (None, "", []):
            return None
        codes = [row[0] for row in raw] if name in CODES and not isinstance(raw, str | dict) else []
        if (strange := next((code for code in codes if code not in CODES[name].__members__), None)) is not None:
            sentence = gettext("“%(text)s” is none of the kinds: %(kinds)s.")
            self.add_error(name, sentence % {"text": strange, "kinds": _kinds(name)})
            return None
        try:
            return kind.write(kind.read(raw))
        except Bad as bad:
            for problem in bad.problems:
                path = type(problem)(f"{name}.{problem.field}".rstrip("."), problem.code, problem.params)
                self.add_error(name, words.say_problem(path))
        return None


def _kinds(name: str) -> str:
    """Return the kinds of loss or breach in words."""
    return gettext(", ").join(words.choice(code) for code in CODES[name])


def _cells(text: str) -> list[list[str]]:
    return [[part.strip() for part in row.replace("；", ";").split(";")] for row in text.splitlines() if row.strip()]


def _too_wide(text: str) -> int | None:
    """Return the number of the first row with more cells than a measurement has; empty ones at its end do not count."""
    rows = enumerate(_cells(text), 1)
    return next((n for n, row in rows if any(row[len(MEASURED) :])), None)


def _measurements(text: str) -> list[dict[str, str]]:
    return [{name: part for name, part in zip(MEASURED, row, strict=False) if part} for row in _cells(text)]


def _told(name: str, sheet: dict[str, Any]) -> str:
    """Return what is stated of a fact, in words."""
    return said.value_of(name, sheet[name]["value"]) if name in sheet else gettext("nothing")


def _shown(name: str, value: Any) -> Any:
    """Return a fact as its field shows it: lists by line, codes in the reader's words."""
    match CaseFacts.asks()[name].metadata["kind"]:
        case Rows():
            rows = [[str(row.get(part, "")) for part in MEASURED] for row in value]
            return "\n".join("; ".join(row).rstrip("; ") for row in rows)
        case Named():
            return "\n".join(f"{words.choice(code)} {number}" for code, number in value)
        case Spans():
            return "\n".join(" ".join(span) for span in value)
        case Many():
            return "\n".join(words.choice(code) for code in value)
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class AssessForm(ActForm):
    """Nothing but the day of the contract, if another than that of the delivery counts, and a remark."""

    as_of = day(
        _("As of"), required=False,
        hint=_("Empty: the day of the delivery, or while that is not known, the day on which the fault was found."),
    )  # fmt: skip
    remark = prose(_("Remark"), required=False, rows=2)


class LookForm(ActForm):
    assessment = forms.ModelChoiceField(
        label=_("Assessment"), queryset=EntitlementAssessment.objects.none(), required=False, empty_label=None
    )
    said = prose(_("What Legal has to say of it"))

    def prepare(self) -> None:
        rows = self.complaint.entitlements.filter(cycle=self.complaint.cycle, look=None).asking_for_a_lawyer()
        field: Any = self.fields["assessment"]
        field.queryset = rows.defer("record").order_by("-number")
        field.label_from_instance = said.assessment_choice
        first = field.queryset.first()
        self.initial.setdefault("assessment", first and first.pk)

    def clean_assessment(self) -> EntitlementAssessment | None:
        """Return the assessment named, or the newest that asks."""
        return self.cleaned_data["assessment"] or self.fields["assessment"].queryset.first()


class DisputeVerdictForm(ActForm):
    """Which verdict, which one it should be, and why."""

    what = forms.ChoiceField(label=_("Verdict on"))
    verdict = forms.ChoiceField(
        label=_("It should be"),
        choices=[
            ("YES", _("Applies or met, in favour of the customer")),
            ("NO", _("Does not apply or missed, against the customer")),
        ],
        widget=forms.RadioSelect,
    )
    amount = MoneyFormField(
        label=_("Amount"), required=False, help_text=_("Only of a sum: what it should be instead of what is reckoned.")
    )
    side = forms.ChoiceField(
        label=_("Whose view"), choices=VerdictDispute.Side.choices, initial=VerdictDispute.Side.OURS
    )
    because = prose(_("Why"))

    def prepare(self) -> None:
        self.above = decided_by(self.user)
        self.fields["what"].choices = _disputable(self)
        self.initial.setdefault("amount", empty_money(self.complaint))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        verdict = found.pop("verdict", None)
        if found.get("what") and verdict:
            of_gate = found["what"].startswith("gate ")
            yes, no = assessing.GATE_VERDICTS if of_gate else assessing.HEAD_VERDICTS
            found["wanted"] = yes if verdict == "YES" else no
            if (of_gate or verdict == "NO") and found.get("amount"):
                raise ValidationError({"amount": _("This verdict has no sum. Leave it empty.")})
        return found


def decided_by(disputing: User) -> str:
    """Return who decides what `disputing` disputes: the roles with the right and who else holds them."""
    roles = policies.roles_with("entitlement.decide")
    people = User.objects.staff().holding(*roles).exclude(pk=disputing.pk).order_by("name", "pk")
    named = either([role.label for role in Role if role in roles])
    return gettext("Decided by another person, with the role %(roles)s: %(names)s.") % {
        "roles": named, "names": listed([one.name for one in people]) or "–",
    }  # fmt: skip


def _disputable(form: ActForm) -> list[tuple[str, str]]:
    """Return the gates and heads of the case as they stand now, by name and in words."""
    gates, heads = entitling.disputable(form.complaint, at=form.now)
    return [
        *((gate_name(gate), said.gate_choice(gate)) for gate in gates),
        *((head_name(head.sum), said.head_choice(head)) for head in heads),
    ]


class DecideDisputeForm(ActForm):
    dispute = forms.ModelChoiceField(label=_("Dispute"), queryset=VerdictDispute.objects.none(), required=False)
    decision = forms.ChoiceField(label=_("Decision"), choices=VerdictDispute.Decision.choices, widget=forms.RadioSelect)
    answer = prose(_("Why"))

    def prepare(self) -> None:
        rows = VerdictDispute.objects.filter(complaint=self.complaint, cycle=self.complaint.cycle, decision="")
        self.fields["dispute"].queryset = rows.order_by("number")
        self.fields["dispute"].label_from_instance = said.dispute_choice  # type: ignore[attr-defined]
        first = rows.order_by("number").first()
        self.initial.setdefault("dispute", first and first.pk)

    def clean_dispute(self) -> VerdictDispute | None:
        """Return the dispute named, or the oldest that waits."""
        return self.cleaned_data["dispute"] or self.fields["dispute"].queryset.first()
