"""Every project gets the uuid under which its events stand, and keeps one from now on."""

import uuid

from django.db import migrations, models


def number(apps, schema_editor):
    Project = apps.get_model("contracts", "Project")
    for pk in Project.objects.filter(uuid=None).order_by("pk").values_list("pk", flat=True):
        Project.objects.filter(pk=pk, uuid=None).update(uuid=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [("contracts", "0002_add_project_finance")]

    operations = [
        migrations.RunPython(number, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="project",
            name="uuid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
