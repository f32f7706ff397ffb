"""The forms of measuring: a series pasted from a sheet, a lot by its sample, and the register of instruments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints import measuring, readings
from complaints.days import customer_date
from complaints.forms.base import ActForm, Section, day, line, prose
from complaints.gates import reason
from complaints.measuring import Limits
from complaints.models import Instrument, Measurement
from complaints.readings import Sheet
from complaints.words import say
from contracts.clauses import sampling
from contracts.fields import ExactDecimalFormField

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint

OWN, NONE = "own", "none"
SAID = 8  # faults told at the field; the preview shows all
LARGEST = 1_000_000  # bytes of a file
DECIMALS = [
    (readings.POINT, _("point: 4.9; a comma groups thousands or stands between cells")),
    (readings.COMMA, _("comma: 4,9; a point groups thousands")),
    (readings.BOTH, _("either, mixed; nothing groups thousands")),
]


def number(label: Any, **options: Any) -> ExactDecimalFormField:
    """Return a field for a number that may stay empty."""
    return ExactDecimalFormField(label=label, required=False, **options)


class MeasureForm(ActForm):
    """A series of readings; the limits are known from contract or product, or typed with where they stand."""

    wide = True
    previews = True

    limits = forms.ChoiceField(label=_("Characteristic and limits"))
    name = line(_("Characteristic"), required=False, most=200)
    unit = line(_("Unit"), required=False, most=20)
    lower = number(_("Lower limit"))
    upper = number(_("Upper limit"))
    nominal = number(_("Nominal value"))
    source = line(_("Where the limits stand"), required=False, hint=_("Drawing, standard or letter, with its version."))
    rule = forms.ChoiceField(label=_("Rule of the verdict"), choices=Measurement.Rule.choices, required=False)
    readings = forms.CharField(
        label=_("Readings"), required=False, strip=False, max_length=200_000,
        help_text=_("Paste from a sheet, one row a sample: its name first if it has one, then its values. Empty rows, "
                    "units and full-width digits are read."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "rows", "autofocus": True}),
    )  # fmt: skip
    file = forms.FileField(label=_("Or a CSV file"), required=False)
    decimals = forms.ChoiceField(
        label=_("The decimal mark is a"), required=False, choices=DECIMALS, widget=forms.RadioSelect,
        help_text=_("Only needed where a number could be read in two ways."),
    )  # fmt: skip
    instrument = forms.ModelChoiceField(
        label=_("Instrument"), queryset=Instrument.objects.none(), required=False, to_field_name="code"
    )
    measured_on = day(_("Measured on"))
    uncertainty = number(_("Expanded uncertainty U"), help_text=_("In the unit of the limits; k = 2."))
    method = line(_("Method"), required=False)
    operator = line(pgettext_lazy("who measured", "Measured by"), required=False, most=100)
    witness = line(_("Witness"), required=False, most=100)

    sections = (
        Section("", ("limits",), _("Limits of your own"),
                ("name", "unit", "lower", "upper", "nominal", "source", "rule")),
        Section(_("Readings"), ("decimals", "readings", "file")),
        Section(_("How it was measured"), ("instrument", "measured_on"), _("Uncertainty, method, people"),
                ("uncertainty", "method", "operator", "witness")),
    )  # fmt: skip

    def prepare(self) -> None:
        self.known = measuring.known_limits(self.complaint)
        told = [(key, _limits_words(limits)) for key, limits in self.known.items()]
        more = [(OWN, _("Limits of your own")), (NONE, _("No limits are agreed"))]
        self.fields["limits"].choices = [*told, *more]
        self.fields["limits"].wide = True  # type: ignore[attr-defined]
        self.fields["instrument"].queryset = Instrument.objects.order_by("code")
        self._begin_as_last_time()
        only = told[0][0] if len(told) == 1 else ""
        self.initial.setdefault("limits", only if told else OWN)  # of several none is guessed
        if not self.initial["limits"]:
            del self.fields["readings"].widget.attrs["autofocus"]
            self.fields["limits"].widget.attrs["autofocus"] = True
        self.initial.setdefault("measured_on", customer_date(self.complaint, self.now))
        self.sheet: Sheet | None = None
        self.chosen: Limits | None = None

    def _begin_as_last_time(self) -> None:
        """Begin with what was measured last on this case, and how: mostly the same is measured again."""
        rows = self.complaint.measurements.filter(cycle=self.complaint.cycle, withdrawn_at=None)
        last = rows.select_related("instrument").order_by("-number").first()
        same = (key for key, known in self.known.items() if last and (known.name, known.unit) == (last.name, last.unit))
        if last is None or (key := next(same, "")) == "":
            return
        self.initial.setdefault("limits", key)
        self.initial.setdefault("uncertainty", last.uncertainty)
        self.initial.setdefault("instrument", last.instrument.code if last.instrument else None)

    @classmethod
    def arranged(
        cls, said: Any, *, complaint: Complaint, user: User, now: datetime, files: Any = None
    ) -> ActForm | None:
        """Return the form with its preview: what was read, and what each value means."""
        if said.get("op") != "preview":
            return None
        upload = files.get("file") if files else None
        if upload and upload.size <= LARGEST:  # a file cannot be shown again, its text can
            said = said.copy()
            said["readings"], files = _decoded(upload.read()), None
        form = cls(said, files, complaint=complaint, user=user, now=now)
        form.is_valid()
        return form

    def grouped(self) -> list[dict[str, Any]]:
        """Open the fields for own limits where these are chosen, and the uncertainty where it is known from before."""
        groups = super().grouped()
        groups[0]["open"] = self["limits"].value() in (OWN, NONE)
        groups[2]["open"] = groups[2]["open"] or self["uncertainty"].value() not in (None, "")
        return groups

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        limits = self._limits(said)
        text = self._text(said)
        if limits is None or not limits.unit:
            return said
        self.chosen = limits
        self.sheet = readings.read(text, limits.unit, said.get("decimals") or "")
        for fault in self.sheet.faults[:SAID]:
            field = "decimals" if fault.code == "readings_comma" else "readings"
            self.add_error(field, ValidationError(say(reason(fault.code, **fault.params)), code=fault.code))
        if len(self.sheet.faults) > SAID:
            words = gettext("And {n} more rows cannot be read; the preview shows all.")
            self.add_error("readings", ValidationError(words.format(n=len(self.sheet.faults) - SAID), code="more"))
        named = ("instrument", "measured_on", "uncertainty", "method", "operator", "witness", "at")
        return {**{name: said.get(name) for name in named}, "limits": limits, "readings": list(self.sheet.reads)}

    def _text(self, said: dict[str, Any]) -> str:
        upload = said.get("file")
        if not upload:
            return str(said.get("readings") or "")
        if upload.size > LARGEST:
            self.add_error(
                "file", ValidationError(gettext("The file is larger than 1 MB. Paste the readings."), code="large")
            )
            return ""
        return _decoded(upload.read())

    def _limits(self, said: dict[str, Any]) -> Limits | None:
        key = said.get("limits", "")
        if key in self.known:
            return self.known[key]
        if key not in (OWN, NONE):
            return None
        for name in ("name", "unit"):
            if not said.get(name):
                self.add_error(
                    name, ValidationError(gettext("Needed where the limits are not known."), code="required")
                )
        if key == NONE:
            return Limits(said.get("name", ""), said.get("unit", ""), said.get("nominal"))
        if said.get("lower") is None and said.get("upper") is None and not self.errors.keys() & {"lower", "upper"}:
            words = gettext("Enter a lower or an upper limit, or choose that none is agreed.")
            self.add_error("lower", ValidationError(words, code="required"))
        return Limits(
            said.get("name", ""), said.get("unit", ""), said.get("nominal"), said.get("lower"), said.get("upper"),
            rule=said.get("rule") or "SIMPLE", source=said.get("source", ""),
        )  # fmt: skip


def _decoded(data: bytes) -> str:
    """Return the text of a file in UTF-8, or as Chinese spreadsheets write it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def _limits_words(limits: Limits) -> str:
    return f"{limits.name} {span_words(limits.lower, limits.upper)} {limits.unit} · {limits.source}".strip(" ·")


def span_words(lower: Decimal | None, upper: Decimal | None) -> str:
    """Return limits as people write them: "≤ 4.5", "2 … 4"."""
    if lower is not None and upper is not None:
        return f"{lower:f} … {upper:f}"
    return f"≤ {upper:f}" if upper is not None else f"≥ {lower:f}" if lower is not None else ""


class WithdrawMeasurementForm(ActForm):
    series = forms.ModelChoiceField(label=_("Measurement"), queryset=Measurement.objects.none())
    why = prose(_("Why it does not hold"), rows=2)

    def prepare(self) -> None:
        standing = self.complaint.measurements.filter(cycle=self.complaint.cycle, withdrawn_at=None)
        self.fields["series"].queryset = standing.order_by("number")


class SampleForm(ActForm):
    """A lot and what its sample showed; the plan follows from size, level and AQL."""

    what = line(_("Lot and what was looked for"), most=200)
    lot_size = forms.IntegerField(label=_("Lot size"), min_value=2, max_value=1_000_000_000)
    level = forms.ChoiceField(label=_("Inspection level"), choices=[(one.value, one.value) for one in sampling.Level])
    aql = forms.ChoiceField(label=_("AQL"))
    severity = forms.ChoiceField(
        label=_("Severity of inspection"),
        choices=[("NORMAL", _("Normal")), ("TIGHTENED", _("Tightened"))], required=False,
    )  # fmt: skip
    found = forms.IntegerField(label=_("Bad units found"), min_value=0, max_value=1_000_000_000)
    inspected = forms.IntegerField(
        label=_("Units inspected"), min_value=1, max_value=1_000_000_000, required=False,
        help_text=_("Leave empty for the sample of the plan."),
    )  # fmt: skip
    inspected_on = day(_("Inspected on"))

    def prepare(self) -> None:
        self.fields["aql"].choices = [(one, one) for one in sampling.aqls()]
        self.initial.setdefault("level", "II")
        self.initial.setdefault("aql", "1.0")
        self.initial.setdefault("inspected_on", customer_date(self.complaint, self.now))

    def clean_aql(self) -> Decimal:
        return Decimal(self.cleaned_data["aql"])

    def clean_severity(self) -> str:
        return self.cleaned_data["severity"] or "NORMAL"


class InstrumentForm(forms.Form):
    code = line(_("Code"), most=40)
    name = line(_("Name"), most=200)
    name_zh = line(_("Chinese name"), required=False, most=200)


class CalibrationForm(forms.Form):
    instrument = forms.ModelChoiceField(label=_("Instrument"), queryset=Instrument.objects.none(), to_field_name="code")
    done_on = day(_("Calibrated on"))
    due_on = day(_("Valid until"))
    certificate = line(_("Certificate"), required=False, most=100)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["instrument"].queryset = Instrument.objects.order_by("code")
        self.initial.setdefault("done_on", today)
