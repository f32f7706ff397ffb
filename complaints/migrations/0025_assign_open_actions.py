"""
Who answers for the actions that were open before anybody was said to: the leader of the team, without one the owner.

Only people who still have an account, and only open actions: of what is done nobody can say it any more. What has
neither stays without, and is shown so. Running it again changes nothing.
"""

from django.db import migrations

BATCH = 500


def name(apps, schema_editor):
    Assignment = apps.get_model("complaints", "Assignment")
    leaders, owners = _leaders(apps), _owners(apps)
    tasks = apps.get_model("complaints", "Task").objects.filter(status="OPEN")
    contained = apps.get_model("complaints", "ContainmentAction").objects.filter(needed=True, effective_at=None)
    for column, rows in (("task", tasks), ("containment", contained)):
        rows = rows.exclude(pk__in=Assignment.objects.filter(role="A", **{f"{column}__isnull": False}).values(column))
        found = [
            Assignment(**{f"{column}_id": pk}, user_id=who, role="A", at=at)
            for pk, case, cycle, at in _with_moment(rows, column)
            if (who := leaders.get((case, cycle)) or owners.get(case))
        ]
        Assignment.objects.bulk_create(found, batch_size=BATCH)


def _with_moment(rows, column):
    made = {"task": "created_at", "containment": "recorded_at"}[column]
    return rows.order_by("pk").values_list("pk", "complaint_id", "cycle", made)


def _leaders(apps):
    rows = apps.get_model("complaints", "TeamMember").objects.filter(seat="LEADER", left_at=None, user__is_active=True)
    return {(case, cycle): who for case, cycle, who in rows.values_list("complaint_id", "cycle", "user_id")}


def _owners(apps):
    rows = apps.get_model("complaints", "Complaint").objects.filter(owner__is_active=True)
    return dict(rows.values_list("pk", "owner_id"))


class Migration(migrations.Migration):
    dependencies = [("complaints", "0024_add_assignments")]

    operations = [migrations.RunPython(name, migrations.RunPython.noop)]
