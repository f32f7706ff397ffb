from datetime import date

import pytest

from accounts.models import User
from complaints import targets
from complaints.models import SlaPolicy
from complaints.models.states import Metric
from contracts.models import Contract
from tests.complaints.factories import received

DAY = date(2026, 5, 12)
HOURS = {  # DOMAIN §3.2
    Metric.ACK: {"G1": 1, "G2": 8, "G3": 8, "G4": 8, "": 8},
    Metric.TRIAGE: {"G1": 2, "G2": 4, "G3": 4, "G4": 4, "": 4},
    Metric.INITIAL: {"G1": 24, "G2": 48, "G3": 48, "G4": 48, "": 48},
    Metric.RESOLVE: {"G1": 80, "G2": 160, "G3": 240, "G4": 320, "": 240},
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ada: User):
    return received(ada)


def policy(**fields) -> SlaPolicy:
    fields = {"metric": Metric.INITIAL, "basis": "CALENDAR", "target_minutes": 60, "effective_from": DAY} | fields
    return SlaPolicy.objects.create(**fields)


def chosen(case, metric, on) -> SlaPolicy:
    return targets.policies_for(case, [metric], on)[metric]


@pytest.mark.parametrize("metric", HOURS)
@pytest.mark.parametrize("grade", ["G1", "G2", "G3", "G4", ""])
def test_the_defaults_are_those_of_the_table(case, metric, grade):
    case.grade = grade

    found = chosen(case, metric, DAY)

    assert found.target_minutes == HOURS[metric][grade] * 60
    assert found.pausable == (metric == Metric.RESOLVE)
    round_the_clock = metric == Metric.INITIAL or (metric in targets.HURRIED and grade == "G1")
    assert found.basis == ("CALENDAR" if round_the_clock else "BUSINESS")


def test_contract_comes_before_customer_before_grade_before_default(case):
    contract = Contract.objects.create(
        number="HT-1", title="Gearboxes", customer=case.customer, currency="EUR", signed_on=DAY
    )
    case.contract, case.grade = contract, "G2"
    assert targets.source(chosen(case, Metric.INITIAL, DAY)) == "grade G2"

    of_customer = policy(customer=case.customer)
    assert chosen(case, Metric.INITIAL, DAY) == of_customer
    assert targets.source(of_customer) == "customer"

    of_contract = policy(contract=contract)
    assert chosen(case, Metric.INITIAL, DAY) == of_contract

    of_grade = policy(contract=contract, grade="G2")
    assert chosen(case, Metric.INITIAL, DAY) == of_grade
    assert targets.source(of_grade) == "contract G2"


def test_a_target_of_another_customer_is_not_ours(case, rival):
    policy(customer=rival)

    assert chosen(case, Metric.INITIAL, DAY).target_minutes == 2880


@pytest.mark.parametrize(
    ("start", "end"), [(date(2026, 5, 13), None), (date(2026, 1, 1), date(2026, 5, 11))], ids=["not yet", "no more"]
)
def test_only_what_is_in_force_counts(case, start, end):
    policy(customer=case.customer, effective_from=start, effective_to=end)

    assert chosen(case, Metric.INITIAL, DAY).target_minutes == 2880


def test_the_newer_of_two_in_force_wins(case):
    newer = policy(customer=case.customer)
    policy(customer=case.customer, effective_from=date(2026, 1, 1))

    assert chosen(case, Metric.INITIAL, DAY) == newer


def test_a_clock_without_any_policy_is_absent(case):
    assert targets.policies_for(case, [Metric.VISIT], DAY) == {}
