"""The form that every act's form is made from, and the fields they share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Case, OuterRef, QuerySet, When
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.absences import away_until
from accounts.fields import DayField, MomentField
from accounts.models import User
from accounts.roles import WORKERS
from complaints import policies

if TYPE_CHECKING:
    from complaints.models import Complaint


CHOOSE = _("Choose one")


def in_words(field: forms.BoundField) -> str:
    """Return a field's first value as a person reads it."""
    value = field.initial
    if isinstance(field.field, forms.ModelChoiceField):
        name = field.field.to_field_name or "pk"
        row = field.field.queryset.filter(**{name: value}).first()
        return field.field.label_from_instance(row) if row else str(value)
    if isinstance(field.field, forms.ChoiceField):
        labels = {str(code): str(label) for code, label in field.field.choices}
        said = value if isinstance(value, list | tuple) else [value]
        return ", ".join(labels.get(str(code), str(code)) for code in said)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True)
class Section:
    """
    Fields under a heading; `more` of them are folded under `fold`.

    With a fold that names no fields, those whose value the case knows already are folded, each with its value.
    """

    title: Any
    fields: tuple[str, ...]
    fold: Any = ""
    more: tuple[str, ...] = ()


class ActForm(forms.Form):
    """
    A form about one case, filled by one person at the moment `now`.

    `cleaned_data` holds exactly the verb's keyword arguments.
    """

    at = MomentField(
        label=_("When it happened"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Leave empty for now."),
    )
    folded: tuple[str, ...] = ("at",)  # fields shown only on demand
    wanted: tuple[str, ...] = ()  # fields that may stay empty for now, but are needed later
    above: Any = ""  # said above the fields
    beyond: dict[str, Any] | None = None  # {url, label} of the form with every field, where only some are asked
    sections: tuple[Section, ...] = ()  # headings for a long form; none: one block
    too_many: Any = ""  # said of it where it came with more fields than can be read
    body = ""  # the template of its fields, where a list of them is not enough
    button: Any = ""  # what its button says instead of the act's label
    previews = False  # True: a button shows first what was understood
    preview_label: Any = _("Show first what is read")
    wide = False  # True: it needs the whole width of the page
    names_errors = True  # the summary says the field's label before each message
    dated = True  # False: what is sent is sent now, and says so itself (ARCHITECTURE §5.4)

    def __init__(self, *args: Any, complaint: Complaint, user: User, now: datetime, **kwargs: Any) -> None:
        self.complaint, self.user, self.now = complaint, user, now
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        if not self.dated:
            del self.fields["at"]
        self.prepare()
        self._choose()
        for name in self.wanted:
            self.fields[name].wanted = True  # type: ignore[attr-defined]  # read by _field.html
        self.order_fields([name for name in self.fields if name != "at"] + ["at"])

    def _choose(self) -> None:
        """Begin each list from which something must be chosen without a choice, unless it is known or the only one."""
        for name, field in self.fields.items():
            if isinstance(field, PersonField | PeopleField):
                field.put_first(self.user)
            if isinstance(field, forms.ModelChoiceField):
                if not isinstance(field, forms.ModelMultipleChoiceField) and field.empty_label is not None:
                    field.empty_label = CHOOSE if field.required else "—"
            elif isinstance(field, forms.ChoiceField) and type(field.widget) is forms.Select and field.required:
                self._begin_empty(name, field)

    def _begin_empty(self, name: str, field: forms.ChoiceField) -> None:
        listed = [(code, label) for code, label in field.choices if code != ""]
        if len(listed) == 1:
            self.initial.setdefault(name, listed[0][0])
        elif self.initial.get(name, field.initial) in (None, ""):
            field.choices = [("", CHOOSE), *listed]

    def prepare(self) -> None:
        """Set choices and first values that depend on the case; overridden."""

    @classmethod
    def arranged(
        cls, said: Any, *, complaint: Complaint, user: User, now: datetime, files: Any = None
    ) -> ActForm | None:
        """Return the form as a button that only rearranges it shows it, with all that was typed; None: it is sent."""
        return None

    def version_now(self, complaint: Complaint) -> int | None:
        """Return the version of what the form answers to; None where it answers to none; overridden."""
        return None

    def is_stale(self, complaint: Complaint) -> bool:
        """Tell whether the form was drawn from another version than the one that stands now."""
        now, seen = self.version_now(complaint), str(self.data.get("expected", "")).strip()
        return now is not None and seen.isdecimal() and len(seen) < 10 and int(seen) != now

    def show_kept(self, complaint: Complaint) -> None:
        """Set what stands now beside what was typed, after somebody else changed the case meanwhile; overridden."""

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        if at and at > self.now:
            raise ValidationError(_("The moment lies in the future. Give one that has passed."), code="future")
        return at

    def main_fields(self) -> list[forms.BoundField]:
        """Return the fields to show at once."""
        return [field for field in self.visible_fields() if field.name not in self.folded]

    def grouped(self) -> list[dict[str, Any]]:
        """Return the sections with their bound fields, what is folded in each, and whether that is open."""
        groups = []
        for section in self.sections:
            there = [self[name] for name in section.fields if name in self.fields and not self[name].is_hidden]
            more = [self[name] for name in section.more if name in self.fields]
            if section.fold and not section.more:
                more = [field for field in there if field.initial not in (None, "", [])]
                there = [field for field in there if field not in more]
            known = [] if section.more else [{"name": field.label, "value": in_words(field)} for field in more]
            bad = any(field.errors for field in more)
            chosen = self.is_bound and any(field.value() for field in more if section.more)
            groups.append(
                {"title": section.title, "fields": there, "fold": section.fold, "more": more, "known": known,
                 "open": bad or chosen}
            )  # fmt: skip
        return groups

    def folded_fields(self) -> list[forms.BoundField]:
        """Return the fields to show on demand."""
        return [field for field in self.visible_fields() if field.name in self.folded]


class PersonField(forms.ModelChoiceField):
    """A colleague, chosen by name, sent as e-mail address."""

    me: int | None = None

    def __init__(self, **options: Any) -> None:
        options.setdefault("queryset", User.objects.none())
        options.setdefault("empty_label", "—")
        super().__init__(to_field_name="email", **options)

    def label_from_instance(self, obj: User) -> str:
        return _named(obj, self.me)

    def put_first(self, user: User) -> None:
        """List `user` first and as "me", if they are among those listed."""
        self.me, self.queryset = user.pk, _first(self.queryset, user)


class PeopleField(forms.ModelMultipleChoiceField):
    """Several colleagues."""

    me: int | None = None

    def __init__(self, **options: Any) -> None:
        options.setdefault("queryset", User.objects.none())
        options.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(to_field_name="email", **options)

    def label_from_instance(self, obj: User) -> str:
        return _named(obj, self.me)

    def put_first(self, user: User) -> None:
        """List `user` first and as "me", if they are among those listed."""
        self.me, self.queryset = user.pk, _first(self.queryset, user)


def _named(user: User, me: int | None) -> str:
    name = gettext("{name} (me)").format(name=user.name) if user.pk == me else user.name
    last_on = getattr(user, "away_until", None)
    day = date_format(last_on, "DATE_FORMAT") if last_on else ""
    return gettext("{name}, absent until {day}").format(name=name, day=day) if day else name


def _first(people: QuerySet[User], user: User) -> QuerySet[User]:
    people = people.annotate(away_until=away_until(OuterRef("pk")))
    return people.order_by(Case(When(pk=user.pk, then=0), default=1), "name", "pk")


class YesNoField(forms.TypedChoiceField):
    """A question that is answered yes or no: "1", "0" or a program's true and false; None where it is not answered."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.RadioSelect)
        choices = [("1", _("Yes")), ("0", _("No"))]
        super().__init__(choices=choices, coerce=lambda value: value == "1", empty_value=None, **options)

    def prepare_value(self, value: Any) -> Any:
        return self.to_python(value)

    def to_python(self, value: Any) -> Any:
        return {"true": "1", "false": "0"}.get(str(value).lower(), super().to_python(value))


def colleagues(permission: str = "") -> QuerySet[User]:
    """
    Return the people of our own company who can be named for something: whose role works on cases, or holds
    `permission`; administrators and auditors do not.
    """
    roles = policies.roles_with(permission) if permission else WORKERS
    return User.objects.staff().holding(*(roles & WORKERS)).order_by("name", "pk")


def currency_of(complaint: Complaint) -> str:
    """Return the currency that sums of this case are mostly in."""
    return complaint.contract.currency if complaint.contract else settings.COMPANY_CURRENCY


def empty_money(complaint: Complaint) -> list[str]:
    """Return the first value of a money field: no amount, the case's currency."""
    return ["", currency_of(complaint)]


def prose(label: Any, *, rows: int = 3, required: bool = True, hint: Any = "", **options: Any) -> forms.CharField:
    """Return a field for prose."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": rows}),
        **options,
    )


def line(label: Any, *, required: bool = True, hint: Any = "", most: int = 300) -> forms.CharField:
    """Return a field for one line."""
    return forms.CharField(label=label, required=required, help_text=hint, max_length=most)


def day(label: Any, *, required: bool = True, hint: Any = "") -> DayField:
    """Return a field for a date."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return DayField(label=label, required=required, help_text=hint, widget=widget)


def moment(label: Any, *, required: bool = True, hint: Any = "") -> MomentField:
    """Return a field for an instant, typed in the reader's zone."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return MomentField(label=label, required=required, help_text=hint, widget=widget)
