"""Faults: real processes, real signals, and a ledger of what must not be lost or doubled."""
