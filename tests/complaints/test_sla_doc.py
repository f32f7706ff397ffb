"""docs/sla.md says what the code does."""

from pathlib import Path

import pytest
from django.conf import settings

from complaints import ladder, sweeping
from complaints.models import SlaPolicy
from complaints.models.states import Metric

PAGE = Path(settings.BASE_DIR, "docs", "sla.md").read_text()
ROWS = [[cell.strip() for cell in line.strip("| ").split("|")] for line in PAGE.splitlines() if line.startswith("|")]


def row(first: str) -> list[str]:
    return next(cells for cells in ROWS if cells[0].strip("`") == first)


def target(policy: SlaPolicy) -> str:
    if policy.basis == "DATE":
        return f"{policy.days} {'wd' if policy.day_unit == 'workday' else 'd'}"
    return f"{policy.target_minutes // 60} {'BH' if policy.basis == 'BUSINESS' else 'h'}"


@pytest.mark.parametrize("metric", Metric.values)
def test_every_clock_stands_on_the_page(metric):
    assert row(metric)


@pytest.mark.django_db
def test_the_default_targets_stand_on_the_page():
    for policy in SlaPolicy.objects.filter(customer=None, contract=None):
        cells = row(policy.metric)
        column = ["G1", "G2", "G3", "G4", ""].index(policy.grade) + 2
        assert cells[column] == target(policy), policy
        assert cells[7] == ("yes" if policy.pausable else "no"), policy


@pytest.mark.parametrize("name", ladder.RUNGS)
def test_every_rung_stands_on_the_page(name):
    rung = ladder.RUNGS[name]

    _, level, when, told = row(name)

    assert (level, told) == (f"L{rung.level}", ", ".join(rung.told))
    assert rung.share == 100 or f"{rung.share} %" in when


def test_the_executives_delay_stands_on_the_page():
    when = row("escalated")[2]

    for grade, hours in ladder.EXECUTIVE_AFTER_HOURS.items():
        assert f"+ {hours} h ({grade})" in when.replace("breach ", "")
    for grade, days in ladder.EXECUTIVE_AFTER_WORKDAYS.items():
        assert f"+ {days} working days ({grade})" in when


def test_the_tries_and_the_long_wait_stand_on_the_page():
    assert f"tried {sweeping.TRIES} times" in PAGE
    assert f"After {ladder.WAIT_WORKDAYS} working days" in PAGE


def test_the_periodic_work_of_clocks_stands_on_the_page():
    from config.celery import PERIODIC_WORK

    entry = PERIODIC_WORK["sweep-clocks"]
    assert row(entry["task"])[1] == f"{entry['schedule']:g} s"
