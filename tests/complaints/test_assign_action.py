"""Every action has exactly one who answers for it: by the rule when it is made, by people from then on (R09)."""

import json
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from complaints import acts, assigning, emergencies, gates, letters, lifecycle, raci, response
from complaints.lifecycle import Refused
from complaints.models import Assignment, Complaint, ContainmentAction, Letter, Task
from notifications.recipients import notices
from tests.cast import NOON, person
from tests.complaints.factories import events_of, received, triaged
from tests.emergency import house

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text())
HOUR = timedelta(hours=1)
LATER = NOON + 5 * HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(acme, ada, quinn, lee, cleo) -> Complaint:
    """A case that responds: quinn owns it and leads, lee is its champion, cleo a member."""
    found = triaged(quinn, registered_by=ada)
    return lifecycle.mobilise(found, by=quinn, at=NOON + 2 * HOUR, leader=quinn, champion=lee, members=(cleo,))


def task_of(case: Complaint, by: User, **said) -> Task:
    return response.give_task(case, by=by, at=NOON + 3 * HOUR, **{"kind": "manual", "text": "Call the site", **said})


def contained(case: Complaint, by: User, **said) -> ContainmentAction:
    said = {"location": "INSTALLED", "action": "Unit 3 stopped", **said}
    return response.contain(case, by=by, at=NOON + 3 * HOUR, **said)


def letters_of(action) -> dict[str, str]:
    """Return who has which letter, by name."""
    return dict(action.assignments.values_list("user__name", "role"))


def codes(refusal) -> list[str]:
    return [why.code for why in refusal.value.reasons]


def told(case: Complaint, kind: str) -> dict[str, str]:
    """Return the templates by address of what the last event of that kind tells."""
    return {notice.address: notice.template for notice in notices(events_of(case, kind)[-1])}


# By rule --------------------------------------------------------------------------------------------------------------


def test_the_leader_of_the_team_answers_for_a_task(case, ada, cleo):
    task = task_of(case, ada, owner=cleo)

    assert letters_of(task) == {"Quinn": "A"}
    assert events_of(case, "task.given")[-1].facts["accountable"] == case.owner_id


def test_of_the_people_of_a_case_one_whose_role_answers_by_the_matrix_does(case, quinn):
    assert letters_of(task_of(case, quinn, kind="call_back")) == {"Cleo": "A"}
    assert letters_of(contained(case, quinn)) == {"Quinn": "A"}


def test_where_no_role_of_the_case_fits_the_leader_answers(case, quinn):
    assert letters_of(task_of(case, quinn, kind="proposal_expired")) == {"Quinn": "A"}


def test_before_there_is_a_team_the_owner_answers(ada, quinn):
    assert letters_of(task_of(triaged(quinn, registered_by=ada), quinn)) == {"Quinn": "A"}


def test_somebody_who_has_left_is_not_named(case, quinn, lee):
    User.objects.filter(pk=quinn.pk).update(is_active=False)

    assert letters_of(contained(case, lee)) == {"Lee": "A"}


def test_an_action_of_a_case_that_has_nobody_yet_is_unassigned(ada):
    case = received(ada)
    task = task_of(case, ada)

    assert letters_of(task) == {}
    assert list(raci.unassigned(case)) == [task]


def test_a_place_that_needs_no_containment_needs_nobody(case, quinn):
    row = contained(case, quinn, needed=False, action="", because="Sold out")

    assert letters_of(row) == {}
    assert not raci.gaps(case)


def test_a_letter_that_failed_is_answered_for_by_customer_service(case, quinn):
    lifecycle.acknowledge(case, by=quinn, at=LATER)
    letters.sending_failed(Letter.objects.get(), at=LATER)

    assert letters_of(case.tasks.get()) == {"Cleo": "A"}


def test_the_commander_answers_for_the_steps_of_an_incident_and_hands_them_over(case, lee, quinn, cleo, max):
    plan = house.in_force(lee, quinn, cleo, max)
    emergencies.activate_plan(case, by=lee, at=LATER, plan=plan, because="Fire")
    assert {one["user__name"] for one in Assignment.objects.values("user__name")} == {"Lee"}
    step = case.tasks.order_by("pk")[0]
    assigning.assign_action(step, by=lee, at=LATER, accountable=lee, consulted=[max])

    emergencies.hand_over(case, by=lee, at=LATER, role="COMMANDER", to=max, phone="1", because="Night")

    assert letters_of(step) == {"Max": "A"}
    assert set(Assignment.objects.values_list("user__name", flat=True)) == {"Max"}


# In the database ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields", [{"role": "A"}, {"role": "R"}, {"role": "C", "task": None}], ids=["second A", "unknown", "no action"]
)
def test_the_database_refuses_what_cannot_be(case, quinn, lee, fields):
    task = task_of(case, quinn)

    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(**{"task": task, "user": lee, "at": NOON, **fields})


def test_one_person_has_one_letter(case, quinn):
    task = task_of(case, quinn)

    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(task=task, user=quinn, role="I", at=NOON)


# By people ------------------------------------------------------------------------------------------------------------


def test_the_letters_of_an_action_are_set_in_one_go(case, quinn, lee, cleo, ada, sam):
    task = task_of(case, quinn, owner=quinn)

    assigning.assign_action(
        task, by=lee, at=LATER, accountable=lee, owner=cleo, consulted=[quinn, sam], informed=[ada]
    )  # fmt: skip

    assert letters_of(task) == {"Lee": "A", "Quinn": "C", "Sam": "C", "Ada": "I"}
    assert Task.objects.get(pk=task.pk).owner == cleo
    event = events_of(case, "action.assigned")[-1]
    assert (event.facts["action"], event.facts["accountable"]) == (f"task-{task.pk}", lee.pk)
    assert event.facts["before"]["accountable"] == quinn.pk
    assert event.text("text") == "Call the site"


def test_the_same_again_changes_nothing_and_tells_nobody(case, quinn, lee, sam):
    task = task_of(case, quinn, owner=quinn)
    said = {"accountable": lee, "consulted": [sam]}
    assigning.assign_action(task, by=lee, at=LATER, **said, expected=raci.named(task).version)
    version = raci.named(task).version

    assigning.assign_action(task, by=lee, at=LATER, **said, expected=0)

    assert len(events_of(case, "action.assigned")) == 1
    assert raci.named(task).version == version


def test_whoever_is_named_anew_is_told_and_nobody_else(case, quinn, lee, sam, ada, cleo):
    task = task_of(case, quinn, owner=quinn)
    assigning.assign_action(task, by=quinn, at=LATER, accountable=quinn, consulted=[sam])

    assigning.assign_action(task, by=quinn, at=LATER, accountable=lee, owner=cleo, consulted=[sam], informed=[ada])

    assert told(case, "action.assigned") == {
        "lee@demo.test": "named_for_action", "ada@demo.test": "named_for_action", "cleo@demo.test": "task_given",
    }  # fmt: skip


def test_whoever_is_to_be_told_learns_of_the_end(case, quinn, ada):
    task, place = task_of(case, quinn, owner=quinn), contained(case, quinn, owner=quinn)
    for action in (task, place):
        assigning.assign_action(action, by=quinn, at=LATER, accountable=quinn, informed=[ada])
    response.finish_task(task, by=quinn, at=LATER, result="They know.")
    response.prove_containment(place, by=quinn, at=LATER, percent=100, evidence="Seen")

    assert told(case, "task.finished") == {"ada@demo.test": "case_news"}
    assert told(case, "response.containment_effective") == {"ada@demo.test": "case_news"}


def test_two_people_who_assign_at_once_do_not_overwrite_each_other(case, quinn, lee, cleo):
    task = task_of(case, quinn)
    seen = raci.named(task).version
    assigning.assign_action(task, by=quinn, at=LATER, accountable=lee, expected=seen)

    with pytest.raises(Refused) as refusal:
        assigning.assign_action(task, by=lee, at=LATER, accountable=cleo, expected=seen)

    assert codes(refusal) == ["changed_meanwhile"]
    assert letters_of(task) == {"Lee": "A"}


def test_somebody_without_an_account_or_with_two_letters_is_refused_by_name(case, quinn, lee, root, sam, carla):
    task = task_of(case, quinn, owner=quinn)
    User.objects.filter(pk=sam.pk).update(is_active=False)
    gone = User.objects.get(pk=sam.pk)

    for unfit in (gone, root, carla):
        with pytest.raises(Refused) as refusal:
            assigning.assign_action(task, by=quinn, at=LATER, accountable=unfit)
        assert [(why.code, why.params["name"]) for why in refusal.value.reasons] == [("person_unfit", unfit.name)]
    with pytest.raises(Refused) as refusal:
        assigning.assign_action(task, by=quinn, at=LATER, accountable=lee, consulted=[quinn, lee])

    assert codes(refusal) == ["letter_twice", "letter_twice"]
    assert letters_of(task) == {"Quinn": "A"}
    assert not events_of(case, "action.assigned")


def test_whoever_has_left_may_keep_a_letter_that_nobody_changes(case, quinn, lee, sam):
    task = task_of(case, quinn, owner=quinn)
    assigning.assign_action(task, by=quinn, at=LATER, accountable=quinn, consulted=[sam])
    User.objects.filter(pk=sam.pk).update(is_active=False)

    assigning.assign_action(task, by=quinn, at=LATER, accountable=lee, consulted=[User.objects.get(pk=sam.pk)])

    assert letters_of(task) == {"Lee": "A", "Sam": "C"}


def test_an_action_that_is_over_keeps_its_letters(case, quinn, lee):
    task = task_of(case, quinn)
    response.finish_task(task, by=quinn, at=LATER, result="Done.")

    with pytest.raises(Refused) as refusal:
        assigning.assign_action(task, by=quinn, at=LATER, accountable=lee)

    assert codes(refusal) == ["action_over"]


def test_the_owner_and_the_leader_may_whatever_their_role_and_others_may_not(ada, quinn, lee, sam, fay, own):
    tec = person("Tess", own, Role.TEC, kind="RND")
    case = triaged(quinn, registered_by=ada)
    case = lifecycle.mobilise(case, by=quinn, at=NOON + 2 * HOUR, leader=tec, champion=lee, members=(sam,))
    task = task_of(case, quinn)
    act = acts.get("assign_action")

    assigning.assign_action(task, by=tec, at=LATER, accountable=lee)
    for who in (sam, fay):
        with pytest.raises(PermissionDenied):
            assigning.assign_action(task, by=who, at=LATER, accountable=tec)

    assert [acts.offer(act, case, who).permitted for who in (quinn, lee, tec, sam, fay)] == [True] * 3 + [False] * 2
    assert letters_of(task) == {"Lee": "A"}


# What stands in the way -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", ["begin_diagnosis", "propose_directly", "close"])
def test_an_unassigned_action_blocks_by_name_until_somebody_answers(case, quinn, lee, move):
    task = task_of(case, quinn)
    assert "action_unassigned" not in [gap.code for gap in gates.gaps(move, case)]
    task.assignments.all().delete()

    gap = next(gap for gap in gates.gaps(move, case) if gap.code == "action_unassigned")
    assigning.assign_action(task, by=quinn, at=LATER, accountable=lee)

    assert gap.params == {"action": f"task-{task.pk}", "text": "Call the site"}
    assert "action_unassigned" not in [gap.code for gap in gates.gaps(move, case)]


def test_an_action_whose_one_has_left_is_unassigned_again(case, quinn, lee):
    place = contained(case, quinn)
    assigning.assign_action(place, by=quinn, at=LATER, accountable=lee)
    User.objects.filter(pk=lee.pk).update(is_active=False)

    assert list(raci.unassigned(case)) == [place]
    response.prove_containment(place, by=quinn, at=LATER, percent=100, evidence="Seen")
    assert not raci.gaps(case)


# On pages -------------------------------------------------------------------------------------------------------------


def test_the_page_shows_who_has_which_letter_and_names_what_nobody_answers_for(case, quinn, lee, cleo, signed_in):
    task, other = task_of(case, quinn, owner=cleo), task_of(case, quinn, text="Weigh the grease")
    assigning.assign_action(task, by=quinn, at=LATER, accountable=lee, owner=cleo)
    other.assignments.all().delete()

    shown = signed_in(quinn).get(reverse("case-raci", args=[case.ref]))

    page = shown.content.decode()
    rows = {row["what"]: {cell["name"]: cell["letter"] for cell in row["cells"]} for row in shown.context["rows"]}
    assert rows["Call the site"] == {"Cleo": "R", "Lee": "A", "Quinn": ""}
    assert shown.context["rows"][0]["what"] == "Weigh the grease"
    assert "Nobody answers for 1 open action." in page
    assert f"/cases/{case.ref}/do/assign_action/?action=task-{other.pk}#id_accountable" in page


def test_the_page_keeps_its_budget_however_many_actions_there_are(case, quinn, cleo, signed_in):
    for n in range(4):
        task_of(case, quinn, text=f"Weigh the grease, {n}", owner=cleo)
        contained(case, quinn)
    client, url = signed_in(quinn), reverse("case-raci", args=[case.ref])
    client.get(url)  # what a process reads once

    with CaptureQueriesContext(connection) as asked:
        client.get(url)

    assert len(asked) <= BUDGET["case_raci"]


def test_who_may_not_assign_reads_the_page_without_buttons(case, quinn, fay, signed_in):
    task_of(case, quinn)

    page = signed_in(fay).get(reverse("case-raci", args=[case.ref])).content.decode()

    assert "assign_action" not in page


def test_a_foreign_and_a_missing_case_look_the_same(case, carla, signed_in):
    asked = [reverse("case-raci", args=[ref]) for ref in (case.ref, "QC-2026-99999")]

    assert {signed_in(carla).get(url).status_code for url in asked} == {403}


def test_the_form_opens_with_what_stands_and_does_it_once(case, quinn, lee, sam, signed_in):
    task = task_of(case, quinn, owner=quinn)
    client, url = signed_in(quinn), reverse("case-do", args=[case.ref, "assign_action"])
    opened = client.get(url, {"action": f"task-{task.pk}"}).context["form"]
    said = {"action": f"task-{task.pk}", "expected": opened["expected"].value(), "accountable": lee.email,
            "owner": quinn.email, "consulted": [sam.email], "once": "a"}  # fmt: skip

    first, again = client.post(url, said), client.post(url, said)

    assert (opened["accountable"].value(), opened["owner"].value()) == (quinn.email, quinn.email)
    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"].endswith("/responsibilities/")
    assert letters_of(task) == {"Lee": "A", "Sam": "C"}
    assert len(events_of(case, "action.assigned")) == 1


def test_without_an_address_the_form_is_of_what_nobody_answers_for(case, quinn, signed_in):
    task_of(case, quinn)
    other = task_of(case, quinn, text="Weigh the grease")
    other.assignments.all().delete()

    form = signed_in(quinn).get(reverse("case-do", args=[case.ref, "assign_action"])).context["form"]

    assert form["action"].value() == f"task-{other.pk}"


def test_who_comes_second_reads_what_stands_and_sends_again(case, quinn, lee, cleo, signed_in):
    task = task_of(case, quinn, owner=quinn)
    seen = raci.named(task).version
    assigning.assign_action(task, by=lee, at=LATER, accountable=lee, expected=seen)
    client, url = signed_in(quinn), reverse("case-do", args=[case.ref, "assign_action"])
    said = {"action": f"task-{task.pk}", "expected": seen, "accountable": cleo.email, "owner": quinn.email}

    refused = client.post(url, {**said, "once": "a"})
    form = refused.context["form"]
    again = client.post(url, {**said, "expected": form["expected"].value(), "once": "b"})

    assert (refused.status_code, again.status_code) == (409, 302)
    assert "Kept now: Lee" in refused.content.decode()
    assert letters_of(task) == {"Cleo": "A"}


@pytest.mark.parametrize("named", ["task-0", "task-x", "containment-1", "", "letter-3", "task-" + "9" * 30])
def test_an_action_that_is_not_there_is_answered_in_words(case, quinn, signed_in, named):
    task_of(case, quinn)
    url = reverse("case-do", args=[case.ref, "assign_action"])

    asked = signed_in(quinn).get(url, {"action": named})
    answer = signed_in(quinn).post(url, {"action": named, "accountable": quinn.email, "once": "a"})

    assert (asked.status_code, answer.status_code) == (200, 422)


def test_it_is_done_over_the_api_with_the_code_of_the_gap(case, ada, quinn, lee, signed_in):
    task = task_of(case, quinn)
    url = f"/api/v1/complaints/{case.ref}/transitions/assign_action/"
    said = {"action": f"task-{task.pk}", "accountable": lee.email, "informed": [ada.email]}

    answer = signed_in(quinn).post(url, said, content_type="application/json")

    assert answer.status_code == 200, answer.content
    assert letters_of(task) == {"Lee": "A", "Ada": "I"}


# Before there was a rule ----------------------------------------------------------------------------------------------


def test_open_actions_of_before_get_the_leader_or_the_owner_and_running_it_again_changes_nothing(case, ada, quinn, lee):
    led, done = task_of(case, quinn), task_of(case, quinn)
    owned, nobody = task_of(triaged(lee, registered_by=ada), lee), task_of(received(ada), ada)
    response.finish_task(done, by=quinn, at=LATER, result="Done.")
    Assignment.objects.all().delete()
    migration = import_module("complaints.migrations.0025_assign_open_actions")

    for _ in range(2):
        migration.name(apps, None)

    assert [letters_of(task) for task in (led, done, owned, nobody)] == [{"Quinn": "A"}, {}, {"Lee": "A"}, {}]
