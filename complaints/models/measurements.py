"""What was measured against which limits, with what, and what a sample says of its lot (DOMAIN §5.5, §5.6)."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.states import Conformity
from contracts.exact import ExactDecimalField
from contracts.models.names import in_reader_language

USER = settings.AUTH_USER_MODEL


class Instrument(models.Model):
    """A thing to measure with. Its calibrations say on which days it may be trusted (R23)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=40, unique=True)  # VM-63
    name = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.code} {self.shown_name}"

    @property
    def shown_name(self) -> str:
        return in_reader_language(self.name, self.name_zh)


class Calibration(models.Model):
    """One calibration: the days from which and to which the instrument may be trusted, both included."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="calibrations")
    done_on = models.DateField()
    due_on = models.DateField()
    certificate = models.CharField(max_length=100, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=models.F("done_on")), name="calibration_forwards"),
            models.UniqueConstraint(fields=["instrument", "done_on"], name="calibration_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.done_on} – {self.due_on}"


class Measurement(models.Model):
    """
    A series of readings of one characteristic, with the limits that held and their source, frozen as they were read.

    calibrated: whether a calibration of the instrument covered the day; None without instrument.
    """

    class Rule(models.TextChoices):
        SIMPLE = "SIMPLE", _("The value decides")
        GUARD_BAND_BOTH = "GUARD_BAND_BOTH", _("Who must prove bears the uncertainty")

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="measurements")
    cycle = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()  # m1, m2, … within the case
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=20)
    nominal = ExactDecimalField(null=True)
    lower = ExactDecimalField(null=True)
    upper = ExactDecimalField(null=True)
    limits_excluded = models.BooleanField(default=False)
    limits_from = models.CharField(max_length=300, blank=True)  # clause, drawing, standard; "" without limits
    clause = models.ForeignKey("contracts.Clause", models.PROTECT, null=True, related_name="+")
    characteristic = models.ForeignKey("contracts.Characteristic", models.SET_NULL, null=True, related_name="+")
    rule = models.CharField(max_length=15, choices=Rule.choices, default=Rule.SIMPLE)
    uncertainty = ExactDecimalField(null=True)  # expanded, in the same unit
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, related_name="measurements")
    calibrated = models.BooleanField(null=True)
    calibrated_until = models.DateField(null=True)
    method = models.CharField(max_length=300, blank=True)
    measured_on = models.DateField()
    operator = models.CharField(max_length=100, blank=True)
    witness = models.CharField(max_length=100, blank=True)
    verdict = models.CharField(max_length=13, choices=Conformity.choices, blank=True)  # "" without limits
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="measurement_number"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_because=""), name="measurement_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"m{self.number} {self.name}"


class Reading(models.Model):
    """One value in the unit of its series, and as it was given."""

    measurement = models.ForeignKey(Measurement, models.PROTECT, related_name="readings")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=100, blank=True)  # the sample
    value = ExactDecimalField()
    given = models.CharField(max_length=80)  # "5200 µm"
    verdict = models.CharField(max_length=13, choices=Conformity.choices, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measurement", "position"], name="reading_position")]

    def __str__(self) -> str:
        return self.given


class SampleInspection(models.Model):
    """A lot judged by a sample: the plan that held, what was found, and what follows (ISO 2859-1)."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="sample_inspections")
    cycle = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=200)
    lot_size = models.PositiveIntegerField()
    level = models.CharField(max_length=3)
    aql = ExactDecimalField()
    severity = models.CharField(max_length=9)
    edition = models.CharField(max_length=40)
    letter = models.CharField(max_length=1)
    n = models.PositiveIntegerField()
    ac = models.PositiveIntegerField()
    re = models.PositiveIntegerField()
    inspected = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    accepted = models.BooleanField()
    inspected_on = models.DateField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.what


def covering(calibrations: list[Calibration], day: date) -> Calibration | None:
    """Return the newest calibration that covers the day."""
    fitting = [one for one in calibrations if one.done_on <= day <= one.due_on]
    return max(fitting, key=lambda one: one.due_on, default=None)
