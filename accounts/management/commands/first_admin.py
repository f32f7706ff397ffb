"""Make the first administrator of a new installation."""

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import links
from accounts.models import Membership, Organisation, User
from accounts.roles import Role


class Command(BaseCommand):
    help = "If there is nobody yet, make an administrator without password and print a one-time link to set one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
        parser.add_argument("email", nargs="?", default=f"admin@{host}")

    def handle(self, *args: Any, **options: Any) -> None:
        user = None if User.objects.exists() else _make(options["email"])
        if user is None:
            self.stdout.write("There are people already; nothing to do.")
            return
        self.stdout.write(f"First administrator: {user.email}")
        self.stdout.write(f"Set the password within 72 hours, once, at:\n{links.link_for(user)}")


def _make(email: str) -> User | None:
    """Return the new administrator, or None if another process has just made one."""
    try:
        with transaction.atomic():
            firm, _made = Organisation.objects.get_or_create(
                kind=Organisation.Kind.OWN, defaults={"code": "OWN", "name": "Our company", "name_zh": "本公司"}
            )
            user = User.objects.create_user(email, name="Administrator", organisation=firm)
            Membership.objects.create(user=user, organisation=firm, role=Role.ADM, since=timezone.now())
            return user
    except IntegrityError:
        return None
