"""The codes a remedy is described with. Values are stable; labels may change freely. Source: DOMAIN §7–§10."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RemedyKind(models.TextChoices):
    """What may be done about a complaint, DOMAIN §7.1."""

    REWORK = "REWORK", _("Rework")
    PART_REPLACEMENT = "PART_REPLACEMENT", _("Part replacement")
    WHOLE_REPLACEMENT = "WHOLE_REPLACEMENT", _("Replacement of the whole unit")
    RETURN_REFUND = "RETURN_REFUND", _("Return and refund")
    PRICE_REDUCTION = "PRICE_REDUCTION", _("Price reduction")
    COMPENSATION = "COMPENSATION", _("Compensation")
    CREDIT_NOTE = "CREDIT_NOTE", _("Credit note")
    TECH_SUPPORT = "TECH_SUPPORT", _("Technical support on site")
    CONCESSION = "CONCESSION", _("Concession")
    USE_AS_IS = "USE_AS_IS", _("Use as is")
    SORTING = "SORTING", _("Sorting")
    EXTENDED_GUARANTEE = "EXTENDED_GUARANTEE", _("Extended guarantee")
    SCRAP = "SCRAP", _("Scrap")
    RECALL_FIELD_ACTION = "RECALL_FIELD_ACTION", _("Recall or field action")
    NONE = "NONE", _("No remedy")


# Money flows to the customer: the line needs an amount, and the acceptance a signed agreement.
PAYING = (RemedyKind.RETURN_REFUND, RemedyKind.PRICE_REDUCTION, RemedyKind.COMPENSATION, RemedyKind.CREDIT_NOTE)
# Work on the goods, which is undone where the customer says that the problem is not solved.
WORKS = (
    RemedyKind.REWORK, RemedyKind.PART_REPLACEMENT, RemedyKind.WHOLE_REPLACEMENT, RemedyKind.TECH_SUPPORT,
    RemedyKind.SORTING, RemedyKind.RECALL_FIELD_ACTION,
)  # fmt: skip
REINSPECTED = (RemedyKind.REWORK, RemedyKind.PART_REPLACEMENT, RemedyKind.SORTING)  # done needs a re-inspection


class ProposalStatus(models.TextChoices):
    """How far a version of the proposal has come."""

    DRAFT = "DRAFT", _("Draft")
    IN_APPROVAL = "IN_APPROVAL", _("Waiting for approval")
    APPROVED = "APPROVED", _("Approved")
    SENT = "SENT", _("With the customer")
    ACCEPTED = "ACCEPTED", _("Accepted")
    REFUSED = "REFUSED", _("Refused by the customer")
    EXPIRED = "EXPIRED", _("Expired")
    SUPERSEDED = "SUPERSEDED", _("Superseded")


UNSENT = (ProposalStatus.DRAFT, ProposalStatus.IN_APPROVAL, ProposalStatus.APPROVED)
ACTIVE = (*UNSENT, ProposalStatus.SENT, ProposalStatus.ACCEPTED)
COMMITTED = (ProposalStatus.APPROVED, ProposalStatus.SENT, ProposalStatus.ACCEPTED)  # counted in the cumulative value


class LineStatus(models.TextChoices):
    """How far one line has been carried out."""

    PLANNED = "PLANNED", _("Planned")
    RELEASED = "RELEASED", _("Released")
    IN_WORK = "IN_WORK", _("In work")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Failed")
    CANCELLED = "CANCELLED", _("Cancelled")


class Level(models.TextChoices):
    """Whose approval is needed, DOMAIN §7.2; who may give it is said in approvals.HOLDERS."""

    LEAD = "LEAD", _("Team lead")
    QM = "QM", _("Quality manager")
    FIN = "FIN", _("Finance")
    LEG = "LEG", _("Legal")
    RND = "RND", _("Research and development")
    DIR = "DIR", _("Director")
    GM = "GM", _("General manager")


class Decision(models.TextChoices):
    """What an approver said."""

    APPROVED = "APPROVED", _("Approved")
    REFUSED = "REFUSED", _("Refused")


class EntryKind(models.TextChoices):
    """What was said in the negotiation."""

    COUNTER = "COUNTER", _("Counter-offer")
    REFUSAL = "REFUSAL", _("Refusal")
    OFFER = "OFFER", _("Offer")
    NOTE = "NOTE", _("Note")


class AcceptanceKind(models.TextChoices):
    """How the customer accepted."""

    SIGNATURE = "SIGNATURE", _("Signature")
    EMAIL = "EMAIL", pgettext_lazy("a channel", "E-mail")
    PORTAL = "PORTAL", _("Portal")
    SETTLEMENT = "SETTLEMENT", _("Settlement or award")  # T21: the end of a dispute


class VisitKind(models.TextChoices):
    """How the customer is visited, DOMAIN §9.1."""

    CALL = "CALL", _("Call")
    SITE = "SITE", _("Visit on site")
    VIDEO = "VIDEO", _("Video call")
    MESSAGE = "MESSAGE", _("Message")


class VisitStatus(models.TextChoices):
    """How a visit stands."""

    PLANNED = "PLANNED", _("Planned")
    DONE = "DONE", _("Done")
    DONE_LATE = "DONE_LATE", _("Done late")
    MISSED = "MISSED", _("Missed")
    CANCELLED = "CANCELLED", _("Cancelled")


class Solved(models.TextChoices):
    """The customer's answer to “is it solved?”."""

    YES = "YES", _("Yes")
    PARTLY = "PARTLY", _("Partly")
    NO = "NO", _("No")


class Question(models.TextChoices):
    """What the survey asks; values are the fields of SurveyResponse."""

    SOLVED = "solved", _("Is the problem solved?")
    CSAT_RESULT = "csat_result", _("The result")
    CSAT_SPEED = "csat_speed", _("The speed")
    CSAT_COMMUNICATION = "csat_communication", _("The communication")
    CSAT_COMPETENCE = "csat_competence", _("The competence")
    NPS = "nps", _("Would you recommend us?")
    CES = "ces", _("How easy was it for you?")


class CapaSource(models.TextChoices):
    """What led to a CAPA, DOMAIN §8."""

    CASE = "CASE", _("Case")
    SCAR = "SCAR", _("Supplier corrective action request")
    AUDIT = "AUDIT", _("Audit")
    VISIT = "VISIT", _("Return visit")
    SURVEY = "SURVEY", _("Survey")
    REVIEW = "REVIEW", _("Review")
    NEAR_MISS = "NEAR_MISS", _("Near miss")


class CapaType(models.TextChoices):
    """Whether the cause has struck already."""

    CORRECTIVE = "CORRECTIVE", _("Corrective")
    PREVENTIVE = "PREVENTIVE", _("Preventive")


class CapaStatus(models.TextChoices):
    """How far a CAPA has come."""

    OPEN = "OPEN", _("Open")
    PLANNED = "PLANNED", _("Planned")
    IN_WORK = "IN_WORK", _("In work")
    IMPLEMENTED = "IMPLEMENTED", _("Implemented")
    EFFECTIVENESS_CHECK = "EFFECTIVENESS_CHECK", _("Effect is being checked")
    CLOSED_EFFECTIVE = "CLOSED_EFFECTIVE", _("Closed: effective")
    CLOSED_INEFFECTIVE = "CLOSED_INEFFECTIVE", _("Closed: not effective")


class ActionKind(models.TextChoices):
    """What an action does about its cause."""

    CORRECTION = "CORRECTION", _("Correction")
    CORRECTIVE = "CORRECTIVE", _("Corrective action")
    PREVENTIVE = "PREVENTIVE", _("Preventive action")


class Strength(models.IntegerChoices):
    """How surely an action works, the strongest first (DOMAIN §8)."""

    ELIMINATE = 1, _("Eliminate or redesign")
    ERROR_PROOF = 2, _("Error-proofing")
    DETECT = 3, _("Automatic detection")
    CHECK = 4, _("Manual check")
    INSTRUCT = 5, _("Instruction or training")


class CostCategory(models.TextChoices):
    """Cost of poor quality, DOMAIN §7.3."""

    EXTERNAL_FAILURE = "EXTERNAL_FAILURE", _("External failure")
    INTERNAL_FAILURE = "INTERNAL_FAILURE", _("Internal failure")
    APPRAISAL = "APPRAISAL", _("Appraisal")
    PREVENTION = "PREVENTION", _("Prevention")


class CostItem(models.TextChoices):
    """What the money went on; each belongs to one category (costs.CATEGORY)."""

    HANDLING = "HANDLING", _("Complaint handling")
    RETURNS = "RETURNS", _("Returns")
    REPLACEMENT = "REPLACEMENT", _("Replacement")
    FIELD_SERVICE = "FIELD_SERVICE", _("Field service")
    TRAVEL = "TRAVEL", _("Travel")
    FREIGHT = "FREIGHT", _("Freight")
    LIQUIDATED_DAMAGES = "LIQUIDATED_DAMAGES", _("Liquidated damages")
    COMPENSATION = "COMPENSATION", _("Compensation")
    PRICE_REDUCTION = "PRICE_REDUCTION", _("Price reduction")
    GUARANTEE = "GUARANTEE", _("Guarantee")
    RECALL = "RECALL", _("Recall")
    LOST_MARGIN = "LOST_MARGIN", _("Lost margin (estimate)")
    SCRAP = "SCRAP", _("Scrap")
    REWORK = "REWORK", _("Rework")
    SORTING = "SORTING", _("Sorting")
    RETEST = "RETEST", _("Re-test")
    DOWNGRADE = "DOWNGRADE", _("Downgrade")
    LINE_STOP = "LINE_STOP", _("Line stop")
    INSPECTION = "INSPECTION", _("Inspection")
    TEST = "TEST", _("Test")
    AUDIT = "AUDIT", _("Audit")
    CALIBRATION = "CALIBRATION", _("Calibration")
    EXTERNAL_LAB = "EXTERNAL_LAB", _("External laboratory")
    TRAINING = "TRAINING", _("Training")
    DESIGN_REVIEW = "DESIGN_REVIEW", _("Design review")
    SUPPLIER_DEVELOPMENT = "SUPPLIER_DEVELOPMENT", _("Supplier development")
    INSPECTION_SYSTEM = "INSPECTION_SYSTEM", _("New inspection system")
    CAPA = "CAPA", _("Corrective and preventive action")


class Recoverable(models.TextChoices):
    """From whom a cost may come back."""

    NOBODY = "", _("Nobody")
    SUPPLIER = "SUPPLIER", _("Supplier")
    CARRIER = "CARRIER", _("Carrier")
    INSURER = "INSURER", _("Insurer")


class ChargebackStatus(models.TextChoices):
    """How a claim on a supplier stands."""

    OPENED = "OPENED", _("Opened")
    AGREED = "AGREED", _("Agreed")
    DISPUTED = "DISPUTED", _("Disputed")
    RECOVERED = "RECOVERED", _("Recovered")
    DROPPED = "DROPPED", _("Dropped")
