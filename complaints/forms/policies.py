"""Forms of clock targets: whose and which, the targets of each grade, and what is supposed of a complaint."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.foresight import BUSINESS, CALENDAR, DATE, Target
from complaints.forms.base import day
from complaints.forms.intake import PickField, customers
from complaints.models.states import Grade, Metric
from complaints.policing import GRADES, Plan, Scope, in_force, managed, target_of
from complaints.policy_words import grade_words
from contracts.models import Contract

HOUR = 60
YEARS = 10  # from now, for a complaint that is supposed
UNITS: dict[str, tuple[str, int, str, Promise]] = {  # code → basis, minutes of one, unit of days, words
    "h": (CALENDAR, HOUR, "", _("hours, day and night")),
    "m": (CALENDAR, 1, "", _("minutes, day and night")),
    "wh": (BUSINESS, HOUR, "", _("working hours")),
    "wm": (BUSINESS, 1, "", _("working minutes")),
    "d": (DATE, 0, "day", _("days")),
    "wd": (DATE, 0, "workday", _("working days")),
}
NO_CONTRACT = _("There is no contract “%(number)s”. Give its number as it stands on the list of contracts.")
NO_CUSTOMER = _("This customer is not known. Choose one from the list.")


class ContractField(forms.CharField):
    """A contract by its number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Contract number"), required=False, max_length=60, **options)

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if not number:
            return None
        found = Contract.objects.select_related("customer").filter(number__iexact=number).first()
        if found is None:
            raise ValidationError(NO_CONTRACT, code="unknown", params={"number": number})
        return found


class PlainForm(forms.Form):
    """A form whose labels stand alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, PickField):
                field.offer(name)
                if isinstance(field.widget, forms.Select):  # none of them is a choice too
                    field.widget.choices = [("", "—"), *list(field.widget.choices)[1:]]


class ScopeForm(PlainForm):
    """Whose targets: with neither, everybody's. After is_valid(): `scope`."""

    customer = PickField(
        label=_("Customer"), rows=customers, lookup=reverse_lazy("lookup_customers"), unknown=NO_CUSTOMER,
        required=False,
    )  # fmt: skip
    contract = ContractField()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("customer") and said.get("contract"):
            self.add_error("contract", _("Name a customer or a contract, not both."))
        return said

    @property
    def scope(self) -> Scope:
        return Scope(self.cleaned_data.get("customer"), self.cleaned_data.get("contract"))


class OwnForm(ScopeForm):
    """Which clock of which customer or contract is to have targets of its own."""

    metric = forms.ChoiceField(label=_("Clock"), choices=[])
    field_order = ("metric", "customer", "contract")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = [(metric, Metric(metric).label) for metric in managed()]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors and not said.get("customer") and not said.get("contract"):
            raise ValidationError(_("Name a customer or a contract."))
        return said


class TargetsForm(PlainForm):
    """
    The targets of one clock in one scope, a row for each grade; an empty one has no target of its own.

    After is_valid(): `chosen`, and `on`, the first day.
    """

    names_errors = True
    on = day(_("In force from"))
    pausable = forms.BooleanField(
        label=_("It may wait"), required=False,
        help_text=_("While we wait for the customer, this clock can be paused."),
    )  # fmt: skip

    def __init__(self, plan: Plan, *args: Any, **kwargs: Any) -> None:
        self.plan = plan
        kwargs["initial"] = {**_initial(plan), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        choices = [(code, words) for code, (basis, *_rest, words) in UNITS.items() if (basis == DATE) == plan.dated]
        for grade in GRADES:
            name = grade_words(grade, plan.scope)
            self.fields[f"amount_{grade}"] = _amount(name)
            self.fields[f"unit_{grade}"] = _unit(name, choices)
        if not plan.may_wait:
            del self.fields["pausable"]

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each grade with its two fields."""
        return [
            {"grade": grade, "name": grade_words(grade, self.plan.scope), "amount": self[f"amount_{grade}"],
             "unit": self[f"unit_{grade}"]}
            for grade in GRADES
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for grade in GRADES:
            amount, unit = said.get(f"amount_{grade}"), said.get(f"unit_{grade}")
            if amount is not None and unit and _whole(amount, unit) is None:
                self.add_error(f"amount_{grade}", _("Whole minutes, or whole days, are wanted."))
        return said

    @property
    def chosen(self) -> dict[str, Target | None]:
        """Return the target of each grade."""
        return {grade: self._target(grade) for grade in GRADES}

    def _target(self, grade: str) -> Target | None:
        amount = self.cleaned_data[f"amount_{grade}"]
        if amount is None:
            return None
        unit = self.cleaned_data[f"unit_{grade}"]
        basis, _minutes, of_days, _words = UNITS[unit]
        size = _whole(amount, unit)
        if basis == DATE:
            return Target(DATE, days=size, unit=of_days)
        return Target(basis, size, pausable=self.cleaned_data.get("pausable", False))


def _amount(name: str) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 8})
    label = _("{name}: time allowed").format(name=name)
    return forms.DecimalField(label=label, required=False, max_digits=12, decimal_places=4, widget=widget)


def _unit(name: str, choices: list[Any]) -> forms.ChoiceField:
    label = _("{name}: unit").format(name=name)
    return forms.ChoiceField(label=label, choices=choices, required=False)


def _whole(amount: Decimal, unit: str) -> int | None:
    """Return the minutes or days; None if they are not whole."""
    size = amount * (UNITS[unit][1] or 1)
    return int(size) if size == size.to_integral_value() else None


def _initial(plan: Plan) -> dict[str, Any]:
    """Return what holds in this scope on the day of the plan, and elsewhere the unit that is most likely."""
    told: dict[str, Any] = {"on": plan.on}
    rows = {grade: in_force(plan.rows, grade, plan.on) for grade in GRADES}
    likely = "wd" if plan.dated else "wh"
    for grade, row in rows.items():
        amount, unit = written(target_of(row)) if row else ("", likely)
        told |= {f"amount_{grade}": amount, f"unit_{grade}": unit}
    told["pausable"] = any(row.pausable for row in rows.values() if row)
    return told


def written(target: Target) -> tuple[str, str]:
    """Return a target as amount and unit, in hours where they are whole."""
    if target.basis == DATE:
        return str(target.days), "wd" if target.unit == "workday" else "d"
    minutes, working = target.minutes or 0, target.basis == BUSINESS
    if minutes % HOUR == 0:
        return str(minutes // HOUR), "wh" if working else "h"
    return str(minutes), "wm" if working else "m"


class WallTimeField(forms.DateTimeField):
    """A time as a clock on the wall shows it, whose zone another field names."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> Any:
        with timezone.override(UTC):
            found = super().to_python(value)
        return found and found.replace(tzinfo=None)

    def prepare_value(self, value: Any) -> Any:
        return value


class SimulatorForm(PlainForm):
    """What is supposed of a complaint by who asks at `now`. After is_valid(): `received`, the moment."""

    wall = WallTimeField(label=_("It comes in"))
    zone = forms.CharField(label=_("Time zone"), max_length=60, help_text=_("An IANA name, such as Asia/Shanghai."))
    grade = forms.ChoiceField(
        label=_("Grade"), required=False, choices=[("", _("Not graded")), *Grade.choices]
    )  # fmt: skip
    urgent = forms.BooleanField(label=_("Urgent: injury, danger or stoppage"), required=False)
    customer = PickField(
        label=_("Customer"), rows=customers, lookup=reverse_lazy("lookup_customers"), unknown=NO_CUSTOMER,
        required=False,
    )  # fmt: skip
    contract = ContractField()

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        self.now = now
        super().__init__(*args, **kwargs)

    def clean_zone(self) -> str:
        zone = self.cleaned_data["zone"]
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as none:
            said = _("The time zone “%(zone)s” is not known. Use an IANA name, such as Asia/Shanghai.")
            raise ValidationError(said, code="unknown", params={"zone": zone}) from none
        return zone

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        customer, contract = said.get("customer"), said.get("contract")
        if customer and contract and contract.customer_id != customer.pk:
            self.add_error("contract", _("This contract is with another customer. Correct one of the two."))
        if said.get("wall") and said.get("zone"):
            self._place(said["wall"], ZoneInfo(said["zone"]))
        return said

    def _place(self, wall: datetime, zone: ZoneInfo) -> None:
        """Find the moment; of a time that comes twice the first."""
        if abs(wall.year - self.now.year) > YEARS:
            self.add_error("wall", _("Give a moment at most ten years from now: further out no calendar is known."))
            return
        self.received = wall.replace(tzinfo=zone).astimezone(UTC)
        if self.received.astimezone(zone).replace(tzinfo=None) != wall:
            self.add_error("wall", _("In that zone the clocks were put forward over this time. Give another."))


def first_values(now: datetime) -> dict[str, Any]:
    """Return what the simulator begins with: now, in the company's zone."""
    zone = settings.TIME_ZONE
    return {"wall": now.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M"), "zone": zone}
