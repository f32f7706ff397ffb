"""Duties to report: found, with a clock, until it is filed (DOMAIN §3.2, §11.4)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import User
from complaints import clocks, diagnosis, reporting
from complaints.lifecycle import Refused
from complaints.models import Complaint
from complaints.models.states import ClockState, Metric
from contracts.money import Money
from tests.complaints.factories import clock_of, events_of, received, shanghai

TUESDAY = shanghai("2026-05-12 10:15")
HOUR = timedelta(hours=1)
WHY = "A coupling broke and hurt a fitter."

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ada: User) -> Complaint:
    return received(ada, at=TUESDAY)


def found(case: Complaint, by: User, **said):
    return reporting.find_reportable(case, by=by, at=TUESDAY + HOUR, **({"duty": "US_CPSA", "why": WHY} | said))


def codes(refusal) -> list[str]:
    return [why.code for why in refusal.value.reasons]


def test_a_duty_in_hours_runs_round_the_clock_from_the_decision(case, lin):
    clock = found(case, lin)

    assert (clock.metric, clock.subject, clock.due_at) == (Metric.REG_REPORT, "US_CPSA-1", TUESDAY + 25 * HOUR)
    assert Complaint.objects.get(pk=case.pk).reportable
    [event] = events_of(case, "reporting.found")
    assert (event.facts["duty"], event.text("why")) == ("US_CPSA", WHY)


def test_a_duty_in_working_days_ends_with_the_last_of_them(case, lin):
    assert found(case, lin, duty="CN_RECALL").due_at == shanghai("2026-05-15 00:00")


def test_legal_may_set_an_earlier_moment_but_no_later_one(case, lin):
    assert found(case, lin, due_at=TUESDAY + 5 * HOUR).due_at == TUESDAY + 5 * HOUR

    with pytest.raises(Refused) as refusal:
        found(case, lin, duty="CN_DANGER", due_at=TUESDAY + 48 * HOUR)
    assert codes(refusal) == ["report_date_late"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"duty": "MOON"}, "report_duty_unknown"),
        ({"why": " "}, "reason_missing"),
        ({"duty": "OTHER"}, "report_date_missing"),
        ({"duty": "OTHER", "due_at": TUESDAY}, "report_date_past"),
        ({"duty": "OTHER", "due_at": shanghai("2199-01-01 00:00")}, "report_date_far"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_starts(case, lin, said, code):
    with pytest.raises(Refused) as refusal:
        found(case, lin, **said)

    assert codes(refusal) == [code]
    assert not case.clocks.filter(metric=Metric.REG_REPORT).exists()
    assert not Complaint.objects.get(pk=case.pk).reportable


def test_one_duty_is_found_once(case, lin):
    found(case, lin)

    with pytest.raises(Refused) as refusal:
        found(case, lin)
    assert codes(refusal) == ["report_found_before"]


def test_an_ended_case_still_owes_its_report(case, lin, ada):
    clock = found(case, lin)

    clocks.stop_all(case, at=TUESDAY + 2 * HOUR, by=ada)
    clocks.cancel_open(case, at=TUESDAY + 2 * HOUR, by=ada)

    assert clock_of(case, Metric.REG_REPORT).state == ClockState.RUNNING
    assert reporting.record_report(clock, by=lin, at=TUESDAY + 3 * HOUR, reference="CPSC 26-0041").state == "STOPPED"


def test_it_is_for_legal_and_quality_managers(case, ada):
    with pytest.raises(reporting.lifecycle.PermissionDenied):
        found(case, ada)


def test_the_report_filed_stops_its_clock(case, lin):
    clock = found(case, lin)

    clock = reporting.record_report(clock, by=lin, at=TUESDAY + 3 * HOUR, reference="CPSC 26-0041")

    assert (clock.state, clock.breached_at) == (ClockState.STOPPED, None)
    assert events_of(case, "reporting.filed")[0].text("reference") == "CPSC 26-0041"
    with pytest.raises(Refused) as refusal:
        reporting.record_report(clock, by=lin, at=TUESDAY + 4 * HOUR, reference="CPSC 26-0041")
    assert codes(refusal) == ["clock_not_running"]


@pytest.mark.parametrize(
    ("reference", "hours", "code"), [(" ", 3, "report_reference_missing"), ("X", 0, "report_before_found")]
)
def test_a_report_without_proof_or_before_its_time_is_refused(case, lin, reference, hours, code):
    clock = found(case, lin)

    with pytest.raises(Refused) as refusal:
        reporting.record_report(clock, by=lin, at=TUESDAY + hours * HOUR, reference=reference)

    assert codes(refusal) == [code]
    assert clock_of(case, Metric.REG_REPORT).state == ClockState.RUNNING


def test_a_report_that_is_late_climbs_the_ladder(case, lin):
    found(case, lin)

    clocks.sweep(now=TUESDAY + 26 * HOUR)

    steps = [event.facts["step"] for event in events_of(case, "sla.") if event.facts["metric"] == Metric.REG_REPORT]
    assert steps == ["warned_50", "warned_75", "warned_90", "breached"]


def material(case: Complaint, fay: User, *, at):
    zero = Money(Decimal(0), "CNY")
    return diagnosis.assess_finance(
        case, by=fay, at=at, delay_days=40, payments_at_risk=zero, retention_at_risk=zero, remedy_cost=zero,
        reputation=1, lender_material=True, note="Covenant near.",
    )  # fmt: skip


def test_a_material_case_owes_the_lender_a_notice_within_five_working_days_once(case, fay):
    material(case, fay, at=TUESDAY + HOUR)
    material(case, fay, at=TUESDAY + 2 * HOUR)

    [clock] = case.clocks.filter(metric=Metric.LENDER_NOTICE)
    assert (clock.due_at, clock.days, clock.day_unit) == (shanghai("2026-05-20 00:00"), 5, "workday")
    clock = reporting.record_lender_notice(clock, by=fay, at=TUESDAY + 5 * HOUR, reference="Letter of 12 May")
    assert clock.state == ClockState.STOPPED
