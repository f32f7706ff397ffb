"""CAPA: planned, carried out, and judged by another against what was agreed before (DOMAIN §8)."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from complaints import gates
from complaints.lifecycle import Refused
from remediation import capa
from remediation.models import Capa
from tests.complaints.factories import events_of
from tests.remediation.stories import DAY, RESOLVED, codes, following_up, fresh

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


def test_a_capa_is_handed_over_with_what_its_owner_had_not_done(who, plan):
    done, open_, others = act(who, plan), act(who, plan), act(who, plan, owner=who.sam)
    capa.finish_action(done, by=who.quinn, at=LATER, evidence="Order 7")

    for _ in range(2):
        plan = capa.hand_over(plan, by=who.quinn, at=LATER, owner=who.lee, because="Quinn leaves")

    assert plan.owner == who.lee
    assert [fresh(row).owner for row in (done, open_, others)] == [who.quinn, who.lee, who.sam]
    assert [event.facts["owner"] for event in events_of(plan.complaint, "capa.handed_over")] == [who.lee.pk]


def test_it_is_handed_to_nobody_who_cannot_answer_for_it_nor_back_to_its_checker(who, plan, root):
    row = implemented(who, plan)
    capa.check_effect(row, by=who.lee, at=LATER, result="Too early", effective=None)

    for unfit, code in ((root, "person_unfit"), (who.lee, "same_person")):
        with pytest.raises(Refused) as refusal:
            capa.hand_over(row, by=who.quinn, at=LATER, owner=unfit, because="Quinn leaves")
        assert codes(refusal) == [code]
    with pytest.raises(Refused) as refusal:
        capa.hand_over(row, by=who.quinn, at=LATER, owner=who.sam, because=" ")
    assert codes(refusal) == ["reason_missing"]
    with pytest.raises(PermissionDenied):
        capa.hand_over(row, by=who.ada, at=LATER, owner=who.sam, because="Quinn leaves")


def test_a_capa_whose_owner_has_left_blocks_the_close_until_it_is_handed_over(who, plan):
    act(who, plan)
    User.objects.filter(pk=who.quinn.pk).update(is_active=False)

    gap = next(gap for gap in gates.gaps("close", plan.complaint) if gap.code == "capa_unassigned")
    capa.hand_over(plan, by=who.lee, at=LATER, owner=who.lee, because="Quinn left")

    assert (gap.params["capa"], gap.params["name"]) == (plan.pk, "Quinn")
    assert "capa_unassigned" not in [gap.code for gap in gates.gaps("close", plan.complaint)]


def test_the_owner_of_a_capa_answers_for_its_actions_on_the_page(who, plan, signed_in):
    act(who, plan, owner=who.sam)

    shown = signed_in(who.quinn).get(f"/cases/{plan.complaint.ref}/responsibilities/")

    rows = {row["what"]: row for row in shown.context["rows"]}
    letters = {cell["name"]: cell["letter"] for cell in rows["Harder nozzle"]["cells"]}
    assert (letters["Quinn"], letters["Sam"]) == ("A", "R")
    assert rows["Harder nozzle"]["url"].startswith(f"/cases/{plan.complaint.ref}/do/hand_over_capa/?capa={plan.pk}")
