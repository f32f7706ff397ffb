"""What the pages of two acts show before the button is pressed: the assessment to keep, the dispute to decide."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import entitling
from complaints import entitling_words as words
from complaints.days import company_date
from complaints.entitling import Unfit
from complaints.models import Complaint
from complaints.showing import Section, Shown, cell, pair
from complaints.timeline import date_words

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.forms.base import ActForm


def assessing(complaint: Complaint, *, user: User, form: ActForm, at: datetime) -> Shown:
    """What the contract gives now: each verdict with its sum, and the total."""
    try:
        answer = entitling.answer_of(complaint, at=at)
    except Unfit as unfit:
        return Shown((Section(_("Entitlement"), facts=(pair(_("Not to be said yet"), words.problems(unfit)),)),))
    if answer is None:
        return Shown()
    basis, found = answer
    panel = words.Panel(found, today=found.facts.assessed_on or company_date(at), row_of=basis.row_of)
    columns = (cell(_("Clause")), cell(_("Verdict")), cell(_("Because")), cell(_("Amount"), num=True))
    rows = [
        [cell(f"{row['no']} {row['name']}".strip(), strong=True), cell(row["word"] or "–"), cell(row["why"] or "–"),
         cell(row["amount"] or "–", num=True)]
        for row in panel.rows()
    ]  # fmt: skip
    head = words.headline(found)
    total = [cell(_("In all"), strong=True), cell(head["word"]), cell(head["at_most"] or "–"),
             cell(head["total"], num=True, strong=True)]  # fmt: skip
    title, named = words.case_as_of(basis), words.named_otherwise(basis, complaint)
    warning = {"text": named, **_to_version(complaint)} if named else None
    link = {"url": reverse("case-entitlement", args=[complaint.ref]), "label": _("The whole working"), "note": ""}
    return Shown((Section(title, warning=warning, columns=columns, rows=(*rows, total), links=(link,)),))


def _to_version(complaint: Complaint) -> dict[str, str]:
    url = reverse("case-do", args=[complaint.ref, "edit_facts"])
    return {"url": f"{url}#id_contract_version", "action": _("Edit the facts")}


def deciding(complaint: Complaint, *, user: User, form: ActForm, at: datetime) -> Shown:
    """The dispute that is decided: the verdict, what it should be, who says so and why."""
    rows = complaint.verdict_disputes.filter(cycle=complaint.cycle, decision="").select_related("by")
    named = str(form["dispute"].value() or "")
    row = next((one for one in rows.order_by("number") if not named or str(one.pk) == named), None)
    if row is None:
        return Shown()
    facts = (
        pair(_("Verdict on"), words.what_in_words(row.what)),
        pair(_("As computed"), words.verdict_word(row.what, row.found)),
        pair(_("It should be"), words.verdict_word(row.what, row.wanted), note=str(row.amount) if row.amount else ""),
        pair(_("Whose view"), row.get_side_display()),
        pair(_("Why"), row.because),
    )
    title = _("Disputed by {who}, {on}").format(who=row.by.name, on=date_words(company_date(row.at)))
    return Shown((Section(title, facts=facts),))
