"""Doors of views: sign-in first, then the right; who is refused reads which right is missing and who grants it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from accounts.roles import MAY, RIGHTS

View = Callable[..., HttpResponse]


class PersonRequest(HttpRequest):
    """The type of a request behind a door: somebody is signed in."""

    user: User


def requires(permission: str) -> Callable[[View], View]:
    """Return a decorator: only people who hold `permission`. Raises KeyError at import for an unknown one."""
    MAY[permission]
    return _only(lambda user: user.may(permission), permission)


def staff_only(view: View) -> View:
    """Let in the people of our own company."""
    return _only(lambda user: user.is_staff_member)(view)


def customers_only(view: View) -> View:
    """Let in people who hold the right to be a customer of ours, and nobody else."""
    return _only(lambda user: not user.is_staff_member and "CUS" in user.roles)(view)


def refuse(request: HttpRequest, permission: str | None = None) -> HttpResponse:
    """Return the page 403 that names the right, the roles that hold it and the people who grant roles."""
    words = {
        "right": RIGHTS.get(permission or ""),
        "roles": [role.label for role in MAY.get(permission or "", ())],
        "granters": _granters(request.user) if permission else [],
    }
    return render(request, "accounts/refused.html", words, status=403)


def _only(passes: Callable[[Any], bool], permission: str | None = None) -> Callable[[View], View]:
    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not passes(request.user):
                return refuse(request, permission)
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return door


def _granters(user: Any) -> list[str]:
    """Return the names of administrators; people outside our company are not told them."""
    if not user.is_staff_member:
        return []
    return list(User.objects.who_may("users.manage").order_by("name", "pk").values_list("name", flat=True)[:5])
