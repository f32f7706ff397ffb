"""
Named places where a test makes a process fail (REDRESS_FAIL). In production the setting stops the start, and nothing
is there but an empty call.

REDRESS_FAIL="name:act, name=key:act@n, …": at the place of that name (and of that key, such as a row's), the process is
killed (`kill`), stands still until somebody continues it (`stop`), raises (`raise`) or waits (`sleep=SECONDS`): each
time, or only the n-th time that it comes by.

    sweep.clock (key: the clock's)   about to climb            delivery.claimed   mails are leased, none was sent
    sweep.before_commit              clocks climbed, not kept   delivery.handed    the mail server took a mail
    fanout.before_commit             deliveries made, not kept
"""

import os
import re
import signal
import time
from itertools import count

from django.conf import settings

PLACES = ("sweep.clock", "sweep.before_commit", "fanout.before_commit", "delivery.claimed", "delivery.handed")
_SPELT = re.compile(
    r"(?P<name>[\w.]+)(=(?P<key>\w+))?:(?P<act>kill|stop|raise|sleep=(?P<seconds>[\d.]+))(@(?P<turn>\d+))?"
)


class Injected(Exception):
    """A failure that a test asked for."""


class _Point:
    def __init__(self, found: re.Match[str]) -> None:
        self.name, self.act, self.seconds = found["name"], found["act"], float(found["seconds"] or 0)
        self.turn, self.times = int(found["turn"] or 0), count(1)

    def hit(self) -> None:
        if self.turn and next(self.times) != self.turn:
            return
        if self.act == "raise":
            raise Injected(self.name)
        if self.seconds:
            time.sleep(self.seconds)
        else:
            os.kill(os.getpid(), signal.SIGKILL if self.act == "kill" else signal.SIGSTOP)


def read(text: str) -> dict[tuple[str, str], _Point]:
    """Return the points by name and key. Raises ValueError for what is not spelt as above, or a place that is not."""
    points = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _SPELT.fullmatch(part)
        if not found or found["name"] not in PLACES:
            raise ValueError(f"REDRESS_FAIL: {part!r} is no failure at one of {', '.join(PLACES)}.")
        points[found["name"], found["key"] or ""] = _Point(found)
    return points


_POINTS = read(settings.FAIL)


def _reach(name: str, key: object = "") -> None:
    """Fail here if a test asked for it."""
    for wanted in {(name, ""), (name, str(key))} & _POINTS.keys():
        _POINTS[wanted].hit()


def _pass(name: str, key: object = "") -> None:
    """Go on."""


reach = _reach if _POINTS else _pass
