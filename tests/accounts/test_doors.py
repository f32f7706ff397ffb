"""Who passes which door."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from accounts import doors, tasks
from accounts.models import IdempotencyKey
from accounts.roles import MAY, RIGHTS
from tests.cast import NOON


def knock(door, user, rf) -> int:
    """Return the status with which `door` answers `user`."""
    request = rf.get("/somewhere/")
    request.user = user
    return door(lambda _request: HttpResponse())(request).status_code


def test_a_right_opens_its_door(lee, ada, carla, rf):
    door = doors.requires("case.close")

    assert [knock(door, user, rf) for user in (lee, ada, carla, AnonymousUser())] == [200, 403, 403, 302]


def test_a_door_for_an_unknown_right_does_not_get_built():
    with pytest.raises(KeyError):
        doors.requires("case.fly")


def test_every_right_has_its_words():
    assert MAY.keys() == RIGHTS.keys()


def test_staff_and_customers_have_their_own_doors(ada, carla, rf):
    assert [knock(doors.staff_only, user, rf) for user in (ada, carla, AnonymousUser())] == [200, 403, 302]
    assert [knock(doors.customers_only, user, rf) for user in (ada, carla, AnonymousUser())] == [403, 200, 302]


def test_a_deactivated_persons_right_opens_nothing(lee, rf):
    lee.is_active = False

    assert knock(doors.requires("case.close"), lee, rf) == 403


def test_the_daily_task_forgets_old_keys(ada):
    IdempotencyKey.objects.create(principal=ada, key="k", fingerprint="f", created_at=NOON)

    tasks.tidy()

    assert not IdempotencyKey.objects.filter(created_at=NOON).exists()
