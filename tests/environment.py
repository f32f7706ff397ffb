"""Set the environment that the tests run in, before Django's settings are read; skip what this machine cannot run."""

import os
import shutil
import tempfile
from importlib.util import find_spec

import pytest

os.environ["REDRESS_MODE"] = "test"
os.environ.setdefault("REDRESS_DATA", tempfile.mkdtemp(prefix="redress-test-"))

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, with the reason in the summary, tests whose database or browser is not here."""
    from django.conf import settings

    if item.get_closest_marker("postgres") and not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        pytest.skip("needs PostgreSQL")
    if item.get_closest_marker("browser") and not (CHROMIUM and find_spec("playwright")):
        pytest.skip("needs Chromium (apt-get install chromium) and requirements-browser.txt")
