from datetime import timedelta

from django.db import migrations
from django.db.models import Max


def promise(apps, schema_editor):
    """Promise the next update of each line of every incident, from the last one told on. Safe to run again."""
    rows = apps.get_model("complaints", "EmergencyPromise").objects
    incidents = apps.get_model("complaints", "EmergencyActivation").objects.filter(drill=False)
    for one in incidents.select_related("plan").order_by("pk").iterator():
        told = dict(one.updates.order_by().values_list("audience").annotate(last=Max("at")))
        for audience, minutes, *_rest in one.plan.lines:
            due = told.get(audience, one.activated_at) + timedelta(minutes=minutes)
            next_at = None if one.stood_down_at else due + timedelta(seconds=1)
            rows.get_or_create(activation=one, audience=audience, defaults={"due_at": due, "next_at": next_at})


class Migration(migrations.Migration):
    dependencies = [("complaints", "0021_promise_updates")]

    operations = [migrations.RunPython(promise, migrations.RunPython.noop)]
