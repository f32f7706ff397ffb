"""What an incident keeps of a resource is missing to every other, and a clash is named with the other case."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from complaints import emergencies, reserving
from complaints import emergency_plans as plans
from complaints.lifecycle import Refused
from complaints.models import EmergencyReservation
from tests.cast import NOON
from tests.complaints.factories import events_of, triaged
from tests.emergency.house import VAN, WRITTEN, content, drafted, in_force
from tests.emergency.test_activate import AT
from tests.remediation.stories import HOUR, codes


def incident(who, plan, **fields):
    case = triaged(who.quinn, registered_by=who.ada, grade="G3", **fields)
    emergencies.activate_plan(case, by=who.lee, at=AT, plan=plan, because="Smoke")
    return case


def reserve(case, who, *, quantity=1, start=0, end=4, plan=None, **more) -> EmergencyReservation:
    van = emergencies.of(case).plan.stock.get() if plan is None else plan.stock.get()
    span = {"from_at": AT + start * HOUR, "until_at": AT + end * HOUR}
    return reserving.reserve_resource(case, by=who.lee, at=AT, resource=van, quantity=quantity, **span, **more)


def test_two_of_two_are_kept_and_a_third_is_refused_with_the_other_case(who, plan):
    first, second = incident(who, plan), incident(who, plan)
    reserve(first, who, quantity=2)

    with pytest.raises(Refused) as refusal:
        reserve(second, who, start=3, end=5)

    assert codes(refusal) == ["resource_taken"]
    assert refusal.value.reasons[0].params == {"name": "Measuring van", "free": 0, "have": 2, "refs": first.ref}
    assert EmergencyReservation.objects.count() == 1


def test_one_after_the_other_is_no_clash(who, plan):
    first, second = incident(who, plan), incident(who, plan)
    reserve(first, who, quantity=2, end=4)

    reserve(second, who, quantity=2, start=4, end=8)

    assert EmergencyReservation.objects.count() == 2


@pytest.mark.parametrize(("quantity", "fits"), [(1, True), (2, False)])
def test_only_what_is_kept_at_one_moment_counts(who, plan, quantity, fits):
    first = incident(who, plan)
    reserve(first, who, start=0, end=2)
    reserve(first, who, start=2, end=4)  # never two at once
    van = plan.stock.get()

    found = reserving.clash(van, quantity, AT, AT + 4 * HOUR)

    assert (found is None) is fits


def test_with_a_reason_it_is_kept_all_the_same_and_the_clash_shows_on_both(who, plan, signed_in, at_noon):
    first, second = incident(who, plan), incident(who, plan)
    reserve(first, who, quantity=2)

    row = reserve(second, who, because="People are hurt")

    assert row.because == "People are hurt"
    [event] = events_of(second, "emergency.resource_reserved")
    assert event.facts["forced"] is True
    at_noon(AT + HOUR)
    for case, other in ((first, second), (second, first)):
        page = signed_in(who.lee).get(reverse("case-incident", args=[case.ref])).text
        assert f"more than the 2 there are, with {other.ref}" in page


def test_the_same_code_in_another_plan_is_the_same_thing(who, plan, lee, quinn, cleo, max):
    other = in_force(lee, quinn, cleo, max, code="EP-2")
    first, second = incident(who, plan), incident(who, other)
    reserve(first, who, quantity=2)

    with pytest.raises(Refused) as refusal:
        reserve(second, who)

    assert codes(refusal) == ["resource_taken"]


@pytest.mark.parametrize("code", ["van-1", "ＶＡＮ－１", " Van-1"])
def test_a_code_is_the_same_however_its_letters_are_written(who, plan, lee, quinn, cleo, max, code):
    other = drafted(quinn, lee, quinn, cleo, code="EP-2")
    said = replace(content(lee, quinn, cleo), stock=[{**VAN, "code": code}])
    other = plans.approve_plan(plans.write_plan(other, by=quinn, at=WRITTEN, content=said), by=max, at=WRITTEN)
    first, second = incident(who, plan), incident(who, other)
    reserve(first, who, quantity=2)

    with pytest.raises(Refused) as refusal:
        reserve(second, who)

    assert codes(refusal) == ["resource_taken"]


def test_only_what_is_kept_in_the_span_is_read(who, plan):
    case = incident(who, plan)
    before, there, after = (reserve(case, who, start=n, end=n + 1) for n in (1, 3, 5))

    found = reserving.kept("van-1", since=AT + 2 * HOUR, until=AT + 5 * HOUR)

    assert list(found) == [there]
    assert list(reserving.kept("van-1", since=AT + 2 * HOUR)) == [there, after]
    assert before.key == "van-1"


def test_what_is_given_back_is_free_again_at_once_or_at_the_stand_down(who, plan):
    first, second = incident(who, plan), incident(who, plan)
    row = reserve(first, who, quantity=2)

    reserving.release_resource(row, by=who.lee, at=AT + HOUR)
    reserving.release_resource(row, by=who.lee, at=AT + 2 * HOUR)
    kept = reserve(second, who, quantity=2, start=1)
    left = {step.pk: emergencies.Left(None, "Over") for step in emergencies.of(second).steps.all()}
    review = emergencies.Review("Over", "Well", "Nothing")
    emergencies.stand_down(second, by=who.lee, at=AT + 2 * HOUR, review=review, left=left)

    assert len(events_of(first, "emergency.resource_released")) == 1
    kept.refresh_from_db()
    assert kept.until_at == AT + 2 * HOUR
    [told] = events_of(second, "emergency.resource_released")
    assert (told.facts["code"], told.facts["quantity"]) == ("VAN-1", 2)
    reserve(first, who, quantity=2, start=2)


def test_what_cannot_be(who, plan, lee, quinn, cleo, max):
    other = in_force(lee, quinn, cleo, max, code="EP-2")
    case = incident(who, plan)

    for more, code in (
        ({"start": 4, "end": 4}, "resource_backwards"),
        ({"start": -3, "end": 4}, "resource_before"),
        ({"start": -3, "end": 0}, "resource_past"),
        ({"quantity": 3}, "resource_too_many"),
        ({"quantity": 3, "because": "People are hurt"}, "resource_too_many"),
        ({"because": "People are hurt"}, "resource_free"),
        ({"end": 24 * 91}, "resource_long"),
        ({"plan": other}, "resource_unknown"),
    ):
        with pytest.raises(Refused) as refusal:
            reserve(case, who, **more)
        assert codes(refusal) == [code]
    with pytest.raises(PermissionDenied):
        reserving.reserve_resource(
            case, by=who.fay, at=AT, resource=plan.stock.get(), quantity=1, from_at=AT, until_at=AT + HOUR
        )


def test_by_the_form_and_given_back_on_the_page(who, plan, signed_in, at_noon):
    case, client = incident(who, plan), signed_in(who.lee)
    at_noon(AT + HOUR)
    url = reverse("case-do", args=[case.ref, "reserve_resource"])
    said = {"resource": plan.stock.get().pk, "quantity": "3", "from_at": "2026-05-12T15:00", "once": "a",
            "until_at": "2026-05-12T18:00"}  # fmt: skip

    refused = client.post(url, said)
    done = client.post(url, {**said, "quantity": "2", "once": "b"})

    assert refused.status_code == 409
    assert "there are only 2" in refused.text
    assert done.status_code == 302
    row = EmergencyReservation.objects.get()
    back = reverse("case-do", args=[case.ref, "release_resource"])
    assert client.post(back, {"reservation": row.pk, "once": "c"}).status_code == 302
    row.refresh_from_db()
    assert row.until_at == NOON + 3 * HOUR
