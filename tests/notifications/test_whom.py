"""Who is told of what happened on a case, and in which words."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

import audit
from accounts import absences
from accounts.models import Contact
from complaints.models import Complaint, Letter, Rejection, SlaClock, Task, TeamMember, TrackerLink
from notifications.fanout import fan_out
from notifications.models import Delivery
from notifications.rendering import render
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(acme):
    return Contact.objects.create(organisation=acme, name="李娜", email="li@acme.test", language="zh-hans")


@pytest.fixture
def case(acme, contact, quinn):
    case = Complaint.objects.create(
        ref="QC-2026-00123", state="TRIAGED", customer=acme, contact=contact, title="Gearbox vibrates",
        description="Gearbox vibrates at 1450 rpm.", received_at=NOON, registered_at=NOON, found_on=NOON.date(),
        safety="NO", channel="PHONE", owner=quinn, grade="G2",
    )  # fmt: skip
    TrackerLink.objects.create(complaint=case, token="t" * 32, created_at=NOON)
    SlaClock.objects.create(
        complaint=case, cycle=1, metric="INITIAL", basis="CALENDAR", target_minutes=2880, policy="default",
        started_at=NOON, due_at=NOON + timedelta(hours=48),
    )  # fmt: skip
    return case


@pytest.fixture
def tell(case):
    """Record a kind of event on the case and fan it out; return the deliveries, by address."""

    def tell(kind, *, by=None, facts=None, **private):
        with transaction.atomic():
            audit.record("case", case.uuid, kind, by=by, at=NOON, facts=facts or {}, private=private)
        assert fan_out(NOON) == 1
        return {row.address: row for row in Delivery.objects.order_by("pk")}

    return tell


def text(delivery, language=None):
    """Return subject and body as one text."""
    words = render(delivery.template, delivery.params, language=language or delivery.language, zone=delivery.zone)
    return "\n".join(words)


def test_a_receipt_carries_number_moment_next_step_contact_and_the_48_hour_date(tell):
    told = tell("case.registered")

    assert list(told) == ["li@acme.test"]
    words = text(told["li@acme.test"], "en")
    assert "QC-2026-00123" in words
    assert "It reached us on 12 May 2026, 12:00 (UTC+08:00)" in words
    assert "What happens next:" in words
    assert "by 14 May 2026, 12:00 (UTC+08:00)" in words
    assert "quinn@demo.test" in words
    assert f"/t/{'t' * 32}/" in words


def test_without_a_contact_on_file_the_typed_address_is_used(case, tell):
    Complaint.objects.filter(pk=case.pk).update(contact=None, contact_email="typed@acme.test", contact_name="Ms Li")

    told = tell("case.registered")

    assert list(told) == ["typed@acme.test"]
    assert "Dear Ms Li," in text(told["typed@acme.test"], "en")


def test_without_any_address_nobody_is_told(case, tell):
    Complaint.objects.filter(pk=case.pk).update(contact=None)

    assert tell("case.registered") == {}


def test_an_import_sends_no_receipts(case, tell):
    Complaint.objects.filter(pk=case.pk).update(channel="IMPORT", safety="")

    assert tell("case.registered") == {}


def test_danger_calls_those_in_charge(case, tell, cleo, lee):
    Complaint.objects.filter(pk=case.pk).update(safety="INJURY")

    told = tell("case.registered")

    assert set(told) == {"li@acme.test", "cleo@demo.test", "lee@demo.test"}
    assert told["lee@demo.test"].template == "urgent_case"


@pytest.mark.parametrize("kind", ["ACKNOWLEDGEMENT", "INITIAL", "EIGHT_D", "PROPOSAL", "REJECTION", "CLOSING"])
def test_a_letter_is_announced_and_remembered_by_its_number(case, tell, kind, lee):
    Letter.objects.create(
        complaint=case, cycle=1, kind=kind, number="QC-2026-00123-X-1", language="en", facts={}, facts_hash="",
        frozen_at=NOON, sent_at=NOON,
    )  # fmt: skip
    Rejection.objects.create(
        complaint=case, cycle=1, reason="MISUSE", evidence="x", letter_text="x", prepared_by=lee, prepared_at=NOON,
        object_until=NOON.date() + timedelta(days=30),
    )  # fmt: skip

    told = tell("letter.sent", by=lee, facts={"letter": "QC-2026-00123-X-1", "kind": kind, "sent": True})

    [row] = told.values()
    assert row.letter == "QC-2026-00123-X-1"
    assert "QC-2026-00123-X-1" in text(row, "en")
    assert ("2026-06-11" in text(row, "en")) is (kind == "REJECTION")


def test_a_reply_reaches_the_customer_word_for_word(tell, quinn):
    told = tell("reply.sent", by=quinn, body="Keep <unit 3> stopped & locked.")

    assert "Keep <unit 3> stopped & locked." in text(told["li@acme.test"], "en")


def test_what_the_customer_wrote_reaches_the_owner(tell, carla):
    told = tell("customer.wrote", by=carla, body="It still vibrates.")

    assert list(told) == ["quinn@demo.test"]
    assert "It still vibrates." in text(told["quinn@demo.test"])


def test_without_an_owner_the_leads_of_customer_service_are_told(case, tell, cleo, carla):
    Complaint.objects.filter(pk=case.pk).update(owner=None)

    assert list(tell("customer.wrote", by=carla, body="x")) == ["cleo@demo.test"]


def test_nobody_is_told_of_their_own_act(tell, quinn):
    assert tell("case.assigned", by=quinn) == {}


def test_nobody_who_left_is_told(tell, quinn, lee):
    quinn.is_active = False
    quinn.save()

    assert tell("case.assigned", by=lee) == {}


def test_a_task_reaches_whoever_is_to_do_it(case, tell, lee, sam):
    task = Task.objects.create(
        complaint=case, cycle=1, kind="call_back", text="Call Ms Li", owner=sam, due_at=NOON, created_at=NOON
    )

    told = tell("task.given", by=lee, facts={"task": task.pk}, text="Call Ms Li")

    assert list(told) == ["sam@demo.test"]
    assert "Call Ms Li" in text(told["sam@demo.test"])


@pytest.mark.parametrize(
    ("kind", "facts", "readers"),
    [
        ("response.initial_written", {"missing": ["extent"]}, set()),
        ("response.initial_written", {"missing": []}, {"lee@demo.test"}),
        ("diagnosis.attributed", {}, {"lee@demo.test"}),
        ("case.rejection_prepared", {}, {"lee@demo.test", "lin@demo.test"}),
    ],
)
def test_who_approves_is_asked_once_there_is_something_to_approve(tell, kind, facts, readers, quinn, lee, lin, max):
    told = tell(kind, by=quinn, facts=facts)

    assert set(told) == readers
    assert all(row.template == "approval_wanted" and "quinn" in text(row).lower() for row in told.values())


def test_a_duplicate_is_told_its_masters_number(case, tell, lee):
    master = Complaint.objects.create(
        uuid=uuid.uuid4(), ref="QC-2026-00007", state="TRIAGED", customer=case.customer, title="x", description="x",
        received_at=NOON, registered_at=NOON, found_on=NOON.date(),
    )  # fmt: skip
    Complaint.objects.filter(pk=case.pk).update(master=master)

    assert "QC-2026-00007" in text(tell("case.merged", by=lee)["li@acme.test"], "en")


@pytest.mark.parametrize(
    ("kind", "readers"),
    [
        ("case.accepted", {"quinn@demo.test", "sam@demo.test"}),
        ("case.countered", {"quinn@demo.test", "sam@demo.test"}),
        ("case.confirmed", {"quinn@demo.test"}),
        ("case.not_solved", {"quinn@demo.test"}),
        ("case.disputed", {"quinn@demo.test", "lin@demo.test"}),
        ("case.reopened", {"quinn@demo.test", "lee@demo.test"}),
    ],
)
def test_the_owner_and_those_concerned_learn_what_became_of_it(tell, kind, readers, carla, sam, lin, lee):
    assert set(tell(kind, by=carla)) == readers


def test_a_title_cannot_break_a_header(case, tell):
    Complaint.objects.filter(pk=case.pk).update(title="Crack\r\nBcc: all@demo.test")

    row = tell("case.registered")["li@acme.test"]

    assert "\n" not in render(row.template, row.params, language="zh-hans", zone=row.zone)[0]


def test_the_reader_gets_the_language_of_the_contact(tell):
    row = tell("case.registered")["li@acme.test"]

    assert row.language == "zh-hans"
    assert text(row).startswith("已收到您的投诉 QC-2026-00123")


STEP = {"metric": "INITIAL", "cycle": 1, "subject": "", "generation": 2, "due_at": "2026-05-14T04:00:00+00:00"}


def climb(name, *told, **more):
    return {**STEP, "step": name, "told": list(told), "dedup": f"sla:x:1:INITIAL::2:{name}", **more}


def test_a_warning_reaches_those_whom_the_step_names(case, tell, quinn, lee, cleo):
    TeamMember.objects.create(complaint=case, cycle=1, user=lee, seat="LEADER", named_at=NOON)

    told = tell("sla.warned", facts=climb("warned_75", "OWNER", "LEADER", "CSL", level="L2", share=75))

    assert set(told) == {"quinn@demo.test", "lee@demo.test", "cleo@demo.test"}
    words = text(told["quinn@demo.test"])
    assert "75 %" in words
    assert "Initial analysis" in words
    assert "14 May 2026, 12:00 (UTC+08:00)" in words
    assert "Help, or give the case to somebody else." in words


def test_a_breach_reaches_the_head_of_the_department(case, tell, departments, lee, sam):
    department = lee.memberships.first().department
    department.head = sam
    department.save()
    Complaint.objects.filter(pk=case.pk).update(department=department)

    assert set(tell("sla.breached", facts=climb("breached", "QM", "HEAD", level="L4", share=100))) == {
        "lee@demo.test",
        "sam@demo.test",
    }


def test_a_step_is_told_once_even_if_it_is_recorded_twice(tell, max):
    tell("sla.escalated", facts=climb("escalated", "EXE", level="L5", share=100))

    told = tell("sla.escalated", facts=climb("escalated", "EXE", level="L5", share=100))

    assert list(told) == ["max@demo.test"]
    assert "still not done" in text(told["max@demo.test"])


@pytest.mark.parametrize("kind", ["clock.wait_long", "visit.reminder_due", "visit.missed"])
def test_other_steps_of_clocks_are_told_too(tell, kind):
    assert "14 May" in text(tell(kind, facts=climb("x", "OWNER"))["quinn@demo.test"]) or kind == "clock.wait_long"


def test_no_mail_leaves_a_word_untranslated(tell):
    """In a Chinese mail nothing but names, numbers, addresses and what people typed is in Latin letters."""
    row = tell("case.registered")["li@acme.test"]

    words = re.sub(r"Gearbox vibrates|Quinn|\S*(://|@)\S*|QC-[0-9-]+|UTC", "", text(row))

    assert re.findall(r"[A-Za-z]{2,}", words) == []


def test_absences_are_read_once_for_many_events_and_hold_for_each_at_its_own_moment(case, lee, fay, sam):
    back = NOON + timedelta(days=2)
    day = NOON.date()
    absences.record(lee, by=lee, at=NOON, first_on=day, last_on=day, deputy=fay)
    while fan_out(NOON):
        pass
    before = set(Delivery.objects.values_list("pk", flat=True))
    with transaction.atomic():
        for number, at in enumerate([NOON, NOON, back]):
            facts = climb(f"step_{number}", "QM", level="L3", share=90)
            audit.record("case", case.uuid, "sla.warned", by=None, at=at, facts=facts)

    with CaptureQueriesContext(connection) as asked:
        assert fan_out(back) == 3

    told = Delivery.objects.exclude(pk__in=before).order_by("pk").values_list("address", flat=True)
    assert sorted(told) == ["fay@demo.test", "fay@demo.test", "lee@demo.test"]
    assert sum('FROM "accounts_absence"' in one["sql"] for one in asked) == 1
