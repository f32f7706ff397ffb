from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

import audit
from accounts.models import User
from complaints import clocks, sweeping, tasks
from complaints.models import SlaBreach, SlaClock
from complaints.models.states import Metric
from tests.complaints.factories import clock_of, events_of, received, shanghai

TUESDAY = shanghai("2026-05-12 10:15")
DUE = TUESDAY + timedelta(hours=48)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ada: User):
    """A case whose only undecided clock is INITIAL, due two days after Tuesday 10:15."""
    complaint = received(ada, at=TUESDAY)
    for metric in (Metric.ACK, Metric.TRIAGE, Metric.UPDATE, Metric.RESOLVE):
        clocks.cancel(complaint, metric, at=TUESDAY, by=ada)
    return complaint


def told(complaint) -> list[tuple]:
    return [(event.kind, event.facts["step"], event.at) for event in events_of(complaint, "sla.")]


def test_it_leaves_a_clock_alone_until_its_instant(case):
    swept = clocks.sweep(now=TUESDAY + timedelta(hours=24, seconds=-1))

    assert (swept.count, told(case)) == (0, [])


def test_a_warning_is_told_once_at_its_own_instant(case):
    clocks.sweep(now=TUESDAY + timedelta(hours=24, seconds=7))
    clocks.sweep(now=TUESDAY + timedelta(hours=25))

    assert told(case) == [("sla.warned", "warned_50", TUESDAY + timedelta(hours=24))]
    event = events_of(case, "sla.warned")[0]
    assert event.facts["dedup"] == f"sla:{case.uuid}:1:INITIAL::0:warned_50"
    assert (event.facts["level"], event.facts["share"], event.facts["told"]) == ("L1", 50, ["CSL"])
    assert event.by_id is None


def test_a_sweep_after_an_outage_climbs_every_step_in_order(case):
    swept = clocks.sweep(now=DUE + timedelta(days=9))

    assert told(case) == [
        ("sla.warned", "warned_50", TUESDAY + timedelta(hours=24)),
        ("sla.warned", "warned_75", TUESDAY + timedelta(hours=36)),
        ("sla.warned", "warned_90", shanghai("2026-05-14 05:27")),
        ("sla.breached", "breached", DUE),
        ("sla.escalated", "escalated", shanghai("2026-05-22 00:00")),
    ]
    assert swept == sweeping.Swept(count=1, failed=0, lateness_seconds=10 * 86400)
    case.refresh_from_db(fields=["escalation_level"])
    assert case.escalation_level == 5
    assert clock_of(case, Metric.INITIAL).next_at is None


def test_the_due_second_itself_is_still_in_time(case):
    clocks.sweep(now=DUE + timedelta(milliseconds=900))

    assert clock_of(case, Metric.INITIAL).breached_at is None


def test_a_breach_is_dated_at_the_deadline_not_at_its_detection(case):
    clocks.sweep(now=DUE + timedelta(minutes=20))

    clock = clock_of(case, Metric.INITIAL)
    assert clock.breached_at == clock.due_at == DUE
    assert events_of(case, "sla.breached")[0].at == DUE
    assert SlaBreach.objects.get(clock=clock).status == SlaBreach.Status.OPEN


def test_the_grade_says_when_an_executive_is_told(case):
    case.grade = "G1"
    clocks.retarget(case, at=TUESDAY + timedelta(hours=1), by=None)

    clocks.sweep(now=TUESDAY + timedelta(hours=24, days=1))

    assert told(case)[-1] == ("sla.escalated", "escalated", TUESDAY + timedelta(hours=48))
    assert events_of(case, "sla.escalated")[0].facts["told"] == ["EXE"]


def spoil(complaint) -> int:
    """Make the case's clock one that nobody can climb; return its key."""
    clock = clock_of(complaint, Metric.INITIAL)
    SlaClock.objects.filter(pk=clock.pk).update(steps=[["warned_50", "no instant"]])
    return clock.pk


def test_a_poison_row_delays_nobody_and_is_left_alone_after_eight_tries(case, ada):
    other = received(ada, at=TUESDAY + timedelta(minutes=1))
    bad = spoil(case)
    now = TUESDAY + timedelta(hours=24, minutes=2)

    first = clocks.sweep(now=now)
    for minutes in range(15, 200, 15):
        clocks.sweep(now=now + timedelta(minutes=minutes))

    assert first.failed == 1
    assert "warned_50" in {event.facts["step"] for event in events_of(other, "sla.warned")}
    assert [clock.pk for clock in clocks.stuck()] == [bad]
    assert [event.facts["attempts"] for event in events_of(case, "clock.stuck")] == [8]


def test_a_failed_row_comes_back_after_its_backoff(case, monkeypatch):
    now = TUESDAY + timedelta(hours=24)
    with monkeypatch.context() as broken:
        broken.setattr(sweeping, "_climb", lambda pk, now: 1 / 0)
        assert clocks.sweep(now=now).failed == 1

    at_once, later = clocks.sweep(now=now + timedelta(milliseconds=900)), clocks.sweep(now=now + timedelta(seconds=1))

    assert (at_once.count, later.count) == (0, 1)
    assert SlaClock.objects.filter(attempts__gt=0).count() == 0


def test_many_clocks_climb_in_few_statements(ada, django_assert_max_num_queries):
    cases = [received(ada, at=TUESDAY, title=f"Case {n}") for n in range(6)]

    with django_assert_max_num_queries(40):  # one by one it takes 22 for each of 24 clocks
        swept = clocks.sweep(now=DUE + timedelta(minutes=1))

    assert swept.failed == 0
    assert [told(case)[-1][1:] for case in cases] == [("breached", DUE)] * 6
    assert audit.verify().bad is None


def test_after_a_sweeper_died_its_rows_come_in_fewer_company_then_alone(ada, monkeypatch):
    monkeypatch.setattr(sweeping, "SECOND_BATCH", 3)
    for number in range(4):
        received(ada, at=TUESDAY, title=f"Case {number}")
    SlaClock.objects.exclude(metric=Metric.INITIAL).update(state="CANCELLED", next_at=None)
    now = TUESDAY + timedelta(hours=24)
    seconds = (0, 1, 1, 1, 5, 5)  # after each claim the process was killed

    claims = [sweeping._claim(now + timedelta(seconds=later), 200) for later in seconds]

    assert [len(claim) for claim in claims] == [4, 3, 1, 0, 1, 1]
    assert clocks.sweep(now=now + timedelta(minutes=1)).count == 4


def test_one_case_with_two_clocks_due_gets_its_events_in_the_order_of_their_instants(ada):
    complaint = received(ada, at=TUESDAY)

    clocks.sweep(now=DUE + timedelta(days=3))

    instants = [event.at for event in events_of(complaint, "sla.")]
    assert instants == sorted(instants)
    assert len({event.facts["metric"] for event in events_of(complaint, "sla.")}) > 1


def test_the_command_makes_one_pass(case, capsys):
    call_command("sweep")

    assert "clocks climbed: 1, failed: 0, given up: 0" in capsys.readouterr().out


def test_the_check_says_how_late_it_is_and_what_was_given_up(case, capsys):
    SlaClock.objects.update(next_at=None)
    SlaClock.objects.filter(metric=Metric.INITIAL).update(next_at=timezone.now() - timedelta(seconds=7))

    call_command("sweep", "--check")

    said = capsys.readouterr().out
    assert "has waited 7 s. Given up: 0 clocks, 0 events, 0 mails." in said


def test_the_task_sweeps_until_nothing_is_left(case):
    assert tasks.sweep_clocks() == 1
    assert tasks.sweep_clocks() == 0


@pytest.mark.postgres
def test_a_machine_whose_clock_is_wrong_sweeps_nothing():
    with pytest.raises(sweeping.ClockSkew):
        sweeping.trusted(timezone.now() - timedelta(seconds=70))


def test_a_clock_whose_last_sweeper_died_of_it_is_told_once_its_wait_is_over(case):
    clock = clock_of(case, Metric.INITIAL)
    now = TUESDAY + timedelta(hours=30)
    SlaClock.objects.filter(pk=clock.pk).update(attempts=sweeping.TRIES, retry_at=now)

    clocks.sweep(now=now)
    clocks.sweep(now=now + timedelta(minutes=1))

    assert [event.at for event in events_of(case, "clock.stuck")] == [now]


def test_a_clock_that_failed_and_is_not_tried_again_counts_as_late(case):
    now = TUESDAY + timedelta(hours=25)
    SlaClock.objects.filter(pk=clock_of(case, Metric.INITIAL).pk).update(
        attempts=2, retry_at=now - timedelta(minutes=5)
    )

    assert sweeping.lateness(now=now) == 3600
