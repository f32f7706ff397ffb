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

__all__ = [
    "Characteristic",
    "CheckedClauseIsFixed",
    "Clause",
    "ClauseType",
    "Contract",
    "ContractVersion",
    "Delivery",
    "Lot",
    "Milestone",
    "Product",
    "Project",
    "SerialUnit",
]
