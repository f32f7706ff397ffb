"""What stands in the way is shown before the button is pressed, with the link to what mends it."""

import pytest
from django.urls import reverse

from complaints import acts, diagnosis, lifecycle, response
from complaints.lifecycle import Refused
from tests.cast import NOON
from tests.complaints.factories import received, triaged
from tests.complaints.test_first_life import HOUR

UNREACHABLE = {"contact_name": "", "contact_email": ""}


@pytest.fixture
def diagnosing(ada, quinn, lee, cleo):
    case = triaged(quinn, registered_by=ada)
    return lifecycle.mobilise(case, by=quinn, at=NOON + 2 * HOUR, leader=quinn, champion=lee, members=(cleo,))


def test_without_a_contact_the_next_thing_is_to_add_one(ada, signed_in):
    case = received(ada, **UNREACHABLE)

    page = signed_in(ada).get(reverse("case", args=[case.ref])).content.decode()

    assert f"/cases/{case.ref}/do/edit_facts/#id_contact_email" in page
    assert "Add a contact" in page
    assert f"/cases/{case.ref}/do/acknowledge/" not in page


def test_a_refusal_carries_the_link_to_what_mends_it(ada, signed_in):
    case = received(ada, **UNREACHABLE)
    url = reverse("case-do", args=[case.ref, "acknowledge"])

    answer = signed_in(ada).post(url, {"contact_person": ada.email, "once": "a"})

    assert answer.status_code == 409
    assert f"/cases/{case.ref}/do/edit_facts/#id_contact_email" in answer.content.decode()


def test_the_extent_is_not_declared_final_without_a_statement_and_the_page_leads_there(diagnosing, quinn, signed_in):
    response.record_extent(
        diagnosing, by=quinn, at=NOON + 3 * HOUR, location="OWN_STOCK", total=2, confirmed=2, good=0, unknown=0
    )
    finish = reverse("case-do", args=[diagnosing.ref, "finish_extent"])

    page = signed_in(quinn).get(finish).content.decode()

    assert "Write the defect statement first." in page
    assert f"/cases/{diagnosing.ref}/do/state_defect/#id_sentence" in page
    assert not acts.offer(acts.get("finish_extent"), diagnosing, quinn).allowed
    diagnosis.state_defect(diagnosing, by=quinn, at=NOON + 4 * HOUR, sentence="Two bearings run dry.")
    assert acts.offer(acts.get("finish_extent"), diagnosing, quinn).allowed


def test_a_named_cause_waits_for_its_proof_until_it_is_withdrawn(diagnosing, quinn):
    from complaints import guards

    at = NOON + 3 * HOUR
    cause = diagnosis.record_cause(diagnosing, by=quinn, at=at, leg="OCCURRENCE", code="UNK", text="Grease ran dry")
    gap = guards.before_agree_diagnosis(diagnosing)[0]
    assert (gap.code, gap.params["cause"], gap.params["text"]) == ("cause_unproven", cause.pk, "Grease ran dry")

    diagnosis.withdraw_cause(cause, by=quinn, at=at, why="It was wet.")

    assert guards.before_agree_diagnosis(diagnosing)[0].code == "cause_missing"


def test_the_same_cause_is_not_named_twice_in_one_leg(diagnosing, quinn):
    at, said = NOON + 3 * HOUR, {"code": "UNK", "text": "Grease ran dry"}
    diagnosis.record_cause(diagnosing, by=quinn, at=at, leg="OCCURRENCE", **said)

    with pytest.raises(Refused) as refusal:
        diagnosis.record_cause(diagnosing, by=quinn, at=at, leg="OCCURRENCE", code="UNK", text=" grease  RAN dry. ")
    diagnosis.record_cause(diagnosing, by=quinn, at=at, leg="ESCAPE", **said)

    assert [why.code for why in refusal.value.reasons] == ["cause_twice"]
    assert diagnosing.root_causes.count() == 2


def test_nobody_is_offered_to_approve_what_they_wrote(diagnosing, quinn, lee):
    whole = {
        "description": "Hums", "extent": "One", "confidence": "UNKNOWN", "test_plan": "Open it", "containment": "None",
        "remedy_direction": "Repair", "next_dates": "Friday", "contact_person": quinn,
    }  # fmt: skip
    approve = acts.get("approve_initial")
    assert [why.code for why in acts.offer(approve, diagnosing, lee).blocked_by] == ["nothing_fits"]

    response.write_initial(diagnosing, by=lee, at=NOON + 3 * HOUR, **whole)
    assert [why.code for why in acts.offer(approve, diagnosing, lee).blocked_by] == ["same_person"]

    response.write_initial(diagnosing, by=quinn, at=NOON + 4 * HOUR, **whole)
    assert acts.offer(approve, diagnosing, lee).allowed
