"""What a problem does to the money of a project: sums worked by hand, and laws that hold for all numbers."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import finance, finance_words
from contracts.finance import Chance, Levels, PaymentItem, Recovery, State, Unreckonable
from contracts.finance.working import cut, money, written

D = Decimal
FACILITY = Levels(D("1.20"), D("1.05"))
amounts = st.decimals(0, 10**9, places=2)
flows = st.lists(st.decimals(-(10**6), 10**6, places=3), min_size=1, max_size=12)
percents = st.decimals(0, 100, places=3)


def plan(**said):
    """Return a plan of three months, in thousands."""
    facts = {
        "months": ("2026-11", "2026-12", "2027-01"), "opening": 500, "monthly_cost": 200, "minimum_cash": 100,
        "receipts_baseline": {"2026-12": 700}, "receipts_revised": {"2027-01": 700}, "debt_service": {"2026-12": 150},
        "remedy_cost": {"2026-11": 40}, "ld": {},
    }  # fmt: skip
    return finance.CashPlan(**{**facts, **said})


# Delay and damages ---------------------------------------------------------------------------------------------------


def test_damages_stop_at_the_limit_and_say_on_which_day():
    found = finance.milestone_delay(
        date(2026, 3, 10), date(2026, 6, 8), base=D(1_280_000), rate_pct_per_day=D("0.3"), cap_pct=D(25)
    )

    assert (found.delay_days, found.ld, found.cap) == (90, D("320000.00"), D("320000.00"))
    assert found.days_until_cap == 84  # 320 000 / 3 840 = 83.33
    assert found.cap_used_pct == 100


def test_damages_are_rounded_once_half_away_from_zero():
    found = finance.milestone_delay(
        date(2026, 3, 10), date(2026, 3, 11), base=D(25010), rate_pct_per_day=D("0.05"), cap_pct=None
    )

    assert found.ld == D("12.51")  # exact 12.505
    assert found.cap is None
    assert found.days_until_cap is None


@pytest.mark.parametrize(("currency", "ld"), [("JPY", "62"), ("KWD", "61.728"), ("CNY", "61.73")])
def test_damages_have_the_digits_of_their_currency(currency, ld):
    found = finance.milestone_delay(
        date(2026, 3, 10), date(2026, 3, 11), base=D(123456), rate_pct_per_day=D("0.05"), currency=currency
    )

    assert str(found.ld) == ld


def test_an_early_milestone_is_no_delay():
    found = finance.milestone_delay(
        date(2026, 3, 10), date(2026, 3, 1), base=D(1000), rate_pct_per_day=D(1), cap_pct=D(10)
    )

    assert (found.delay_days, found.ld) == (0, D("0.00"))
    assert found.working[0].code == "no_delay"


def test_without_a_rate_the_limit_is_never_reached():
    found = finance.milestone_delay(
        date(2026, 3, 10), date(2026, 3, 20), base=D(1000), rate_pct_per_day=D(0), cap_pct=D(10)
    )

    assert found.days_until_cap is None


@settings(deadline=None)
@given(base=amounts, rate=percents, cap=percents, late=st.integers(-400, 4000))
def test_damages_never_exceed_the_limit_nor_fall_with_the_days(base, rate, cap, late):
    day = date(2026, 1, 1)
    ld = [
        finance.milestone_delay(
            day, date.fromordinal(day.toordinal() + n), base=base, rate_pct_per_day=rate, cap_pct=cap
        )
        for n in (late, late + 1)
    ]

    assert 0 <= ld[0].ld <= ld[1].ld <= ld[1].cap


@settings(deadline=None)
@given(base=amounts, rate=percents, cap=percents)
def test_the_limit_is_reached_on_the_day_that_is_named_and_not_before(base, rate, cap):
    found = finance.milestone_delay(date(2026, 1, 1), date(2026, 1, 2), base=base, rate_pct_per_day=rate, cap_pct=cap)
    daily = Fraction(base) * Fraction(rate) / 100

    if found.days_until_cap is not None:
        assert daily * found.days_until_cap >= found.cap
        assert daily * (found.days_until_cap - 1) < found.cap


@pytest.mark.parametrize(
    ("delay", "spare", "second", "expected"),
    [(20, 12, 9, (8, 0, 8)), (5, 12, 30, (0, 18, 18)), (12, 12, None, (0, None, 0)), (0, 0, 0, (0, 0, 0))],
)
def test_float_absorbs_first_and_the_later_finish_counts(delay, spare, second, expected):
    found = finance.project_delay(delay, spare, second)

    assert (found.project_delay_days, found.second_case_project_delay_days, found.together_days) == expected


# Payments, retention, interest ---------------------------------------------------------------------------------------


def test_paid_and_unconnected_payments_are_not_at_risk():
    items = [
        PaymentItem("M1", D("100.00"), date(2026, 1, 31), True, paid=True),
        PaymentItem("M2", D("200.00"), date(2026, 2, 28), False),
        PaymentItem("M3", D("365000.00"), date(2026, 12, 31), True),
    ]

    found = finance.payments_at_risk(items, 60, funding_rate_pct=D("4.8"), basis="ACT/365")

    assert found.at_risk == D("365000.00")
    assert found.new_dates == (date(2026, 1, 31), date(2026, 2, 28), date(2027, 3, 1))
    assert found.funding_cost == D("2880.00")  # 365 000 × 4.8 % × 60 / 365


def test_a_payment_beyond_the_calendar_is_refused():
    items = [PaymentItem("last", D(1), date(9999, 12, 1), True)]

    with pytest.raises(Unreckonable) as refused:
        finance.payments_at_risk(items, 40, funding_rate_pct=D(5), basis="ACT/360")

    assert (refused.value.field, refused.value.code) == ("shift_days", "beyond_calendar")


@pytest.mark.parametrize(
    ("estimate", "impairs", "risk", "release"),
    [("36480.55", False, "36480.55", "63519.45"), ("250000", False, "100000.00", "0.00"),
     ("0", True, "100000.00", "0.00")],
)  # fmt: skip
def test_retention_at_risk_is_the_estimate_at_most_what_is_held(estimate, impairs, risk, release):
    found = finance.retention_at_risk(D(2_000_000), D(5), D(estimate), impairs_use=impairs)

    assert (found.held, found.at_risk, found.expected_release) == (D("100000.00"), D(risk), D(release))


@settings(deadline=None)
@given(price=amounts, pct=percents, estimate=amounts)
def test_what_is_held_is_either_at_risk_or_released(price, pct, estimate):
    found = finance.retention_at_risk(price, pct, estimate)

    assert found.at_risk + found.expected_release == found.held
    assert 0 <= found.at_risk <= found.held


def test_interest_is_reckoned_on_the_days_of_the_basis():
    interest = {
        basis: finance.extra_interest(D(1_000_000), D("5.5"), 31, basis=basis).extra_interest
        for basis in ("ACT/360", "ACT/365")
    }

    assert interest == {"ACT/360": D("4736.11"), "ACT/365": D("4671.23")}


# Cash ----------------------------------------------------------------------------------------------------------------


def test_the_cash_table_moves_the_receipt_and_takes_the_remedy_out():
    found = finance.cash_table(plan())

    assert found.closing_baseline == (300, 650, 450)
    assert found.closing_revised == (260, -90, 410)
    assert found.difference == (-40, -740, -40)
    assert (found.lowest, found.lowest_month, found.funding_gap) == (-90, "2026-12", 190)


def test_damages_that_are_paid_by_themselves_lower_the_cash():
    found = finance.cash_table(plan(ld={"2026-11": 30}))

    assert found.closing_revised == (230, -120, 380)


def test_the_first_of_two_lowest_months_is_named():
    found = finance.cash_table(plan(monthly_cost=0, debt_service={}, remedy_cost={}))

    assert (found.lowest_month, found.funding_gap) == ("2026-11", 0)


def test_an_amount_outside_the_months_is_said_and_not_counted():
    found = finance.cash_table(plan(receipts_revised={"2027-05": 700}))

    assert found.closing_revised[-1] == -290
    assert [line.params["month"] for line in found.working if line.code == "outside_table"] == ["2027-05"]


@pytest.mark.parametrize("months", [("2026-12", "2026-11"), ("2026-11", "2027-01"), ("2026-11", "2026-11"), ()])
def test_months_follow_each_other(months):
    with pytest.raises(Unreckonable) as refused:
        finance.cash_table(plan(months=months))

    assert refused.value.field == "months"


def test_a_payment_moves_by_its_own_day_and_that_decides_the_month():
    items = [
        PaymentItem("M3", D(14400), date(2026, 10, 30), True),
        PaymentItem("M4", D(19200), date(2027, 1, 29), True),
        PaymentItem("M5", D(100), date(2026, 12, 1), False),
    ]

    assert finance.receipts_by_month(items, 45) == {"2026-12": D(14500), "2027-03": D(19200)}


# Cover ---------------------------------------------------------------------------------------------------------------


def test_a_period_without_debt_service_has_no_ratio_and_no_state():
    found = finance.dscr([D(5), D(10)], [D(0), D(8)], FACILITY)

    assert [cover.shown for cover in found.after] == [None, D("1.25")]
    assert [cover.state for cover in found.after] == [None, State.OK]


@pytest.mark.parametrize(
    ("cash", "state", "shown"),
    [
        ("120", "OK", "1.20"), ("119.9999999", "LOCK_UP", "1.19"), ("105", "LOCK_UP", "1.05"),
        ("104.9999999", "DEFAULT", "1.04"), ("-1", "DEFAULT", "-0.01"), ("0", "DEFAULT", "0.00"),
    ],
)  # fmt: skip
def test_a_level_is_breached_strictly_below_it_and_never_shown_as_kept(cash, state, shown):
    cover = finance.covenant([D(cash)], [D(100)], FACILITY).covers[0]

    assert (cover.state, cover.shown) == (state, D(shown))


def test_the_look_back_is_the_ratio_of_sums():
    found = finance.look_back([D(30), D(5)], [D(10), D(20)], FACILITY, impact=[D(1), D(0)])

    assert (found.before, found.after) == (D("1.166667"), D("1.133333"))  # the mean of ratios would be 1.625
    assert found.state == State.LOCK_UP


def test_the_cure_brings_the_cover_to_the_level():
    found = finance.cure(D(14), D(20), FACILITY, impact=D("1.5"), unit=1000)

    assert (found.dscr, found.state) == (D("0.625000"), State.DEFAULT)
    assert (found.cure_to_default, found.cure_to_lock_up) == (D("8500.00"), D("11500.00"))


def test_loan_life_cover_discounts_each_flow_at_the_end_of_its_period():
    found = finance.llcr([D(110), D(121)], D(160), D("0.1"), impact=[D(0), D("12.1")])

    assert (found.npv_before, found.npv_after) == (D("200.000000"), D("190.000000"))
    assert (found.before, found.after, found.shown) == (D("1.250000"), D("1.187500"), (D("1.25"), D("1.18")))


def test_the_reserve_account_counts_where_the_facility_says_so():
    found = finance.llcr([D(110)], D(160), D("0.1"), reserve=D(40))

    assert found.before == D("0.875000")


def test_without_debt_there_is_no_loan_life_cover():
    assert finance.llcr([D(1)], 0, D("0.02")).shown == (None, None)


def test_lock_up_below_default_is_refused():
    with pytest.raises(Unreckonable) as refused:
        Levels(D("1.05"), D("1.20"))

    assert refused.value.field == "lock_up"


@settings(deadline=None)
@given(cash=flows, less=st.decimals(0, 1000, places=3), debt=st.decimals("0.001", 1000, places=3))
def test_cover_never_rises_when_cash_falls(cash, less, debt):
    service = [debt] * len(cash)
    found = finance.dscr(cash, service, FACILITY, impact=[less] * len(cash))

    order = [State.OK, State.LOCK_UP, State.DEFAULT]
    for before, after in zip(found.before, found.after, strict=True):
        assert after.ratio <= before.ratio
        assert after.shown <= before.shown
        assert order.index(after.state) >= order.index(before.state)


@settings(deadline=None)
@given(cash=st.decimals(-1000, 1000, places=6), debt=st.decimals("0.001", 1000, places=3))
def test_what_cures_a_level_is_just_enough(cash, debt):
    cover = finance.covenant([cash], [debt], FACILITY).covers[0]
    cured = finance.covenant([Fraction(cash) + cover.cure(FACILITY.lock_up)], [debt], FACILITY).covers[0]

    assert cured.state == State.OK
    assert (cover.cure(FACILITY.lock_up) == 0) == (cover.state == State.OK)


@settings(deadline=None)
@given(cash=flows, debt=st.decimals("0.001", 1000, places=3))
def test_the_look_back_lies_between_the_ratios_of_its_periods(cash, debt):
    ratios = [cover.ratio for cover in finance.covenant(cash, [debt] * len(cash), FACILITY).covers]
    found = finance.look_back(cash, [debt] * len(cash), FACILITY)

    assert min(ratios) <= found.cover.ratio <= max(ratios)


@settings(deadline=None)
@given(cash=st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=8), rate=st.decimals(0, 1, places=4))
def test_discounting_never_adds_value(cash, rate):
    found = finance.llcr(cash, 1, rate)

    assert 0 <= found.npv_before <= sum(cash)


# Exposure ------------------------------------------------------------------------------------------------------------


def test_supplier_and_insurer_never_bear_more_than_the_head():
    recovery = Recovery(D(60), "REMEDY", D(100))

    found = finance.net_exposure({"LD": D(50), "REMEDY": D(1000)}, recovery)

    assert (found.supplier, found.insurance, found.net) == (D("600.00"), D("400.00"), D("50.00"))


def test_a_recovery_that_is_not_agreed_counts_with_its_probability():
    recovery = Recovery(D(60), "LD", D(100), D("0.5"), D("0.25"))

    found = finance.net_exposure({"LD": D(900), "REMEDY": D(1000), "LOST_MARGIN": D(10)}, recovery)

    assert (found.gross, found.supplier, found.insurance, found.net) == (D(1910), D(300), D(200), D(1410))


@settings(deadline=None)
@given(
    ld=amounts, remedy=amounts, pct=percents, deductible=amounts,
    head=st.sampled_from(["", "LD", "REMEDY", "EXTRA_INTEREST"]),
)  # fmt: skip
def test_what_stays_is_never_negative_and_never_more_than_the_gross(ld, remedy, pct, deductible, head):
    found = finance.net_exposure({"LD": ld, "REMEDY": remedy}, Recovery(pct, head, deductible))

    assert 0 <= found.net <= found.gross


def test_of_two_equally_likely_ways_the_dearer_is_the_most_likely():
    found = finance.expected_value([Chance(D("0.5"), D(100)), Chance(D("0.5"), D("300.01"))])

    assert (found.expected, found.most_likely, found.worst) == (D("200.01"), D("300.01"), D("300.01"))


@pytest.mark.parametrize(
    ("chances", "code"),
    [([("0.5", 1), ("0.4999", 2)], "not_the_whole"), ([("1.5", 1), ("-0.5", 2)], "not_a_probability"),
     ([], "no_period")],
)  # fmt: skip
def test_probabilities_make_the_whole(chances, code):
    with pytest.raises(Unreckonable) as refused:
        finance.expected_value([Chance(D(p), D(amount)) for p, amount in chances])

    assert refused.value.code == code


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 50), st.decimals(-(10**9), 10**9, places=2)), min_size=1, max_size=8))
def test_the_expected_value_lies_between_the_extremes(drawn):
    weights = [weight for weight, _ in drawn]
    chances = [Chance(Fraction(weight, sum(weights)), amount) for weight, amount in drawn]
    found = finance.expected_value(chances)

    amounts = [amount for _, amount in drawn]
    assert min(amounts) <= found.expected <= max(amounts) == found.worst


QUIET = {"project_delay_days": 29, "payments_at_risk": D("4.99"), "contract_price": D(100), "cap_used_pct": D("49.9")}


@pytest.mark.parametrize(
    ("said", "hits"),
    [
        ({}, ()),
        ({"project_delay_days": 30}, ("delay",)),
        ({"payments_at_risk": D(5)}, ("payments",)),
        ({"cap_used_pct": D(50)}, ("cap",)),
        ({"states": [State.OK, None, State.LOCK_UP]}, ("covenant",)),
        ({"grade": "G1"}, ("grade",)),
        ({"contract_price": D(0)}, ("payments",)),
        ({"payments_at_risk": D(0), "contract_price": D(0)}, ()),
    ],
)
def test_each_test_of_the_lender_stands_alone(said, hits):
    found = finance.lender_material(**{**QUIET, **said})

    assert (found.material, found.hits) == (bool(hits), hits)


def test_the_levels_of_the_facility_replace_the_defaults():
    strict = finance.LenderTest(delay_days=10)

    assert finance.lender_material(**{**QUIET, "project_delay_days": 10}, test=strict).hits == ("delay",)


# Numbers and words ---------------------------------------------------------------------------------------------------


def test_sums_of_forty_digits_stay_exact():
    vast = D("1234567890123456789012345678901234567.89")

    found = finance.net_exposure({"LD": vast, "REMEDY": D("0.01")}, Recovery())

    assert str(found.net) == "1234567890123456789012345678901234567.90"


@pytest.mark.parametrize(
    ("value", "shown"), [("1.005", "1.01"), ("-1.005", "-1.01"), ("0.004999", "0.00"), ("2", "2.00")]
)
def test_money_is_rounded_half_away_from_zero(value, shown):
    assert str(money(D(value))) == shown


def test_a_ratio_is_cut_downwards():
    assert [str(cut(D(value))) for value in ("1.1999", "-0.001", "1.2")] == ["1.19", "-0.01", "1.20"]


@pytest.mark.parametrize(
    ("value", "least", "shown"), [("1200.50", 0, "1200.5"), ("3", 2, "3.00"), ("0.1234567", 0, "0.123457")]
)
def test_a_number_of_a_formula_shows_its_digits(value, least, shown):
    assert str(written(D(value), least)) == shown


def test_every_figure_opens_its_formula_and_its_clause():
    found = finance.milestone_delay(
        date(2026, 9, 30), date(2026, 11, 14), base=D("48000000.00"), rate_pct_per_day=D("0.05"), cap_pct=D(10),
        clause="§9.1, HT-2024-118 v2",
    )  # fmt: skip

    said = [finance_words.say(line) for line in found.working if line.figure == "ld"]
    assert said == [
        "45 d × 0.05 % × 48,000,000.00 = 1,080,000.00.",
        "Within the limit 4,800,000.00: the damages are 1,080,000.00.",
        "By §9.1, HT-2024-118 v2.",
    ]


def test_a_ratio_that_only_looks_like_the_level_shows_that_it_is_not():
    found = finance.covenant([D("13.199999")], [D("11.0")], FACILITY)

    assert finance_words.say(found.working[0]) == (
        "Period 1: 13.199999 / 11 = 1.1999…; below lock-up 1.20: no distribution."
    )
