"""
Two versions of a contract, clause by clause: what the text says otherwise, which terms differ, and for whom. PURE.

`compare(before, after)` pairs the clauses by number and type, then by a type that each side has once. A change of
terms says which side it favours only where that can be said from this term alone; else it is OPEN.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import auto
from typing import Any

from contracts.amounts import Money
from contracts.clauses.choices import Upper
from contracts.clauses.terms import Terms, is_empty

WORDS = re.compile(
    r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|\s+|.", re.DOTALL
)  # a Chinese character, a word, a space, a sign
SENTENCES = re.compile(r"[^。；.;\n]*[。；.;\n]+|.+", re.DOTALL)
MOST_STEPS = 1_000_000  # of the matcher, for one text; above it whole sentences are compared
SPANS = {"DAY": (1, 1), "WORKDAY": (1, 3), "WEEK": (7, 7), "MONTH": (28, 31), "YEAR": (365, 366)}  # in days


class Way(Upper):
    """Whom a change favours; OPEN where this cannot be said."""

    BUYER = auto()
    SELLER = auto()
    OPEN = auto()


class Kind(Upper):
    """What became of a clause."""

    ADDED = auto()
    REMOVED = auto()
    CHANGED = auto()
    SAME = auto()


class Op(Upper):
    """What became of a piece of text."""

    KEPT = auto()
    REMOVED = auto()
    ADDED = auto()


@dataclass(frozen=True)
class Written:
    """A clause as it stands in one version."""

    number: str
    type: str
    heading: str
    text: str
    terms: Terms | None
    checked: bool
    language: str = ""


@dataclass(frozen=True)
class Piece:
    op: Op
    text: str


@dataclass(frozen=True)
class TermChange:
    """
    One term that differs; None: not agreed there.

    path: the term, or within rows the list, what names the row, and the term ("stages", FINAL_ACCEPTANCE, "days"); a
    row that is new or gone stands whole, as Terms, under (list, name).
    """

    path: tuple[Any, ...]
    before: Any
    after: Any
    way: Way


@dataclass(frozen=True)
class ClauseChange:
    """One clause in both versions."""

    kind: Kind
    before: Written | None
    after: Written | None
    text: tuple[Piece, ...] = ()
    terms: tuple[TermChange, ...] = ()
    way: Way = Way.OPEN

    @property
    def now(self) -> Written:
        """The clause as it stands now, or stood last."""
        found = self.after or self.before
        assert found is not None
        return found


MORE, LESS = 1, -1
FAVOURS_BUYER: dict[tuple[str, str], int] = {  # whether more of it (or yes) favours the buyer
    ("Metric", "lower"): MORE, ("Metric", "upper"): LESS, ("Metric", "tolerance"): LESS,
    ("Metric", "limits_excluded"): MORE,
    ("Acceptance", "deemed"): LESS, ("Acceptance", "deemed_after_days"): MORE,
    ("GuaranteePeriod", "usage_limit"): MORE, ("GuaranteePeriod", "restart_months"): MORE,
    ("GuaranteePeriod", "max_months"): MORE, ("LimitationOfAction", "years"): MORE,
    ("RemedyOrder", "max_repairs"): LESS, ("RemedyOrder", "days_per_attempt"): LESS,
    ("RemedyOrder", "self_repair"): MORE, ("RemedyOrder", "cure_days"): LESS,
    ("Step", "reduction_pct"): MORE,
    ("LdDelay", "rate_pct"): MORE, ("LdDelay", "grace_days"): LESS, ("LdDelay", "exclusive"): LESS,
    ("LdDelay", "shared_fault_reduces"): LESS,
    ("LdPerUnit", "amount_per_unit"): MORE, ("LdPerUnit", "unit_price_pct"): MORE, ("LdPerUnit", "exclusive"): LESS,
    ("LdPerformance", "amount_per_step"): MORE, ("LdPerformance", "tolerance"): LESS, ("LdPerformance", "step"): LESS,
    ("LdPerformance", "exclusive"): LESS, ("LdFixedPct", "exclusive"): LESS, ("BreachRate", "pct"): MORE,
    ("Damages", "heads"): MORE, ("Damages", "proof_required"): LESS,
    ("LiabilityCap", "amount"): MORE, ("LiabilityCap", "pct"): MORE, ("LiabilityCap", "carve_outs"): MORE,
    ("Exclusion", "heads"): LESS,
    ("Retention", "pct"): MORE, ("Retention", "release_days"): MORE, ("Retention", "may_deduct"): MORE,
    ("Retention", "guarantee_instead"): LESS, ("Retention", "interest_pct"): LESS,
    ("Instalment", "days"): MORE, ("Payment", "late_interest_pct"): LESS,
    ("Prevention", "buyer_may_witness"): MORE,
}  # fmt: skip
ANY_CLASS = {"cap_amount": MORE, "cap_pct": MORE}
ENDLESS = {"cap_amount", "cap_pct", "max_months", "usage_limit", "amount", "pct"}  # not agreed means without a limit
RANKS: dict[str, tuple[tuple[str, ...], ...]] = {  # from the worst for the buyer to the best
    "vat": (("VAT_EXCLUDED",), ("VAT_INCLUDED",)),
    "cap_vat": (("VAT_EXCLUDED",), ("VAT_INCLUDED",)),
    "base_kind": (("UNIT_PRICE", "DELAYED_PART", "AFFECTED_GOODS"), ("CONTRACT_PRICE",)),
    "cap_base": (("UNIT_PRICE", "DELAYED_PART", "AFFECTED_GOODS"), ("CONTRACT_PRICE",)),
    "counting": (("DUE_DAY_EXCLUDED",), ("DUE_DAY_INCLUDED",)),
    "grace_kind": (("DEDUCTIBLE",), ("THRESHOLD",), ("NO_GRACE",)),
    "part_week": (("IGNORE",), ("PRORATA",), ("COUNT_FULL",)),
    "part_step": (("IGNORE",), ("PRORATA",), ("COUNT_FULL",)),
    "transport_by": (("BUYER",), ("JOINTLY", "THIRD_PARTY"), ("SELLER",)),
    "dismantling_by": (("BUYER",), ("JOINTLY", "THIRD_PARTY"), ("SELLER",)),
    "travel_by": (("BUYER",), ("JOINTLY", "THIRD_PARTY"), ("SELLER",)),
    "chooser": (("SELLER_CHOOSES",), ("IN_ORDER",), ("BUYER_CHOOSES",)),
    "count_rule": (("ONCE",), ("PER_EVENT", "PER_LOT")),
    "replaced": (("NO_NEW_PERIOD",), ("EXTENDED_BY_DOWNTIME",), ("RESTARTS",)),
}
TIED = {  # terms that can be compared only while these stay the same
    "rate_pct": ("per", "base_kind", "vat"), "cap_pct": ("cap_base", "cap_vat", "cap_amount"),
    "cap_amount": ("cap_pct",), "pct": ("base_kind", "vat", "amount", "breach"), "amount": ("pct",),
    "unit_price_pct": ("vat", "amount_per_unit"), "amount_per_unit": ("unit_price_pct",),
    "vat": ("base_kind", "rate_pct", "pct"), "base_kind": ("vat", "rate_pct", "pct"),
    "cap_vat": ("cap_base", "cap_pct"), "cap_base": ("cap_vat", "cap_pct"),
    "late_interest_pct": ("late_interest_per",), "amount_per_step": ("step", "part_step"),
    "step": ("amount_per_step", "part_step"), "grace_days": ("grace_kind",), "lower": ("unit",), "upper": ("unit",),
    "tolerance": ("unit", "tolerance_kind", "nominal"), "usage_limit": ("usage_unit",), "days": ("trigger",),
}  # fmt: skip
BASES = {"cap_base", "cap_vat", "base_kind", "vat"}
LENGTHS = {"InspectionNotice", "GuaranteeSpan"}  # terms of n units: more time for the buyer
ADDED_FAVOURS = {
    **dict.fromkeys(
        ("LD_DELAY", "LD_PER_UNIT", "LD_PERFORMANCE", "LD_FIXED_PCT", "RETENTION", "PREVENTION"), Way.BUYER
    ),
    **dict.fromkeys(("LIABILITY_CAP", "EXCLUSION", "INSPECTION_NOTICE"), Way.SELLER),
}
ROW_FAVOURS = {"BreachRate": Way.BUYER, "PreventionDuty": Way.BUYER, "Metric": Way.BUYER}
ROW_NAMES = ("stage", "breach", "duty", "kind", "characteristic", "name", "from_value", "start")


def compare(before: Iterable[Written], after: Iterable[Written]) -> list[ClauseChange]:
    """Return what became of each clause: in the order of the newer version, then those that are gone."""
    old, new = list(before), list(after)
    pairs = _pairs(old, new)
    changes = [_changed(pairs[id(clause)], clause) if id(clause) in pairs else _added(clause) for clause in new]
    kept = {id(clause) for clause in pairs.values()}
    return [*changes, *(_removed(clause) for clause in old if id(clause) not in kept)]


def _pairs(old: list[Written], new: list[Written]) -> dict[int, Written]:
    """Return the earlier clause of each later one that has one, by the id of the later one."""
    exact = {(clause.number, clause.type): clause for clause in old}
    pairs = {id(clause): exact[key] for clause in new if (key := (clause.number, clause.type)) in exact}
    taken = {id(clause) for clause in pairs.values()}
    free_old = [clause for clause in old if id(clause) not in taken]
    free_new = [clause for clause in new if id(clause) not in pairs]
    once = Counter(clause.type for clause in free_old)
    again = Counter(clause.type for clause in free_new)
    for clause in free_new:
        if once[clause.type] == again[clause.type] == 1:
            pairs[id(clause)] = next(each for each in free_old if each.type == clause.type)
    return pairs


def _added(clause: Written) -> ClauseChange:
    way = ADDED_FAVOURS.get(clause.type, Way.OPEN)
    return ClauseChange(Kind.ADDED, None, clause, (Piece(Op.ADDED, clause.text),), way=way)


def _removed(clause: Written) -> ClauseChange:
    way = _other(ADDED_FAVOURS.get(clause.type, Way.OPEN))
    return ClauseChange(Kind.REMOVED, clause, None, (Piece(Op.REMOVED, clause.text),), way=way)


def _changed(before: Written, after: Written) -> ClauseChange:
    terms = tuple(_terms(before.terms, after.terms))
    same = (before.number, before.heading, before.text) == (after.number, after.heading, after.text)
    kind = Kind.SAME if same and not terms else Kind.CHANGED
    return ClauseChange(kind, before, after, text_changes(before.text, after.text), terms, overall(terms))


def overall(changes: Iterable[TermChange]) -> Way:
    """Return whom changes favour together: OPEN unless all of them favour the same side."""
    ways = {change.way for change in changes if not _follows(change)}
    return ways.pop() if len(ways) == 1 else Way.OPEN


def _follows(change: TermChange) -> bool:
    """Return whether a base only comes or goes with its percentage."""
    return change.path[-1] in BASES and (change.before is None or change.after is None)


def _other(way: Way) -> Way:
    return {Way.BUYER: Way.SELLER, Way.SELLER: Way.BUYER}.get(way, Way.OPEN)


def text_changes(before: str, after: str) -> tuple[Piece, ...]:
    """Return the later text in pieces, with what was taken out; by words, and by characters where it is Chinese."""
    if before == after:
        return (Piece(Op.KEPT, after),) if after else ()
    for parts in (WORDS, SENTENCES):
        old, new = parts.findall(before), parts.findall(after)
        head = _alike(old, new)
        tail = _alike(old[head:][::-1], new[head:][::-1])
        middle = old[head : len(old) - tail], new[head : len(new) - tail]
        if len(middle[0]) * len(middle[1]) <= MOST_STEPS:
            same = (Piece(Op.KEPT, "".join(each)) for each in (new[:head], new[len(new) - tail :]) if each)
            first = [next(same)] if head else []
            return (*first, *_pieces(*middle), *same)
    return tuple(Piece(op, text) for op, text in ((Op.REMOVED, before), (Op.ADDED, after)) if text)


def _alike(old: list[str], new: list[str]) -> int:
    """Return how many parts both begin with."""
    return next((place for place, (was, now) in enumerate(zip(old, new, strict=False)) if was != now),
                min(len(old), len(new)))  # fmt: skip


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for op, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            yield Piece(Op.KEPT, "".join(new[begin:end]))
            continue
        if last > first:
            yield Piece(Op.REMOVED, "".join(old[first:last]))
        if end > begin:
            yield Piece(Op.ADDED, "".join(new[begin:end]))


def _terms(before: Terms | None, after: Terms | None) -> Iterator[TermChange]:
    """Yield each term that differs; terms that were not structured before are no change of the agreement."""
    if before is None or after is None or type(before) is not type(after):
        return
    if type(after).__name__ in LENGTHS and _length(before) != _length(after):
        yield TermChange(("n",), _length(before), _length(after), _longer_way(before, after))
    for name in after.asks():
        old, new = getattr(before, name), getattr(after, name)
        if old == new or (is_empty(old) and is_empty(new)):
            continue
        if name in ("n", "unit") and type(after).__name__ in LENGTHS:
            continue
        if _is_rows(old) or _is_rows(new):
            yield from _rows(name, old or (), new or ())
        else:
            yield TermChange((name,), _given(old), _given(new), _way(before, after, name))


def _given(value: Any) -> Any:
    return None if is_empty(value) else value


def _is_rows(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Terms)


def _rows(name: str, old: tuple[Terms, ...], new: tuple[Terms, ...]) -> Iterator[TermChange]:
    earlier, later = _by_name(old), _by_name(new)
    for key, row in later.items():
        if key not in earlier:
            yield TermChange((name, key), None, row, ROW_FAVOURS.get(type(row).__name__, Way.OPEN))
            continue
        for change in _terms(earlier[key], row):
            yield TermChange((name, key, *change.path), change.before, change.after, change.way)
    for key, row in earlier.items():
        if key not in later:
            yield TermChange((name, key), row, None, _other(ROW_FAVOURS.get(type(row).__name__, Way.OPEN)))


def _by_name(rows: tuple[Terms, ...]) -> dict[Any, Terms]:
    """Return rows by what names them, or by their place where that names two of them."""
    names = [next((getattr(row, name) for name in ROW_NAMES if name in row.asks()), None) for row in rows]
    unique = len(set(names)) == len(names) and None not in names
    return dict(zip(names if unique else range(1, len(rows) + 1), rows, strict=True))


def _way(before: Terms, after: Terms, name: str) -> Way:
    """Return whom a changed term favours, if that can be said from it alone."""
    shape, old, new = type(after).__name__, getattr(before, name), getattr(after, name)
    tied = [other for other in TIED.get(name, ()) if other in after.asks()]
    if (old is None) != (new is None):
        tied = [other for other in tied if other not in BASES]
    if any(getattr(before, other) != getattr(after, other) for other in tied):
        return Way.OPEN
    if name in RANKS:
        return _signed(_rank(name, new) - _rank(name, old)) if old and new else Way.OPEN
    favours = FAVOURS_BUYER.get((shape, name), ANY_CLASS.get(name, 0))
    return _signed(favours * _more(old, new, endless=name in ENDLESS))


def _signed(number: int) -> Way:
    return Way.BUYER if number > 0 else Way.SELLER if number < 0 else Way.OPEN


def _rank(name: str, value: Any) -> int:
    return next((place for place, same in enumerate(RANKS[name]) if value in same), 0)


def _length(terms: Any) -> tuple[int, Any]:
    return terms.n, terms.unit


def _longer_way(before: Any, after: Any) -> Way:
    return _signed(_longer(before, after)) if before.start == after.start else Way.OPEN


def _longer(before: Any, after: Any) -> int:
    """Return 1 for a longer period, −1 for a shorter one, 0 where months and days leave it open."""
    (low, high), (least, most) = (tuple(each.n * days for days in SPANS[each.unit]) for each in (before, after))
    if before.unit == after.unit:
        return (after.n > before.n) - (after.n < before.n)
    return (least > high) - (most < low)


def _more(old: Any, new: Any, *, endless: bool) -> int:
    """Return 1 where the new value is more, −1 where it is less, 0 where they cannot be compared."""
    if old is None or new is None:
        return ((new is None) - (old is None)) if endless else 0
    match old, new:
        case (int(), int()) | (Decimal(), Decimal()):  # no and yes are 0 and 1
            return int(new > old) - int(new < old)
        case (Money(), Money()) if old.currency == new.currency:
            return (old < new) - (new < old)
        case (tuple(), tuple()):
            return (set(old) < set(new)) - (set(new) < set(old))
    return 0
