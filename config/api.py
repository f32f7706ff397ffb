"""The API's frame: its addresses, pages of results, and every error as problem+json (RFC 9457)."""

import json
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import ConcurrentTransition
from rest_framework import status
from rest_framework.exceptions import NotFound, ParseError, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.gates import Reason
from complaints.lifecycle import Refused
from complaints.words import say

PROBLEM = "application/problem+json"
TITLES = {
    400: gettext_lazy("The request does not fit"),
    401: gettext_lazy("Sign in first"),
    403: gettext_lazy("Not permitted"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not allowed"),
    409: gettext_lazy("Not possible now"),
    410: gettext_lazy("It could not be made"),
    412: gettext_lazy("Changed meanwhile"),
    415: gettext_lazy("Send JSON"),
    422: gettext_lazy("Key used for another request"),
    428: gettext_lazy("Say which version you edit"),
    429: gettext_lazy("Too many requests"),
    503: gettext_lazy("Not available at the moment"),
}


class Json(JSONParser):
    """JSON that can be read and said again; endless nesting or half a character is the fault of the caller."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            said = super().parse(stream, media_type, parser_context)
            json.dumps(said, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply. Send a flatter object.")) from error
        except UnicodeEncodeError as error:
            raise ParseError(_("The JSON holds half a character, such as \\ud800. Send whole ones.")) from error
        return said


class Pages(CursorPagination):
    """Fifty rows a page, by cursor; `page_size` up to 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = ("-received_at", "-pk")

    def decode_cursor(self, request: Request) -> Any:
        """Return where the page starts. Raises NotFound for a cursor that we did not make."""
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None and not _is_moment(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor


def _is_moment(said: str) -> bool:
    try:
        moment = parse_datetime(said)
        return moment is not None and bool(moment.astimezone(UTC))
    except (ValueError, OverflowError):
        return False


def problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Return an error as problem+json; None for what is a fault of ours."""
    from rest_framework.views import exception_handler  # its classes read this module when they are made

    if isinstance(exc, Refused):
        return refusal(exc.reasons)
    if isinstance(exc, ConcurrentTransition):
        return refusal([Reason("moved_meanwhile")])
    response = exception_handler(exc, context)
    if response is None:
        return None
    body = _body(response.status_code)
    if isinstance(exc, ValidationError):
        body["errors"] = list(_errors(exc.detail))
        body["detail"] = " ".join(str(error["message"]) for error in body["errors"])
    elif isinstance(response.data, dict) and "detail" in response.data:
        body["detail"] = str(response.data["detail"])
    response.data, response.content_type = body, PROBLEM
    return response


def refusal(reasons: Iterable[Reason]) -> Response:
    """Return 409 with each reason as code, parameters and sentence."""
    said = [{"code": why.code, "params": why.params, "sentence": say(why)} for why in reasons]
    body = {
        **_body(status.HTTP_409_CONFLICT),
        "detail": " ".join(str(why["sentence"]) for why in said),
        "reasons": said,
    }
    return Response(body, status=status.HTTP_409_CONFLICT, content_type=PROBLEM)


def docs(request: HttpRequest) -> HttpResponse:
    """Return a small page of our own about the API; no script from elsewhere."""
    return render(request, "api.html")


def not_found(request: HttpRequest) -> HttpResponse:
    """Return 404 as problem+json for addresses of the API that do not exist."""
    import json

    return HttpResponse(json.dumps(_body(404)), status=404, content_type=PROBLEM)


def _body(code: int) -> dict[str, Any]:
    return {"type": "about:blank", "title": str(TITLES.get(code, _("Error"))), "status": code}


def _errors(detail: Any, field: str = "") -> Iterable[dict[str, Any]]:
    """Flatten DRF's nested details to rows of field, code and message."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            path = name if not field else f"{field}.{name}"
            yield from _errors(inner, field if name == "non_field_errors" else path)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _errors(inner, field)
    else:
        yield {"field": field, "code": getattr(detail, "code", "invalid"), "message": str(detail)}
