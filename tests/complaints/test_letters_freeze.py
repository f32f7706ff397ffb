"""A letter copies every fact when it is frozen; what the case becomes later does not change it."""

import json
from datetime import date

import pytest
from django.db import transaction
from django.utils.translation import get_language

from audit.canonical import plain
from complaints import letters
from complaints.models import Blob, Complaint, Evidence, Letter, Message, Rejection
from tests.cast import NOON
from tests.complaints.worked_case import CHINESE, DAY, HOUR, RECEIVED, diagnosed, received

pytestmark = pytest.mark.django_db


@transaction.atomic
def freeze(complaint, kind, **options):
    options = {"by": complaint.owner, "at": RECEIVED + 14 * DAY, "send": True, **options}
    return letters.freeze(complaint, kind, **options)


def test_later_changes_of_the_case_change_no_letter():
    complaint = diagnosed()
    letter = freeze(complaint, "EIGHT_D")

    complaint.defect_statements.update(sentence="something else")
    Complaint.objects.filter(pk=complaint.pk).update(title="something else")
    complaint.root_causes.update(text="something else")

    kept = Letter.objects.get(pk=letter.pk)
    assert "something else" not in json.dumps(kept.facts)
    assert letters.digest(kept.facts) == kept.facts_hash == letter.facts_hash


def test_the_report_holds_its_sections():
    facts = freeze(diagnosed(), "EIGHT_D").facts

    assert facts["customer"] == "Huaneng Wind Zhangbei"
    assert facts["goods"] == {
        "name": "Gearbox GX-1450", "code": "1450-07-300", "serial": "GX1450-2309-03", "lot": "B2309", "delivery": "",
        "unknown_because": "",
    }  # fmt: skip
    assert [member["seat"] for member in facts["d1"]["team"]] == ["CHAMPION", "LEADER", "MEMBER", "MEMBER", "MEMBER"]
    assert facts["d2"]["extent_total"] == {"total": 26, "confirmed": 4, "good": 22, "unknown": 0}
    assert facts["d2"]["grid"][0]["row_label"] == "What object"
    assert [row["effect_percent"] for row in facts["d3"]["actions"]] == [100, 100, 100]
    assert "shares" not in facts["d4"]  # who bears what is settled elsewhere
    assert len(facts["d4"]["bones"]) == 6
    assert facts["steps"]["D2"] == {"due_at": None, "done_at": plain(RECEIVED + 50 * HOUR)}


def test_a_leg_reads_from_the_problem_down_with_its_side_branch_first():
    legs = freeze(diagnosed(), "EIGHT_D").facts["d4"]["legs"]

    assert [(node["level"], node["result"]) for node in legs[0]["nodes"]] == [
        (1, "CONFIRMED"), (2, "EXCLUDED"), (2, "CONFIRMED"), (3, "CONFIRMED"),
    ]  # fmt: skip
    assert legs[0]["causes"][0]["code_label"] == "Production process"


def test_labels_are_frozen_in_the_language_of_the_letter():
    complaint = diagnosed(CHINESE)

    chinese = freeze(complaint, "EIGHT_D", language="zh-hans").facts
    english = freeze(complaint, "EIGHT_D", language="en").facts

    assert chinese["customer"] == "华能张北风电"
    assert english["customer"] == "Huaneng Wind Zhangbei"
    assert chinese["d1"]["team"][0]["seat"] == english["d1"]["team"][0]["seat"]


def test_nothing_internal_is_in_it(ada):
    complaint = diagnosed()
    Message.objects.create(complaint=complaint, audience="INTERNAL", body="they never pay", by=ada, at=NOON)

    text = json.dumps(freeze(complaint, "EIGHT_D").facts)

    assert "they never pay" not in text
    assert "internal reason" not in text  # why a share is borne
    assert "target_minutes" not in text


def test_only_pictures_that_the_customer_may_see_are_named(ada):
    complaint = diagnosed()
    shown = _picture(complaint, ada, "a" * 64, shown=True)
    _picture(complaint, ada, "b" * 64, shown=False)
    _picture(complaint, ada, "c" * 64, shown=True, kind="application/pdf")

    photos = freeze(complaint, "EIGHT_D").facts["d2"]["photos"]

    assert photos == [{"sha256": shown.blob_id, "caption": "drive end"}]


def _picture(complaint, by, sha256, *, shown, kind="image/jpeg"):
    blob = Blob.objects.create(sha256=sha256, size=1, kind=kind, stored_at=NOON)
    return Evidence.objects.create(
        complaint=complaint, blob=blob, name="a.jpg", caption="drive end", shown_to_customer=shown, by=by, at=NOON
    )


def test_the_acknowledgement_names_the_moment_of_the_first_answer():
    facts = freeze(received(), "ACKNOWLEDGEMENT").facts

    assert facts["first_answer_at"] == plain(RECEIVED + 48 * HOUR)
    assert facts["contact_person"]["name"] == "Wang Li"
    assert facts["tracker"].endswith("/")


def test_the_rejection_names_its_reason_and_the_last_day_to_object(lee, quinn):
    complaint = received()
    Rejection.objects.create(
        complaint=complaint, cycle=1, reason="MISUSE", evidence="Logs of the controller.", letter_text="Run too fast.",
        prepared_by=quinn, prepared_at=NOON, approved_by=lee, approved_at=NOON, object_until=date(2026, 6, 30),
    )  # fmt: skip

    decided = freeze(complaint, "REJECTION").facts["rejection"]

    assert decided["reason_label"] == "Use outside the stated limits"
    assert decided["object_until"] == "2026-06-30"
    assert decided["approver"] == "Lee"


def test_a_second_letter_of_a_kind_is_the_next_version_and_supersedes_the_first():
    complaint = diagnosed()

    first, second = freeze(complaint, "EIGHT_D"), freeze(complaint, "EIGHT_D")

    assert (first.facts["version"], second.facts["version"]) == (1, 2)
    assert second.supersedes == first
    assert second.facts["supersedes"] == first.number == "QC-2026-00123-8D-1"
    assert [row["number"] for row in second.facts["versions"]] == [first.number]


def test_higher_rooms_add_their_facts_in_the_language_of_the_letter(monkeypatch):
    added = {"EIGHT_D": [lambda complaint: {"d5": {"language": get_language()}}]}
    monkeypatch.setattr(letters, "_contributors", added | {"ACKNOWLEDGEMENT": []})

    assert freeze(diagnosed(), "EIGHT_D", language="zh-hans").facts["d5"] == {"language": "zh-hans"}


def test_a_very_long_text_is_shortened():
    facts = freeze(received(description="word " * 50_000), "ACKNOWLEDGEMENT").facts

    assert len(facts["description"]) < 7_000
    assert facts["description"].endswith("…")
