"""CAPA: planned, carried out, and judged by another against what was agreed before (DOMAIN §8)."""

import pytest
from django.core.exceptions import PermissionDenied

from complaints.lifecycle import Refused
from remediation import capa
from remediation.models import Capa
from tests.complaints.factories import events_of
from tests.remediation.stories import DAY, RESOLVED, codes, following_up

LATER = RESOLVED + 7 * DAY
DUE = (RESOLVED + 60 * DAY).date()


@pytest.fixture
def plan(who) -> Capa:
    return capa.open_capa(
        following_up(who), by=who.quinn, at=LATER, problem="Nozzle wears", owner=who.quinn, due_on=DUE
    )


def act(who, plan, strength=1, **fields):
    said = {"description": "Harder nozzle", "owner": who.quinn, "due_on": DUE, "strength": strength, **fields}
    return capa.add_action(plan, by=who.quinn, at=LATER, **said)


def implemented(who, plan):
    action = act(who, plan)
    capa.finish_action(action, by=who.quinn, at=LATER, evidence="Order 7")
    capa.set_criterion(plan, by=who.quinn, at=LATER, metric="Leaks per 1 000", baseline="4", target="below 1")
    return capa.implement(plan, by=who.quinn, at=LATER)


def test_numbers_go_on_within_the_year(who, plan):
    second = capa.open_capa(
        plan.complaint, by=who.quinn, at=LATER, problem="No load test", owner=who.lee, due_on=DUE
    )  # fmt: skip

    assert (plan.number, second.number) == ("CAPA-2026-0001", "CAPA-2026-0002")


def test_it_is_implemented_once_all_is_done_and_the_measure_is_agreed(who, plan):
    with pytest.raises(Refused) as refusal:
        capa.implement(plan, by=who.quinn, at=LATER)
    assert codes(refusal) == ["capa_no_actions", "capa_criterion_missing"]
    act(who, plan)
    with pytest.raises(Refused) as refusal:
        capa.implement(plan, by=who.quinn, at=LATER)
    assert codes(refusal) == ["capa_action_open", "capa_criterion_missing"]

    capa.finish_action(plan.actions.get(), by=who.quinn, at=LATER, evidence="Order 7")
    capa.set_criterion(plan, by=who.quinn, at=LATER, metric="Leaks", baseline="4", target="1", window_days=10)
    done = capa.implement(plan, by=who.quinn, at=LATER)

    assert (done.status, done.window_until) == ("IMPLEMENTED", (LATER + 90 * DAY).date())  # never less than 90 days


def test_only_checks_and_training_need_the_managers_reason(who, plan):
    action = act(who, plan, strength=5)
    capa.finish_action(action, by=who.quinn, at=LATER, evidence="List of attendance")
    capa.set_criterion(plan, by=who.quinn, at=LATER, metric="Leaks", baseline="4", target="1")
    with pytest.raises(Refused) as refusal:
        capa.implement(plan, by=who.quinn, at=LATER)
    assert codes(refusal) == ["capa_only_weak"]
    with pytest.raises(PermissionDenied):
        capa.implement(plan, by=who.quinn, at=LATER, weak_because="Enough")

    assert capa.implement(plan, by=who.lee, at=LATER, weak_because="Line ends in June").status == "IMPLEMENTED"


def test_an_action_is_done_only_with_evidence(who, plan):
    with pytest.raises(Refused) as refusal:
        capa.finish_action(act(who, plan), by=who.quinn, at=LATER, evidence="")

    assert codes(refusal) == ["line_evidence_missing"]


def test_similar_products_are_decided_on_first(who, plan):
    similar = capa.add_similar(plan, by=who.quinn, at=LATER, text="Gearbox G2")
    with pytest.raises(Refused) as refusal:
        implemented(who, plan)
    assert codes(refusal) == ["capa_similar_open"]

    capa.decide_similar(similar, by=who.quinn, at=LATER, applies=False, because="Other nozzle")

    assert capa.implement(plan, by=who.quinn, at=LATER).status == "IMPLEMENTED"


def test_its_owner_does_not_judge_it(who, plan):
    with pytest.raises(Refused) as refusal:
        capa.check_effect(implemented(who, plan), by=who.quinn, at=LATER, result="Fine", effective=True)

    assert codes(refusal) == ["same_person"]


def test_it_is_effective_only_after_the_window(who, plan):
    done = implemented(who, plan)
    with pytest.raises(Refused) as refusal:
        capa.check_effect(done, by=who.lee, at=LATER + 90 * DAY, result="None", effective=True)
    assert codes(refusal) == ["capa_window_open"]
    looked = capa.check_effect(done, by=who.lee, at=LATER + 30 * DAY, result="None so far", effective=None)
    assert looked.status == "EFFECTIVENESS_CHECK"

    ended = capa.check_effect(done, by=who.lee, at=LATER + 91 * DAY, result="None in 800", effective=True)

    assert (ended.status, ended.checked_by) == ("CLOSED_EFFECTIVE", who.lee)
    assert [event.facts["effective"] for event in events_of(plan.complaint, "capa.checked")] == [None, True]


def test_it_may_prove_ineffective_at_any_time(who, plan):
    done = implemented(who, plan)

    ended = capa.check_effect(done, by=who.lee, at=LATER + DAY, result="Two leaks", effective=False)

    assert ended.status == "CLOSED_INEFFECTIVE"
    with pytest.raises(Refused) as refusal:
        act(who, plan)
    assert codes(refusal) == ["capa_status_wrong"]
