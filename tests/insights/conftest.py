from datetime import timedelta

import pytest
import time_machine

from tests.cast import NOON
from tests.remediation.stories import People

NOW = NOON + timedelta(days=20)  # Monday, 1 June, noon in Shanghai


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def who(ada, cleo, quinn, lee, fay, lin, sam, max) -> People:
    return People(ada, cleo, quinn, lee, fay, lin, sam, max)
