"""Links by mail: the invitation and the reset. They work once, for their time, and leave no secret in the database."""

import re
import time
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import links
from accounts.models import Job, User
from tests.cast import PASSWORD, person

NEW = "a-new-long-password"


@pytest.fixture(autouse=True)
def _fresh_throttles(db):
    cache.clear()


@pytest.fixture
def newcomer(own):
    return person("Nora", own, password=None)


def path_of(link: str) -> str:
    return link.removeprefix(settings.PUBLIC_URL)


def follow(link: str, password: str = NEW) -> Client:
    """Open the link and set the password; return the browser."""
    client = Client()
    form = client.get(path_of(link), follow=True)
    if form.redirect_chain:
        client.post(form.redirect_chain[-1][0], {"password1": password, "password2": password})
    return client


def send() -> str:
    """Send what is owed; return the link in the last mail."""
    links.send_owed(now=timezone.now(), owner="test")
    return re.search(r"https?://\S+", mail.outbox[-1].body)[0]


def test_a_forgotten_password_is_set_anew_by_mail(ada, client):
    response = client.post("/login/recover/", {"email": "Ada@demo.test"})
    assert response.url == "/login/recover/sent/"
    assert mail.outbox == []  # nothing is sent while the visitor waits

    follow(send())

    ada.refresh_from_db()
    assert ada.check_password(NEW)
    assert mail.outbox[0].to == [ada.email]


def test_the_mail_speaks_the_readers_language(ada):
    User.objects.update(language="zh-hans")
    links.owe(ada, at=timezone.now())
    send()

    assert "\u4e00" <= mail.outbox[0].subject[0] <= "\u9fff"


def test_an_unknown_address_gets_the_same_answer_and_no_mail(ada, client):
    known = client.post("/login/recover/", {"email": ada.email})
    unknown = Client().post("/login/recover/", {"email": "nobody@demo.test"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert links.send_owed(now=timezone.now(), owner="test") == 1


def test_asking_twice_gives_one_mail(ada):
    for _time in range(2):
        links.owe(ada, at=timezone.now())

    assert links.send_owed(now=timezone.now(), owner="test") == 1
    assert links.send_owed(now=timezone.now(), owner="test") == 0


def test_a_link_works_once(ada):
    link = links.link_for(ada)
    follow(link)

    follow(link, "yet-another-password")

    ada.refresh_from_db()
    assert ada.check_password(NEW)


@pytest.mark.parametrize(("minutes", "works"), [(29, True), (31, False)])
def test_a_reset_works_for_thirty_minutes(ada, minutes, works):
    link = links.link_for(ada)

    with time_machine.travel(time.time() + 60 * minutes):
        follow(link)

    ada.refresh_from_db()
    assert ada.check_password(NEW) == works


@pytest.mark.parametrize(("hours", "works"), [(71, True), (73, False)])
def test_an_invitation_works_for_three_days(newcomer, hours, works):
    link = links.link_for(newcomer)

    with time_machine.travel(time.time() + 3600 * hours):
        follow(link)

    newcomer.refresh_from_db()
    assert newcomer.check_password(NEW) == works


@pytest.mark.parametrize("change", [{"is_active": False}, {"sessions_epoch": 1}, {"email": "new@demo.test"}])
def test_a_link_dies_with_deactivation_ended_sessions_or_another_address(ada, change):
    link = links.link_for(ada)
    User.objects.filter(pk=ada.pk).update(**change)

    follow(link)

    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_a_link_of_one_person_does_not_open_another(ada, lee):
    stolen = links.link_for(ada).replace(f"/{_uid(ada)}-", f"/{_uid(lee)}-")

    follow(stolen)

    lee.refresh_from_db()
    assert lee.check_password(PASSWORD)


@pytest.mark.parametrize("key", ["-", "--", "0-0", "set-password", "x" * 300])
def test_an_empty_or_made_up_link_says_so(ada, client, key):
    response = client.get(f"/login/recover/{_uid(ada)}-{key}/")

    assert response.status_code == 200
    assert "too old" in response.text


def test_the_link_leads_to_us_whatever_the_host_header_says(ada, client):
    client.post("/login/recover/", {"email": ada.email}, headers={"Host": "localhost"})

    assert send().startswith(settings.PUBLIC_URL + "/")


def test_a_reset_revokes_tokens_and_ends_sessions(ada, signed_in):
    from accounts import tokens

    tokens.issue(ada, name="import", at=timezone.now())
    desk = signed_in(ada)

    follow(links.link_for(ada))

    assert desk.get("/me/").status_code == 302
    assert not ada.tokens.filter(revoked_at=None).exists()


def test_a_mail_that_fails_is_tried_again_and_given_up_in_the_end(ada, monkeypatch):
    def fail(_message):
        raise ConnectionRefusedError("no server")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    links.owe(ada, at=timezone.now())
    now = timezone.now()

    for _try in range(links.TRIES):
        assert links.send_owed(now=now, owner="test") == 0
        now += timedelta(hours=1)

    job = Job.objects.get()
    assert (job.state, job.report["tries"]) == (Job.State.FAILED, links.TRIES)


def test_nothing_is_sent_to_a_closed_account(ada):
    links.owe(ada, at=timezone.now())
    User.objects.update(is_active=False)

    assert links.send_owed(now=timezone.now(), owner="test") == 0
    assert mail.outbox == []


@pytest.mark.django_db
def test_the_first_administrator_gets_a_link_once():
    first, second = StringIO(), StringIO()
    call_command("first_admin", "chief@demo.test", stdout=first)
    call_command("first_admin", "other@demo.test", stdout=second)

    follow(re.search(r"https?://\S+", first.getvalue())[0])

    chief = User.objects.get()
    assert chief.may("users.manage")
    assert chief.check_password(NEW)
    assert "nothing to do" in second.getvalue()


def test_an_operator_can_print_a_link(ada):
    out = StringIO()
    call_command("password_link", ada.email, stdout=out)

    follow(out.getvalue().strip())

    ada.refresh_from_db()
    assert ada.check_password(NEW)


def _uid(user) -> str:
    return links.link_for(user).split("/recover/")[1].split("-")[0]
