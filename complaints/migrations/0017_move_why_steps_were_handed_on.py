from django.db import migrations
from django.db.models import F


def move(apps, schema_editor):
    """A step that is open has no result: what stands there is why it was handed on. Safe to run again."""
    steps = apps.get_model("complaints", "EmergencyStep").objects.filter(status="OPEN", activation__drill=False)
    steps.exclude(result="").update(left_because=F("result"), result="")


def move_back(apps, schema_editor):
    """Keep why an open step was handed on where it stood before. Safe to run again."""
    steps = apps.get_model("complaints", "EmergencyStep").objects.filter(status="OPEN", result="")
    steps.exclude(left_because="").update(result=F("left_because"), left_because="")


class Migration(migrations.Migration):
    dependencies = [("complaints", "0016_keep_why_steps_were_handed_on")]

    operations = [migrations.RunPython(move, move_back)]
