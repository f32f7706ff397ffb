"""What happened to the remedy, in the reader's words; taught to the timeline when the app is ready."""

from django.utils.translation import gettext_lazy as _

from complaints import event_words

SENTENCES = {
    "proposal.drafted": _("Proposal, version {proposal}, begun"),
    "proposal.line_added": _("Remedy added to version {proposal}"),
    "proposal.line_changed": _("Remedy changed in version {proposal}"),
    "proposal.line_removed": _("Remedy removed from version {proposal}"),
    "proposal.terms_set": _("Terms set in version {proposal}"),
    "proposal.submitted": _("Proposal, version {proposal}, handed in for approval"),
    "proposal.approved": _("Proposal, version {proposal}, approved for one level"),
    "proposal.refused": _("Proposal, version {proposal}, sent back"),
    "proposal.approvals_voided": _("Approvals of version {proposal} became void"),
    "proposal.basis_confirmed": _("Sums of version {proposal} confirmed although facts have changed"),
    "proposal.released": _("Interim remedy released, version {proposal}"),
    "proposal.superseded": _("Proposal, version {proposal}, is over"),
    "proposal.expired": _("Proposal, version {proposal}, expired"),
    "negotiation.said": _("Negotiation noted"),
    "agreement.recorded": _("Signed agreement recorded"),
    "line.started": _("Work on a remedy begun"),
    "line.done": _("Remedy finished with its evidence"),
    "line.failed": _("Attempt at a remedy failed"),
    "line.cancelled": _("Remedy cancelled"),
    "line.cancellation_agreed": _("Customer agreed to the cancellation"),
    "lines.begun_again": _("Work begun again"),
    "confirmation.reminded": _("Customer reminded to confirm"),
    "visits.planned": _("Return visits planned"),
    "visit.done": _("Return visit made"),
    "visit.moved": _("Return visit moved"),
    "visit.redated": _(
        "Return visit {number} follows the calendar {calendar}: {from} (counts until {until_before}) is now {to} "
        "(counts until {until})"
    ),
    "visit.cancelled": _("Return visit cancelled"),
    "survey.invited": _("Survey sent"),
    "survey.reminded": _("Reminded of the survey"),
    "survey.revoked": _("Survey taken back"),
    "survey.answered": _("Survey answered"),
    "capa.opened": _("CAPA opened"),
    "capa.handed_over": _("{capa} handed over"),
    "capa.action_planned": _("Action planned"),
    "capa.action_done": _("Action done"),
    "capa.criterion_set": _("Measure of the effect set"),
    "capa.similar_named": _("Similar product or place named"),
    "capa.similar_decided": _("Similar product or place decided"),
    "capa.implemented": _("CAPA carried out"),
    "capa.checked": _("Effect of the CAPA checked"),
    "capa.waived": _("CAPA waived"),
    "lesson.recorded": _("Lesson recorded"),
    "lesson.approved": _("Lesson released"),
    "cost.added": _("Cost added"),
    "costs.posted": _("Costs posted"),
    "chargeback.opened": _("Supplier charged"),
    "chargeback.waived": _("Supplier not charged"),
}
DECISIONS = ("proposal.approved", "proposal.refused", "capa.waived", "chargeback.waived")


def install() -> None:
    """Teach the timeline; called once, when the app is ready."""
    event_words.teach(SENTENCES, DECISIONS)
