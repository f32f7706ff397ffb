"""
The form of a contract file, and all that can be wrong with it. PURE.

    form: redress-contract-1
    contract: {number, title, customer, currency, status, …}
    versions: [{effective_from, …, clauses: [{number, type, heading, text, language, …, terms: {…}}]}]

The terms are those of the forms (`contracts.clauses`): what is mandatory there is so here, and nothing has a default.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from contracts.amounts import Money
from contracts.clauses import TERMS, Problem, Terms, TermsError
from contracts.clauses.asking import Amount, Currency, part
from contracts.clauses.choices import Upper
from contracts.clauses.kinds import Bad, Choice, Day, Text, Whole, YesNo
from contracts.clauses.terms import asked, is_empty
from contracts.paperfile.nodes import Fault, Node, Unreadable, parse

FORM = "redress-contract-1"
MOST_VERSIONS, MOST_CLAUSES = 50, 500
MOST_TEXT = 50_000
Places = dict[str, tuple[int, int]]  # line and column of a field
YEARS = range(1900, 2201)


class Status(Upper):
    """How far a contract is."""

    DRAFT = "DRAFT"
    IN_FORCE = "IN_FORCE"
    FULFILLED = "FULFILLED"
    TERMINATED = "TERMINATED"


class Tongue(Upper):
    """A language that a text may be in."""

    EN = "en"
    ZH_HANS = "zh-hans"


class Line(Text):
    """A text on one line; line breaks become spaces."""

    def read(self, raw: Any) -> str:
        return " ".join(super().read(raw).split())


class PaperDay(Day):
    """A day of the years that a form takes too (accounts.fields): further out a day more leaves the calendar."""

    def read(self, raw: Any) -> date:
        found = super().read(raw)
        if found.year not in YEARS:
            raise Bad("year_out_of_reach", least=YEARS.start, most=YEARS.stop - 1)
        return found


class ClauseKind:
    """A type of clause."""

    def read(self, raw: Any) -> str:
        if not isinstance(raw, str) or raw not in TERMS:
            raise Bad("unknown_choice", given=raw, options=", ".join(TERMS))
        return raw

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True, kw_only=True)
class Header(Terms):
    """The contract itself. customer and project are codes."""

    number: str = asked(Line(60))
    title: str = asked(Line(200))
    title_zh: str = asked(Line(200), default="")
    customer: str = asked(Line(60))
    project: str = asked(Line(60), default="")
    status: Status = asked(Choice(Status))
    signed_on: date | None = asked(PaperDay(), default=None)
    currency: str = asked(Currency())
    price: Decimal | None = asked(Amount(), default=None)
    price_includes_vat: bool | None = asked(YesNo(), default=None)
    vat_pct: Decimal | None = asked(part(), default=None)

    def problems(self) -> list[Problem]:
        if self.money is None or self.money.rounded().amount == self.money.amount:
            return [Problem("price", "over", (("limit", "2^63"),))] if self.money and self.money.minor >= 2**63 else []
        digits = -int(self.money.rounded().amount.as_tuple().exponent)
        return [Problem("price", "minor_digits", (("currency", self.currency), ("digits", str(digits))))]

    @property
    def money(self) -> Money | None:
        return None if self.price is None else Money(self.price, self.currency)


@dataclass(frozen=True, kw_only=True)
class VersionHead(Terms):
    """The days and the language of a version; an end is said of the last version only."""

    effective_from: date = asked(PaperDay())
    effective_to: date | None = asked(PaperDay(), default=None)
    governing_language: Tongue | None = asked(Choice(Tongue), default=None)
    note: str = asked(Text(1000), default="")

    def problems(self) -> list[Problem]:
        if self.effective_to and self.effective_to < self.effective_from:
            return [Problem("effective_to", "upside_down")]
        return []


@dataclass(frozen=True, kw_only=True)
class ClauseHead(Terms):
    """The paper of a clause."""

    number: str = asked(Line(20))
    type: str = asked(ClauseKind())
    heading: str = asked(Line(200))
    heading_zh: str = asked(Line(200), default="")
    page: int | None = asked(Whole(1, 30_000), default=None)
    language: Tongue = asked(Choice(Tongue))
    text: str = asked(Text(MOST_TEXT))


@dataclass(frozen=True)
class PaperClause:
    head: ClauseHead
    terms: Terms | None


@dataclass(frozen=True)
class PaperVersion:
    head: VersionHead
    clauses: tuple[PaperClause, ...]


@dataclass(frozen=True)
class Paper:
    """A whole contract. `places` holds line and column of its header's fields, for what only the database knows."""

    header: Header
    versions: tuple[PaperVersion, ...]
    places: dict[str, tuple[int, int]]

    @property
    def clauses(self) -> int:
        return sum(len(version.clauses) for version in self.versions)


def read(content: bytes, also: Callable[[Header, Places], Iterable[Fault]] | None = None) -> Paper:
    """
    Return the contract that the file holds. Raises Unreadable with every fault and its place.

    also: what else is wrong with a header, asked as soon as that can be read, whatever the rest of the file is like.
    """
    root, faults = parse(content)
    reader = _Reader(faults, also)
    paper = reader.paper(root)
    if reader.faults or paper is None:
        raise Unreadable(*sorted(reader.faults, key=lambda fault: (fault.line, fault.column)))
    return paper


class _Reader:
    """Reads part by part and gathers what is wrong."""

    def __init__(self, faults: list[Fault], also: Callable[[Header, Places], Iterable[Fault]] | None) -> None:
        self.faults, self.also = list(faults), also

    def paper(self, root: Node) -> Paper | None:
        if not isinstance(root.value, dict):
            self._fault("not_an_object", root)
            return None
        self._strange(root, {"form", "contract", "versions"})
        if root.value.get("form") is None or root.value["form"].plain != FORM:
            self.faults.append(Fault("form", *root.place("form"), "form", (("form", FORM),)))
        header = self._head(Header, self._part(root, "contract"))
        places = {name: root.place(f"contract.{name}") for name in Header.asks()}
        if header is not None and self.also is not None:
            self.faults += self.also(header, places)
        found = list(self._versions(self._list(root, "versions", MOST_VERSIONS)))
        heads = self._dated(root, [head for head, _clauses in found])
        versions = [
            PaperVersion(head, clauses)
            for head, (_head, clauses) in zip(heads, found, strict=True)
            if head is not None and None not in clauses
        ]
        return None if header is None or len(versions) < len(found) else Paper(header, tuple(versions), places)

    def _versions(self, nodes: list[Node]) -> Iterator[tuple[VersionHead | None, tuple[Any, ...]]]:
        """Yield the head and the clauses of each version, None for what could not be read."""
        for node in nodes:
            head = self._head(VersionHead, node, beside={"clauses"})
            yield head, tuple(self._clauses(self._list(node, "clauses", MOST_CLAUSES, needed=False)))

    def _clauses(self, nodes: list[Node]) -> Iterator[Any]:
        seen: set[tuple[str, str]] = set()
        for node in nodes:
            head = self._head(ClauseHead, node, beside={"terms"})
            kind = node.value.get("type") if isinstance(node.value, dict) else None
            terms = self._terms(node, kind.plain if kind else None)
            if head is not None and (head.number, head.type) in seen:
                self.faults.append(Fault("clause_twice", *node.place("number"), "number"))
            if head is not None:
                seen.add((head.number, head.type))
            yield None if head is None else PaperClause(head, terms)

    def _terms(self, node: Node, kind: Any) -> Terms | None:
        """Return the typed terms; without any the clause is text only."""
        terms = node.value.get("terms") if isinstance(node.value, dict) else None
        if terms is None or is_empty(terms.plain) or not isinstance(kind, str) or kind not in TERMS:
            return None
        return self._head(TERMS[kind], terms)

    def _head(self, shape: type[Any], node: Node | None, beside: set[str] = frozenset()) -> Any:  # type: ignore[assignment]
        """Return the typed values of a part, or None and its faults."""
        if node is None:
            return None
        if not isinstance(node.value, dict):
            self._fault("not_an_object", node)
            return None
        try:
            return shape.from_data({key: value.plain for key, value in node.value.items() if key not in beside})
        except TermsError as error:
            self.faults += [_located(node, problem) for problem in error.problems]
            return None

    def _part(self, node: Node, name: str) -> Node | None:
        found: Node | None = node.value.get(name)
        if found is None or found.value is None:
            self.faults.append(Fault("required", *node.place(name), name))
            return None
        return found

    def _list(self, node: Node, name: str, most: int, *, needed: bool = True) -> list[Node]:
        found: Node | None = node.value.get(name) if isinstance(node.value, dict) else None
        if found is None or found.value is None or found.value == []:
            if needed:
                self.faults.append(Fault("required", *node.place(name), name))
            return []
        if not isinstance(found.value, list):
            self.faults.append(Fault("not_a_list", found.line, found.column, name))
            return []
        if len(found.value) > most:
            over = found.value[most]
            self.faults.append(Fault("too_many", over.line, over.column, name, (("limit", str(most)),)))
        return found.value[:most]

    def _dated(self, root: Node, heads: list[VersionHead | None]) -> list[VersionHead | None]:
        """Return the heads, each ended the day before the next one; say those that do not follow one another."""
        dated = list(heads)
        for place, (head, following) in enumerate(pairwise(heads)):
            if head is None or following is None:
                continue
            if following.effective_from <= head.effective_from:
                path = f"versions.{place + 1}.effective_from"
                self.faults.append(Fault("version_order", *root.place(path), "effective_from"))
                continue
            last = following.effective_from - timedelta(days=1)
            if head.effective_to is not None and head.effective_to != last:
                path, days = f"versions.{place}.effective_to", (("day", last.isoformat()),)
                self.faults.append(Fault("version_gap", *root.place(path), "effective_to", days))
            dated[place] = replace(head, effective_to=last)
        return dated

    def _strange(self, node: Node, known: set[str]) -> None:
        self.faults += [Fault("unknown_part", *place, key[:60]) for key, place in node.keys.items() if key not in known]

    def _fault(self, code: str, node: Node) -> None:
        self.faults.append(Fault(code, node.line, node.column))


def _located(node: Node, problem: Problem) -> Fault:
    return Fault(problem.code, *node.place(problem.field), problem.field, problem.params)
