"""In which language and zone a page answers."""

import pytest
from django.utils import timezone, translation

from accounts.middleware import ReaderLanguage
from accounts.models import User


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("zh-CN,zh;q=0.9", "zh-hans"), ("zh-Hans", "zh-hans"), ("de,en;q=0.5", "en"), ("fr", "en"), ("", "en")],
)
@pytest.mark.django_db
def test_a_stranger_is_answered_in_the_browsers_language(accepted, language, client):
    response = client.get("/login/", headers={"Accept-Language": accepted})

    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.django_db
def test_the_language_in_the_address_is_kept_for_what_follows(client):
    client.get("/login/?lang=zh-hans")

    assert client.get("/login/").headers["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("asked", ["fr", "", "zh", "../../etc"])
@pytest.mark.django_db
def test_an_unknown_language_is_ignored(asked, client):
    assert client.get("/login/", {"lang": asked}).headers["Content-Language"] == "en"


def test_elsewhere_the_address_chooses_nothing(ada, signed_in):
    assert signed_in(ada).get("/me/?lang=zh-hans").headers["Content-Language"] == "en"


def test_ones_own_setting_beats_cookie_and_browser(ada, signed_in):
    User.objects.update(language="zh-hans")
    client = signed_in(ada, headers={"Accept-Language": "en"})
    client.cookies["django_language"] = "en"

    assert client.get("/me/").headers["Content-Language"] == "zh-hans"


def test_the_switch_changes_ones_setting_and_the_cookie(ada, signed_in):
    client = signed_in(ada)

    response = client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/me/?x=1"})

    assert response.url == "/me/?x=1"
    assert User.objects.get(pk=ada.pk).language == "zh-hans"
    assert response.cookies["django_language"]["httponly"]


def test_the_switch_ignores_languages_that_we_do_not_speak(ada, signed_in):
    signed_in(ada).post("/i18n/setlang/", {"language": "tlh"})

    assert User.objects.get(pk=ada.pk).language == "en"


@pytest.mark.parametrize(("zone", "shown"), [("Europe/Berlin", "Europe/Berlin"), ("Mars/Olympus", "Asia/Shanghai")])
def test_times_are_those_of_the_readers_zone(ada, rf, zone, shown):
    ada.zone = zone
    request = rf.get("/")
    request.user, request.session = ada, {}
    seen = []

    def answer(_request):
        seen.append((timezone.get_current_timezone_name(), translation.get_language()))
        from django.http import HttpResponse

        return HttpResponse()

    ReaderLanguage(answer)(request)

    assert seen == [(shown, "en")]
