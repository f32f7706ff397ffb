"""Load the default targets of DOMAIN §3.2 that 0003 leaves out; a grade without a row has no such clock."""

from datetime import date

from django.db import migrations

HOUR = 60
EVER = date(1970, 1, 1)
UNGRADED = ""  # the target of a case that is not graded yet: that of G3
# metric: (pausable, {grade: (basis, hours)})
TARGETS = {
    "CONTAIN": (False, {"G1": ("CALENDAR", 4), "G2": ("CALENDAR", 24), "G3": ("CALENDAR", 48)}),
    "UPDATE": (
        False,
        {
            UNGRADED: ("BUSINESS", 40), "G1": ("CALENDAR", 24), "G2": ("CALENDAR", 48), "G3": ("BUSINESS", 40),
            "G4": ("BUSINESS", 80),
        },
    ),
    "ROOT_CAUSE": (True, {"G1": ("BUSINESS", 40), "G2": ("BUSINESS", 80), "G3": ("BUSINESS", 120)}),
    "PROPOSAL": (
        True, {"G1": ("BUSINESS", 56), "G2": ("BUSINESS", 96), "G3": ("BUSINESS", 136), "G4": ("BUSINESS", 80)}
    ),
}  # fmt: skip
# metric: {grade: (days, unit)}
DATES = {
    "8D_FINAL": {"G1": (30, "day"), "G2": (30, "day"), "G3": (60, "day")},
    "SURVEY": {UNGRADED: (3, "workday"), **dict.fromkeys(("G1", "G2", "G3", "G4"), (3, "workday"))},
    "LENDER_NOTICE": {UNGRADED: (5, "workday")},
}


def load(apps, schema_editor):
    policies = apps.get_model("complaints", "SlaPolicy").objects

    def add(metric, grade, **target):
        which = {"metric": metric, "grade": grade, "customer": None, "contract": None, "effective_from": EVER}
        policies.get_or_create(**which, defaults=target)

    for metric, (pausable, by_grade) in TARGETS.items():
        for grade, (basis, hours) in by_grade.items():
            add(metric, grade, basis=basis, target_minutes=hours * HOUR, pausable=pausable)
    for metric, by_grade in DATES.items():
        for grade, (days, unit) in by_grade.items():
            add(metric, grade, basis="DATE", days=days, day_unit=unit)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0006_add_targets_in_days")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
