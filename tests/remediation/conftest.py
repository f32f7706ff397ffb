import pytest

from tests.cast import organisation
from tests.remediation.stories import People


@pytest.fixture
def who(ada, cleo, quinn, lee, fay, lin, sam, max) -> People:
    return People(ada, cleo, quinn, lee, fay, lin, sam, max)


@pytest.fixture
def smith(own):
    """A supplier."""
    return organisation("SMITH", "Smith Nozzles", "SUPPLIER")
