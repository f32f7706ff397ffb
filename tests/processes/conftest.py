"""Servers for the whole run, and a house for each test. A database is migrated once and then copied."""

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.processes.house import House, copy_of, run_sql, without

needs_servers = pytest.mark.skipif(bool(servers.missing()), reason=" ".join(servers.missing()))


@pytest.fixture
def mail() -> Iterator[servers.MailSink]:
    """A mail server that keeps what it is sent; `says` makes it refuse readers."""
    with servers.start_smtp_sink() as sink:
        yield sink


@pytest.fixture(scope="session")
def postgres() -> Iterator[tuple[str, servers.Server | None]]:
    """The URL of a PostgreSQL server and, if it is ours to stop, the server."""
    if given := os.environ.get("DATABASE_URL"):
        yield given, None
        return
    with servers.start_own_postgres() as own:
        yield own


@pytest.fixture
def postgres_server(postgres) -> Iterator[servers.Server]:
    """A PostgreSQL server that the test may stop and start again."""
    _url, server = postgres
    if server is None:
        pytest.skip("may not stop the server of DATABASE_URL")
    yield server
    if server.process.poll() is not None:
        server.start()


@pytest.fixture(scope="session")
def postgres_url(postgres, tmp_path_factory) -> Iterator[str]:
    """A migrated PostgreSQL database with the cast in it, to be copied."""
    server = without(postgres[0])
    name = f"redress_base_{secrets.token_hex(4)}"
    run_sql(f"{server}/postgres", f"CREATE DATABASE {name}")
    url = f"{server}/{name}"
    House(tmp_path_factory.mktemp("base"), url).seed("people")
    yield url
    run_sql(f"{server}/postgres", f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory) -> str:
    """A migrated SQLite database with the cast in it, to be copied."""
    folder = tmp_path_factory.mktemp("base")
    url = f"sqlite:///{folder / 'base.sqlite3'}"
    House(folder, url).seed("people")
    return url


@pytest.fixture
def build(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., House]]:
    """Return a maker of houses: build("postgres", REDRESS_MAIL_URL=…). All that they started ends with the test."""
    houses, copies = [], []

    def make(database: str, **settings: str) -> House:
        base = request.getfixturevalue(f"{database}_url")
        copy = copy_of(base, f"redress_{secrets.token_hex(4)}")
        copies.append(copy)
        folder = tmp_path / str(len(houses))
        folder.mkdir()
        houses.append(House(folder, copy.__enter__(), **settings))
        return houses[-1]

    yield make
    for house in houses:
        house.stop()
    for copy in copies:
        copy.__exit__(None, None, None)
