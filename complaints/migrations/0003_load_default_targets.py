"""Load the default targets of DOMAIN §3.2; blank is the target of a case that is not graded yet: that of G3."""

from datetime import date

from django.db import migrations

HOUR = 60
EVER = date(1970, 1, 1)
# metric: (pausable, {grade: (basis, hours)})
TARGETS = {
    "ACK": (False, {"G1": ("CALENDAR", 1), "G2": ("BUSINESS", 8), "G3": ("BUSINESS", 8), "G4": ("BUSINESS", 8)}),
    "TRIAGE": (False, {"G1": ("CALENDAR", 2), "G2": ("BUSINESS", 4), "G3": ("BUSINESS", 4), "G4": ("BUSINESS", 4)}),
    "INITIAL": (False, {"G1": ("CALENDAR", 24), "G2": ("CALENDAR", 48), "G3": ("CALENDAR", 48), "G4": ("CALENDAR", 48)}),
    "RESOLVE": (True, {"G1": ("BUSINESS", 80), "G2": ("BUSINESS", 160), "G3": ("BUSINESS", 240), "G4": ("BUSINESS", 320)}),
}


def load(apps, schema_editor):
    policies = apps.get_model("complaints", "SlaPolicy").objects
    for metric, (pausable, by_grade) in TARGETS.items():
        for grade, (basis, hours) in {"": by_grade["G3"], **by_grade}.items():
            policies.get_or_create(
                metric=metric, grade=grade, customer=None, contract=None, effective_from=EVER,
                defaults={"basis": basis, "target_minutes": hours * HOUR, "pausable": pausable},
            )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_add_waits_to_clocks")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
