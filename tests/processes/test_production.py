"""A first start in production: set up, the one-time link, and the application's own role (docs/operations.md)."""

import re
import secrets
import shutil
import subprocess
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests import servers
from tests.processes.conftest import needs_servers
from tests.processes.house import HOUSE, PYTHON, House, run_sql, send, until

pytestmark = [
    pytest.mark.processes,
    needs_servers,
    pytest.mark.skipif(not shutil.which("psql"), reason="needs psql"),
]
PUBLIC = "https://redress.example.test"
PROXY = {"Host": "redress.example.test", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
PASSWORD = "a long and quiet password"


@pytest.fixture
def postgres_of_its_own():
    with servers.start_own_postgres() as (url, _server):
        yield url


def make_role(url: str, password: str) -> str:
    """Run what the PostgreSQL image runs on an empty volume; return the URL of the application's role."""
    parts = urlsplit(url)
    environment = {"PGHOST": parts.hostname, "PGPORT": str(parts.port), "PGPASSWORD": parts.password,
                   "POSTGRES_USER": parts.username, "POSTGRES_DB": "redress", "APP_PASSWORD": password,
                   "PATH": "/usr/bin:/bin"}  # fmt: skip
    done = subprocess.run([HOUSE / "docker" / "postgres-init.sh"], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return f"postgres://redress_app:{password}@{parts.hostname}:{parts.port}/redress"


def test_the_first_administrator_gets_in_by_the_printed_link_once(postgres_of_its_own, tmp_path: Path):
    app_url = make_role(postgres_of_its_own, secrets.token_hex(8))
    settings = {
        "REDRESS_MODE": "production", "REDRESS_PUBLIC_URL": PUBLIC, "REDRESS_BROKER_URL": "redis://127.0.0.1:1/0",
        "REDRESS_SECRET_KEY": secrets.token_urlsafe(48), "REDRESS_AUDIT_KEY": secrets.token_urlsafe(48),
        "REDRESS_MAIL_URL": "smtp://127.0.0.1:1", "REDRESS_MAIL_FROM": "Redress <quality@example.test>",
        "REDRESS_WEB_PROCESSES": "1", "REDRESS_STATIC_MANIFEST": "0",
    }  # fmt: skip
    owner, house = House(tmp_path, postgres_of_its_own, **settings), House(tmp_path, app_url, **settings)

    said = owner.run(PYTHON, "docker/setup")

    link = re.search(rf"{PUBLIC}(/\S+)", said)
    assert link, said
    assert "nothing to do" in owner.manage("first_admin")  # a second start makes nobody
    port = servers.free_port()
    web = house.start(PYTHON, "-m", "gunicorn", "--config", "config/gunicorn.py", "--bind", f"127.0.0.1:{port}")
    try:
        until(lambda: send(port, "GET", "/readyz", **PROXY)[0] == 200, "ready", web)
        form_at, jar = follow(port, link[1], {})
        status, headers, page = send(port, "GET", form_at, **PROXY, Cookie=cookies(jar))
        assert status == 200
        assert 'type="password"' in page
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        jar |= taken(headers)
        fields = {"csrfmiddlewaretoken": token[1], "password1": PASSWORD, "password2": PASSWORD}
        head = {**PROXY, "Cookie": cookies(jar), "Referer": PUBLIC + form_at,
                "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        assert send(port, "POST", form_at, urlencode(fields), **head)[0] == 302
        again, _jar = follow(port, link[1], {})
        assert 'type="password"' not in send(port, "GET", again, **PROXY)[2]  # the link worked once
        status, headers, _page = send(port, "GET", "/login/", Host=PROXY["Host"])
        assert (status, headers["Location"][:8]) == (301, "https://")  # never in the clear
    finally:
        web.kill()

    with pytest.raises(Exception, match="permission denied"):
        run_sql(app_url, "DELETE FROM audit_event")
    assert run_sql(postgres_of_its_own, "SELECT count(*) FROM accounts_user WHERE password LIKE 'argon2%'") == [(1,)]


def follow(port: int, path: str, jar: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Follow redirects; return the last path and the cookies."""
    for _hop in range(5):
        status, headers, _page = send(port, "GET", path, **PROXY, Cookie=cookies(jar))
        jar |= taken(headers)
        if status not in (301, 302):
            break
        path = urlsplit(headers["Location"]).path
    return path, jar


def taken(headers) -> dict[str, str]:
    return {
        name: morsel.value for line in headers.get_all("Set-Cookie") or []
        for name, morsel in SimpleCookie(line).items()
    }  # fmt: skip


def cookies(jar: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in jar.items())
