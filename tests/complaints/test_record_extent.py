"""Affected goods by place, and the extent that was final."""

from complaints import diagnosis, response
from tests.cast import NOON
from tests.complaints.factories import events_of, triaged
from tests.complaints.test_first_life import HOUR

FOUR = {"location": "INSTALLED", "total": 4, "confirmed": 1, "good": 3, "unknown": 0}


def test_goods_found_later_reopen_a_final_extent(ada, quinn):
    case = triaged(quinn, registered_by=ada)
    diagnosis.state_defect(case, by=quinn, at=NOON + 2 * HOUR, sentence="Bearing hums")
    response.record_extent(case, by=quinn, at=NOON + 2 * HOUR, **FOUR)
    diagnosis.finish_extent(case, by=quinn, at=NOON + 3 * HOUR)

    response.record_extent(case, by=quinn, at=NOON + 4 * HOUR, **{**FOUR, "location": "OWN_STOCK"})

    assert case.defect_statements.get().extent_final_at is None
    assert [event.facts["reopened"] for event in events_of(case, "response.extent_recorded")] == [False, True]
