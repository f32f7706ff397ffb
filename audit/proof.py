"""Proving the trail: every hash again, every head, every text, and the last checkpoint outside the database."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

from django.conf import settings

from audit.canonical import PRIVATE, START, event_hash, merkle_root, text_digest
from audit.models import Event, Private, StreamHead

_COLUMNS = ("prev", "stream_kind", "stream", "seq", "kind", "by_id", "at", "recorded_at", "facts", "hash")
_PREV, _KIND, _STREAM, _SEQ, _RECORDED_AT, _HASH = 0, 1, 2, 3, 7, 9
_CHUNK = 2000


@dataclass(frozen=True)
class Bad:
    """The first record that does not hold: its place and why, in a sentence for the operator."""

    stream_kind: str
    stream: uuid.UUID
    seq: int
    why: str

    def __str__(self) -> str:
        return f"{self.stream_kind} {self.stream} #{self.seq}: {self.why}"


@dataclass
class Verdict:
    """What a walk over the trail found. `events`, `streams` and `root` count what was recorded up to `before`."""

    bad: Bad | None = None
    walked: int = 0
    events: int = 0
    leaves: list[bytes] = field(default_factory=list, repr=False)

    @property
    def streams(self) -> int:
        return len(self.leaves)

    @property
    def root(self) -> str:
        """The Merkle root over the heads, in hex."""
        return merkle_root(self.leaves)


def verify(
    stream_kind: str | None = None, stream: uuid.UUID | None = None, *, before: datetime | None = None
) -> Verdict:
    """
    Walk the trail, all of it or one stream, and say what is the first bad record, if any.

    An edited, missing, moved or cut-off event is found, and a text that is not the one recorded; an erased text is
    right. `before` (aware) bounds the counts and the root of the verdict by `recorded_at`, not the walk.
    """
    where: dict[str, Any] = {"stream_kind": stream_kind, "stream": stream}
    where = {name: value for name, value in where.items() if value is not None}
    verdict = Verdict()
    verdict.bad = _walk(where, before, verdict) or _bad_text(where)
    return verdict


def _walk(where: dict[str, Any], before: datetime | None, verdict: Verdict) -> Bad | None:
    """Compare each stream's events with each other and with its head; both come in the same order."""
    heads = _heads(where)
    for place, rows in groupby(_rows(where), key=lambda row: (row[_KIND], row[_STREAM])):
        head = next(heads, None)
        if head is None or head[:2] != place:
            return _unmatched(place, head)
        bad, last = _bad_link(rows, before, verdict)
        if bad or (bad := _bad_head(head, last)):
            return bad
    return next((_all_cut(head) for head in heads), None)


def _rows(where: dict[str, Any]) -> Iterator[tuple]:
    events = Event.objects.filter(**where).order_by("stream_kind", "stream", "seq")
    return events.values_list(*_COLUMNS).iterator(_CHUNK)


def _heads(where: dict[str, Any]) -> Iterator[tuple]:
    heads = StreamHead.objects.filter(**where, seq__gt=0).order_by("stream_kind", "stream")
    return heads.values_list("stream_kind", "stream", "seq", "hash").iterator(_CHUNK)


def _bad_link(rows: Iterator[tuple], before: datetime | None, verdict: Verdict) -> tuple[Bad | None, tuple]:
    """Return the first row that does not follow from the one before it, or None; and the last row seen."""
    key = settings.AUDIT_KEY.encode()
    prev, seq, counted, row = START, 0, None, ()
    for row in rows:
        seq += 1
        if why := _wrong(key, prev, seq, row):
            return Bad(row[_KIND], row[_STREAM], seq, why), row
        prev = row[_HASH]
        if before is None or row[_RECORDED_AT] <= before:
            verdict.events += 1
            counted = row
    verdict.walked += seq
    if counted:
        verdict.leaves.append(_leaf(counted))
    return None, row


def _wrong(key: bytes, prev: str, seq: int, row: tuple) -> str | None:
    """Return why the row cannot stand in this place; None if it can."""
    if row[_SEQ] != seq:
        return f"it is missing; #{row[_SEQ]} follows instead."
    if row[_HASH] != event_hash(key, *row[:_HASH]):
        return "its content is not what was recorded."
    if row[_PREV] != prev:
        return "it does not follow the event before it."
    return None


def _leaf(row: tuple) -> bytes:
    return sha256(f"{row[_KIND]}:{row[_STREAM]}:{row[_SEQ]}:{row[_HASH]}".encode()).digest()


def _bad_head(head: tuple, last: tuple) -> Bad | None:
    kind, stream, seq, hash_ = head
    if last[_SEQ] < seq:
        return Bad(kind, stream, last[_SEQ] + 1, f"it is missing; the stream ends early, it had {seq} events.")
    if last[_SEQ] > seq or last[_HASH] != hash_:
        return Bad(kind, stream, last[_SEQ], "the head of the stream is another event.")
    return None


def _unmatched(place: tuple[str, uuid.UUID], head: tuple | None) -> Bad:
    """Return what is wrong when the next stream with events and the next head are not the same."""
    if head and not Event.objects.filter(stream_kind=head[0], stream=head[1]).exists():
        return _all_cut(head)
    return Bad(*place, 1, "the stream has no head.")


def _all_cut(head: tuple) -> Bad:
    return Bad(head[0], head[1], 1, f"it is missing with the whole stream, which had {head[2]} events.")


def _bad_text(where: dict[str, Any]) -> Bad | None:
    texts = Private.objects.filter(**{f"event__{name}": value for name, value in where.items()})
    columns = ("name", "salt", "text", "event__stream_kind", "event__stream", "event__seq", "event__facts")
    for name, salt, text, kind, stream, seq, facts in texts.order_by("pk").values_list(*columns).iterator(_CHUNK):
        if facts.get(PRIVATE, {}).get(name) != text_digest(salt, text):
            return Bad(kind, stream, seq, f"its text {name!r} is not what was recorded.")
    return None
