"""Typed terms: frozen dataclasses that read themselves from raw data, or say everything that is wrong. PURE."""

from dataclasses import MISSING, Field, dataclass, field, fields
from types import SimpleNamespace
from typing import Any, ClassVar, Self

from contracts.clauses.kinds import Bad, Kind, Path, Problem


class TermsError(ValueError):
    """The data are no terms of the clause type; `problems` names each field with its fault."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(", ".join(f"{problem.field}: {problem.code}" for problem in problems))


def asked(kind: Kind, *, default: Any = MISSING, when: tuple[str, Any] | None = None) -> Any:
    """
    Return a field of terms.

    Without a default it must be given. With `when=(name, value)` it must be given if that field has (or, for several
    choices, contains) that value, and may not be given otherwise.
    """
    if when:
        default = None
    return field(default=default, metadata={"kind": kind, "when": when})


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The structured terms of one clause; a subclass per clause type declares its fields with `asked`."""

    _asked: ClassVar[dict[str, Field[Any]]]  # of this class itself, found once

    @classmethod
    def from_data(cls, data: Any) -> Self:
        """Return the terms that the raw data give. Raises TermsError with every problem found."""
        if not isinstance(data, dict):
            raise TermsError([Problem("", "not_an_object")])
        values, problems = cls._read(data)
        problems += [Problem(str(name), "unknown_field") for name in data if name not in cls.asks()]
        if problems:
            raise TermsError(problems + _unmet_beside(cls, values, problems))
        terms = cls(**values)
        if problems := _unmet(terms) + terms.problems():
            raise TermsError(problems)
        return terms

    @classmethod
    def asks(cls) -> dict[str, Field[Any]]:
        """Return the declared fields by name, in order; those that the class inherits stand last."""
        if "_asked" not in cls.__dict__:
            own = cls.__annotations__
            cls._asked = {item.name: item for item in sorted(fields(cls), key=lambda item: item.name not in own)}
        return cls._asked

    @classmethod
    def _read(cls, data: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
        """Return the values that could be read and the problems of the others."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, item in cls.asks().items():
            raw = data.get(name)
            if is_empty(raw):
                problems += [Problem(name, "required")] if item.default is MISSING else []
                continue
            try:
                values[name] = item.metadata["kind"].read(raw)
            except Bad as bad:
                problems += [within(name, problem) for problem in bad.problems]
        return values, problems

    def to_data(self) -> dict[str, Any]:
        """Return JSON-ready data that `from_data` reads back to equal terms; fields left out are not in it."""
        given = {name: getattr(self, name) for name in self.asks() if not is_empty(getattr(self, name))}
        return {name: self.asks()[name].metadata["kind"].write(value) for name, value in given.items()}

    def problems(self) -> list[Problem]:
        """Return what is wrong between the fields, each of which is right in itself."""
        return []


def _unmet_beside(cls: type[Terms], values: dict[str, Any], problems: list[Problem]) -> list[Problem]:
    """Return what `_unmet` would say of the fields that could be read, so that all is said at once."""
    wrong = {problem.field.partition(".")[0] for problem in problems}
    asks = {name: item for name, item in cls.asks().items() if item.metadata["when"] is not None}
    sound = {name: item for name, item in asks.items() if not wrong & {name, item.metadata["when"][0]}}
    partial = {name: values.get(name, None if item.default is MISSING else item.default)
               for name, item in cls.asks().items()}  # fmt: skip
    return _unmet(SimpleNamespace(**partial), sound)


def _unmet(terms: Any, asks: dict[str, Field[Any]] | None = None) -> list[Problem]:
    """Return the fields that are missing, or given though they do not apply, because of another field."""
    problems = []
    for name, item in (terms.asks() if asks is None else asks).items():
        if item.metadata["when"] is None:
            continue
        other, value = item.metadata["when"]
        applies, given = _holds(getattr(terms, other), value), not is_empty(getattr(terms, name))
        if applies != given:
            problems.append(Problem(name, "required" if applies else "not_applicable"))
    return problems


def _holds(actual: Any, value: Any) -> bool:
    return value in actual if isinstance(actual, tuple) else actual == value


def is_empty(raw: Any) -> bool:
    """Return whether nothing was given: None, blank text, no item, or only empty parts."""
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, dict) and set(raw) == {"amount", "currency"}:
        return is_empty(raw["amount"])  # a form always sends some currency
    return raw is None or (isinstance(raw, list | tuple | dict) and len(raw) == 0)


def within(name: Path, problem: Problem) -> Problem:
    """Return the problem as one of the field `name`."""
    path = f"{name}.{problem.field}" if problem.field else name
    return Problem(path, problem.code, problem.params)


@dataclass(frozen=True)
class Rows:
    """Several rows of terms of one class: stages, instalments, metrics."""

    row: type[Terms]
    most: int = 40

    def read(self, raw: Any) -> tuple[Terms, ...]:
        if not isinstance(raw, list | tuple):
            raise Bad("not_a_list")
        if len(raw) > self.most:
            raise Bad("too_many", limit=self.most)
        rows, problems = [], []
        for place, data in enumerate(raw):
            try:
                rows.append(self.row.from_data(data))
            except TermsError as error:
                problems += [within(str(place), problem) for problem in error.problems]
        if problems:
            raise Bad(problems=tuple(problems))
        return tuple(rows)

    def write(self, value: tuple[Terms, ...]) -> list[dict[str, Any]]:
        return [row.to_data() for row in value]
