"""Bearer tokens: shown once when issued, kept only as SHA-256."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

import audit
from accounts.models import ApiToken, User, with_roles

PREFIX = "rdr_"  # lets a scanner for leaked secrets find ours
USE_NOTED_EVERY = timedelta(hours=1)  # so that reading does not write a row each time


def issue(user: User, *, name: str, at: datetime) -> str:
    """Return a new token of `user` in clear; it cannot be had again."""
    token = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, name=name, digest=_digest(token), created_at=at)
    return token


def revoke_all(user: User, *, at: datetime) -> int:
    """Revoke every token of `user`; return how many were still good."""
    return ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=at)


@transaction.atomic
def revoke(token: ApiToken, *, by: User, at: datetime) -> bool:
    """Revoke one token; False if it was revoked before."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        return False
    audit.record("user", token.user.uuid, "user.token_revoked", by=by, at=at, facts={"token": token.pk})
    return True


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer <token>` of an active person."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the person and the token, or None without a Bearer header. Raises AuthenticationFailed."""
        kind, _space, given = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        token = _find(given.strip().decode("ascii", errors="replace"))
        if token is None or not token.user.is_active:
            raise AuthenticationFailed(_("This token does not work. Issue a new one."))
        _note_use(token, at=timezone.now())
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _find(given: str) -> ApiToken | None:
    """Return the token that is still good. The digest is what is looked up, so timing says nothing about the token."""
    if not given.startswith(PREFIX):
        return None
    digest = _digest(given)
    token, _person = with_roles(ApiToken.objects.filter(digest=digest, revoked_at=None), "user")
    return token if token is not None and hmac.compare_digest(token.digest, digest) else None


def _note_use(token: ApiToken, *, at: datetime) -> None:
    if token.last_used_at is None or at - token.last_used_at >= USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
