"""Finance and project managers keep a project; what does not go together is refused at its field."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import Event
from contracts import project_words, projects
from contracts.amounts import Money
from contracts.models import CashPlan, Covenant, Facility, Milestone, PaymentItem, Project
from contracts.projects import Period, Refused
from tests.cast import NOON, organisation

D = Decimal


def cny(amount):
    return Money(D(amount), "CNY")


PLAN = {"opening": cny("12000000"), "monthly_cost": cny("3000000"), "minimum_cash": cny("1000000")}
LOAN = {"amount": cny("80000000"), "drawn": cny("58000000"), "outstanding": cny("58000000"), "reserve": cny("0")}
PERIODS = (
    Period(date(2026, 12, 31), cny("14200000"), cny("11000000")),
    Period(date(2027, 6, 30), cny("14600000"), cny("11000000")),
)


@pytest.fixture
def bank(db):
    return organisation("NDB", "Northern Development Bank", "LENDER")


@pytest.fixture
def project(acme, fay):
    return projects.open_project(
        code="ZB-200", name="Zhangbei", name_zh="张北", customer=acme, currency="CNY", by=fay, at=NOON
    )


@pytest.fixture
def milestone(project, fay):
    step = Milestone(project=project, name="M3", planned_on=date(2026, 9, 30), float_days=12)
    return projects.keep(step, by=fay, at=NOON)


def payment(project, **said):
    facts = {"name": "M3 payment", "due_on": date(2026, 10, 30), "share_pct": D(100)}
    return PaymentItem(project=project, **(facts | said))


def facility(project, bank, **said):
    facts = {
        "name": "Term loan", "rate_pct": D("5.2"), "basis": "ACT/360", "period_rate_pct": D("2.6"),
        "asks_from_payments_pct": D(5), "asks_from_cap_pct": D(50),
    }  # fmt: skip
    return Facility(project=project, lender=bank, **(facts | said))


def refused(row, by, **said):
    """Keep what is refused; return the refusal's field and code after saying it in words."""
    with pytest.raises(Refused) as error:
        projects.keep(row, by=by, at=NOON, **said)
    assert "{" not in project_words.say(error.value)
    return error.value.field, error.value.code


def test_a_project_is_opened_once_and_its_code_can_stand_in_an_address(project, acme, fay):
    assert [event.kind for event in Event.objects.filter(stream=project.uuid)] == ["project.opened"]

    for code, why in (("zb-200", "code_taken"), ("new", "code_taken"), ("ZB 200/1", "code_unfit")):
        with pytest.raises(Refused) as error:
            projects.open_project(code=code, name="Again", customer=acme, currency="CNY", by=fay, at=NOON)
        assert (error.value.field, error.value.code) == ("code", why)
    assert Project.objects.count() == 1


def test_only_a_customer_has_a_project(bank, fay):
    with pytest.raises(Refused) as error:
        projects.open_project(code="X", name="X", customer=bank, currency="CNY", by=fay, at=NOON)

    assert error.value.code == "not_a_customer"


def test_others_keep_nothing(project, milestone, ada, lee):
    for somebody in (ada, lee):
        with pytest.raises(PermissionDenied):
            projects.keep(payment(project), sums={"amount": cny("1")}, by=somebody, at=NOON)
        with pytest.raises(PermissionDenied):
            projects.drop(milestone, by=somebody, at=NOON)
    assert Milestone.objects.exists()
    assert not PaymentItem.objects.exists()


def test_each_part_is_kept_with_an_event(project, milestone, bank, fay):
    item = projects.keep(payment(project, milestone=milestone), sums={"amount": cny("14400000")}, by=fay, at=NOON)
    plan = CashPlan(project=project, starts_on=date(2026, 9, 17), months=7, funding_rate_pct=D("6.5"), basis="ACT/360")
    plan = projects.keep(plan, sums=PLAN, by=fay, at=NOON)
    loan = projects.keep(facility(project, bank), sums=LOAN, periods=PERIODS, by=fay, at=NOON)
    asked = projects.keep(Covenant(facility=loan, kind="DSCR", lock_up=D("1.20"), default=D("1.05")), by=fay, at=NOON)

    assert PaymentItem.objects.get().amount == cny("14400000")
    assert plan.month_names == ["2026-09", "2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03"]
    assert [period.cfads for period in loan.periods.order_by("ends_on")] == [cny("14200000"), cny("14600000")]
    assert asked.tests(date(2026, 12, 31))
    told = Event.objects.filter(stream=project.uuid, kind="project.kept").order_by("seq")
    assert [event.facts["part"] for event in told] == ["milestone", "payment", "plan", "facility", "covenant"]
    assert told[1].facts["values"]["amount_minor"] == 1440000000
    assert (told[1].facts["row"], told[1].facts["made"]) == (item.pk, True)


def test_a_facility_gets_its_periods_anew(project, bank, fay):
    loan = projects.keep(facility(project, bank), sums=LOAN, periods=PERIODS, by=fay, at=NOON)

    loan = projects.keep(loan, sums=LOAN, periods=PERIODS[:1], by=fay, at=NOON)

    assert [period.ends_on for period in loan.periods.all()] == [date(2026, 12, 31)]


def test_another_currency_is_refused_at_its_field(project, bank, fay):
    euro = Money(D("5"), "EUR")

    assert refused(payment(project), fay, sums={"amount": euro}) == ("amount", "other_currency")
    assert refused(facility(project, bank), fay, sums=LOAN | {"reserve": euro}) == ("reserve", "other_currency")
    mixed = [replace(PERIODS[0], cfads=euro)]
    assert refused(facility(project, bank), fay, sums=LOAN, periods=mixed) == ("periods", "other_currency")
    assert not Facility.objects.exists()


@pytest.mark.parametrize("name", ["opening", "monthly_cost", "minimum_cash"])
def test_a_cash_plan_has_no_sum_below_zero(project, fay, name):
    plan = CashPlan(project=project, starts_on=date(2026, 9, 1), months=7, funding_rate_pct=D(6), basis="ACT/360")

    assert refused(plan, fay, sums=PLAN | {name: cny("-0.01")}) == (name, "negative")


@pytest.mark.parametrize("name", ["drawn", "outstanding", "reserve"])
def test_a_facility_has_no_balance_below_zero(project, bank, fay, name):
    assert refused(facility(project, bank), fay, sums=LOAN | {name: cny("-1")}) == (name, "negative")


def test_days_that_stand_upside_down_are_refused(project, milestone, bank, fay):
    early = payment(project, milestone=milestone, due_on=date(2026, 9, 29))
    assert refused(early, fay, sums={"amount": cny("1")}) == ("due_on", "before_its_milestone")
    future = payment(project, paid_on=date(2026, 5, 13))
    assert refused(future, fay, sums={"amount": cny("1")}) == ("paid_on", "in_future")
    turned = [PERIODS[1], PERIODS[0]]
    assert refused(facility(project, bank), fay, sums=LOAN, periods=turned) == ("periods", "periods_out_of_order")

    projects.keep(payment(project, milestone=milestone), sums={"amount": cny("1")}, by=fay, at=NOON)
    milestone.planned_on = date(2026, 11, 1)
    assert refused(milestone, fay) == ("planned_on", "after_its_payment")


def test_what_does_not_go_together_is_refused(project, milestone, bank, acme, fay):
    other = projects.open_project(code="B", name="B", customer=acme, currency="CNY", by=fay, at=NOON)
    one = {"amount": cny("1")}

    assert refused(payment(project), fay, sums={"amount": cny("0")}) == ("amount", "zero")
    assert refused(payment(project, share_pct=D("100.1")), fay, sums=one) == ("share_pct", "not_a_percentage")
    assert refused(payment(other, milestone=milestone), fay, sums=one) == ("milestone", "of_another_project")
    assert refused(Milestone(project=project, name="M3", planned_on=NOON.date()), fay) == ("name", "name_taken")
    assert refused(facility(project, acme), fay, sums=LOAN) == ("lender", "not_a_lender")
    much = LOAN | {"drawn": cny("80000000.01")}
    assert refused(facility(project, bank), fay, sums=much) == ("drawn", "more_than_amount")
    owed = [replace(PERIODS[0], debt_service=cny("-1"))]
    assert refused(facility(project, bank), fay, sums=LOAN, periods=owed) == ("periods", "debt_negative")
    plan = CashPlan(project=project, starts_on=date(2026, 9, 1), months=0, funding_rate_pct=D(6), basis="ACT/360")
    assert refused(plan, fay, sums=PLAN) == ("months", "months_many")


def test_a_covenant_takes_its_levels_and_days_from_the_facility(project, bank, fay):
    loan = projects.keep(facility(project, bank), sums=LOAN, periods=PERIODS, by=fay, at=NOON)

    def asked(**said):
        return Covenant(facility=loan, **({"kind": "DSCR", "lock_up": D("1.20"), "default": D("1.05")} | said))

    assert refused(asked(default=D("1.21")), fay) == ("lock_up", "levels_out_of_order")
    assert refused(asked(default=D("-1")), fay) == ("default", "negative")
    assert refused(asked(kind="LOOK_BACK", periods=1), fay) == ("periods", "periods_few")
    assert refused(asked(kind="LOOK_BACK", periods=3), fay) == ("periods", "periods_many")
    assert refused(asked(test_dates=["2026-12-30"]), fay) == ("test_dates", "tested_within_a_period")
    kept = projects.keep(asked(test_dates=["2027-06-30"]), by=fay, at=NOON)
    assert not kept.tests(date(2026, 12, 31))
    assert refused(asked(), fay) == ("kind", "kind_taken")
    assert refused(loan, fay, sums=LOAN, periods=PERIODS[:1]) == ("periods", "test_date_lost")
    assert loan.periods.count() == 2


def test_a_facility_keeps_the_periods_that_a_covenant_looks_back_on(project, bank, fay):
    loan = projects.keep(facility(project, bank), sums=LOAN, periods=PERIODS, by=fay, at=NOON)
    asked = Covenant(facility=loan, kind="LOOK_BACK", lock_up=D("1.20"), default=D("1.05"), periods=2)
    asked = projects.keep(asked, by=fay, at=NOON)

    assert refused(loan, fay, sums=LOAN, periods=PERIODS[:1]) == ("periods", "look_back_lost")
    assert refused(loan, fay, sums=LOAN) == ("periods", "look_back_lost")
    assert loan.periods.count() == 2
    projects.keep(loan, sums=LOAN, periods=PERIODS, by=fay, at=NOON)
    projects.drop(asked, by=fay, at=NOON)
    projects.keep(loan, sums=LOAN, periods=PERIODS[:1], by=fay, at=NOON)
    assert loan.periods.count() == 1


def test_a_milestone_goes_only_after_its_payments(project, milestone, fay):
    item = projects.keep(payment(project, milestone=milestone), sums={"amount": cny("1")}, by=fay, at=NOON)

    with pytest.raises(Refused) as error:
        projects.drop(milestone, by=fay, at=NOON)
    assert error.value.code == "still_used"

    projects.drop(item, by=fay, at=NOON)
    projects.drop(milestone, by=fay, at=NOON)
    assert not Milestone.objects.exists()
    assert [event.kind for event in Event.objects.filter(stream=project.uuid).order_by("seq")][-2:] == [
        "project.dropped", "project.dropped",
    ]  # fmt: skip


def test_two_copies_of_a_row_do_not_overwrite_each_other(project, milestone, fay):
    mine, theirs = (Milestone.objects.get(pk=milestone.pk) for _ in range(2))
    theirs.float_days = 3
    projects.keep(theirs, by=fay, at=NOON)

    mine.float_days = 5
    assert refused(mine, fay) == ("", "changed_meanwhile")
    with pytest.raises(Refused) as error:
        projects.drop(mine, by=fay, at=NOON)
    assert error.value.code == "changed_meanwhile"

    assert Milestone.objects.get(pk=milestone.pk).float_days == 3
    assert projects.keep(mine, by=fay, at=NOON, expected=2).revision == 3


def test_a_dropped_row_comes_not_back(project, milestone, fay):
    mine, theirs = (Milestone.objects.get(pk=milestone.pk) for _ in range(2))
    projects.drop(theirs, by=fay, at=NOON)

    assert refused(mine, fay) == ("", "removed_meanwhile")
    with pytest.raises(Refused) as error:
        projects.drop(mine, by=fay, at=NOON)

    assert error.value.code == "removed_meanwhile"
    assert not Milestone.objects.exists()
    assert Event.objects.filter(stream=project.uuid, kind="project.dropped").count() == 1


def test_a_payment_is_not_hung_on_what_was_removed_or_moved_meanwhile(project, milestone, bank, fay):
    hung = payment(project, milestone=Milestone.objects.get(pk=milestone.pk))
    moved = Milestone.objects.get(pk=milestone.pk)
    moved.planned_on = date(2026, 12, 1)
    moved = projects.keep(moved, by=fay, at=NOON)
    one = {"amount": cny("1")}
    assert refused(hung, fay, sums=one) == ("due_on", "before_its_milestone")

    projects.drop(moved, by=fay, at=NOON)
    assert refused(hung, fay, sums=one) == ("milestone", "hangs_on_removed")

    loan = projects.keep(facility(project, bank), sums=LOAN, periods=PERIODS, by=fay, at=NOON)
    asked = Covenant(facility=Facility.objects.get(pk=loan.pk), kind="DSCR", lock_up=D("1.20"), default=D("1.05"))
    projects.drop(loan, by=fay, at=NOON)
    assert refused(asked, fay) == ("facility", "hangs_on_removed")
