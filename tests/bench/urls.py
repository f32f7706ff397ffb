"""The product's addresses, and the floor."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as product


def floor(request: HttpRequest) -> HttpResponse:
    """Answer with nothing: what is left is the server, the middleware and the way there."""
    return HttpResponse("floor")


urlpatterns = [path("bench/floor/", floor), *product]
