"""A browser for the scripts; where there is none, these tests say so and are left out."""

import shutil

import pytest
from django.test import Client

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    """Whatever asks for the browser runs with the others that need the whole machine."""
    for item in items:
        if "tests/look/" in item.nodeid and "browser" in item.fixturenames:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def browser(monkeypatch):
    """Return a Chromium; skips without one."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: the scripts stay untested")
    path = shutil.which("chromium")
    if not path:
        pytest.skip("no chromium here: the scripts stay untested")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, live_server):
    """Return a function that opens a page as somebody: opened(ada, "/queue/", width=360)."""

    def opens(user, path, *, width=1440):
        client = Client()
        client.force_login(user)
        context = browser.new_context(viewport={"width": width, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    return opens


@pytest.fixture
def page(browser, live_server, ada):
    """Return the gallery, opened by ada; a script error fails the test."""
    client = Client()
    client.force_login(ada)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if "Content Security" in line.text else None)
    page.goto(live_server.url + "/settings/ui/")
    yield page
    assert not errors
