"""
A tree as the rows of a form: each row has its level, and what is below it follows it. PURE.

The moves return new rows and change nothing else; they serve pages without scripts, and do what the script does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

Rows = list["Row"]


@dataclass(frozen=True)
class Row:
    """
    One row. id: of what is kept already, None for a new one; base: digest of how that read when the form was made.

    gone: to be removed when the form is sent, and until then to be brought back; bone: the card it lies on.
    """

    id: int | None = None
    level: int = 1
    text: str = ""
    test: str = ""
    evidence: str = ""
    result: str = "OPEN"
    bone: str = ""
    gone: bool = False
    base: str = ""

    @property
    def blank(self) -> bool:
        """Tell whether it says nothing and never did."""
        return self.id is None and not (self.text or self.test or self.evidence)

    @property
    def digest(self) -> str:
        """Return what tells whether its words were changed."""
        said = "\x1f".join((self.text, self.test, self.evidence, self.result))
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    @property
    def touched(self) -> bool:
        """Tell whether its words differ from those that the form was made with."""
        return self.base != self.digest


def block(rows: Sequence[Row], n: int) -> int:
    """Return where what belongs to row `n` ends: the place after the last row below it."""
    end = n + 1
    while end < len(rows) and rows[end].level > rows[n].level:
        end += 1
    return end


def settled(rows: Sequence[Row]) -> Rows:
    """Return the rows with levels that fit: none is deeper than one below the row before it that stays."""
    before, standing, found = 0, 0, []
    for row in rows:
        before = max(1, min(row.level, (before if row.gone else standing) + 1))
        standing = standing if row.gone else before
        found.append(replace(row, level=before))
    return found


def spoken(rows: Sequence[Row]) -> Rows:
    """Return the rows that shall stand: without those that go, and without empty ones that nothing is said below."""

    def empty(n: int) -> bool:
        return all(row.blank or row.gone for row in rows[n : block(rows, n)])

    return settled([row for n, row in enumerate(rows) if not row.gone and not empty(n)])


def numbers(rows: Sequence[Row]) -> list[str]:
    """Return what each row is called: its level, a letter from the second at that level on; "" for one that goes."""
    counts: list[int] = []
    found = []
    for row in rows:
        if row.gone:
            found.append("")
            continue
        counts = [*counts[: row.level], *[-1] * (row.level - len(counts))]
        counts[row.level - 1] += 1
        found.append(f"{row.level}{chr(ord('a') + min(counts[-1], 25)) if counts[-1] else ''}")
    return found


def _child(rows: Rows, n: int) -> tuple[Rows, int]:
    end = block(rows, n)
    return [*rows[:end], Row(level=rows[n].level + 1, bone=rows[n].bone), *rows[end:]], end


def _beside(rows: Rows, n: int) -> tuple[Rows, int]:
    end = block(rows, n)
    return [*rows[:end], Row(level=rows[n].level, bone=rows[n].bone), *rows[end:]], end


def _shifted(rows: Rows, n: int, by: int) -> tuple[Rows, int]:
    end = block(rows, n)
    moved = [replace(row, level=max(1, row.level + by)) for row in rows[n:end]]
    return settled([*rows[:n], *moved, *rows[end:]]), n


def _in(rows: Rows, n: int) -> tuple[Rows, int]:
    return _shifted(rows, n, 1)


def _out(rows: Rows, n: int) -> tuple[Rows, int]:
    return _shifted(rows, n, -1) if rows[n].level > 1 else (rows, n)


def _up(rows: Rows, n: int) -> tuple[Rows, int]:
    before = n - 1
    while before >= 0 and rows[before].level >= rows[n].level:
        if rows[before].level == rows[n].level and not rows[before].gone:
            end = block(rows, n)
            return [*rows[:before], *rows[n:end], *rows[before:n], *rows[end:]], before
        before -= 1
    return rows, n


def _down(rows: Rows, n: int) -> tuple[Rows, int]:
    end = after = block(rows, n)
    while after < len(rows) and rows[after].level == rows[n].level:
        last = block(rows, after)
        if not rows[after].gone:
            return [*rows[:n], *rows[end:last], *rows[n:end], *rows[last:]], n + last - end
        after = last
    return rows, n


def _remove(rows: Rows, n: int) -> tuple[Rows, int]:
    """Mark the row and all below it; rows that never said anything just go."""
    end = block(rows, n)
    marked = [replace(row, gone=True) for row in rows[n:end] if not row.blank]
    return [*rows[:n], *marked, *rows[end:]], max(0, n - 1)


def _restore(rows: Rows, n: int) -> tuple[Rows, int]:
    """Bring the row back with all below it."""
    end = block(rows, n)
    return settled([*rows[:n], *(replace(row, gone=False) for row in rows[n:end]), *rows[end:]]), n


MOVES: dict[str, Callable[[Rows, int], tuple[Rows, int]]] = {
    "child": _child, "beside": _beside, "in": _in, "out": _out, "up": _up, "down": _down,
    "remove": _remove, "restore": _restore,
}  # fmt: skip


def move(rows: Sequence[Row], name: str, n: int) -> tuple[Rows, int]:
    """Return the rows after a move of row `n`, and the place to go on at; the same rows for what there is not."""
    kept = settled(rows)
    if name not in MOVES or not 0 <= n < len(kept):
        return kept, max(0, min(n, len(kept) - 1))
    return MOVES[name](kept, n)


def merged(mine: Sequence[Row], theirs: Sequence[Row]) -> tuple[Rows, dict[int, Row], dict[int, str]]:
    """
    Return what I wrote with what was kept meanwhile, so that no text is lost.

    mine: rows with their `base`; theirs: the rows as kept now. What I did not touch takes their words. Second: by
    place, their row where both of us wrote. Third: by place, "added" or "removed" meanwhile, or "taken" from them.
    """
    kept = {row.id: row for row in theirs}
    rows: Rows = []
    both: dict[int, Row] = {}
    noted: dict[int, str] = {}
    for row in mine:
        now = kept.get(row.id) if row.id is not None else None
        if now is None and row.id is not None:
            if row.gone:
                continue
            noted[len(rows)] = "removed"
            row = replace(row, id=None)  # kept no longer: sent again, it is a new one
        elif now is not None and now.digest != row.base:
            if row.touched or row.gone:
                if now.digest != row.digest:
                    both[len(rows)] = now
            else:
                noted[len(rows)] = "taken"
                row = replace(now, level=row.level)
        rows.append(replace(row, base=now.digest) if now else row)
    return _with_added(rows, mine, theirs, both, noted)


def _with_added(
    rows: Rows, mine: Sequence[Row], theirs: Sequence[Row], both: dict[int, Row], noted: dict[int, str]
) -> tuple[Rows, dict[int, Row], dict[int, str]]:
    """Put each row that came meanwhile after the row it stood after."""
    known = {row.id for row in mine}
    tagged = [(row, both.get(n), noted.get(n, "")) for n, row in enumerate(rows)]
    for place, row in enumerate(theirs):
        if row.id in known:
            continue
        before = theirs[place - 1].id if place else None
        at = next(
            (n + 1 for n, (each, *_) in enumerate(tagged) if before is not None and each.id == before), len(tagged)
        )
        tagged.insert(at if before is not None else 0, (replace(row, base=row.digest), None, "added"))
    rows = settled([row for row, *_ in tagged])
    return (
        rows,
        {n: now for n, (_, now, _) in enumerate(tagged) if now is not None},
        {n: note for n, (*_, note) in enumerate(tagged) if note},
    )
