"""Reasons put into the reader's language; the only place where a reason becomes a sentence (ARCHITECTURE §5.3)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from complaints.gates import Reason
from complaints.models.states import Channel, Leg, Location, Metric, Party, State
from contracts import entitlement_words
from contracts.clauses import Problem

Words = str | Promise

SENTENCES: dict[str, Words] = {
    # the move itself
    "state_does_not_allow": _("Not possible while the case is “{state}”."),
    "at_before_last_move": _("The moment lies before the last step of the case ({since}). Give a later one."),
    "at_in_future": _("The moment lies in the future. Give one that has passed."),
    "reason_missing": _("Say why: the reason is missing."),
    "nothing_fits": _("Nothing on this case waits for this."),
    "moved_meanwhile": _("Somebody else moved this case meanwhile. Reload it and look before you go on."),
    "changed_meanwhile": _(
        "Somebody else changed this case meanwhile. Look at what is kept now, correct yours if needed, and send again."
    ),
    "form_without_token": _("Nothing was kept: the form came without its mark against double sending. Send it again."),
    "form_sent_before": _(
        "This form was sent before with other words, which are kept. Send it again to add these too."
    ),
    "same_person": _("{name} prepared this and cannot decide it too. Ask another person."),
    # what a grade comes from, DOMAIN §4.1
    "grade_score": _("Consequence {s} × the higher of extent and recurrence {high} = {score}: {grade}."),
    "grade_lifted": _("Customer impact {c} lifts it to {grade}."),
    "grade_floor_O1": _("Somebody was hurt, or it must be reported: at least {grade}."),
    "grade_floor_O2": _("There is a credible danger: at least {grade}."),
    "grade_floor_O3": _("A site or line stands still: at least {grade}."),
    "grade_floor_O4": _("It came again after a closed CAPA: at least {grade}."),
    "grade_floor_O5": _("A covenant of the project's loan is touched: at least {grade}."),
    "grade_floor_C5": _("Customer impact 5: at least {grade}."),
    # intake, T02
    "customer_missing": _("Name the customer."),
    "description_missing": _("Write what happened, as told."),
    "found_on_missing": _("Enter the date the fault was found."),
    "found_on_in_future": _("The fault cannot have been found after the complaint came in. Correct the date."),
    "found_on_long_ago": _(
        "The fault cannot have been found more than 30 years before the complaint came in. Correct the date."
    ),
    "received_long_ago": _("The complaint cannot have come in before 1970. Correct the moment of receipt."),
    "quantity_above_delivered": _(
        "Units affected ({affected}) are more than units delivered ({delivered}). Correct one of the two."
    ),
    "received_in_future": _("The complaint cannot have been received in the future. Correct the moment of receipt."),
    "received_too_early": _(
        "Receipt lies more than 7 days before registration. Add the proof of receipt (letter, mail, call record)."
    ),
    "calendar_changed": _("Somebody changed this calendar meanwhile. Look at it and say the days again."),
    "calendar_same": _("Nothing would change: the calendar says the same already."),
    "calendar_days_elsewhere": _("{on} is not a day of {year}. Go back, and say the days of {year} alone."),
    "calendar_code_malformed": _("Write the code with capital letters, digits and hyphens, such as DE-BER."),
    "calendar_code_taken": _("There is a calendar with the code {calendar} already. Choose another code."),
    "hours_past": _("{since} is past. Weekly hours change from today ({today}) on, or later."),
    "policy_changed": _("Somebody changed these targets meanwhile. Look at what holds now and say yours again."),
    "policy_same": _("Nothing would change: these targets hold on that day already."),
    "policy_metric_unknown": _("There is no clock “{metric}” whose targets can be set."),
    "policy_day_past": _("Targets cannot change in the past. Give today ({today}) or a later day."),
    "policy_day_far": _("The day lies more than ten years ahead. Give {last} or an earlier one."),
    "policy_target_none": _("A target is more than 0. Give the time allowed."),
    "policy_target_long": _("A target is at most 20 years, and the calendar must have that much working time."),
    "policy_basis_unfit": _("The clock “{metric}” cannot count so. Choose another unit."),
    "policy_not_pausable": _("The clock “{metric}” runs whoever we wait for. Leave out that it may wait."),
    "policy_calendar_missing": _("Working time needs the company’s calendar, and there is none. Load it first."),
    "policy_gap": _("No default would hold for {grade} from {since} on. Give one."),
    "policy_gap_ungraded": _("No default would hold for cases not graded yet from {since} on. Give one."),
    # triage, T03
    "contact_missing": _("Name a contact with an e-mail address or phone number."),
    "goods_missing": _("Name the goods (product, delivery, lot or serial), or say why they are not known."),
    "found_where_missing": _("Say where the fault was found."),
    "quantity_missing": _("Enter how many units are affected and how many were delivered."),
    "remedy_asked_missing": _("Record what the customer asks for."),
    "safety_missing": _("Answer the safety question; until then it counts as yes."),
    "grade_missing": _("Grade the case."),
    "nonconformity_missing": _("Choose what kind of nonconformity it is."),
    "clause_for_deviation_missing": _("A deviation from standard needs the contract: name it, with its clauses."),
    "owner_missing": _("Name the owner of the case."),
    "department_missing": _("Name the department in charge."),
    "contract_missing": _("Name the contract, or say why there is none."),
    "duplicate_check_missing": _("Check for duplicates."),
    "override_reason_missing": _("The grade differs from the computed {computed}: say why."),
    "override_not_yours": _("To differ so from the computed {computed} is for: {roles}."),
    "below_floor": _("A binding floor holds the grade at {floor}. To go below it takes Legal’s sign-off and: {roles}."),
    "reopened_grade_lower": _("A reopened case keeps at least its former grade {grade}."),
    # response, T04–T06
    "leader_missing": _("Name the team leader."),
    "champion_missing": _("Name the champion of the team."),
    "members_missing": _("Name at least one more member of the team."),
    "emergency_plan_missing": _("A G1 case needs its emergency plan activated."),
    "meeting_missing": _("Hold the response meeting and record it."),
    "meeting_without_quality": _("The response meeting needs somebody from the quality department."),
    "meeting_without_service": _("The response meeting needs somebody from customer service."),
    "containment_missing": _("Containment is missing. Decide it for at least one location."),
    "containment_open": _("Containment for “{location}” is not decided yet."),
    "initial_missing": _("The initial analysis and plan are missing."),
    "initial_part_missing": _("The initial analysis lacks: {part}."),
    "initial_not_approved": _("The quality manager has not approved the initial analysis yet."),
    "initial_superseded": _("Version {number} of the initial analysis was written meanwhile. Read that one."),
    "initial_questioned": _("We know already that it is not an answer; a new version is being written."),
    "initial_not_sent": _("The initial analysis was not sent to the customer yet."),
    "only_g4_direct": _("Only a G4 case may skip diagnosis; this one is {grade}."),
    "evident_cause_missing": _("Record the evident cause with its proof."),
    # diagnosis, T07
    "cause_missing": _("“{leg}”: no verified cause and no exemption."),
    "cause_unproven": _("“{leg}”: the cause “{text}” is not proven yet."),
    "cause_twice": _("“{text}” stands there already for this leg. Prove it, or name another cause."),
    "extent_open": _("The extent is not final yet."),
    "finished_meanwhile": _("{name} finished this meanwhile, with another result. Add yours as a note."),
    "task_of_another": _("Only {name}, or who leads, can finish this. Ask them, or write a note."),
    "goods_untraced": _("Goods of the same lots were delivered elsewhere. Decide about each delivery."),
    "goods_decided_by": _("{lot} in {delivery}: {name} decided about it meanwhile. Take it out of your choice."),
    "goods_decided": _("These goods are decided about already, or do not belong to the lots of this case."),
    "extent_empty": _("List the affected goods by place."),
    "attribution_missing": _("Attribute the cause: who bears which share?"),
    "attribution_sum": _("The shares add up to {sum} %, not to 100 %."),
    "attribution_not_approved": _("The shares wait for the quality manager’s approval."),
    "entitlement_missing": _("Legal has not assessed the entitlement yet."),
    "facts_same": _("Nothing would change: these facts stand there already."),
    "facts_unfit": _("The facts do not fit together. {problems}"),
    "as_of_not_in_force": _(
        "No version of the contract was in force on {on}; the earliest is from {first}. Choose another day."
    ),
    "source_missing": _("Say where these facts stand: delivery note, protocol, letter, test report …"),
    "clauses_unchecked": _("No clause of this contract was checked by Legal yet. Have the clauses checked first."),
    "looked_at_already": _("{name} looked at assessment {number} already. Add what is new as a note."),
    "verdict_unknown": _("This verdict does not exist here. Choose one that the page shows."),
    "verdict_same": _("The verdict is the same already. Choose another one, or another sum."),
    "verdict_amount_missing": _("The clause gives no sum yet. Enter the sum that it should be."),
    "verdict_without_sum": _("This verdict has no sum. Leave it empty."),
    "verdict_currency": _("The contract counts in {currency}. Enter the sum in that currency."),
    "dispute_open": _("This verdict is disputed already. Decide that dispute first."),
    "dispute_decided": _("This dispute is decided already. Raise a new one if something is new."),
    "finance_missing": _("Finance has not assessed the impact on the project yet."),
    "impact_project_missing": _("The case names no project. Name it in the facts, or its contract."),
    "impact_price_missing": _("The case names no contract with a price. Name it in the facts, or enter its price."),
    "impact_other_currency": _(
        "The contract is in {contract}, the project counts in {project}. Correct one of them; they must be the same."
    ),
    "impact_milestone_missing": _("Project {project} has no milestone. Add one on the page of the project."),
    "impact_plan_missing": _("Project {project} has no cash plan. Enter it on the page of the project."),
    "impact_unreckonable": _("The figures do not go together ({field}: {why}). Correct them and send again."),
    "lender_reason_missing": _("Say why you decide otherwise than the test of the lender."),
    "operator_error": _("“Operator error” is not a root cause. Ask why the process allowed it."),
    "why_without_text": _(
        "Row {row} says nothing, but something stands below it. Write the answer, or remove the row."
    ),
    "whys_too_many": _("{n} answers are more than anybody can follow; at most {most} fit. Split the problem."),
    "whys_too_deep": _("Row {row} would stand more than {most} levels deep. Say some steps in one answer."),
    "why_carries_cause": _("A root cause stands on “{text}”. Withdraw that cause first, then remove the answer."),
    "bone_missing": _("Row {row} lies on none of the six cards. Choose one."),
    "bone_promoted": _("“{text}” stands in this tree already."),
    "cause_on_other_answer": _("A cause of this leg cannot stand on “{text}”: it is ruled out, or of another leg."),
    # measurements, DOMAIN §5.5–5.6
    "readings_none": _("There is no reading. Paste at least one."),
    "readings_many": _("{n} readings are too many at once; at most {most} fit. Record them in parts."),
    "readings_comma": _("Row {row} has a comma. Say whether it is the decimal mark or stands between cells."),
    "reading_two_ways": _("Row {row}, column {column}: “{text}” can be read in two ways. Say what the comma means."),
    "reading_other_mark": _("Row {row}, column {column}: “{text}” does not fit the decimal mark that you chose."),
    "reading_no_number": _("Row {row}, column {column}: “{text}” is not a number. Correct it, or take the cell out."),
    "reading_long": _("Row {row}, column {column}: the number is too long. Write at most 40 characters."),
    "reading_missing": _("Row {row} has no number. Complete it, or take the row out."),
    "reading_unit": _(
        "Row {row}, column {column}: {given} cannot be converted into {wanted}. Give the value in {wanted}."
    ),
    "measured_in_future": _("The day lies in the future. Give the day of the measurement."),
    "limits_without_source": _("Say where the limits stand: clause, drawing or standard, with its version."),
    "limits_upside_down": _("The lower limit is above the upper limit. Exchange them."),
    "uncertainty_missing": _("The agreed rule needs the expanded uncertainty. Enter U, or choose another rule."),
    "no_plan": _("The standard has no plan for that; it knows {known}. Choose one of these."),
    "sample_unlike_plan": _(
        "The plan asks for {n} units, {inspected} were inspected. Inspect the rest, or correct it."
    ),
    "found_above_sample": _("{found} bad units are more than the {inspected} inspected. Correct one of the two."),
    "instrument_taken": _(
        "There is an instrument {instrument} already. Record its calibration, or choose another code."
    ),
    "calibrated_in_future": _("The day lies in the future. Give the day of the calibration."),
    "calibration_backwards": _("The calibration would end before it was done. Correct one of the two days."),
    "calibrated_that_day": _("A calibration of that day is recorded already."),
    # rejection, withdrawal, merging, dispute
    "rejection_missing": _("The proposal to reject is missing: reason, evidence and letter."),
    "legal_signoff_missing": _("Legal has not agreed yet."),
    "objection_too_late": _("The time to object ended on {until}. Record what is new."),
    "statement_missing": _("The customer’s written statement is missing."),
    "internal_record_missing": _(
        "Safety is at stake: open an internal nonconformity record first and give its number."
    ),
    "master_missing": _("Choose the case to merge into."),
    "master_is_itself": _("A case cannot be merged into itself."),
    "master_ended": _("{ref} has ended. Choose an open case."),
    "master_other_customer": _("{ref} belongs to another customer; link it as related instead."),
    "master_other_goods": _("{ref} concerns other goods; link it as related instead."),
    "ground_missing": _("Say why the talks are stuck: three rounds, sixty days, or a formal notice."),
    "rounds_too_few": _("Only {rounds} rounds so far; three are needed."),
    "days_too_few": _("Only {days} days so far; sixty are needed."),
    "outcome_missing": _("Attach the settlement or award in words."),
    "settle_to_unknown": _("Say whether the case goes back to negotiation, to execution, or is closed."),
    # closing, T13–T15
    "task_open": _("Open task: {text}"),
    # who answers for what, who knows what
    "family_unknown": _("No product of ours belongs to the family “{family}”. Choose one of the list."),
    "action_unassigned": _("Nobody answers for this action: {text}"),
    "action_over": _("This action is over: {text}. Who answers for it stays as it was."),
    "person_unfit": _("{name} cannot be named: the account is closed, or the role works on no cases."),
    "letter_twice": _("{name} is named twice. One person has one letter; only A and R go together."),
    "confirmation_missing": _("Record who confirmed the result, and how."),
    "silence_too_short": _("Silence counts only after two reminders and 10 working days, where the terms allow it."),
    "reopening_window_over": _("The {days} days for reopening are over. Log a new case and link this one."),
    "acceptance_evidence_missing": _("Say who accepted and where that can be seen."),
    "extent_does_not_add_up": _("Confirmed, good and unknown must add up to the total of {total}."),
    "defect_statement_missing": _("Write the defect statement first."),
    "role_missing": _("This needs the role {role}."),
    "cause_code_does_not_fit": _("An escape cause is coded “not detected” or “undetermined”; other causes are not."),
    "proof_missing": _("A proof needs its method and its result."),
    "attribution_share_form": _("A share is between 0 and 100 with at most two decimals."),
    "one_currency": _("All amounts must be in one currency."),
    "message_empty": _("Write something before you send."),
    # import
    "file_not_utf8": _("The file is not UTF-8 text (byte {byte}). Save it as UTF-8 and try again."),
    "file_cell_unreadable": _("Line {line} cannot be taken apart into cells. Check its quotes and length."),
    "file_without_rows": _("The file has no rows."),
    "column_missing": _("Columns are missing: {columns}. Add them to the header line."),
    "column_unknown": _("Unknown columns: {columns}. Rename or remove them."),
    "row_not_kept": _("The row could not be kept. Check its values."),
    "customer_unknown": _("The customer “{value}” is not known. Add it first or correct the code."),
    "product_unknown": _("The product “{value}” is not known. Add it first or correct the code."),
    "lot_unknown": _("The lot “{value}” is not known, or several products have one of this number."),
    "contract_unknown": _("The contract “{value}” is not known for this customer."),
    "date_unreadable": _("{column}: “{value}” is not a date. Write it as 2026-05-12."),
    "number_unreadable": _("{column}: “{value}” is not a number."),
    "choice_unknown": _("{column}: “{value}” is not one of the choices."),
    # clocks
    "report_duty_unknown": _("Choose under which duty it must be reported."),
    "report_found_before": _("This duty was found before on this case; its clock stands on the page."),
    "report_date_missing": _("This duty names no limit in days or hours. Enter by when the report must be filed."),
    "report_date_past": _("The report would be due already. Enter a moment after the decision."),
    "report_date_far": _("The report would be due more than three years from now. Correct the moment."),
    "report_date_late": _("This duty leaves time until {until}. Enter an earlier moment, or none."),
    "report_reference_missing": _("Enter the reference under which it was filed or sent."),
    "report_before_found": _("It cannot have been filed before it was found ({since}). Correct the moment."),
    "clock_not_running": _("The clock “{metric}” does not run on this case."),
    "clock_not_pausable": _("The clock “{metric}” cannot be paused: it runs whoever we wait for."),
    "clock_not_paused": _("The clock “{metric}” is not paused."),
    "wait_reason_unknown": _("Choose what we wait for."),
    "wait_evidence_missing": _("Name the request that we sent: date and letter, mail or call."),
    "wait_before_last_move": _("The wait cannot begin before the last step of the case ({since})."),
    "wait_backwards": _("The wait must end after it began, and not in the future."),
    "wait_undoes_breach": _("This wait would undo a missed deadline. Ask the quality manager to enter it."),
    "breach_reason_missing": _("Choose the reason why the deadline was missed."),
    "breach_not_explained": _("Nobody has said yet why the deadline was missed."),
    "told_later": _(
        "The customer cannot have heard the new date after it was explained. Give a moment that had passed by then."
    ),
    "breach_revoked": _("This missed deadline was revoked; there is nothing to explain."),
    # escalation
    "step_none": _("No step waits to be acknowledged: none was reached, it was acknowledged, or the clock has ended."),
    "step_asks_others": _("What waits here asks other people, not you."),
    "step_not_reached": _("The clock “{metric}” has not reached {level}."),
    "step_taken": _("{level} was acknowledged by {name} already."),
    "step_not_told": _("{level} asks other people, not you."),
    "step_explained": _("A missed deadline is not acknowledged. Explain it instead."),
    "decision_missing": _("Write what was decided."),
    "sales_unsaid": _("Say whether Sales was informed."),
    "call_open": _("The customer’s last call for a manager is not answered yet. Answer that one first."),
    "call_none": _("No call for a manager waits for an answer."),
    "call_not_yours": _("A call for a manager is answered by the quality manager."),
    "call_unanswered": _("The customer asked for a manager and waits for the answer."),
    # files
    "file_empty": _("“{name}” is empty. Choose another file."),
    "file_too_large": _("“{name}” is larger than {limit} MB. Choose a smaller one."),
    "file_lies": _("“{name}” is not what its name says ({found}). Rename it or choose another file."),
    "grid_cell_full": _(
        "A cell of the is / is-not grid holds at most {most} characters. Shorten it first, then take this over."
    ),
    "file_too_many": _("More than {limit} files at once. Send them in parts."),
    "file_of_customer": _("“{name}” came from the customer, who may always see it."),
    "file_name_missing": _("A file came without a name. Choose it again."),
}

# codes that stand for a choice, by parameter name
_CHOICES: dict[str, Any] = {
    "state": State,
    "location": Location,
    "party": Party,
    "metric": Metric,
    "role": Role,
    "leg": Leg,
    "supplier": Party,  # a share of suppliers that names none
}
_PARTS = {  # of the initial analysis, as its form calls them
    "description": _("What is confirmed"),
    "extent": _("Extent so far"),
    "suspected_cause": _("Suspected cause"),
    "confidence": _("Confidence"),
    "test_plan": _("Test plan"),
    "containment": _("Containment, done and planned"),
    "remedy_direction": _("Direction of the remedy"),
    "next_dates": _("Next dates"),
    "questions": _("Questions to the customer"),
    "contact_person": _("Contact person"),
}


def teach(sentences: Mapping[str, Words], **choices: Any) -> None:
    """
    Add a higher room's sentences, and the choices by whose labels its parameters are said: level=Level.

    Raises ValueError if a code or a name is taken.
    """
    if taken := SENTENCES.keys() & sentences.keys():
        raise ValueError(f"codes taken: {sorted(taken)}")
    if taken := _CHOICES.keys() & choices.keys():
        raise ValueError(f"names taken: {sorted(taken)}")
    SENTENCES.update(sentences)
    _CHOICES.update(choices)


def say(reason: Reason) -> str:
    """Return the reason as a sentence in the active language. Raises KeyError for an unknown code."""
    return str(SENTENCES[reason.code]).format(**{name: _shown(name, value) for name, value in reason.params.items()})


def part_label(part: str) -> str:
    """Return a part of the initial analysis in words."""
    return str(_PARTS.get(part, part))


def way(said: str) -> str:
    """Return how something was said: a channel by its label (the portal notes itself so), else as it was typed."""
    return str(Channel[said.upper()].label) if said.upper() in Channel.names else said


def _problems(rows: Any) -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """Return problems of typed facts, [field, code, {parameter: text}] each, as contracts.clauses.kinds has them."""
    return [(field, code, tuple(params.items())) for field, code, params in rows]


def _shown(name: str, value: Any) -> str:
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, Promise):
        return str(value)
    if name == "part":
        return part_label(str(value))
    if name == "differs":
        from complaints.entitling_words import difference_line  # it says its days by words of this module

        return difference_line(value)
    if name == "problems":
        return " ".join(entitlement_words.say_problem(Problem(*one)) for one in _problems(value))
    if name == "roles":
        return ("、" if get_language() == "zh-hans" else ", ").join(str(Role(one).label) for one in value)
    if name in _CHOICES and value in _CHOICES[name].values:
        return str(_CHOICES[name](value).label)
    return str(value)
