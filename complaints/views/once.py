"""A form of a page takes effect once: its hidden token, and what is answered without one or to other words under it."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

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
    token = request.POST.get("once", "")
    if not 1 <= len(token) <= MOST or not token.isprintable():
        return _afresh(request, again, "form_without_token", 422)
    try:
        return once_for_form(request.user, f"{name}:{token}"[:200], act, body=_said(request))  # type: ignore[arg-type]
    except KeyReused:
        return _afresh(request, again, "form_sent_before", 409)


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
