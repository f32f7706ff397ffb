"""
A request that carries a key takes effect once (RELIABILITY R13).

The key's row is written in the transaction of the effect. A repeat gets the first answer again. What was an answer
about the moment (409, 412 …) or a fault (5xx) is not kept: the same request may succeed later.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, OperationalError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException, NotAuthenticated, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import IdempotencyKey, User

OF_THE_MOMENT = {408, 409, 412, 423, 425, 428, 429}
REPEATED_HEADERS = ("Location", "ETag")
RETRY_AFTER = "2"  # seconds


class KeyReused(APIException):
    """The key came before with another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = _("This Idempotency-Key was used for another request. Choose a new key.")


class StillRunning(Exception):
    """The first request with this key has not ended yet."""


def once(request: Request, act: Callable[[], Response]) -> Response:
    """
    Return the answer of `act`, run at most once per person and Idempotency-Key; without a key it just runs.

    Raises ValidationError for a key that is empty or too long, KeyReused if the key came with another request.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return _act_safely(request, act)
    if not 1 <= len(key.strip()) <= 255 or not key.isprintable():
        raise ValidationError({"Idempotency-Key": _("Send 1 to 255 printable characters.")})
    try:
        return _once(_person(request), key, _fingerprint(request), act, _thaw, excuse=_excuse(request))
    except StillRunning:
        words = {"detail": _("The first request with this key is still running. Ask again.")}
        return Response(words, status=status.HTTP_409_CONFLICT, headers={"Retry-After": RETRY_AFTER})


def once_for_form(user: User, token: str, act: Callable[[], HttpResponse], *, body: str = "") -> HttpResponse:
    """
    Return the redirect of `act`, run at most once per person and form token (a hidden field), so that a double
    click or a reload leads to the same page. Anything but a redirect is not kept.

    Raises KeyReused if `body` is given and differs from the first one; ValueError without a token.
    """
    if not 1 <= len(token) <= 200:
        raise ValueError("A form that takes effect once needs its token.")
    digest = hashlib.sha256(body.encode()).hexdigest()
    try:
        return _once(user, f"form:{token}", digest, act, lambda row: HttpResponseRedirect(row.headers["Location"]))
    except StillRunning:
        return HttpResponse(status=status.HTTP_409_CONFLICT, headers={"Retry-After": RETRY_AFTER})


def forget(*, before: datetime) -> int:
    """Delete keys from before that instant; return how many."""
    return IdempotencyKey.objects.filter(created_at__lt=before).delete()[0]


def _once(
    user: User,
    key: str,
    fingerprint: str,
    act: Callable[[], Any],
    thaw: Callable[[Any], Any],
    excuse: Callable[[Exception], Any] | None = None,
) -> Any:
    """Claim the key and act in one transaction. `excuse` makes the answer of a refusal, which has undone both."""
    claimed = False
    try:
        with transaction.atomic():
            row = _claim(user, key, fingerprint)
            claimed = True
            return _perform(row, act)
    except IntegrityError as error:
        if not claimed:  # and so nothing was done: somebody was first, for whom the insert has waited
            return _repeat(IdempotencyKey.objects.get(principal=user, key=key), fingerprint, thaw)
        return _excused(user, key, fingerprint, error, excuse)
    except OperationalError as error:
        # anybody may hold a file of SQLite; whoever else makes the insert wait has this key
        if claimed or "lock" not in str(error) or "database is locked" in str(error):
            raise
        raise StillRunning from error
    except Exception as error:
        return _excused(user, key, fingerprint, error, excuse)


def _excused(
    user: User, key: str, fingerprint: str, error: Exception, excuse: Callable[[Exception], Any] | None
) -> Any:
    """Return the answer for a refusal, and keep it if it is one to keep. What has no answer is raised again."""
    if excuse is None:
        raise error
    response = excuse(error)
    if response.status_code < 500 and _is_kept(response):
        with suppress(IntegrityError), transaction.atomic():  # another may have come between: then theirs is kept
            _freeze(_claim(user, key, fingerprint), response)
    return response


def _person(request: Request) -> User:
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def _claim(user: User, key: str, fingerprint: str) -> IdempotencyKey:
    """
    Return the key's row, made; waits for another transaction that is making it.

    Raises IntegrityError if it is there, which ends the transaction.
    """
    return IdempotencyKey.objects.create(
        principal=user, key=key, fingerprint=fingerprint, created_at=timezone.now()
    )  # fmt: skip


def _perform(row: IdempotencyKey, act: Callable[[], Any]) -> Any:
    response = act()
    if response.status_code >= 500:
        transaction.set_rollback(True)
    elif _is_kept(response):
        _freeze(row, response)
    else:
        row.delete()
    return response


def _is_kept(response: Any) -> bool:
    if isinstance(response, Response):
        return response.status_code not in OF_THE_MOMENT
    return 300 <= response.status_code < 400


def _freeze(row: IdempotencyKey, response: Any) -> None:
    row.status = response.status_code
    row.headers = {name: response.headers[name] for name in REPEATED_HEADERS if name in response.headers}
    if isinstance(response, Response):
        row.headers |= {"Content-Type": response.content_type} if response.content_type else {}
        row.body = JSONRenderer().render(response.data).decode()
    row.save(update_fields=["status", "headers", "body"])


def _repeat(row: IdempotencyKey, fingerprint: str, thaw: Callable[[IdempotencyKey], Any]) -> Any:
    if row.fingerprint != fingerprint:
        raise KeyReused
    response = thaw(row)
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _thaw(row: IdempotencyKey) -> Response:
    headers = dict(row.headers)
    kind = headers.pop("Content-Type", None)
    data = json.loads(row.body) if row.body else None
    return Response(data, status=row.status, headers=headers, content_type=kind)


def _act_safely(request: Request, act: Callable[[], Response]) -> Response:
    """Run `act` whole; a refusal undoes it and becomes the answer that the API gives for it."""
    try:
        with transaction.atomic():
            return act()
    except Exception as error:
        return _excuse(request)(error)


def _excuse(request: Request) -> Callable[[Exception], Response]:
    """Return what makes an answer of an exception; what the API has no answer for is raised again by the view."""
    return request.parser_context["view"].handle_exception


def _fingerprint(request: Request) -> str:
    """Return SHA-256 over method, path and the body with its keys in order."""
    data = request.data
    plain = dict(data.lists()) if hasattr(data, "lists") else data
    body = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_digest)
    return hashlib.sha256(f"{request.method}\n{request.path}\n{body}".encode()).hexdigest()


def _digest(value: Any) -> str:
    """Stand in for what JSON cannot hold: a file by the hash of its content, anything else by its words."""
    if not isinstance(value, UploadedFile):
        return str(value)
    hashed = hashlib.sha256()
    for chunk in value.chunks():
        hashed.update(chunk)
    value.seek(0)
    return hashed.hexdigest()
