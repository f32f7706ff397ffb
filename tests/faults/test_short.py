"""The short selection of bin/faults, with the tests; the whole table is for before a release."""

from collections.abc import Iterator

import pytest

from tests.faults.driver import based, run
from tests.faults.stage import ROWS, Bases

pytestmark = pytest.mark.processes

ALONE = {(19, "sqlite")}  # a stopped worker may hold SQLite's one lock for longer than a busy machine waits: by hand
SHORT = [
    (entry, database)
    for entry in ROWS.values()
    if entry.short
    for database in entry.databases
    if (entry.number, database) not in ALONE
]


@pytest.fixture(scope="module")
def bases() -> Iterator[Bases]:
    with based(("sqlite", "postgres")) as found:
        yield found


@pytest.mark.parametrize(("entry", "database"), SHORT, ids=[f"{entry.number}-{kind}" for entry, kind in SHORT])
def test_a_fault_loses_nothing_and_repeats_nothing(bases, entry, database):
    if database not in bases.urls:
        pytest.skip("needs PostgreSQL (apt-get install postgresql)")

    outcome = run(entry, database, bases, seed=7, short=True)

    assert outcome.found() == [], outcome.note
