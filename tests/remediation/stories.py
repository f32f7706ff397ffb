"""
Cases on their way through the remedy, made by the verbs that make them. Each step goes on from the one before.

A case is received at NOON; it is proposed on at PROPOSED, sent at SENT, accepted at ACCEPTED, done at DONE and
confirmed at RESOLVED (2026-05-20, Wednesday, Shanghai) unless told otherwise.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Organisation, User
from complaints import diagnosis, emergencies, lifecycle, response
from complaints.emergencies import Review
from complaints.models import Complaint, EmergencyPlan
from contracts.money import Money
from remediation import approvals, execution, proposals
from remediation.models import Proposal, ProposalLine
from tests.cast import NOON, department
from tests.complaints import contract_case as under
from tests.complaints.factories import triaged
from tests.emergency import house

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PROPOSED = NOON + DAY
SENT = NOON + 2 * DAY
ACCEPTED = NOON + 3 * DAY
DONE = NOON + 7 * DAY
RESOLVED = NOON + 8 * DAY
VALID_UNTIL = date(2026, 6, 5)
ANALYSIS = {
    "description": "Hums at 1 450 rpm.",
    "extent": "One of four.",
    "confidence": "UNKNOWN",
    "test_plan": "Measure vibration on site.",
    "containment": "Unit stopped.",
    "remedy_direction": "Exchange the bearing.",
    "next_dates": "Visit on Thursday.",
}
REWORK = {"kind": "REWORK", "description": "Exchange the bearing"}


@dataclass
class People:
    """The cast, as far as a remedy needs it."""

    ada: User
    cleo: User
    quinn: User
    lee: User
    fay: User
    lin: User
    sam: User
    max: User


def cny(amount: str | int) -> Money:
    return Money(Decimal(amount), "CNY")


def codes(refusal) -> list[str]:
    return [why.code for why in refusal.value.reasons]


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def responding(who: People, *, grade: str = "G3", at: datetime = NOON, **fields: Any) -> Complaint:
    """Return a case with its team, and for G1 its emergency plan in force."""
    complaint = triaged(who.quinn, registered_by=who.ada, grade=grade, **{"received_at": at, **fields})
    plan = {"plan": emergency_plan(who)} if grade == "G1" else {}
    return lifecycle.mobilise(
        complaint, by=who.quinn, at=at + 2 * HOUR, leader=who.quinn, champion=who.lee, members=(who.cleo,), **plan
    )


def claiming(who: People, customer: Organisation) -> Complaint:
    """Return a case whose diagnosis is agreed and whose contract grants CNY 9,800.00 for defective units."""
    paper = under.contract(customer, who.sam, who.lin)
    sent = under.delivery(paper)
    complaint = proposing(
        who, customer=customer, contract=paper, contract_version=paper.versions.get(), delivery=sent,
        product=sent.product, nonconformity=["DEFECT"], remedy_asked=["REWORK"], quantity_affected="41",
        quantity_delivered="80",
    )  # fmt: skip
    Complaint.objects.filter(pk=complaint.pk).update(contract=paper, contract_version=paper.versions.get())
    complaint.affected_items.update(total=41, confirmed=37, good=4)
    return Complaint.objects.get(pk=complaint.pk)


def emergency_plan(who: People) -> EmergencyPlan:
    """Return the plan for G1 cases, made at first use."""
    known = EmergencyPlan.objects.filter(code="EP-1").first()
    return known or house.in_force(who.lee, who.quinn, who.cleo, who.max)


def stood_down(who: People, complaint: Complaint, *, at: datetime) -> None:
    """Do every step of the plan in force, and stand it down."""
    for step in emergencies.of(complaint).steps.all():
        emergencies.finish_step(step, by=who.quinn, at=at, result="Done.")
    emergencies.stand_down(complaint, by=who.lee, at=at, review=Review("Contained.", "Quick.", "Nothing."), left={})


def diagnosing(who: People, **fields: Any) -> Complaint:
    """Return a case whose response is over and whose causes are looked for."""
    complaint = responding(who, **fields)
    at = NOON + 3 * HOUR
    if complaint.grade == "G1":
        stood_down(who, complaint, at=at)
    response.hold_meeting(
        complaint, by=who.quinn, at=at, agenda="Hum", decisions="Stop unit 3",
        attendees=[(who.lee, department("QUALITY")), (who.cleo, department("CUSTOMER_SERVICE"))],
    )  # fmt: skip
    response.contain(complaint, by=who.quinn, at=at, location="INSTALLED", action="Unit 3 stopped", owner=who.quinn)
    analysis = response.write_initial(complaint, by=who.quinn, at=at, contact_person=who.quinn, **ANALYSIS)
    response.approve_initial(analysis, by=who.lee, at=at)
    response.send_initial(complaint, by=who.quinn, at=at)
    return lifecycle.begin_diagnosis(complaint, by=who.quinn, at=at + HOUR)


def proposing(who: People, *, supplier: Organisation | None = None, **fields: Any) -> Complaint:
    """Return a case whose diagnosis is agreed; with a supplier, 40 % of the cause is theirs."""
    complaint, at = diagnosing(who, **fields), NOON + 5 * HOUR
    for leg, code, text in (("OCCURRENCE", "PRC", "Nozzle worn"), ("ESCAPE", "DET", "No test under load")):
        cause = diagnosis.record_cause(complaint, by=who.quinn, at=at, leg=leg, code=code, text=text)
        diagnosis.verify_cause(cause, by=who.quinn, at=at, method="Switched on and off", result="Came and went")
    response.record_extent(complaint, by=who.quinn, at=at, location="INSTALLED", total=4, confirmed=1, good=3)
    diagnosis.state_defect(complaint, by=who.quinn, at=at, sentence="Gearbox unit 3 hums at 1 450 rpm")
    diagnosis.finish_extent(complaint, by=who.quinn, at=at)
    shares = [("SELLER", Decimal(100), "our dispenser", None)]
    if supplier:
        shares = [("SELLER", Decimal(60), "our dispenser", None), ("SUPPLIER", Decimal(40), "its nozzle", supplier)]
    version = diagnosis.attribute(complaint, by=who.quinn, at=at, shares=shares)
    diagnosis.approve_attribution(version, by=who.lee, at=at)
    diagnosis.assess_entitlement(complaint, by=who.lin, at=at, status="ENTITLED", reasoning="Within guarantee.")
    diagnosis.assess_finance(
        complaint, by=who.fay, at=at, delay_days=0, payments_at_risk=cny(0), retention_at_risk=cny(0),
        remedy_cost=cny(0), reputation=1, lender_material=False, note="No milestone touched.",
    )  # fmt: skip
    return lifecycle.agree_diagnosis(complaint, by=who.quinn, at=PROPOSED)


def drafted(
    who: People, complaint: Complaint, *lines: dict[str, Any], at: datetime = PROPOSED, **terms: Any
) -> Proposal:
    """Return a draft by quinn; without lines, one rework that costs 5 000."""
    proposal = proposals.draft_proposal(complaint, by=who.quinn, at=at, **{"valid_until": VALID_UNTIL, **terms})
    for line in lines or ({**REWORK, "cost": cny(5000)},):
        proposals.add_line(proposal, by=who.quinn, at=at, **line)
    return fresh(proposal)


def approved(who: People, proposal: Proposal, *, at: datetime = PROPOSED, by: tuple[User, ...] = ()) -> Proposal:
    """Return the draft approved, by cleo (the team lead) unless told otherwise."""
    approvals.submit(proposal, by=who.quinn, at=at)
    for person in by or (who.cleo,):
        proposal = approvals.approve(proposal, by=person, at=at)
    return proposal


def negotiating(who: People, *lines: dict[str, Any], by: tuple[User, ...] = (), **fields: Any) -> Complaint:
    """Return a case whose first version is with the customer."""
    complaint = proposing(who, **fields)
    approved(who, drafted(who, complaint, *lines), by=by)
    return lifecycle.send_proposal(complaint, by=who.quinn, at=SENT)


def executing(who: People, *lines: dict[str, Any], **fields: Any) -> Complaint:
    """Return a case whose proposal the customer accepted."""
    complaint = negotiating(who, *lines, **fields)
    return lifecycle.accept(complaint, by=who.sam, at=ACCEPTED, kind="EMAIL", evidence="Mail of Carla, 15 May")


def verifying(who: People, **fields: Any) -> Complaint:
    """Return a case whose one line was done."""
    complaint = executing(who, **fields)
    finish(line_of(complaint), who)
    return lifecycle.report_done(complaint, by=who.quinn, at=DONE)


def following_up(who: People, *, at: datetime = RESOLVED, **fields: Any) -> Complaint:
    """Return a case whose result Carla confirmed at `at`."""
    return lifecycle.confirm(verifying(who, **fields), by=who.ada, at=at, person="Carla", how="by phone")


def line_of(complaint: Complaint) -> ProposalLine:
    """Return the first line of the newest version."""
    newest = complaint.proposals.order_by("-number").first()
    return newest.lines.order_by("position").first()


def finish(line: ProposalLine, who: People, *, at: datetime = DONE) -> ProposalLine:
    execution.start_line(line, by=who.quinn, at=at)
    return execution.finish_line(
        line, by=who.quinn, at=at, evidence_text="Photo of the fitted bearing", reinspection_result="0.8 mm/s, passed"
    )
