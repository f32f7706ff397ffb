"""Sessions: one statement reads session, person, firm and roles; whatever is not plain is Django's to decide."""

from datetime import timedelta

import pytest
from django.contrib.auth import HASH_SESSION_KEY
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Session
from accounts.roles import Role
from accounts.tasks import tidy
from tests.cast import NOON


def test_session_person_firm_and_roles_are_one_statement(ada, own, signed_in):
    Membership.objects.create(user=ada, organisation=own, role=Role.QE, since=NOON)
    client = signed_in(ada)

    with CaptureQueriesContext(connection) as asked:
        page = client.get("/help/keys/")

    assert page.context["user"].roles == {Role.CS, Role.QE}
    assert len(asked) == 1


def test_a_role_that_has_ended_is_not_held(ada, signed_in):
    ada.memberships.update(until=NOON)

    assert signed_in(ada).get("/help/keys/").context["user"].roles == frozenset()


def test_the_row_names_whose_session_it_is(ada, signed_in):
    signed_in(ada)

    assert Session.objects.get().user == ada


@pytest.mark.parametrize("change", [{"is_active": False}, {"sessions_epoch": 1}, {"password": "other"}])
def test_a_session_ends_with_what_it_rests_on(ada, signed_in, change):
    client = signed_in(ada)
    type(ada).objects.filter(pk=ada.pk).update(**change)

    assert client.get("/queue/").status_code == 302
    assert not Session.objects.filter(user=ada).exists()


def test_a_seal_that_is_missing_lets_nobody_in(ada, signed_in):
    client = signed_in(ada)
    session = client.session
    del session[HASH_SESSION_KEY]
    session.save()

    assert client.get("/queue/").status_code == 302


def test_a_row_that_names_another_person_lets_nobody_else_in(ada, lee, signed_in):
    client = signed_in(ada)
    Session.objects.update(user=lee)

    assert client.get("/help/keys/").context["user"] == ada


def test_sessions_that_have_run_out_are_forgotten_and_let_nobody_in(ada, signed_in):
    client = signed_in(ada)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert client.get("/queue/").status_code == 302
    tidy()
    assert not Session.objects.filter(user=ada).exists()
