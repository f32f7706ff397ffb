"""Failing on purpose: only where it was asked for, and never in production (audit/failpoints.py)."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from audit import failpoints

HOUSE = Path(settings.BASE_DIR)


@pytest.mark.parametrize("text", ["nowhere:kill", "sweep.clock", "sweep.clock:explode", "sweep.clock:kill@often"])
def test_a_failure_that_is_misspelt_is_refused(text):
    with pytest.raises(ValueError, match="is no failure at one of"):
        failpoints.read(text)


def test_a_failure_comes_at_its_turn_alone(monkeypatch):
    monkeypatch.setattr(failpoints, "_POINTS", failpoints.read("sweep.before_commit:raise@2"))

    failpoints._reach("sweep.before_commit")
    failpoints._reach("delivery.claimed")
    with pytest.raises(failpoints.Injected):
        failpoints._reach("sweep.before_commit")
    failpoints._reach("sweep.before_commit")


def test_a_failure_of_one_row_leaves_the_others(monkeypatch):
    monkeypatch.setattr(failpoints, "_POINTS", failpoints.read("sweep.clock=7:raise"))

    failpoints._reach("sweep.clock", 8)
    with pytest.raises(failpoints.Injected):
        failpoints._reach("sweep.clock", 7)


def test_without_the_setting_nothing_is_there():
    assert failpoints.reach is failpoints._pass


def test_every_place_is_one_that_the_code_comes_by():
    code = "".join(path.read_text() for room in ("complaints", "notifications") for path in (HOUSE / room).glob("*.py"))

    assert [name for name in failpoints.PLACES if f'reach("{name}"' not in code] == []


def test_production_does_not_start_with_it():
    from tests.config.test_env import SAFE

    environment = {**SAFE, "REDRESS_FAIL": "sweep.clock:kill", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings"], cwd=HOUSE, env=environment, capture_output=True, text=True
    )

    assert done.returncode != 0
    assert "REDRESS_FAIL makes the process fail on purpose" in done.stderr
