"""The time engine under faults: real processes, real signals, both databases. bin/faults; docs/operations.md."""
