import json
from datetime import datetime

import pytest
from django.conf import settings

from accounts.models import User
from complaints import clocks
from complaints.models import SlaClock, SlaPolicy
from complaints.models.states import Metric
from tests.complaints.factories import clock_of, events_of, received, shanghai

VECTORS = settings.BASE_DIR.parent / "shared" / "vectors" / "sla_vectors.json"
REGRADES = [vector for vector in json.loads(VECTORS.read_text())["vectors"] if vector["kind"] == "regrade"]

pytestmark = pytest.mark.django_db


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("vector", REGRADES, ids=lambda vector: vector["id"])
def test_a_regraded_clock_is_due_as_the_vector_says(vector, ada: User):
    given, expected = vector["input"], vector["expected"]
    metric = Metric.INITIAL if given["basis"] == "CALENDAR" else Metric.RESOLVE
    of_metric = SlaPolicy.objects.filter(metric=metric)
    of_metric.filter(grade="").update(target_minutes=given["target_minutes_old"])
    of_metric.filter(grade="G2").update(target_minutes=given["target_minutes_new"])
    complaint = received(ada, at=moment(given["start"]))
    assert clock_of(complaint, metric).due_at == moment(expected["due_old"])

    complaint.grade = "G2"
    clocks.retarget(complaint, at=moment(given["changed_at"]), by=ada)

    clock = clock_of(complaint, metric)
    assert clock.due_at == moment(expected["due_effective"])
    assert (clock.breached_at is not None) == expected["breach_kept"]
    assert clock.breaches.count() == expected["breach_kept"]


def test_old_and_new_target_stay_visible(ada: User):
    complaint = received(ada, at=shanghai("2026-05-12 10:15"))

    complaint.grade = "G1"
    clocks.retarget(complaint, at=shanghai("2026-05-12 14:00"), by=ada)

    event = next(e for e in events_of(complaint, "clock.retargeted") if e.facts["metric"] == Metric.INITIAL)
    assert (event.facts["before"]["target_minutes"], event.facts["target_minutes"]) == (2880, 1440)
    assert (event.facts["before"]["policy"], event.facts["policy"]) == ("default", "grade G1")
    assert event.facts["generation"] == 1


def test_a_tightened_clock_tells_at_once_the_highest_rung_it_has_passed(ada: User):
    complaint = received(ada, at=shanghai("2026-05-12 10:15"))

    complaint.grade = "G1"
    clocks.retarget(complaint, at=shanghai("2026-05-13 09:45"), by=ada)

    clock = clock_of(complaint, Metric.INITIAL)
    warned = [e for e in events_of(complaint, "sla.warned") if e.facts["metric"] == Metric.INITIAL]
    assert [(e.facts["step"], e.at) for e in warned] == [("warned_90", shanghai("2026-05-13 09:45"))]
    assert (clock.level, clock.next_at) == (3, shanghai("2026-05-13 11:45:01"))
    assert warned[0].facts["dedup"].endswith(":INITIAL::1:warned_90")


def test_a_loosened_clock_warns_anew(ada: User):
    complaint = received(ada, at=shanghai("2026-05-12 10:15"), safety="DANGER")
    complaint.grade = "G1"
    clocks.retarget(complaint, at=shanghai("2026-05-12 11:00"), by=ada)
    clocks.sweep(now=shanghai("2026-05-12 22:30"))

    complaint.grade = "G3"
    clocks.retarget(complaint, at=shanghai("2026-05-12 23:00"), by=ada)
    clocks.sweep(now=shanghai("2026-05-13 10:15"))

    warned = [e for e in events_of(complaint, "sla.warned") if e.facts["metric"] == Metric.INITIAL]
    assert [(e.facts["step"], e.at) for e in warned] == [
        ("warned_50", shanghai("2026-05-12 22:15")),
        ("warned_50", shanghai("2026-05-13 10:15")),
    ]
    assert len({e.facts["dedup"] for e in warned}) == 2


def test_a_second_look_with_nothing_new_changes_nothing(ada: User):
    complaint = received(ada, at=shanghai("2026-05-12 10:15"))

    clocks.retarget(complaint, at=shanghai("2026-05-12 11:00"), by=ada)

    assert events_of(complaint, "clock.retargeted") == []
    assert set(SlaClock.objects.values_list("generation", flat=True)) == {0}


def test_a_graver_grade_tells_the_executive_earlier_of_an_old_breach(ada: User):
    complaint = received(ada, at=shanghai("2026-05-12 10:15"))
    clocks.sweep(now=shanghai("2026-05-14 11:00"))

    complaint.grade = "G1"
    clocks.retarget(complaint, at=shanghai("2026-05-14 12:00"), by=ada)
    clocks.sweep(now=shanghai("2026-05-15 10:15"))

    escalated = [e for e in events_of(complaint, "sla.escalated") if e.facts["metric"] == Metric.INITIAL]
    assert [e.at for e in escalated] == [shanghai("2026-05-15 10:15")]


def test_a_merged_master_counts_from_the_earlier_receipt_but_has_two_hours_left(ada: User):
    complaint = received(ada, at=shanghai("2026-05-12 10:15"))

    clocks.restart_from(complaint, start=shanghai("2026-05-11 09:00"), at=shanghai("2026-05-12 11:00"), by=ada)
    early = clock_of(complaint, Metric.INITIAL)
    assert (early.started_at, early.due_at) == (shanghai("2026-05-11 09:00"), shanghai("2026-05-13 09:00"))

    clocks.restart_from(complaint, start=shanghai("2026-05-10 12:00"), at=shanghai("2026-05-12 11:30"), by=ada)
    assert clock_of(complaint, Metric.INITIAL).due_at == shanghai("2026-05-12 13:30")
