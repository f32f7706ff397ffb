"""An update that an incident promised and nobody gave: said to who commands, then one level up, each at its instant."""

from datetime import timedelta

import pytest

from complaints import emergencies, promises
from complaints.emergencies import Left, Review
from complaints.models import EmergencyPromise
from notifications.fanout import fan_out_all
from notifications.models import Delivery
from tests.complaints.factories import events_of
from tests.emergency.test_activate import AT, mobilised

MINUTE = timedelta(minutes=1)
KIND = "emergency.update_overdue"


@pytest.fixture
def case(who, plan):
    return mobilised(who, plan)  # lee commands; cleo tells the customer every 60 minutes, lee management every 240


def said(case):
    return [(event.at, event.facts["informed"], event.facts["level"], event.facts["told"])
            for event in events_of(case, KIND)]  # fmt: skip


def test_it_is_said_at_the_instant_then_one_level_up(case):
    assert promises.sweep(now=AT + 60 * MINUTE) == 0  # in the very second it is in time

    assert promises.sweep(now=AT + 61 * MINUTE) == 1
    assert promises.sweep(now=AT + 89 * MINUTE) == 0
    assert promises.sweep(now=AT + 95 * MINUTE) == 1
    assert promises.sweep(now=AT + 200 * MINUTE) == 0

    assert said(case) == [
        (AT + 60 * MINUTE, "CUSTOMER", 1, ["COMMANDER", "TELLS"]), (AT + 90 * MINUTE, "CUSTOMER", 2, ["EXE"]),
    ]  # fmt: skip


def test_a_sweep_that_comes_late_says_both_each_at_its_instant(case):
    promises.sweep(now=AT + 200 * MINUTE)
    promises.sweep(now=AT + 200 * MINUTE)

    assert [at for at, *_rest in said(case)] == [AT + 60 * MINUTE, AT + 90 * MINUTE]


def test_an_update_promises_the_next_and_what_had_passed_before_it_is_still_said(case, who):
    emergencies.give_update(case, by=who.cleo, at=AT + 70 * MINUTE, audience="CUSTOMER", text="We are coming")

    promises.sweep(now=AT + 129 * MINUTE)
    assert [(at, level) for at, _who, level, _told in said(case)] == [(AT + 60 * MINUTE, 1)]
    promises.sweep(now=AT + 131 * MINUTE)
    assert [(at, level) for at, _who, level, _told in said(case)][1:] == [(AT + 130 * MINUTE, 1)]


def test_one_told_in_time_and_written_down_late_counts_from_when_it_was_told(case, who):
    told = {"by": who.cleo, "audience": "CUSTOMER"}
    emergencies.give_update(case, at=AT + 50 * MINUTE, text="We are coming", **told)
    emergencies.give_update(case, at=AT + 20 * MINUTE, text="We heard you", **told)

    assert EmergencyPromise.objects.get(audience="CUSTOMER").due_at == AT + 110 * MINUTE


def test_after_the_stand_down_nothing_is_promised(case, who):
    left = {step.pk: Left(None, "Over") for step in emergencies.of(case).steps.all()}
    emergencies.stand_down(case, by=who.lee, at=AT + 50 * MINUTE, review=Review("a", "b", "c"), left=left)

    assert promises.sweep(now=AT + 600 * MINUTE) == 0
    assert said(case) == []


def test_it_is_told_to_who_commands_and_who_tells_and_then_to_the_executives(case, who):
    promises.sweep(now=AT + 61 * MINUTE)
    fan_out_all(AT + 61 * MINUTE)
    first = {row.recipient for row in Delivery.objects.filter(template="update_overdue")}
    promises.sweep(now=AT + 91 * MINUTE)
    fan_out_all(AT + 91 * MINUTE)

    everybody = {row.recipient for row in Delivery.objects.filter(template="update_overdue")}
    assert first == {who.lee, who.cleo}
    assert everybody - first == {who.max}


def test_above_a_commander_who_is_no_manager_stand_the_quality_managers(case, who):
    emergencies.hand_over(case, by=who.lee, at=AT, role="COMMANDER", to=who.quinn, phone="+86 3", because="Shift")

    promises.sweep(now=AT + 91 * MINUTE)

    assert [told for _at, _who, _level, told in said(case)] == [["COMMANDER", "TELLS"], ["QM"]]
