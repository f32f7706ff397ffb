"""Our answers to what the sign-in library asks."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts import links, tokens
from accounts.models import User, with_roles

security_log = logging.getLogger("redress.security")


class ClosedAdapter(DefaultAccountAdapter):
    """Nobody signs up, people are invited; links by mail are owed as rows; one sentence for every failed sign-in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This e-mail address and this password do not belong together. Check both, or set a new password."
        ),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, or set a new password."),
        "invalid_password_reset": _("This link has been used or is too old. Ask for a new one."),
        "account_inactive": _("This account is closed. Ask your administrator."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Allow only addresses of our own, written as a path."""
        return url is not None and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Owe the mail instead of sending it here, so that known and unknown addresses take the same time."""
        links.owe(user, at=timezone.now())

    def set_password(self, user: User, password: str) -> None:
        """Set the password; sessions end by its hash, and tokens are revoked with it."""
        super().set_password(user, password)
        tokens.revoke_all(user, at=timezone.now())

    def reauthenticate(self, user: User, password: str) -> bool:
        """Return whether `password` is the person's; throttled like a sign-in."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        security_log.info("sign-in failed from %s", get_client_ip(request))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing about signing in and out; the page that follows is the answer."""
        template = kwargs.get("message_template", args[2] if len(args) > 2 else "")
        if template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(*args, **kwargs)


class Backend(AuthenticationBackend):
    """Sign in by e-mail; read the person with firm and roles, in one query per request."""

    def get_user(self, user_id: int) -> User | None:
        user, _person = with_roles(User.objects.filter(pk=user_id))
        return user if user is not None and self.user_can_authenticate(user) else None
