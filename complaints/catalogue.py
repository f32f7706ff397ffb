"""The acts of this room: every move and every record of response and diagnosis, with its words, form and verb."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from complaints import (
    assessing,
    assigning,
    cause_trees,
    comparing,
    conversation,
    diagnosis,
    emergencies,
    escalations,
    facts,
    grade_page,
    guards,
    impacts,
    lifecycle,
    measuring,
    previewing,
    readiness,
    reporting,
    reserving,
    response,
    seats,
    showing,
    showing_entitlement,
    timekeeping,
    tracing,
)
from complaints.acts import Act, add, on_row
from complaints.forms import by_hand
from complaints.forms import causes as c
from complaints.forms import emergency as g
from complaints.forms import entitling as t
from complaints.forms import escalation as e
from complaints.forms import measurements as q
from complaints.forms import moves as m
from complaints.forms import raci as a
from complaints.forms import reporting as d
from complaints.forms import rooms as r
from complaints.forms.grading import RegradeForm
from complaints.forms.impact import ImpactForm
from complaints.forms.units import ContrastForm, GoodsForm
from complaints.models.states import BACKLOG, OPEN, LetterKind, State
from complaints.timeline import date_words, listed
from complaints.words import part_label

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint, InitialAnalysis

RESPONSE = response.RESPONSE_STATES
DIAGNOSIS = diagnosis.DIAGNOSIS_STATES


def _approve_initial(complaint: Complaint, *, by: User, at: datetime, number: int | None = None) -> Any:
    versions = complaint.initial_analyses.filter(cycle=complaint.cycle).order_by("-number")
    named = (versions.filter(number=number) if number else versions).first()
    if named is None:
        raise lifecycle.Refused(lifecycle.reason("initial_missing"))
    return response.approve_initial(named, by=by, at=at)


@transaction.atomic
def _give_task(complaint: Complaint, *, by: User, at: datetime, **said: Any) -> Any:
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="case.note", states=BACKLOG)
    return response.give_task(complaint, by=by, at=at, kind="manual", **said)


def _kept_as_draft(analysis: InitialAnalysis, at: datetime) -> Any:
    """Say that an incomplete initial analysis is a draft, and what it lacks; nothing of a whole one."""
    missing = [part_label(part) for part in guards.missing_parts(analysis)]
    words = ngettext("Kept as a draft: {n} part missing ({parts}).", "Kept as a draft: {n} parts missing ({parts}).",
                     len(missing))  # fmt: skip
    return words.format(n=len(missing), parts=listed(missing)) if missing else ""


def _to_somebody_away(complaint: Complaint, at: datetime) -> Any:
    """Warn that the new owner is away; nothing of one who is there."""
    away = facts.owner_away(complaint, at)
    if away is None:
        return ""
    words = _("{name} owns the case now, but is absent until {day}; {deputy} stands in.")
    return words.format(name=away.person.name, day=date_words(away.last_on), deputy=away.deputy.name)


def _sign_off(complaint: Complaint, *, by: User, at: datetime, **said: Any) -> Any:
    return response.sign_off(complaint, by=by, at=at, role="LEG", **said)


MOVE_ACTS = (
    Act("register", _("Log the complaint"), lifecycle.register, m.PlainForm, "case"),
    Act("triage", _("Grade and assign"), lifecycle.triage, m.TriageForm, "case",
        effect=_("Stops the triage clock and sets every deadline by grade."), shows=grade_page.shows_with_likes,
        says=_to_somebody_away),
    Act("mobilise", _("Name the team"), lifecycle.mobilise, m.MobiliseForm, "response",
        effect=_("The team is told; the response begins."), shows=showing.experts_for),
    Act("begin_diagnosis", _("Start diagnosis"), lifecycle.begin_diagnosis, m.PlainForm, "response"),
    Act("propose_directly", _("Go straight to the remedy"), lifecycle.propose_directly, m.PlainForm, "response"),
    Act("agree_diagnosis", _("Agree the diagnosis"), lifecycle.agree_diagnosis, m.PlainForm, "diagnosis"),
    Act("send_proposal", _("Send the proposal"), lifecycle.send_proposal, m.PlainForm, "remedy", outward=True,
        effect=_("The customer gets the proposal by mail and on the portal; resolution waits for the answer."),
        shows=showing.outgoing(LetterKind.PROPOSAL)),
    Act("counter", _("Record a counter-offer or refusal"), lifecycle.counter, m.CounterForm, "remedy"),
    Act("accept", _("Record the acceptance"), lifecycle.accept, m.AcceptForm, "remedy"),
    Act("report_done", _("Report it done"), lifecycle.report_done, m.PlainForm, "remedy"),
    Act("not_solved", _("Not solved: back to work"), lifecycle.not_solved, m.ReasonForm, "remedy"),
    Act("confirm", _("Record the confirmation"), lifecycle.confirm, m.ConfirmForm, "remedy",
        effect=_("Stops the resolution clock; plans the return visits and the survey.")),
    Act("close", _("Close the case"), lifecycle.close, m.PlainForm, "case", outward=True,
        effect=_("Sends the closing letter."), shows=showing.outgoing(LetterKind.CLOSING)),
    Act("reopen", _("Reopen"), lifecycle.reopen, m.ReopenForm, "case",
        effect=_("Begins a new cycle with full deadlines; the old one stays as it is.")),
    Act("reject", _("Reject as not justified"), lifecycle.reject, m.PlainForm, "case", outward=True,
        effect=_("Sends the prepared letter with the reasons and the way to object."),
        shows=showing.rejection),
    Act("object", _("Take up the objection"), lifecycle.object, m.ObjectForm, "case"),
    Act("withdraw", _("Record the withdrawal"), lifecycle.withdraw, m.WithdrawForm, "case", final=True),
    Act("merge", _("Merge into another case"), lifecycle.merge, m.MergeForm, "case", outward=True, final=True,
        effect=_("Files move to the other case, which keeps the earlier receipt.")),
    Act("dispute", _("Hand over to Legal"), lifecycle.dispute, m.DisputeForm, "remedy"),
    Act("settle", _("Settle the dispute"), lifecycle.settle, m.SettleForm, "remedy"),
)  # fmt: skip

ROOM_ACTS = (
    Act("acknowledge", _("Send the acknowledgement"), lifecycle.acknowledge, r.AcknowledgeForm, "case", "case.reply",
        OPEN, _("The customer gets the letter; the acknowledgement clock stops."), outward=True,
        gaps=readiness.acknowledge, shows=showing.outgoing(LetterKind.ACKNOWLEDGEMENT)),
    Act("edit_facts", _("Edit the facts"), facts.edit_facts, r.FactsForm, "case", "case.edit", OPEN),
    Act("assign", _("Change the owner"), facts.assign, r.AssignForm, "case", "case.assign", BACKLOG,
        says=_to_somebody_away),
    Act("regrade", _("Grade anew"), facts.regrade, RegradeForm, "case", "case.regrade", OPEN[1:],
        _("Every deadline is set anew from the same start; a missed one stays missed."), shows=grade_page.shows),
    Act("note_wait", _("Note a wait"), timekeeping.note_wait, r.WaitForm, "case", "clock.pause", OPEN,
        _("The clock stands still until the customer answers or somebody ends the wait.")),
    Act("end_wait", _("End the wait"), timekeeping.end_wait, r.EndWaitForm, "case", "clock.pause", OPEN),
    Act("explain_breach", _("Explain a missed deadline"), on_row(timekeeping.explain_breach, "breach"),
        e.ExplainBreachForm, "case", "clock.explain_breach"),
    Act("excuse_breach", _("Judge a missed deadline"), on_row(timekeeping.excuse_breach, "breach"),
        e.ExcuseBreachForm, "case", "clock.excuse_breach"),
    Act("acknowledge_step", _("Acknowledge an escalation"), escalations.acknowledge, e.AcknowledgeStepForm, "case",
        "case.note", effect=_("It changes no deadline; everybody sees who took it up."),
        gaps=escalations.before_acknowledging),
    Act("escalate", _("The customer asks for a manager"), escalations.escalate, e.EscalateForm, "case",
        "case.escalate", BACKLOG,
        _("Lifts the case to L3; quality manager, Sales and owner are told. The answer is due in one working day."),
        gaps=escalations.before_escalating),
    Act("answer_call", _("Answer the call for a manager"), escalations.answer, e.AnswerCallForm, "case", "case.note",
        effect=_("The customer sees on the portal that it was answered."), gaps=escalations.before_answering),
    Act("give_task", _("Give a task"), _give_task, r.TaskForm, "actions", "case.note", BACKLOG),
    Act("finish_task", _("Finish a task"), on_row(response.finish_task, "task"), r.FinishTaskForm, "actions",
        "case.note"),
    Act(assigning.ACT, _("Say who answers for an action"), on_row(assigning.assign_action, "action"),
        a.AssignActionForm, "raci", assigning.RIGHT, also=assigning.may_assign,
        effect=_("Whoever is named anew is told.")),
    Act("hold_meeting", _("Record the meeting"), response.hold_meeting, r.MeetingForm, "response", "response.record",
        RESPONSE),
    Act("contain", _("Decide containment"), response.contain, r.ContainForm, "response", "response.record", RESPONSE),
    Act("prove_containment", _("Prove containment"), on_row(response.prove_containment, "action"),
        r.ProveContainmentForm, "response", "response.record", OPEN),
    Act("write_initial", _("Write the initial analysis"), response.write_initial, r.InitialForm, "response",
        "response.record", RESPONSE, says=_kept_as_draft),
    Act("approve_initial", _("Approve the initial analysis"), _approve_initial, r.ApproveInitialForm, "response",
        "response.approve_initial", RESPONSE, gaps=readiness.approve_initial, shows=showing.initial),
    Act("send_initial", _("Send the initial analysis"), response.send_initial, m.SendForm, "response",
        "response.send_initial", RESPONSE, _("The customer gets the report; the 48-hour clock stops."), outward=True,
        gaps=readiness.send_initial, shows=showing.outgoing(LetterKind.INITIAL)),
    Act("activate_plan", _("Activate an emergency plan"), emergencies.activate_plan, g.ActivateForm, "incident",
        "emergency.activate", OPEN, _("Every step of the plan becomes a task at once; all who hold a role are told."),
        gaps=emergencies.before_activating),
    Act("finish_step", _("Tick a step off"), on_row(emergencies.finish_step, "step"), g.StepForm, "incident",
        "emergency.lead", also=seats.may_lead, gaps=emergencies.without_incident),
    Act("decide_incident", _("Write a decision down"), emergencies.decide, g.DecisionForm, "incident",
        "emergency.lead", also=seats.may_lead, gaps=emergencies.without_incident),
    Act("give_update", _("Record an update"), emergencies.give_update, g.UpdateForm, "incident", "emergency.lead",
        also=seats.may_lead, gaps=emergencies.without_incident,
        effect=_("The next update is due from then on. It sends nothing itself.")),
    Act("hand_over_role", _("Hand a role over"), emergencies.hand_over, g.HandOverForm, "incident",
        "emergency.lead", also=seats.may_lead, gaps=emergencies.without_incident,
        effect=_("The steps that are not done yet go with it.")),
    Act("reserve_resource", _("Reserve a resource"), reserving.reserve_resource, g.ReserveForm, "incident",
        "emergency.lead", also=seats.may_lead, gaps=emergencies.without_incident),
    Act("release_resource", _("Give a resource back"), on_row(reserving.release_resource, "reservation"),
        g.ReleaseForm, "incident", "emergency.lead", also=seats.may_lead, gaps=emergencies.without_incident),
    Act("stand_down", _("Stand the plan down"), emergencies.stand_down, g.StandDownForm, "incident",
        "emergency.stand_down", also=seats.may_stand_down, gaps=emergencies.without_incident,
        effect=_("Ends the incident; what was reserved is given back.")),
    Act("question_initial", _("The customer says it is not an answer"), conversation.question_initial, m.NoAnswerForm,
        "response", "case.reply", (State.RESPONDING, State.DIAGNOSING),
        _("The owner must answer by the end of the next working day; a new version ends that."),
        gaps=readiness.question_initial),
    Act("record_extent", _("Add affected goods"), response.record_extent, r.ExtentForm, "diagnosis",
        "diagnosis.record", OPEN),
    Act("decide_goods", _("Decide about delivered goods"), tracing.decide_goods, GoodsForm, "diagnosis",
        "diagnosis.record", OPEN),
    Act("finish_extent", _("Declare the extent final"), diagnosis.finish_extent, m.PlainForm, "diagnosis",
        "diagnosis.record", OPEN, gaps=readiness.finish_extent),
    Act("state_defect", _("State the defect"), diagnosis.state_defect, r.DefectForm, "diagnosis",
        "diagnosis.record", OPEN),
    Act("adopt_contrasts", _("Take over into the is / is-not grid"), comparing.adopt, ContrastForm, "diagnosis",
        "diagnosis.record", OPEN, gaps=comparing.no_statement),
    Act("write_causes", _("Write the causes"), cause_trees.write_causes, c.CausesForm, "diagnosis", "diagnosis.record",
        DIAGNOSIS),
    Act("promote_bone", _("Put a card into the tree"), cause_trees.promote_bone, c.PromoteForm, "diagnosis",
        "diagnosis.record", DIAGNOSIS, _("The card stays on the fishbone, marked as put into the tree.")),
    Act("measure", _("Record readings"), measuring.measure, q.MeasureForm, "diagnosis", "diagnosis.record", OPEN,
        takes_files=True, shows=previewing.readings_read),
    Act("withdraw_measurement", _("Withdraw a measurement"), on_row(measuring.withdraw_measurement, "series"),
        q.WithdrawMeasurementForm, "diagnosis", "diagnosis.record", OPEN,
        _("It stays in the record, but no longer counts.")),
    Act("inspect_sample", _("Judge a lot by a sample"), measuring.inspect_sample, q.SampleForm, "diagnosis",
        "diagnosis.record", OPEN),
    Act("ask_why", _("Ask why"), diagnosis.ask_why, r.WhyForm, "diagnosis", "diagnosis.record", DIAGNOSIS),
    Act("judge_why", _("Confirm or rule out"), on_row(diagnosis.judge_why, "node"), r.JudgeWhyForm, "diagnosis",
        "diagnosis.record", DIAGNOSIS),
    Act("record_cause", _("Name a root cause"), diagnosis.record_cause, r.CauseForm, "diagnosis", "diagnosis.record",
        DIAGNOSIS),
    Act("verify_cause", _("Prove a cause"), on_row(diagnosis.verify_cause, "cause"), r.VerifyCauseForm, "diagnosis",
        "diagnosis.record", DIAGNOSIS),
    Act("withdraw_cause", _("Withdraw a cause"), on_row(diagnosis.withdraw_cause, "cause"), r.WithdrawCauseForm,
        "diagnosis", "diagnosis.record", DIAGNOSIS, _("The cause stays in the record, but no longer counts.")),
    Act("exempt", _("Exempt a leg"), diagnosis.exempt, r.ExemptForm, "diagnosis", "diagnosis.exempt", DIAGNOSIS),
    Act("attribute", _("Attribute the cause"), diagnosis.attribute, r.AttributionForm, "diagnosis",
        "diagnosis.record", DIAGNOSIS),
    Act("approve_attribution", _("Approve the shares"), on_row(diagnosis.approve_attribution, "version"),
        r.ApproveAttributionForm, "diagnosis", "diagnosis.approve_attribution", DIAGNOSIS,
        gaps=readiness.approve_attribution, shows=showing.shares),
    Act("state_facts", _("State facts for the contract"), assessing.state_facts, t.StateFactsForm, "entitlement",
        "entitlement.state", OPEN, _("Each fact keeps where it stands; what you empty is taken back.")),
    Act("assess_by_contract", _("Keep this assessment"), assessing.assess, t.AssessForm, "entitlement",
        "entitlement.assess", OPEN, _("What the clauses give on the facts of now is kept as a new version."),
        shows=showing_entitlement.assessing),
    Act("look_at_assessment", _("Say that Legal looked"), on_row(assessing.look_at, "assessment"), t.LookForm,
        "entitlement", "entitlement.assess", OPEN,
        _("It changes no verdict and no sum; everybody sees who looked and what was said.")),
    Act("dispute_verdict", _("Dispute a verdict"), assessing.dispute_verdict, t.DisputeVerdictForm, "entitlement",
        "entitlement.dispute", OPEN, _("Another person decides whether it is set otherwise.")),
    Act("decide_dispute", _("Decide a dispute"), on_row(assessing.decide_dispute, "dispute"), t.DecideDisputeForm,
        "entitlement", "entitlement.decide", OPEN, _("Set otherwise, the verdict and all that follows from it change."),
        shows=showing_entitlement.deciding),
    Act("assess_entitlement", _("Assess without the clauses"), diagnosis.assess_entitlement, by_hand.EntitlementForm,
        "diagnosis", "entitlement.assess", OPEN, _("For a case without a contract, or where the clauses say nothing.")),
    Act("assess_finance", _("Assess the project impact"), diagnosis.assess_finance, by_hand.FinanceForm, "diagnosis",
        "finance.assess", OPEN),
    Act("assess_impact", _("Reckon the project impact"), impacts.assess_impact, ImpactForm, "diagnosis",
        impacts.RIGHT, OPEN, _("Reckons delay, payments, cash and loan cover in three scenarios and keeps a version."),
        gaps=impacts.gaps),
    Act("find_reportable", _("Find it reportable"), reporting.find_reportable, d.ReportableForm, "case",
        "reporting.decide", BACKLOG, _("A clock runs until the report to the authority is recorded as filed.")),
    Act("record_report", _("Record the report to the authority"), on_row(reporting.record_report, "clock"),
        d.ReportForm, "case", "reporting.decide"),
    Act("record_lender_notice", _("Record the notice to the lender"), on_row(reporting.record_lender_notice, "clock"),
        d.LenderNoticeForm, "case", "reporting.tell_lender"),
    Act("prepare_rejection", _("Prepare a rejection"), response.prepare_rejection, r.RejectionForm, "case",
        "case.prepare_rejection", (State.TRIAGED, State.RESPONDING, State.DIAGNOSING)),
    Act("sign_off", _("Agree for Legal"), _sign_off, r.SignOffForm, "case", "signoff.legal", OPEN,
        shows=showing.rejection),
    Act("make_8d", _("Make the 8D report"), response.make_8d, r.MakeLetterForm, "files", "response.record"),
    Act("send_8d", _("Send the 8D report"), response.send_8d, r.MakeLetterForm, "files", "response.send_initial",
        BACKLOG, _("The customer gets the report as it stands now."), outward=True,
        shows=showing.outgoing(LetterKind.EIGHT_D)),
)  # fmt: skip


def install() -> None:
    """Put this room's acts on the list; called once, when the app is ready."""
    add(*MOVE_ACTS, *ROOM_ACTS)
