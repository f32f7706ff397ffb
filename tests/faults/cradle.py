"""
A process that has loaded the whole house once, and forks from it whatever a row needs: starting anew takes seconds.

As a process: python -m tests.faults.cradle. It reads one JSON object a line ({"log", "database", "mail", "fail",
"do": [name, argument, …]}), answers {"born": pid}, and says {"died": pid, "code": n} of each of its children.
"""

import json
import os
import select
import sys
import traceback
from threading import Event
from typing import Any
from urllib.parse import urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from gunicorn.app import wsgiapp

from audit import failpoints
from config import celery, perseverance
from config.settings import _database
from tests.faults import duels, stock
from tests.processes import seed


def main() -> None:
    """Fork what is asked for until nobody asks any more."""
    celery.app.loader.import_default_modules()
    current_app.finalize()
    connections.close_all()
    say({"ready": os.getpid()})
    waiting = b""
    while True:
        if select.select([0], [], [], 0.02)[0]:
            got = os.read(0, 65536)
            if not got:
                return
            *lines, waiting = (waiting + got).split(b"\n")
            for line in lines:
                say({"born": fork(json.loads(line))})
        while (dead := _waited()) is not None:
            say(dead)


def _waited() -> dict[str, int] | None:
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return {"died": pid, "code": os.waitstatus_to_exitcode(status)} if pid else None


def say(what: dict[str, int]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


def fork(asked: dict[str, Any]) -> int:
    """Start a child in a session of its own; return its process id."""
    if pid := os.fork():
        return pid
    code = 1
    try:
        os.setsid()
        log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for target in (1, 2):
            os.dup2(log, target)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        settle(asked)
        name, *arguments = asked["do"]
        ACTS[name](*arguments)
        code = 0
    except SystemExit as end:
        code = int(end.code or 0) if isinstance(end.code, int | None) else 1
    except BaseException:
        traceback.print_exc()
    connections.close_all()
    sys.stdout.flush()
    os._exit(code)


def settle(asked: dict[str, Any]) -> None:
    """Give this process its database, its mail server and what it fails at."""
    del connections["default"]  # it knows another database
    connections.settings = connections.configure_settings({"default": _database(asked["database"])})
    mail = urlsplit(asked["mail"])
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = mail.hostname, mail.port
    failpoints._POINTS.clear()
    failpoints._POINTS.update(failpoints.read(asked["fail"]))


def nursery(count: int) -> None:
    """Keep so many workers at work for ever; each does all periodic work, and has a successor when it is killed."""
    for _number in range(count):
        _worker()
    sys.stdout.write("Sweeping\n")
    while True:
        _pid, status = os.wait()
        sys.stdout.write(f"A child ended by signal {os.waitstatus_to_exitcode(status)}; the next begins.\n")
        _worker()


def _worker() -> None:
    if os.fork() == 0:
        perseverance.persevere(2, Event())


def web(port: int, processes: int, threads: int) -> None:
    """Serve as gunicorn does in production."""
    where = ("--config", "config/gunicorn.py", "--bind", f"127.0.0.1:{port}")
    sys.argv = ["gunicorn", *where, "--workers", str(processes), "--threads", str(threads)]
    wsgiapp.run()


def manage(*arguments: str) -> None:
    call_command(*arguments)


def sweeper() -> None:
    call_command("sweep", every=2.0)


ACTS = {
    "manage": manage, "sweeper": sweeper, "nursery": nursery, "stock": stock.stock, "people": seed.people,
    "duel": duels.main, "web": web,
}  # fmt: skip


if __name__ == "__main__":
    main()
