"""What was promised: the catalogue of goods and the agreements about them."""

from contracts.models.agreements import (
    CheckedClauseIsFixed,
    Clause,
    ClauseType,
    Contract,
    ContractVersion,
    Milestone,
    Project,
)
from contracts.models.catalogue import Characteristic, Delivery, Lot, Product, SerialUnit
from contracts.models.financing import CashPlan, Covenant, Facility, LoanPeriod, PaymentItem

__all__ = [
    "CashPlan",
    "Characteristic",
    "CheckedClauseIsFixed",
    "Clause",
    "ClauseType",
    "Contract",
    "ContractVersion",
    "Covenant",
    "Delivery",
    "Facility",
    "LoanPeriod",
    "Lot",
    "Milestone",
    "PaymentItem",
    "Product",
    "Project",
    "SerialUnit",
]
