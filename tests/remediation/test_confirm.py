"""T13: the customer confirms, or silence does; visits and survey follow (DOMAIN §9.1, DV-12 to DV-14)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Organisation
from complaints import conversation, lifecycle
from complaints.lifecycle import Refused
from contracts.models import Clause, Contract, ContractVersion
from remediation import followup, visits
from tests.cast import NOON
from tests.complaints.factories import clock_of
from tests.remediation.stories import DAY, DONE, RESOLVED, codes, following_up, fresh, verifying


def deeming(who, complaint, **terms):
    """Give the case a contract whose checked acceptance clause lets silence count."""
    contract = Contract.objects.create(number="HT-1", title="Gearboxes", customer=complaint.customer, currency="CNY")
    version = ContractVersion.objects.create(contract=contract, version=1, effective_from=date(2026, 1, 1))
    Clause.objects.create(
        version=version, number="6", heading="Acceptance", type="ACCEPTANCE", text="…", language="en",
        terms={"deemed": True, **terms}, structured_by=who.quinn, checked_by=who.lin, checked_at=NOON,
    )  # fmt: skip
    complaint.contract, complaint.contract_version = contract, version
    complaint.save()


def test_a_confirmation_keeps_who_and_how(who):
    complaint = following_up(who)

    row = complaint.confirmations.get()
    assert (complaint.state, complaint.resolved_at) == ("FOLLOW_UP", RESOLVED)
    assert (row.person, row.how, row.deemed, row.by) == ("Carla", "by phone", False, who.ada)


@pytest.mark.parametrize(
    ("grade", "plan"),
    [
        ("G1", [(3, "CALL"), (7, "SITE"), (30, "SITE"), (90, "CALL"), (180, "CALL")]),
        ("G2", [(7, "CALL"), (30, "SITE"), (90, "CALL")]),
        ("G3", [(7, "CALL"), (30, "CALL")]),
    ],
)
def test_the_grade_says_which_visits(who, grade, plan):
    complaint = following_up(who, grade=grade)

    assert [(visit.after_days, visit.kind) for visit in complaint.visits.order_by("number")] == plan


def test_visits_fall_on_working_days_of_the_customers_calendar(who):
    """DV-12, DV-13, DV-14: +7, +30 (rolled over Labour Day) and +90 days after 3 April."""
    complaint = verifying(who, grade="G2")

    planned = visits.plan(complaint, by=who.ada, at=datetime(2026, 4, 3, 4, 0, tzinfo=UTC))

    assert [visit.planned_on for visit in planned] == [date(2026, 4, 10), date(2026, 5, 6), date(2026, 7, 2)]
    assert [visit.tolerance_until for visit in planned] == [date(2026, 4, 14), date(2026, 5, 12), date(2026, 7, 16)]


def test_a_visit_counts_from_the_customers_date_not_ours(who, acme):
    Organisation.objects.filter(pk=acme.pk).update(zone="America/Los_Angeles")

    complaint = following_up(who, at=RESOLVED)  # 20 May in Shanghai, 19 May in Los Angeles

    assert complaint.visits.order_by("number").first().planned_on == date(2026, 5, 26)


def test_each_visit_has_its_clock(who):
    complaint = following_up(who)

    visit = complaint.visits.order_by("number").first()
    clock = clock_of(complaint, "VISIT", subject=str(visit.uuid))
    assert visit.tolerance_until == date(2026, 5, 29)
    assert clock.due_at == datetime(2026, 5, 29, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    assert [name for name, _ in clock.steps] == ["day_before", "today", "missed"]


def remind_twice(who, complaint):
    followup.remind_confirmation(complaint, by=who.ada, at=DONE)  # Tuesday 19 May
    followup.remind_confirmation(complaint, by=who.ada, at=DONE + 3 * DAY)


def test_silence_counts_after_two_reminders_and_ten_working_days(who):
    complaint = verifying(who)
    deeming(who, complaint)
    remind_twice(who, complaint)
    tenth = datetime(2026, 6, 2, 4, 0, tzinfo=UTC)
    with pytest.raises(Refused) as refusal:
        lifecycle.confirm(complaint, by=who.ada, at=tenth, person="", deemed=True)
    assert codes(refusal) == ["silence_too_short"]
    assert fresh(complaint).state == "VERIFYING"

    complaint = lifecycle.confirm(complaint, by=who.ada, at=tenth + DAY, person="", deemed=True)

    assert complaint.confirmations.get().deemed


def test_silence_does_not_count_without_terms_that_allow_it(who):
    complaint = verifying(who)
    remind_twice(who, complaint)

    with pytest.raises(Refused) as refusal:
        lifecycle.confirm(complaint, by=who.ada, at=DONE + 30 * DAY, person="", deemed=True)

    assert codes(refusal) == ["silence_too_short"]


def test_one_reminder_is_not_enough(who):
    complaint = verifying(who)
    deeming(who, complaint)
    followup.remind_confirmation(complaint, by=who.ada, at=DONE)

    assert followup.silence_ends_on(complaint) is None


def test_who_writes_is_not_silent(who, carla):
    complaint = verifying(who)
    deeming(who, complaint)
    remind_twice(who, complaint)
    conversation.hear(complaint, by=carla, at=DONE + timedelta(days=4), body="We are still looking")

    assert followup.silence_ends_on(complaint) is None


def test_only_those_who_write_to_customers_remind(who):
    with pytest.raises(PermissionDenied):
        followup.remind_confirmation(verifying(who), by=who.fay, at=DONE)
