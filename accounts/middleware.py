"""Each answer in the reader's language and zone; sessions of people who may no longer sign in are ended."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

Respond = Callable[[HttpRequest], HttpResponse]
ASKABLE = ("/t/", "/s/", "/login/")  # pages by link, where `?lang=` chooses the language


class ReaderLanguage:
    """Activate language and zone of the reader for one request: asked for, own setting, cookie, Accept-Language."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _end_dead_session(request)
        asked = _asked(request)
        language = asked or _own(request, "language") or translation.get_language_from_request(request)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        with translation.override(language), timezone.override(_zone(_own(request, "zone"))):
            response = self.get_response(request)
            if isinstance(response, SimpleTemplateResponse):  # else it would be rendered in no language
                response.render()
        if asked:
            remember(response, asked)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"])
        return response


def remember(response: HttpResponse, language: str) -> None:
    """Keep the language in a cookie, for the time before sign-in."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _end_dead_session(request: HttpRequest) -> None:
    """End a session whose person was deactivated: it must not come back to life with the account."""
    if SESSION_KEY in request.session and not request.user.is_authenticated:
        request.session.flush()


def _asked(request: HttpRequest) -> str | None:
    language = request.GET.get("lang", "").lower()
    known = language in dict(settings.LANGUAGES)
    return language if known and request.path.startswith(ASKABLE) else None


def _own(request: HttpRequest, setting: str) -> str | None:
    return getattr(request.user, setting, None) if request.user.is_authenticated else None


def _zone(name: str | None) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)
