"""Guards are read for every case page, so they must stay cheap."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from remediation import approvals, guards
from tests.remediation.stories import PROPOSED, cny, drafted, executing, following_up, negotiating, proposing

REWORK = {"kind": "REWORK", "description": "Exchange the bearing", "cost": cny(60000)}


def statements(guard, complaint) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        guard(complaint)
    return len(seen)


def test_the_guard_of_sending_asks_little(who):
    complaint = proposing(who)
    approvals.submit(drafted(who, complaint, REWORK, REWORK), by=who.quinn, at=PROPOSED)

    assert statements(guards.before_send_proposal, complaint) <= 6


@pytest.mark.parametrize(
    ("made", "guard", "most"),
    [
        (negotiating, guards.before_accept, 3),
        (negotiating, guards.before_counter, 1),
        (executing, guards.before_report_done, 1),
        (following_up, guards.before_close, 5),
    ],
)
def test_the_other_guards_too(who, made, guard, most):
    assert statements(guard, made(who)) <= most
