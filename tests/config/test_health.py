"""/livez and /readyz, and the headers that every answer carries."""

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from audit import triggers
from config import health


def test_livez_answers_without_the_database(client):  # pytest-django refuses any query here
    answer = client.get("/livez")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_every_answer_carries_the_policy_and_its_companions(client):
    headers = client.get("/livez").headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy  # no other host
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera" not in headers["Permissions-Policy"]  # staff photograph damage


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
@pytest.mark.django_db
def test_a_probe_is_not_sent_to_https(client, settings, path):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_probe_only_reads(client, path):
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_readyz_answers_when_all_is_there(client):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"ready": True, "lacking": []})


@pytest.mark.django_db
def test_readyz_misses_a_migration(client):
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()

    assert_lacks(client.get("/readyz"), "migrations")


@pytest.mark.django_db
def test_readyz_misses_a_trigger(client, monkeypatch):
    monkeypatch.setattr(triggers, "missing", lambda: ["audit_event_no_update"])

    assert_lacks(client.get("/readyz"), "audit triggers")


def test_readyz_misses_the_database(client, monkeypatch):
    def away() -> list[str]:
        raise OperationalError

    monkeypatch.setattr(health, "_lacking", away)

    assert_lacks(client.get("/readyz"), "database")


@pytest.fixture
def away(monkeypatch):
    """The database cannot be reached."""

    def raises(*_, **__):
        raise OperationalError

    monkeypatch.setattr("accounts.sessions.SessionStore.load", raises)


@pytest.mark.parametrize(("path", "kind"), [("/", "text/html"), ("/api/v1/complaints/", "application/problem+json")])
def test_a_database_that_goes_away_before_any_view_is_503(away, path, kind):
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32

    answer = client.get(path)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.headers["Content-Type"] == kind


def test_another_fault_stays_a_500(monkeypatch):
    monkeypatch.setattr("accounts.middleware.ReaderLanguage.__call__", lambda *_: 1 / 0)

    assert Client(raise_request_exception=False).get("/").status_code == 500


def assert_lacks(answer, what):
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "lacking": [what]}
    assert answer.headers["Retry-After"] == "2"
