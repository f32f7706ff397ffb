"""The grade of a case from four scores and the floors that bind (DOMAIN §4.1). Pure."""

from dataclasses import dataclass

ORDER = ("G1", "G2", "G3", "G4")  # gravest first


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


def grade(scores: Scores, facts: Circumstances) -> Result:
    """Return the grade: score to base, lifted by customer impact, never below the floors."""
    score = scores.consequence * max(scores.extent, scores.recurrence)
    base = _base(score)
    lifted = _lift(base) if scores.customer_impact >= 4 else base
    floors = tuple((code, floor) for code, floor in _floors(scores, facts) if graver(floor, lifted))
    return Result(score, base, lifted, floors, gravest(lifted, *(floor for _, floor in floors)))


def graver(one: str, other: str) -> bool:
    """Tell whether grade `one` is graver than `other`."""
    return ORDER.index(one) < ORDER.index(other)


def gravest(*grades: str) -> str:
    """Return the gravest of the grades."""
    return min(grades, key=ORDER.index)


def _base(score: int) -> str:
    return "G1" if score >= 20 else "G2" if score >= 12 else "G3" if score >= 5 else "G4"


def _lift(base: str) -> str:
    return ORDER[max(0, ORDER.index(base) - 1)]


def _floors(scores: Scores, facts: Circumstances) -> list[tuple[str, str]]:
    found = []
    if facts.injury or facts.reportable:
        found.append(("O1", "G1"))
    if scores.consequence == 5 or facts.danger:
        found.append(("O2", "G2"))
    if facts.site_stop:
        found.append(("O3", "G2"))
    if facts.repeat_after_capa:
        found.append(("O4", "G2" if scores.consequence >= 3 else "G3"))
    if facts.dscr:
        found.append(("O5", "G1" if facts.dscr == "DEFAULT" else "G2"))
    if scores.customer_impact == 5:
        found.append(("C5", "G2"))
    return found
