"""
Proof outside the database: a growing file of counts and Merkle roots over the heads of all streams.

A line covers the events recorded up to its `before`, which lies far enough back that no transaction of that time
can still be open. Each line holds the HMAC of itself and, in `prev`, that of the line before it. Copy the file to
another machine or mail it: who can write the database and this file and has the key can forge both.
"""

import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from audit.canonical import START
from audit.proof import Verdict, verify

LONGEST_TRANSACTION = timedelta(minutes=5)


class Broken(Exception):
    """The checkpoint file, or the trail measured against it, does not hold; the text says where."""


def path() -> Path:
    return settings.DATA_DIR / "audit-checkpoints.log"


def append(now: datetime) -> dict[str, Any]:
    """Append a line about the trail and return it. Raises Broken instead if anything is bad."""
    lines = list(_lines())
    _compare(lines)
    before = now - LONGEST_TRANSACTION
    verdict = verify(before=before)
    if verdict.bad:
        raise Broken(str(verdict.bad))
    line = _line(verdict, before, lines[-1]["mac"] if lines else START)
    with path().open("a") as file:
        file.write(json.dumps(line) + "\n")
    return line


def prove() -> Verdict:
    """
    Walk the trail and compare it with the last checkpoint; return the verdict.

    The last line covers all that earlier ones covered, since each head covers its whole stream. Raises Broken.
    """
    return _compare(list(_lines()))


def _compare(lines: list[dict[str, Any]]) -> Verdict:
    if not lines:
        return verify()
    last = lines[-1]
    verdict = verify(before=datetime.fromisoformat(last["before"]))
    if verdict.bad is None and (verdict.events, verdict.root) != (last["events"], last["root"]):
        raise Broken(
            f"The checkpoint of {last['before']} counted {last['events']} events in {last['streams']} streams; "
            f"there are {verdict.events} in {verdict.streams} now, or other ones."
        )
    return verdict


def _line(verdict: Verdict, before: datetime, prev: str) -> dict[str, Any]:
    line = {
        "before": before.isoformat(),
        "events": verdict.events,
        "streams": verdict.streams,
        "root": verdict.root,
        "prev": prev,
    }
    return {**line, "mac": _mac(line)}


def _mac(line: dict[str, Any]) -> str:
    body = json.dumps({name: value for name, value in line.items() if name != "mac"}, sort_keys=True)
    return hmac.digest(settings.AUDIT_KEY.encode(), body.encode(), "sha256").hex()


def _lines() -> Iterator[dict[str, Any]]:
    """Yield the file's lines. Raises Broken at the first that was changed or does not follow the one before."""
    prev = START
    texts = path().read_text().splitlines() if path().exists() else []
    for number, text in enumerate(texts, start=1):
        line = _read(text)
        if line is None or line["prev"] != prev:
            raise Broken(f"{path()}, line {number}: it is not what was written.")
        prev = line["mac"]
        yield line


def _read(text: str) -> dict[str, Any] | None:
    """Return the line, or None if it is not one of ours."""
    try:
        line = json.loads(text)
        return line if hmac.compare_digest(line["mac"], _mac(line)) else None
    except (ValueError, KeyError, TypeError):
        return None
