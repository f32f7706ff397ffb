"""Let the database move the head of the stream and owe the telling with each event."""

from django.db import migrations

from audit import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_triggers")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
