"""A loan under an impact: every covenant of the facility, tested where the facility tests it (FV-06 to FV-10)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from contracts import finance
from contracts.finance import Covenants, Levels, Loan, State

D = Decimal
M = 1_000_000
CFADS = tuple(D(cash) * M for cash in ("14.2", "14.6", "15.0", "15.4", "15.8", "16.0"))
IMPACT = (D("1.9") * M, D("0.3") * M, 0, 0, 0, 0)
COVENANTS = Covenants(
    dscr_clause="§21.3 a", look_back=Levels(D("1.20"), D("1.10")), look_back_periods=2, look_back_clause="§21.3 b",
    llcr=Levels(D("1.40"), D("1.15")), llcr_clause="§21.3 c", debt=D(58) * M, rate_pct_per_period=D("2.6"),
)  # fmt: skip
LOAN = Loan(
    drawn=D(58) * M, rate_pct=D("5.2"), basis="ACT/360", levels=Levels(D("1.20"), D("1.05")), cfads=CFADS,
    debt_service=(D(11) * M,) * 6, periods=("2026-12", "2027-06", "2027-12", "2028-06", "2028-12", "2029-06"),
    covenants=COVENANTS, clause="§8.1",
)  # fmt: skip


def test_every_covenant_is_tested():
    found = finance.lend(LOAN, IMPACT, "CNY")

    assert [cover.state for cover in found.dscr.after][:2] == [State.LOCK_UP, State.OK]
    assert [place for place, _one in found.look_backs] == [1, 2, 3, 4, 5]
    assert (found.lowest_look_back[0], found.lowest_look_back[1].after) == (1, D("1.209091"))
    assert found.llcr.after == D("1.396062")
    assert found.llcr_state == State.LOCK_UP  # 1.396 is below 1.40
    [(place, cure)] = found.cures
    assert (place, cure.cure_to_lock_up, cure.cure_to_default) == (0, D("900000.00"), D("0.00"))
    assert found.states.count(State.LOCK_UP) == 2


def test_what_is_not_tested_does_not_count():
    quiet = replace(LOAN, covenants=replace(COVENANTS, tested=(1, 3), llcr=None))

    found = finance.lend(quiet, IMPACT, "CNY")

    assert found.tested == (1, 3)
    assert found.cures == ()
    assert set(found.states) == {State.OK, None}
    assert found.llcr.after == D("1.396062")  # known, though nothing asks for it


def test_without_levels_or_periods_there_is_no_ratio_and_it_is_said():
    bare = finance.lend(replace(LOAN, levels=None, covenants=Covenants()), IMPACT)
    empty = finance.lend(replace(LOAN, cfads=(), debt_service=()), ())

    assert (bare.dscr, bare.llcr, bare.look_backs, bare.cures) == (None, None, (), ())
    assert [step.code for step in bare.working] == ["no_dscr_covenant"]
    assert [step.code for step in empty.working] == ["no_loan_periods"]
    assert [state for state in bare.states + empty.states if state] == []


def test_a_look_back_waits_for_enough_periods():
    long = replace(LOAN, covenants=replace(COVENANTS, look_back_periods=6, look_back_tested=(0, 5)))

    assert [place for place, _one in finance.lend(long, IMPACT).look_backs] == [5]


@pytest.mark.parametrize("asks", [{"look_back_periods": 7}, {"look_back_tested": (0,)}])
@pytest.mark.parametrize("levels", [LOAN.levels, None])
def test_a_look_back_that_cannot_be_tested_is_said(asks, levels):
    loan = replace(LOAN, levels=levels, covenants=replace(COVENANTS, **asks))

    found = finance.lend(loan, IMPACT, "CNY")

    assert found.look_backs == ()
    assert found.working[-1].code == "look_back_not_testable"
    assert not finance.lend(LOAN, IMPACT, "CNY").working


@pytest.mark.parametrize(("level", "state"), [("1.396061", State.OK), ("1.396063", State.LOCK_UP)])
def test_the_loan_life_cover_is_compared_unrounded(level, state):
    asks = replace(COVENANTS, llcr=Levels(D(level), D("1.00")))

    assert finance.lend(replace(LOAN, covenants=asks), IMPACT).llcr_state == state


def test_the_reserve_counts_where_the_facility_counts_it():
    with_reserve = replace(COVENANTS, reserve=D(1) * M)

    assert finance.lend(replace(LOAN, covenants=with_reserve), IMPACT).llcr_state == State.OK
