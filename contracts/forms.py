"""Forms: the paper of a clause, its terms on a form made for the type, and the next version of a contract."""

from dataclasses import MISSING
from datetime import date
from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazystr
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contracts import lastday_words
from contracts.amounts import Money
from contracts.clauses import TERMS, Terms, TermsError
from contracts.clauses.kinds import Bad, Choice, Day, Kind, Many, Sum, Text, Whole, YesNo
from contracts.clauses.lastdays import Happened
from contracts.clauses.terms import Rows, is_empty, within
from contracts.currencies import COMMON
from contracts.fields import MoneyWidget
from contracts.lastday_words import EVENTS
from contracts.models import Clause, ContractVersion
from contracts.paperfile.nodes import MOST_BYTES
from contracts.words import CHOICES, label, say

SPARE_ROWS = 3  # empty rows below those that are filled


class PaperForm(forms.ModelForm):
    """What stands on the paper: number, headings, page, and the text as signed."""

    class Meta:
        model = Clause
        fields = ["number", "page", "heading", "heading_zh", "language", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 10})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].help_text = _("Exactly as signed, in its own language.")

    def clean(self) -> dict[str, Any] | None:
        """Refuse a second clause of the same number and type in the version."""
        others = Clause.objects.filter(version=self.instance.version, type=self.instance.type).exclude(
            pk=self.instance.pk
        )
        if others.filter(number=self.cleaned_data.get("number", "")).exists():
            self.add_error(
                "number", _("This version has a clause of that number and type. Open it, or correct the number.")
            )
        return self.cleaned_data


class RawField(forms.Field):
    """Hands on what was typed; the terms themselves judge it. `required` only draws the mark."""

    def clean(self, value: Any) -> Any:
        return value


class TermsForm(forms.Form):
    """The terms of one clause type, drawn from their declaration; judged by `Terms.from_data` alone."""

    use_required_attribute = False

    def __init__(self, terms_class: type[Terms], data: Any = None, *, kept: dict[str, Any], currency: str) -> None:
        super().__init__(data, prefix="terms")
        self.terms_class, self.kept, self.currency = terms_class, kept, currency
        self.terms: Terms | None = None
        self._draw(terms_class, "", kept)

    def clean(self) -> dict[str, Any]:
        """Read the terms; each problem is said at the field that it is about."""
        try:
            self.terms = self.terms_class.from_data(self._typed(self.terms_class, ""))
        except TermsError as error:
            for problem in error.problems:
                self.add_error(self._field_of(problem.field), say(problem))
        return self.cleaned_data

    def blocks(self) -> list[dict[str, Any]]:
        """Return what the page draws, in order: {"field"}, or {"label", "heads", "rows"} of fields."""
        return [
            self._rows_block(name, item.metadata["kind"])
            if isinstance(item.metadata["kind"], Rows)
            else {"field": self[name]}
            for name, item in self.terms_class.asks().items()
        ]

    def _draw(self, terms_class: type[Terms], path: str, data: dict[str, Any]) -> None:
        """Add the fields of a class of terms, those of rows under their path."""
        for name, item in terms_class.asks().items():
            kind = item.metadata["kind"]
            if isinstance(kind, Rows):
                self._draw_rows(kind, path + name, data.get(name) or [])
                continue
            field = _field_for(kind, self.currency)
            field.label, field.required = lazystr(label(name)), _must(item) and not path
            field.initial = _shown_in_form(kind, data.get(name))
            self.fields[path + name] = field

    def _draw_rows(self, kind: Rows, path: str, rows: list[dict[str, Any]]) -> None:
        for place in range(self._row_count(path, rows)):
            self._draw(kind.row, f"{path}.{place}.", rows[place] if place < len(rows) else {})

    def _row_count(self, path: str, rows: list[dict[str, Any]]) -> int:
        """Return how many rows to draw: those filled or sent, and a few spare ones."""
        sent = {
            int(place)
            for name in self.data
            if name.startswith(f"{self.prefix}-{path}.")
            and (place := name.removeprefix(f"{self.prefix}-{path}.").split(".")[0]).isdecimal()
        }
        if self.is_bound:
            return min(max(sent, default=-1) + 1, 60)
        return len(rows) + SPARE_ROWS

    def _typed(self, terms_class: type[Terms], path: str) -> dict[str, Any]:
        """Return what was typed as raw data for the terms, rows without any entry left out."""
        data: dict[str, Any] = {}
        for name, item in terms_class.asks().items():
            kind = item.metadata["kind"]
            data[name] = (
                self._typed_rows(kind, path + name) if isinstance(kind, Rows) else self._typed_value(path + name)
            )
        return data

    def _typed_rows(self, kind: Rows, path: str) -> list[dict[str, Any]]:
        rows = [self._typed(kind.row, f"{path}.{place}.") for place in range(self._row_count(path, []))]
        return [row for row in rows if not all(is_empty(value) for value in row.values())]

    def _typed_value(self, path: str) -> Any:
        value = self.cleaned_data.get(path)
        if isinstance(self.fields[path].widget, MoneyWidget):
            amount, currency = value or ["", ""]
            return {"amount": amount or "", "currency": currency or ""}
        if isinstance(self.fields[path].widget, OrderedChoices):
            return [item for item in value if item]
        return value

    def _field_of(self, path: str) -> str | None:
        """Return the drawn field of a problem; a problem of all rows stands at the first of them."""
        if path in self.fields:
            return path
        return next((name for name in self.fields if path and name.startswith(f"{path}.")), None)

    def _rows_block(self, name: str, kind: Rows) -> dict[str, Any]:
        rows = [
            [self[path] for path in self.fields if path.startswith(f"{name}.{place}.")]
            for place in range(self._row_count(name, self.kept.get(name) or []))
        ]
        heads = [label(part) for part in kind.row.asks()]
        return {"label": label(name), "rows": rows, "heads": heads}


class OrderedChoices(forms.MultiWidget):
    """Several choices in their order: one list after another."""

    use_fieldset = False

    def __init__(self, choices: list[tuple[str, Any]]) -> None:
        super().__init__([forms.Select(attrs={"class": "ctl"}, choices=[("", "—"), *choices]) for _place in choices])

    def decompress(self, value: list[str] | None) -> list[str]:
        return list(value or [])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["subwidgets"] = [
            part | {"attrs": part["attrs"] | {"aria-label": place}}
            for place, part in enumerate(context["widget"]["subwidgets"], start=1)
        ]
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        parts = super().render(name, value, attrs, renderer)
        return format_html('<span class="orderlist" id="{}">{}</span>', (attrs or {}).get("id", name), parts)


def _must(item: Any) -> bool:
    """Return whether the field is always asked for."""
    return item.default is MISSING


def _field_for(kind: Kind, currency: str) -> RawField:
    """Return the field in which a kind of term is typed or chosen."""
    match kind:
        case Choice():
            widget: forms.Widget = forms.Select(choices=[("", "—"), *_choices(kind.options)])
        case YesNo():
            widget = forms.Select(choices=[("", "—"), ("yes", _("yes")), ("no", _("no"))])
        case Many() if kind.ordered:
            widget = OrderedChoices(_choices(kind.options))
        case Many():
            widget = forms.CheckboxSelectMultiple(choices=_choices(kind.options))
        case Sum():
            widget = MoneyWidget(tuple(dict.fromkeys([currency, *COMMON])))
        case Day():
            widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        case Text():
            widget = forms.Textarea(attrs={"rows": 3}) if kind.most > 300 else forms.TextInput()
        case Whole():
            widget = forms.TextInput(attrs={"inputmode": "numeric"})
        case _:
            widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return RawField(widget=widget)


def _choices(options: type[StrEnum]) -> list[tuple[str, Any]]:
    return [(option.value, CHOICES[option.value]) for option in options]


def _shown_in_form(kind: Kind, value: Any) -> Any:
    """Return stored data as its widget shows it."""
    if isinstance(kind, YesNo) and value is not None:
        return "yes" if value else "no"
    if isinstance(kind, Sum) and value:
        return Money(Sum().read(value).amount, value["currency"])
    return value


def terms_form(clause: Clause, currency: str, data: Any = None) -> TermsForm:
    """Return the form for the terms of the clause's type, filled with those that it has."""
    return TermsForm(TERMS[clause.type], data, kept=clause.terms or {}, currency=currency)


class AmendForm(forms.Form):
    """The next version of a contract, in which one clause or more may be changed."""

    effective_from = forms.DateField(
        label=_("Effective from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    note = forms.CharField(
        label=_("What changes, and on what basis"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, version: ContractVersion, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.version = version

    def clean_effective_from(self) -> Any:
        day = self.cleaned_data["effective_from"]
        if day <= self.version.effective_from:
            raise ValidationError(
                _("Enter a day after %(day)s, on which the present version began."),
                params={"day": self.version.effective_from},
            )
        return day


class NewVersionForm(AmendForm):
    """The next version of a contract, with the clauses that change in it."""

    reopening = forms.MultipleChoiceField(
        label=_("Clauses that change"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, version: ContractVersion, clauses: list[Clause], *args: Any, **options: Any) -> None:
        super().__init__(version, *args, **options)
        self.fields["reopening"].choices = [(str(clause.pk), str(clause)) for clause in clauses]
        self.fields["reopening"].help_text = _(
            "Their copies can be changed and need a new check. All others are taken over with their check."
        )

    def clean_reopening(self) -> set[int]:
        return {int(pk) for pk in self.cleaned_data["reopening"]}


class DaysForm(forms.Form):
    """On which days things happened, for the periods of a contract; judged by `Happened.from_data` alone."""

    use_required_attribute = False

    def __init__(self, names: list[str], data: Any = None, *, initial: dict[str, Any], today: date) -> None:
        super().__init__(data, initial=initial | {"as_of": today})
        self.names, self.today = names, today
        self.happened: Happened | None = None
        self.as_of = today
        for name in [*names, "as_of"]:
            day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            self.fields[name] = RawField(widget=day, label=EVENTS[name], required=False)

    def clean(self) -> dict[str, Any]:
        """Read the days; each problem is said at its field. Without a day to count to, it is today."""
        said = {name: self.cleaned_data.get(name) for name in self.names}
        try:
            self.happened = Happened.from_data(said)
        except TermsError as error:
            for problem in error.problems:
                self.add_error(problem.field, lastday_words.say_problem(problem))
        self._read_as_of(self.cleaned_data.get("as_of"))
        return self.cleaned_data

    def _read_as_of(self, raw: Any) -> None:
        try:
            self.as_of = self.today if is_empty(raw) else Day().read(raw)
        except Bad as bad:
            for problem in bad.problems:
                self.add_error("as_of", lastday_words.say_problem(within("as_of", problem)))


class ImportForm(forms.Form):
    """A contract as a file, or as text that can be mended on the page."""

    file = forms.FileField(
        label=_("File"), required=False, help_text=_("YAML or JSON, at most 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.json"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or its text"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "mono", "spellcheck": "false"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Give what is to be read as `content`: a file counts before the text."""
        said = self.cleaned_data
        if file := said.get("file"):
            said["content"] = file.read(MOST_BYTES + 1)
        elif said.get("text", "").strip():
            said["content"] = said["text"].replace("\r\n", "\n").encode("utf-8", "surrogatepass")
        elif not self.errors:
            raise ValidationError(_("Choose a file, or paste its text."))
        return said
