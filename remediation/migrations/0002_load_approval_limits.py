"""The approval matrix of DOMAIN §7.2, in CNY; a company that counts otherwise adds its own rows."""

from datetime import date

from django.db import migrations

MATRIX = [
    (10_000, ["LEAD"]),
    (50_000, ["QM"]),
    (200_000, ["QM", "FIN"]),
    (1_000_000, ["QM", "FIN", "LEG", "DIR"]),
    (None, ["QM", "FIN", "LEG", "DIR", "GM"]),
]
FROM = date(2020, 1, 1)


def load(apps, schema_editor):
    limits = apps.get_model("remediation", "ApprovalLimit").objects
    for yuan, levels in MATRIX:
        limits.update_or_create(
            effective_from=FROM,
            up_to_currency="CNY",
            up_to_minor=None if yuan is None else yuan * 100,
            defaults={"levels": levels},
        )


class Migration(migrations.Migration):
    dependencies = [("remediation", "0001_add_remedies")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
