"""audit.verify and manage.py verify_audit: any tampering is found and named."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

import audit
from audit import checkpoints, triggers
from audit.models import Event, Pending, Private, StreamHead
from tests.audit.conftest import NOON
from tests.trail import lifted


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def forget(db):
    """Delete events as an intruder with full rights would."""

    def forget(*events):
        ids = [event.pk for event in events]
        Pending.objects.filter(event__in=ids).delete()
        Private.objects.filter(event__in=ids).delete()
        Event.objects.filter(pk__in=ids).delete()

    return forget


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET kind = 'case.closed'",
        "DELETE FROM audit_event",
        "INSERT INTO audit_event SELECT * FROM audit_event",
        pytest.param("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE audit_event CASCADE", marks=pytest.mark.postgres),
    ],
)
def test_raw_sql_cannot_change_an_event(three, statement):
    before = list(Event.objects.order_by("pk").values())

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert list(Event.objects.order_by("pk").values()) == before


def test_replacing_a_row_is_no_way_around(three):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite knows INSERT OR REPLACE")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event WHERE seq = 2")


@pytest.mark.parametrize(
    "change",
    [
        lambda event: Event.objects.filter(pk=event.pk).update(kind="case.closed"),
        lambda event: event.save(),
        lambda event: Event.objects.bulk_update([event], ["kind"]),
        lambda event: Event.objects.filter(pk=event.pk)._raw_delete("default"),
        lambda event: event.delete(),
        lambda event: Event.objects.all().delete(),
    ],
)
def test_the_orm_cannot_change_an_event(three, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change(three[1])

    assert audit.verify().bad is None
    assert Event.objects.count() == 3


def test_a_missing_trigger_is_named(three, triggers_lifted):
    assert triggers.missing() == [name for name in triggers._wanted(connection) if name != triggers._KEPT]
    with pytest.raises(CommandError, match="triggers"):
        call_command("verify_audit")

    triggers.install()

    assert triggers.missing() == []


def test_a_whole_trail_holds(three, capsys):
    call_command("verify_audit")

    assert capsys.readouterr().out.startswith("3 events hold")


@pytest.mark.parametrize(
    "change",
    [
        {"facts": {"n": 7}},
        {"kind": "case.closed"},
        {"by_id": 1},
        {"at": NOON - timedelta(days=1)},
        {"recorded_at": NOON},
        {"hash": "0" * 64},
        {"prev": "0" * 64},
    ],
)
def test_an_edited_event_is_named(three, stream, triggers_lifted, change):
    Event.objects.filter(pk=three[1].pk).update(**change)

    bad = audit.verify().bad

    assert (bad.stream_kind, bad.stream, bad.seq) == ("case", stream, 2)


def test_an_event_deleted_in_the_middle_is_named(three, triggers_lifted, forget):
    forget(three[1])

    bad = audit.verify().bad

    assert (bad.seq, bad.why) == (2, "it is missing; #3 follows instead.")


def test_two_events_that_changed_places_are_named(three, triggers_lifted):
    Event.objects.filter(pk=three[1].pk).update(seq=9)
    Event.objects.filter(pk=three[2].pk).update(seq=2)
    Event.objects.filter(pk=three[1].pk).update(seq=3)

    assert audit.verify().bad.seq == 2


def test_an_event_moved_to_another_stream_is_named(three, triggers_lifted, record):
    record(other := uuid.uuid4())
    Event.objects.filter(pk=three[2].pk).update(stream=other, seq=2)

    assert audit.verify("case", other).bad.seq == 2


def test_a_cut_tail_is_named_by_the_head(three, stream, triggers_lifted, forget):
    forget(three[2])

    bad = audit.verify().bad

    assert (bad.stream, bad.seq) == (stream, 3)
    assert "had 3 events" in bad.why


def test_a_stream_that_vanished_is_named_by_its_head(three, stream, record, triggers_lifted, forget):
    record(uuid.UUID(int=0))
    record(uuid.UUID(int=2**128 - 1))
    forget(*three)

    bad = audit.verify().bad

    assert (bad.stream, bad.seq) == (stream, 1)


def test_a_stream_without_head_is_named(three, stream):
    StreamHead.objects.all().delete()

    assert audit.verify().bad == audit.Bad("case", stream, 1, "the stream has no head.")


def test_a_forged_event_without_the_key_is_named(three, stream, settings):
    settings.AUDIT_KEY = "not the key" * 5

    assert audit.verify().bad.seq == 1


def test_a_text_that_was_swapped_is_named(record, stream, db):
    event = record(stream, private={"reporter": "Ms Li"})
    Private.objects.update(text="Mr Wang")

    assert audit.verify().bad == audit.Bad("case", stream, event.seq, "its text 'reporter' is not what was recorded.")


def test_one_stream_can_be_verified_alone(three, record, stream, triggers_lifted):
    record(other := uuid.uuid4())
    Event.objects.filter(stream=other).update(kind="x")

    assert audit.verify("case", stream).bad is None
    assert audit.verify("case", other).bad


def test_the_command_exits_naming_the_first_bad_record(three, stream, triggers_lifted):
    Event.objects.filter(pk=three[1].pk).update(kind="x")
    triggers.install()

    with pytest.raises(CommandError, match=f"case {stream} #2"):
        call_command("verify_audit")


def later(minutes=10):
    return timezone.now() + timedelta(minutes=minutes)


def test_a_checkpoint_finds_a_tail_cut_together_with_its_head(three, stream, triggers_lifted, forget):
    checkpoints.append(later())
    forget(three[2])
    StreamHead.objects.filter(stream=stream).update(seq=2, hash=three[1].hash)
    assert audit.verify().bad is None

    with pytest.raises(checkpoints.Broken, match="counted 3 events in 1 streams; there are 2"):
        checkpoints.prove()


def test_what_comes_after_a_checkpoint_is_no_fault(three, record, stream):
    line = checkpoints.append(timezone.now() + checkpoints.LONGEST_TRANSACTION)
    record(stream)
    record(uuid.uuid4())

    checkpoints.prove()

    assert (line["events"], line["streams"]) == (3, 1)
    assert checkpoints.append(later())["events"] == 5


def test_events_too_young_to_be_complete_are_left_to_the_next_checkpoint(three):
    assert checkpoints.append(timezone.now())["events"] == 0


def test_an_edited_checkpoint_is_named(three, folder):
    checkpoints.append(later(10))
    checkpoints.append(later(20))
    first, second = checkpoints.path().read_text().splitlines()
    checkpoints.path().write_text(json.dumps({**json.loads(first), "events": 2}) + "\n" + second + "\n")

    with pytest.raises(checkpoints.Broken, match="line 1"):
        checkpoints.prove()


def test_a_checkpoint_taken_out_is_missed(three):
    checkpoints.append(later(10))
    checkpoints.append(later(20))
    checkpoints.path().write_text(checkpoints.path().read_text().splitlines()[1] + "\n")

    with pytest.raises(CommandError, match="line 1"):
        call_command("verify_audit")


def test_no_checkpoint_is_written_over_a_bad_trail(three, triggers_lifted):
    Event.objects.filter(pk=three[1].pk).update(kind="x")

    with pytest.raises(checkpoints.Broken):
        checkpoints.append(later())

    assert not checkpoints.path().exists()


def test_the_command_writes_a_checkpoint(three, capsys):
    call_command("verify_audit", "--checkpoint")

    assert "checkpoint " in capsys.readouterr().out
    assert checkpoints.path().exists()


@pytest.mark.django_db(transaction=True)
def test_tables_with_events_can_be_emptied_between_tests(record, stream):
    record(stream)

    with lifted():
        call_command("flush", interactive=False, verbosity=0)

    assert not Event.objects.exists()
    assert triggers.missing() == []
