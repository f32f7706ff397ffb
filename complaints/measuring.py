"""Verbs of measuring: a series against its limits, a lot by its sample, instruments and calibrations (DOMAIN §5.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

import audit
from complaints import lifecycle
from complaints.days import company_date, customer_date
from complaints.gates import reason
from complaints.models import Calibration, Complaint, Instrument, Measurement, Reading, SampleInspection
from complaints.models.measurements import covering
from complaints.models.states import OPEN, Conformity
from complaints.readings import MOST, Read
from contracts.clauses import sampling
from contracts.clauses.quality import Metric, QualityStandard, ToleranceKind
from contracts.clauses.rules.quality import Measured, conformity
from contracts.models import ClauseType

if TYPE_CHECKING:
    from accounts.models import User
    from contracts.models import Characteristic, Clause

WORST = (Conformity.NONCONFORMING, Conformity.INCONCLUSIVE, Conformity.CONFORMING)


@dataclass(frozen=True)
class Limits:
    """What a characteristic may be, in `unit`, by which rule it is judged, and where that stands."""

    name: str
    unit: str
    nominal: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    excluded: bool = False
    rule: str = "SIMPLE"
    source: str = ""
    clause: Clause | None = None
    characteristic: Characteristic | None = None

    @property
    def there(self) -> bool:
        return self.lower is not None or self.upper is not None


def known_limits(complaint: Complaint) -> dict[str, Limits]:
    """Return the limits that hold for the goods of the case, by a key: the contract's checked clauses come first."""
    found: dict[str, Limits] = {}
    for clause in _clauses(complaint):
        terms = clause.typed_terms
        if isinstance(terms, QualityStandard):
            found |= {
                f"clause:{clause.pk}:{n}": _agreed(clause, terms, metric) for n, metric in enumerate(terms.metrics)
            }
    if complaint.product_id:
        for row in complaint.product.characteristics.order_by("pk"):  # type: ignore[union-attr]
            found[f"characteristic:{row.pk}"] = Limits(
                row.shown_name, row.unit, row.nominal, row.lower, row.upper, source=_of_product(row), characteristic=row
            )
    return found


def _clauses(complaint: Complaint) -> list[Clause]:
    if complaint.contract_version is None:
        return []
    checked = complaint.contract_version.clauses.filter(type=ClauseType.QUALITY_STANDARD, checked_at__isnull=False)
    return list(checked.select_related("version__contract").order_by("number", "pk"))


def _agreed(clause: Clause, terms: QualityStandard, metric: Metric) -> Limits:
    lower, upper = metric.lower, metric.upper
    if metric.tolerance is not None and metric.nominal is not None:
        share = metric.tolerance_kind == ToleranceKind.PERCENT_OF_NOMINAL
        room = abs(metric.nominal) * metric.tolerance / 100 if share else metric.tolerance
        lower = metric.nominal - room if lower is None else lower
        upper = metric.nominal + room if upper is None else upper
    source = f"{clause.version.contract.number} §{clause.number} {clause.shown_heading}"
    return Limits(metric.characteristic, metric.unit, metric.nominal, lower, upper, metric.limits_excluded,
                  str(terms.rule), source, clause)  # fmt: skip


def _of_product(row: Characteristic) -> str:
    return ", ".join(part for part in (row.product.code, row.standard) if part)


def judged(value: Decimal, limits: Limits, uncertainty: Decimal | None) -> str:
    """Return the verdict on one value in the unit of the limits; "" without limits."""
    if not limits.there:
        return ""
    said = {
        "value": f"{value:f}", "unit": limits.unit, "rule": limits.rule, "limits_excluded": limits.excluded,
        "U": uncertainty, "lower_limit": limits.lower, "upper_limit": limits.upper,
    }  # fmt: skip
    plain = {name: f"{one:f}" if isinstance(one, Decimal) else one for name, one in said.items() if one is not None}
    return str(conformity(Measured.from_data(plain)).result["verdict"])


def worst(verdicts: Sequence[str]) -> str:
    """Return what a series shows: one value outside makes it nonconforming, one in doubt inconclusive."""
    return next((str(verdict) for verdict in WORST if verdict in verdicts), "")


def mean_words(values: list[Decimal]) -> str:
    """Return the mean with one digit more than the readings have."""
    digits = max(max(0, -int(value.as_tuple().exponent)) for value in values) + 1
    mean = (sum(values, Decimal(0)) / len(values)).quantize(Decimal(1).scaleb(-digits))
    return f"{mean.normalize() if mean else mean:f}"


@transaction.atomic
def measure(
    complaint: Complaint, *, by: User, at: datetime, limits: Limits, readings: Sequence[Read], measured_on: date,
    uncertainty: Decimal | None = None, instrument: Instrument | None = None, **more: str,
) -> Measurement:  # fmt: skip
    """
    Record a series of readings and judge each against the limits. more: method, operator, witness.

    Raises Refused without readings or with too many, for a rule that needs the uncertainty where none is given, and for
    a day to come.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="diagnosis.record", states=OPEN)
    if measured_on > customer_date(complaint, at):
        raise lifecycle.Refused(reason("measured_in_future"))
    _require_series(limits, readings, uncertainty)
    verdicts = [judged(one.value, limits, uncertainty) for one in readings]
    calibration = covering(list(instrument.calibrations.all()), measured_on) if instrument else None
    latest = instrument.calibrations.order_by("-due_on").first() if instrument else None
    exact: dict[str, Any] = {name: getattr(limits, name) for name in ("nominal", "lower", "upper")}
    last = calibration or latest
    series = Measurement.objects.create(
        complaint=complaint, cycle=complaint.cycle, number=complaint.measurements.count() + 1, name=limits.name,
        unit=limits.unit, limits_excluded=limits.excluded, limits_from=limits.source, clause=limits.clause,
        characteristic=limits.characteristic, rule=limits.rule, instrument=instrument,
        calibrated=calibration is not None if instrument else None, calibrated_until=last.due_on if last else None,
        measured_on=measured_on, verdict=worst(verdicts), by=by, at=at, **exact, **more,
        uncertainty=uncertainty,  # type: ignore[misc]
    )  # fmt: skip
    for n, (one, verdict) in enumerate(zip(readings, verdicts, strict=True)):
        said: dict[str, Any] = {"label": one.label, "value": one.value, "given": one.given[:80], "verdict": verdict}
        Reading.objects.create(measurement=series, position=n, **said)
    facts = {"measurement": series.number, "readings": len(readings), "conformity": series.verdict}
    private = {"name": limits.name}
    audit.record("case", complaint.uuid, "diagnosis.measured", by=by, at=at, facts=facts, private=private)
    return series


def _require_series(limits: Limits, readings: Sequence[Read], uncertainty: Decimal | None) -> None:
    if not readings:
        raise lifecycle.Refused(reason("readings_none"))
    if len(readings) > MOST:
        raise lifecycle.Refused(reason("readings_many", n=len(readings), most=MOST))
    if limits.there and not limits.source.strip():
        raise lifecycle.Refused(reason("limits_without_source"))
    if limits.there and limits.rule == "GUARD_BAND_BOTH" and uncertainty is None:
        raise lifecycle.Refused(reason("uncertainty_missing"))
    if limits.lower is not None and limits.upper is not None and limits.lower > limits.upper:
        raise lifecycle.Refused(reason("limits_upside_down"))


@transaction.atomic
def withdraw_measurement(series: Measurement, *, by: User, at: datetime, why: str) -> Measurement:
    """Take a series back; it stays in the record, with why."""
    complaint = lifecycle.hold(series.complaint, by=by, at=at, permission="diagnosis.record", states=OPEN)
    series = Measurement.objects.select_for_update().get(pk=series.pk)
    if not why.strip():
        raise lifecycle.Refused(reason("reason_missing"))
    if series.withdrawn_at:
        return series
    series.withdrawn_at, series.withdrawn_because = at, why
    series.save()
    facts = {"measurement": series.number}
    audit.record(
        "case", complaint.uuid, "diagnosis.measurement_withdrawn", by=by, at=at, facts=facts, private={"because": why}
    )
    return series


@transaction.atomic
def inspect_sample(
    complaint: Complaint, *, by: User, at: datetime, what: str, lot_size: int, level: str, aql: Decimal, found: int,
    inspected_on: date, severity: str = "NORMAL", inspected: int | None = None,
) -> SampleInspection:  # fmt: skip
    """
    Judge a lot by a sample of the plan for its size, level and AQL. inspected: without it, the plan's sample.

    Raises Refused for a plan that the standard does not hold, more found than inspected, a sample unlike the plan's.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="diagnosis.record", states=OPEN)
    try:
        plan = sampling.plan(lot_size, sampling.Level(level), aql, sampling.Severity(severity))
    except sampling.NoPlan as missing:
        raise lifecycle.Refused(reason("no_plan", known=missing.known)) from None
    n = min(plan.n, lot_size)
    inspected = n if inspected is None else inspected
    if inspected != n:
        raise lifecycle.Refused(reason("sample_unlike_plan", n=n, inspected=inspected))
    if found > inspected:
        raise lifecycle.Refused(reason("found_above_sample", found=found, inspected=inspected))
    if inspected_on > customer_date(complaint, at):
        raise lifecycle.Refused(reason("measured_in_future"))
    exact: dict[str, Any] = {"aql": aql}
    row = SampleInspection.objects.create(
        complaint=complaint, cycle=complaint.cycle, what=what, lot_size=lot_size, level=level,
        severity=severity, edition=sampling.NEWEST, letter=plan.code, n=n, ac=plan.ac, re=plan.re,
        inspected=inspected, found=found, accepted=found <= plan.ac, inspected_on=inspected_on, by=by, at=at, **exact,
    )  # fmt: skip
    facts = {"sample": row.pk, "n": n, "ac": plan.ac, "found": found, "accepted": row.accepted}
    audit.record("case", complaint.uuid, "diagnosis.sample_inspected", by=by, at=at, facts=facts)
    return row


# Instruments ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_instrument(*, by: User, at: datetime, code: str, name: str, name_zh: str = "") -> Instrument:
    """Put an instrument on the register. Raises Refused for a code that is taken, PermissionDenied."""
    _require_keeper(by)
    if Instrument.objects.filter(code__iexact=code.strip()).exists():
        raise lifecycle.Refused(reason("instrument_taken", instrument=code.strip()))
    made = Instrument.objects.create(code=code.strip(), name=name, name_zh=name_zh, added_by=by, added_at=at)
    audit.record("instrument", made.uuid, "instrument.added", by=by, at=at, facts={"code": made.code})
    return made


@transaction.atomic
def calibrate(
    instrument: Instrument, *, by: User, at: datetime, done_on: date, due_on: date, certificate: str = ""
) -> Calibration:
    """Record a calibration. What was measured before stays judged as it was. Raises Refused, PermissionDenied."""
    _require_keeper(by)
    instrument = Instrument.objects.select_for_update().get(pk=instrument.pk)
    if done_on > company_date(at):
        raise lifecycle.Refused(reason("calibrated_in_future"))
    if due_on < done_on:
        raise lifecycle.Refused(reason("calibration_backwards"))
    if instrument.calibrations.filter(done_on=done_on).exists():
        raise lifecycle.Refused(reason("calibrated_that_day"))
    row = Calibration.objects.create(
        instrument=instrument, done_on=done_on, due_on=due_on, certificate=certificate, by=by, at=at
    )
    facts: dict[str, Any] = {"done_on": done_on.isoformat(), "due_on": due_on.isoformat()}
    audit.record("instrument", instrument.uuid, "instrument.calibrated", by=by, at=at, facts=facts)
    return row


def _require_keeper(by: User) -> None:
    if not by.may("instruments.manage"):
        raise PermissionDenied
