"""The acts of this room: remedy, visits, prevention, each with its words, form and verb."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from complaints.acts import Act, add
from complaints.forms.moves import PlainForm
from complaints.gates import reason
from complaints.lifecycle import Refused
from complaints.models.states import BACKLOG, State
from remediation import approvals, capa, costs, execution, followup, proposals, visits
from remediation.forms import prevention as p
from remediation.forms import remedy as r
from remediation.forms import visits as v

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint

DRAFTING = proposals.INTERIM_STATES
TALKING = (State.PROPOSING, State.NEGOTIATING, State.DISPUTED)
AGREEING = (State.NEGOTIATING, State.EXECUTING, State.VERIFYING, State.DISPUTED)
WORKING = BACKLOG[BACKLOG.index(State.RESPONDING) :]
LEARNING = (*WORKING, State.CLOSED)


def _of(verb: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return `verb`, which takes a row of the case, as an act of the case: the form brings the row under `name`."""

    def run(complaint: Complaint, *, by: User, at: datetime, **said: Any) -> Any:
        row = said.pop(name)
        if row is None:
            raise Refused(reason("proposal_missing" if name == "proposal" else "nothing_fits"))
        return verb(row, by=by, at=at, **said)

    return run


DRAFTED = (
    Act("draft_proposal", _("Draft a proposal"), proposals.draft_proposal, r.DraftForm, "remedy", "proposal.draft",
        DRAFTING, _("Begins the next version; nobody outside sees it yet.")),
    Act("add_line", _("Add a remedy"), _of(proposals.add_line, "proposal"), r.AddLineForm, "remedy", "proposal.draft",
        DRAFTING, _("Approvals given so far become void.")),
    Act("change_line", _("Change a remedy"), _of(proposals.change_line, "line"), r.ChangeLineForm, "remedy",
        "proposal.draft", DRAFTING, _("A change of amount, scope or ground makes the approvals void.")),
    Act("remove_line", _("Remove a remedy"), _of(proposals.remove_line, "line"), r.UnsentLineForm, "remedy",
        "proposal.draft", DRAFTING, _("The line goes; approvals given so far become void.")),
    Act("set_terms", _("Set the terms"), _of(proposals.set_terms, "proposal"), r.SetTermsForm, "remedy",
        "proposal.draft", DRAFTING, _("All but the date of validity makes the approvals void.")),
    Act("submit_proposal", _("Hand in for approval"), _of(approvals.submit, "proposal"), r.SubmitForm, "remedy",
        "proposal.draft", DRAFTING, _("Whoever must agree is told.")),
    Act("approve_proposal", _("Approve the proposal"), _of(approvals.approve, "proposal"), r.ApproveForm, "remedy",
        "proposal.approve", DRAFTING, _("Counts for one level. With the last one, the proposal may be sent."),
        also=approvals.may_decide, gaps=approvals.decision_gaps),
    Act("refuse_proposal", _("Send the proposal back"), _of(approvals.refuse, "proposal"), r.RefuseForm, "remedy",
        "proposal.approve", DRAFTING, _("It becomes a draft again; approvals given so far become void."),
        also=approvals.may_decide, gaps=approvals.decision_gaps),
    Act("release_interim", _("Release the interim remedy"), _of(proposals.release, "proposal"), r.ReleaseForm,
        "remedy", "case.send_proposal", DRAFTING,
        _("The customer gets the letter; the work may begin, without prejudice."), outward=True),
)  # fmt: skip

AGREED = (
    Act("offer", _("Note what was said"), proposals.offer, r.OfferForm, "remedy", "proposal.negotiate", TALKING),
    Act("record_agreement", _("Record the signed agreement"), _of(proposals.record_agreement, "proposal"),
        r.AgreementForm, "remedy", "agreement.record", AGREEING, _("Money may flow under it.")),
    Act("start_line", _("Start the work"), _of(execution.start_line, "line"), r.StartLineForm, "remedy",
        "execution.record", WORKING),
    Act("finish_line", _("Report it finished"), _of(execution.finish_line, "line"), r.FinishLineForm, "remedy",
        "execution.record", WORKING),
    Act("fail_line", _("Report that it failed"), _of(execution.fail_line, "line"), r.FailLineForm, "remedy",
        "execution.record", WORKING, _("It counts as a failed attempt, which may give the customer other rights.")),
    Act("cancel_line", _("Cancel a remedy"), _of(execution.cancel_line, "line"), r.CancelLineForm, "remedy",
        "execution.record", WORKING, _("What was agreed is not done; the customer must agree, too.")),
    Act("agree_cancellation", _("Record that the customer agrees"), _of(execution.agree_cancellation, "line"),
        r.AgreeCancellationForm, "remedy", "execution.agree_cancellation", WORKING),
    Act("remind_confirmation", _("Ask for the confirmation"), followup.remind_confirmation, PlainForm, "remedy",
        "case.reply", (State.VERIFYING,), _("The customer is asked by mail to check the result."), outward=True),
)  # fmt: skip

VISITS = (
    Act("record_visit", _("Record a visit"), _of(visits.record_visit, "visit"), v.RecordVisitForm, "visits",
        "visit.record", visits.STATES),
    Act("move_visit", _("Move a visit"), _of(visits.move_visit, "visit"), v.MoveVisitForm, "visits", "visit.record",
        visits.STATES, _("The planned date stays on record; the tolerance counts from the new one.")),
    Act("cancel_visit", _("Cancel a visit"), _of(visits.cancel_visit, "visit"), v.CancelVisitForm, "visits",
        "visit.record", visits.STATES),
)  # fmt: skip

PREVENTION = (
    Act("open_capa", _("Open a CAPA"), capa.open_capa, p.OpenCapaForm, "prevention", "capa.record", LEARNING),
    Act("add_capa_action", _("Plan an action"), _of(capa.add_action, "capa"), p.AddActionForm, "prevention",
        "capa.record", LEARNING),
    Act("finish_capa_action", _("Report an action done"), _of(capa.finish_action, "action"), p.FinishActionForm,
        "prevention", "capa.record", LEARNING),
    Act("set_criterion", _("Set how the effect is measured"), _of(capa.set_criterion, "capa"), p.CriterionForm,
        "prevention", "capa.record", LEARNING),
    Act("add_similar", _("Name a similar product or place"), _of(capa.add_similar, "capa"), p.SimilarForm, "prevention",
        "capa.record", LEARNING, _("The CAPA is not carried out until it is decided whether it applies there.")),
    Act("decide_similar", _("Decide whether it applies there"), _of(capa.decide_similar, "similar"),
        p.DecideSimilarForm, "prevention", "capa.record", LEARNING),
    Act("implement_capa", _("Report the CAPA carried out"), _of(capa.implement, "capa"), p.ImplementForm, "prevention",
        "capa.record", LEARNING, _("The window in which its effect must show begins.")),
    Act("check_effect", _("Check the effect"), _of(capa.check_effect, "capa"), p.CheckEffectForm, "prevention",
        "capa.check", LEARNING, _("Not by its owner. A CAPA that has no effect closes as such; open a new one.")),
    Act("waive_capa", _("Go without a CAPA"), capa.waive_capa, p.BecauseForm, "prevention", "capa.waive", LEARNING,
        _("Possible for G3 and G4.")),
    Act("record_lesson", _("Record a lesson"), capa.record_lesson, p.LessonForm, "prevention", "lesson.record",
        LEARNING),
    Act("approve_lesson", _("Release a lesson"), _of(capa.approve_lesson, "lesson"), p.ApproveLessonForm, "prevention",
        "lesson.approve", LEARNING, _("It is shown at similar cases from then on.")),
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
