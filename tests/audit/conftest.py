import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

import audit

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def stream():
    return uuid.uuid4()


@pytest.fixture
def record():
    """Record in a transaction of its own, as a verb would."""

    def record(stream, kind="case.noted", *, by=None, at=NOON, facts=None, private=None):
        with transaction.atomic():
            return audit.record("case", stream, kind, by=by, at=at, facts=facts or {}, private=private)

    return record


@pytest.fixture
def three(db, record, stream):
    """Three events of one stream, a minute apart."""
    return [record(stream, at=NOON + timedelta(minutes=n), facts={"n": n}) for n in range(3)]
