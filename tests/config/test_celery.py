"""Celery is set so that a lost worker, broker or message loses nothing."""

import time
from importlib import import_module
from importlib.util import find_spec

import pytest
from kombu.exceptions import OperationalError

from config import celery


def test_a_task_is_given_back_when_its_worker_dies():
    conf = celery.app.conf

    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1


def test_a_task_that_runs_already_is_not_begun_again_in_the_same_process():
    runs = []

    @celery.app.task(name="tests.once")
    def once():
        runs.append(1)
        assert once() is None

    once()
    once()

    assert runs == [1, 1]


def test_only_json_is_read():
    assert celery.app.conf.accept_content == ["json"]


def test_a_redis_broker_is_given_back_to_within_seconds(settings):
    settings.BROKER_URL = "redis://127.0.0.1:6379/0"

    options = celery._transport()

    assert options["visibility_timeout"] > celery.app.conf.task_time_limit  # else a slow task would run twice
    assert options["unacked_restore_interval"] <= 10
    assert options["socket_connect_timeout"] == options["socket_timeout"] == 2


def test_the_memory_broker_is_asked_often(settings):
    settings.BROKER_URL = "memory://"

    assert celery._transport() == {"polling_interval": 0.02}


def test_publishing_without_a_broker_fails_at_once():
    start = time.monotonic()

    with celery.app.connection_for_write("redis://127.0.0.1:1/0") as connection, pytest.raises(OperationalError):
        celery.app.send_task("nobody.listens", connection=connection, retry=celery.app.conf.task_publish_retry)

    assert time.monotonic() - start < 10


@pytest.mark.parametrize("entry", celery.PERIODIC_WORK.values(), ids=celery.PERIODIC_WORK)
def test_periodic_work_names_a_task_that_needs_no_arguments(entry):
    module, _, name = entry["task"].rpartition(".")

    if find_spec(module) is None:
        pytest.skip(f"{module} is not written yet")
    task = getattr(import_module(module), name)

    assert task.name == entry["task"]
    task.__header__()  # Celery's own check of arguments: none are needed
