"""The choices that several clause types share. PURE. Values are stable codes; words are found at the edge."""

from enum import StrEnum, auto


class Upper(StrEnum):
    """Members whose value is their name."""

    @staticmethod
    def _generate_next_value_(name: str, *_unused: object) -> str:
        return name


class Unit(Upper):
    """What a period counts. WORKDAY counts working days of the calendar."""

    DAY = auto()
    WORKDAY = auto()
    WEEK = auto()
    MONTH = auto()
    YEAR = auto()


class Start(Upper):
    """What begins a period; the day of it is not counted."""

    DELIVERY = auto()
    ARRIVAL = auto()
    INSTALLATION = auto()
    COMMISSIONING = auto()
    ACCEPTANCE = auto()
    FIRST_USE = auto()
    DISCOVERY = auto()


class Base(Upper):
    """What a percentage is taken of."""

    CONTRACT_PRICE = auto()
    DELAYED_PART = auto()
    AFFECTED_GOODS = auto()
    UNIT_PRICE = auto()


class Vat(Upper):
    """Whether the base is counted with VAT (EV-67)."""

    VAT_INCLUDED = auto()
    VAT_EXCLUDED = auto()


class Party(Upper):
    """Who does or bears something."""

    BUYER = auto()
    SELLER = auto()
    JOINTLY = auto()
    THIRD_PARTY = auto()


class PartUnit(Upper):
    """How a part of a week or step counts."""

    COUNT_FULL = auto()
    IGNORE = auto()
    PRORATA = auto()


class Head(Upper):
    """A kind of loss."""

    DIRECT_LOSS = auto()
    REPAIR_COST = auto()
    TRANSPORT_COST = auto()
    DISMANTLING_COST = auto()
    DOWNTIME = auto()
    LOST_PROFIT = auto()
    THIRD_PARTY_CLAIMS = auto()
    CONSEQUENTIAL_LOSS = auto()
    PROPERTY_DAMAGE = auto()
    PERSONAL_INJURY = auto()


class Form(Upper):
    """The form that a notice must have."""

    WRITTEN = auto()
    WRITTEN_OR_EMAIL = auto()
    ANY_FORM = auto()


class Mode(Upper):
    """What force majeure does to a due date (EV-11, EV-65)."""

    EXCUSE_DAYS = auto()
    EXTEND_DUE = auto()
