"""A climbed step is taken up by one of those whom it asks (DOMAIN §3.4, column "must do")."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from complaints import clocks, escalations, lifecycle, reporting
from complaints.forms.escalation import AcknowledgeStepForm
from complaints.models import Complaint, Escalation
from complaints.models.states import Metric
from tests.complaints.factories import clock_of, events_of, grade_it, received, shanghai

TUESDAY = shanghai("2026-05-12 10:15")
HOUR = timedelta(hours=1)
AT = {1: shanghai("2026-05-13 10:15"), 2: shanghai("2026-05-13 22:15"), 3: shanghai("2026-05-14 05:27"),
      5: shanghai("2026-05-22 00:00")}  # INITIAL, 48 hours, G3  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def climbed(ada, quinn, lee, acme):
    """Return a case whose INITIAL clock has climbed to that level."""
    case = grade_it(received(ada, at=TUESDAY, customer=acme), quinn, at=TUESDAY + HOUR)
    for metric in set(Metric) - {Metric.INITIAL}:  # of this clock alone
        clocks.cancel(case, metric, at=TUESDAY + HOUR, by=ada)

    def to(level: int) -> Complaint:
        clocks.sweep(now=AT[level] + timedelta(seconds=1))
        return case

    return to


def take_up(case, by, level, **more):
    said = {"at": AT.get(level, AT[5]) + HOUR, "text": "Two more people.", "sales_informed": True} | more
    return escalations.acknowledge(case, by=by, **({"metric": Metric.INITIAL, "level": level} | said))


def why(refusal) -> list[str]:
    return [found.code for found in refusal.value.reasons]


@pytest.mark.parametrize(("level", "name"), [(1, "quinn"), (2, "quinn"), (2, "cleo"), (3, "lee"), (5, "max")])
def test_those_whom_a_step_asks_take_it_up(climbed, level, name, request):
    case, who = climbed(level), request.getfixturevalue(name)
    due_at = clock_of(case, Metric.INITIAL).due_at

    row = take_up(case, who, level)

    assert (row.taken_by, row.text, row.sales_informed) == (who, "Two more people.", True if level == 3 else None)
    [event] = events_of(case, "sla.acknowledged")
    assert (event.facts["metric"], event.facts["level"], event.by_id) == ("INITIAL", f"L{level}", who.pk)
    assert clock_of(case, Metric.INITIAL).due_at == due_at


def test_the_leader_of_the_team_takes_up_l2(climbed, fay):
    case = climbed(2)
    case.team.create(cycle=1, user=fay, seat="LEADER", named_at=TUESDAY)

    assert take_up(case, fay, 2).taken_by == fay


@pytest.mark.parametrize(
    ("reached", "asked", "name", "changes", "code"),
    [
        (1, 1, "lee", {}, "step_not_told"),
        (3, 3, "quinn", {}, "step_not_told"),
        (1, 3, "lee", {}, "step_not_reached"),
        (3, 3, "lee", {"text": " "}, "decision_missing"),
        (3, 3, "lee", {"sales_informed": None}, "sales_unsaid"),
        (3, 3, "lee", {"metric": Metric.ACK}, "clock_not_running"),
        (3, 4, "lee", {}, "step_explained"),
    ],
)
def test_it_is_refused_with_its_reason(climbed, reached, asked, name, changes, code, request):
    case = climbed(reached)

    with pytest.raises(lifecycle.Refused) as refusal:
        take_up(case, request.getfixturevalue(name), asked, **changes)

    assert why(refusal) == [code]
    assert events_of(case, "sla.acknowledged") == []


def test_a_second_time_says_who_did_it(climbed, lee):
    case = climbed(3)
    take_up(case, lee, 3)

    with pytest.raises(lifecycle.Refused) as refusal:
        take_up(case, lee, 3)

    assert (why(refusal), refusal.value.reasons[0].params["name"]) == (["step_taken"], "Lee")


@pytest.fixture
def duties(ada, lin, acme):
    """Return the clocks of two reports to authorities that have reached L3 together."""
    case = received(ada, at=TUESDAY, customer=acme)
    by_hand = {"by": lin, "at": TUESDAY, "why": "A coupling broke.", "due_at": TUESDAY + 10 * HOUR}
    found = [reporting.find_reportable(case, duty=duty, **by_hand) for duty in ("US_CPSA", "CN_DANGER")]
    clocks.sweep(now=TUESDAY + 9 * HOUR + timedelta(seconds=1))
    return found


def file(duties, lee, **more):
    return take_up(duties[0].complaint, lee, 3, metric=Metric.REG_REPORT, at=TUESDAY + 10 * HOUR, **more)


def test_of_two_clocks_of_one_metric_both_are_taken_up_one_after_the_other(duties, lee):
    assert {file(duties, lee).clock_id, file(duties, lee).clock_id} == {one.pk for one in duties}

    with pytest.raises(lifecycle.Refused) as refusal:
        file(duties, lee)
    assert why(refusal) == ["step_taken"]


def test_the_clock_that_is_named_is_taken_up(duties, lee):
    assert file(duties, lee, clock=duties[1]).clock == duties[1]

    with pytest.raises(lifecycle.Refused) as refusal:
        file(duties, lee, clock=duties[1])
    assert why(refusal) == ["step_taken"]


def test_the_button_of_each_takes_up_its_own(duties, lee, signed_in):
    ref, second = duties[0].complaint.ref, duties[1].pk
    address = f"/cases/{ref}/do/acknowledge_step/"
    said = {"text": "Legal files it.", "sales_informed": "1", "once": "c" * 32}

    page = signed_in(lee).get(f"/cases/{ref}/").text
    opened = signed_in(lee).get(f"{address}?metric=REG_REPORT&level=3&clock={second}").text
    answer = signed_in(lee).post(address, {**said, "metric": "REG_REPORT", "level": "3", "clock": second})

    assert all(f"{address}?metric=REG_REPORT&amp;level=3&amp;clock={one.pk}" in page for one in duties)
    assert f'name="clock" value="{second}"' in opened
    assert answer.status_code == 302, answer.context["form"].errors
    taken = Escalation.objects.filter(taken_by=lee)
    assert [row.clock_id for row in taken] == [second]


def test_another_metric_chosen_on_the_page_is_the_one_that_counts(duties, lee):
    case = duties[0].complaint
    said = {"metric": "INITIAL", "level": "3", "clock": duties[1].pk, "text": "x", "sales_informed": "1"}

    form = AcknowledgeStepForm(said, complaint=case, user=lee, now=AT[5])

    assert form.is_valid(), form.errors
    assert form.cleaned_data["clock"] is None


def test_a_customer_may_not(climbed, carla):
    with pytest.raises(PermissionDenied):
        take_up(climbed(1), carla, 1)


def test_after_a_change_of_target_the_step_climbed_anew_waits_anew(climbed, quinn, lee):
    case = climbed(1)
    take_up(case, quinn, 1)
    Escalation.objects.create(
        complaint=case, cycle=1, step="warned_50", level=1, asks=" OWNER ", raised_at=AT[1] + HOUR,
        clock=clock_of(case, Metric.INITIAL), generation=9,
    )  # fmt: skip

    assert take_up(case, quinn, 1, at=AT[1] + 2 * HOUR).generation == 9


def test_the_present_step_lies_on_the_desk_and_a_lower_one_lapses(climbed, quinn, lee, max, fay):
    case = climbed(3)
    Complaint.objects.filter(pk=case.pk).update(owner=fay)
    assert (case in Complaint.objects.mine(lee), case in Complaint.objects.mine(max)) == (True, False)

    climbed(5)

    assert (case in Complaint.objects.mine(lee), case in Complaint.objects.mine(max)) == (False, True)
    take_up(case, max, 5)
    assert case not in Complaint.objects.mine(max)


def test_the_case_says_who_took_it_up_and_the_clock_marks_it(climbed, lee, signed_in):
    case = climbed(3)
    before = signed_in(lee).get(f"/cases/{case.ref}/").content.decode()
    take_up(case, lee, 3)

    page = signed_in(lee).get(f"/cases/{case.ref}/").content.decode()
    line = signed_in(lee).get(f"/cases/{case.ref}/clocks/{clock_of(case, Metric.INITIAL).pk}/").content.decode()

    assert f"/cases/{case.ref}/do/acknowledge_step/?metric=INITIAL&amp;level=3&amp;clock=" in before
    assert "over four working hours" in before
    assert "Acknowledged by Lee, 14 May" in page
    assert "Sales was informed" in page
    assert "L3 acknowledged" in line


def test_the_page_of_the_act_opens_with_the_step_chosen_and_keeps_what_was_typed(climbed, lee, signed_in):
    case = climbed(3)
    address = f"/cases/{case.ref}/do/acknowledge_step/"

    opened = signed_in(lee).get(f"{address}?metric=INITIAL&level=3").content.decode()
    refused = signed_in(lee).post(address, {"once": "b" * 32, "metric": "INITIAL", "level": "3"})

    assert '<option value="3" selected>' in opened
    assert refused.status_code == 422
    assert "Write what was decided." in refused.content.decode()
    assert "Say whether Sales was informed." in refused.content.decode()


def test_nobody_is_offered_what_asks_others(climbed, quinn, lee, signed_in):
    case = climbed(3)

    page = signed_in(quinn).get(f"/cases/{case.ref}/do/acknowledge_step/").content.decode()

    assert "asks other people" in page
