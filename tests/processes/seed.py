"""What a house begins with. Run as a process: python -m tests.processes.seed people | cases N HOURS."""

import os
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.roles import Role
from complaints import clocks
from complaints.models.states import Metric
from tests.cast import organisation, person
from tests.complaints.factories import received


def people() -> None:
    """Migrate, and let the cast in."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    own = organisation("OWN", "Demo Gearworks", Organisation.Kind.OWN, name_zh="演示传动有限公司")
    acme = organisation("ACME", "Acme Wind", Organisation.Kind.CUSTOMER, name_zh="阿克米风电")
    person("Ada", own, Role.CS, kind="CUSTOMER_SERVICE")
    person("Cleo", own, Role.CSL, kind="CUSTOMER_SERVICE")
    person("Lee", own, Role.QM, kind="QUALITY")
    person("Carla", acme, Role.CUS)


@transaction.atomic
def cases(count: str, hours: str) -> None:
    """Receive cases so many hours ago, of whose clocks only INITIAL runs."""
    ada, at = User.objects.get(email="ada@demo.test"), timezone.now() - timedelta(hours=float(hours))
    for _number in range(int(count)):
        complaint = received(ada, at=at, found_on=at.date() - timedelta(days=1))
        for metric in set(Metric) - {Metric.INITIAL}:
            clocks.cancel(complaint, metric, at=at, by=ada)


if __name__ == "__main__":
    {"people": people, "cases": cases}[sys.argv[1]](*sys.argv[2:])
