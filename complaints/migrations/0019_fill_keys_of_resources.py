import unicodedata
from collections import Counter

from django.db import migrations


def fill(apps, schema_editor):
    """
    Know each resource by its code however its letters are written. Safe to run again.

    Where one plan lists two that differ only in that, they stay two: those codes stay as they are written everywhere.
    """
    rows = list(apps.get_model("complaints", "EmergencyResource").objects.order_by("pk"))
    listed = Counter((row.plan_id, _key(row.code)) for row in rows)
    apart = {key for (_plan, key), times in listed.items() if times > 1}
    for row in rows:
        key = _key(row.code)
        type(row).objects.filter(pk=row.pk).update(key=row.code if key in apart else key)
    reservations = apps.get_model("complaints", "EmergencyReservation").objects.select_related("resource")
    for row in reservations.order_by("pk").iterator():
        type(row).objects.filter(pk=row.pk).update(key=row.resource.key)


def _key(code):
    return unicodedata.normalize("NFKC", code).casefold().strip()


class Migration(migrations.Migration):
    dependencies = [("complaints", "0018_know_resources_by_a_key")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
