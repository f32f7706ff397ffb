"""This room's sentences for `complaints.words`: why a remedy cannot move on yet."""

from django.utils.translation import gettext_lazy as _

from complaints import words
from remediation.models.kinds import CapaStatus, Level, LineStatus, Question, VisitStatus

SENTENCES: dict[str, words.Words] = {
    # drafting
    "proposal_missing": _("Draft a proposal."),
    "proposal_active": _("Version {number} is still active. Change that one."),
    "proposal_sent": _("Version {number} was sent and stays as it is. Make the next version."),
    "proposal_not_submitted": _("Version {number} was not handed in for approval yet."),
    "proposal_not_in_approval": _("Version {number} does not wait for approval."),
    "proposal_empty": _("Version {number} has no line. Add at least one remedy."),
    "valid_until_missing": _("Version {number} does not say until when it is valid."),
    "valid_until_passed": _("Version {number} was valid until {until}. Set a later date."),
    "line_not_costed": _("“{line}” has no cost yet."),
    "line_amount_missing": _("“{line}” pays money: enter the amount to the customer."),
    "line_entitlement_missing": _("“{line}”: name the clause or entitlement that it rests on, or mark it as goodwill."),
    "line_head_unknown": _("The assessment grants no such sum. Choose one that it lists."),
    "line_other_currency": _("“{line}”: the assessment counts in {currency}. Pay in that currency."),
    "line_over_entitlement": _(
        "“{line}” pays {amount}, the contract grants {granted}. Lower it, or say why it is more (goodwill)."
    ),
    "head_over_entitlement": _(
        "“{line}” and what else is promised for the same loss pay {amount}, the contract grants {granted} for it. "
        "Lower it, or mark what is more as goodwill."
    ),
    "lines_over_total": _(
        "All that is promised by the contract comes to {amount}, and assessment {number} grants {granted} in all. "
        "Lower it, or mark what is more as goodwill."
    ),
    "line_sum_unnamed": _(
        "“{line}”: choose the sum of assessment {number} that it pays. What the contract does not grant is goodwill."
    ),
    "line_assessment_elsewhere": _(
        "“{line}” rests on an assessment of another case or cycle. Choose one that was kept for this cycle."
    ),
    "basis_changed": _(
        "“{line}” rests on assessment {number}, which would be otherwise now ({differs}). Keep a new assessment and "
        "let the line rest on it, or let Legal confirm the sum."
    ),
    "basis_broken": _(
        "“{line}” rests on assessment {number}, which does not work out again as it was kept. Keep a new assessment "
        "and let the line rest on it; its sum is then approved anew."
    ),
    "line_description_missing": _("Say what the remedy is."),
    "goodwill_reason_missing": _("Goodwill needs its reason."),
    "concession_unsafe": _("A concession is not possible while safety is at stake."),
    "interim_only": _("Only an interim remedy can be released ahead of the diagnosis."),
    # approval
    "approval_pending": _("The approval of “{level}” is missing: {who}."),
    "approval_nobody": _("The approval of “{level}” is missing, and nobody may give it. Name somebody for it."),
    "approval_by_value": _("The case adds up to {value}. More than {limit} and up to {up_to} needs this level."),
    "approval_by_lowest": _("The case adds up to {value}. Up to {up_to} needs this level."),
    "approval_by_highest": _("The case adds up to {value}. More than {limit} needs this level."),
    "approval_for_goodwill": _(
        "The case adds up to {value}. Goodwill goes one level higher, as if it came to more than {limit}."
    ),
    "approval_for_concession": _("A concession needs research and development, the quality manager and the customer."),
    "approval_for_guarantee": _("An extended guarantee needs Legal."),
    "approval_for_admission": _("An offer that admits liability needs Legal."),
    "approval_not_needed": _("Your approval is not needed for version {number}."),
    "rate_missing": _("No exchange rate from {currency} to {company} is known on {on}. Enter it first."),
    "limits_missing": _("No approval limits in {currency} are in force on {on}. Enter them first."),
    # with the customer
    "proposal_not_sent": _("No proposal is with the customer."),
    "proposal_expired": _("Version {number} was valid until {until}. Make the next version."),
    "proposal_other_version": _("Version {number} is not the one that is with the customer ({active})."),
    "acceptance_kind_unknown": _("Say how the customer accepted: by signature, by e-mail or in the portal."),
    "agreement_missing": _("Record the signed agreement over {amount}."),
    "agreement_differs": _("The proposal grants {total}, not {amount}. The agreement must be over the same sum."),
    "agreement_recorded": _("Every sum that is granted has its signed agreement already."),
    "agreement_incomplete": _("The agreement needs payee and evidence."),
    "text_missing": _("Write what was said."),
    # carrying out
    "line_open": _("“{line}” is not done yet."),
    "line_failed": _("“{line}” failed. Try again or cancel it with the customer."),
    "line_cancel_alone": _("“{line}” was cancelled, but the customer has not agreed yet."),
    "line_evidence_missing": _("“{line}” needs the evidence that it is done."),
    "line_reinspection_missing": _("“{line}” needs the result of the re-inspection."),
    "line_not_released": _("“{line}” is not released: its proposal was not accepted."),
    "line_status_wrong": _("“{line}” cannot do that now: it is “{line_status}”."),
    "evidence_elsewhere": _("“{name}” belongs to another case."),
    # confirmation, visits, survey
    "visit_first_missing": _("The first return visit, planned on {on}, was not made yet."),
    "visit_too_early": _("A visit counts from {earliest} on. Record it as a note, or move the visit."),
    "visit_ended": _("This visit is over: {visit_status}."),
    "visit_date_past": _("The agreed date lies in the past."),
    "satisfaction_range": _("Satisfaction is a number from 1 to 5."),
    "survey_answered": _("This survey was answered already."),
    "survey_over": _("This survey ended on {until}."),
    "survey_question_open": _("Answer this question, too: {question}."),
    "survey_answer_range": _("The answer to “{question}” lies between {least} and {most}."),
    # prevention, costs, suppliers
    "capa_missing": _("Open a corrective and preventive action, or waive it with a reason (G3 and G4 only)."),
    "capa_action_missing": _("No action removes the cause “{cause}” yet."),
    "capa_no_actions": _("{number} has no action yet."),
    "capa_action_open": _("The action “{action}” is not done yet."),
    "capa_criterion_missing": _("Set how the effect will be measured before it is carried out."),
    "capa_only_weak": _("Only checks and instructions so far: the quality manager must say why not more."),
    "capa_similar_open": _("Decide whether it applies to “{text}”, too."),
    "capa_status_wrong": _("{number} cannot do that now: it is “{capa_status}”."),
    "capa_window_open": _("The effect can be judged from {until} on."),
    "capa_waiver_grade": _("Only a G3 or G4 case may go without; this one is {grade}."),
    "capa_unassigned": _("{name}, who owns {number}, has no account any more: nobody answers for its actions."),
    "costs_not_posted": _("Finance has not posted the costs yet."),
    "cost_document_missing": _("Name the document that the cost comes from."),
    "chargeback_open": _("{supplier} bears a share: open a chargeback, or waive it with a reason."),
    "chargeback_there": _("{supplier} was charged already."),
    "chargeback_nothing": _("The amount must be more than zero."),
    "not_a_supplier": _("{name} is not a supplier."),
    "eight_d_not_sent": _("The final 8D report was not sent yet."),
    "lesson_missing": _("Record what this case taught."),
}  # fmt: skip


def install() -> None:
    """Teach the sentences; called once, when the app is ready."""
    words.teach(
        SENTENCES, level=Level, question=Question, line_status=LineStatus, visit_status=VisitStatus,
        capa_status=CapaStatus,
    )  # fmt: skip
