"""The words for what a project refuses, by code (contracts.projects.Refused)."""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts.projects import Refused

SENTENCES: dict[str, str | Promise] = {
    "code_unfit": _("A code begins with a letter or digit and has letters, digits, points and dashes, 40 at most."),
    "code_taken": _("{given} is taken. Give the project another code."),
    "not_a_customer": _("Choose a customer."),
    "not_a_lender": _("Choose a lender. Its organisation must be kept as one."),
    "other_currency": _("The project counts in {wanted}, this is in {given}. Enter the amount in {wanted}."),
    "negative": _("Give 0 or more."),
    "zero": _("A payment is more than 0. Enter its amount."),
    "name_taken": _("“{name}” is there already. Open it, or choose another name."),
    "not_a_percentage": _("Give a percentage from 0 to 100."),
    "of_another_project": _("The milestone belongs to another project. Choose one of this project."),
    "before_its_milestone": _(
        "“{name}” is planned on {day}; its payment cannot come before. Correct the day, or choose another milestone."
    ),
    "after_its_payment": _(
        "The payment “{name}” is planned on {day}, before this day. Move the payment first, or give an earlier day."
    ),
    "in_future": _("The day lies in the future. Leave it empty until the payment has come."),
    "plan_is_there": _("The project has a cash plan already. Open and change that one."),
    "months_many": _("Give 1 to {most} months."),
    "more_than_amount": _("{drawn} drawn is more than the facility's {amount}. Correct one of them."),
    "kind_taken": _("The facility has a covenant of that kind already. Open and change that one."),
    "levels_out_of_order": _("Lock-up {lock_up} lies below default {default}. Exchange or correct them."),
    "periods_few": _("Say how many periods are looked back on, 2 or more."),
    "periods_many": _("The facility has {there} periods. Give no more than that."),
    "tested_within_a_period": _("{day} is not the end of a period of the facility. Choose from: {known}."),
    "debt_negative": _("Row {row}: debt service is 0 or more."),
    "periods_out_of_order": _("Row {row}: {day} does not lie after the row before. Put the periods in order."),
    "test_date_lost": _("A covenant is tested on {day}. Keep a period that ends then, or change the covenant first."),
    "look_back_lost": _(
        "A covenant looks back on {wanted} periods. Keep at least as many, or change the covenant first."
    ),
    "changed_meanwhile": _(
        "Somebody else changed this meanwhile. Look at what is kept now, correct yours if needed, and send again."
    ),
    "removed_meanwhile": _(
        "Somebody else removed this meanwhile. Nothing was saved; if what you typed is still needed, save it as a new "
        "one."
    ),
    "hangs_on_removed": _("Somebody else removed this meanwhile. Choose another."),
    "still_used": _("Payments hang on this milestone. Give them another milestone first."),
}


def say(refusal: Refused) -> str:
    """Return the sentence of a refusal in the reader's language."""
    row = refusal.params.get("row") if refusal.code == "other_currency" else None
    text = str(SENTENCES[refusal.code]).format(**{name: _shown(value) for name, value in refusal.params.items()})
    return str(_("Row {row}: {said}")).format(row=row, said=text) if row else text


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
