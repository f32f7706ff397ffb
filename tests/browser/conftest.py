"""One house for all these tests, one Chromium per file, and people who come to it."""

import pytest

from tests.browser.house import open_house
from tests.browser.person import Person
from tests.environment import CHROMIUM
from tests.look.conftest import FLAGS


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    """Return the demo, running."""
    with open_house(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def come(chromium, house):
    """Return a maker of people: come("ada@demo.test", language="zh-hans"); a fault on their way fails the test."""
    people: list[Person] = []

    def comes(email: str = "", **options) -> Person:
        person = Person(chromium, house, **options)
        people.append(person)
        return person.signs_in(email) if email else person

    yield comes
    faults = [fault for person in people for fault in person.faults]
    for person in people:
        person.context.close()
    assert not faults
