import unicodedata

from django.db import migrations


def fill(apps, schema_editor):
    """Know each resource by its code however its letters are written. Safe to run again."""
    seen = set()
    for row in apps.get_model("complaints", "EmergencyResource").objects.order_by("pk").iterator():
        key = _key(row.code)
        if (row.plan_id, key) in seen:  # two of one plan stay two
            key = row.code
        seen.add((row.plan_id, key))
        type(row).objects.filter(pk=row.pk).update(key=key)
    reservations = apps.get_model("complaints", "EmergencyReservation").objects.select_related("resource")
    for row in reservations.order_by("pk").iterator():
        type(row).objects.filter(pk=row.pk).update(key=row.resource.key)


def _key(code):
    return unicodedata.normalize("NFKC", code).casefold().strip()


class Migration(migrations.Migration):
    dependencies = [("complaints", "0018_know_resources_by_a_key")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
