"""New targets of a clock: who may, what is refused, which rows they leave, what was foreseen of them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

import audit
from complaints import clocks, policing, targets
from complaints.foresight import Target
from complaints.lifecycle import Refused
from complaints.models import SlaPolicy
from complaints.models.states import Metric
from complaints.policing import Scope, read_target
from contracts.models import Contract
from tests.cast import NOON
from tests.complaints.factories import clock_of, grade_it, received, shanghai, triaged
from worktime.models import CalendarVersion

TODAY = date(2026, 5, 12)  # of NOON
DEFAULT = Scope()
HOUR = 60

pytestmark = pytest.mark.django_db


def hours(n, **fields):
    return Target("CALENDAR", n * HOUR, **fields)


def working(n, **fields):
    return Target("BUSINESS", n * HOUR, **fields)


def publish(by, chosen, *, metric="INITIAL", scope=DEFAULT, on=TODAY, at=NOON, seen=None):
    seen = policing.plan(metric, scope, {}, on=on).seen if seen is None else seen
    return policing.publish(metric, scope, chosen, on=on, seen=seen, by=by, at=at)


def refused(by, chosen, **how):
    with pytest.raises(Refused) as refusal:
        publish(by, chosen, **how)
    assert not policing.log().exists()
    return [why.code for why in refusal.value.reasons]


@pytest.fixture
def contract(acme):
    return Contract.objects.create(number="HT-1", title="Gearboxes", customer=acme, currency="EUR", signed_on=TODAY)


def test_the_new_target_holds_from_its_day_and_the_old_one_until_the_day_before(lee, ada):
    day = TODAY + timedelta(days=10)
    case = received(ada)
    case.grade = "G2"

    publish(lee, {"G2": hours(36)}, on=day)

    before, after = (targets.policies_for(case, ["INITIAL"], on)["INITIAL"] for on in (day - timedelta(days=1), day))
    assert (before.target_minutes, before.effective_to) == (48 * HOUR, day - timedelta(days=1))
    assert (after.target_minutes, after.effective_from, after.effective_to) == (36 * HOUR, day, None)
    assert targets.source(after) == "grade G2"


def test_open_clocks_keep_theirs_and_later_ones_take_the_new(lee, ada):
    old = received(ada)

    publish(lee, {"": hours(36)}, on=TODAY + timedelta(days=1))

    new = received(ada, at=NOON + timedelta(days=1))
    assert clock_of(old, "INITIAL").target_minutes == 48 * HOUR
    assert clock_of(new, "INITIAL").target_minutes == 36 * HOUR


def test_a_grade_given_later_takes_the_target_of_the_day_of_receipt(lee, ada, quinn):
    case = received(ada)
    publish(lee, {"G1": hours(12)}, on=TODAY + timedelta(days=1))

    grade_it(case, quinn, at=NOON + timedelta(days=1), grade="G1")

    assert clock_of(case, "INITIAL").target_minutes == 24 * HOUR


def test_it_is_written_down_with_old_and_new_values_and_what_was_foreseen(lee, ada):
    case = received(ada)
    clocks.stop(case, "INITIAL", at=NOON + timedelta(hours=40), by=ada)
    now = NOON + timedelta(hours=41)

    event = publish(lee, {"": hours(36)}, on=date(2026, 5, 14), at=now)

    facts = event.facts
    assert (event.kind, event.by_id, event.at) == ("policy.published", lee.pk, now)
    assert (facts["metric"], facts["effective_from"], facts["customer"]) == ("INITIAL", "2026-05-14", None)
    assert read_target(facts["changes"][""]["before"]) == hours(48)
    assert read_target(facts["changes"][""]["after"]) == hours(36)
    assert facts["foreseen"]["refs"] == [case.ref]
    assert (facts["foreseen"]["met_before"], facts["foreseen"]["met_after"]) == (1, 0)
    assert audit.verify().bad is None


def test_all_grades_at_once_are_one_event(lee):
    publish(lee, {grade: hours(20) for grade in policing.GRADES})

    assert policing.log().count() == 1
    assert SlaPolicy.objects.filter(metric="INITIAL", effective_to=None).count() == 5


def test_only_what_differs_is_replaced(lee):
    publish(lee, {"G1": hours(24), "G2": hours(36)})

    [event] = policing.log()
    assert list(event.facts["changes"]) == ["G2"]
    assert SlaPolicy.objects.filter(metric="INITIAL", grade="G1").count() == 1


def test_the_same_target_that_may_wait_is_another(lee):
    publish(lee, {"G4": working(320)}, metric="RESOLVE")

    [event] = policing.log()
    assert event.facts["changes"]["G4"]["before"]["pausable"] is True
    assert event.facts["changes"]["G4"]["after"]["pausable"] is False


def test_a_second_change_on_the_same_day_replaces_the_first_one(lee, ada):
    publish(lee, {"": hours(36)})
    publish(lee, {"": hours(30)}, at=NOON + timedelta(minutes=5))

    assert clock_of(received(ada), "INITIAL").target_minutes == 30 * HOUR
    assert SlaPolicy.objects.filter(metric="INITIAL", grade="").count() == 3  # none was deleted


def test_what_is_planned_for_later_stays_and_ends_the_new_one(lee):
    later, sooner = TODAY + timedelta(days=30), TODAY + timedelta(days=10)
    publish(lee, {"": hours(30)}, on=later)

    publish(lee, {"": hours(36)}, on=sooner)

    rows = policing.plan("INITIAL", DEFAULT, {}, on=TODAY).rows
    spans = [(row.target_minutes // HOUR, row.effective_from, row.effective_to) for row in rows if row.grade == ""]
    assert spans[1:] == [(36, sooner, later - timedelta(days=1)), (30, later, None)]
    assert spans[0][2] == sooner - timedelta(days=1)


# Customers and contracts ----------------------------------------------------------------------------------------------


def test_a_customers_own_target_comes_before_the_grades(lee, ada, acme):
    publish(lee, {"": hours(12)}, scope=Scope(acme))

    assert clock_of(received(ada), "INITIAL").policy == "customer"


def test_a_contracts_target_is_not_the_customers(lee, ada, acme, contract):
    publish(lee, {"": hours(12)}, scope=Scope(contract=contract))

    assert clock_of(received(ada), "INITIAL").target_minutes == 48 * HOUR
    assert clock_of(received(ada, contract=contract), "INITIAL").target_minutes == 12 * HOUR


def test_ending_it_falls_back(lee, ada, acme):
    publish(lee, {"": hours(12), "G1": hours(6)}, scope=Scope(acme))
    day = TODAY + timedelta(days=5)

    event = publish(lee, dict.fromkeys(policing.GRADES), scope=Scope(acme), on=day)

    assert {grade: said["after"] for grade, said in event.facts["changes"].items()} == {"": None, "G1": None}
    new = received(ada, at=NOON + timedelta(days=5))
    assert clock_of(new, "INITIAL").policy == "default"
    assert clock_of(received(ada, at=NOON + timedelta(days=4)), "INITIAL").policy == "customer"


# What is refused ------------------------------------------------------------------------------------------------------


def test_only_who_sets_targets_may(quinn):
    with pytest.raises(PermissionDenied):
        publish(quinn, {"G2": hours(36)})

    assert not policing.log().exists()


@pytest.mark.parametrize(
    ("chosen", "how", "codes"),
    [
        ({"G2": Target("CALENDAR", 0)}, {}, ["policy_target_none"]),
        ({"G2": Target("CALENDAR", -5)}, {}, ["policy_target_none"]),
        ({"G2": Target("CALENDAR")}, {}, ["policy_target_none"]),
        ({"G2": hours(20 * 366 * 24 + 1)}, {}, ["policy_target_long"]),
        ({"G2": working(20 * 366 * 24)}, {}, ["policy_target_long"]),
        ({"G2": hours(36)}, {"on": TODAY - timedelta(days=1)}, ["policy_day_past"]),
        ({"G2": hours(36)}, {"on": date(9999, 12, 31)}, ["policy_day_far"]),
        ({"G2": hours(48)}, {}, ["policy_same"]),
        ({}, {}, ["policy_same"]),
        ({"G2": hours(36)}, {"metric": "VISIT"}, ["policy_metric_unknown"]),
        ({"G2": hours(36)}, {"metric": "REG_REPORT"}, ["policy_metric_unknown"]),
        ({"G2": hours(36)}, {"metric": "NONSENSE"}, ["policy_metric_unknown"]),
        ({"G2": hours(36, pausable=True)}, {}, ["policy_not_pausable"]),
        ({"G2": Target("DATE", days=3, unit="day")}, {}, ["policy_basis_unfit"]),
        ({"G2": Target("NONSENSE", 5)}, {}, ["policy_basis_unfit"]),
    ],
)
def test_what_cannot_be_is_refused(lee, chosen, how, codes):
    assert refused(lee, chosen, **how) == codes


@pytest.mark.parametrize("metric", ["ACK", "TRIAGE", "INITIAL", "UPDATE"])
def test_a_clock_that_runs_whoever_we_wait_for_never_waits(lee, metric):
    assert refused(lee, {"": hours(5, pausable=True)}, metric=metric) == ["policy_not_pausable"]


def test_all_reasons_come_at_once(lee):
    chosen = {"G1": hours(0), "G2": hours(36, pausable=True)}

    codes = refused(lee, chosen, on=TODAY - timedelta(days=1))

    assert codes == ["policy_day_past", "policy_target_none", "policy_not_pausable"]


def test_today_is_the_companys_day(lee):
    late = NOON.replace(hour=17)  # 01:00 of the 13th in Shanghai

    assert refused(lee, {"G2": hours(36)}, at=late) == ["policy_day_past"]


def test_a_default_cannot_leave_cases_without_any(lee):
    assert refused(lee, {"": None}) == ["policy_gap_ungraded"]


def test_a_grade_may_fall_back_to_the_default_of_all(lee, ada, quinn):
    publish(lee, {"G2": None})

    case = triaged(quinn, registered_by=ada, grade="G2")
    assert clock_of(case, "INITIAL").policy == "default"


def test_a_clock_whose_targets_were_removed_needs_one_for_all(lee):
    SlaPolicy.objects.filter(metric="INITIAL").delete()

    assert set(refused(lee, {"G1": hours(24)})) == {"policy_gap", "policy_gap_ungraded"}

    publish(lee, {"": hours(48)})
    assert policing.log().count() == 1


def test_a_hole_on_a_later_day_is_found(lee):
    SlaPolicy.objects.filter(metric="INITIAL", grade="").update(effective_to=date(2026, 6, 30))

    with pytest.raises(Refused) as refusal:
        publish(lee, {"G1": hours(20)})

    assert [(why.code, str(why.params["since"])) for why in refusal.value.reasons] == [
        ("policy_gap_ungraded", "2026-07-01")
    ]


def test_working_time_needs_the_companys_calendar(lee, settings):
    settings.COMPANY_CALENDAR = "NONE"

    assert refused(lee, {"G2": working(8)}) == ["policy_calendar_missing"]

    publish(lee, {"G2": hours(8)})
    assert not CalendarVersion.objects.filter(calendar__code="NONE").exists()


def test_who_looked_at_something_else_is_refused(lee, root):
    seen = policing.plan("INITIAL", DEFAULT, {}, on=TODAY).seen
    publish(root, {"G2": hours(30)}, seen=seen)

    with pytest.raises(Refused) as refusal:
        publish(lee, {"G2": hours(36)}, seen=seen)

    assert [why.code for why in refusal.value.reasons] == ["policy_changed"]
    assert policing.log().count() == 1


def test_a_change_elsewhere_does_not_disturb(lee, root, acme):
    seen = policing.plan("INITIAL", DEFAULT, {}, on=TODAY).seen
    publish(root, {"": hours(12)}, scope=Scope(acme))

    publish(lee, {"G2": hours(36)}, seen=seen)

    assert policing.log().count() == 2


# What is foreseen -----------------------------------------------------------------------------------------------------


def foreseen(chosen, *, metric="INITIAL", scope=DEFAULT, now=NOON + timedelta(hours=60), on=None):
    on = on or date(2026, 5, 15)
    return policing.foreseen(policing.plan(metric, scope, chosen, on=on), now=now)


def test_the_old_due_instant_is_the_one_that_the_clock_had(ada, quinn):
    cases = [received(ada), triaged(quinn, registered_by=ada, grade="G1"), triaged(quinn, registered_by=ada)]

    found = foreseen({grade: working(6) for grade in policing.GRADES})

    kept = {case.ref: clock_of(case, "INITIAL").due_at for case in cases}
    assert {one.row.ref: one.due_before for one in found.rows} == kept


def test_only_clocks_whose_target_would_be_another_are_looked_at(ada, quinn, acme, rival, lee):
    g2 = triaged(quinn, registered_by=ada, grade="G2")
    triaged(quinn, registered_by=ada, grade="G3")
    received(ada)
    publish(lee, {"": hours(12)}, scope=Scope(rival))
    triaged(quinn, registered_by=ada, grade="G2", customer=rival)

    found = foreseen({"G2": hours(36)})

    assert [one.row.ref for one in found.rows] == [g2.ref]
    assert found.open == 1


def test_an_urgent_case_goes_by_g1_at_the_door(ada):
    case = received(ada, safety="DANGER")
    received(ada)

    found = foreseen({"G1": Target("CALENDAR", 30)}, metric="ACK")

    assert [one.row.ref for one in found.rows] == [case.ref]


def test_ending_a_customers_target_shows_what_the_fallback_would_do(ada, lee, acme):
    publish(lee, {"": hours(12)}, scope=Scope(acme))
    case = received(ada)
    clocks.stop(case, "INITIAL", at=NOON + timedelta(hours=20), by=ada)

    found = foreseen({"": None}, scope=Scope(acme))

    assert (found.met_before, found.met_after, found.to_met) == (0, 1, 1)


def test_cancelled_and_old_clocks_are_left_out(ada, cleo):
    case, old = received(ada), received(ada)
    clocks.cancel(case, "INITIAL", at=NOON, by=ada)
    clocks.stop(old, "INITIAL", at=NOON, by=ada)

    found = foreseen({"": hours(36)}, now=NOON + timedelta(days=366), on=date(2027, 5, 13))

    assert (found.open, found.decided) == (0, 0)


def test_a_wait_counts_as_it_did(ada, quinn):
    case = received(ada)
    clocks.pause(case, "RESOLVE", "DISPUTE", at=NOON, by=ada)
    clocks.resume(case, "RESOLVE", at=NOON + timedelta(days=2), by=ada)

    found = foreseen({"": working(16, pausable=True)}, metric="RESOLVE")

    [judged] = found.rows
    assert judged.due_before == clock_of(case, "RESOLVE").due_at
    assert judged.due_after == shanghai("2026-05-18 12:00")  # 5 h on Thursday, 8 on Friday, 3 on Monday


@pytest.mark.parametrize("many", [3, 9])
def test_it_asks_the_same_however_many_clocks(ada, django_assert_num_queries, many):
    for _n in range(many):
        received(ada)
    planned = policing.plan("RESOLVE", DEFAULT, {"": working(100, pausable=True)}, on=TODAY)
    policing.foreseen(planned, now=NOON)

    with django_assert_num_queries(4):
        policing.foreseen(planned, now=NOON)


def test_every_clock_whose_targets_are_set_is_known():
    with_targets = set(SlaPolicy.objects.values_list("metric", flat=True))

    assert with_targets == set(policing.managed()) == set(Metric.values) - set(policing.WITHOUT_TARGET)


# Clocks by date -------------------------------------------------------------------------------------------------------


def test_a_clock_by_date_has_days(lee, ada, quinn):
    publish(lee, {"G3": Target("DATE", days=45, unit="day")}, metric="8D_FINAL")

    clock = clock_of(triaged(quinn, registered_by=ada), "8D_FINAL")
    assert (clock.days, clock.day_unit, clock.target_minutes) == (45, "day", None)


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (Target("CALENDAR", 60), "policy_basis_unfit"),
        (Target("DATE", days=0, unit="day"), "policy_target_none"),
        (Target("DATE", days=9000, unit="day"), "policy_target_long"),
        (Target("DATE", days=5, unit="day", pausable=True), "policy_not_pausable"),
    ],
)
def test_what_no_clock_by_date_can_have_is_refused(lee, target, code):
    assert refused(lee, {"G3": target}, metric="8D_FINAL") == [code]


def test_a_grade_that_has_no_such_clock_needs_no_default(lee):
    publish(lee, {"G3": hours(36)}, metric="CONTAIN")

    assert policing.needed_grades("CONTAIN", policing.plan("CONTAIN", DEFAULT, {}, on=TODAY).rows) == ["G1", "G2", "G3"]


def test_the_new_day_is_the_one_that_the_clock_would_have(lee, ada, quinn):
    old = triaged(quinn, registered_by=ada)
    found = foreseen({"G3": Target("DATE", days=45, unit="day")}, metric="8D_FINAL")
    publish(lee, {"G3": Target("DATE", days=45, unit="day")}, metric="8D_FINAL")

    new = clock_of(triaged(quinn, registered_by=ada), "8D_FINAL")

    [judged] = found.rows
    assert (judged.due_before, judged.due_after) == (clock_of(old, "8D_FINAL").due_at, new.due_at)


def test_a_further_round_has_half_of_the_new_target_too(ada, quinn):
    case = triaged(quinn, registered_by=ada)
    clocks.start(case, "PROPOSAL", at=NOON + timedelta(hours=2), by=ada, subject="round-2")

    [judged] = foreseen({"G3": working(40, pausable=True)}, metric="PROPOSAL").rows

    assert judged.row.new.minutes == 20 * HOUR
