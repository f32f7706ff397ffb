"""Signing in and out: who gets in, what is said to the others, and where one is led."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Membership, User
from tests.cast import NOON, PASSWORD


@pytest.fixture(autouse=True)
def _fresh_throttles(db):
    cache.clear()


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post("/login/", {"login": email, "password": password, **extra})


def alert(response) -> str:
    """Return what the page says went wrong."""
    return unescape(re.search(r'role="alert">(.*?)</p>', response.text, re.S)[1])


def test_people_sign_in_with_their_address_in_any_case(ada, client):
    response = sign_in(client, " ADA@demo.TEST ")

    assert response.url == "/"
    assert client.get("/").url == "/queue/"


@pytest.mark.parametrize(("language", "words"), [("en", "Log in"), ("zh-hans", "登录")])
def test_the_page_speaks_both_languages(language, words, client):
    assert words in client.get(f"/login/?lang={language}").text


def test_the_key_of_the_session_changes_at_sign_in(ada, client):
    client.get("/login/?lang=en")
    client.session["seen"] = 1
    before = client.session.session_key

    sign_in(client, ada.email)

    assert client.session.session_key != before


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(ada, language):
    wrong, unknown = Client(), Client()
    for client in (wrong, unknown):
        client.get(f"/login/?lang={language}")

    first, second = sign_in(wrong, ada.email, "wrong-password"), sign_in(unknown, "nobody@demo.test", "wrong-password")

    assert first.status_code == second.status_code
    assert alert(first) == alert(second) != ""


def test_a_deactivated_person_does_not_get_in(ada, client):
    User.objects.update(is_active=False)

    sign_in(client, ada.email)

    assert "_auth_user_id" not in client.session


def test_attempts_are_throttled_before_the_password_is_looked_at(ada, client, hashed):
    for _attempt in range(5):
        sign_in(client, ada.email, "wrong-password")
    hashed.clear()

    response = sign_in(client, ada.email)

    assert "_auth_user_id" not in client.session
    assert hashed == []
    assert "five minutes" in alert(response)


def test_one_address_gets_thirty_attempts_a_minute(db, client):
    answers = [sign_in(client, f"{number}@demo.test", "x").status_code for number in range(31)]

    assert answers[-1] == 429


def test_a_forged_header_does_not_reset_the_throttle(ada, client):
    for number in range(31):
        response = client.post(
            "/login/", {"login": f"{number}@x.test", "password": "x"}, headers={"X-Forwarded-For": f"10.0.0.{number}"}
        )

    assert response.status_code == 429


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test/",
        "https:evil.test",
        "///evil.test",
        "javascript:alert(1)",
        "http://127.0.0.1@evil.test/",
        "/%0d%0aLocation: //evil.test",
        "\t//evil.test",
        "evil.test",
        "http://testserver/queue/",
    ],
)
def test_after_sign_in_one_stays_with_us(ada, client, target):
    url = sign_in(client, ada.email, next=target).url

    assert re.match(r"/(?![/\\])", url)
    assert "\n" not in url


def test_after_sign_in_one_is_where_one_wanted_to_be(ada, client):
    assert sign_in(client, ada.email, next="/cases/?view=at-risk").url == "/cases/?view=at-risk"


@pytest.mark.parametrize("path", ["/i18n/setlang/", "/me/theme/"])
@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test", "/\\evil.test"])
def test_the_switches_lead_nowhere_else(ada, signed_in, path, target):
    response = signed_in(ada).post(path, {"language": "en", "theme": "dark", "next": target})

    assert "evil" not in response.url


def test_signing_out_needs_a_post_and_ends_the_session(ada, signed_in):
    client = signed_in(ada)
    assert client.get("/logout/").status_code == 200
    assert client.get("/me/").status_code == 200

    response = client.post("/logout/")

    assert response.url == "/login/"
    assert client.get("/me/").status_code == 302


def test_a_session_ends_when_its_person_is_deactivated_and_does_not_come_back(ada, signed_in):
    client = signed_in(ada)
    User.objects.update(is_active=False)
    assert client.get("/me/").status_code == 302

    User.objects.update(is_active=True)

    assert client.get("/me/").status_code == 302


def test_all_sessions_can_be_ended_at_once(ada, signed_in):
    phone, desk = signed_in(ada), signed_in(ada)

    desk.post("/me/security/end-sessions/")

    assert phone.get("/me/").status_code == 302
    assert desk.get("/me/").status_code == 302


def test_a_role_change_takes_effect_at_the_next_request(root, signed_in):
    client = signed_in(root)
    assert client.get("/settings/people/").status_code == 200

    Membership.objects.filter(user=root).update(until=NOON)

    assert client.get("/settings/people/").status_code == 403


def test_changing_the_password_ends_other_sessions_but_not_this_one(ada, client):
    sign_in(client, ada.email)
    other = Client()
    other.force_login(ada)
    new = {"oldpassword": PASSWORD, "password1": "another-long-password", "password2": "another-long-password"}

    response = client.post("/me/security/password/", new)

    assert response.status_code == 302
    assert client.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302


def test_forms_need_their_csrf_token(ada):
    strict = Client(enforce_csrf_checks=True)

    assert sign_in(strict, ada.email).status_code == 403


@pytest.fixture
def hashed(monkeypatch):
    """Return the list of passwords that were checked against a hash."""
    checked = []
    check = User.check_password
    monkeypatch.setattr(User, "check_password", lambda user, raw: checked.append(raw) or check(user, raw))
    return checked
