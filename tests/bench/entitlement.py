"""
Measure assessments per second on one core: a contract of twelve clauses and a case under it, in three states.

bin/bench entitlement [--seconds S]

Each state is assessed whole, every gate, head and remedy with its working; the aim is 1,000 a second.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import perf_counter, process_time

HOUSE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOUSE))

from contracts.entitlement import assess  # noqa: E402
from contracts.entitlement_record import canonical  # noqa: E402
from tests.contracts.paper import SIGNED, facts, home, paper  # noqa: E402

CASES = {
    "all facts known": {},
    "notice too late": {"notified_on": "2026-04-20"},
    "half of it unknown": {"seller_knew": None, "defect": None, "seller_share_pct": None, "contract_price": None},
}
ROUNDS = 5
ROW = "{:<22}{:>16}{:>16}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench entitlement", description=__doc__.splitlines()[1])
    parser.add_argument("--seconds", type=float, default=0.5, help="how long each case is assessed, five times (0.5)")
    options = parser.parse_args()
    clauses, calendar = paper(), home()
    print(ROW.format("case", "assessments/s", "with bytes/s"))
    for name, changes in CASES.items():
        known = facts(**changes)

        def plain(known=known):
            return assess(known, clauses, as_of=SIGNED, calendar=calendar)

        def stored(plain=plain):
            return canonical(plain())

        print(ROW.format(name, *(f"{best(ask, options.seconds):,.0f}" for ask in (plain, stored))), flush=True)


def best(ask, seconds: float) -> float:
    """Return the best of some rounds, in calls per second of processor time: what one core can do."""
    return max(_round(ask, seconds) for _ in range(ROUNDS))


def _round(ask, seconds: float) -> float:
    number, began, used = 0, perf_counter(), process_time()
    while perf_counter() - began < seconds:
        for _ in range(10):
            ask()
        number += 10
    return number / (process_time() - used)


if __name__ == "__main__":
    main()
