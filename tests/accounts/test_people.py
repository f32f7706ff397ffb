"""Who people are and what their roles let them do."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Membership, User
from accounts.roles import MAY, Role
from tests.cast import NOON, person


def test_an_address_is_one_person_whatever_its_case(ada, own):
    with pytest.raises(IntegrityError), transaction.atomic():
        person("Ada", own, email="ADA@Demo.Test")

    assert User.objects.get_by_natural_key("Ada@DEMO.test") == ada


def test_a_role_grants_its_permissions_and_no_others(ada, lee):
    assert ada.may("case.register")
    assert not ada.may("case.reject")
    assert lee.may("case.reject")


def test_an_unknown_permission_is_a_mistake_of_ours(ada):
    with pytest.raises(KeyError):
        ada.may("case.fly")


def test_a_role_change_takes_effect_at_the_next_reading(ada):
    assert ada.may("case.register")
    Membership.objects.filter(user=ada).update(until=NOON)

    assert not User.objects.get(pk=ada.pk).may("case.register")


def test_the_same_role_is_held_once_but_may_be_given_again_after_its_end(ada, own):
    again = {"user": ada, "organisation": own, "role": Role.CS, "since": NOON}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**again)
    Membership.objects.filter(user=ada).update(until=NOON)

    assert Membership.objects.create(**again).pk


def test_a_deactivated_person_may_nothing(lee):
    lee.is_active = False

    assert not lee.may("case.see")


def test_people_are_found_by_permission(ada, lee, quinn, carla):
    assert set(User.objects.who_may("case.reject")) == {lee}
    assert carla in User.objects.who_may("case.register")


def test_every_permission_is_held_by_somebody():
    assert all(MAY.values())


def test_names_are_shown_in_the_readers_language(acme):
    assert acme.shown_name("zh-hans") == "阿克米风电"
    assert acme.shown_name("en") == "Acme Wind"


@pytest.mark.django_db
def test_a_person_needs_an_address(own):
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("", name="Nobody", organisation=own)
