"""The case and all that is recorded on it."""

from complaints.models.assessments import EntitlementAssessment, FinanceImpact, Grading, GradingRules, LegalLook
from complaints.models.clock import SlaBreach, SlaClock, SlaPause, SlaPolicy
from complaints.models.competence import Competence
from complaints.models.complaint import (
    AffectedItem,
    CaseCycle,
    CaseNumber,
    Complaint,
    Dispute,
    Immutable,
    Rejection,
    SignOff,
    Withdrawal,
)
from complaints.models.diagnosis import (
    Attribution,
    AttributionShare,
    CauseExemption,
    CauseNode,
    CauseTree,
    DefectStatement,
    RootCause,
)
from complaints.models.emergency import (
    EmergencyActivation,
    EmergencyDecision,
    EmergencyPlan,
    EmergencyPromise,
    EmergencyReservation,
    EmergencyResource,
    EmergencyRole,
    EmergencySeat,
    EmergencyStep,
    EmergencyUpdate,
)
from complaints.models.entitling import FactSheet, VerdictDispute
from complaints.models.escalation import Escalation
from complaints.models.evidence import Blob, Evidence
from complaints.models.letter import Letter, TrackerLink
from complaints.models.measurements import Calibration, Instrument, Measurement, Reading, SampleInspection
from complaints.models.messages import Message
from complaints.models.response import (
    Assignment,
    Attendance,
    ContainmentAction,
    InitialAnalysis,
    ResponseMeeting,
    Task,
    TeamMember,
)
from complaints.models.tracing import TracedDelivery
from complaints.models.wording import CaseTerm

__all__ = [
    "AffectedItem",
    "Assignment",
    "Attendance",
    "Attribution",
    "AttributionShare",
    "Blob",
    "Calibration",
    "CaseCycle",
    "CaseNumber",
    "CaseTerm",
    "CauseExemption",
    "CauseNode",
    "CauseTree",
    "Competence",
    "Complaint",
    "ContainmentAction",
    "DefectStatement",
    "Dispute",
    "EmergencyActivation",
    "EmergencyDecision",
    "EmergencyPlan",
    "EmergencyPromise",
    "EmergencyReservation",
    "EmergencyResource",
    "EmergencyRole",
    "EmergencySeat",
    "EmergencyStep",
    "EmergencyUpdate",
    "EntitlementAssessment",
    "Escalation",
    "Evidence",
    "FactSheet",
    "FinanceImpact",
    "Grading",
    "GradingRules",
    "Immutable",
    "InitialAnalysis",
    "Instrument",
    "LegalLook",
    "Letter",
    "Measurement",
    "Message",
    "Reading",
    "Rejection",
    "ResponseMeeting",
    "RootCause",
    "SampleInspection",
    "SignOff",
    "SlaBreach",
    "SlaClock",
    "SlaPause",
    "SlaPolicy",
    "Task",
    "TeamMember",
    "TracedDelivery",
    "TrackerLink",
    "VerdictDispute",
    "Withdrawal",
]
