"""What every answer carries, and what a visitor sees of a form that is too large, or while the database is away."""

import json
import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

BUSY = ("lock", "timeout")  # in what the database says when others hold it: SQLite's file, a row of PostgreSQL
AWAY = (OperationalError, InterfaceError)
Respond = Callable[[HttpRequest], HttpResponse]


class SecurityHeaders:
    """Add the content security policy and its companions to every answer that does not bring its own."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.policy = "; ".join(f"{name} {' '.join(values)}" for name, values in settings.SECURE_CSP.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), payment=(), usb=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class DatabaseDown:
    """Answer 503 with Retry-After while the database cannot be reached or stays locked; never half a page."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Catch what a view raised, before Django makes a 500 of it."""
        return _unavailable(request, exception) if isinstance(exception, AWAY) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for what no view caught: 503 if the database was away in another middleware, such as the session's."""
    error = sys.exc_info()[1]
    if isinstance(error, AWAY):
        return _unavailable(request, error)
    if request.path.startswith("/api/"):
        body = '{"type": "about:blank", "title": "Fault of ours", "status": 500}'
        return HttpResponse(body, status=500, content_type="application/problem+json")
    return defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 for a request that cannot be read; if it is too large, with the limit."""
    said = _too_large(request, exception)
    if request.path.startswith("/api/"):
        return _problem(400, _("The request does not fit"), said)
    return render(request, "400.html", {"said": said}, status=400)


def _too_large(request: HttpRequest, exception: Exception) -> str:
    """Return a sentence for what is too large; a view may bring its own as `too_many` (see complaints.views.do)."""
    match exception:
        case TooManyFieldsSent():
            found = request.resolver_match
            own = getattr(found.func, "too_many", None) if found else None
            words = own(**found.kwargs) if own and found else ""
            if words:
                return str(words)
            most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
            return _("The form came with more than {most} fields. Send it in several parts.").format(most=most)
        case TooManyFilesSent():
            most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
            return _("More than {most} files came at once. Send them in several parts.").format(most=most)
        case RequestDataTooBig():
            most = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 1024 // 1024
            return _("The form is larger than {most} MB without its files. Send it in several parts.").format(most=most)
    return ""


def _unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """Answer 503 in both languages while nobody can be known; in the reader's while the database is only busy."""
    busy = any(word in str(error).lower() for word in BUSY)
    if request.path.startswith("/api/"):
        said = _("Others are writing just now. Nothing was changed; send it again in a moment.") if busy else ""
        response = _problem(503, "Database busy" if busy else "Database not reachable", said)
    elif busy:
        response = HttpResponse(render_to_string("503_busy.html"), status=503)
    else:
        response = HttpResponse(render_to_string("503.html"), status=503, content_type="text/html")
    response.headers["Retry-After"], response.headers["Cache-Control"] = "2", "no-store"
    return response


def _problem(status: int, title: str, detail: str) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, **({"detail": detail} if detail else {})}
    return HttpResponse(json.dumps(body), status=status, content_type="application/problem+json")
