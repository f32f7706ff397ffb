"""A plan is written by one person and approved by another; from then on it stays as it is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit.models import Event
from complaints import emergency_plans as plans
from complaints.lifecycle import Refused
from complaints.models import EmergencyPlan
from complaints.models.emergency import Action, months_later
from tests.cast import NOON
from tests.emergency.house import ACTIONS, FROM, WRITTEN, content, drafted, in_force

URL = "/settings/emergency-plans/"


def codes(refusal) -> list[str]:
    return [why.code for why in refusal.value.reasons]


def test_another_person_approves_it(lee, quinn, cleo, max):
    plan = drafted(quinn, lee, quinn, cleo)

    plan = plans.approve_plan(plan, by=max, at=WRITTEN)

    assert (plan.approved_by, plan.approved_at, plan.valid_to) == (max, WRITTEN, None)
    kinds = [event.kind for event in Event.objects.of("plan", plan.stream)]
    assert kinds == ["plan.begun", "plan.written", "plan.approved"]


def test_its_writer_does_not(lee, quinn, cleo):
    plan = drafted(lee, lee, quinn, cleo)

    with pytest.raises(Refused) as refusal:
        plans.approve_plan(plan, by=lee, at=WRITTEN)

    assert codes(refusal) == ["same_person"]
    assert EmergencyPlan.objects.get().approved_by is None


def test_twice_is_once(lee, quinn, cleo, max):
    plan = in_force(lee, quinn, cleo, max)

    plans.approve_plan(plan, by=max, at=NOON)

    assert EmergencyPlan.objects.get().approved_at == WRITTEN


def test_what_it_lacks_is_named(quinn, lee, cleo, max):
    plan = plans.begin_plan(by=quinn, at=WRITTEN, code="EP-9", name="Empty")

    with pytest.raises(Refused) as refusal:
        plans.approve_plan(plan, by=max, at=WRITTEN)

    assert codes(refusal) == [
        "plan_standard_missing", "plan_commander_missing", "plan_first_hour_missing", "plan_first_day_missing",
        "plan_line_missing",
    ]  # fmt: skip


def test_an_action_needs_somebody_who_holds_its_role(quinn, lee, cleo):
    plan = drafted(quinn, lee, quinn, cleo)
    whole = content(lee, quinn, cleo)

    plan = plans.write_plan(
        plan,
        by=quinn,
        at=WRITTEN,
        content=replace(whole, actions=(*ACTIONS, Action(5, "Call the lawyer", "", "LEGAL"))),
    )

    [gap] = plans.lacking(plan)
    assert (gap.code, gap.params) == ("plan_action_unfilled", {"text": "Call the lawyer", "plan_role": "LEGAL"})


def test_a_person_who_left_and_a_missing_phone_are_named(quinn, lee, cleo):
    plan = drafted(quinn, lee, quinn, cleo)
    lee.is_active = False
    lee.save()
    plan.roles.filter(role="QUALITY").update(phone=" ")

    found = [(why.code, why.params["name"]) for why in plans.lacking(plan)]

    assert found == [("plan_person_gone", "Lee"), ("plan_phone_missing", "Quinn")]


def test_the_review_is_due_within_twelve_months(quinn, lee, cleo):
    plan = drafted(quinn, lee, quinn, cleo, review_on=months_later(FROM, 12) + timedelta(days=1))

    assert [why.code for why in plans.lacking(plan)] == ["plan_review_late"]


def test_an_approved_version_stays_and_its_successor_ends_it(lee, quinn, cleo, max):
    first = in_force(lee, quinn, cleo, max)
    with pytest.raises(Refused) as refusal:
        plans.write_plan(first, by=quinn, at=NOON, content=content(lee, quinn, cleo))
    assert codes(refusal) == ["plan_approved"]

    second = plans.begin_version(first, by=quinn, at=NOON)
    again = plans.begin_version(first, by=quinn, at=NOON)
    second = plans.approve_plan(second, by=max, at=NOON)

    assert again.pk == second.pk
    assert (second.number, second.valid_from) == (2, NOON.date())
    assert second.actions == first.actions
    assert second.roles.count() == first.roles.count()
    assert second.stock.get().code == "VAN-1"
    first = EmergencyPlan.objects.get(pk=first.pk)
    assert first.valid_to == NOON.date() - timedelta(days=1)
    assert list(EmergencyPlan.objects.in_force(NOON.date())) == [second]
    assert list(EmergencyPlan.objects.in_force(FROM)) == [first]


def test_it_does_not_begin_in_the_past_nor_before_its_predecessor(lee, quinn, cleo, max):
    first = in_force(lee, quinn, cleo, max)
    draft = plans.begin_version(first, by=quinn, at=NOON)
    plans.write_plan(draft, by=quinn, at=NOON, content=content(lee, quinn, cleo))

    with pytest.raises(Refused) as refusal:
        plans.approve_plan(draft, by=max, at=NOON)

    assert codes(refusal) == ["plan_from_past", "plan_before_predecessor"]


def test_who_may_not(ada, lee, quinn, cleo, max):
    with pytest.raises(PermissionDenied):
        plans.begin_plan(by=ada, at=WRITTEN, code="EP-2", name="Mine")
    with pytest.raises(PermissionDenied):
        plans.approve_plan(drafted(lee, lee, quinn, cleo), by=quinn, at=WRITTEN)


def test_on_the_pages_a_plan_is_begun_written_and_approved(quinn, lee, cleo, max, signed_in):
    client = signed_in(quinn)
    begun = client.post(URL, {"code": "ep-field", "name": "Field", "grade": "G1", "once": "a"})
    assert begun.headers["Location"] == f"{URL}EP-FIELD/edit/"
    page = client.get(begun.headers["Location"])
    draft = EmergencyPlan.objects.get()
    today = draft.valid_from

    answer = client.post(begun.headers["Location"], {**said(today, lee, cleo), "seen": draft.edition, "once": "b"})

    assert (page.status_code, answer.status_code) == (200, 302)
    plan = EmergencyPlan.objects.get()
    assert [list(row) for row in plan.actions] == [
        [10, "Stop shipment", "停止发货", "COMMANDER"], [120, "Go there", "", "COMMANDER"]
    ]  # fmt: skip
    assert (plan.roles.get().person, plan.roles.get().deputy) == (lee, cleo)
    assert plan.stock.get().quantity == 2
    seen = {"seen": plan.edition}
    assert "Nothing is missing" in client.get(f"{URL}EP-FIELD/").text
    assert client.post(f"{URL}EP-FIELD/approve/", {"once": "c"}).status_code == 403
    assert signed_in(max).post(f"{URL}EP-FIELD/approve/", {**seen, "once": "c"}).status_code == 302
    assert "in force" in client.get(f"{URL}EP-FIELD/").text
    assert signed_in(lee).get(URL).status_code == 200


def said(today, lee, cleo, **other) -> dict[str, object]:
    rows = {
        "action": [{"minutes": "120", "text": "Go there", "role": "COMMANDER"},
                   {"minutes": "10", "text": "Stop shipment", "text_zh": "停止发货", "role": "COMMANDER"}, {}],
        "line": [{"audience": "CUSTOMER", "minutes": "60", "role": "COMMANDER"}, {}],
        "stock": [{"code": "VAN-1", "name": "Van", "kind": "VEHICLE", "quantity": "2"}, {"kind": "OTHER"}],
    }  # fmt: skip
    found: dict[str, object] = {
        "name": "Field", "grade": "G1", "valid_from": today.isoformat(), "drill_months": "6",
        "review_on": months_later(today, 12).isoformat(), "standard": "Danger.",
        "role-COMMANDER-person": lee.email, "role-COMMANDER-phone": "1", "role-COMMANDER-deputy": cleo.email,
        "role-COMMANDER-deputy_phone": "2",
    }  # fmt: skip
    for prefix, each in rows.items():
        found |= {f"{prefix}-TOTAL_FORMS": len(each), f"{prefix}-INITIAL_FORMS": 0}
        found |= {f"{prefix}-{n}-{name}": value for n, row in enumerate(each) for name, value in row.items()}
    return found | other


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("action-0-minutes", "soon", "Enter a whole number."),
        ("action-0-text", "", "Needed."),
        ("line-0-minutes", "1", "greater than or equal to 5"),
        ("stock-0-quantity", "0", "greater than or equal to 1"),
        ("valid_from", "2026-02-30", "valid date"),
        ("action-TOTAL_FORMS", "9999", "at most 60"),
        ("action-TOTAL_FORMS", "x", "The rows of this table did not arrive."),
    ],
)
def test_what_does_not_fit_is_said_beside_it(quinn, lee, cleo, signed_in, field, value, words):
    plan = plans.begin_plan(by=quinn, at=WRITTEN, code="EP-9", name="Empty")

    answer = signed_in(quinn).post(
        reverse("emergency-plan-edit", args=["EP-9"]),
        {**said(FROM, lee, cleo), "seen": plan.edition, field: value, "once": "b"},
    )

    assert answer.status_code == 422
    assert words in answer.text
    assert EmergencyPlan.objects.get(pk=plan.pk).first_actions == []


def test_the_same_resource_stands_in_one_row_however_its_code_is_written(quinn, lee, cleo, signed_in):
    plan = plans.begin_plan(by=quinn, at=WRITTEN, code="EP-9", name="Empty")
    twice = {"seen": plan.edition, "stock-1-code": "van-1", "stock-1-name": "Van", "stock-1-quantity": "1"}

    answer = signed_in(quinn).post(
        reverse("emergency-plan-edit", args=["EP-9"]), {**said(FROM, lee, cleo), **twice, "once": "b"}
    )

    assert answer.status_code == 422
    assert "This code stands in another row already." in answer.text


def test_what_somebody_else_wrote_meanwhile_is_not_lost(quinn, lee, cleo, max, signed_in):
    plan = drafted(quinn, lee, quinn, cleo)
    seen = plan.edition
    plans.write_plan(plan, by=lee, at=NOON, content=content(lee, quinn, cleo), seen=seen)

    with pytest.raises(Refused) as refusal:
        plans.write_plan(plan, by=quinn, at=NOON, content=content(lee, quinn, cleo, name="Mine"), seen=seen)
    assert codes(refusal) == ["plan_changed"]
    with pytest.raises(Refused) as refusal:
        plans.approve_plan(plan, by=max, at=NOON, seen=seen)
    assert codes(refusal) == ["plan_changed"]

    edit = reverse("emergency-plan-edit", args=["EP-1"])
    answer = signed_in(quinn).post(edit, {**said(FROM, lee, cleo, name="Mine"), "seen": seen, "once": "b"})

    assert answer.status_code == 409
    assert "Lee wrote this draft anew meanwhile." in answer.text
    assert 'value="Mine"' in answer.text
    assert "Kept now: Field safety" in answer.text
    assert "Warn users" in answer.text  # an action that was kept, of which the form knows nothing
    assert 'value="Go there"' in answer.text
    assert EmergencyPlan.objects.get().name == "Field safety"
    again = {**said(FROM, lee, cleo, name="Mine"), "seen": EmergencyPlan.objects.get().edition, "once": "c"}
    assert signed_in(quinn).post(edit, again).status_code == 302


def test_two_windows_of_one_person_do_not_overwrite_each_other(quinn, lee, cleo, signed_in):
    seen, client = drafted(quinn, lee, quinn, cleo).edition, signed_in(quinn)
    edit = reverse("emergency-plan-edit", args=["EP-1"])
    assert client.post(edit, {**said(FROM, lee, cleo, name="First"), "seen": seen, "once": "a"}).status_code == 302

    second = client.post(edit, {**said(FROM, lee, cleo, name="Second"), "seen": seen, "once": "b"})
    faulty = client.post(edit, {**said(FROM, lee, cleo, drill_months="x"), "seen": seen, "once": "c"})

    assert (second.status_code, faulty.status_code) == (409, 409)
    assert "You wrote this draft anew meanwhile, in another window." in second.text
    assert "Kept now: First" in second.text
    assert "Enter a whole number." in faulty.text
    assert EmergencyPlan.objects.get().name == "First"


def test_a_refused_approval_says_why(quinn, lee, max, signed_in):
    plans.begin_plan(by=quinn, at=WRITTEN, code="EP-9", name="Empty")

    seen = EmergencyPlan.objects.get().edition
    answer = signed_in(max).post(f"{URL}EP-9/approve/", {"seen": seen, "once": "c"})

    assert answer.status_code == 409
    assert "Name exactly one commander." in answer.text
    assert signed_in(max).get(f"{URL}EP-8/").status_code == 404
    assert signed_in(quinn).post(URL, {"code": "EP-9", "name": "x", "grade": "G1", "once": "d"}).status_code == 409
