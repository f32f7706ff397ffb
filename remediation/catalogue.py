"""The acts of this room: remedy, visits, prevention, each with its words, form and verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.acts import Act, add, on_row
from complaints.forms.moves import PlainForm
from complaints.models.states import BACKLOG, State
from remediation import approvals, basis, capa, costs, execution, followup, proposals, readiness, showing, visits
from remediation.forms import prevention as p
from remediation.forms import remedy as r
from remediation.forms import visits as v

DRAFTING = proposals.INTERIM_STATES
TALKING = (State.PROPOSING, State.NEGOTIATING, State.DISPUTED)
AGREEING = (State.NEGOTIATING, State.EXECUTING, State.VERIFYING, State.DISPUTED)
WORKING = BACKLOG[BACKLOG.index(State.RESPONDING) :]
LEARNING = (*WORKING, State.CLOSED)


def _on_proposal(verb: Callable[..., Any]) -> Callable[..., Any]:
    return on_row(verb, "proposal", missing="proposal_missing")


DRAFTED = (
    Act("draft_proposal", _("Draft a proposal"), proposals.draft_proposal, r.DraftForm, "remedy", "proposal.draft",
        DRAFTING, _("Begins the next version; nobody outside sees it yet.")),
    Act("add_line", _("Add a remedy"), _on_proposal(proposals.add_line), r.AddLineForm, "remedy", "proposal.draft",
        DRAFTING, _("Approvals given so far become void.")),
    Act("change_line", _("Change a remedy"), on_row(proposals.change_line, "line"), r.ChangeLineForm, "remedy",
        "proposal.draft", DRAFTING, _("A change of amount, scope or ground makes the approvals void.")),
    Act("remove_line", _("Remove a remedy"), on_row(proposals.remove_line, "line"), r.UnsentLineForm, "remedy",
        "proposal.draft", DRAFTING, _("The line goes; approvals given so far become void.")),
    Act("set_terms", _("Set the terms"), _on_proposal(proposals.set_terms), r.SetTermsForm, "remedy",
        "proposal.draft", DRAFTING, _("All but the date of validity makes the approvals void.")),
    Act("submit_proposal", _("Hand in for approval"), _on_proposal(approvals.submit), r.SubmitForm, "remedy",
        "proposal.draft", DRAFTING, _("Whoever must agree is told."), gaps=readiness.submit),
    Act("approve_proposal", _("Approve the proposal"), _on_proposal(approvals.approve), r.ApproveForm, "remedy",
        "proposal.approve", DRAFTING, _("Counts for one level. With the last one, the proposal may be sent."),
        also=approvals.may_decide, gaps=approvals.decision_gaps, shows=showing.approving),
    Act("refuse_proposal", _("Send the proposal back"), _on_proposal(approvals.refuse), r.RefuseForm, "remedy",
        "proposal.approve", DRAFTING, _("It becomes a draft again; approvals given so far become void."),
        also=approvals.may_decide, gaps=approvals.decision_gaps, shows=showing.proposal),
    Act("confirm_basis", _("Confirm the sums"), _on_proposal(basis.confirm), r.ConfirmBasisForm, "remedy",
        "entitlement.assess", DRAFTING, _("They stay although facts have changed; a further change asks again."),
        gaps=readiness.confirm_basis, shows=showing.proposal),
    Act("release_interim", _("Release the interim remedy"), _on_proposal(proposals.release), r.ReleaseForm,
        "remedy", "case.send_proposal", DRAFTING,
        _("The customer gets the letter; the work may begin, without prejudice."), outward=True,
        shows=showing.proposal),
)  # fmt: skip

AGREED = (
    Act("offer", _("Note what was said"), proposals.offer, r.OfferForm, "remedy", "proposal.negotiate", TALKING),
    Act("record_agreement", _("Record the signed agreement"), _on_proposal(proposals.record_agreement),
        r.AgreementForm, "remedy", "agreement.record", AGREEING, _("Money may flow under it."),
        gaps=readiness.record_agreement),
    Act("start_line", _("Start the work"), on_row(execution.start_line, "line"), r.StartLineForm, "remedy",
        "execution.record", WORKING),
    Act("finish_line", _("Report it finished"), on_row(execution.finish_line, "line"), r.FinishLineForm, "remedy",
        "execution.record", WORKING),
    Act("fail_line", _("Report that it failed"), on_row(execution.fail_line, "line"), r.FailLineForm, "remedy",
        "execution.record", WORKING, _("It counts as a failed attempt, which may give the customer other rights.")),
    Act("cancel_line", _("Cancel a remedy"), on_row(execution.cancel_line, "line"), r.CancelLineForm, "remedy",
        "execution.record", WORKING, _("What was agreed is not done; the customer must agree, too.")),
    Act("agree_cancellation", _("Record that the customer agrees"), on_row(execution.agree_cancellation, "line"),
        r.AgreeCancellationForm, "remedy", "execution.agree_cancellation", WORKING),
    Act("remind_confirmation", _("Ask for the confirmation"), followup.remind_confirmation, PlainForm, "remedy",
        "case.reply", (State.VERIFYING,), _("The customer is asked by mail to check the result."), outward=True),
)  # fmt: skip

VISITS = (
    Act("record_visit", _("Record a visit"), on_row(visits.record_visit, "visit"), v.RecordVisitForm, "visits",
        "visit.record", visits.STATES),
    Act("move_visit", _("Move a visit"), on_row(visits.move_visit, "visit"), v.MoveVisitForm, "visits", "visit.record",
        visits.STATES, _("The planned date stays on record; the tolerance counts from the new one.")),
    Act("cancel_visit", _("Cancel a visit"), on_row(visits.cancel_visit, "visit"), v.CancelVisitForm, "visits",
        "visit.record", visits.STATES),
)  # fmt: skip

PREVENTION = (
    Act("open_capa", _("Open a CAPA"), capa.open_capa, p.OpenCapaForm, "prevention", "capa.record", LEARNING),
    Act("add_capa_action", _("Plan an action"), on_row(capa.add_action, "capa"), p.AddActionForm, "prevention",
        "capa.record", LEARNING),
    Act("finish_capa_action", _("Report an action done"), on_row(capa.finish_action, "action"), p.FinishActionForm,
        "prevention", "capa.record", LEARNING),
    Act("set_criterion", _("Set how the effect is measured"), on_row(capa.set_criterion, "capa"), p.CriterionForm,
        "prevention", "capa.record", LEARNING),
    Act("add_similar", _("Name a similar product or place"), on_row(capa.add_similar, "capa"), p.SimilarForm,
        "prevention", "capa.record", LEARNING,
        _("The CAPA is not carried out until it is decided whether it applies there.")),
    Act("decide_similar", _("Decide whether it applies there"), on_row(capa.decide_similar, "similar"),
        p.DecideSimilarForm, "prevention", "capa.record", LEARNING),
    Act("hand_over_capa", _("Hand a CAPA over"), on_row(capa.hand_over, "capa"), p.HandOverCapaForm, "prevention",
        "capa.record", LEARNING, _("Whoever owns a CAPA answers for each of its actions.")),
    Act("implement_capa", _("Report the CAPA carried out"), on_row(capa.implement, "capa"), p.ImplementForm,
        "prevention", "capa.record", LEARNING, _("The window in which its effect must show begins.")),
    Act("check_effect", _("Check the effect"), on_row(capa.check_effect, "capa"), p.CheckEffectForm, "prevention",
        "capa.check", LEARNING, _("Not by its owner. A CAPA that has no effect closes as such; open a new one.")),
    Act("waive_capa", _("Go without a CAPA"), capa.waive_capa, p.BecauseForm, "prevention", "capa.waive", LEARNING,
        _("Possible for G3 and G4.")),
    Act("record_lesson", _("Record a lesson"), capa.record_lesson, p.LessonForm, "prevention", "lesson.record",
        LEARNING),
    Act("approve_lesson", _("Release a lesson"), on_row(capa.approve_lesson, "lesson"), p.ApproveLessonForm,
        "prevention", "lesson.approve", LEARNING, _("It is shown at similar cases from then on."),
        shows=showing.lesson),
    Act("add_cost", _("Add a cost"), costs.add_cost, p.CostForm, "prevention", "cost.record", LEARNING,
        _("Finance has to post the costs again.")),
    Act("post_costs", _("Post the costs"), costs.post_costs, PlainForm, "prevention", "cost.post", WORKING,
        _("Says that all costs of this cycle are in.")),
    Act("open_chargeback", _("Charge a supplier"), costs.open_chargeback, p.ChargebackForm, "prevention",
        "chargeback.record", LEARNING),
    Act("waive_chargeback", _("Do not charge a supplier"), costs.waive_chargeback, p.WaiveChargebackForm, "prevention",
        "chargeback.record", LEARNING),
)  # fmt: skip


def install() -> None:
    """Put this room's acts on the list; called once, when the app is ready."""
    add(*DRAFTED, *AGREED, *VISITS, *PREVENTION)
