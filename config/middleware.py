"""What every answer carries, and what a visitor sees while the database is away."""

import sys
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

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
        return _unavailable(request) if isinstance(exception, AWAY) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for what no view caught: 503 if the database was away in another middleware, such as the session's."""
    if isinstance(sys.exc_info()[1], AWAY):
        return _unavailable(request)
    if request.path.startswith("/api/"):
        body = '{"type": "about:blank", "title": "Fault of ours", "status": 500}'
        return HttpResponse(body, status=500, content_type="application/problem+json")
    return defaults.server_error(request)


def _unavailable(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = '{"type": "about:blank", "title": "Database not reachable", "status": 503}'
        kind = "application/problem+json"
    else:
        body, kind = render_to_string("503.html"), "text/html"
    return HttpResponse(body, status=503, content_type=kind, headers={"Retry-After": "2", "Cache-Control": "no-store"})
