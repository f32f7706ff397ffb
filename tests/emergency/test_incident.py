"""While a plan is in force: steps ticked off, decisions, updates, roles handed over, and the stand-down."""

import json
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints import emergencies, guards, response
from complaints.emergencies import Left, Review
from complaints.lifecycle import Refused
from complaints.models import EmergencyDecision, EmergencyStep, Task
from tests.cast import person
from tests.complaints.factories import events_of, triaged
from tests.emergency.test_activate import AT, mobilised
from tests.remediation.stories import codes

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text())
MINUTE = timedelta(minutes=1)
REVIEW = Review("Contained.", "Quick.", "No van.")


@pytest.fixture
def case(who, plan):
    return mobilised(who, plan)


def steps_of(case) -> list[EmergencyStep]:
    return list(emergencies.of(case).steps.order_by("position"))


def steps_of_last(case) -> list[EmergencyStep]:
    return list(case.activations.get().steps.order_by("position"))


def test_a_tick_ends_the_task_and_a_task_the_step(case, who):
    first, second, _third = steps_of(case)

    emergencies.finish_step(first, by=who.quinn, at=AT + 14 * MINUTE, result="Gate closed")
    response.finish_task(second.task, by=who.cleo, at=AT + 31 * MINUTE, result="Mailed")

    first, second, third = steps_of(case)
    assert (first.status, first.in_time, first.task.status) == ("DONE", True, "DONE")
    assert (second.result, second.in_time, second.done_by) == ("Mailed", False, who.cleo)
    assert third.status == "OPEN"


def test_a_second_tick_changes_nothing(case, who):
    [first, *_rest] = steps_of(case)
    emergencies.finish_step(first, by=who.quinn, at=AT + MINUTE, result="Gate closed")

    emergencies.finish_step(first, by=who.cleo, at=AT + 2 * MINUTE, result="Gate closed")

    assert steps_of(case)[0].result == "Gate closed"
    assert len(events_of(case, "task.finished")) == 1


def test_only_who_holds_its_role_or_leads_ends_a_step(case, who, own):
    pat = person("Pat", own, "PR", kind="MANAGEMENT")
    emergencies.hand_over(case, by=who.lee, at=AT, role="CUSTOMER", to=pat, phone="+86 9", because="Shift")
    first, second, third = steps_of(case)

    for step in (first, third):
        for verb, row in ((emergencies.finish_step, step), (response.finish_task, step.task)):
            with pytest.raises(Refused) as refusal:
                verb(row, by=pat, at=AT + MINUTE, result="Mine")
            assert codes(refusal) == ["task_of_another"]
    assert refusal.value.reasons[0].params == {"name": "Quinn"}
    emergencies.finish_step(second, by=pat, at=AT + MINUTE, result="Mailed")
    emergencies.finish_step(first, by=who.cleo, at=AT + MINUTE, result="Seen")

    assert [step.status for step in steps_of(case)] == ["DONE", "DONE", "OPEN"]


def test_nothing_is_done_before_the_activation(case, who):
    with pytest.raises(Refused) as refusal:
        emergencies.decide(case, by=who.lee, at=AT - MINUTE, what="Stop", because="Smoke")

    assert codes(refusal) == ["incident_before"]


def test_the_next_update_is_due_from_the_last(case, who):
    emergencies.give_update(case, by=who.cleo, at=AT + 20 * MINUTE, audience="CUSTOMER", text="We are coming")

    due = {one.line.audience: one.due_at for one in emergencies.next_updates(emergencies.of(case))}
    assert due == {"CUSTOMER": AT + 80 * MINUTE, "MANAGEMENT": AT + 240 * MINUTE}
    with pytest.raises(Refused) as refusal:
        emergencies.give_update(case, by=who.cleo, at=AT + 20 * MINUTE, audience="PUBLIC", text="Hello")
    assert codes(refusal) == ["incident_audience_unknown"]


def test_who_holds_a_role_may_write_whatever_else_they_may(case, who, own):
    pat = person("Pat", own, "PR", kind="MANAGEMENT")
    with pytest.raises(PermissionDenied):
        emergencies.decide(case, by=pat, at=AT + MINUTE, what="Press", because="Calls")

    emergencies.hand_over(
        case, by=who.lee, at=AT + MINUTE, role="CUSTOMER", to=pat, phone="+86 9", because="Cleo is on a train"
    )
    emergencies.decide(case, by=pat, at=AT + 2 * MINUTE, what="Press", because="Calls")

    assert EmergencyDecision.objects.get().by == pat
    assert steps_of(case)[1].owner == pat
    assert steps_of(case)[1].task.owner == pat
    with pytest.raises(PermissionDenied):
        emergencies.stand_down(case, by=pat, at=AT + 3 * MINUTE, review=REVIEW, left={})


def test_the_stand_down_waits_until_each_open_step_is_handed_on_or_cancelled(case, who):
    first, second, third = steps_of(case)
    emergencies.finish_step(first, by=who.quinn, at=AT + MINUTE, result="Gate closed")
    with pytest.raises(Refused) as refusal:
        emergencies.stand_down(case, by=who.lee, at=AT + 9 * MINUTE, review=REVIEW, left={second.pk: Left(None, " ")})
    assert codes(refusal) == ["incident_step_open", "incident_step_open"]
    assert emergencies.of(case)

    left = {second.pk: Left(None, "All were on the phone"), third.pk: Left(who.cleo, "Tomorrow")}
    better = Review("Contained.", "Quick.", "No van.", ("Buy a van",), who.lee, date(2026, 6, 1))
    emergencies.stand_down(case, by=who.lee, at=AT + 9 * MINUTE, review=better, left=left)

    assert emergencies.of(case) is None
    tasks = {task.text: (task.status, task.owner, task.blocking) for task in Task.objects.all()}
    assert tasks["Warn users"] == ("CANCELLED", who.cleo, True)
    assert tasks["Team on site"] == ("OPEN", who.cleo, True)
    assert tasks["Buy a van"] == ("OPEN", who.lee, False)
    assert len(events_of(case, "emergency.stood_down")) == 1


def test_why_a_step_was_handed_on_stays_beside_what_came_of_it(case, who, signed_in, later):
    *others, third = steps_of(case)
    left = {step.pk: Left(None, "Over") for step in others} | {third.pk: Left(who.cleo, "The road is closed")}
    emergencies.stand_down(case, by=who.lee, at=AT + 9 * MINUTE, review=REVIEW, left=left)

    response.finish_task(third.task, by=who.cleo, at=AT + 19 * MINUTE, result="Went by boat")

    third = steps_of_last(case)[2]
    assert (third.left_because, third.result) == ("The road is closed", "Went by boat")
    page = signed_in(who.lee).get(reverse("case-incident", args=[case.ref])).text
    assert "The road is closed" in page
    assert "Went by boat" in page


def test_why_open_steps_were_handed_on_goes_back_with_the_version_before_and_comes_again(case, who):
    *others, third = steps_of(case)
    left = {step.pk: Left(None, "Over") for step in others} | {third.pk: Left(who.cleo, "The road is closed")}
    emergencies.stand_down(case, by=who.lee, at=AT + 9 * MINUTE, review=REVIEW, left=left)
    moved = import_module("complaints.migrations.0017_move_why_steps_were_handed_on")

    moved.move_back(apps, None)
    third.refresh_from_db()
    assert (third.left_because, third.result) == ("", "The road is closed")

    moved.move(apps, None)
    third.refresh_from_db()
    assert (third.left_because, third.result) == ("The road is closed", "")


def test_what_is_to_be_bettered_needs_somebody(case, who):
    left = {step.pk: Left(None, "Over") for step in steps_of(case)}

    with pytest.raises(Refused) as refusal:
        emergencies.stand_down(
            case, by=who.lee, at=AT + MINUTE, review=Review("a", "b", "c", ("Buy a van",)), left=left
        )

    assert codes(refusal) == ["incident_review_nobody"]


def test_what_is_to_be_bettered_is_not_due_in_the_past(case, who):
    left = {step.pk: Left(None, "Over") for step in steps_of(case)}
    today = AT.date()
    review = Review("a", "b", "c", ("Buy a van",), who.lee, today - timedelta(days=1))

    with pytest.raises(Refused) as refusal:
        emergencies.stand_down(case, by=who.lee, at=AT + MINUTE, review=review, left=left)

    assert codes(refusal) == ["incident_review_past"]
    review = Review("a", "b", "c", ("Buy a van",), who.lee, today)
    emergencies.stand_down(case, by=who.lee, at=AT + MINUTE, review=review, left=left)


# The pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def later(at_noon):
    at_noon(AT + 20 * MINUTE)


def do(case, name: str) -> str:
    return reverse("case-do", args=[case.ref, name])


def test_the_page_shows_what_is_late_and_ticks_it_off(case, who, signed_in, later):
    client, url = signed_in(who.quinn), reverse("case-incident", args=[case.ref])
    page = client.get(url).text
    assert "5 m over" in page
    assert "10 m left" in page
    assert "+86 1" in page

    first = steps_of(case)[0]
    answer = client.post(do(case, "finish_step"), {"step": first.pk, "result": "Gate closed", "once": "a"})
    again = client.post(do(case, "finish_step"), {"step": first.pk, "result": "Gate closed", "once": "a"})

    assert (answer.headers["Location"], again.headers["Location"]) == (url, url)
    page = client.get(url).text
    assert "5 m late" in page
    assert "Gate closed" in page
    assert "Stop shipment" in client.get(reverse("case-incident-order", args=[case.ref])).text
    assert "Emergency plan in force" in client.get(reverse("case", args=[case.ref])).text


def test_the_page_offers_a_tick_to_who_may(case, who, own, signed_in, later):
    pat, url = person("Pat", own, "PR", kind="MANAGEMENT"), reverse("case-incident", args=[case.ref])
    emergencies.hand_over(case, by=who.lee, at=AT, role="CUSTOMER", to=pat, phone="+86 9", because="Shift")
    first, second, third = steps_of(case)

    asked = {name: signed_in(name).get(url).text for name in (pat, who.ada, who.quinn)}

    ticks = {name: [f'name="step" value="{one.pk}"' in page for one in (first, second, third)]
             for name, page in asked.items()}  # fmt: skip
    assert ticks == {pat: [False, True, False], who.ada: [False] * 3, who.quinn: [True] * 3}
    tasks = [f"finish_task/?task={one.task_id}" in signed_in(pat).get(reverse("case-actions", args=[case.ref])).text
             for one in (first, second, third)]  # fmt: skip
    assert tasks == [False, True, False]
    tick = {"step": second.pk, "result": "Mailed"}
    assert signed_in(who.ada).post(do(case, "finish_step"), {**tick, "once": "a"}).status_code == 403
    assert (
        signed_in(who.ada)
        .post(do(case, "finish_task"), {"task": second.task_id, "result": "Mailed", "once": "b"})
        .status_code
        == 409
    )
    assert signed_in(pat).post(do(case, "finish_step"), {**tick, "once": "c"}).status_code == 302


def test_the_page_of_a_case_without_one_offers_to_activate_a_plan(who, plan, signed_in, later):
    case = triaged(who.quinn, registered_by=who.ada, grade="G3")
    client = signed_in(who.lee)
    assert "Activate an emergency plan" in client.get(reverse("case-incident", args=[case.ref])).text

    answer = client.post(do(case, "activate_plan"), {"plan": plan.pk, "because": "Smoke", "once": "a"})

    assert answer.status_code == 302
    assert emergencies.of(case).because == "Smoke"
    blocked = client.post(do(case, "activate_plan"), {"plan": plan.pk, "because": "Smoke", "once": "b"})
    assert blocked.status_code == 409
    assert client.get(reverse("case-incident", args=["QC-2026-09999"])).status_code == 404


def test_it_is_stood_down_by_the_form(case, who, signed_in, later):
    client = signed_in(who.lee)
    first, second, third = steps_of(case)
    said = {
        "reason": "Contained", "went_well": "Quick", "shortcomings": "Van", "once": "a",
        f"step_{first.pk}": "CANCEL", f"step_{first.pk}_why": "Done by the customer",
        f"step_{second.pk}": "HAND_ON", f"step_{second.pk}_why": "Goes on",
    }  # fmt: skip
    answer = client.post(do(case, "stand_down"), said)
    assert answer.status_code == 422
    assert "Name who goes on with it." in answer.text

    said |= {f"step_{second.pk}_to": who.cleo.email, "once": "b"}
    answer = client.post(do(case, "stand_down"), said)
    assert answer.status_code == 409
    assert "“Team on site” is not done." in answer.text

    said |= {f"step_{third.pk}": "CANCEL", f"step_{third.pk}_why": "Too late", "once": "c"}
    assert client.post(do(case, "stand_down"), said).status_code == 302
    assert "stood down" in client.get(reverse("case-incident", args=[case.ref])).text


@pytest.mark.parametrize(
    ("name", "said", "status"),
    [
        ("decide_incident", {"what": "Replace", "because": "Safer"}, 409),
        ("stand_down", {"reason": "Over", "went_well": "Quick", "shortcomings": "Van"}, 409),
        ("finish_step", {"step": "1", "result": "Done"}, 422),  # there is nothing to choose from
        ("give_update", {"audience": "CUSTOMER", "text": "We are coming"}, 422),
        ("hand_over_role", {"role": "CUSTOMER", "phone": "1", "because": "Shift"}, 422),
    ],
)
def test_without_a_plan_in_force_the_acts_say_so(who, plan, signed_in, later, name, said, status):
    case = triaged(who.quinn, registered_by=who.ada, grade="G3")
    client = signed_in(who.lee)

    answer = client.post(do(case, name), {**said, "once": "a"})

    assert answer.status_code == status
    for page in (answer.text, client.get(do(case, name)).text):
        assert "No emergency plan is in force for this case." in page
    assert not case.activations.exists()


def test_the_page_says_who_may_stand_it_down_to_who_may_not(case, who, signed_in, later):
    url = reverse("case-incident", args=[case.ref])

    assert "Lee, who commands, or Quality manager: Lee; Executive: Max" in signed_in(who.quinn).get(url).text
    assert "who commands, or" not in signed_in(who.lee).get(url).text


def test_one_that_was_stood_down_shows_what_was_told_and_no_next_update(case, who, signed_in, later):
    emergencies.give_update(case, by=who.cleo, at=AT + MINUTE, audience="CUSTOMER", text="We are coming")
    left = {step.pk: Left(None, "Over") for step in steps_of(case)}
    emergencies.stand_down(case, by=who.lee, at=AT + 9 * MINUTE, review=REVIEW, left=left)

    page = signed_in(who.lee).get(reverse("case-incident", args=[case.ref])).text

    assert "Next updates" not in page
    assert "We are coming" in page


def test_who_may_not_is_refused(case, who, signed_in, later):
    assert signed_in(who.fay).get(do(case, "activate_plan")).status_code == 403
    assert signed_in(who.fay).post(do(case, "stand_down"), {"once": "a"}).status_code == 403
    assert signed_in(who.fay).post(do(case, "decide_incident"), {"once": "a"}).status_code == 403


def test_the_page_reads_no_row_at_a_time(case, who, signed_in, later):
    client, url = signed_in(who.lee), reverse("case-incident", args=[case.ref])
    client.get(url)

    with CaptureQueriesContext(connection) as asked:
        client.get(url)

    assert len(asked) <= BUDGET["case_incident"], len(asked)


def test_who_holds_a_seat_hands_over_that_seat_but_never_the_command(case, who, own):
    pat = person("Pat", own, "PR", kind="MANAGEMENT")
    said = {"phone": "+86 9", "because": "Shift"}
    emergencies.hand_over(case, by=who.lee, at=AT + MINUTE, role="CUSTOMER", to=pat, **said)

    for role in ("COMMANDER", "QUALITY"):
        with pytest.raises(PermissionDenied):
            emergencies.hand_over(case, by=pat, at=AT + 2 * MINUTE, role=role, to=pat, **said)
    emergencies.hand_over(case, by=pat, at=AT + 2 * MINUTE, role="CUSTOMER", to=who.ada, **said)

    assert emergencies.of(case).commander == who.lee


def test_a_role_that_was_handed_over_meanwhile_is_not_handed_over_again(case, who, signed_in, later):
    client, url = signed_in(who.lee), do(case, "hand_over_role")
    seen = client.get(url).context["form"]["expected"].value()
    said = {"role": "CUSTOMER", "to": who.sam.email, "phone": "+86 9", "because": "Shift", "expected": seen}
    assert client.post(url, {**said, "once": "a"}).status_code == 302

    second = client.post(url, {**said, "to": who.ada.email, "because": "Train", "once": "b"})

    assert second.status_code == 409
    assert "Customer contact: handed over to Sam meanwhile." in second.text
    assert "Train" in second.text
    assert "Customer contact: Sam" in second.text
    assert steps_of(case)[1].owner == who.sam
    another = {**said, "role": "QUALITY", "to": who.ada.email, "once": "c"}
    assert client.post(url, another).status_code == 302  # that one was not handed over
    again = {**said, "to": who.ada.email, "expected": second.context["form"]["expected"].value(), "once": "d"}
    assert client.post(url, again).status_code == 302
    assert steps_of(case)[1].owner == who.ada


@pytest.mark.parametrize("guard", ["before_reject", "before_withdraw", "before_close"])
def test_no_case_ends_while_its_plan_is_in_force(case, guard):
    assert "incident_open" in [why.code for why in getattr(guards, guard)(case)]


def test_another_result_of_a_step_that_somebody_finished_is_refused_not_lost(case, who):
    first = steps_of(case)[0]
    emergencies.finish_step(first, by=who.quinn, at=AT + MINUTE, result="Gate closed")
    emergencies.finish_step(first, by=who.lee, at=AT + 2 * MINUTE, result="Gate closed")

    with pytest.raises(Refused) as refusal:
        emergencies.finish_step(first, by=who.lee, at=AT + 2 * MINUTE, result="The valve was open")

    assert codes(refusal) == ["finished_meanwhile"]
    assert steps_of(case)[0].result == "Gate closed"
