"""The second factor: an authenticator app with recovery codes, asked for after the password."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from tests.cast import PASSWORD


@pytest.fixture(autouse=True)
def _fresh_throttles(db):
    cache.clear()


def code_of(secret: str, *, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def confirm(client, password=PASSWORD):
    return client.post("/me/security/confirm/?next=/me/security/app/", {"password": password})


@pytest.fixture
def secret(ada, signed_in):
    """Ada's secret, after she has turned the app on."""
    client = signed_in(ada)
    confirm(client)
    found = re.search(r"<code>([A-Z2-7]+)</code>", client.get("/me/security/app/").text)[1]
    client.post("/me/security/app/", {"code": code_of(found)})
    cache.clear()
    return found


def after_password(ada) -> Client:
    client = Client()
    response = client.post("/login/", {"login": ada.email, "password": PASSWORD, "next": "/me/"})
    assert response.url.startswith("/login/code/")
    return client


def test_changing_it_takes_the_password_again(ada, signed_in):
    client = signed_in(ada)
    assert client.get("/me/security/app/").url.startswith("/me/security/confirm/")

    assert confirm(client, "wrong-password").status_code == 200
    assert confirm(client).url == "/me/security/app/"


def test_the_code_is_asked_for_after_the_password(ada, secret):
    client = after_password(ada)
    assert client.get("/me/").status_code == 302

    response = client.post("/login/code/", {"code": code_of(secret, steps=1)}, follow=True)

    assert response.redirect_chain[0][0] == "/login/trust/"
    assert client.post("/login/trust/", {"action": "skip"}).url == "/me/"
    assert client.get("/me/").status_code == 200


def test_a_wrong_code_does_not_let_in(ada, secret):
    client = after_password(ada)

    assert client.post("/login/code/", {"code": "000000"}).status_code == 200
    assert client.get("/me/").status_code == 302


def test_a_recovery_code_works_once(ada, secret):
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()

    first, second = after_password(ada), after_password(ada)

    assert first.post("/login/code/", {"code": codes[0]}).status_code == 302
    assert second.post("/login/code/", {"code": codes[0]}).status_code == 200


def test_a_reset_of_the_password_does_not_pass_the_second_factor(ada, secret):
    from tests.accounts.test_links import NEW, follow, links

    client = follow(links.link_for(ada))

    assert client.get("/me/").status_code == 302
    assert client.post("/login/", {"login": ada.email, "password": NEW}).url.startswith("/login/code/")


@pytest.mark.parametrize("path", ["codes/", "codes/new/", "codes/download/", "keys/new/", "app/off/", ""])
def test_the_pages_render(ada, secret, signed_in, path):
    client = signed_in(ada)
    confirm(client)

    assert client.get(f"/me/security/{path}").status_code == 200
