"""Make the table of the database cache, which holds the throttles of sign-in."""

from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    """Make it if it is not there."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_add_people")]
    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
