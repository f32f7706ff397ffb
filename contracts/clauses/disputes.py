"""FORCE_MAJEURE, DISPUTE, GOVERNING_LAW and PREVENTION: the frame of the contract. PURE."""

from dataclasses import dataclass
from enum import auto

from contracts.clauses.choices import Mode, Upper
from contracts.clauses.kinds import Choice, Many, Text, Whole, YesNo
from contracts.clauses.terms import Rows, Terms, asked


class FmEvent(Upper):
    """What counts as force majeure."""

    NATURAL_DISASTER = auto()
    WAR = auto()
    ACT_OF_STATE = auto()
    EPIDEMIC = auto()
    STRIKE = auto()
    EMBARGO = auto()


class Forum(Upper):
    """Who decides in the end."""

    ARBITRATION = auto()
    COURT = auto()


class DisputeStepKind(Upper):
    """What is tried before."""

    NEGOTIATION = auto()
    SENIOR_MANAGEMENT = auto()
    EXPERT_DETERMINATION = auto()
    MEDIATION = auto()


class LawOf(Upper):
    """The law of the contract."""

    PRC = auto()
    HONG_KONG = auto()
    GERMANY = auto()
    SWITZERLAND = auto()
    ENGLAND = auto()
    NEW_YORK = auto()
    OTHER_LAW = auto()


class Cisg(Upper):
    """Whether the UN Sales Convention applies."""

    CISG_APPLIES = auto()
    CISG_EXCLUDED = auto()
    CISG_NOT_MENTIONED = auto()


class Duty(Upper):
    """What is owed to prevent defects."""

    AUDIT = auto()
    SOURCE_INSPECTION = auto()
    PPAP = auto()
    FIRST_ARTICLE = auto()
    CHANGE_NOTICE = auto()
    SPARE_PARTS = auto()


@dataclass(frozen=True, kw_only=True)
class ForceMajeure(Terms):
    """What excuses a party, and what it must do then."""

    events: tuple[FmEvent, ...] = asked(Many(FmEvent))
    notice_days: int = asked(Whole(1, 365))
    proof: str = asked(Text())
    effect: Mode = asked(Choice(Mode))
    terminate_after_days: int | None = asked(Whole(1, 1000), default=None)


@dataclass(frozen=True, kw_only=True)
class DisputeStep(Terms):
    """One step before the forum, with its days."""

    kind: DisputeStepKind = asked(Choice(DisputeStepKind))
    days: int = asked(Whole(1, 1000))


@dataclass(frozen=True, kw_only=True)
class Dispute(Terms):
    """How a dispute is settled."""

    steps: tuple[DisputeStep, ...] = asked(Rows(DisputeStep), default=())
    forum: Forum = asked(Choice(Forum))
    institution: str | None = asked(Text(), when=("forum", Forum.ARBITRATION))
    seat: str | None = asked(Text(), when=("forum", Forum.ARBITRATION))
    proceedings_language: str | None = asked(Text(), when=("forum", Forum.ARBITRATION))
    court: str | None = asked(Text(), when=("forum", Forum.COURT))
    expert_institute: str = asked(Text(), default="")


@dataclass(frozen=True, kw_only=True)
class GoverningLaw(Terms):
    """The law, and whether the UN Sales Convention is in, out or not mentioned."""

    law_of: LawOf = asked(Choice(LawOf))
    other_law: str | None = asked(Text(), when=("law_of", LawOf.OTHER_LAW))
    cisg: Cisg = asked(Choice(Cisg))


@dataclass(frozen=True, kw_only=True)
class PreventionDuty(Terms):
    """One duty; `days` is its notice or answer period, if it has one."""

    duty: Duty = asked(Choice(Duty))
    days: int | None = asked(Whole(1, 10_000), default=None)
    details: str = asked(Text(), default="")


@dataclass(frozen=True, kw_only=True)
class Prevention(Terms):
    """What the seller does so that defects do not arise."""

    duties: tuple[PreventionDuty, ...] = asked(Rows(PreventionDuty))
    buyer_may_witness: bool = asked(YesNo(), default=False)
