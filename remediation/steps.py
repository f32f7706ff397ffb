"""Which act of this room fills which gap, and what its moves ask, in words for when it is there."""

from django.utils.translation import gettext_lazy as _

from complaints import next_step
from complaints.mends import Mend
from complaints.next_step import Check

MENDS = {
    "proposal_missing": Mend("draft_proposal"),
    "proposal_expired": Mend("counter", "reason"),
    "proposal_empty": Mend("add_line"),
    "proposal_not_submitted": Mend("submit_proposal"),
    "line_not_costed": Mend("change_line", "cost"),
    "line_amount_missing": Mend("change_line", "amount"),
    "line_entitlement_missing": Mend("change_line", "entitlement"),
    "line_over_entitlement": Mend("change_line", "amount"),
    "line_other_currency": Mend("change_line", "amount"),
    "lines_over_total": Mend("change_line", "amount"),
    "head_over_entitlement": Mend("change_line", "amount"),
    "line_sum_unnamed": Mend("change_line", "grant"),
    "line_assessment_elsewhere": Mend("change_line", "grant"),
    "basis_changed": Mend("assess_by_contract"),
    "basis_broken": Mend("assess_by_contract"),
    "concession_unsafe": Mend("remove_line"),
    "valid_until_missing": Mend("set_terms", "valid_until"),
    "valid_until_passed": Mend("set_terms", "valid_until"),
    "approval_pending": Mend("approve_proposal"),
    "agreement_missing": Mend("record_agreement"),
    "line_open": Mend("finish_line"),
    "line_failed": Mend("start_line"),
    "line_cancel_alone": Mend("agree_cancellation"),
    "line_evidence_missing": Mend("finish_line", "evidence_text"),
    "line_reinspection_missing": Mend("finish_line", "reinspection_result"),
    "capa_missing": Mend("open_capa"),
    "capa_action_missing": Mend("add_capa_action"),
    "capa_unassigned": Mend("hand_over_capa", "owner", fill=("capa",)),
    "costs_not_posted": Mend("post_costs"),
    "chargeback_open": Mend("open_chargeback"),
    "lesson_missing": Mend("record_lesson"),
    "visit_first_missing": Mend("record_visit"),
}
UNMENDED = {
    # the negotiation has not come so far
    "proposal_not_sent",
    "rounds_too_few",
    "days_too_few",
    # it was done before
    "agreement_recorded",
    # an administrator must
    "approval_nobody",
    "rate_missing",
    "limits_missing",
}
CHECKS = {
    "send_proposal": [
        Check(_("A version is drafted and whole"),
              ("proposal_missing", "proposal_empty", "line_not_costed", "line_amount_missing",
               "line_entitlement_missing", "valid_until_missing", "concession_unsafe",
               "line_over_entitlement", "line_other_currency", "head_over_entitlement", "lines_over_total",
               "line_sum_unnamed", "line_assessment_elsewhere")),
        Check(_("The facts that the sums rest on still hold"), ("basis_changed", "basis_broken")),
        Check(_("Everybody needed has approved"), ("proposal_not_submitted", "approval_pending", "approval_nobody")),
    ],
    "accept": [
        Check(_("The offer is with the customer"), ("proposal_not_sent", "proposal_expired")),
        Check(_("The agreement is signed, where money flows"), ("agreement_missing",)),
    ],
    "report_done": [
        Check(_("Every remedy is done or cancelled by both sides"),
              ("line_open", "line_failed", "line_cancel_alone", "line_evidence_missing", "line_reinspection_missing")),
    ],
    "close": [
        Check(_("Every remedy is done"),
              ("line_open", "line_failed", "line_cancel_alone", "line_evidence_missing", "line_reinspection_missing")),
        Check(_("Each cause has its action, or a waiver"), ("capa_missing", "capa_action_missing")),
        Check(_("Somebody answers for each CAPA"), ("capa_unassigned",)),
        Check(_("The costs are posted"), ("costs_not_posted",)),
        Check(_("Each supplier’s share is dealt with"), ("chargeback_open",)),
        Check(_("What must be sent and learned is there"), ("eight_d_not_sent", "lesson_missing")),
        Check(_("The first visit was made"), ("visit_first_missing",)),
    ],
}  # fmt: skip


def install() -> None:
    """Teach the next step; called once, when the app is ready."""
    next_step.teach(MENDS, CHECKS, unmended=UNMENDED)
