"""Load CN-STD: China's working days with the State Council's arrangements, from worktime/data/cn_std.json."""

import json
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).resolve().parent.parent / "data" / "cn_std.json"


def load(apps, schema_editor):
    data = json.loads(FILE.read_text(encoding="utf-8"))
    calendar, _ = apps.get_model("worktime", "WorkCalendar").objects.get_or_create(
        code=data["code"], defaults={name: data[name] for name in ("name", "country", "zone")}
    )
    apps.get_model("worktime", "CalendarVersion").objects.get_or_create(
        calendar=calendar,
        version=1,
        defaults={
            name: data[name] for name in ("effective_from", "weekly", "off", "exceptions", "years", "source")
        },
    )


class Migration(migrations.Migration):
    dependencies = [("worktime", "0001_add_calendars")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
