"""The frames that every page extends, and the pages that stand alone."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation

FRAMES = ("base.html", "portal_base.html", "plain_base.html")
INLINE = re.compile(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\bsrc=)", re.I)


def page(name: str, **context) -> str:
    """Return the template rendered as a view would render it."""
    request = RequestFactory().get("/queue/?view=mine")
    request.user = AnonymousUser()
    return get_template(name).render(context, request)


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_holds_no_inline_script_or_style(name):
    assert not INLINE.search(page(name))


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_says_its_language_and_theme(name):
    with translation.override("zh-hans"):
        html = page(name, theme="dark")

    assert '<html lang="zh-Hans" data-theme="dark"' in " ".join(html.split())


def test_the_rail_shows_what_it_is_given_and_where_we_are():
    nav = [
        {"url": "/queue/", "icon": "queue", "label": "Queue", "count": 14, "current": True, "keys": "g q"},
        {"url": "/cases/", "icon": "cases", "label": "Cases", "count": None, "current": False},
    ]

    html = page("base.html", nav=nav)

    assert re.search(r'href="/queue/" aria-current="page" data-key="g q"', html)
    assert html.count("aria-current") == 1
    assert "14" in html


def test_the_language_switch_comes_back_to_the_page():
    html = page("base.html")

    assert 'action="/i18n/setlang/"' in html
    assert 'value="/queue/?view=mine"' in html


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_the_outage_pages_need_nothing(name):
    html = render_to_string(name)

    assert "<h1" in html
    assert 'lang="zh-Hans"' in html
    assert not INLINE.search(html)


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html"])
def test_the_error_pages_lead_somewhere(name):
    assert '<a href="/">' in page(name)
