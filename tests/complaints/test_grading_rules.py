"""A table of grading rules is proposed by one person, approved by another, and named by every grading after it."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from complaints import facts, grade_rules, grading
from complaints.days import company_date
from complaints.facts import Triage
from complaints.lifecycle import Refused
from complaints.models import Complaint, Grading, GradingRules
from complaints.models.complaint import Immutable
from complaints.models.states import Safety
from tests.cast import NOON
from tests.complaints.factories import triaged

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text())
STRICT = replace(grading.STANDARD, g3_from=3)
TODAY = company_date(NOON)
LATER = NOON + timedelta(hours=5)


@pytest.fixture
def proposed(quinn):
    return grade_rules.propose(STRICT, by=quinn, at=NOON, effective_from=TODAY, note="Small faults add up.")


def codes(refusal):
    return [why.code for why in refusal.value.reasons]


def statements(asking) -> int:
    with CaptureQueriesContext(connection) as asked:
        asking()
    return len(asked)


def test_until_the_first_version_the_standard_table_holds(db):
    assert grade_rules.in_force(TODAY) is None
    assert grade_rules.table_of(None) == grading.STANDARD


def test_a_proposal_holds_only_once_another_person_approved_it(proposed, quinn, lee):
    assert grade_rules.in_force(TODAY) is None

    grade_rules.approve(proposed, by=lee, at=LATER)

    assert grade_rules.in_force(TODAY).rules == STRICT
    assert grade_rules.in_force(TODAY - timedelta(days=1)) is None
    assert list(Event.objects.filter(kind__startswith="grading.").values_list("kind", "by_id")) == [
        ("grading.proposed", quinn.pk), ("grading.approved", lee.pk),
    ]  # fmt: skip


def test_approving_twice_changes_nothing(proposed, lee):
    grade_rules.approve(proposed, by=lee, at=LATER)

    grade_rules.approve(proposed, by=lee, at=LATER)

    assert Event.objects.filter(kind="grading.approved").count() == 1


def test_the_proposer_cannot_approve(lee, db):
    version = grade_rules.propose(STRICT, by=lee, at=NOON, effective_from=TODAY, note="Stricter")

    with pytest.raises(Refused) as refusal:
        grade_rules.approve(version, by=lee, at=LATER)

    assert codes(refusal) == ["same_person"]
    with pytest.raises(IntegrityError), transaction.atomic():
        GradingRules.objects.filter(pk=version.pk).update(approved_by=lee, approved_at=LATER)


def test_only_those_with_the_right_propose_and_approve(proposed, ada, quinn):
    with pytest.raises(PermissionDenied):
        grade_rules.approve(proposed, by=quinn, at=LATER)
    with pytest.raises(PermissionDenied):
        grade_rules.propose(STRICT, by=ada, at=NOON, effective_from=TODAY, note="x")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"rules": grading.STANDARD}, "grading_rules_same"),
        ({"effective_from": TODAY - timedelta(days=1)}, "grading_rules_from_past"),
        ({"note": " "}, "reason_missing"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused(changed, code, quinn, db):
    said = {"rules": STRICT, "effective_from": TODAY, "note": "Stricter"} | changed

    with pytest.raises(Refused) as refusal:
        grade_rules.propose(said.pop("rules"), by=quinn, at=NOON, **said)

    assert codes(refusal) == [code]
    assert not GradingRules.objects.exists()


def test_a_second_proposal_waits_for_the_first(proposed, quinn):
    with pytest.raises(Refused) as refusal:
        grade_rules.propose(replace(STRICT, lift_from=5), by=quinn, at=NOON, effective_from=TODAY, note="More")

    assert codes(refusal) == ["grading_rules_waiting"]


def test_a_proposal_taken_back_stays_in_the_trail(proposed, quinn, lee):
    grade_rules.let_fall(proposed, by=quinn, at=LATER)

    assert not GradingRules.objects.exists()
    assert Event.objects.get(kind="grading.let_fall").facts["table"] == STRICT.plain()
    with pytest.raises(Refused) as refusal:
        grade_rules.approve(proposed, by=lee, at=LATER)
    assert codes(refusal) == ["grading_rules_fell"]


def test_a_number_is_never_given_again_so_that_nobody_approves_what_they_did_not_see(proposed, quinn, lee, signed_in):
    grade_rules.let_fall(proposed, by=quinn, at=LATER)

    other = replace(STRICT, downward=("EXE",))
    second = grade_rules.propose(other, by=quinn, at=LATER, effective_from=TODAY, note="Quite another one")

    assert (proposed.number, second.number) == (1, 2)
    assert signed_in(lee).post(reverse("grade-rules-approve", args=[1]), {"once": "b"}).status_code == 404
    assert grade_rules.waiting() == second


def test_a_table_is_never_rewritten(proposed):
    proposed.note = "Something else"

    with pytest.raises(Immutable):
        proposed.save()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"g2_from": 20}, "g2_from"), ({"g3_from": 1}, "g3_from"), ({"g1_from": 26}, "g1_from"),
        ({"lift_from": 1}, "lift_from"), ({"upward": ()}, "upward"), ({"floors": {}}, "floors"),
        ({"floors": {**grading.STANDARD.floors, "O1": "G2"}}, "O1"),
    ],
)  # fmt: skip
def test_a_table_that_contradicts_itself_does_not_come_to_be(change, field):
    with pytest.raises(ValueError, match=field):
        replace(grading.STANDARD, **change)


def test_a_grading_names_the_version_and_the_facts_it_was_made_by(proposed, quinn, lee, ada):
    before = triaged(quinn, registered_by=ada)
    grade_rules.approve(proposed, by=lee, at=LATER)
    scores = Triage(3, 1, 1, 1, owner=None, department=None)

    facts.regrade(before, by=quinn, at=LATER, triage=scores, reason="By the new table")

    first, second = Grading.objects.order_by("pk")
    assert first.rules is None
    assert (second.rules, second.computed, second.facts["danger"]) == (proposed, "G3", False)
    assert grade_rules.grade_by(second, grading.STANDARD).grade == "G4"


def test_what_another_table_would_grade_otherwise_is_foreseen_and_nothing_moves(quinn, lee, ada):
    case = triaged(quinn, registered_by=ada)
    computed = case.gradings.get().computed
    loose = replace(grading.STANDARD, g1_from=25, g2_from=24, g3_from=23)

    found = grade_rules.foresee(loose, lee)

    assert [(one.case, one.computed, one.would_be) for one in found] == [(case, computed, "G4")]
    case.refresh_from_db()
    assert case.grade == computed
    assert grade_rules.foresee(grading.STANDARD, lee) == []


def test_a_grading_of_before_is_worked_out_from_the_floors_that_bound_then(quinn, lee, ada):
    case = triaged(quinn, registered_by=ada, safety=Safety.DANGER)
    Grading.objects.filter(complaint=case).update(facts={})
    Complaint.objects.filter(pk=case.pk).update(safety=Safety.NO, work_stopped=True)
    row = case.gradings.select_related("complaint").get()

    with CaptureQueriesContext(connection) as asked:
        found = grade_rules.grade_by(row, grading.STANDARD)

    assert (found.grade, [code for code, _ in found.floors]) == (row.computed, ["O2"])
    assert len(asked) == 0


def test_foreseeing_costs_the_same_with_more_cases(quinn, lee, ada):
    loose = replace(grading.STANDARD, g1_from=25, g2_from=24, g3_from=23)
    triaged(quinn, registered_by=ada)
    grade_rules.foresee(loose, lee)  # what a process reads once
    few = statements(lambda: grade_rules.foresee(loose, lee))
    for _n in range(3):
        triaged(quinn, registered_by=ada)
    Grading.objects.update(facts={})

    assert statements(lambda: grade_rules.foresee(loose, lee)) == few


def test_who_may_differ_is_asked_of_the_table(quinn, lee, ada):
    case = triaged(quinn, registered_by=ada)
    only_executives = replace(grading.STANDARD, upward=("EXE",))
    version = grade_rules.propose(only_executives, by=quinn, at=NOON, effective_from=TODAY, note="Closer")
    grade_rules.approve(version, by=lee, at=NOON)
    up = Triage(3, 1, 1, 1, owner=None, department=None, grade="G1", override_reason="It feels grave")

    with pytest.raises(Refused) as refusal:
        facts.regrade(case, by=quinn, at=LATER, triage=up, reason="Again")

    assert codes(refusal) == ["override_not_yours"]
    assert refusal.value.reasons[0].params["roles"] == ["EXE"]


# Pages ---------------------------------------------------------------------------------------------------------------


def typed(**changed):
    table = grading.STANDARD.plain()
    floors = table.pop("floors")
    return {
        **table,
        **floors,
        "g3_from": "3",
        "effective_from": "2099-01-01",
        "note": "Stricter",
        "once": "a",
    } | changed


@pytest.mark.parametrize("op", ["", "preview"])
@pytest.mark.parametrize("floor", ["", "G2", "x"])
def test_the_floor_of_an_injury_cannot_be_left_out(quinn, signed_in, floor, op):
    answer = signed_in(quinn).post(reverse("grade-rules-propose"), typed(O1=floor, op=op))

    assert answer.status_code == 422
    assert not GradingRules.objects.exists()


def test_a_proposal_begins_with_what_will_hold_so_that_no_change_of_before_is_lost(quinn, lee, signed_in):
    coming = grade_rules.propose(STRICT, by=quinn, at=NOON, effective_from=date(2099, 3, 1), note="From spring on")
    grade_rules.approve(coming, by=lee, at=LATER)

    form = signed_in(quinn).get(reverse("grade-rules-propose")).context["form"]

    assert (form["g3_from"].value(), form["effective_from"].value()) == (3, date(2099, 3, 1))


def test_the_page_proposes_and_shows_what_waits(quinn, lee, signed_in):
    answer = signed_in(quinn).post(reverse("grade-rules-propose"), typed())

    assert answer.status_code == 302
    page = signed_in(lee).get(reverse("grade-rules")).content.decode()
    assert "Version 1 waits for approval" in page
    assert "Approve these rules" in page
    assert "Approve these rules" not in signed_in(quinn).get(reverse("grade-rules")).content.decode()
    assert signed_in(lee).post(reverse("grade-rules-approve", args=[1]), {"once": "b"}).status_code == 302
    assert GradingRules.objects.get().approved_by == lee


def test_a_proposal_whose_first_day_is_over_is_not_offered_and_says_why(proposed, lee, signed_in):
    page = signed_in(lee).get(reverse("grade-rules")).content.decode()  # long after NOON

    assert "Approve these rules" not in page
    assert "Rules cannot take force in the past." in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"g2_from": "21"}, "must lie below"),
        ({"g1_from": "many"}, "Enter a whole number"),
        ({"O1": "G3"}, "Select a valid choice"),
        ({"downward": []}, "required"),
    ],
)
def test_a_table_that_does_not_fit_is_said_at_its_field(change, said, quinn, signed_in):
    answer = signed_in(quinn).post(reverse("grade-rules-propose"), typed(**change))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not GradingRules.objects.exists()


def test_a_preview_proposes_nothing(quinn, ada, signed_in):
    case = triaged(quinn, registered_by=ada)

    answer = signed_in(quinn).post(
        reverse("grade-rules-propose"), typed(op="preview", g1_from="25", g2_from="24", g3_from="23")
    )

    assert answer.status_code == 200
    assert case.ref in answer.content.decode()
    assert not GradingRules.objects.exists()


def test_the_pages_of_rules_and_of_a_grade_keep_their_budgets(proposed, quinn, lee, ada, signed_in):
    case, client = triaged(quinn, registered_by=ada), signed_in(lee)
    facts.regrade(case, by=lee, at=LATER, triage=Triage(3, 2, 1, 1, owner=None, department=None), reason="Anew")
    rules, grade = reverse("grade-rules"), reverse("case-grade", args=[case.ref])
    client.get(rules)  # what a process reads once

    assert statements(lambda: client.get(rules)) <= BUDGET["grade_rules"]
    assert statements(lambda: client.get(grade)) <= BUDGET["case_grade"]


def test_a_preview_asks_for_no_reason_yet(quinn, signed_in):
    client, address = signed_in(quinn), reverse("grade-rules-propose")

    assert client.post(address, typed(op="preview", note="", effective_from="")).status_code == 200
    assert client.post(address, typed(note="")).status_code == 422
    assert not GradingRules.objects.exists()
