"""Figures and rows on a page: a figure that opens its formula, a cell that is marked by more than its text."""

from dataclasses import dataclass, field
from typing import Any

Label = Any


@dataclass(frozen=True)
class Figure:
    """One figure with the lines of its formula; `tone` is that of a badge, "" for none."""

    label: Label
    value: str
    lines: list[str] = field(default_factory=list)
    tone: str = ""


@dataclass(frozen=True)
class Badge:
    """A cell that is marked by more than its text."""

    text: str
    tone: str


@dataclass(frozen=True)
class Table:
    """Heads and rows of text and Badges. The first column names the row."""

    caption: Label
    heads: list[Label]
    rows: list[list[Any]]

    @property
    def labelled(self) -> list[list[tuple[Label, Any]]]:
        """Return the rows, each cell with its head, for a page that sets them below each other."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]
