"""audit.record: the one way to write what happened."""

import threading
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

import audit
from audit.canonical import START
from audit.models import Event, Pending, Private, StreamHead
from tests.audit.conftest import NOON


def test_an_event_keeps_who_when_and_what(db, record, stream, ada):
    event = record(stream, "case.registered", by=ada, facts={"amount": Decimal("12800.00"), "found_on": NOON.date()})

    event = Event.objects.get(pk=event.pk)
    assert (event.stream_kind, event.stream, event.seq, event.kind) == ("case", stream, 1, "case.registered")
    assert (event.by_id, event.at) == (ada.pk, NOON)
    assert event.facts == {"amount": "12800.00", "found_on": "2026-03-10"}


def test_recorded_at_is_the_database_clock_and_not_the_callers(db, record, stream):
    event = record(stream, at=NOON)

    assert abs(Event.objects.get(pk=event.pk).recorded_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_events_of_a_stream_follow_each_other(db, three, stream):
    first, second, third = Event.objects.of("case", stream)

    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert (first.prev, second.prev, third.prev) == (START, first.hash, second.hash)
    assert StreamHead.objects.get(stream=stream).hash == third.hash


def test_streams_do_not_mix(db, record, stream):
    record(stream)
    other = record(uuid.uuid4())

    assert (other.seq, other.prev) == (1, START)


def test_nobody_was_told_yet(db, record, stream):
    event = record(stream)

    assert Pending.objects.get().event == event


def test_several_events_go_in_together_in_order_and_in_few_statements(db, stream, django_assert_max_num_queries):
    entries = [audit.Entry(f"clock.{n}", NOON, {"n": n}, {"why": "x"}) for n in range(6)]

    with django_assert_max_num_queries(5), transaction.atomic():  # a savepoint is two
        events = audit.record_all("case", stream, entries, by=None)

    assert [event.seq for event in events] == [1, 2, 3, 4, 5, 6]
    assert audit.verify("case", stream).bad is None


def test_an_event_moves_the_head_and_is_owed_however_it_was_written(db, three, stream):
    last = three[2]
    Event.objects.bulk_create([Event(
        stream_kind="case", stream=stream, seq=4, kind="x", at=NOON, recorded_at=NOON, facts={}, prev=last.hash,
        hash="b" * 64,
    )])  # fmt: skip

    head = StreamHead.objects.get(stream=stream)
    assert (head.seq, head.hash, Pending.objects.count()) == (4, "b" * 64, 4)


def test_personal_text_stands_beside_the_event_and_not_in_it(db, record, stream):
    event = record(stream, facts={"channel": "phone"}, private={"reporter": "Ms Li, 138 0013 8000"})

    event = Event.objects.get(pk=event.pk)
    assert "Li" not in str(event.facts)
    assert event.text("reporter") == "Ms Li, 138 0013 8000"
    assert event.text("other") is None


@pytest.mark.parametrize("facts", [{"amount": 0.1}, {"when": datetime(2026, 3, 10)}, {"private": "x"}])  # noqa: DTZ001
def test_facts_without_one_spelling_are_refused_and_nothing_is_written(db, record, stream, facts):
    with pytest.raises((TypeError, ValueError)):
        record(stream, facts=facts)

    assert not Event.objects.exists()


def test_a_moment_without_zone_is_refused(db, record, stream):
    with pytest.raises(ValueError, match="no time zone"):
        record(stream, at=datetime(2026, 3, 10, 12))  # noqa: DTZ001


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused(stream):
    with pytest.raises(transaction.TransactionManagementError):
        audit.record("case", stream, "case.noted", by=None, at=NOON, facts={})

    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_never_happened(record, stream):
    record(stream)
    with transaction.atomic():
        audit.record("case", stream, "case.closed", by=None, at=NOON, facts={})
        transaction.set_rollback(True)

    record(stream)

    assert [event.kind for event in Event.objects.of("case", stream)] == ["case.noted", "case.noted"]
    assert audit.verify().bad is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_threads_on_one_new_stream_make_one_chain(record, stream):
    def work():
        for _ in range(10):
            record(stream)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [event.seq for event in Event.objects.of("case", stream)] == list(range(1, 41))
    assert audit.verify().bad is None


def test_erasing_takes_text_and_salt_and_leaves_the_chain_whole(db, record, stream):
    event = record(stream, private={"reporter": "Ms Li", "phone": "138 0013 8000"})

    assert audit.erase(event, ["phone"]) == 1
    assert event.text("reporter") == "Ms Li"
    assert audit.erase(event) == 1

    assert not Private.objects.exists()
    assert audit.verify().bad is None
