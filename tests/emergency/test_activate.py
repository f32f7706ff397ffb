"""A plan in force: every step a task at once, people in their roles or who stands in, and all of them told."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts import absences
from complaints import activating, emergencies, lifecycle
from complaints.lifecycle import Refused
from complaints.models import EmergencyActivation, Task
from notifications.fanout import fan_out_all
from notifications.models import Delivery
from tests.cast import NOON
from tests.complaints.factories import events_of, triaged
from tests.emergency.house import in_force
from tests.remediation.stories import DAY, DONE, HOUR, RESOLVED, codes, verifying

AT = NOON + 2 * HOUR


def mobilised(who, plan, *, grade="G1", **more):
    case = triaged(who.quinn, registered_by=who.ada, grade=grade)
    return lifecycle.mobilise(
        case, by=who.quinn, at=AT, leader=who.quinn, champion=who.lee, members=(who.cleo,), plan=plan, **more
    )


def test_the_response_to_a_g1_case_makes_every_task_at_once(who, plan):
    case = mobilised(who, plan)

    tasks = [(task.text, task.owner, task.due_at, task.blocking) for task in case.tasks.order_by("due_at")]
    assert tasks == [
        ("Stop shipment", who.quinn, AT + timedelta(minutes=15), True),
        ("Warn users", who.cleo, AT + timedelta(minutes=30), True),
        ("Team on site", who.quinn, AT + timedelta(hours=4), True),
    ]
    running = emergencies.of(case)
    assert (running.commander, running.grade, running.activated_at) == (who.lee, "G1", AT)
    assert {seat.role: (seat.user, seat.phone) for seat in running.seats.all()} == {
        "COMMANDER": (who.lee, "+86 1"), "QUALITY": (who.quinn, "+86 3"), "CUSTOMER": (who.cleo, "+86 2"),
        "TECHNICAL": (who.quinn, "+86 3"),
    }  # fmt: skip
    [event] = events_of(case, "emergency.activated")
    assert (event.facts["code"], event.facts["steps"]) == ("EP-1", 3)


def test_without_a_plan_a_g1_case_does_not_go_on(who, plan):
    with pytest.raises(Refused) as refusal:
        mobilised(who, None)

    assert codes(refusal) == ["emergency_plan_missing"]


def test_who_is_away_is_replaced_by_the_deputy_else_by_who_stands_in(who, plan):
    day = AT.date()
    absences.record(who.lee, by=who.lee, at=NOON, first_on=day, last_on=day, deputy=who.quinn)  # the plan says cleo
    absences.record(who.quinn, by=who.quinn, at=NOON, first_on=day, last_on=day, deputy=who.max)  # it names nobody

    held = activating.holders(plan, AT)

    assert held["COMMANDER"] == (who.cleo, "+86 2", who.lee)
    assert held["QUALITY"] == (who.max, "", who.quinn)
    assert held["CUSTOMER"] == (who.cleo, "+86 2", None)


def test_by_hand_for_another_grade_but_not_twice(who, plan):
    case = triaged(who.quinn, registered_by=who.ada, grade="G3")

    emergencies.activate_plan(case, by=who.lee, at=AT, plan=plan, because="Smoke on site", commander=who.max)

    assert emergencies.of(case).commander == who.max
    with pytest.raises(Refused) as refusal:
        emergencies.activate_plan(case, by=who.lee, at=AT, plan=plan, because="Again")
    assert codes(refusal) == ["incident_runs"]
    assert EmergencyActivation.objects.count() == 1
    assert Task.objects.filter(kind="emergency").count() == 3


def test_only_a_plan_in_force(who, lee, quinn, cleo, max):
    later = in_force(lee, quinn, cleo, max, valid_from=(AT + timedelta(days=1)).date())
    case = triaged(who.quinn, registered_by=who.ada, grade="G3")

    with pytest.raises(Refused) as refusal:
        emergencies.activate_plan(case, by=who.lee, at=AT, plan=later, because="Smoke")

    assert codes(refusal) == ["plan_not_in_force"]
    assert not Task.objects.exists()


def test_only_a_plan_for_the_goods_of_the_case(who, lee, quinn, cleo, max):
    other = in_force(lee, quinn, cleo, max, family="Another family")
    case = triaged(who.quinn, registered_by=who.ada, grade="G3")

    with pytest.raises(Refused) as refusal:
        emergencies.activate_plan(case, by=who.lee, at=AT, plan=other, because="Smoke")

    assert codes(refusal) == ["plan_other_goods"]


def test_not_while_a_role_is_held_by_nobody_who_works_here(who, plan, signed_in):
    case = triaged(who.quinn, registered_by=who.ada, grade="G3")
    plan.roles.filter(role="TECHNICAL").update(person=who.sam)
    who.sam.is_active = False
    who.sam.save()

    with pytest.raises(Refused) as refusal:
        emergencies.activate_plan(case, by=who.lee, at=AT, plan=plan, because="Smoke")

    assert [(why.code, why.params["plan_role"], why.params["name"]) for why in refusal.value.reasons] == [
        ("plan_holder_gone", "TECHNICAL", "Sam")
    ]
    assert (
        "Technical lead: Sam does not work here any more."
        in signed_in(who.lee).get("/settings/emergency-plans/EP-1/").text
    )
    assert "people left" in signed_in(who.lee).get("/settings/emergency-plans/").text
    plan.roles.filter(role="TECHNICAL").update(deputy=who.cleo)
    emergencies.activate_plan(case, by=who.lee, at=AT, plan=plan, because="Smoke")
    assert emergencies.of(case).seats.get(role="TECHNICAL").user == who.cleo


def test_who_may_not(who, plan):
    case = triaged(who.quinn, registered_by=who.ada, grade="G3")

    with pytest.raises(PermissionDenied):
        emergencies.activate_plan(case, by=who.ada, at=AT, plan=plan, because="Smoke")


def test_each_is_told_what_they_do(who, plan):
    mobilised(who, plan)

    fan_out_all(AT)

    told = {row.recipient: row.params["body"] for row in Delivery.objects.filter(template="plan_activated")}
    assert told[who.cleo] == "30 min: Warn users"
    assert told[who.lee] == ""
    assert who.quinn not in told  # it was quinn who did it
    assert not Delivery.objects.filter(template="task_given").exists()


def test_a_case_does_not_close_while_its_plan_is_in_force(who, plan):
    from complaints import guards

    case = mobilised(who, plan)
    case.tasks.update(status="DONE")

    assert [why.code for why in guards.before_close(case)] == ["incident_open"]


def test_a_plan_in_force_is_known_in_the_next_cycle_too(who, plan):
    case = verifying(who, grade="G2")
    emergencies.activate_plan(case, by=who.lee, at=DONE + HOUR, plan=plan, because="Smoke")
    case = lifecycle.confirm(case, by=who.ada, at=RESOLVED, person="Carla", how="by phone")
    case = lifecycle.reopen(case, by=who.lee, at=RESOLVED + DAY, reason="It smokes again")

    assert emergencies.of(case) is not None
    assert [why.code for why in emergencies.before_activating(case, who.lee)] == ["incident_runs"]
    assert emergencies.without_incident(case, who.lee) == []
