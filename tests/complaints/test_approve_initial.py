"""The quality manager approves the version that was read."""

import pytest
from django.urls import reverse

from complaints import lifecycle, response
from complaints.lifecycle import Refused
from tests.cast import NOON
from tests.complaints.factories import triaged
from tests.complaints.test_first_life import HOUR, PARTS, codes


@pytest.fixture
def written(ada, quinn, lee, cleo):
    """Two versions, the second written while the first was read."""
    case = triaged(quinn, registered_by=ada)
    case = lifecycle.mobilise(case, by=quinn, at=NOON + 2 * HOUR, leader=quinn, champion=lee, members=(cleo,))
    texts = ("Hums.", "Howls.")
    said = [{**PARTS, "description": text, "contact_person": quinn} for text in texts]
    return [response.write_initial(case, by=quinn, at=NOON + 3 * HOUR, **parts) for parts in said]


def test_an_older_version_is_not_approved_any_more(written, lee):
    with pytest.raises(Refused) as refusal:
        response.approve_initial(written[0], by=lee, at=NOON + 4 * HOUR)

    assert codes(refusal) == ["initial_superseded"]


def test_the_page_names_the_version_that_was_read(written, lee, signed_in):
    client, case = signed_in(lee), written[0].complaint
    url = reverse("case-do", args=[case.ref, "approve_initial"])

    shown = client.get(f"{url}?number=1").content.decode()
    old = client.post(url, {"once": "a", "number": 1})
    new = client.post(url, {"once": "b", "number": 2})

    assert 'name="number" value="1"' in shown
    assert (old.status_code, new.status_code) == (409, 302)
    assert [row.approved_by for row in case.initial_analyses.order_by("number")] == [None, lee]
