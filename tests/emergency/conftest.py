"""The cast of the incident, a plan in force, and a graded case that waits for its response."""

import pytest

from tests.emergency.house import in_force
from tests.portal.conftest import at_noon  # noqa: F401
from tests.remediation.conftest import who  # noqa: F401


@pytest.fixture
def plan(lee, quinn, cleo, max):
    return in_force(lee, quinn, cleo, max)
