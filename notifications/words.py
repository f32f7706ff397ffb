"""The codes that mails put into words, each in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.emergency import Informed, PlanRole
from complaints.models.states import Grade, Metric


class Wanted(models.TextChoices):
    """What waits for somebody's approval."""

    INITIAL = "INITIAL", _("the initial analysis")
    ATTRIBUTION = "ATTRIBUTION", _("the responsibility attribution")
    REJECTION = "REJECTION", _("the rejection")
    PROPOSAL = "PROPOSAL", _("the proposal")
    LESSON = "LESSON", _("the lesson learned")
    VERDICT = "VERDICT", _("a disputed verdict on the contract")


class News(models.TextChoices):
    """What happened on a case, for its owner."""

    SUBMITTED = "SUBMITTED", _("A proposal waits for approval.")
    APPROVED = "APPROVED", _("The proposal is approved.")
    NOT_APPROVED = "NOT_APPROVED", _("The proposal was not approved.")
    EXPIRED = "EXPIRED", _("The proposal expired without an answer.")
    SURVEY_LOW = "SURVEY_LOW", _("The customer is not satisfied.")
    ACCEPTED = "ACCEPTED", _("The customer accepted the proposal.")
    COUNTERED = "COUNTERED", _("The customer did not accept the proposal.")
    NOT_SOLVED = "NOT_SOLVED", _("It is not solved yet.")
    CONFIRMED = "CONFIRMED", _("The result is confirmed.")
    REOPENED = "REOPENED", _("The case is open again.")
    OBJECTED = "OBJECTED", _("The customer objected to the rejection.")
    WITHDRAWN = "WITHDRAWN", _("The complaint was withdrawn.")
    DISPUTED = "DISPUTED", _("The case went to Legal.")
    SETTLED = "SETTLED", _("The dispute is settled.")
    BREACH_REVOKED = "BREACH_REVOKED", _("A breach was revoked: it did not happen.")
    STOOD_DOWN = "STOOD_DOWN", _("The emergency plan was stood down.")
    REGRADED = "REGRADED", _("The grade of the case changed.")
    ACTION_ENDED = "ACTION_ENDED", _("An action that you are told of has ended.")


class Raci(models.TextChoices):
    """What a letter asks of whoever has it, DOMAIN §4.3."""

    A = "A", _("You answer for this action: see to it that it is done, and done well.")
    C = "C", _("You are asked before this action is carried out.")
    I = "I", _("You are told when this action is done.")  # noqa: E741  # the letter it is


class Ask(models.TextChoices):
    """What an escalation step asks of its readers, DOMAIN §3.4."""

    L1 = "L1", _("Confirm your plan.")
    L2 = "L2", _("Help, or give the case to somebody else.")
    L3 = "L3", _("Decide what is needed and inform Sales.")
    L4 = "L4", _("Explain the breach within one working day and tell the customer the new date.")
    L5 = "L5", _("Decide, and write the decision down.")


CODES: dict[str, type[models.TextChoices]] = {
    "ask": Ask,
    "grade": Grade,
    "informed": Informed,
    "metric": Metric,
    "news": News,
    "plan_role": PlanRole,
    "raci": Raci,
    "wanted": Wanted,
}


def in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters with each code that stands under a name of CODES as words of the active language."""
    return {name: str(CODES[name](value).label) if name in CODES and value else value for name, value in params.items()}
