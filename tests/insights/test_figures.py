"""Each figure on small known data, and on none."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.http import QueryDict

from audit.models import Event
from complaints import clocks, diagnosis, lifecycle, response
from complaints.models import Complaint, SlaBreach, SlaClock
from complaints.models.states import ClockState, Grade, Metric
from contracts.models import Product
from insights import queries
from insights.approvals import waiting_for
from insights.charts import Pareto, Trend, limits
from insights.queries import Kept, Share, Week, all_kept, percent, vital_few, without_gravest
from insights.scope import Scope
from remediation import approvals
from remediation.models import ReturnVisit, SurveyInvitation, SurveyResponse
from tests.cast import NOON, department
from tests.complaints.factories import received
from tests.insights.conftest import NOW
from tests.remediation.stories import (
    ANALYSIS,
    DAY,
    HOUR,
    REWORK,
    approved,
    cny,
    diagnosing,
    drafted,
    proposing,
    responding,
)

EARLY = NOON - 3 * DAY


def scope(query: str = "") -> Scope:
    return Scope.read(QueryDict(query), NOW)


NEW_BY_WEEK = (1, 0, 4, 7, 11, 13, 13, 13, 14, 14, 40, 8)  # a house that began to count, then one bad week


def case(by, *, days: float = 0, **fields) -> Complaint:
    """Return a case that was received so many days before NOW."""
    at = NOW - days * DAY
    return received(by, at=at, found_on=at.date() - 2 * DAY, **fields)


def settle(complaint: Complaint, metric: str, *, at, missed_at=None) -> SlaClock:
    """Let a clock be decided as if the verbs had done it then."""
    rows = SlaClock.objects.filter(complaint=complaint, metric=metric)
    rows.update(state=ClockState.STOPPED, stopped_at=at, breached_at=missed_at, next_at=None)
    return rows.get()


# Clocks that were decided --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("met", "missed", "share"), [(37, 5, "88.1"), (0, 0, None), (1, 0, "100.0"), (0, 3, "0.0"), (1, 2, "33.3")]
)
def test_the_share_kept(met, missed, share):
    assert percent(met, met + missed) == (share and Decimal(share))


def test_met_and_missed_of_the_period_and_of_the_days_before(ada, lee):
    first, second, third = (case(ada, days=45) for _ in range(3))
    settle(first, Metric.ACK, at=NOW - 2 * DAY)
    settle(second, Metric.ACK, at=NOW - 2 * DAY, missed_at=NOW - 3 * DAY)
    settle(third, Metric.ACK, at=NOW - 40 * DAY)
    row = {row.metric: row for row in queries.kept(scope(), lee, NOW)}[Metric.ACK]

    assert (row.met, row.missed, row.met_before, row.missed_before) == (1, 1, 1, 0)
    assert (row.percent, row.change) == (Decimal("50.0"), Decimal("-50.0"))


def test_a_clock_is_missed_at_its_due_instant_though_it_still_runs(ada, lee):
    late = case(ada, days=3)
    row = {row.metric: row for row in queries.kept(scope(), lee, NOW)}[Metric.INITIAL]

    assert SlaClock.objects.get(complaint=late, metric=Metric.INITIAL).state == ClockState.RUNNING
    assert (row.met, row.missed) == (0, 1)


def test_running_cancelled_and_revoked_clocks(ada, quinn, lee):
    case(ada)  # running, not due
    gone = case(ada, days=5)
    lifecycle.withdraw(gone, by=ada, at=NOW, statement="We were wrong.")
    spared = settle(case(ada, days=5), Metric.TRIAGE, at=NOW - DAY)
    SlaBreach.objects.create(clock=spared, generation=0, due_at=NOW - 4 * DAY, status=SlaBreach.Status.REVOKED)
    rows = {row.metric: row for row in queries.kept(scope(), lee, NOW)}

    assert (rows[Metric.TRIAGE].met, rows[Metric.TRIAGE].missed) == (1, 0)  # the revoked one is met, gone says nothing


def test_g1_stands_apart_in_the_48_hour_rate(ada, lee):
    grave, plain = case(ada, days=3), case(ada, days=3)
    Complaint.objects.filter(pk=grave.pk).update(grade=Grade.G1)
    settle(grave, Metric.INITIAL, at=NOW - DAY, missed_at=NOW - 2 * DAY)
    settle(plain, Metric.INITIAL, at=NOW - DAY)
    row = {row.metric: row for row in queries.kept(scope(), lee, NOW)}[Metric.INITIAL]

    assert (row.met, row.missed) == (1, 1)
    assert (without_gravest(row).met, without_gravest(row).missed) == (1, 0)
    assert row.gravest.missed == 1


def test_nothing_decided_is_no_share(lee):
    rows = queries.kept(scope(), lee, NOW)

    assert [row.metric for row in rows] == Metric.values
    assert all_kept(rows).percent is None
    assert all_kept(rows).change is None
    assert Kept("ACK", met=1).change is None


# Now -----------------------------------------------------------------------------------------------------------------


def test_breached_and_at_risk_count_each_case_once(ada, lee):
    case(ada, days=9)  # several clocks past due
    case(ada, days=1.6)  # more than three quarters of INITIAL are used
    clocks.sweep(now=NOW)

    found = queries.numbers(scope(), lee, NOW)

    assert found.breached == Complaint.objects.breached(NOW).count()
    assert found.at_risk == Complaint.objects.at_risk(NOW).count()
    assert found.breached + found.at_risk == 2


def test_without_cases_every_number_is_nought_and_every_mean_a_dash(lee):
    found = queries.numbers(scope(), lee, NOW)

    assert (found.breached, found.at_risk, found.visits_late, found.answers, found.asked) == (0, 0, 0, 0, 0)
    assert found.satisfaction is None
    assert found.answered is None
    assert queries.ages(scope(), lee, NOW).fullest is None
    assert queries.pareto(scope(), lee, "defect", NOW) == queries.pareto(scope(), lee, "product", NOW) == []
    assert queries.urgent(scope(), lee, NOW) == []
    assert waiting_for(lee, scope()) == []


def test_the_age_of_open_cases_by_stage(ada, quinn, lee):
    for days in (0, 2, 3, 31, 400):
        case(ada, days=days)
    lifecycle.withdraw(case(ada, days=1), by=ada, at=NOW, statement="We were wrong.")
    found = queries.ages(scope(), lee, NOW)

    assert found.cells["received"] == {"0-2": 2, "3-7": 1, "8-14": 0, "15-30": 0, "over-30": 2}
    assert (found.total, found.of_band("over-30"), found.of_stage("diagnose")) == (5, 2, 0)
    assert found.fullest == ("received", "0-2", 2)


def test_the_urgent_clocks_are_the_most_late_and_the_next_one_a_case(ada, lee):
    oldest, *_others = [case(ada, days=days) for days in (30, 20, 10, 9, 8)]
    found = queries.urgent(scope(), lee, NOW)

    assert found[0].complaint == oldest
    assert len({clock.complaint_id for clock in found}) == len(found) == queries.URGENT


def test_the_filters_narrow_every_figure(ada, lee, acme, rival):
    case(ada, customer=acme)
    other = case(ada, customer=rival, product=Product.objects.create(code="GX-1", name="Gearbox"))
    Complaint.objects.filter(pk=other.pk).update(department=department("QUALITY"))

    for query in ("customer=RIVAL", "product=GX-1", "team=quality"):
        assert queries.ages(scope(query), lee, NOW).total == 1
    assert queries.ages(scope("customer=ACME&product=GX-1"), lee, NOW).total == 0
    assert queries.ages(scope("product=none"), lee, NOW).total == 1


# Weeks ---------------------------------------------------------------------------------------------------------------


def test_weeks_begin_on_monday_of_the_company_and_merged_cases_do_not_count(ada, lee):
    case(ada, days=0)
    sunday = case(ada, days=1)
    merged = case(ada, days=1)
    lifecycle.merge(merged, by=ada, at=NOW, master=sunday)
    lifecycle.withdraw(sunday, by=ada, at=NOW, statement="We were wrong.")
    *earlier, last, this = queries.weeks(scope(), lee, NOW)

    assert (this.new, this.closed) == (1, 1)
    assert (last.new, last.closed) == (1, 0)
    assert len(earlier) == queries.WEEKS - 2
    assert this.monday.isoweekday() == 1


def test_limits_need_some_weeks_and_never_go_below_nought():
    few = [Week(NOW.date(), new=n) for n in (0, 0, 3, 0, 0, 0)]
    many = [Week(NOW.date(), new=n) for n in (10, 12, 10, 12, 10, 40, 3)]

    assert limits(few) is None
    found = limits(many)
    assert found.lower == 0
    assert found.broken_by(Week(NOW.date(), new=40))
    assert not found.broken_by(many[0])
    assert Trend(many, found).highest >= 40


# Pareto --------------------------------------------------------------------------------------------------------------


def test_the_vital_few_include_the_one_that_crosses_80():
    counted = [Share(code, code, n) for code, n in (("a", 41), ("b", 23), ("c", 20), ("d", 11), ("e", 5))]
    shares = queries._cumulated(counted)

    assert [str(share.upto) for share in shares] == ["41.0", "64.0", "84.0", "95.0", "100.0"]  # KV-11
    assert [share.code for share in vital_few(shares)] == ["a", "b", "c"]
    assert len(Pareto(shares, 3).bars) == 5


def test_defects_products_and_customers_of_open_cases(ada, lee, acme, rival):
    box = Product.objects.create(code="GX-1", name="Gearbox", name_zh="齿轮箱")
    case(ada, customer=acme, product=box, nonconformity=["DEFECT", "PACKAGING"])
    case(ada, customer=acme, nonconformity=["DEFECT"], days=40)
    case(ada, customer=rival, nonconformity=[])

    def found(by):
        return {share.code: share.n for share in queries.pareto(scope(), lee, by, NOW)}

    assert found("defect") == {"DEFECT": 2, "PACKAGING": 1, "none": 1}
    assert found("product") == {"GX-1": 1, "none": 2}
    assert found("customer") == {"ACME": 2, "RIVAL": 1}
    assert queries.pareto(scope(), lee, "customer", NOW)[0].old == 1


# After the remedy ----------------------------------------------------------------------------------------------------


def test_satisfaction_counts_answers_of_the_period(ada, lee):
    one = case(ada, days=20)
    for days, score in ((2, 5), (3, 4), (50, 1)):
        sent = invited(one, days=days, answered=True)
        SurveyResponse.objects.create(invitation=sent, csat_result=score, at=NOW - days * DAY)
    invited(one, days=1)
    found = queries.numbers(scope(), lee, NOW)

    assert (found.satisfaction, found.answers, found.asked) == (Decimal("4.5"), 2, 3)
    assert found.answered == Decimal("66.7")


def invited(complaint, *, days, answered=False) -> SurveyInvitation:
    at = NOW - days * DAY
    return SurveyInvitation.objects.create(
        complaint=complaint, cycle=1, email="carla@acme.test", language="en", sent_at=at, expires_at=at + 30 * DAY,
        answered_at=at if answered else None,
    )  # fmt: skip


def test_a_visit_is_overdue_after_the_day_that_holds(ada, lee):
    one = case(ada, days=20)
    visit(one, 1, planned=-1)
    visit(one, 2, planned=0)
    visit(one, 3, planned=-5, agreed=2)
    visit(one, 4, planned=-9, status="CANCELLED")

    assert [row.number for row in queries.late_visits(scope(), lee, NOW)] == [1]
    assert queries.numbers(scope(), lee, NOW).visits_late == 1


def visit(complaint, number, *, planned, agreed=None, status="PLANNED") -> ReturnVisit:
    day = NOW.date()
    return ReturnVisit.objects.create(
        complaint=complaint, cycle=1, number=number, after_days=7, kind="CALL", planned_on=day + planned * DAY,
        agreed_on=agreed and day + agreed * DAY, tolerance_until=day + 3 * DAY, status=status,
        cancelled_because="-" if status == "CANCELLED" else "",
    )  # fmt: skip


# Waiting for my approval ---------------------------------------------------------------------------------------------


def test_a_proposal_waits_for_those_whose_level_is_pending_and_no_others(who):
    proposal = drafted(who, proposing(who), {**REWORK, "cost": cny(60000)})
    assert waiting_for(who.lee, scope()) == []  # not handed in yet
    approvals.submit(proposal, by=who.quinn, at=NOW - timedelta(hours=3))

    assert [row.number for row in waiting_for(who.lee, scope())] == [1]
    assert waiting_for(who.lee, scope())[0].value == cny(60000)
    assert len(waiting_for(who.fay, scope())) == 1
    assert waiting_for(who.lin, scope()) == waiting_for(who.quinn, scope()) == waiting_for(who.ada, scope()) == []
    approvals.approve(proposal, by=who.lee, at=NOW)
    assert waiting_for(who.lee, scope()) == []
    assert len(waiting_for(who.fay, scope())) == 1


def test_it_says_for_which_level_and_why_as_it_was_handed_in(who):
    proposal = drafted(who, proposing(who), {**REWORK, "cost": cny(60000)})
    approvals.submit(proposal, by=who.quinn, at=NOW)

    (ask,) = waiting_for(who.lee, scope())[0].asks

    assert (ask.level, ask.why.code, ask.why.params["limit"]) == ("QM", "approval_by_value", "CNY 50,000.00")


def test_a_reason_that_is_said_no_longer_leaves_the_level(who, triggers_lifted):
    proposal = drafted(who, proposing(who), {**REWORK, "cost": cny(60000)})
    approvals.submit(proposal, by=who.quinn, at=NOW)
    said = Event.objects.get(kind="proposal.submitted")
    said.facts["whys"]["QM"][0] = "of_old"
    Event.objects.filter(pk=said.pk).update(facts=said.facts)

    (ask,) = waiting_for(who.lee, scope())[0].asks

    assert (ask.level, ask.why) == ("QM", None)


def test_it_agrees_with_the_matrix(who):
    proposal = drafted(who, proposing(who), {**REWORK, "cost": cny(300000)})
    approvals.submit(proposal, by=who.quinn, at=NOW)
    needed = {person for entry in approvals.approvers_needed(proposal) for person in entry.who if entry.pending}

    assert {person for person in vars(who).values() if waiting_for(person, scope())} == needed


def test_what_was_agreed_beside_it_raises_the_level(who):
    complaint = proposing(who)
    small = drafted(who, complaint, {**REWORK, "cost": cny(9000)})
    approvals.submit(small, by=who.quinn, at=NOW - 2 * DAY)
    assert waiting_for(who.max, scope()) == []
    urgent = drafted(who, complaint, {**REWORK, "cost": cny(400000)}, interim=True)
    approved(who, urgent, at=NOW - DAY, by=(who.lee, who.fay, who.lin, who.max))

    assert [row.number for row in waiting_for(who.max, scope())] == [small.number]


def test_a_paused_clock_is_not_urgent(ada, quinn, lee):
    one = case(ada, days=9)
    SlaClock.objects.filter(complaint=one).exclude(metric=Metric.RESOLVE).update(
        state=ClockState.STOPPED, stopped_at=NOW, next_at=None
    )
    clocks.pause(one, Metric.RESOLVE, "WAITING_SAMPLE", at=NOW, by=quinn, evidence="Mail")

    assert queries.urgent(scope(), lee, NOW) == []


def test_shares_wait_for_who_may_approve_them(who):
    complaint = diagnosing(who)
    diagnosis.attribute(
        complaint, by=who.quinn, at=NOON + 6 * HOUR, shares=[("SELLER", Decimal(100), "Our bearing.", None)]
    )

    assert [(row.ref, row.kind.value, row.number) for row in waiting_for(who.lee, scope())] == [
        (complaint.ref, "shares", 1)
    ]
    assert waiting_for(who.quinn, scope()) == []  # proposed them


def test_an_initial_analysis_waits_once_it_is_whole(who):
    complaint = responding(who)
    response.write_initial(complaint, by=who.quinn, at=NOON + 3 * HOUR, contact_person=who.quinn, description="Hum")

    assert waiting_for(who.lee, scope()) == []

    response.write_initial(complaint, by=who.quinn, at=NOON + 4 * HOUR, contact_person=who.quinn, **ANALYSIS)

    assert [(row.kind.value, row.number) for row in waiting_for(who.lee, scope())] == [("initial", 2)]


def test_the_first_weeks_make_the_baseline_and_are_no_alarms():
    weeks = [Week(monday=date(2026, 3, 2) + 7 * n * DAY, new=new, closed=0) for n, new in enumerate(NEW_BY_WEEK)]

    trend = Trend(weeks, limits(weeks))

    assert [mark.row.new for mark in trend.new if mark.on] == [40]


@pytest.mark.parametrize("closed", [0, 7, 8, 9, 14])
def test_the_labels_of_the_trend_stand_apart(closed):
    weeks = [Week(monday=date(2026, 3, 2) + 7 * n * DAY, new=8, closed=closed) for n in range(12)]
    trend = Trend(weeks, limits(weeks))

    heights = sorted([*trend.ends, *trend.limit_words])

    assert all(after - before >= 14 for before, after in pairwise(heights))
