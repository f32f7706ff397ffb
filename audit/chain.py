"""Writing the trail: append under the stream's lock, and forget personal text."""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction

from audit.canonical import PRIVATE, START, aware, event_hash, plain, text_digest
from audit.models import Event, Private, StreamHead


class Somebody(Protocol):
    """Whoever acts: a user of accounts, which this app does not know."""

    pk: Any


@dataclass(frozen=True)
class Entry:
    """One thing to record. `at` is aware; `private` maps names to personal or free texts, which can be erased."""

    kind: str
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, str] | None = None


def record(
    stream_kind: str,
    stream: uuid.UUID,
    kind: str,
    *,
    by: Somebody | None,
    at: datetime,
    facts: Mapping[str, Any],
    private: Mapping[str, str] | None = None,
) -> Event:
    """
    Append one event to a stream and owe the telling of it; return it.

    `at` is the aware business moment, `by` None for the system. Facts hold ids, codes, Decimals, dates and moments;
    what is personal or free text goes into `private`.
    Raises TransactionManagementError outside a transaction, ValueError or TypeError for facts without one spelling.
    """
    return record_all(stream_kind, stream, [Entry(kind, at, facts, private)], by=by)[0]


def record_all(stream_kind: str, stream: uuid.UUID, entries: Sequence[Entry], *, by: Somebody | None) -> list[Event]:
    """
    Append several events to one stream, in order. Otherwise as `record`.

    Two statements, three with private texts: a trigger moves the head and owes the telling (audit/triggers.py).
    """
    return record_many(stream_kind, {stream: entries}, by=by)


def record_many(stream_kind: str, entries: Mapping[uuid.UUID, Sequence[Entry]], *, by: Somebody | None) -> list[Event]:
    """Append several events to several streams of one kind, in as many statements as to one. Otherwise as `record`."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Record an event in the transaction of its change.")
    drafts = [_draft(stream_kind, stream, entry, by) for stream, told in entries.items() for entry in told]
    heads = _locked_heads(stream_kind, sorted(entries))
    for event, _ in drafts:
        _link(event, heads[event.stream])
    events = Event.objects.bulk_create(event for event, _ in drafts)
    Private.objects.bulk_create(text for _, texts in drafts for text in texts)
    return events


def hold(stream_kind: str, stream: uuid.UUID) -> None:
    """Wait until nobody else writes a stream, and keep it to this transaction, which records in it or undoes itself."""
    _locked_heads(stream_kind, [stream])


def _draft(stream_kind: str, stream: uuid.UUID, entry: Entry, by: Somebody | None) -> tuple[Event, list[Private]]:
    """Return the event without its place in the chain, and its texts."""
    event = Event(stream_kind=stream_kind, stream=stream, kind=entry.kind, at=aware(entry.at))
    event.by_id = by.pk if by else None
    event.facts = plain(entry.facts)
    if PRIVATE in event.facts:
        raise ValueError(f"The fact name {PRIVATE!r} is taken; give such texts as private=.")
    texts = [_private(event, name, text) for name, text in (entry.private or {}).items()]
    if texts:
        event.facts[PRIVATE] = {text.name: text_digest(text.salt, text.text) for text in texts}
    return event, texts


def _private(event: Event, name: str, text: str) -> Private:
    return Private(event=event, name=plain(name), salt=secrets.token_hex(16), text=plain(text))


@dataclass
class _Head:
    """The end of a stream, and the database's clock when it was locked."""

    seq: int
    hash: str
    clock: datetime


_LOCK = """
    INSERT INTO audit_streamhead (stream_kind, stream, seq, hash) VALUES {}
    ON CONFLICT (stream_kind, stream) DO UPDATE SET seq = audit_streamhead.seq
    RETURNING stream, seq, hash, """
_NOW = {"postgresql": "clock_timestamp()", "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')"}


def _locked_heads(stream_kind: str, streams: Sequence[uuid.UUID]) -> dict[uuid.UUID, _Head]:
    """Return the heads of the streams, locked in that order until the transaction ends; a new stream begins at 0."""
    column = StreamHead._meta.get_field("stream")
    keys = {column.get_db_prep_value(stream, connection): stream for stream in streams}
    rows = [value for key in keys for value in (stream_kind, key, START)]
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(", ".join(["(%s, %s, 0, %s)"] * len(keys))) + _NOW[connection.vendor], rows)
        return {keys[key]: _Head(seq, last, _aware(now)) for key, seq, last, now in cursor.fetchall()}


def _aware(now: datetime | str) -> datetime:
    return now if isinstance(now, datetime) else datetime.fromisoformat(now).replace(tzinfo=UTC)


def _link(event: Event, head: _Head) -> None:
    """Give the event its place behind the head, and move the head onto it."""
    event.prev, event.seq, event.recorded_at = head.hash, head.seq + 1, head.clock
    event.hash = event_hash(
        settings.AUDIT_KEY.encode(),
        event.prev,
        event.stream_kind,
        event.stream,
        event.seq,
        event.kind,
        event.by_id,
        event.at,
        event.recorded_at,
        event.facts,
    )
    head.seq, head.hash = event.seq, event.hash


def erase(event: Event, names: Sequence[str] | None = None) -> int:
    """Delete the event's personal texts with their salts, all or those named; return how many. The chain holds."""
    texts = Private.objects.filter(event=event)
    if names is not None:
        texts = texts.filter(name__in=names)
    return texts.delete()[0]
