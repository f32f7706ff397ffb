"""Settings from the environment: what is unknown or unsafe stops the start with a sentence."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import env

HOUSE = Path(__file__).resolve().parents[2]
SAFE = {
    "REDRESS_MODE": "production",
    "REDRESS_SECRET_KEY": "s" * 50,
    "REDRESS_AUDIT_KEY": "a" * 50,
    "REDRESS_PUBLIC_URL": "https://redress.example",
    "REDRESS_DATABASE_URL": "postgres://u:p@db/redress",
    "REDRESS_BROKER_URL": "redis://redis/0",
    "REDRESS_MAIL_URL": "smtp://mail.example",
    "REDRESS_MAIL_FROM": "quality@redress.example",
}


def test_a_number_outside_its_limits_is_refused_with_them(monkeypatch):
    monkeypatch.setenv("REDRESS_PROXIES", "9")

    with pytest.raises(env.Unusable) as stop:
        env.number("PROXIES", 1, most=5)

    assert str(stop.value) == ("Redress cannot start: REDRESS_PROXIES is '9'; it must be a whole number from 0 to 5.")


@pytest.mark.parametrize("value", ["yes", "true", "2", "-1"])
def test_a_flag_is_one_or_nought(monkeypatch, value):
    monkeypatch.setenv("REDRESS_EMBEDDED", value)

    with pytest.raises(env.Unusable, match="must be one of 0, 1"):
        env.flag("EMBEDDED", False)


def test_a_blank_setting_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("REDRESS_ZONE", "  ")

    assert env.text("ZONE", "Asia/Shanghai") == "Asia/Shanghai"


def test_a_listing_leaves_out_blanks(monkeypatch):
    monkeypatch.setenv("REDRESS_HOSTS", "a.example, ,b.example,")

    assert env.listing("HOSTS") == ["a.example", "b.example"]


def test_a_misspelt_name_stops_the_start(monkeypatch):
    monkeypatch.setenv("REDRESS_PUBLIC_URI", "https://redress.example")

    with pytest.raises(env.Unusable, match="REDRESS_PUBLIC_URI is not a setting of Redress"):
        env.refuse_unknown()


def test_the_scripts_own_setting_is_known(monkeypatch):
    monkeypatch.setenv("REDRESS_VENV", "/anywhere")

    env.refuse_unknown()


def test_a_safe_production_starts():
    assert start(SAFE).returncode == 0


@pytest.mark.parametrize("name", [name for name in SAFE if name != "REDRESS_MODE"])
def test_production_has_no_default_for(name):
    done = start({key: value for key, value in SAFE.items() if key != name})

    assert done.returncode == 1
    assert done.stderr.strip() == f"Redress cannot start: {name} must be set; see .env.example."


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("REDRESS_SECRET_KEY", "short", "is too short"),
        ("REDRESS_AUDIT_KEY", "short", "is too short"),
        ("REDRESS_PUBLIC_URL", "http://redress.example", "must start with https://"),
        ("REDRESS_DATABASE_URL", "sqlite:////tmp/x", "must name a PostgreSQL database"),
        ("REDRESS_DATABASE_URL", "mysql://x/y", "must start with sqlite:/// or postgres://"),
        ("REDRESS_MAIL_URL", "http://mail.example", "must start with smtp:// or smtps://"),
    ],
)
def test_production_refuses(name, value, why):
    done = start(SAFE | {name: value})

    assert done.returncode == 1
    assert done.stderr.startswith(f"Redress cannot start: {name} {why}")


def test_every_setting_is_explained_in_the_example():
    listed = set(re.findall(r"^#?(REDRESS_\w+)=", (HOUSE / ".env.example").read_text(encoding="utf-8"), re.M))

    assert listed == env._known | {"REDRESS_TEST_SQLITE"}  # read on SQLite only


def start(environment: dict[str, str]) -> subprocess.CompletedProcess:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REDRESS_")}
    command = [sys.executable, "-c", "import config.settings"]
    return subprocess.run(command, env=clean | environment, cwd=HOUSE, capture_output=True, text=True)
