"""The whole chain on one project: the worked examples FV-01 to FV-12 are one story, and must come out as one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from contracts import finance
from contracts.finance import Name, PaymentItem, Scenario, State, Unreckonable

D = Decimal


def project(**said):
    """Return the project of the worked examples, in yuan."""
    facts = {
        "currency": "CNY", "contract_price": D("48000000.00"), "milestone": date(2026, 9, 30), "total_float_days": 12,
        "damages": finance.Damages(base=D("48000000.00"), rate_pct_per_day=D("0.05"), cap_pct=D(10), clause="§9.1"),
        "payments": (
            PaymentItem("M2 delivery", D("9600000.00"), date(2026, 8, 31), False),
            PaymentItem("M3 commissioning", D("14400000.00"), date(2026, 10, 30), True),
            PaymentItem("M4 final acceptance", D("19200000.00"), date(2027, 1, 29), True),
        ),
        "funding_rate_pct": D("6.5"), "basis": "ACT/360", "retention_pct": D(5),
        "plan": finance.Plan(
            months=("2026-09", "2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03"), opening=12_000_000,
            monthly_cost=3_000_000, minimum_cash=1_000_000, debt_service={"2026-12": 5_500_000},
        ),
        "loan": finance.Loan(
            drawn=D("120000000.00"), rate_pct=D("5.2"), basis="ACT/360", levels=finance.Levels(D("1.20"), D("1.05")),
            cfads=(14_200_000, 14_600_000), debt_service=(11_000_000, 11_000_000), clause="Facility 21.3",
        ),
        "recovery": finance.Recovery(D(60), "LD", D("500000.00")),
    }  # fmt: skip
    return finance.Project(**{**facts, **said})


LIKELY = Scenario(
    name=Name.LIKELY, p=D("0.50"), quality_delay_days=57, remedy_by_month={"2026-10": 1_200_000, "2026-11": 600_000},
    open_claims=D("1850000.50"), impact=(1_900_000, 300_000),
)  # fmt: skip
BEST = Scenario(name=Name.BEST, p=D("0.35"), quality_delay_days=10, remedy_by_month={"2026-10": 400_000})
WORST = Scenario(name=Name.WORST, p=D("0.15"), quality_delay_days=400, remedy_by_month={"2026-10": 5_000_000},
                 impairs_use=True, impact=(5_000_000, 5_000_000))  # fmt: skip


def test_one_problem_runs_through_the_whole_chain():
    found = finance.assess(project(), LIKELY)

    assert found.days == 45
    assert (found.milestone.ld, found.milestone.days_until_cap) == (D("1080000.00"), 200)
    assert (found.payments.at_risk, found.payments.funding_cost) == (D("33600000.00"), D("273000.00"))
    assert found.retention.expected_release == D("549999.50")
    assert [int(cash) // 1000 for cash in found.cash.closing_revised] == [9000, 4800, 1200, 6020, 3020, 20, 16220]
    assert [int(cash) // 1000 for cash in found.cash.closing_baseline] == [
        9000,
        20400,
        17400,
        8900,
        25100,
        22100,
        19100,
    ]
    assert (found.cash.lowest_month, found.cash.funding_gap) == ("2027-02", 980_000)
    assert [cover.state for cover in found.cover.after] == [State.LOCK_UP, State.OK]
    assert found.cover.headroom_p1 == D("750000.00")
    assert found.interest.extra_interest == D("780000.00")
    assert (found.exposure.gross, found.exposure.net) == (D("3660000.00"), D("2000000.00"))
    assert found.lender.hits == ("delay", "payments", "covenant")


def test_a_delay_within_float_moves_nothing():
    found = finance.assess(project(), BEST)

    assert (found.days, found.milestone.ld, found.payments.funding_cost) == (0, D("0.00"), D("0.00"))
    assert set(found.cash.difference) == {0, -400_000}
    assert found.lender.hits == ("payments",)


def test_damages_above_the_next_payment_are_taken_off_the_one_after():
    small = [
        PaymentItem("late", D("900000.00"), date(2026, 12, 1), True),
        PaymentItem("next", D("1000000.00"), date(2026, 10, 1), True),
    ]

    found = finance.assess(project(payments=small), LIKELY)

    by_month = dict(zip(found.cash.months, found.cash.difference, strict=True))
    assert by_month["2026-11"] == -1_800_000 - 1_000_000  # nothing of "next" is left
    assert by_month["2027-01"] == -1_800_000 - 1_080_000  # and 80 000 less of "late"


def test_damages_that_no_payment_covers_are_paid_when_the_milestone_is_reached():
    found = finance.assess(project(payments=[]), LIKELY)

    by_month = dict(zip(found.cash.months, found.cash.difference, strict=True))
    assert (by_month["2026-10"], by_month["2026-11"]) == (-1_200_000, -2_880_000)


def test_damages_that_are_not_deducted_leave_the_payments_whole():
    damages = replace(project().damages, deducted=False)

    found = finance.assess(project(damages=damages), LIKELY)

    assert found.cash.difference[2] == -14_400_000 - 1_800_000 - 1_080_000
    assert found.cash.difference[3] == -1_800_000 - 1_080_000


def test_what_is_paid_already_stands_in_the_opening_cash():
    paid = [replace(item, paid=True) for item in project().payments]

    found = finance.assess(project(payments=paid), LIKELY)

    assert found.payments.at_risk == 0
    assert found.cash.closing_baseline[1] == 6_000_000


def test_without_a_loan_there_is_no_interest_and_no_cover():
    found = finance.assess(project(loan=None), LIKELY)

    assert (found.interest, found.cover) == (None, None)
    assert found.exposure.gross == D("2880000.00")


def test_the_three_ways_stand_side_by_side_with_what_to_expect():
    found = finance.compare(project(), [BEST, LIKELY, WORST], grade="G1")

    nets = {name: impact.exposure.net for name, impact in found.impacts.items()}
    # worst: 388 d, damages at their limit 4 800 000, remedy 5 000 000, interest 6 725 333.33; others bear 7 300 000
    assert nets == {Name.BEST: D("160000.00"), Name.LIKELY: D("2000000.00"), Name.WORST: D("9225333.33")}
    assert found.expected.expected == D("2439800.00")  # 56 000 + 1 000 000 + 1 383 799.9995
    assert found.impacts[Name.WORST].retention.at_risk == D("2400000.00")
    assert all("grade" in impact.lender.hits for impact in found.impacts.values())


@pytest.mark.parametrize(
    ("scenarios", "code"),
    [([BEST, LIKELY], "not_the_three"), ([BEST, LIKELY, LIKELY], "not_the_three"),
     ([BEST, LIKELY, replace(WORST, p=D("0.16"))], "not_the_whole")],
)  # fmt: skip
def test_three_ways_are_needed_and_make_the_whole(scenarios, code):
    with pytest.raises(Unreckonable) as refused:
        finance.compare(project(), scenarios)

    assert refused.value.code == code


def test_a_milestone_beyond_the_calendar_is_refused():
    with pytest.raises(Unreckonable):
        finance.assess(project(), replace(LIKELY, quality_delay_days=4_000_000))
