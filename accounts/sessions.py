"""Sessions whose row names the person, who is read in the same statement with firm and roles."""

from typing import Any, cast

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from accounts.models import Session, User, with_roles

BACKEND = "accounts.adapter.Backend"


class SessionStore(DatabaseStore):
    """The database's sessions; `person` is whom the row names, None before it was read."""

    person: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row

    def _get_session_from_db(self) -> Session | None:
        rows = Session.objects.filter(session_key=self.session_key, expire_date__gt=timezone.now())
        session, self.person = with_roles(rows, "user")
        if session is None:
            self._session_key = None
        return session


class SignedIn(AuthenticationMiddleware):
    """Let `request.user` be the person whom the session's row brought."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = cast(User, SimpleLazyObject(lambda: _person(request)))


def _person(request: HttpRequest) -> User | AnonymousUser:
    """Return who is signed in. Whatever is not plain – another backend, an old key, a wrong hash – Django decides."""
    session = cast(SessionStore, request.session)
    said, person = session.get(SESSION_KEY), session.person
    if person is None or not person.is_active or str(person.pk) != said:
        return get_user(request)
    if session.get(BACKEND_SESSION_KEY) != BACKEND or not _sealed(session, person):
        return get_user(request)
    return person


def _sealed(session: SessionStore, person: User) -> bool:
    """Tell whether password and epoch are those of the sign-in."""
    return constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
