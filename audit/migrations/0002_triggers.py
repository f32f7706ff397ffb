"""Make the database refuse to change or delete events."""

from django.db import migrations

from audit import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection.alias)


def lift(apps, schema_editor):
    triggers.lift(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_trail")]
    operations = [migrations.RunPython(install, lift)]
