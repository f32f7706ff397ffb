"""ACCEPTANCE, INSPECTION_NOTICE, GUARANTEE_PERIOD and LIMITATION_OF_ACTION: what must be done by when. PURE."""

from dataclasses import dataclass
from decimal import Decimal
from enum import auto

from contracts.clauses.choices import Form, Party, Start, Unit, Upper
from contracts.clauses.kinds import Choice, Many, Number, Problem, Text, Whole, YesNo
from contracts.clauses.terms import Rows, Terms, asked


class StageKind(Upper):
    """The steps of an acceptance."""

    PRE_SHIPMENT = auto()
    ARRIVAL_CHECK = auto()
    INSTALLATION_CHECK = auto()
    PERFORMANCE_TEST = auto()
    FINAL_ACCEPTANCE = auto()


class Scope(Upper):
    """Which defects a notice period is for."""

    APPARENT_DEFECTS = auto()
    ALL_DEFECTS = auto()


class Which(Upper):
    """Which of several guarantee periods counts."""

    EARLIEST_END = auto()
    LATEST_END = auto()


class Usage(Upper):
    """What the use of the goods is counted in."""

    OPERATING_HOURS = auto()
    CYCLES = auto()
    KILOMETRES = auto()


class Replaced(Upper):
    """What the guarantee of repaired or replaced parts is."""

    NO_NEW_PERIOD = auto()
    RESTARTS = auto()
    EXTENDED_BY_DOWNTIME = auto()


class Knowledge(Upper):
    """What begins a limitation of action."""

    KNOWLEDGE_OF_CLAIM = auto()
    DELIVERY_OF_GOODS = auto()


class Interruption(Upper):
    """What makes a limitation begin anew."""

    DEMAND = auto()
    ADMISSION = auto()
    ACTION_OR_ARBITRATION = auto()


class Law(Upper):
    """What a limitation rests on."""

    GENERAL_CIVIL_CODE = auto()
    INTERNATIONAL_SALE = auto()
    AGREED = auto()


@dataclass(frozen=True, kw_only=True)
class Stage(Terms):
    """One step of an acceptance; the days run from `start`."""

    stage: StageKind = asked(Choice(StageKind))
    party: Party = asked(Choice(Party))
    criteria: str = asked(Text(), default="")
    days: int = asked(Whole(1, 1000))
    unit: Unit = asked(Choice(Unit))
    start: Start = asked(Choice(Start))


@dataclass(frozen=True, kw_only=True)
class Acceptance(Terms):
    """The procedure of acceptance."""

    stages: tuple[Stage, ...] = asked(Rows(Stage))
    deemed: bool = asked(YesNo())
    deemed_after_days: int | None = asked(Whole(1, 1000), when=("deemed", True))
    repeat_tests: int = asked(Whole(0, 20))
    protocol: str = asked(Text(), default="")

    def problems(self) -> list[Problem]:
        kinds = [stage.stage for stage in self.stages]
        return [Problem(f"stages.{place}.stage", "twice") for place, kind in enumerate(kinds) if kind in kinds[:place]]


@dataclass(frozen=True, kw_only=True)
class InspectionNotice(Terms):
    """The period within which the buyer must inspect and give notice of defects."""

    scope: Scope = asked(Choice(Scope))
    n: int = asked(Whole(1, 1000))
    unit: Unit = asked(Choice(Unit))
    start: Start = asked(Choice(Start))
    roll: bool = asked(YesNo())
    form: Form = asked(Choice(Form))
    address: str = asked(Text(), default="")
    too_short: bool = asked(YesNo(), default=False)


@dataclass(frozen=True, kw_only=True)
class GuaranteeSpan(Terms):
    """One guarantee period."""

    n: int = asked(Whole(1, 1000))
    unit: Unit = asked(Choice(Unit))
    start: Start = asked(Choice(Start))

    def problems(self) -> list[Problem]:
        return [Problem("start", "not_a_guarantee_start")] if self.start == Start.DISCOVERY else []


@dataclass(frozen=True, kw_only=True)
class GuaranteePeriod(Terms):
    """The guarantee: one period, or several of which the earliest or latest end counts."""

    periods: tuple[GuaranteeSpan, ...] = asked(Rows(GuaranteeSpan, most=5))
    which: Which | None = asked(Choice(Which), default=None)
    roll: bool = asked(YesNo())
    usage_limit: Decimal | None = asked(Number(above=Decimal(0)), default=None)
    usage_unit: Usage | None = asked(Choice(Usage), default=None)
    replaced: Replaced = asked(Choice(Replaced))
    restart_months: int | None = asked(Whole(1, 240), when=("replaced", Replaced.RESTARTS))
    max_months: int | None = asked(Whole(1, 360), default=None)

    def problems(self) -> list[Problem]:
        several = len(self.periods) > 1
        problems = []
        if several != (self.which is not None):
            problems.append(Problem("which", "required" if several else "not_applicable"))
        if (self.usage_limit is None) != (self.usage_unit is None):
            problems.append(Problem("usage_unit", "required" if self.usage_limit is not None else "not_applicable"))
        if self.restart_months and self.max_months and self.max_months < self.restart_months:
            problems.append(Problem("max_months", "upside_down"))
        return problems


@dataclass(frozen=True, kw_only=True)
class LimitationOfAction(Terms):
    """How long a claim can be brought before a court or tribunal."""

    law: Law = asked(Choice(Law))
    years: int = asked(Whole(1, 20))
    start: Knowledge = asked(Choice(Knowledge))
    interruptions: tuple[Interruption, ...] = asked(Many(Interruption), default=())
