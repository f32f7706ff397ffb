"""The codes a case is described with. Values are stable; labels may change freely. Source: DOMAIN §2.1, §4, §5.3."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """DOMAIN §2.1."""

    DRAFT = "DRAFT", _("Draft")
    RECEIVED = "RECEIVED", _("Received")
    TRIAGED = "TRIAGED", _("Triaged")
    RESPONDING = "RESPONDING", _("Responding")
    DIAGNOSING = "DIAGNOSING", _("Diagnosing")
    PROPOSING = "PROPOSING", _("Proposing")
    NEGOTIATING = "NEGOTIATING", _("Negotiating")
    EXECUTING = "EXECUTING", _("Carrying out")
    VERIFYING = "VERIFYING", _("Verifying")
    FOLLOW_UP = "FOLLOW_UP", _("Following up")
    CLOSED = "CLOSED", _("Closed")
    REJECTED = "REJECTED", _("Not justified")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    DUPLICATE = "DUPLICATE", _("Merged")
    DISPUTED = "DISPUTED", _("In dispute")


OPEN = (
    State.RECEIVED,
    State.TRIAGED,
    State.RESPONDING,
    State.DIAGNOSING,
    State.PROPOSING,
    State.NEGOTIATING,
    State.EXECUTING,
    State.VERIFYING,
    State.DISPUTED,
)
BACKLOG = (*OPEN, State.FOLLOW_UP)  # everything not yet ended, as the dashboard counts it (KV-13)
UNCOUNTED = (State.DRAFT, State.DUPLICATE)  # no figure counts them (DOMAIN §13)
IN_DIAGNOSIS = (State.RESPONDING, State.DIAGNOSING)  # what a quality engineer still has to find out


class Stage(models.TextChoices):
    """The seven steps people see (UX §2.2)."""

    RECEIVED = "received", _("Received")
    RESPOND = "respond", _("Respond")
    DIAGNOSE = "diagnose", _("Diagnose")
    PROPOSE = "propose", _("Propose")
    CARRY_OUT = "carry-out", _("Carry out")
    FOLLOW_UP = "follow-up", _("Follow up")
    CLOSED = "closed", _("Closed")


STAGES: dict[str, tuple[str, ...]] = {
    Stage.RECEIVED: (State.RECEIVED, State.TRIAGED),
    Stage.RESPOND: (State.RESPONDING,),
    Stage.DIAGNOSE: (State.DIAGNOSING,),
    Stage.PROPOSE: (State.PROPOSING, State.NEGOTIATING, State.DISPUTED),
    Stage.CARRY_OUT: (State.EXECUTING, State.VERIFYING),
    Stage.FOLLOW_UP: (State.FOLLOW_UP,),
    Stage.CLOSED: (State.CLOSED, State.REJECTED, State.WITHDRAWN, State.DUPLICATE),
}
STAGE_OF = {state: stage for stage, states in STAGES.items() for state in states}


class Grade(models.TextChoices):
    """G1 is the gravest; shown with a word (ARCHITECTURE §5.14)."""

    G1 = "G1", _("G1 Critical")
    G2 = "G2", _("G2 Major")
    G3 = "G3", _("G3 Moderate")
    G4 = "G4", _("G4 Minor")


class Channel(models.TextChoices):
    """How the complaint first reached us."""

    PORTAL = "PORTAL", _("Portal")
    EMAIL = "EMAIL", pgettext_lazy("a channel", "E-mail")
    PHONE = "PHONE", _("Phone")
    LETTER = "LETTER", _("Letter")
    VISIT = "VISIT", _("Visit")
    IMPORT = "IMPORT", _("Import")
    API = "API", _("Interface")


class Safety(models.TextChoices):
    """The safety question; unanswered counts as yes."""

    UNANSWERED = "", _("Not answered yet")
    NO = "NO", _("No danger")
    DANGER = "DANGER", _("Danger to people or property")
    INJURY = "INJURY", _("Somebody was hurt")


class FoundWhere(models.TextChoices):
    """At which occasion the fault was found."""

    UNKNOWN = "", _("Not known yet")
    INCOMING = "INCOMING", _("Incoming inspection")
    ACCEPTANCE = "ACCEPTANCE", _("Acceptance")
    INSTALLATION = "INSTALLATION", _("Installation")
    IN_USE = "IN_USE", _("In use")


class Nonconformity(models.TextChoices):
    """R02."""

    PERFORMANCE = "PERFORMANCE", _("Performance")
    STANDARD_DEVIATION = "STANDARD_DEVIATION", _("Deviation from standard")
    DEFECT = "DEFECT", _("Defect")
    DOCUMENT = "DOCUMENT", _("Document")
    PACKAGING = "PACKAGING", _("Packaging")
    QUANTITY = "QUANTITY", _("Quantity")


class RemedyAsked(models.TextChoices):
    """What the customer asks for (ISO 10002)."""

    REWORK = "REWORK", _("Rework")
    PARTS = "PARTS", _("Replacement parts")
    REPLACEMENT = "REPLACEMENT", _("Replacement")
    REFUND = "REFUND", _("Return and refund")
    PRICE_REDUCTION = "PRICE_REDUCTION", _("Price reduction")
    COMPENSATION = "COMPENSATION", _("Compensation")
    TECH_SUPPORT = "TECH_SUPPORT", _("Technical support")
    EXPLANATION = "EXPLANATION", _("Explanation only")
    NOT_SAID = "NOT_SAID", _("Not said")


class RejectionReason(models.TextChoices):
    """T16."""

    NOT_NONCONFORMING = "NOT_NONCONFORMING", _("The goods conform")
    NOT_OUR_GOODS = "NOT_OUR_GOODS", _("Not our goods")
    MISUSE = "MISUSE", _("Use outside the stated limits")
    BARRED_LATE = "BARRED_LATE", _("Notice came too late")
    OUT_OF_GUARANTEE = "OUT_OF_GUARANTEE", _("Guarantee period is over")
    NO_FAULT_FOUND = "NO_FAULT_FOUND", _("No fault found")
    NO_RESPONSE = "NO_RESPONSE", _("Customer did not respond")


class CauseCode(models.TextChoices):
    """Level 1 of the root-cause taxonomy, DOMAIN §5.3."""

    DES = "DES", _("Design")
    PRC = "PRC", _("Production process")
    MAT = "MAT", _("Material or supplier")
    LOG = "LOG", _("Logistics and packaging")
    INS = "INS", _("Installation and commissioning")
    USE = "USE", _("Use and maintenance")
    DOC = "DOC", _("Documents and labels")
    DET = "DET", _("Not detected")
    SYS = "SYS", pgettext_lazy("a cause", "System")
    UNK = "UNK", _("Undetermined")


class Leg(models.TextChoices):
    """The three legs of the 5-Why."""

    OCCURRENCE = "OCCURRENCE", _("Why it occurred")
    ESCAPE = "ESCAPE", _("Why it escaped")
    SYSTEM = "SYSTEM", _("Why the system allowed it")


class CausePart(models.TextChoices):
    """What is edited as one: the tree of each leg, and the cards of the fishbone."""

    OCCURRENCE = "OCCURRENCE", _("Why it occurred")
    ESCAPE = "ESCAPE", _("Why it escaped")
    SYSTEM = "SYSTEM", _("Why the system allowed it")
    ISHIKAWA = "ISHIKAWA", _("Ishikawa")


class Bone(models.TextChoices):
    """The six Ms of the fishbone, DOMAIN §5.2."""

    MAN = "MAN", pgettext_lazy("a bone of the fishbone", "Man")
    MACHINE = "MACHINE", pgettext_lazy("a bone of the fishbone", "Machine")
    MATERIAL = "MATERIAL", pgettext_lazy("a bone of the fishbone", "Material")
    METHOD = "METHOD", pgettext_lazy("a bone of the fishbone", "Method")
    ENVIRONMENT = "ENVIRONMENT", pgettext_lazy("a bone of the fishbone", "Environment")
    MEASUREMENT = "MEASUREMENT", pgettext_lazy("a bone of the fishbone", "Measurement")


class Conformity(models.TextChoices):
    """What a measurement shows, DOMAIN §5.5."""

    CONFORMING = "CONFORMING", _("Conforming")
    NONCONFORMING = "NONCONFORMING", _("Nonconforming")
    INCONCLUSIVE = "INCONCLUSIVE", _("Inconclusive")


class Party(models.TextChoices):
    """Who bears a share of the cause, DOMAIN §5.7."""

    SELLER = "SELLER", _("Us")
    SUPPLIER = "SUPPLIER", _("Supplier")
    CARRIER = "CARRIER", _("Carrier")
    INSTALLER = "INSTALLER", _("Installer")
    BUYER = "BUYER", _("Customer")
    THIRD_PARTY = "THIRD_PARTY", _("Third party")
    FORCE_MAJEURE = "FORCE_MAJEURE", _("Force majeure")


# The rows of the is / is-not grid, DOMAIN §5.1.
GRID_ROWS = {
    "WHAT_OBJECT": _("What object"),
    "WHAT_DEFECT": _("What defect"),
    "WHERE_ON": _("Where on the object"),
    "WHERE_GEO": _("Where in the world or process"),
    "WHEN_FIRST": _("When first"),
    "WHEN_LIFE": _("When in its life"),
    "HOW_MANY": _("How many units"),
    "HOW_MUCH": _("How much"),
    "TREND": _("Trend"),
}


class Location(models.TextChoices):
    """Where suspect goods may lie, DOMAIN §5.1."""

    CUSTOMER_STOCK = "CUSTOMER_STOCK", _("Customer's stock")
    INSTALLED = "INSTALLED", _("Installed")
    TRANSIT = "TRANSIT", _("In transit")
    DISTRIBUTOR = "DISTRIBUTOR", _("Distributor")
    OWN_STOCK = "OWN_STOCK", _("Own finished stock")
    WIP = "WIP", _("Work in process")
    SUPPLIER = "SUPPLIER", _("At the supplier")


class Metric(models.TextChoices):
    """The clocks of DOMAIN §3.2, in the order in which a case meets them."""

    ACK = "ACK", _("Acknowledgement")
    TRIAGE = "TRIAGE", _("Triage")
    INITIAL = "INITIAL", _("Initial analysis")
    CONTAIN = "CONTAIN", pgettext_lazy("a clock", "Containment")
    UPDATE = "UPDATE", _("Progress update")
    ROOT_CAUSE = "ROOT_CAUSE", pgettext_lazy("a clock", "Root cause")
    PROPOSAL = "PROPOSAL", _("Final proposal")
    RESOLVE = "RESOLVE", _("Resolution")
    EIGHT_D = "8D_FINAL", _("Final 8D report")
    SURVEY = "SURVEY", _("Survey invitation")
    VISIT = "VISIT", _("Return visit")
    REG_REPORT = "REG_REPORT", _("Report to an authority")
    LENDER_NOTICE = "LENDER_NOTICE", _("Notice to a lender")


class ReportingDuty(models.TextChoices):
    """Under which rule a case may have to be reported to an authority, DOMAIN §11.4."""

    CN_DANGER = "CN_DANGER", _("China: danger found in consumer goods or services (Consumer Law 19)")
    CN_DEFECT = "CN_DEFECT", _("China: defect found after sale (Civil Code 1206)")
    CN_RECALL = "CN_RECALL", _("China: recall of consumer goods (SAMR order 19)")
    CN_MOTOR = "CN_MOTOR", _("China: possible defect of motor vehicles")
    EU_GPSR = "EU_GPSR", _("European Union: accident with a consumer product (GPSR)")
    US_CPSA = "US_CPSA", _("United States: substantial hazard of a consumer product (CPSA 15(b))")
    OTHER = "OTHER", _("Another duty to report")


class DayUnit(models.TextChoices):
    """How the days of a clock that runs by date are counted."""

    DAY = "day", _("days")
    WORKDAY = "workday", _("working days")


class Basis(models.TextChoices):
    """What counts as time for a clock."""

    CALENDAR = "CALENDAR", _("Round the clock")
    BUSINESS = "BUSINESS", _("Working time")
    DATE = "DATE", _("By date")


class ClockState(models.TextChoices):
    """How a clock stands; breached is a moment (`breached_at`), not a state, since a late clock still runs."""

    RUNNING = "RUNNING", _("Running")
    PAUSED = "PAUSED", _("Paused")
    STOPPED = "STOPPED", _("Stopped")
    CANCELLED = "CANCELLED", _("Cancelled")


UNDECIDED = (ClockState.RUNNING, ClockState.PAUSED)


class PauseReason(models.TextChoices):
    """DOMAIN §3.1(8)."""

    WAITING_CUSTOMER_INFO = "WAITING_CUSTOMER_INFO", _("Waiting for the customer's information")
    WAITING_SAMPLE = "WAITING_SAMPLE", _("Waiting for the sample")
    WAITING_SITE_ACCESS = "WAITING_SITE_ACCESS", _("Waiting for access to the site")
    WAITING_CUSTOMER_DECISION = "WAITING_CUSTOMER_DECISION", _("Waiting for the customer's decision")
    FORCE_MAJEURE = "FORCE_MAJEURE", _("Force majeure")
    DISPUTE = "DISPUTE", _("In dispute")


WAITING_FOR_CUSTOMER = (
    PauseReason.WAITING_CUSTOMER_INFO,
    PauseReason.WAITING_SAMPLE,
    PauseReason.WAITING_SITE_ACCESS,
    PauseReason.WAITING_CUSTOMER_DECISION,
)


class BreachReason(models.TextChoices):
    """DOMAIN §3.4."""

    LATE_INTAKE = "LATE_INTAKE", _("Registered late")
    WRONG_ROUTING = "WRONG_ROUTING", _("Sent to the wrong place")
    NO_CAPACITY = "NO_CAPACITY", _("No capacity")
    WAITING_INTERNAL = "WAITING_INTERNAL", _("Waiting for a department")
    WAITING_SUPPLIER = "WAITING_SUPPLIER", _("Waiting for a supplier")
    TEST_DURATION = "TEST_DURATION", _("Test takes its time")
    SPARE_PARTS = "SPARE_PARTS", _("Spare parts")
    APPROVAL_DELAY = "APPROVAL_DELAY", _("Approval")
    CUSTOMER_WAIT_NOT_LOGGED = "CUSTOMER_WAIT_NOT_LOGGED", _("Customer wait not logged")
    TRAVEL = "TRAVEL", _("Travel")
    FORCE_MAJEURE = "FORCE_MAJEURE", _("Force majeure")
    SYSTEM = "SYSTEM", pgettext_lazy("a cause", "System")
    OTHER = "OTHER", _("Other")


class LetterKind(models.TextChoices):
    """The documents this version makes, DOMAIN §14."""

    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT", _("Acknowledgement letter")
    INITIAL = "INITIAL", _("Initial analysis and plan")
    EIGHT_D = "EIGHT_D", _("8D report")
    PROPOSAL = "PROPOSAL", _("Remedy proposal")
    REJECTION = "REJECTION", _("Rejection letter")
    CLOSING = "CLOSING", _("Closing letter")


class Audience(models.TextChoices):
    """Who wrote a message and who may read it."""

    INTERNAL = "INTERNAL", _("Internal note")
    OUT = "OUT", _("To the customer")
    IN = "IN", _("From the customer")
