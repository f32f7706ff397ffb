"""What every test may ask for."""

import pytest
from django.db import connection

from tests.cast import (  # noqa: F401
    acme,
    ada,
    carla,
    cleo,
    departments,
    fay,
    lee,
    lin,
    mallory,
    max,
    own,
    quinn,
    rival,
    root,
    sam,
    signed_in,
)
from tests.trail import triggers_lifted  # noqa: F401
from worktime import models as calendars


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """
    Give every test that commits the rows of the migrations back, which the flush after the one before took. On
    PostgreSQL leave out what asks no database: it ran on SQLite, and cannot answer otherwise.
    """
    if connection.vendor == "postgresql":
        asking = [item for item in items if _asks_a_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in {*asking}])
        items[:] = asking
    for item in items:
        mark = item.get_closest_marker("django_db")
        args, kwargs = (mark.args, mark.kwargs) if mark else ((), {})
        commits = kwargs.get("transaction") or {"transactional_db", "live_server"} & set(item.fixturenames)
        if commits and not kwargs.get("serialized_rollback"):
            kwargs = {**kwargs, "transaction": True, "serialized_rollback": True}
            item.add_marker(pytest.mark.django_db(*args, **kwargs), append=False)


def _asks_a_database(item):
    fixtures = {"db", "transactional_db", "django_db_setup", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or bool(item.get_closest_marker("django_db") or item.get_closest_marker("postgres"))


@pytest.fixture(autouse=True)
def no_calendar_of_another_test():
    """Forget versions of calendars that were read: after a rollback their keys are given anew."""
    yield
    calendars.kept.cache_clear()


def pytest_runtest_setup(item):
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL (REDRESS_DATABASE_URL=postgres://…)")
