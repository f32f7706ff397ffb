"""Let an operator hand a person a way in, where mail does not work."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import links
from accounts.models import User


class Command(BaseCommand):
    help = "Print a one-time link with which the person with that e-mail address sets a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.active().filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError(f"No active person has the address {options['email']}.")
        self.stdout.write(links.link_for(user))
