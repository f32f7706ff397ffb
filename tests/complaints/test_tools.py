"""The pages of the what-if tools: a question in the address, its answer in words; nothing is kept."""

import pytest

from complaints.models import Complaint
from tests.cast import NOON

DUE = {"start": "2026-05-12T10:15", "target": 48, "unit": "60", "calendar": ""}


@pytest.fixture
def page(client, ada):
    client.force_login(ada)

    def asks(name, **said):
        return client.get(f"/tools/{name}/", said)

    return asks


@pytest.mark.parametrize("name", ["deadline", "period", "grade"])
def test_a_tool_opens_with_an_example_filled_in(page, name):
    answer = page(name)

    assert answer.status_code == 200
    assert 'id="answer"' not in answer.text


def test_the_first_tool_is_the_deadline(client, ada):
    client.force_login(ada)

    assert client.get("/tools/").url == "/tools/deadline/"


def test_a_deadline_says_when_and_why(page):
    answer = page("deadline", **DUE)

    assert "Thu 14 May 2026 10:15 GMT+8" in answer.text
    assert "48 h from Tue 12 May 2026 10:15 GMT+8" in answer.text
    assert "90 % used" in answer.text


def test_a_wait_that_goes_on_leaves_no_due_instant(page):
    answer = page("deadline", **{**DUE, "waits_from": "2026-05-12T12:15"})

    assert "No due instant while it waits" in answer.text
    assert "46 h" in answer.text


def test_a_period_rolls_past_the_holidays(page):
    answer = page("period", start_date="2026-09-17", n=15, unit="day", calendar="CN-STD", roll="on")

    assert "2026-10-08" in answer.text


def test_a_grade_names_the_floor_that_holds_it(page):
    answer = page("grade", S=5, E=1, C=1, R=1, injury="on")

    assert "Somebody was hurt, or it must be reported: at least G1." in answer.text


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("deadline", {**DUE, "start": "soon"}, "Enter a valid date/time."),
        ("deadline", {**DUE, "waits_until": "2026-05-12T12:15"}, "Say when the wait began."),
        ("deadline", {**DUE, "waits_from": "2026-05-13T12:15", "waits_until": "2026-05-12T12:15"}, "before it starts"),
        ("deadline", {**DUE, "calendar": "NOWHERE"}, "NOWHERE"),
        ("period", {"start_date": "9999-12-31", "n": 5, "unit": "year", "calendar": "CN-STD"}, "too long"),
        ("grade", {"S": 9}, "Correct these and ask again."),
    ],
)
def test_what_does_not_fit_is_said_with_the_words_kept(page, name, said, words):
    answer = page(name, **said)

    assert answer.status_code == 422
    assert words in answer.text


def test_asking_keeps_nothing(page, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page("deadline", **DUE)

    assert not Complaint.objects.exists()


def test_a_customer_finds_no_tools(client, carla):
    client.force_login(carla)

    assert client.get("/tools/deadline/").status_code in {403, 404}


def test_an_unknown_tool_is_not_found(page):
    assert page("moon", at=NOON).status_code == 404
