import smtplib
import uuid

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

import audit
from notifications import recipients
from notifications.fanout import fan_out
from notifications.models import Delivery
from notifications.notice import to_user
from tests.cast import NOON


class Server(BaseEmailBackend):
    """A mail server that takes all, until `says` holds what it answers to an address or "*"."""

    says: dict[str, Exception] = {}
    away: Exception | None = None
    taken: list = []
    opened = 0

    def open(self):
        Server.opened += 1
        if Server.away:
            raise Server.away
        return True

    def send_messages(self, messages):
        for message in messages:
            message.message()  # as SMTP would: refuses a header that is not one
            if error := Server.says.get(message.to[0], Server.says.get("*")):
                raise error
            Server.taken.append(message)
        return len(messages)


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "tests.notifications.conftest.Server"
    Server.says, Server.away, Server.taken, Server.opened = {}, None, [], 0
    return Server


@pytest.fixture
def told(monkeypatch, settings, tmp_path):
    """Let the kind "test.told" tell the given people; a person may be given later too."""
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "test.subject.txt").write_text("About {{ ref }}")
    (tmp_path / "emails" / "test.txt").write_text("Due {{ due_at }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    people = []

    def tell(event):
        about = f"{event.kind}:{event.stream}:{event.seq}"
        return [to_user(person, "test", about, ref="QC-2026-00001", due_at=event.at) for person in people]

    monkeypatch.setitem(recipients.TABLE, "test.told", tell)
    return people


@pytest.fixture
def happen(db):
    """Record an event."""

    def happen(kind="test.told", at=NOON, stream=None, **facts):
        with transaction.atomic():
            return audit.record("case", stream or uuid.uuid4(), kind, by=None, at=at, facts=facts)

    return happen


@pytest.fixture
def owed(happen, told, ada):
    """One mail owed to ada."""
    told.append(ada)
    happen()
    fan_out(NOON)
    return Delivery.objects.get()


REFUSED = smtplib.SMTPRecipientsRefused({"ada@demo.test": (550, b"No such user")})
BUSY = smtplib.SMTPRecipientsRefused({"ada@demo.test": (451, b"Try later")})
__all__ = ["BUSY", "NOON", "REFUSED", "mail"]
