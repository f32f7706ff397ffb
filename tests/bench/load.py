"""Ask a server the same thing many times, and say how long it took and what the processes spent."""

from __future__ import annotations

import http.client
import os
import threading
import time
import uuid
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 60  # seconds for one answer
ONCE = "ONCE"


@dataclass(frozen=True)
class Ask:
    """One request: how it is called in the table, and what is sent; `status` is what a good answer has."""

    name: str
    path: str
    method: str = "GET"
    body: str = ""  # where it says ONCE, each request says something of its own
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200

    def sent(self) -> str:
        """Return the body of the next request."""
        return self.body.replace(ONCE, uuid.uuid4().hex)


@dataclass(frozen=True)
class Took:
    """What a run took: seconds each, CPU seconds of the server processes, bytes of an answer, how many went wrong."""

    seconds: list[float]
    cpu: float
    size: int
    failed: int

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu / max(1, len(self.seconds))

    def at(self, share: float) -> float:
        """Return that percentile in milliseconds, by nearest rank."""
        ranked = sorted(self.seconds)
        return 1000 * ranked[max(0, -(-int(share * len(ranked)) // 100) - 1)] if ranked else 0.0


def run(ask: Ask, port: int, *, clients: int, requests: int, processes: Iterable[int]) -> Took:
    """Send `requests` in all over `clients` connections that stay open."""
    pids = list(processes)
    lock, left = threading.Lock(), [requests]
    before = spent(pids)
    with ThreadPoolExecutor(clients) as pool:
        parts = list(pool.map(lambda _n: _client(ask, port, lock, left), range(clients)))
    after = spent(pids)
    seconds = [second for part in parts for second in part[0]]
    return Took(seconds, after - before, max(part[1] for part in parts), sum(part[2] for part in parts))


def _client(ask: Ask, port: int, lock: threading.Lock, left: list[int]) -> tuple[list[float], int, int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    seconds: list[float] = []
    size = failed = 0
    while _take(lock, left):
        began = time.perf_counter()
        connection.request(ask.method, ask.path, ask.sent() or None, ask.headers)
        answer = connection.getresponse()
        size = len(answer.read())
        seconds.append(time.perf_counter() - began)
        failed += answer.status != ask.status
    connection.close()
    return seconds, size, failed


def _take(lock: threading.Lock, left: list[int]) -> bool:
    with lock:
        left[0] -= 1
        return left[0] >= 0


def spent(processes: Iterable[int]) -> float:
    """Return the CPU seconds, user and system, that the processes have spent so far."""
    return sum(_spent(pid) for pid in processes) / TICKS


def _spent(pid: int) -> int:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])


def children(pid: int) -> list[int]:
    """Return the processes that a process started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
