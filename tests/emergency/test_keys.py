"""Resources of before codes were read however they are written: filled in, and two that stood side by side stay two."""

from importlib import import_module

import pytest
from django.apps import apps

from complaints import emergency_plans as plans
from complaints.models import EmergencyResource
from tests.cast import NOON
from tests.emergency import house

pytestmark = pytest.mark.django_db
fill = import_module("complaints.migrations.0019_fill_keys_of_resources").fill


def list_too(plan, *codes):
    """List more vans in a plan, as it could be done before keys were kept."""
    van = plan.stock.values("name", "name_zh", "kind", "quantity", "place", "keeper").first()
    EmergencyResource.objects.bulk_create(
        EmergencyResource(plan=plan, code=code, key=f"?{code}", **van) for code in codes
    )


def keys():
    return dict(EmergencyResource.objects.order_by("pk").values_list("code", "key"))


@pytest.mark.parametrize("codes", [("PUMP", "pump", "Ｐｕｍｐ"), ("pump", "PUMP")])
def test_two_of_one_plan_that_differ_in_their_letters_alone_stay_two(plan, codes):
    list_too(plan, *codes)

    for _ in range(2):
        fill(apps, None)

    assert keys() == {"VAN-1": "van-1"} | {code: code for code in codes}


def test_what_stays_two_in_one_plan_is_known_in_the_others_as_it_is_written_too(plan, lee, quinn, cleo, max):
    other = house.in_force(lee, quinn, cleo, max, code="EP-2")
    list_too(plan, "PUMP", "pump")
    list_too(other, "PUMP", "Crane")

    fill(apps, None)

    assert dict(other.stock.values_list("code", "key")) == {"VAN-1": "van-1", "PUMP": "PUMP", "Crane": "crane"}


def test_the_next_version_of_such_a_plan_begins_with_both(plan, quinn):
    list_too(plan, "PUMP", "pump")
    fill(apps, None)

    draft = plans.begin_version(plan, by=quinn, at=NOON)

    assert dict(draft.stock.values_list("code", "key")) == {"VAN-1": "van-1", "PUMP": "PUMP", "pump": "pump"}
