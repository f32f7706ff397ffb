"""Return visits: made, late, moved, missed, cancelled (DOMAIN §9.1)."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from complaints import lifecycle
from complaints.lifecycle import Refused
from remediation import followup, visits
from tests.complaints.factories import clock_of, events_of
from tests.remediation.stories import DAY, RESOLVED, codes, following_up, fresh

ON_TIME = RESOLVED + 7 * DAY  # Wednesday 27 May


def first(complaint):
    return complaint.visits.order_by("number").first()


def test_a_visit_in_time_is_done_and_its_clock_stops(who):
    complaint = following_up(who)

    visit = visits.record_visit(first(complaint), by=who.ada, at=ON_TIME, works=True, contact_met="Carla")

    assert (visit.status, visit.done_at, visit.done_by) == ("DONE", ON_TIME, who.ada)
    assert clock_of(complaint, "VISIT", subject=str(visit.uuid)).stopped_at == ON_TIME
    assert [event.facts["status"] for event in events_of(complaint, "visit.done")] == ["DONE"]


def test_a_visit_after_its_tolerance_is_late(who):
    visit = visits.record_visit(first(following_up(who)), by=who.ada, at=ON_TIME + 3 * DAY, works=True)

    assert visit.status == "DONE_LATE"


def test_more_than_three_days_early_is_another_visit(who):
    visit = first(following_up(who))
    with pytest.raises(Refused) as refusal:
        visits.record_visit(visit, by=who.ada, at=ON_TIME - 4 * DAY, works=True)
    assert codes(refusal) == ["visit_too_early"]

    assert visits.record_visit(visit, by=who.ada, at=ON_TIME - 3 * DAY, works=True).status == "DONE"


def test_recording_twice_changes_nothing(who):
    complaint = following_up(who)
    visits.record_visit(first(complaint), by=who.ada, at=ON_TIME, works=True)

    visits.record_visit(first(complaint), by=who.cleo, at=ON_TIME + DAY, works=False)

    assert first(complaint).works
    assert len(events_of(complaint, "visit.done")) == 1


def test_what_was_seen_becomes_tasks(who):
    complaint = following_up(who)

    visits.record_visit(
        first(complaint), by=who.ada, at=ON_TIME, works=False, same_defect=True, risk_seen="Oil on the floor",
        open_promises="Spare pump", next_step="Look again",
    )  # fmt: skip

    tasks = {task.kind: task for task in complaint.tasks.all()}
    assert tasks.keys() == {"visit_risk", "visit_promise", "decide_reopening"}
    assert tasks["visit_risk"].text == "Oil on the floor"
    assert tasks["decide_reopening"].due_at == datetime(2026, 5, 28, 10, 0, tzinfo=UTC)  # 18:00 of the next working day


def test_satisfaction_is_one_to_five(who):
    with pytest.raises(Refused) as refusal:
        visits.record_visit(first(following_up(who)), by=who.ada, at=ON_TIME, works=True, satisfaction=6)

    assert codes(refusal) == ["satisfaction_range"]


def test_only_those_who_visit_may(who):
    with pytest.raises(PermissionDenied):
        visits.record_visit(first(following_up(who)), by=who.fay, at=ON_TIME, works=True)


def test_a_moved_visit_keeps_its_old_date(who):
    complaint = following_up(who)

    visit = visits.move_visit(
        first(complaint), by=who.ada, at=RESOLVED, agreed_on=date(2026, 6, 3), because="Plant is closed"
    )

    assert (visit.planned_on, visit.agreed_on, visit.tolerance_until) == (
        date(2026, 5, 27), date(2026, 6, 3), date(2026, 6, 5),
    )  # fmt: skip
    assert clock_of(complaint, "VISIT", subject=str(visit.uuid)).due_at == datetime(2026, 6, 5, 16, tzinfo=UTC)


def test_a_visit_is_not_moved_into_the_past_or_without_a_request(who):
    visit = first(following_up(who))
    with pytest.raises(Refused) as refusal:
        visits.move_visit(visit, by=who.ada, at=RESOLVED, agreed_on=date(2026, 5, 19), because="x")
    assert codes(refusal) == ["visit_date_past"]

    with pytest.raises(Refused) as refusal:
        visits.move_visit(visit, by=who.ada, at=RESOLVED, agreed_on=date(2026, 6, 3), because=" ")

    assert codes(refusal) == ["reason_missing"]


def test_a_visit_is_missed_once_its_tolerance_is_over(who):
    visit = first(following_up(who))
    midnight = datetime(2026, 5, 29, 16, 0, tzinfo=UTC)

    assert followup.sweep(now=midnight - DAY / 24)["missed"] == 0
    assert followup.sweep(now=midnight)["missed"] == 1
    assert followup.sweep(now=midnight)["missed"] == 0

    assert fresh(visit).status == "MISSED"
    assert visits.record_visit(visit, by=who.ada, at=midnight + DAY, works=True).status == "DONE_LATE"


def test_reopening_cancels_the_open_visits(who):
    complaint = following_up(who)
    visits.record_visit(first(complaint), by=who.ada, at=ON_TIME, works=False, same_defect=True)

    complaint = lifecycle.reopen(complaint, by=who.lee, at=ON_TIME + DAY, reason="Hums again")

    assert [visit.status for visit in complaint.visits.order_by("number")] == ["DONE", "CANCELLED"]
    assert not complaint.clocks.filter(metric="VISIT", state="RUNNING").exists()


def test_a_visit_is_cancelled_with_its_reason(who):
    visit = first(following_up(who))
    with pytest.raises(Refused):
        visits.cancel_visit(visit, by=who.ada, at=RESOLVED, because="")

    visit = visits.cancel_visit(visit, by=who.ada, at=RESOLVED, because="Customer sold the plant")

    assert visit.status == "CANCELLED"
    with pytest.raises(Refused) as refusal:
        visits.record_visit(visit, by=who.ada, at=ON_TIME, works=True)
    assert codes(refusal) == ["visit_ended"]
