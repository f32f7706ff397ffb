"""The page of a case and its tabs keep their budget in every state, for agent, QA engineer and manager."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.complaints.factories import received, triaged
from tests.remediation import stories

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text())
STORIES = {
    "RECEIVED": lambda who: received(who.ada),
    "TRIAGED": lambda who: triaged(who.quinn, registered_by=who.ada),
    "RESPONDING": stories.responding,
    "DIAGNOSING": stories.diagnosing,
    "PROPOSING": stories.proposing,
    "NEGOTIATING": stories.negotiating,
    "EXECUTING": stories.executing,
    "VERIFYING": stories.verifying,
    "FOLLOW_UP": stories.following_up,
}
TABS = {
    "case-actions": "case", "case-history": "case", "case-files": "case", "case-diagnosis": "case_diagnosis",
    "case-remedy": "case_rooms", "case-visits": "case_rooms", "case-prevention": "case_rooms",
    "case-similar": "case_rooms",
}  # fmt: skip


def spent(client, name: str, complaint) -> int:
    address = reverse(name, args=[complaint.ref])
    client.get(address)  # what a process reads once
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("state", STORIES)
def test_the_case_page_and_its_tabs_keep_their_budgets_in_every_state(state, who, signed_in):
    complaint = STORIES[state](who)
    assert complaint.state == state

    counts = {person.name: spent(signed_in(person), "case", complaint) for person in (who.ada, who.quinn, who.lee)}
    client = signed_in(who.quinn)
    tabs = {name: spent(client, name, complaint) for name in TABS}

    assert max(counts.values()) <= BUDGET["case"], counts
    assert {name: n for name, n in tabs.items() if n > BUDGET[TABS[name]]} == {}


def test_a_grave_case_at_its_end_keeps_the_budget_too(who, signed_in):
    complaint = stories.following_up(who, grade="G2")

    assert spent(signed_in(who.lee), "case", complaint) <= BUDGET["case"]
