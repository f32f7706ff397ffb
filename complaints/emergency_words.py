"""What plans and incidents say: their reasons, their events and what mends their gaps, put on the shared lists."""

from django.utils.translation import gettext_lazy as _

from complaints import event_words, mends, words
from complaints.mends import Mend
from complaints.models.emergency import Informed, PlanRole

REASONS: dict[str, words.Words] = {
    # what a plan lacks
    "plan_code_taken": _("There is a plan with the code {plan} already. Open it and begin a new version."),
    "plan_approved": _("{plan}, version {number}, is approved and stays as it is. Begin a new version."),
    "plan_changed": _("{name} wrote this draft anew meanwhile. Look at it first; sent again, yours replaces it."),
    "plan_changed_by_you": _(
        "You wrote this draft anew meanwhile, in another window. Look at it first; sent again, this one replaces it."
    ),
    "plan_standard_missing": _("Say what makes an incident of this grade, and who may declare it."),
    "plan_review_missing": _("Say when the plan is reviewed next: by {latest} at the latest."),
    "plan_review_late": _("The review must lie after the first day and by {latest}. Correct its date."),
    "plan_commander_missing": _("Name exactly one commander."),
    "plan_deputy_missing": _("Name a deputy of the commander."),
    "plan_action_unfilled": _("“{text}” is to be done by the role {plan_role}, which nobody holds. Name somebody."),
    "plan_line_unfilled": _("{informed}: told by the role {plan_role}, which nobody holds. Name somebody."),
    "plan_phone_missing": _("{plan_role}: the phone number of {name} is missing."),
    "plan_person_gone": _("{plan_role}: {name} does not work here any more. Name somebody else."),
    "plan_deputy_same": _("{plan_role}: {name} cannot be their own deputy. Name another one."),
    "plan_first_hour_missing": _("Nothing is to be done in the first hour. Add an action of at most 60 minutes."),
    "plan_first_day_missing": _("Nothing is to be done in the rest of the first day. Add an action."),
    "plan_line_missing": _("Say how often the customer is told how things stand."),
    "plan_from_past": _("A plan cannot take force in the past. Begin it today ({today}) or later."),
    "plan_before_predecessor": _("The version before takes force on {since}. Begin this one later."),
    # incidents
    "incident_runs": _("The plan {plan} is in force for this case already."),
    "incident_none": _("No emergency plan is in force for this case."),
    "incident_before": _("The moment lies before the activation ({since}). Give a later one."),
    "incident_open": _("The emergency plan is still in force. Stand it down first."),
    "incident_audience_unknown": _("The plan says nothing of telling: {informed}. Choose somebody whom it names."),
    "incident_role_none": _("Nobody holds the role {plan_role} in this incident."),
    "incident_role_same": _("{name} holds the role {plan_role} already. Name somebody else."),
    "incident_role_moved": _(
        "{plan_role}: handed over to {name} meanwhile. Look whether that still fits; sent again, yours replaces it."
    ),
    "incident_step_open": _("“{text}” is not done. Hand it on or cancel it, and say why."),
    "incident_review_nobody": _("Say who betters what was lacking, and by when."),
    "incident_review_past": _("What is to be bettered cannot be due in the past. Give a day from {today} on."),
    "resource_unknown": _("{name} does not stand in the plan {plan}. Choose one of its resources."),
    "resource_backwards": _("It ends before it begins. Correct one of the two."),
    "resource_past": _("It ends before now. Give an end that is still to come."),
    "resource_before": _("It begins before the incident ({since}). Correct the beginning."),
    "resource_too_many": _("{name}: there are only {have}. Take fewer."),
    "resource_free": _("{name}: enough are free in this time, so that no reason is needed. Empty that field."),
    "resource_long": _("A resource is kept for at most {most} days. Correct the end."),
    "resource_taken": _(
        "{name}: only {free} of {have} are free in this time, the others are kept for {refs}. Take fewer or another "
        "time, or say why it must be."
    ),
    "drill_runs": _("A drill of the plan {plan} runs already. End it first."),
    "drill_over": _("This drill is over; nothing can be ticked off any more."),
    "drill_ended": _("{name} ended this drill meanwhile, with another review: that one is kept. Yours stands below."),
    "plan_other_goods": _("The plan {plan} is for other goods or another project. Choose one that is for this case."),
    "plan_holder_gone": _(
        "{plan_role}: {name} does not work here any more, and no deputy can stand in. Have a new version of {plan} "
        "approved."
    ),
    "plan_not_in_force": _("{plan}, version {number}, is not in force on that day. Choose another one."),
}
EVENTS: dict[str, words.Words] = {
    "emergency.activated": _("Emergency plan {code}, version {number}, activated: {steps} tasks given"),
    "emergency.decided": _("Decided in the incident: {text}"),
    "emergency.update_given": _("Told how things stand: {informed}"),
    "emergency.update_overdue": _("Not told in time how things stand: {informed}"),
    "emergency.resource_reserved": _("Reserved for the incident: {quantity} × {code}"),
    "emergency.resource_released": _("Given back: {quantity} × {code}"),
    "emergency.role_handed_over": _("Role in the incident handed over: {plan_role}"),
    "emergency.stood_down": _("Emergency plan stood down"),
    "task.handed_on": _("Task handed on: {text}"),
}
DECISIONS = ("emergency.activated", "emergency.decided", "emergency.stood_down")
MENDS: dict[str, Mend] = {
    "incident_open": Mend("stand_down"),
    "incident_none": Mend("activate_plan", "plan"),
    "incident_step_open": Mend("stand_down"),
}
UNMENDED = set(REASONS)


def install() -> None:
    """Put them on the lists; called once, when the app is ready."""
    words.teach(REASONS, plan_role=PlanRole, informed=Informed)
    event_words.teach(EVENTS, DECISIONS, informed=Informed, plan_role=PlanRole)
    mends.teach(MENDS, UNMENDED - MENDS.keys())
