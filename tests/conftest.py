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


def pytest_runtest_setup(item):
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL (REDRESS_DATABASE_URL=postgres://…)")
