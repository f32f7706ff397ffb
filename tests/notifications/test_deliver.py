"""From deliveries to mails: the same Message-ID on every attempt, and never two of them."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from audit.models import Event
from complaints import clocks, letters
from complaints.models import Complaint
from notifications import delivery
from notifications.delivery import LEASE, deliver, retry
from notifications.fanout import fan_out
from notifications.models import Delivery
from tests.cast import NOON
from tests.notifications.conftest import BUSY, REFUSED

pytestmark = pytest.mark.django_db


def test_a_mail_goes_out_once(owed, ada):
    assert deliver(NOON) == 1
    assert deliver(NOON) == 0

    [message] = mail.outbox
    assert message.to == ["ada@demo.test"]
    assert message.subject == "About QC-2026-00001"
    assert message.body == "Due 12 May 2026, 12:00 (UTC+08:00)\n"
    sent = Delivery.objects.get()
    assert (sent.state, sent.sent_at, sent.owner, sent.attempts) == ("SENT", NOON, "", 1)


def test_headers_say_that_a_machine_wrote_and_which_case_it_is(owed):
    deliver(NOON)

    headers = mail.outbox[0].message()
    assert headers["Message-ID"] == owed.message_id
    assert headers["References"] == f"<{owed.event.stream}@127.0.0.1>"
    assert headers["Auto-Submitted"] == "auto-generated"


def test_what_is_not_due_waits(owed):
    assert deliver(NOON - timedelta(seconds=1)) == 0


@pytest.mark.parametrize("state", ["SENT", "DEAD", "STALE", "HELD"])
def test_what_is_over_or_held_is_never_sent(owed, state):
    Delivery.objects.update(state=state, sent_at=NOON)

    assert deliver(NOON + timedelta(days=9)) == 0
    assert mail.outbox == []


def test_a_busy_server_is_tried_again_under_the_same_id(owed, server):
    server.says = {"*": BUSY}
    deliver(NOON)
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.attempts) == ("RETRY", 1)
    assert NOON + timedelta(minutes=1) <= waiting.next_at < NOON + timedelta(minutes=2)
    assert "Try later" in waiting.last_error

    server.says = {}
    assert deliver(waiting.next_at) == 1

    assert server.taken[0].message()["Message-ID"] == owed.message_id


def test_the_text_stays_as_it_was_at_the_first_attempt(owed, server):
    server.says = {"*": BUSY}
    deliver(NOON)
    Delivery.objects.update(params={"ref": "changed"})
    server.says = {}

    deliver(NOON + timedelta(hours=1))

    assert server.taken[0].subject == "About QC-2026-00001"


def test_waits_grow_to_six_hours_and_end_after_eight_attempts(owed, server):
    server.says = {"*": smtplib.SMTPServerDisconnected("gone")}
    now, waits = NOON, []
    while Delivery.objects.get().state != "DEAD":
        deliver(now)
        row = Delivery.objects.get()
        waits.append((row.next_at - now) // timedelta(minutes=1))
        now = row.next_at

    assert len(waits) == Delivery.objects.get().attempts == 8
    assert waits == [*sorted(waits[:-1]), 0]
    assert 360 <= waits[-2] < 432


def test_a_refused_reader_is_given_up_at_once(owed, server):
    server.says = {"*": REFUSED}

    deliver(NOON)

    dead = Delivery.objects.get()
    assert (dead.state, dead.attempts) == ("DEAD", 1)
    assert dead.last_error == "550 No such user"


@pytest.mark.parametrize(
    ("error", "permanent"),
    [
        (REFUSED, True),
        (BUSY, False),
        (smtplib.SMTPDataError(554, b"spam"), True),
        (smtplib.SMTPDataError(452, b"full"), False),
        (smtplib.SMTPAuthenticationError(535, b"who are you"), False),
        (smtplib.SMTPSenderRefused(550, b"not you", "x"), False),
        (smtplib.SMTPConnectError(554, b"no"), False),
        (ConnectionRefusedError(), False),
        (TimeoutError(), False),
        (ValueError("a header with a line break"), True),
    ],
)
def test_only_what_the_server_says_of_this_mail_is_final(error, permanent):
    assert delivery.is_permanent(error) is permanent


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (smtplib.SMTPDataError(554, "邮件被拒".encode()), "554 邮件被拒"),
        (smtplib.SMTPDataError(554, b"\xff"), "554 \ufffd"),
        (ConnectionRefusedError(111, "refused"), "ConnectionRefusedError: [Errno 111] refused"),
    ],
)
def test_what_went_wrong_is_said_in_words(error, words):
    assert delivery.in_short(error) == words


def test_one_bad_address_does_not_hold_up_the_others(happen, told, server, ada, lee, max):
    told += [ada, lee, max]
    happen()
    fan_out(NOON)
    Delivery.objects.filter(recipient=lee).update(address="lee@demo.test\nBcc: all@demo.test")

    assert deliver(NOON) == 2

    assert sorted(message.to[0] for message in server.taken) == ["ada@demo.test", "max@demo.test"]
    assert Delivery.objects.get(recipient=lee).state == "DEAD"


def test_a_template_that_fails_is_tried_again_and_seen(owed):
    Delivery.objects.update(template="no_such_template")

    deliver(NOON)

    assert Delivery.objects.get().state == "RETRY"
    assert "no_such_template" in Delivery.objects.get().last_error


def test_a_server_that_is_away_is_asked_once_per_batch(happen, told, server, ada, lee, max):
    told += [ada, lee, max]
    happen()
    fan_out(NOON)
    server.away = ConnectionRefusedError(111, "refused")

    assert deliver(NOON) == 0

    assert server.opened == 1
    assert sorted(Delivery.objects.values_list("state", "attempts")) == [("READY", 0), ("READY", 0), ("RETRY", 1)]
    server.away = None
    assert deliver(NOON + timedelta(hours=1)) == 3


def test_a_server_that_hangs_up_is_left_alone_until_the_next_round(happen, told, server, ada, lee, max):
    told += [ada, lee, max]
    happen()
    fan_out(NOON)
    server.says = {"*": smtplib.SMTPServerDisconnected("Connection unexpectedly closed: timed out")}

    assert deliver(NOON) == 0

    assert sorted(Delivery.objects.values_list("state", "attempts")) == [("READY", 0), ("READY", 0), ("RETRY", 1)]


def test_a_batch_uses_one_connection(happen, told, server, ada, lee, max):
    told += [ada, lee, max]
    happen()
    fan_out(NOON)

    deliver(NOON)

    assert server.opened == 1


def test_a_batch_that_takes_too_long_gives_the_rest_back(owed, server, monkeypatch):
    ticks = iter([0.0, 0.0, *[LEASE.total_seconds()] * 9])
    monkeypatch.setattr(delivery.time, "monotonic", lambda: next(ticks))

    assert deliver(NOON) == 0

    assert Delivery.objects.values_list("state", "attempts", "owner").get() == ("READY", 0, "")


def test_a_worker_that_died_before_sending_loses_nothing(owed, server):
    delivery._claim(NOON, 10, "dead worker")

    assert deliver(NOON + LEASE) == 0
    assert deliver(NOON + LEASE + timedelta(seconds=1)) == 1


def test_a_worker_that_died_after_sending_repeats_the_same_id(owed, server):
    [claimed] = delivery._claim(NOON, 10, "dead worker")
    delivery._Post().send(delivery._message(claimed))  # and killed before it could write that down

    deliver(NOON + LEASE + timedelta(seconds=1))

    first, second = server.taken
    assert first.message()["Message-ID"] == second.message()["Message-ID"] == owed.message_id
    assert Delivery.objects.get().state == "SENT"


def test_a_worker_whose_lease_ran_out_changes_nothing(owed, server):
    [claimed] = delivery._claim(NOON, 10, "slow worker")
    later = NOON + LEASE + timedelta(seconds=1)
    deliver(later)

    assert delivery._finish(claimed, state="RETRY") is False
    delivery._failed(claimed, REFUSED, later)

    assert Delivery.objects.values_list("state", "sent_at").get() == ("SENT", later)


def test_a_mail_over_which_workers_keep_dying_is_given_up(owed):
    now = NOON
    for _ in range(8):
        assert len(delivery._claim(now, 10, "worker that dies")) == 1
        now += LEASE + timedelta(seconds=1)

    assert deliver(now) == 0

    dead = Delivery.objects.get()
    assert (dead.state, dead.last_error) == ("DEAD", delivery.GAVE_UP)


def test_a_dead_mail_can_be_sent_again_under_its_old_id(owed, server, root):
    server.says = {"*": REFUSED}
    deliver(NOON)
    server.says = {}

    delivery.retry(Delivery.objects.get(), by=root, at=NOON)
    delivery.retry(Delivery.objects.get(), by=root, at=NOON)
    deliver(NOON)

    assert [message.message()["Message-ID"] for message in server.taken] == [owed.message_id]
    assert Event.objects.filter(kind="delivery.retried", by_id=root.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_server_is_talked_to(owed, server, monkeypatch):
    seen = []
    monkeypatch.setattr(server, "open", lambda self: seen.append(connection.in_atomic_block))

    assert deliver(NOON) == 1
    assert seen == [False]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_four_at_once_send_each_once(happen, told, server, ada, lee):
    told += [ada, lee]
    for _ in range(20):
        happen()
    fan_out(NOON)

    def work():
        while deliver(NOON, limit=5):
            pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    ids = [message.extra_headers["Message-ID"] for message in server.taken]
    assert len(ids) == len(set(ids)) == 40


@pytest.fixture
def letter(acme):
    """An initial analysis that was sent, with its mail owed and its clock stopped; the reader refuses it."""
    case = Complaint.objects.create(
        ref="QC-2026-00123", state="RESPONDING", customer=acme, title="x", description="x", received_at=NOON,
        registered_at=NOON, found_on=NOON.date(), contact_email="gone@acme.test",
    )  # fmt: skip
    with transaction.atomic():
        clocks.open_cycle(case, start=NOON, at=NOON, by=None)
        letter = letters.freeze(case, "INITIAL", by=None, at=NOON, send=True)
        clocks.stop(case, "INITIAL", at=NOON + timedelta(hours=1), by=None)
    fan_out(NOON)
    return letter


def test_a_letter_that_died_blocks_its_case_and_its_clock_runs_again(letter, server, cleo):
    later = NOON + timedelta(hours=2)
    server.says = {"gone@acme.test": REFUSED}

    deliver(later)

    clock = letter.complaint.clocks.get(metric="INITIAL")
    assert (clock.stopped_at, clock.due_at) == (None, NOON + timedelta(hours=48))
    task = letter.complaint.tasks.get()
    assert (task.kind, task.blocking, task.status) == ("sending_failed", True, "OPEN")
    fan_out(later)
    assert Delivery.objects.get(template="sending_failed").recipient == cleo


def test_a_letter_sent_after_all_stops_its_clock_when_it_went_out(letter, server, lee):
    server.says = {"gone@acme.test": REFUSED}
    deliver(NOON + timedelta(hours=2))
    server.says = {}

    retry(Delivery.objects.get(letter=letter.number), by=lee, at=NOON + timedelta(hours=3))
    deliver(NOON + timedelta(hours=4))

    clock = letter.complaint.clocks.get(metric="INITIAL")
    assert (clock.state, clock.stopped_at) == ("STOPPED", NOON + timedelta(hours=4))
    assert letter.complaint.tasks.get().status == "DONE"


def test_a_letter_that_never_failed_leaves_the_clock_as_its_verb_left_it(letter, server):
    deliver(NOON + timedelta(hours=4))

    assert letter.complaint.clocks.get(metric="INITIAL").stopped_at == NOON + timedelta(hours=1)


def test_a_letter_that_cannot_be_given_up_whole_is_given_up_later(letter, server, monkeypatch):
    server.says = {"gone@acme.test": REFUSED}
    monkeypatch.setattr(letters, "sending_failed", lambda letter, *, at: 1 / 0)

    deliver(NOON)
    assert Delivery.objects.get(letter=letter.number).state == "LEASED"

    monkeypatch.undo()
    deliver(NOON + LEASE + timedelta(seconds=1))
    assert letter.complaint.tasks.filter(kind="sending_failed").count() == 1
