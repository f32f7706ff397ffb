"""Tokens of the links with which a person sets a password."""

from datetime import timedelta

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int

from accounts.models import User

RESET_GOOD_FOR = timedelta(minutes=30)


class LinkTokens(PasswordResetTokenGenerator):
    """
    Tokens that work once: password, last sign-in, address and epoch of the person are signed into them.

    A person who has a password gets RESET_GOOD_FOR; an invited one settings.PASSWORD_RESET_TIMEOUT seconds.
    """

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}|{user.sessions_epoch}|{user.is_active}"

    def check_token(self, user: User | None, token: str | None) -> bool:
        """Return whether `token` is one of `user`, unused and young enough."""
        if user is None or not super().check_token(user, token):
            return False
        return not user.has_usable_password() or self._age(token or "") <= RESET_GOOD_FOR

    def _age(self, token: str) -> timedelta:
        made = base36_to_int(token.split("-")[0])
        return timedelta(seconds=self._num_seconds(self._now()) - made)
