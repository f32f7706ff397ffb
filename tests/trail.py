"""The audit trail in tests: the one place that lifts the database's refusal to change an event."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import TransactionTestCase

from audit import triggers


@contextmanager
def lifted() -> Iterator[None]:
    """Let events be changed and deleted for as long as the block runs."""
    triggers.lift()
    try:
        yield
    finally:
        triggers.install()


@pytest.fixture
def triggers_lifted(db):
    """Ask for it to tamper with events in a test."""
    with lifted():
        yield


_flush = TransactionTestCase._fixture_teardown


def _flush_with_events(self: TransactionTestCase) -> None:
    """Empty the tables after a test with transaction=True; events too, which the triggers would refuse."""
    with lifted():
        _flush(self)


TransactionTestCase._fixture_teardown = _flush_with_events
