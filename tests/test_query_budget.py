"""The budget of SQL statements: every number in it is held by a test, and none is above what the house promised."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import tokens
from tests.cast import NOON
from tests.complaints.factories import received

HERE = Path(__file__).parent
BUDGET = json.loads((HERE / "query_budget.json").read_text())
BY_TABLE = {"queue", "cases", "case_diagnosis", "case_rooms"}  # one test for several
PROMISED = {
    "queue": 8, "cases": 8, "api_list": 8, "dashboard": 12, "case": 14, "portal_case": 14, "intake": 14,
    "intake_post": 14, "api_post": 14,
}  # fmt: skip


@pytest.mark.parametrize("page", BUDGET)
def test_every_number_is_held_by_a_test(page):
    texts = [path.read_text() for path in HERE.rglob("test_*.py")]

    assert any(f'BUDGET["{page}"]' in text for text in texts) or page in BY_TABLE


@pytest.mark.parametrize("page", PROMISED)
def test_no_number_is_above_what_was_promised(page):
    assert BUDGET[page] <= PROMISED[page]


def test_the_list_of_the_api_costs_the_same_with_more_rows(ada, signed_in):
    client = signed_in(ada)
    received(ada)
    client.get("/api/v1/complaints/")
    few = spent(client)
    for _n in range(5):
        received(ada)

    assert spent(client) == few <= BUDGET["api_list"]


@pytest.mark.django_db(transaction=True)  # so that BEGIN and COMMIT are counted where they come
def test_a_case_made_by_a_program_keeps_its_budget(ada, acme):
    headers = {"Authorization": f"Bearer {tokens.issue(ada, name='test', at=NOON)}"}
    told = {"customer": "ACME", "description": "It hums.", "found_on": "2026-05-11"}

    def post(number: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            answer = Client().post(
                "/api/v1/complaints/", told, "application/json", headers={**headers, "Idempotency-Key": f"k{number}"}
            )
        assert answer.status_code == 201
        return len(asked)

    post(1)

    assert post(2) <= BUDGET["api_post"]


def spent(client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/api/v1/complaints/").status_code == 200
    return len(asked)
