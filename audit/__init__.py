"""
What happened: one append-only, hash-chained `Event` per fact, which is also the outbox.

`record`, `record_all` and `record_many` write, `verify` proves, `erase` forgets personal text without breaking the
proof; `hold` keeps a stream to one transaction.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit.chain import Entry, erase, hold, record, record_all, record_many
    from audit.proof import Bad, Verdict, verify

__all__ = ["Bad", "Entry", "Verdict", "erase", "hold", "record", "record_all", "record_many", "verify"]

_PROOF = {"Bad", "Verdict", "verify"}


def __getattr__(name: str) -> Any:
    """Import on first use: models cannot be imported while Django still loads its apps."""
    if name not in __all__:
        raise AttributeError(name)
    from audit import chain, proof

    return getattr(proof if name in _PROOF else chain, name)
