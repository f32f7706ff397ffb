"""The one spelling of a fact that is hashed and stored. Pure: no models, no settings."""

import hmac
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any

START = "0" * 64  # stands before the first event of a stream
PRIVATE = "private"  # the key in an event's facts that holds the digests of its erasable texts

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def plain(value: Any) -> Any:
    """
    Return the fact as JSON can hold it, the same on every database.

    Decimals, dates, moments (in UTC) and UUIDs become strings, enum members their values, tuples lists.
    Raises TypeError for what has no single spelling (floats, sets, lazy texts, objects), ValueError for a naive
    moment, an endless Decimal or a text that a database cannot store.
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return _storable(str(value))
    if isinstance(value, Mapping):
        return {_key(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return _spelt(value)


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("A fact cannot hold the character NUL.")
    text.encode()  # a lone surrogate raises UnicodeEncodeError, which is a ValueError
    return text


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"A fact is named by a text, not by {key!r}.")
    return _storable(str(key))


def _spelt(value: Any) -> str:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is not an amount.")
        return f"{value:f}"
    if isinstance(value, datetime):
        return aware(value).astimezone(UTC).isoformat()
    if isinstance(value, date | uuid.UUID):
        return str(value)
    raise TypeError(f"A fact cannot be a {type(value).__name__}; give a text, a whole number or a Decimal.")


def aware(moment: datetime) -> datetime:
    """Return the moment. Raises ValueError if it has no time zone."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone.")
    return moment


def event_hash(
    key: bytes,
    prev: str,
    stream_kind: str,
    stream: uuid.UUID,
    seq: int,
    kind: str,
    by_id: int | None,
    at: datetime,
    recorded_at: datetime,
    facts: Any,
) -> str:
    """Return the HMAC-SHA256, in hex, of an event and of all before it (through `prev`). `facts` are plain."""
    body = [prev, stream_kind, stream.hex, seq, kind, by_id, _micros(at), _micros(recorded_at), facts]
    return hmac.digest(key, _encode(body).encode(), "sha256").hex()


def _micros(moment: datetime) -> int:
    """Return the moment as whole microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def text_digest(salt: str, text: str) -> str:
    """Return what stands in the chain for an erasable text: without the salt nobody can guess the text from it."""
    return hmac.digest(bytes.fromhex(salt), text.encode(), "sha256").hex()


def merkle_root(leaves: list[bytes]) -> str:
    """Return the Merkle root, in hex, of 32-byte leaves in any order."""
    level = sorted(leaves) or [sha256(b"").digest()]
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        level = [sha256(left + right).digest() for left, right in zip(level[::2], level[1::2], strict=True)]
    return level[0].hex()
