"""The gallery of parts: whole, in both languages, for our own people only."""

import re

import pytest

pytestmark = pytest.mark.django_db


def test_it_shows_every_clock_state(signed_in, ada):
    html = signed_in(ada).get("/settings/ui/").content.decode()

    for state in ("running", "risk", "critical", "over", "paused", "met", "late"):
        assert f"clock is-{state}" in html
        assert f"dial is-{state}" in html


def test_it_holds_no_inline_script_or_style(signed_in, ada):
    html = signed_in(ada).get("/settings/ui/").content.decode()

    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\bsrc=)", html)


def test_every_icon_it_names_is_drawn(signed_in, ada, settings):
    html = signed_in(ada).get("/settings/ui/").content.decode()

    drawn = set(re.findall(r'id="i-([\w]+)"', (settings.BASE_DIR / "static/img/icons.svg").read_text()))
    assert set(re.findall(r"#i-(\w*)\"", html)) <= drawn


def test_a_customer_does_not_see_it(signed_in, carla):
    assert signed_in(carla).get("/settings/ui/").status_code == 403


def test_the_keys_have_a_page(signed_in, ada):
    assert "<kbd" in signed_in(ada).get("/help/keys/").content.decode()
