"""People who log complaints and read pages at a steady pace, and keep book of what they were told."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

from tests import servers
from tests.faults.ledger import Outcome, percentile
from tests.faults.stage import Stage
from tests.processes.house import send

READS = ("/login/", "/api/v1/complaints/?page_size=5")


@dataclass
class Traffic:
    """
    So many requests a second, every other one a new complaint. A complaint that was not acknowledged is posted again
    under its own key until it is, as a client does; `refs` holds what clients were told is there.
    """

    stage: Stage
    rate: float
    patience: float = 20
    port: int = field(default_factory=servers.free_port)
    statuses: Counter[int] = field(default_factory=Counter)
    refs: dict[str, str] = field(default_factory=dict)  # by what the complaint says
    took: list[tuple[float, float, int]] = field(default_factory=list)  # (when, seconds, status) of posts
    without_hint: int = 0  # answers 503 that do not say when to come back
    asked: int = 0
    gave_up: int = 0

    def __post_init__(self) -> None:
        self.chance = self.stage.chance
        self.token = self.stage.do("manage", "issue_token", "ada@demo.test").split()[-1]
        self.over, self.lock = threading.Event(), threading.Lock()
        self.people: list[threading.Thread] = []
        self.pacer = threading.Thread(target=self._pace, daemon=True)

    def __enter__(self) -> Traffic:
        self.pacer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.pacer.join()
        for person in self.people:
            person.join(self.patience + 45)

    def _pace(self) -> None:
        start, number = time.monotonic(), 0
        while not self.over.is_set():
            act = self._log if number % 2 else self._read
            person = threading.Thread(target=act, daemon=True)
            person.start()
            self.people.append(person)
            number += 1
            self.over.wait(max(0.0, start + number / self.rate - time.monotonic()))

    def _read(self) -> None:
        path = self.chance.choice(READS)
        self._ask("GET", path)

    def _log(self) -> None:
        said, end = f"The gearbox hums: {uuid.uuid4()}", time.monotonic() + self.patience
        body = json.dumps({"customer": "ACME", "description": said, "found_on": "2026-05-11"})
        while True:
            begun = time.monotonic()
            status, text = self._ask("POST", "/api/v1/complaints/", body, said[-36:])
            with self.lock:
                self.took.append((begun, time.monotonic() - begun, status))
            if status in (200, 201):
                with self.lock:
                    self.refs[said] = json.loads(text)["ref"]
                return
            if time.monotonic() > end:
                self.gave_up += 1
                return
            time.sleep(0.5)

    def _ask(self, method: str, path: str, body: str = "", key: str = "") -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {self.token}"}
        if body:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        status, head, text = send(self.port, method, path, body, **headers)
        with self.lock:
            self.asked += 1
            self.statuses[status] += 1
            self.without_hint += status == 503 and "Retry-After" not in head
        return status, text

    @property
    def slowest(self) -> float:
        return max((seconds for _when, seconds, _status in self.took), default=0.0)

    def p95(self, since: float = 0, until: float = float("inf")) -> float:
        """Return the 95th percentile of the seconds of posts that were begun then."""
        return percentile([seconds for when, seconds, _status in self.took if since <= when < until], 95)

    def served(self, since: float, until: float) -> float:
        """Return the share of posts begun then that were taken at once."""
        posts = [status for when, _seconds, status in self.took if since <= when < until]
        return sum(status in (200, 201) for status in posts) / len(posts) if posts else 0.0

    def first_taken(self, since: float) -> float:
        """Return after how many seconds a post was taken for the first time."""
        ends = [when + seconds for when, seconds, status in self.took if status in (200, 201)]
        return min((end - since for end in ends if end >= since), default=float("inf"))

    def words(self) -> str:
        return ", ".join(f"{count}×{status or 'no answer'}" for status, count in sorted(self.statuses.items()))

    def judge(self, outcome: Outcome, *, may_refuse: bool = False) -> None:
        """Compare the clients' book with the database: every case that was promised is there, and once."""
        rows = self.stage.house.rows("SELECT description, ref FROM complaints_complaint WHERE ref NOT LIKE 'QC-2025-%'")
        kept = Counter(said for said, _ref in rows)
        outcome.lost += sum((said, ref) not in set(rows) for said, ref in self.refs.items())
        outcome.duplicates += sum(count - 1 for count in kept.values())
        bad = {status: count for status, count in self.statuses.items() if status >= 500 and status != 503}
        outcome.want(not bad, f"answers {bad}")
        outcome.want(self.refs, "no complaint was taken at all")
        if may_refuse:
            outcome.want(not self.without_hint, f"{self.without_hint} answers 503 without Retry-After")
        else:
            refused = self.statuses[503] + self.statuses[0]
            outcome.want(not refused, f"{refused} requests were refused or not answered")
