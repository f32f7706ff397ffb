"""Roles and what each may do, as data: permission → roles that hold it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """DOMAIN §1, with DIRECTOR and GM for approvals. A person may hold several."""

    CS = "CS", _("Customer service")
    CSL = "CSL", _("Customer service lead")
    QE = "QE", _("Quality engineer")
    QM = "QM", _("Quality manager")
    TEC = "TEC", _("Technical expert")
    FLD = "FLD", _("Field service engineer")
    SAL = "SAL", _("Sales")
    PM = "PM", _("Project manager")
    PRO = "PRO", _("Purchasing")
    LEG = "LEG", _("Legal")
    FIN = "FIN", _("Finance")
    PR = "PR", _("Public relations")
    EXE = "EXE", _("Executive")
    DIRECTOR = "DIR", _("Director")
    GM = "GM", _("General manager")
    AUD = "AUD", _("Auditor (reads only)")
    ADM = "ADM", _("Administrator")
    CUS = "CUS", _("Customer")
    SUP = "SUP", _("Supplier")
    LEN = "LEN", _("Lender (reads only)")


R = Role
STAFF = frozenset(R) - {R.CUS, R.SUP, R.LEN}
WRITERS = STAFF - {R.AUD}
WORKERS = WRITERS - {R.ADM}  # who can be named for something on a case

MAY: dict[str, frozenset[Role]] = {
    # the case, DOMAIN §2.2 column "who"
    "case.see": STAFF,
    "case.draft": frozenset({R.CS, R.CSL, R.QE, R.QM, R.SAL, R.FLD, R.CUS}),
    "case.register": frozenset({R.CS, R.CSL, R.QE, R.QM, R.SAL, R.FLD, R.CUS}),
    "case.edit": frozenset({R.CS, R.CSL, R.QE, R.QM, R.SAL, R.FLD}),
    "case.triage": frozenset({R.QE, R.CSL, R.QM}),
    "case.regrade": frozenset({R.QE, R.CSL, R.QM, R.EXE}),
    "case.mobilise": frozenset({R.QE, R.QM}),
    "case.begin_diagnosis": frozenset({R.QE, R.QM}),
    "case.propose_directly": frozenset({R.QE, R.QM}),
    "case.agree_diagnosis": frozenset({R.QE, R.QM}),
    "case.send_proposal": frozenset({R.QE, R.QM, R.SAL}),
    "case.counter": frozenset({R.SAL, R.CUS}),
    "case.accept": frozenset({R.SAL, R.CUS}),
    "case.report_done": frozenset({R.QE, R.QM, R.FLD}),
    "case.not_solved": frozenset({R.QE, R.QM, R.CUS}),
    "case.confirm": frozenset({R.CS, R.CSL, R.CUS}),
    "case.close": frozenset({R.QM, R.EXE}),
    "case.reopen": frozenset({R.QM, R.CSL}),
    "case.reject": frozenset({R.QM}),
    "case.object": frozenset({R.QM}),
    "case.withdraw": frozenset({R.CS, R.CSL}),
    "case.merge": frozenset({R.CS, R.CSL, R.QE, R.QM}),
    "case.dispute": frozenset({R.LEG}),
    "case.settle": frozenset({R.LEG}),
    # the rooms of the case
    "case.note": WRITERS,
    "case.reply": frozenset({R.CS, R.CSL, R.QE, R.QM, R.SAL, R.FLD}),
    "case.evidence": WRITERS | {R.CUS},
    "case.assign": frozenset({R.CS, R.CSL, R.QE, R.QM}),
    "action.assign": frozenset({R.CSL, R.QE, R.QM}),
    "case.escalate": frozenset({R.CS, R.CSL, R.QE, R.QM, R.SAL, R.FLD, R.PM, R.CUS}),
    "case.prepare_rejection": frozenset({R.QE}),
    "response.record": frozenset({R.QE, R.QM}),
    "response.send_initial": frozenset({R.QE, R.QM}),
    "response.approve_initial": frozenset({R.QM}),
    "emergency.activate": frozenset({R.QE, R.QM, R.EXE}),
    "emergency.lead": frozenset({R.QE, R.QM, R.CSL, R.EXE}),
    "emergency.stand_down": frozenset({R.QM, R.EXE}),
    "diagnosis.record": frozenset({R.QE, R.QM, R.TEC}),
    "diagnosis.exempt": frozenset({R.QM}),
    "diagnosis.approve_attribution": frozenset({R.QM}),
    "entitlement.state": WORKERS,
    "entitlement.assess": frozenset({R.LEG}),
    "entitlement.dispute": WORKERS,
    "entitlement.decide": frozenset({R.LEG, R.EXE}),
    "finance.assess": frozenset({R.FIN}),
    "proposal.draft": frozenset({R.QE, R.QM, R.SAL}),
    "proposal.negotiate": frozenset({R.QE, R.QM, R.SAL, R.LEG}),
    "agreement.record": frozenset({R.SAL, R.QM, R.LEG, R.FIN}),
    "proposal.approve": frozenset({R.CSL, R.QM, R.FIN, R.LEG, R.TEC, R.DIRECTOR, R.GM, R.EXE}),
    "execution.record": frozenset({R.QE, R.QM, R.FLD}),
    "execution.agree_cancellation": frozenset({R.QE, R.QM, R.SAL, R.CUS}),
    "visit.record": frozenset({R.CS, R.CSL, R.FLD}),
    "capa.record": frozenset({R.QE, R.QM}),
    "capa.check": frozenset({R.QE, R.QM}),
    "capa.waive": frozenset({R.QM}),
    "lesson.record": frozenset({R.QE, R.QM}),
    "lesson.approve": frozenset({R.QM}),
    "cost.record": frozenset({R.FIN, R.QM, R.QE}),
    "cost.post": frozenset({R.FIN}),
    "chargeback.record": frozenset({R.PRO, R.QM, R.FIN}),
    "signoff.legal": frozenset({R.LEG}),
    "reporting.decide": frozenset({R.LEG, R.QM}),
    "reporting.tell_lender": frozenset({R.FIN, R.PM, R.LEG}),
    "clock.pause": frozenset({R.CS, R.CSL, R.QE, R.QM}),
    "clock.explain_breach": WRITERS,
    "clock.excuse_breach": frozenset({R.QM}),
    # the house
    "contracts.see": STAFF,
    "contracts.structure": frozenset({R.LEG, R.SAL, R.PM, R.QM}),
    "projects.keep": frozenset({R.FIN, R.PM}),
    "dashboard.see": frozenset({R.CSL, R.QM, R.EXE, R.DIRECTOR, R.GM, R.AUD, R.ADM, R.FIN, R.LEG, R.PM}),
    "audit.see": frozenset({R.AUD, R.QM, R.ADM, R.EXE}),
    "notices.mend": frozenset({R.QM, R.ADM}),
    "calendars.manage": frozenset({R.QM, R.ADM}),
    "policies.manage": frozenset({R.QM, R.ADM}),
    "grading.keep": frozenset({R.QE, R.QM}),
    "grading.approve": frozenset({R.QM, R.EXE}),
    "emergency.keep": frozenset({R.QE, R.QM}),
    "emergency.approve": frozenset({R.QM, R.EXE, R.DIRECTOR, R.GM}),
    "instruments.manage": frozenset({R.QE, R.QM, R.TEC, R.ADM}),
    "users.manage": frozenset({R.ADM}),
    "absence.manage": frozenset({R.QM, R.ADM}),
    "competence.keep": frozenset({R.CSL, R.QM, R.ADM}),
    "duty.manage": frozenset({R.CSL, R.QM, R.ADM}),
}

RIGHTS = {
    # the same permissions in words, for whoever is refused
    "case.see": _("See cases"),
    "case.draft": _("Draft a complaint"),
    "case.register": _("Register a complaint"),
    "case.edit": _("Edit the facts of a case"),
    "case.triage": _("Triage a case"),
    "case.regrade": _("Grade a case anew"),
    "case.mobilise": _("Start the response to a case"),
    "case.begin_diagnosis": _("Begin the diagnosis"),
    "case.propose_directly": _("Propose a remedy without diagnosis"),
    "case.agree_diagnosis": _("Agree the diagnosis"),
    "case.send_proposal": _("Send a proposal to the customer"),
    "case.counter": _("Record a counter-offer"),
    "case.accept": _("Record that a proposal was accepted"),
    "case.report_done": _("Report the remedy as done"),
    "case.not_solved": _("Record that the problem is not solved"),
    "case.confirm": _("Confirm the result"),
    "case.close": _("Close a case"),
    "case.reopen": _("Reopen a case"),
    "case.reject": _("Reject a complaint"),
    "case.object": _("Take up an objection"),
    "case.withdraw": _("Withdraw a complaint"),
    "case.merge": _("Merge cases"),
    "case.dispute": _("Open a dispute"),
    "case.settle": _("Settle a dispute"),
    "case.note": _("Write internal notes"),
    "case.reply": _("Reply to the customer"),
    "case.evidence": _("Add evidence"),
    "case.assign": _("Assign a case"),
    "action.assign": _("Say who answers for the actions of a case"),
    "case.escalate": _("Take a customer’s call for a manager"),
    "case.prepare_rejection": _("Prepare a rejection"),
    "response.record": _("Record the response"),
    "response.send_initial": _("Send the initial analysis"),
    "response.approve_initial": _("Approve the initial analysis"),
    "emergency.activate": _("Activate an emergency plan"),
    "emergency.lead": _("Record decisions, updates and reservations in an incident"),
    "emergency.stand_down": _("Stand an emergency plan down"),
    "diagnosis.record": _("Record the diagnosis"),
    "diagnosis.exempt": _("Exempt a case from full diagnosis"),
    "diagnosis.approve_attribution": _("Approve the attribution of responsibility"),
    "entitlement.state": _("State facts that the contract asks for"),
    "entitlement.assess": _("Assess what the contract grants"),
    "entitlement.dispute": _("Dispute a verdict on the contract"),
    "entitlement.decide": _("Decide a disputed verdict on the contract"),
    "finance.assess": _("Assess the financial impact"),
    "proposal.draft": _("Draft a proposal"),
    "proposal.negotiate": _("Record what is negotiated"),
    "agreement.record": _("Record a signed agreement"),
    "proposal.approve": _("Approve a proposal"),
    "execution.record": _("Record how the remedy is carried out"),
    "execution.agree_cancellation": _("Agree that a part of the remedy is dropped"),
    "visit.record": _("Record a return visit"),
    "capa.record": _("Record corrective and preventive actions"),
    "capa.check": _("Check whether corrective actions work"),
    "capa.waive": _("Do without corrective actions"),
    "lesson.record": _("Record lessons learned"),
    "lesson.approve": _("Approve lessons learned"),
    "cost.record": _("Record costs"),
    "cost.post": _("Post the costs of a case"),
    "chargeback.record": _("Charge a supplier, or do without it"),
    "signoff.legal": _("Sign off for legal"),
    "reporting.decide": _("Decide that a case must be reported to an authority, and record the report"),
    "reporting.tell_lender": _("Record that a lender was told"),
    "clock.pause": _("Pause a clock"),
    "clock.explain_breach": _("Explain a breach"),
    "clock.excuse_breach": _("Excuse a breach"),
    "contracts.see": _("See contracts"),
    "contracts.structure": _("Enter clauses of contracts"),
    "projects.keep": _("Keep projects: milestones, payments, cash plan and loans"),
    "dashboard.see": _("See the dashboard"),
    "audit.see": _("See the audit trail"),
    "notices.mend": _("See messages that could not be sent, and send them again"),
    "calendars.manage": _("Keep the work calendars"),
    "absence.manage": _("Record the absence of others"),
    "competence.keep": _("Keep what others know"),
    "duty.manage": _("Keep the duty rota"),
    "policies.manage": _("Set the targets of clocks"),
    "grading.keep": _("Propose grading rules"),
    "grading.approve": _("Approve grading rules"),
    "emergency.keep": _("Write emergency plans and hold drills"),
    "emergency.approve": _("Approve emergency plans"),
    "instruments.manage": _("Keep the register of instruments"),
    "users.manage": _("Manage people and their roles"),
}
