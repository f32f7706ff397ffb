"""Every page of this room renders, in both languages, for whom it is meant, and refuses the others with words."""

import pytest

from accounts.models import User

OWN_PAGES = (
    "/me/",
    "/me/security/",
    "/me/security/password/",
    "/me/security/tokens/",
    "/me/security/keys/",
)
STRANGERS_PAGES = ("/login/", "/login/recover/", "/login/recover/sent/", "/login/recover/done/", "/login/closed/")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", OWN_PAGES)
def test_own_pages_render(path, language, ada, carla, signed_in):
    User.objects.update(language=language)

    for user in (ada, carla):
        response = signed_in(user).get(path)
        assert response.status_code == 200
        assert response.headers["Content-Language"] == language


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", STRANGERS_PAGES)
@pytest.mark.django_db
def test_pages_before_sign_in_render(path, language, client):
    response = client.get(f"{path}?lang={language}")

    assert response.status_code == 200
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in response.text


@pytest.mark.parametrize("path", [*OWN_PAGES, "/settings/people/", "/settings/people/new/"])
@pytest.mark.django_db
def test_strangers_are_sent_to_the_sign_in(path, client):
    response = client.get(path)

    assert response.status_code == 302
    assert response.url.startswith("/login/?next=")


@pytest.mark.parametrize("path", ["/settings/people/", "/settings/people/new/"])
def test_who_lacks_the_right_reads_which_and_who_grants_it(path, ada, root, carla, signed_in):
    for user in (ada, carla):
        response = signed_in(user).get(path)
        assert response.status_code == 403
        assert "Manage people and their roles" in response.text
        assert ("Root" in response.text) == (user == ada)


@pytest.mark.parametrize("path", ["/signup/", "/accounts/signup/", "/login/signup/", "/me/security/email/"])
def test_nobody_can_sign_up(path, client, db):
    assert client.get(path).status_code == 404


def test_everybody_lands_where_the_work_is(ada, quinn, lee, max, root, carla, client, signed_in):
    landings = {ada: "/queue/", quinn: "/queue/", lee: "/dashboard/", max: "/dashboard/", carla: "/portal/"}

    assert {user: signed_in(user).get("/").url for user in landings} == landings
    assert signed_in(root).get("/").url == "/settings/people/"
    assert client.get("/").url == "/login/"


def test_a_form_that_does_not_fit_answers_422_and_keeps_what_was_chosen(ada, signed_in):
    response = signed_in(ada).post("/me/", {"language": "fr", "zone": "Mars/Olympus", "theme": "dark"})

    assert response.status_code == 422
    assert User.objects.get(pk=ada.pk).zone != "Mars/Olympus"


def test_own_settings_are_kept_and_shown(ada, signed_in):
    client = signed_in(ada)
    client.post("/me/", {"language": "zh-hans", "zone": "Europe/Berlin", "theme": "dark"})

    ada.refresh_from_db()
    page = client.get("/me/")
    assert (ada.language, ada.zone, ada.theme, ada.single_keys) == ("zh-hans", "Europe/Berlin", "dark", False)
    assert 'data-theme="dark"' in page.text
    assert 'lang="zh-Hans"' in page.text


def test_the_theme_is_chosen_in_the_menu(ada, signed_in):
    response = signed_in(ada).post("/me/theme/", {"theme": "light", "next": "/queue/?view=mine"})

    assert response.url == "/queue/?view=mine"
    assert User.objects.get(pk=ada.pk).theme == "light"
