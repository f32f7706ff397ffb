"""The simulator: a complaint that nobody made, when its clocks would be due, and which rule says so."""

from datetime import date, timedelta

import pytest

from complaints.models import Complaint, SlaPolicy
from complaints.simulating import Supposed, simulate, skipped
from contracts.models import Contract
from tests.complaints.factories import clock_of, grade_it, received, shanghai
from worktime.calendars import Calendar

PAGE = "/settings/clocks/simulator/"
ASKED = {"wall": "2026-09-30T16:00", "zone": "Asia/Shanghai", "grade": "", "customer": "", "contract": ""}

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(acme):
    return Contract.objects.create(number="HT-1", title="Gearboxes", customer=acme, currency="EUR")


def policy(hours, **fields):
    fields = {"metric": "INITIAL", "basis": "CALENDAR", "effective_from": date(2026, 1, 1)} | fields
    return SlaPolicy.objects.create(target_minutes=hours * 60, **fields)


def clock(found, metric):
    return next(one for one in found if one.metric == metric)


# What is found --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("grade", ["", "G1", "G2", "G3", "G4"])
@pytest.mark.parametrize("urgent", [True, False])
def test_it_gives_what_real_clocks_get(ada, quinn, grade, urgent):
    at = shanghai("2026-09-30 16:00")
    made = received(ada, at=at, work_stopped=urgent)
    if grade:
        made = grade_it(made, quinn, at=at + timedelta(minutes=5), grade=grade)

    found = simulate(Supposed(at, made.grade, urgent=urgent, customer=made.customer))  # a stoppage lifts the grade

    for metric in ("INITIAL", "RESOLVE", "UPDATE") if grade else ("ACK", "TRIAGE", "INITIAL", "RESOLVE"):
        real = clock_of(made, metric)
        assert (clock(found, metric).due, clock(found, metric).rules[0].target_minutes) == (
            real.due_at, real.target_minutes,
        )  # fmt: skip


def test_the_losers_stand_behind_the_winner_in_order(acme, contract):
    rules = [policy(40, customer=acme), policy(20, contract=contract), policy(30, customer=acme, grade="G2")]

    found = simulate(Supposed(shanghai("2026-05-12 10:00"), "G2", contract=contract))

    assert [rule.target_minutes // 60 for rule in clock(found, "INITIAL").rules] == [20, 30, 40, 48, 48]
    assert clock(found, "INITIAL").rules[0] == rules[1]


def test_rest_days_and_make_up_days_on_the_way_are_named():
    days = dict.fromkeys(range(5), ((540, 1020),))
    off = frozenset({date(2026, 9, 30), date(2026, 10, 2), date(2026, 10, 3), date(2026, 10, 5)})
    office = Calendar("X", "Asia/Shanghai", days, off=off, exceptions={date(2026, 10, 10): ((540, 1020),)})

    found = skipped(office, shanghai("2026-09-30 10:00"), shanghai("2026-10-12 10:00"))

    assert found.rest == (
        (date(2026, 9, 30), date(2026, 9, 30)), (date(2026, 10, 2), date(2026, 10, 5)),  # the weekend lies within
    )  # fmt: skip
    assert found.makeup == ((date(2026, 10, 10), date(2026, 10, 10)),)


def test_clocks_that_follow_another_start_at_its_due_instant(ada, quinn):
    at = shanghai("2026-05-12 10:00")
    real = clock_of(grade_it(received(ada, at=at), quinn, at=at, grade="G3"), "8D_FINAL")

    found = simulate(Supposed(at, "G3", customer=real.complaint.customer))

    assert clock(found, "8D_FINAL").due == real.due_at
    assert clock(found, "CONTAIN").start == clock(found, "TRIAGE").due
    assert clock(found, "SURVEY").start == clock(found, "RESOLVE").due
    assert clock(simulate(Supposed(at, "G4")), "CONTAIN").due is None


def test_nothing_is_kept(ada):
    simulate(Supposed(shanghai("2026-05-12 10:00"), "G1"))

    assert not Complaint.objects.exists()


# The page -------------------------------------------------------------------------------------------------------------


def test_it_opens_with_now_in_the_companys_zone(signed_in, ada):
    answer = signed_in(ada).get(PAGE)

    assert answer.status_code == 200
    assert 'value="Asia/Shanghai"' in answer.text
    assert 'id="answer"' not in answer.text


def test_it_says_when_why_and_by_which_rule(signed_in, ada, acme):
    acme.zone = "Europe/Berlin"
    acme.save()
    policy(40, customer=acme)

    answer = signed_in(ada).get(PAGE, {**ASKED, "grade": "G2", "customer": "ACME"})

    assert answer.status_code == 200
    assert "Fri 2 Oct 2026 08:00 GMT+8" in answer.text
    assert "Fri 2 Oct 2026 02:00 GMT+2" in answer.text
    assert "the customer: 40 h comes before the grade (G2): 48 h, the default: 48 h." in answer.text
    assert "40 h from Wed 30 Sep 2026 16:00 GMT+8, not pausable: due" in answer.text
    assert "Rest days that do not count: 2026-10-01 to 2026-10-07." in answer.text
    assert "90 % used" in answer.text


def test_a_time_of_another_zone_is_taken_there(signed_in, ada):
    answer = signed_in(ada).get(PAGE, {**ASKED, "wall": "2026-05-12T10:15", "zone": "America/New_York"})

    assert "Thu 14 May 2026 22:15 GMT+8" in answer.text


def test_the_address_is_the_question(signed_in, ada):
    address = f"{PAGE}?wall=2026-05-12T10:15&grade=G1&urgent=on"

    answer = signed_in(ada).get(address)

    assert "Wed 13 May 2026 10:15 GMT+8" in answer.text
    assert "Tue 12 May 2026 11:15 GMT+8" in answer.text


def test_a_clock_without_a_target_is_said(signed_in, ada):
    SlaPolicy.objects.filter(metric="INITIAL").delete()

    answer = signed_in(ada).get(PAGE, ASKED)

    assert answer.status_code == 200
    assert "Initial analysis: no target holds" in answer.text


def test_a_year_that_is_not_known_warns(signed_in, ada):
    assert "has no public holidays for 2031" in signed_in(ada).get(PAGE, {**ASKED, "wall": "2031-05-12T10:15"}).text


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"wall": "soon"}, "Enter a valid date/time."),
        ({"wall": ""}, "This field is required."),
        ({"wall": "0001-01-01T00:00"}, "Give a moment at most ten years from now"),
        ({"wall": "2026-03-08T02:30", "zone": "America/New_York"}, "the clocks were put forward"),
        ({"zone": "Mars"}, "The time zone “Mars” is not known."),
        ({"zone": "../etc"}, "is not known"),
        ({"grade": "G9"}, "Select a valid choice."),
        ({"customer": "NOBODY"}, "This customer is not known."),
        ({"contract": "X-9"}, "There is no contract “X-9”."),
        ({"contract": "HT-1", "customer": "RIVAL"}, "This contract is with another customer."),
        ({"customer": "\0"}, "Null characters are not allowed."),
    ],
)
def test_what_does_not_fit_is_said_and_kept(signed_in, ada, contract, rival, said, why):
    answer = signed_in(ada).get(PAGE, {**ASKED, **said})

    assert answer.status_code == 422
    assert why in answer.text
    assert 'id="answer"' not in answer.text


def test_working_time_without_a_calendar_is_said(signed_in, ada, settings):
    settings.COMPANY_CALENDAR = "NONE"

    answer = signed_in(ada).get(PAGE, ASKED)

    assert answer.status_code == 422
    assert "Working time needs the company’s calendar" in answer.text


def test_customers_have_no_simulator(signed_in, carla):
    assert signed_in(carla).get(PAGE).status_code == 403


def test_the_tools_lead_to_it(signed_in, ada):
    assert PAGE in signed_in(ada).get("/tools/deadline/").text


def test_it_speaks_chinese(signed_in, ada, acme):
    policy(40, customer=acme)
    client = signed_in(ada)
    client.post("/i18n/setlang/", {"language": "zh-hans"})

    answer = client.get(PAGE, {**ASKED, "grade": "G2", "customer": "ACME"})

    assert "优先于" in answer.text
    assert "休息日" in answer.text


def test_it_asks_little_of_the_database(signed_in, ada, acme, django_assert_max_num_queries):
    client = signed_in(ada)

    with django_assert_max_num_queries(16):
        client.get(PAGE, {**ASKED, "customer": "ACME"})
