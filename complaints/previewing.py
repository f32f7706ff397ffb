"""What a pasted table of readings was read as, row by row, before anything is kept."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints import measuring
from complaints.gates import reason
from complaints.models.states import Conformity
from complaints.showing import Row, Section, Shown, cell
from complaints.words import say
from contracts.clauses.terms import TermsError

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.measuring import Limits
    from complaints.models import Complaint
    from complaints.readings import Fault, Read


def readings_read(complaint: Complaint, *, user: User, form: Any, at: datetime) -> Shown:
    """Each value with what it means, and a sentence for each cell that cannot be read; nothing before there is any."""
    if form.sheet is None or form.chosen is None or not (form.sheet.reads or form.sheet.faults):
        return Shown()
    limits, uncertainty = form.chosen, form.cleaned_data.get("uncertainty")
    lines = [(one.row, one.column, _value(one, limits, uncertainty)) for one in form.sheet.reads]
    lines += [(fault.params.get("row", 0), fault.params.get("column", 0), _fault(fault)) for fault in form.sheet.faults]
    rows = tuple(line for _row, _column, line in sorted(lines, key=lambda each: each[:2]))
    columns = (cell(_("Row"), num=True), cell(_("Sample")), cell(_("Read as"), num=True), cell(_("Verdict")))
    n = len(form.sheet.reads)
    title = ngettext("{n} value read", "{n} values read", n).format(n=n)
    return Shown((Section(title, columns=columns, rows=rows),))


def _value(one: Read, limits: Limits, uncertainty: Decimal | None) -> list[Row]:
    shown = f"{one.value:f} {limits.unit}"
    return [
        cell(one.row, num=True), cell(one.label or "–"), cell(shown, one.given if one.given != shown else "", num=True),
        cell(verdict_words(_judged(one.value, limits, uncertainty))),
    ]  # fmt: skip


def _judged(value: Decimal, limits: Limits, uncertainty: Decimal | None) -> str:
    try:
        return measuring.judged(value, limits, uncertainty)
    except TermsError:  # a part of the limits is still missing; the form says which
        return ""


def _fault(fault: Fault) -> list[Row]:
    return [cell(fault.params.get("row", ""), num=True), cell("–"), cell("–", num=True),
            cell(say(reason(fault.code, **fault.params)), strong=True)]  # fmt: skip


def verdict_words(verdict: str) -> str:
    """Return a verdict in words; without limits there is none."""
    return str(Conformity(verdict).label) if verdict else _("not judged")
