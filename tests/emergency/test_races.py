"""Many hands on one incident: sweepers, two who activate, keep the last van, change who answers. PostgreSQL only."""

import pytest

from complaints import assigning, competences, emergencies, promises, raci, reserving
from complaints.lifecycle import Refused
from complaints.models import Assignment, Competence, EmergencyActivation, EmergencyReservation, EmergencyUpdate
from contracts.models import Product
from tests.complaints.factories import events_of, triaged
from tests.complaints.test_sweep_races import together
from tests.emergency.test_activate import AT, mobilised
from tests.emergency.test_promises import KIND, MINUTE
from tests.emergency.test_reserve import incident, reserve

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def said(job):
    """Return the codes of what refused the job, or nothing."""
    try:
        job()
    except Refused as refused:
        return [why.code for why in refused.reasons]
    return []


def test_sweepers_and_who_gives_the_update_say_each_level_once(who, plan):
    case = mobilised(who, plan)
    late = AT + 95 * MINUTE

    together(
        *[lambda: promises.sweep(now=late)] * 3,
        lambda: emergencies.give_update(case, by=who.cleo, at=late, audience="CUSTOMER", text="We come"),
    )

    assert [event.facts["level"] for event in events_of(case, KIND)] == [1, 2]
    assert emergencies.of(case).promises.get(audience="CUSTOMER").due_at == late + 60 * MINUTE
    assert EmergencyUpdate.objects.count() == 1


def test_two_who_activate_put_one_plan_into_force(who, plan):
    case = triaged(who.quinn, registered_by=who.ada, grade="G3")

    def activate(by):
        return lambda: said(lambda: emergencies.activate_plan(case, by=by, at=AT, plan=plan, because="Smoke"))

    answers = together(activate(who.lee), activate(who.max), activate(who.lee))

    assert sorted(answers) == [[], ["incident_runs"], ["incident_runs"]]
    assert EmergencyActivation.objects.count() == 1
    assert case.tasks.count() == 3


def test_the_last_van_is_kept_once(who, plan):
    cases = [incident(who, plan) for _ in range(3)]

    answers = together(*[lambda case=case: said(lambda: reserve(case, who, quantity=2)) for case in cases])

    assert sorted(answers) == [[], ["resource_taken"], ["resource_taken"]]
    assert EmergencyReservation.objects.count() == 1


def test_what_is_given_back_while_the_incident_ends_is_given_back_once(who, plan):
    case = incident(who, plan)
    row = reserve(case, who)

    together(*[lambda: reserving.release_resource(row, by=who.lee, at=AT + MINUTE)] * 3)

    assert len(events_of(case, "emergency.resource_released")) == 1


def test_of_two_who_say_who_answers_one_is_told_that_it_changed(who, plan):
    case = mobilised(who, plan)
    task = case.tasks.first()
    seen = raci.named(task).version

    def assign(person):
        return lambda: said(
            lambda: assigning.assign_action(task, by=who.quinn, at=AT, accountable=person, expected=seen)
        )

    answers = together(assign(who.cleo), assign(who.max))

    assert sorted(answers) == [[], ["changed_meanwhile"]]
    assert Assignment.objects.filter(task=task, role="A").count() == 1


def test_a_competence_that_is_declared_twice_at_once_stands_once(who):
    Product.objects.create(code="P-1", name="Motor", family="Motors")

    together(*[lambda: competences.declare(who.quinn, by=who.quinn, at=AT, family="Motors", what="Bearings")] * 4)

    assert Competence.objects.get().what == "Bearings"
