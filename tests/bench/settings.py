"""The product's settings, with one page more: the floor that no page can be faster than."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
