"""The budget of SQL statements: every number in it is held by a test, and none is above what the house promised."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.complaints.factories import received

HERE = Path(__file__).parent
BUDGET = json.loads((HERE / "query_budget.json").read_text())
PROMISED = {"queue": 8, "cases": 8, "api_list": 8, "dashboard": 12}


@pytest.mark.parametrize("page", BUDGET)
def test_every_number_is_held_by_a_test(page):
    texts = [path.read_text() for path in HERE.rglob("test_*.py")]

    assert any(f'BUDGET["{page}"]' in text for text in texts) or page in {"queue", "cases"}  # one test for both lists


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


def spent(client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/api/v1/complaints/").status_code == 200
    return len(asked)
