from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.remediation.conftest import who  # noqa: F401


@pytest.fixture(autouse=True)
def _no_guesses_before(db):
    cache.clear()


@pytest.fixture
def at_noon(monkeypatch) -> Callable[[datetime], Any]:
    """Return a setter of the moment that views read: at_noon(SENT)."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)
