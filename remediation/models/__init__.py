"""What is done about a case, and all that is recorded of it."""

from remediation.models.approvals import Approval, ApprovalLimit, ExchangeRate
from remediation.models.capa import Capa, CapaAction, CapaDeployment, CapaNumber, CapaWaiver, Lesson
from remediation.models.costs import Chargeback, ChargebackWaiver, CostEntry, CostsPosted
from remediation.models.followup import (
    Confirmation,
    ConfirmationReminder,
    ReturnVisit,
    SurveyInvitation,
    SurveyResponse,
)
from remediation.models.proposals import Acceptance, Agreement, NegotiationEntry, Proposal, ProposalLine

__all__ = [
    "Acceptance",
    "Agreement",
    "Approval",
    "ApprovalLimit",
    "Capa",
    "CapaAction",
    "CapaDeployment",
    "CapaNumber",
    "CapaWaiver",
    "Chargeback",
    "ChargebackWaiver",
    "Confirmation",
    "ConfirmationReminder",
    "CostEntry",
    "CostsPosted",
    "ExchangeRate",
    "Lesson",
    "NegotiationEntry",
    "Proposal",
    "ProposalLine",
    "ReturnVisit",
    "SurveyInvitation",
    "SurveyResponse",
]
