"""Name the days off of CN-STD in every version, from worktime/data/cn_std_names.json; what was named stays so."""

import json
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).resolve().parent.parent / "data" / "cn_std_names.json"


def name(apps, schema_editor):
    known = json.loads(FILE.read_text(encoding="utf-8"))
    versions = apps.get_model("worktime", "CalendarVersion").objects.filter(calendar__code="CN-STD")
    for version in versions.order_by("pk"):
        named = {on: known[on] for on in version.off if on in known} | version.names
        versions.filter(pk=version.pk).update(names=named)


class Migration(migrations.Migration):
    dependencies = [("worktime", "0003_add_weekly_from_and_names")]
    operations = [migrations.RunPython(name, migrations.RunPython.noop)]
