"""A drill tries a plan out without a case: it tells nobody, is scored by its steps, and moves the day of the next."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from complaints import drills, emergency_plans
from complaints.days import company_date
from complaints.emergencies import Review
from complaints.lifecycle import Refused
from complaints.models import EmergencyActivation, Task
from complaints.models.emergency import months_later
from notifications.fanout import fan_out_all
from notifications.models import Delivery
from tests.cast import NOON
from tests.remediation.stories import codes

MINUTE = timedelta(minutes=1)
REVIEW = Review("", "Quick.", "The van was locked.", ("A second key",))


@pytest.fixture
def drill(who, plan):
    return drills.begin_drill(plan, by=who.lee, at=NOON, scenario="A gearbox burns")


def steps_of(drill):
    return list(drill.steps.order_by("position"))


def test_it_has_the_steps_and_roles_but_tells_nobody_and_makes_no_task(drill, who):
    first, *_rest = steps_of(drill)
    drills.finish_drill_step(first, by=who.quinn, at=NOON + MINUTE, result="Gate closed")
    drills.finish_drill(drill, by=who.lee, at=NOON + 2 * MINUTE, review=REVIEW)

    fan_out_all(NOON + 3 * MINUTE)

    assert len(steps_of(drill)) == 3
    assert drill.seats.count() == 4
    assert not Task.objects.exists()
    assert not Delivery.objects.exists()


def test_its_score_counts_the_steps_done_in_time_and_the_next_is_due_later(drill, who, plan):
    first, second, _third = steps_of(drill)
    assert plan.drill_due_on(None) == months_later(plan.valid_from, 6)
    drills.finish_drill_step(first, by=who.quinn, at=NOON + 15 * MINUTE, result="Gate closed")
    drills.finish_drill_step(second, by=who.cleo, at=NOON + 31 * MINUTE, result="Mailed")
    assert emergency_plans.last_drills(["EP-1"]) == {}

    drills.finish_drill(drill, by=who.lee, at=NOON + 40 * MINUTE, review=REVIEW)

    assert drills.score(drill) == (1, 3)
    assert drills.score(drill).percent == 33
    last = company_date(emergency_plans.last_drills(["EP-1"])["EP-1"])
    assert plan.drill_due_on(last) == months_later(NOON.date(), 6)


def test_twice_is_once_and_after_the_end_nothing_is_ticked_off(drill, who):
    first, second, _third = steps_of(drill)
    drills.finish_drill_step(first, by=who.quinn, at=NOON + MINUTE, result="Gate closed")
    drills.finish_drill_step(first, by=who.cleo, at=NOON + 2 * MINUTE, result="Gate closed")
    with pytest.raises(Refused) as other:
        drills.finish_drill_step(first, by=who.cleo, at=NOON + 2 * MINUTE, result="Mine")
    assert codes(other) == ["finished_meanwhile"]
    drills.finish_drill(drill, by=who.lee, at=NOON + 3 * MINUTE, review=REVIEW)
    drills.finish_drill(drill, by=who.quinn, at=NOON + 4 * MINUTE, review=REVIEW)

    with pytest.raises(Refused) as refusal:
        drills.finish_drill_step(second, by=who.cleo, at=NOON + 5 * MINUTE, result="Late")

    assert codes(refusal) == ["drill_over"]
    assert steps_of(drill)[0].result == "Gate closed"
    assert EmergencyActivation.objects.get().stood_down_by == who.lee


def test_one_at_a_time_and_only_of_a_plan_in_force(drill, who, plan):
    with pytest.raises(Refused) as refusal:
        drills.begin_drill(plan, by=who.lee, at=NOON, scenario="Again")
    assert codes(refusal) == ["drill_runs"]
    draft = emergency_plans.begin_version(plan, by=who.quinn, at=NOON)
    with pytest.raises(Refused) as refusal:
        drills.begin_drill(draft, by=who.lee, at=NOON, scenario="Draft")
    assert codes(refusal) == ["plan_not_in_force"]


def test_who_may_not(drill, who, plan):
    with pytest.raises(PermissionDenied):
        drills.begin_drill(plan, by=who.ada, at=NOON, scenario="Mine")
    with pytest.raises(PermissionDenied):
        drills.finish_drill_step(steps_of(drill)[0], by=who.ada, at=NOON, result="Mine")
    with pytest.raises(PermissionDenied):
        drills.finish_drill(drill, by=who.cleo, at=NOON, review=REVIEW)


def test_on_the_pages(who, plan, signed_in, at_noon):
    at_noon(NOON)
    client = signed_in(who.lee)
    begin = reverse("drill-begin", args=["EP-1"])
    assert client.get(begin).status_code == 200
    assert client.post(begin, {"scenario": "", "once": "a"}).status_code == 422
    url = client.post(begin, {"scenario": "A gearbox burns", "once": "b"}).headers["Location"]
    step = EmergencyActivation.objects.get().steps.order_by("position").first()
    at_noon(NOON + 10 * MINUTE)
    tick = {"do": "finish_step", "step": step.pk, "result": "Gate closed", "once": "c"}

    assert client.post(url, {**tick, "result": ""}).status_code == 422
    assert client.post(url, {**tick, "step": "9" * 18, "once": "d"}).status_code == 404
    assert client.post(url, {**tick, "once": "e"}).status_code == 302
    assert "1 of 3 steps done in time" in client.get(url).text
    assert signed_in(who.ada).post(url, {**tick, "once": "f"}).status_code == 403
    end = {"do": "finish_drill", "went_well": "Quick", "shortcomings": "Van locked", "improvements": "Key\n\nKey 2"}
    assert client.post(url, {**end, "shortcomings": "", "once": "g"}).status_code == 422
    assert client.post(url, {**end, "once": "h"}).status_code == 302
    page = client.get(reverse("emergency-plan", args=["EP-1"])).text
    assert "33 %" in page
    assert "Van locked" in page
    assert "2026-11-12" in page
    assert client.get(reverse("drill", args=[999])).status_code == 404


def test_another_review_of_an_ended_drill_is_refused_and_stands_beside_the_one_that_was_kept(drill, who, signed_in):
    url, clients = reverse("drill", args=[drill.pk]), {one: signed_in(one) for one in (who.lee, who.quinn)}
    said = {"do": "finish_drill", "went_well": "Quick", "shortcomings": "Van locked", "improvements": "Key"}
    assert clients[who.lee].post(url, {**said, "once": "a"}).status_code == 302

    other = clients[who.quinn].post(url, {**said, "shortcomings": "Nobody had the number", "once": "b"})
    same = clients[who.quinn].post(url, {**said, "once": "c"})

    assert other.status_code == 409
    assert "Lee ended this drill meanwhile, with another review" in other.text
    assert "Nobody had the number" in other.text
    assert "Van locked" in other.text
    assert same.status_code == 302
    assert EmergencyActivation.objects.get().shortcomings == "Van locked"


def test_what_was_typed_is_not_lost_when_it_is_refused(drill, who, signed_in):
    client, url = signed_in(who.lee), reverse("drill", args=[drill.pk])
    first, second, _third = steps_of(drill)
    drills.finish_drill_step(first, by=who.quinn, at=drill.activated_at + MINUTE, result="Gate closed")
    tick = {"do": "finish_step", "result": "Barrier down", "once": "a"}

    taken = client.post(url, {**tick, "step": first.pk})
    long = client.post(url, {**tick, "step": second.pk, "result": "Barrier " * 300, "once": "b"})
    torn = client.post(url, {**tick, "step": second.pk, "once": ""})
    end = client.post(url, {"do": "finish_drill", "went_well": "Quick as a hare", "shortcomings": "", "once": "c"})

    assert [answer.status_code for answer in (taken, long, torn, end)] == [409, 422, 422, 422]
    assert "Barrier down" in taken.text
    assert "at most 2000 characters" in long.text
    assert 'value="Barrier Barrier' in long.text
    assert 'value="Barrier down"' in torn.text
    assert "Quick as a hare" in end.text
