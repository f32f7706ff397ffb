"""What grading says: why a score is proposed, what is wrong with a table of rules, its events; put on the lists."""

from django.utils.translation import gettext_lazy as _

from complaints import event_words, mends, words

REASONS: dict[str, words.Words] = {
    # why a score is proposed
    "propose_injury": _("somebody was hurt"),
    "propose_danger": _("danger to people or property was told"),
    "propose_danger_open": _("the question of danger is open, which counts as yes"),
    "propose_stopped": _("work is stopped"),
    "propose_on_paper": _("only papers or packaging are wrong"),
    "propose_extent_unknown": _("how many are affected is not known"),
    "propose_one_unit": _("one unit is affected"),
    "propose_share": _("{affected} of {delivered} are affected, that is {percent} %"),
    "propose_impact_stopped": _("the customer’s work is stopped"),
    "propose_delay": _("assessment {number} of the project’s money expects a delay of {days} days after float"),
    "propose_milestone": _("a milestone of the project is at risk; how many days is not known"),
    "propose_again": _("such goods of this customer were in {ref}, closed within the last 90 days"),
    "propose_times": _("case {n} of this customer about such goods within 12 months"),
    "propose_elsewhere": _("another customer had such a case within 12 months"),
    "propose_first": _("no case about such goods within 12 months"),
    # what is wrong with a table
    "grade_band_out_of_range": _("A bound is a score from 2 to 25."),
    "grade_band_not_below": _("This bound must lie below the one of the graver grade, and be 2 or more."),
    "grade_lift_out_of_range": _("Choose a customer impact from 2 to 5, or that none lifts the grade."),
    "grade_floors_unknown": _("Choose a grade for each floor, or none."),
    "grade_floor_injury": _("An injury or a duty to report always makes the case G1."),
    "grade_nobody_may": _("Choose one role at least; otherwise nobody could mend a wrong grade."),
    "grading_rules_waiting": _("Version {number} waits for approval. Have it approved or take it back first."),
    "grading_rules_same": _("This is the table that holds already. Change something, or leave it."),
    "grading_rules_from_past": _("Rules cannot take force in the past. Begin them today ({today}) or later."),
    "grading_rules_before_predecessor": _("The version before takes force on {since}. Begin this one then or later."),
    "grading_rules_approved": _("Version {number} is approved and stays as it is. Propose another."),
    "grading_rules_fell": _("Version {number} was taken back meanwhile."),
}

EVENTS: dict[str, words.Words] = {
    "grading.proposed": _("Grading rules, version {number}, proposed"),
    "grading.approved": _("Grading rules, version {number}, approved"),
    "grading.let_fall": _("Grading rules, version {number}, taken back"),
}


def install() -> None:
    """Put the sentences on the shared lists."""
    words.teach(REASONS)
    event_words.teach(EVENTS)
    mends.teach({}, unmended=REASONS)
