"""The grade of a case from four scores and the floors that bind, by a table of rules (DOMAIN §4.1). Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

ORDER = ("G1", "G2", "G3", "G4")  # gravest first
SCORES = range(1, 6)
HIGHEST = 25  # the highest score: 5 × 5
FLOORS = ("O1", "O2", "O3", "O4", "O4_SERIOUS", "O5", "O5_DEFAULT", "C5")  # what a table sets a floor for
NO_FLOOR = ""
PEOPLE = ("upward", "downward", "below_floor")  # who may differ from the computed grade


def _floors() -> dict[str, str]:
    graver = {"O1": "G1", "O4": "G3", "O5_DEFAULT": "G1"}
    return {name: graver.get(name, "G2") for name in FLOORS}


@dataclass(frozen=True)
class Rules:
    """
    One table of the company; as it stands here, that of DOMAIN §4.1.

    g1_from, g2_from, g3_from: the lowest score of each grade, 1–25; below the last it is G4.
    lift_from: the customer impact from which the grade is lifted by one; 6 lifts none.
    floors: the grade below which a case never lies, by the names in FLOORS; NO_FLOOR sets none.
    upward, downward: the roles that may differ from the computed grade, with a reason. Below a floor it takes
    one of below_floor and the sign-off of Legal.

    Raises ValueError, with the name of the field, for a table that contradicts itself.
    """

    g1_from: int = 20
    g2_from: int = 12
    g3_from: int = 5
    lift_from: int = 4
    floors: Mapping[str, str] = field(default_factory=_floors)
    upward: tuple[str, ...] = ("CSL", "EXE", "QE", "QM")
    downward: tuple[str, ...] = ("EXE", "QM")
    below_floor: tuple[str, ...] = ("EXE",)

    def __post_init__(self) -> None:
        for name, _ in self.faults():
            raise ValueError(name)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield (field, code of what is wrong) of the table."""
        yield from bands_at_fault(self.g1_from, self.g2_from, self.g3_from)
        if not 2 <= self.lift_from <= 6:
            yield ("lift_from", "grade_lift_out_of_range")
        if set(self.floors) != set(FLOORS) or not set(self.floors.values()) <= {NO_FLOOR, *ORDER}:
            yield ("floors", "grade_floors_unknown")
        elif self.floors["O1"] != "G1":
            yield ("O1", "grade_floor_injury")
        for name in PEOPLE:
            if not getattr(self, name):
                yield (name, "grade_nobody_may")

    def plain(self) -> dict[str, Any]:
        """Return the table as plain data that can be written as JSON."""
        named = {name: list(getattr(self, name)) for name in PEOPLE}
        return {**asdict(self), "floors": dict(self.floors)} | named

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """Return the table behind plain data. Raises ValueError or TypeError where it is none."""
        roles = {name: tuple(plain[name]) for name in PEOPLE}
        return cls(**{one.name: plain[one.name] for one in fields(cls)} | roles)


def bands_at_fault(g1_from: int, g2_from: int, g3_from: int) -> Iterator[tuple[str, str]]:
    """Yield which bound of the bands does not lie below the one above it."""
    if not 1 < g1_from <= HIGHEST:
        yield ("g1_from", "grade_band_out_of_range")
    if not 1 < g2_from < g1_from:
        yield ("g2_from", "grade_band_not_below")
    if not 1 < g3_from < g2_from:
        yield ("g3_from", "grade_band_not_below")


STANDARD = Rules()


@dataclass(frozen=True)
class Scores:
    """Four scores from 1 to 5. Raises ValueError outside that range."""

    consequence: int
    extent: int
    customer_impact: int
    recurrence: int

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not 1 <= value <= 5:
                raise ValueError(f"{name} must be from 1 to 5")


@dataclass(frozen=True)
class Circumstances:
    """Facts that set a floor. dscr: "", "LOCK_UP" or "DEFAULT"."""

    injury: bool = False
    reportable: bool = False
    danger: bool = False
    site_stop: bool = False
    repeat_after_capa: bool = False
    dscr: str = ""


@dataclass(frozen=True)
class Result:
    """The computed grade and how it came about; `floors` holds the codes that lie above what the scores gave."""

    score: int
    base: str
    after_impact: str
    floors: tuple[tuple[str, str], ...]  # (code, grade), gravest first
    grade: str


def grade(scores: Scores, facts: Circumstances, rules: Rules = STANDARD) -> Result:
    """Return the grade: score to base, lifted by customer impact, never below the floors."""
    score = scores.consequence * max(scores.extent, scores.recurrence)
    base = band(score, rules)
    lifted = _lift(base) if scores.customer_impact >= rules.lift_from else base
    found = ((code, rules.floors[floor]) for code, floor in _touched(scores, facts))
    floors = tuple((code, floor) for code, floor in found if floor and graver(floor, lifted))
    return Result(score, base, lifted, floors, gravest(lifted, *(floor for _, floor in floors)))


def graver(one: str, other: str) -> bool:
    """Tell whether grade `one` is graver than `other`."""
    return ORDER.index(one) < ORDER.index(other)


def gravest(*grades: str) -> str:
    """Return the gravest of the grades."""
    return min(grades, key=ORDER.index)


def band(score: int, rules: Rules = STANDARD) -> str:
    """Return the grade that a score alone gives."""
    bounds = zip(ORDER, (rules.g1_from, rules.g2_from, rules.g3_from), strict=False)
    return next((name for name, bound in bounds if score >= bound), ORDER[-1])


def _lift(base: str) -> str:
    return ORDER[max(0, ORDER.index(base) - 1)]


def _touched(scores: Scores, facts: Circumstances) -> Iterator[tuple[str, str]]:
    """Yield (code, name in FLOORS) of the floors that the facts touch."""
    if facts.injury or facts.reportable:
        yield ("O1", "O1")
    if scores.consequence == 5 or facts.danger:
        yield ("O2", "O2")
    if facts.site_stop:
        yield ("O3", "O3")
    if facts.repeat_after_capa:
        yield ("O4", "O4_SERIOUS" if scores.consequence >= 3 else "O4")
    if facts.dscr:
        yield ("O5", "O5_DEFAULT" if facts.dscr == "DEFAULT" else "O5")
    if scores.customer_impact == 5:
        yield ("C5", "C5")
