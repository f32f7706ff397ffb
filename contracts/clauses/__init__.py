"""What the clauses of a contract say, as typed terms: the registry of clause types. PURE."""

from typing import Any

from contracts.clauses.disputes import Dispute, ForceMajeure, GoverningLaw, Prevention
from contracts.clauses.kinds import Problem
from contracts.clauses.liability import Damages, Exclusion, LiabilityCap
from contracts.clauses.liquidated import LdDelay, LdFixedPct, LdPerformance, LdPerUnit
from contracts.clauses.payments import EarnestMoney, Payment, Retention
from contracts.clauses.periods import Acceptance, GuaranteePeriod, InspectionNotice, LimitationOfAction
from contracts.clauses.quality import QualityStandard, Sample
from contracts.clauses.remedies import PriceReduction, RemedyOrder, Termination
from contracts.clauses.terms import Terms, TermsError

__all__ = ["TERMS", "Problem", "Terms", "TermsError", "read_terms"]

TERMS: dict[str, type[Terms]] = {
    "QUALITY_STANDARD": QualityStandard,
    "SAMPLE": Sample,
    "ACCEPTANCE": Acceptance,
    "INSPECTION_NOTICE": InspectionNotice,
    "GUARANTEE_PERIOD": GuaranteePeriod,
    "REMEDY_ORDER": RemedyOrder,
    "LD_DELAY": LdDelay,
    "LD_PER_UNIT": LdPerUnit,
    "LD_PERFORMANCE": LdPerformance,
    "LD_FIXED_PCT": LdFixedPct,
    "DAMAGES": Damages,
    "PRICE_REDUCTION": PriceReduction,
    "LIABILITY_CAP": LiabilityCap,
    "EXCLUSION": Exclusion,
    "RETENTION": Retention,
    "EARNEST_MONEY": EarnestMoney,
    "PAYMENT": Payment,
    "FORCE_MAJEURE": ForceMajeure,
    "DISPUTE": Dispute,
    "GOVERNING_LAW": GoverningLaw,
    "PREVENTION": Prevention,
    "TERMINATION": Termination,
    "LIMITATION_OF_ACTION": LimitationOfAction,
}


def read_terms(clause_type: str, data: Any) -> Terms:
    """Return the typed terms of a clause. Raises TermsError with every problem, KeyError for an unknown type."""
    return TERMS[clause_type].from_data(data)
