"""Backup and restore as docs/operations.md has them: nothing is missing, and nobody is written to again."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.processes.conftest import needs_servers
from tests.processes.house import House, run_sql, without

pytestmark = pytest.mark.processes

COUNTS = "SELECT (SELECT count(*) FROM audit_event), (SELECT count(*) FROM complaints_complaint)"
OWED = "SELECT count(*) FROM notifications_delivery WHERE state IN ('READY', 'LEASED', 'RETRY')"
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))


@needs_servers
@pytest.mark.skipif(not PROGRAMS, reason="needs pg_dump")
def test_a_restored_postgres_is_whole_and_holds_its_mail(build, postgres, tmp_path):
    house = build("postgres")
    house.seed("cases", "3", "49")
    dump = tmp_path / "redress.dump"
    program("pg_dump", "-d", house.database, "-Fc", "-f", str(dump))
    name = f"redress_{secrets.token_hex(4)}"
    run_sql(f"{without(postgres[0])}/postgres", f"CREATE DATABASE {name}")
    copy = House(house.folder, f"{without(postgres[0])}/{name}")

    program("pg_restore", "-d", copy.database, "--clean", "--if-exists", str(dump))

    assert_whole_and_silent(copy, house)
    run_sql(f"{without(postgres[0])}/postgres", f"DROP DATABASE {name} WITH (FORCE)")


def test_a_copied_sqlite_is_whole_and_holds_its_mail(build, tmp_path):
    house = build("sqlite")
    house.seed("cases", "3", "49")

    shutil.copytree(house.folder, tmp_path / "copy")
    shutil.copy(house.database.removeprefix("sqlite:///"), tmp_path / "copy" / "redress.sqlite3")

    assert_whole_and_silent(House(tmp_path / "copy", f"sqlite:///{tmp_path}/copy/redress.sqlite3"), house)


def assert_whole_and_silent(copy: House, house: House) -> None:
    """Check that the copy has all rows and a whole trail, and sends nothing of what it finds due."""
    assert copy.rows(COUNTS) == house.rows(COUNTS)
    copy.manage("verify_audit")
    copy.manage("hold_mail")
    assert copy.figure(OWED) == 0
    assert copy.figure("SELECT count(*) FROM notifications_delivery WHERE state = 'HELD'") == 9


def program(name: str, *arguments: str) -> None:
    done = subprocess.run([PROGRAMS[-1] / name, *arguments], capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
