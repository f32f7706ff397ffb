"""A form of a page takes effect once: its hidden token, and what is answered without one or to other words under it."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.idempotency import KeyReused, once_for_form
from complaints.gates import Reason, reason

MOST = 80  # characters of a token
Again = Callable[[Reason, int], HttpResponse]


def once(request: HttpRequest, name: str, act: Callable[[], HttpResponse], again: Again) -> HttpResponse:
    """
    Return the answer of `act`, run at most once per person, form and token; a repeat leads to the same page.

    again(why, status): shows the form with all that was typed and a new token, for a form that came without a token
    (422) or with one that was used for other words (409).
    """
    token = _token(request)
    if token is None:
        return _afresh(request, again, "form_without_token", 422)
    try:
        return once_for_form(request.user, f"{name}:{token}"[:200], act, body=_said(request))  # type: ignore[arg-type]
    except KeyReused:
        return _afresh(request, again, "form_sent_before", 409)


@dataclass(frozen=True)
class Form:
    """A form that was sent: the identity that it gives to what it makes, and a digest of all that it says."""

    identity: uuid.UUID
    said: str


def once_made(
    request: HttpRequest,
    name: str,
    act: Callable[[Form], HttpResponse],
    before: Callable[[Form], tuple[str, str] | None],
    again: Again,
) -> HttpResponse:
    """
    As `once`, for an act that makes one thing under the form's identity: it is its own key, nothing more is written.

    act: raises IntegrityError if a thing of that identity is there.  before: the digest by which that one was made,
    and its address; None if it was something else that failed.
    """
    token = _token(request)
    if token is None:
        return _afresh(request, again, "form_without_token", 422)
    digest = hashlib.sha256(f"{token}\n{_said(request)}".encode()).hexdigest()
    form = Form(uuid.uuid5(request.user.uuid, f"{name}:{token}"), digest)  # type: ignore[union-attr]
    try:
        return act(form)
    except IntegrityError:
        made = before(form)
        if made is None:
            raise
        said, address = made
        return HttpResponseRedirect(address) if said == digest else _afresh(request, again, "form_sent_before", 409)


def _token(request: HttpRequest) -> str | None:
    token = request.POST.get("once", "")
    return token if 1 <= len(token) <= MOST and token.isprintable() else None


def token_of(request: HttpRequest) -> str:
    """Return the token for the form in this answer: the one it came with, or a new one."""
    new: str | None = getattr(request, "new_token", None)
    return new or request.POST.get("once") or uuid.uuid4().hex


def _afresh(request: HttpRequest, again: Again, code: str, status: int) -> HttpResponse:
    request.new_token = uuid.uuid4().hex  # type: ignore[attr-defined]
    return again(reason(code), status)


def _said(request: HttpRequest) -> str:
    """Return what makes two forms the same: every value, and the content of every file."""
    values = {name: given for name, given in request.POST.lists() if name != "csrfmiddlewaretoken"}
    files = {name: [_content(file) for file in given] for name, given in request.FILES.lists()}
    return json.dumps([values, files], sort_keys=True)


def _content(file: Any) -> str:
    assert isinstance(file, UploadedFile)
    hashed = hashlib.sha256()
    for chunk in file.chunks():
        hashed.update(chunk)
    file.seek(0)
    return hashed.hexdigest()
