"""T14: what must be there before a case is closed."""

import pytest
from django.core.exceptions import PermissionDenied

from complaints import lifecycle, response
from complaints.lifecycle import Refused
from complaints.words import say
from remediation import capa, costs, visits
from tests.remediation.stories import DAY, RESOLVED, cny, codes, following_up, fresh

LATER = RESOLVED + 7 * DAY
DUE = (RESOLVED + 60 * DAY).date()


def prevent(who, complaint, *, chosen=True):
    """Open a CAPA with an action on every cause."""
    plan = capa.open_capa(complaint, by=who.quinn, at=LATER, problem="Nozzle wears", owner=who.quinn, due_on=DUE)
    for cause in complaint.root_causes.all():
        capa.add_action(
            plan, by=who.quinn, at=LATER, description="Harder nozzle", strength=1, owner=who.quinn, due_on=DUE,
            root_cause=cause, chosen=chosen,
        )  # fmt: skip
    return plan


def lesson(who, complaint):
    return capa.record_lesson(complaint, by=who.quinn, at=LATER, situation="Nozzle wore", rule="Inspect monthly")


def test_a_moderate_case_needs_prevention_and_posted_costs(who):
    complaint = following_up(who)
    with pytest.raises(Refused) as refusal:
        lifecycle.close(complaint, by=who.lee, at=LATER)
    assert codes(refusal) == ["capa_missing", "costs_not_posted"]

    capa.waive_capa(complaint, by=who.lee, at=LATER, because="Known and planned already")
    costs.post_costs(complaint, by=who.fay, at=LATER)
    complaint = lifecycle.close(complaint, by=who.lee, at=LATER)

    assert complaint.state == "CLOSED"
    letter = complaint.letters.get(kind="CLOSING")
    assert [line["description"] for line in letter.facts["remedy"]] == ["Exchange the bearing"]
    assert letter.facts["confirmed"]["person"] == "Carla"
    assert len(letter.facts["visits"]) == 2


def test_a_cost_that_comes_after_closing_leaves_the_costs_posted(who):
    complaint = following_up(who)
    capa.waive_capa(complaint, by=who.lee, at=LATER, because="Known and planned already")
    posted = costs.post_costs(complaint, by=who.fay, at=LATER)
    complaint = lifecycle.close(complaint, by=who.lee, at=LATER)

    costs.add_cost(
        complaint, by=who.fay, at=LATER + DAY, item="FREIGHT", amount=cny(120), on=LATER.date(), document="Bill 7"
    )

    posted.refresh_from_db()
    assert posted.withdrawn_at is None


def test_every_verified_cause_needs_an_action(who):
    complaint = following_up(who)
    costs.post_costs(complaint, by=who.fay, at=LATER)
    plan = prevent(who, complaint, chosen=False)

    with pytest.raises(Refused) as refusal:
        lifecycle.close(complaint, by=who.lee, at=LATER)

    assert codes(refusal) == ["capa_action_missing", "capa_action_missing"]
    assert {why.params["cause"] for why in refusal.value.reasons} == {"Nozzle worn", "No test under load"}
    assert plan.status == "OPEN"


def test_a_major_case_needs_report_lesson_and_visit_too(who):
    complaint = following_up(who, grade="G2")
    with pytest.raises(Refused) as refusal:
        capa.waive_capa(complaint, by=who.lee, at=LATER, because="No")
    assert codes(refusal) == ["capa_waiver_grade"]
    with pytest.raises(Refused) as refusal:
        lifecycle.close(complaint, by=who.lee, at=LATER)
    assert codes(refusal) == [
        "capa_missing", "costs_not_posted", "eight_d_not_sent", "lesson_missing", "visit_first_missing",
    ]  # fmt: skip

    prevent(who, complaint)
    costs.post_costs(complaint, by=who.fay, at=LATER)
    lesson(who, complaint)
    visits.record_visit(complaint.visits.get(number=1), by=who.ada, at=LATER, works=True)
    response.send_8d(complaint, by=who.quinn, at=LATER, language="en")
    facts = complaint.letters.get(kind="EIGHT_D").facts

    assert lifecycle.close(complaint, by=who.lee, at=LATER).state == "CLOSED"
    assert [option["acts_on"] for option in facts["d5"]["options"]] == [["Why it occurred"], ["Why it escaped"]]
    assert facts["d8"]["lessons"] == ["Inspect monthly"]
    assert "5000" not in str(facts)  # no costs


def test_a_critical_case_is_closed_by_an_executive(who):
    complaint = following_up(who, grade="G1")

    with pytest.raises(PermissionDenied):
        lifecycle.close(complaint, by=who.lee, at=LATER)


def test_an_8d_that_was_asked_for_is_owed(who):
    complaint = following_up(who, claim_8d=True)
    capa.waive_capa(complaint, by=who.lee, at=LATER, because="Known")
    costs.post_costs(complaint, by=who.fay, at=LATER)

    with pytest.raises(Refused) as refusal:
        lifecycle.close(complaint, by=who.lee, at=LATER)

    assert codes(refusal) == ["eight_d_not_sent"]


def test_a_supplier_with_a_share_is_charged_or_let_off_with_a_reason(who, smith, acme):
    complaint = following_up(who, supplier=smith)
    capa.waive_capa(complaint, by=who.lee, at=LATER, because="Known")
    costs.post_costs(complaint, by=who.fay, at=LATER)
    with pytest.raises(Refused) as refusal:
        lifecycle.close(complaint, by=who.lee, at=LATER)
    assert [(why.code, why.params) for why in refusal.value.reasons] == [
        ("chargeback_open", {"supplier": "Smith Nozzles"})
    ]
    assert "Supplier" in say(costs._open_share(object()))
    with pytest.raises(Refused) as refusal:
        costs.open_chargeback(complaint, by=who.fay, at=LATER, supplier=acme, amount=cny(1), notice="x")
    assert codes(refusal) == ["not_a_supplier"]

    costs.open_chargeback(complaint, by=who.fay, at=LATER, supplier=smith, amount=cny(2000), notice="Clause 9")

    assert lifecycle.close(complaint, by=who.lee, at=LATER).state == "CLOSED"


def test_a_waiver_lets_the_supplier_off(who, smith):
    complaint = following_up(who, supplier=smith)

    costs.waive_chargeback(complaint, by=who.lee, at=LATER, because="Joint development", supplier=smith)

    assert [why.code for why in costs.gaps(complaint, posted=False)] == ["costs_not_posted"]


def test_a_cost_that_comes_late_must_be_posted_again(who):
    complaint = following_up(who)
    costs.post_costs(complaint, by=who.fay, at=LATER)
    costs.post_costs(complaint, by=who.fay, at=LATER)  # changes nothing

    costs.add_cost(
        complaint, by=who.quinn, at=LATER, item="TRAVEL", amount=cny(800), on=LATER.date(), document="Receipt 4"
    )

    assert [why.code for why in costs.gaps(complaint, posted=False)] == ["costs_not_posted"]
    assert complaint.costs.get().category == "EXTERNAL_FAILURE"
    assert complaint.costs_posted.count() == 1


def test_a_cost_needs_its_document(who):
    with pytest.raises(Refused) as refusal:
        costs.add_cost(
            following_up(who), by=who.quinn, at=LATER, item="TRAVEL", amount=cny(800), on=LATER.date(), document=" "
        )

    assert codes(refusal) == ["cost_document_missing"]


def test_only_finance_posts(who):
    with pytest.raises(PermissionDenied):
        costs.post_costs(following_up(who), by=who.lee, at=LATER)


def test_every_item_has_its_category():
    from remediation.models.kinds import CostItem

    assert set(costs.CATEGORY) == set(CostItem.values)


def test_a_lesson_is_released_by_another(who):
    row = capa.record_lesson(following_up(who), by=who.lee, at=LATER, situation="It wore", rule="Inspect")
    with pytest.raises(Refused) as refusal:
        capa.approve_lesson(row, by=who.lee, at=LATER)
    assert codes(refusal) == ["same_person"]

    assert fresh(row).approved_by is None
