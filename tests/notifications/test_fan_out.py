"""From events to deliveries: each meaning once, nothing lost, a bad event alone."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection

from accounts.roles import Role
from audit.models import Pending
from notifications import fanout, recipients
from notifications.fanout import fan_out
from notifications.models import Delivery
from notifications.notice import to_address, to_user
from tests.cast import NOON


def test_each_recipient_gets_one_delivery_and_the_mark_goes(happen, told, ada, lee):
    told += [ada, lee]
    event = happen()

    assert fan_out(NOON) == 1

    assert not Pending.objects.exists()
    assert set(Delivery.objects.values_list("event", "address", "state", "next_at")) == {
        (event.pk, "ada@demo.test", "READY", NOON),
        (event.pk, "lee@demo.test", "READY", NOON),
    }


def test_a_second_pass_tells_nobody_again(happen, told, ada):
    told.append(ada)
    happen()
    fan_out(NOON)

    assert fan_out(NOON) == 0
    assert Delivery.objects.count() == 1


def test_the_same_meaning_is_told_once_however_often_it_is_recorded(happen, told, ada, monkeypatch):
    monkeypatch.setitem(recipients.TABLE, "test.told", lambda event: [to_user(ada, "test", "sla:1:INITIAL:0")])
    happen()
    happen()

    assert fan_out(NOON) == 2
    assert Delivery.objects.count() == 1


def test_message_id_and_address_are_fixed_at_creation(owed):
    assert owed.message_id == f"<{owed.uuid}@127.0.0.1>"


def test_silent_events_only_lose_their_mark(happen, monkeypatch):
    monkeypatch.setitem(recipients.SILENT, "test.silent", "a test")
    happen("test.silent")

    assert fan_out(NOON) == 1
    assert not Pending.objects.exists()
    assert not Delivery.objects.exists()


def test_somebody_without_an_address_is_left_out(happen, monkeypatch):
    monkeypatch.setitem(recipients.TABLE, "test.told", lambda event: [to_address("", "en", "test", "x")])
    happen()

    assert fan_out(NOON) == 1
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(0), "READY"),
        (timedelta(hours=24), "READY"),
        (timedelta(hours=24, microseconds=1), "STALE"),
        (timedelta(days=400), "STALE"),
    ],
)
def test_an_event_of_more_than_a_day_ago_is_never_sent(happen, told, ada, age, state):
    told.append(ada)
    happen(at=NOON - age)

    fan_out(NOON)

    assert Delivery.objects.get().state == state


def test_a_bad_event_delays_nobody_and_is_given_up_after_eight_tries(happen, told, ada):
    told.append(ada)
    bad = happen("kind.nobody.knows")
    happen()
    now = NOON

    assert fan_out(now) == 1
    assert Delivery.objects.count() == 1
    for _ in range(20):
        now += timedelta(hours=2)
        fan_out(now)

    mark = Pending.objects.get()
    assert (mark.event, mark.attempts) == (bad, 8)
    assert mark.dead_at is not None
    assert "kind.nobody.knows" in mark.last_error


def test_a_bad_event_waits_longer_each_time(happen):
    happen("kind.nobody.knows")
    fan_out(NOON)

    fan_out(NOON + timedelta(seconds=4))
    assert Pending.objects.get().attempts == 1
    fan_out(NOON + timedelta(seconds=5))
    assert Pending.objects.get().attempts == 2


def test_new_events_go_before_those_that_failed(happen, told, ada):
    told.append(ada)
    for _ in range(3):
        happen("kind.nobody.knows")
    fan_out(NOON)
    happen()

    assert fan_out(NOON + timedelta(hours=1), limit=1) == 1


def test_an_event_that_was_given_up_can_be_revived(happen, told, ada, root):
    event = happen("kind.nobody.knows")
    Pending.objects.update(dead_at=NOON, attempts=8)
    assert fan_out(NOON + timedelta(days=9)) == 0

    fanout.revive(Pending.objects.get(), by=root, at=NOON)

    mark = Pending.objects.get(event=event)
    assert (mark.dead_at, mark.attempts) == (None, 0)


def test_a_worker_that_died_after_its_claim_loses_nothing(happen, told, ada):
    told.append(ada)
    happen()
    happen()
    fanout._claim(NOON, 10)  # and then the process was killed

    assert fan_out(NOON) == 0
    assert fan_out(NOON + timedelta(seconds=5), limit=1) == 1  # one at a time now
    assert fan_out(NOON + timedelta(seconds=5)) == 1
    assert Delivery.objects.count() == 2


def test_a_worker_that_was_overtaken_changes_nothing(happen, told, ada):
    told.append(ada)
    happen()
    _, [(pk, attempts)] = fanout._claim(NOON, 10)
    fan_out(NOON + timedelta(minutes=1))

    assert fanout._done(pk, attempts, NOON) is False
    assert Delivery.objects.count() == 1


def test_nothing_half_done_when_writing_fails(happen, told, ada, monkeypatch):
    told.append(ada)
    happen()
    monkeypatch.setattr(Pending, "delete", lambda self: 1 / 0)

    assert fan_out(NOON) == 0
    assert not Delivery.objects.exists()
    assert Pending.objects.exists()


def test_many_events_are_told_in_few_statements(happen, told, ada, lee, django_assert_max_num_queries):
    told += [ada, lee]
    for _ in range(30):
        happen()

    with django_assert_max_num_queries(20):
        assert fan_out(NOON) == 30

    assert Delivery.objects.count() == 60


def test_roles_are_read_anew_for_each_batch(happen, monkeypatch, lee):
    monkeypatch.setitem(
        recipients.TABLE, "test.told",
        lambda event: [to_user(user, "test", f"{event.pk}") for user in recipients._holding(Role.QM)],
    )  # fmt: skip
    happen()
    happen()
    fan_out(NOON)
    lee.is_active = False
    lee.save()
    happen()
    happen()

    fan_out(NOON)

    assert Delivery.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_four_at_once_tell_each_once(happen, told, ada, lee):
    told += [ada, lee]
    stream = uuid.uuid4()
    for _ in range(40):
        happen(stream=stream)
    done = []

    def work():
        done.append(fan_out(NOON))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(done) == 40
    assert Delivery.objects.count() == 80
    assert not Pending.objects.exists()
