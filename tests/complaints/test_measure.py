"""A series of readings is judged against limits with their source; a lot by its sample; instruments by their day."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from complaints import lifecycle, measuring
from complaints.lifecycle import Refused
from complaints.measuring import Limits
from complaints.models import Instrument, Measurement
from complaints.readings import read
from contracts.models import Characteristic, Product
from tests.cast import NOON
from tests.complaints.factories import events_of, triaged
from tests.complaints.test_first_life import HOUR

AT = NOON + 3 * HOUR
DAY = date(2026, 5, 12)
VIBRATION = Limits("Vibration", "mm/s", upper=Decimal("4.5"), source="Drawing 12 rev C")


@pytest.fixture
def case(ada, quinn, lee, cleo):
    product = Product.objects.create(code="GX", name="Gearbox")
    Characteristic.objects.create(product=product, name="Vibration", unit="mm/s", upper="4.5", standard="ISO 20816")
    graded = triaged(quinn, registered_by=ada, product=product, goods_unknown_because="")
    return lifecycle.mobilise(graded, by=quinn, at=NOON + 2 * HOUR, leader=quinn, champion=lee, members=(cleo,))


def measure(case, by, *texts: str, limits: Limits = VIBRATION, **more) -> Measurement:
    reads = read("\n".join(texts), limits.unit).reads
    return measuring.measure(case, by=by, at=AT, limits=limits, readings=reads, **{"measured_on": DAY, **more})


def codes(refusal) -> list[str]:
    return [why.code for why in refusal.value.reasons]


def test_one_value_outside_makes_the_series_nonconforming(case, quinn):
    series = measure(case, quinn, "4.4", "4.5", "4.51")

    assert series.verdict == "NONCONFORMING"
    assert [one.verdict for one in series.readings.order_by("position")] == [
        "CONFORMING", "CONFORMING", "NONCONFORMING"
    ]  # fmt: skip
    [event] = events_of(case, "diagnosis.measured")
    assert (event.facts["measurement"], event.facts["readings"]) == (1, 3)


def test_where_the_prover_bears_the_uncertainty_a_close_value_proves_nothing(case, quinn):
    guarded = Limits("Vibration", "mm/s", upper=Decimal("4.5"), rule="GUARD_BAND_BOTH", source="§3")

    series = measure(case, quinn, "4.2", "4.45", limits=guarded, uncertainty=Decimal("0.1"))

    assert series.verdict == "INCONCLUSIVE"


def test_without_limits_nothing_is_judged(case, quinn):
    series = measure(case, quinn, "4.9", limits=Limits("Noise", "mm/s"))

    assert (series.verdict, series.limits_from) == ("", "")


@pytest.mark.parametrize(
    ("limits", "more", "code"),
    [
        (Limits("V", "mm/s", upper=Decimal(4), source=" "), {}, "limits_without_source"),
        (Limits("V", "mm/s", upper=Decimal(4), rule="GUARD_BAND_BOTH", source="§"), {}, "uncertainty_missing"),
        (Limits("V", "mm/s", lower=Decimal(5), upper=Decimal(4), source="§"), {}, "limits_upside_down"),
        (VIBRATION, {"measured_on": date(2026, 5, 14)}, "measured_in_future"),
    ],
)
def test_what_cannot_be_judged_is_refused(case, quinn, limits, more, code):
    with pytest.raises(Refused) as refusal:
        measure(case, quinn, "4.1", limits=limits, **more)

    assert codes(refusal) == [code]
    assert not Measurement.objects.exists()


def test_no_reading_is_no_series(case, quinn):
    with pytest.raises(Refused) as refusal:
        measuring.measure(case, by=quinn, at=AT, limits=VIBRATION, readings=(), measured_on=DAY)

    assert codes(refusal) == ["readings_none"]


def test_one_who_may_not_record_is_refused(case, ada):
    with pytest.raises(PermissionDenied):
        measure(case, ada, "4.1")


def test_a_series_that_is_withdrawn_stays_with_why(case, quinn):
    series = measure(case, quinn, "4.1")

    with pytest.raises(Refused):
        measuring.withdraw_measurement(series, by=quinn, at=AT, why=" ")
    measuring.withdraw_measurement(series, by=quinn, at=AT, why="wrong sensor")
    measuring.withdraw_measurement(series, by=quinn, at=AT + HOUR, why="again")

    series = Measurement.objects.get()
    assert (series.withdrawn_at, series.withdrawn_because) == (AT, "wrong sensor")
    assert measure(case, quinn, "4.2").number == 2
    assert len(events_of(case, "diagnosis.measurement_withdrawn")) == 1


# Instruments ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def meter(quinn) -> Instrument:
    return measuring.add_instrument(by=quinn, at=AT, code="VM-63", name="Vibration meter")


@pytest.mark.parametrize(
    ("done", "due", "calibrated"),
    [
        (date(2025, 6, 1), date(2026, 6, 1), True),
        (date(2025, 5, 12), date(2026, 5, 12), True),
        (date(2025, 5, 1), date(2026, 5, 11), False),
        (None, None, False),
    ],
)
def test_a_result_says_whether_a_calibration_covered_its_day(case, quinn, meter, done, due, calibrated):
    if done:
        measuring.calibrate(meter, by=quinn, at=AT, done_on=done, due_on=due)

    assert measure(case, quinn, "4.1", instrument=meter).calibrated is calibrated


def test_a_later_calibration_does_not_whitewash_what_was_measured_before(case, quinn, meter, signed_in):
    measuring.calibrate(meter, by=quinn, at=AT, done_on=date(2025, 5, 1), due_on=date(2026, 5, 1))
    measure(case, quinn, "4.1", instrument=meter)
    measuring.calibrate(meter, by=quinn, at=AT, done_on=date(2026, 5, 12), due_on=date(2027, 5, 12))

    page = signed_in(quinn).get(reverse("case-diagnosis", args=[case.ref])).content.decode()

    assert "Measured after the calibration ended on" in page


@pytest.mark.parametrize(
    ("done", "due", "code"),
    [
        (date(2026, 5, 13), date(2027, 5, 1), "calibrated_in_future"),
        (date(2026, 5, 1), date(2026, 4, 1), "calibration_backwards"),
        (date(2026, 4, 1), date(2027, 4, 1), "calibrated_that_day"),
    ],
)
def test_a_calibration_that_cannot_be_is_refused(quinn, meter, done, due, code):
    measuring.calibrate(meter, by=quinn, at=AT, done_on=date(2026, 4, 1), due_on=date(2026, 10, 1))

    with pytest.raises(Refused) as refusal:
        measuring.calibrate(meter, by=quinn, at=AT, done_on=done, due_on=due)

    assert codes(refusal) == [code]


def test_a_code_is_given_once_and_only_by_keepers(quinn, ada, meter):
    with pytest.raises(Refused) as refusal:
        measuring.add_instrument(by=quinn, at=AT, code="vm-63 ", name="Other")
    with pytest.raises(PermissionDenied):
        measuring.add_instrument(by=ada, at=AT, code="X", name="Other")

    assert codes(refusal) == ["instrument_taken"]


def test_the_register_is_kept_on_its_page(quinn, ada, signed_in):
    address, client = reverse("instruments"), signed_in(quinn)

    assert client.post(address, {"do": "add", "code": "VM-63", "name": "Meter"}).status_code == 302
    taken = client.post(address, {"do": "add", "code": "VM-63", "name": "Meter"})
    empty = client.post(address, {"do": "calibrate"})
    said = {"do": "calibrate", "instrument": "VM-63", "done_on": "2026-01-05", "due_on": "2027-01-05"}
    assert client.post(address, said).status_code == 302

    assert (taken.status_code, empty.status_code) == (409, 422)
    assert "There is an instrument VM-63 already" in taken.content.decode()
    assert "2027-01-05" in signed_in(ada).get(address).content.decode()
    assert signed_in(ada).post(address, said).status_code == 403


# A lot by its sample --------------------------------------------------------------------------------------------------


def inspect(case, by, **more):
    said = {"what": "Lot B2309, seals", "lot_size": 500, "level": "II", "aql": Decimal("1.0"), "found": 1,
            "inspected_on": DAY}  # fmt: skip
    return measuring.inspect_sample(case, by=by, at=AT, **{**said, **more})


@pytest.mark.parametrize(("found", "accepted"), [(1, True), (2, False)])
def test_a_lot_is_accepted_up_to_the_acceptance_number(case, quinn, found, accepted):
    row = inspect(case, quinn, found=found)

    assert (row.letter, row.n, row.ac, row.re, row.accepted) == ("H", 50, 1, 2, accepted)


def test_a_lot_smaller_than_the_sample_is_inspected_whole(case, quinn):
    assert inspect(case, quinn, lot_size=30, found=0, aql=Decimal("0.25")).n == 30


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"inspected": 20}, "sample_unlike_plan"),
        ({"found": 51}, "found_above_sample"),
        ({"aql": Decimal("0.33")}, "no_plan"),
        ({"inspected_on": date(2026, 6, 1)}, "measured_in_future"),
    ],
)
def test_a_sample_that_cannot_judge_is_refused(case, quinn, more, code):
    with pytest.raises(Refused) as refusal:
        inspect(case, quinn, **more)

    assert codes(refusal) == [code]


# The page -------------------------------------------------------------------------------------------------------------


def page(case, act: str = "measure") -> str:
    return reverse("case-do", args=[case.ref, act])


def form(case, **said) -> dict:
    key = next(iter(measuring.known_limits(case)))
    return {"limits": key, "readings": "4.9\n5.2", "measured_on": "2026-05-12", "once": "a", **said}


def test_the_limits_come_from_the_product_with_their_source(case, quinn, signed_in):
    answer = signed_in(quinn).get(page(case))

    assert "Vibration ≤ 4.5 mm/s · GX, ISO 20816" in answer.content.decode()


def test_of_several_characteristics_none_is_guessed(case, quinn, signed_in):
    case.product.characteristics.create(name="Noise", unit="dB", upper="80", standard="ISO 3744")

    form = signed_in(quinn).get(page(case)).context["form"]

    assert form["limits"].value() == ""
    assert next(iter(form.fields["limits"].choices))[0] == ""
    assert "autofocus" in str(form["limits"])


def test_what_is_pasted_is_kept_and_shown_with_its_drawing(case, quinn, signed_in):
    client = signed_in(quinn)

    assert client.post(page(case), form(case)).status_code == 302
    said = client.get(reverse("case-diagnosis", args=[case.ref])).content.decode()

    assert 'class="strip"' in said
    assert "0.7 above the limit" in said
    assert Measurement.objects.get().limits_from == "GX, ISO 20816"


def test_the_preview_says_what_each_value_means_and_keeps_nothing(case, quinn, signed_in):
    answer = signed_in(quinn).post(page(case), form(case, readings="S1\t4.1\nS2\t0.0052 m/s\nS3\tlost", op="preview"))

    said = answer.content.decode()
    assert answer.status_code == 200
    assert all(
        words in said for words in ("2 values read", "0.0052 m/s", "5.2 mm/s", "Nonconforming", "Row 3 has no number")
    )
    assert not Measurement.objects.exists()


def test_a_comma_is_asked_about_at_its_field(case, quinn, signed_in):
    client = signed_in(quinn)

    asked = client.post(page(case), form(case, readings="4,9"))
    told = client.post(page(case), form(case, readings="4,9", decimals="COMMA", once="b"))

    assert (asked.status_code, told.status_code) == (422, 302)
    assert "decimals" in asked.context["form"].errors
    assert Measurement.objects.get().readings.get().value == Decimal("4.9")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_file_of_a_spreadsheet_is_read(case, quinn, signed_in, encoding):
    sheet = SimpleUploadedFile("a.csv", "样品;测量值\n一号;4.1\n".encode(encoding))

    assert signed_in(quinn).post(page(case), form(case, readings="", file=sheet)).status_code == 302
    assert Measurement.objects.get().readings.get().label == "一号"


def test_limits_of_ones_own_need_what_they_are_and_where_they_stand(case, quinn, signed_in):
    client = signed_in(quinn)

    bare = client.post(page(case), form(case, limits="own"))
    unsourced = client.post(page(case), form(case, limits="own", name="Noise", unit="dB", upper="80", once="b"))

    assert (bare.status_code, unsourced.status_code) == (422, 409)
    assert {"name", "unit", "lower"} <= bare.context["form"].errors.keys()
    assert "Say where the limits stand" in unsourced.content.decode()


def test_the_other_forms_of_the_room_open_and_keep(case, quinn, signed_in):
    client = signed_in(quinn)
    series = measure(case, quinn, "4.1")
    sample = {
        "what": "Lot 1",
        "lot_size": "500",
        "level": "II",
        "aql": "1.0",
        "found": "0",
        "inspected_on": "2026-05-12",
    }

    assert client.get(page(case, "inspect_sample")).status_code == 200
    assert client.post(page(case, "inspect_sample"), {**sample, "once": "a"}).status_code == 302
    said = {"series": series.pk, "why": "wrong", "once": "b"}
    assert client.post(page(case, "withdraw_measurement"), said).status_code == 302
    assert "Lot accepted" in client.get(reverse("case-diagnosis", args=[case.ref])).content.decode()


def test_a_second_series_begins_as_the_last_one_was_measured(case, quinn, meter, signed_in):
    measure(case, quinn, "4.1", limits=next(iter(measuring.known_limits(case).values())), instrument=meter,
            uncertainty=Decimal("0.2"))  # fmt: skip

    shown = signed_in(quinn).get(page(case)).context["form"]

    assert (shown["instrument"].value(), shown["uncertainty"].value()) == ("VM-63", "0.2")
    assert shown.grouped()[2]["open"]
