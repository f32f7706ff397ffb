"""What the pages of deciding acts show: a proposal with its sums, its grounds and its approvals; a lesson."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.days import company_date
from complaints.entitling_words import difference_line
from complaints.lifecycle import Refused
from complaints.showing import Row, Section, Shown, cell, pair
from complaints.timeline import date_words, joined
from complaints.words import say
from contracts.money import Money
from remediation import approvals, basis, proposals
from remediation.models.kinds import Level

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.forms.base import ActForm
    from complaints.models import Complaint, EntitlementAssessment
    from remediation.models import Proposal, ProposalLine


def proposal(complaint: Complaint, *, user: User, form: ActForm, at: datetime) -> Shown:
    """The version that is decided: lines, sums, grounds, terms, and whose agreement is there and is missing."""
    row: Proposal | None = form.opened_for()  # type: ignore[attr-defined]
    if row is None:
        return Shown()
    row.complaint = complaint
    return Shown((_lines(row), _terms(row), _approvals(row)))


def approving(complaint: Complaint, *, user: User, form: ActForm, at: datetime) -> Shown:
    """The same, and the button says what is agreed to."""
    shown = proposal(complaint, user=user, form=form, at=at)
    row = form.opened_for()  # type: ignore[attr-defined]
    value = _value(row) if row else None
    return Shown(shown.sections, _("Approve {amount}").format(amount=value) if value else "")


def lesson(complaint: Complaint, *, user: User, form: ActForm, at: datetime) -> Shown:
    """The lesson, word for word."""
    row = form.opened_for()  # type: ignore[attr-defined]
    if row is None:
        return Shown()
    facts = (
        pair(_("Situation"), row.situation),
        pair(_("What worked"), row.worked or "–"),
        pair(_("What did not"), row.did_not or "–"),
        pair(_("Rule for the future"), row.rule),
    )
    return Shown((Section(_("Written by {who}").format(who=row.by.name), facts=facts),))


def _lines(row: Proposal) -> Section:
    lines = row.standing_lines()
    columns = (cell(_("What")), cell(_("On which ground")), cell(_("Our cost"), num=True),
               cell(_("To the customer"), num=True))  # fmt: skip
    rows = [
        [
            cell(line.get_kind_display(), line.description, strong=True),
            cell(_ground(line)),
            cell(line.cost or "–", num=True),
            cell(line.amount or "–", num=True),
        ]
        for line in lines
    ]
    paid = " + ".join(str(money) for money in proposals.totals(row).values()) or "–"
    total = [cell(_("Total"), strong=True), cell(""), cell("–", num=True), cell(paid, num=True, strong=True)]
    total[2] = cell(_cost(lines), num=True, strong=True)
    title = _("Version {number}, drafted by {who}").format(number=row.number, who=row.drafted_by.name)
    return Section(title, warning=_warning(row), columns=columns, rows=(*rows, total))


def _warning(row: Proposal) -> Row | None:
    """Return what has changed since the sums were assessed."""
    lines = basis.changed(row)
    if not lines or lines[0].entitlement is None:
        return None
    said = "; ".join(difference_line(line.entitlement.differs) for line in lines if line.entitlement is not None)
    url = reverse("case-assessment", args=[row.complaint.ref, lines[0].entitlement.pk])
    return {"text": _("The facts that the sums rest on have changed: {differs}").format(differs=said), "url": url,
            "action": _("Then and now")}  # fmt: skip


def _cost(lines: list[ProposalLine]) -> str:
    sums: dict[str, Money] = {}
    for line in lines:
        if line.cost is not None:
            before = sums.get(line.cost.currency)
            sums[line.cost.currency] = line.cost if before is None else before + line.cost
    return " + ".join(str(money) for money in sums.values()) or "–"


def _ground(line: ProposalLine) -> str:
    """Return the clause, the entitlement, or the reason of the goodwill."""
    found = [f"§{line.clause.number} {line.clause.heading}".strip()] if line.clause else []
    if line.entitlement:
        found.append(_assessed(line, line.entitlement))
    if line.goodwill:
        found.append(_("Goodwill: {why}").format(why=line.goodwill_reason))
    return "\n".join(found) or "–"


def _assessed(line: ProposalLine, row: EntitlementAssessment) -> str:
    """Return the arithmetic of the sum that the line takes, or else the verdict with its clauses."""
    if head := basis.head_of(line):
        most = Money(Decimal(head["amount"]), head["currency"])
        return _("{formula} = {amount} (assessment {number})").format(
            formula=head["formula"], amount=most, number=row.number
        )
    cited = ", ".join(f"§{clause.number}" for clause in row.clauses.order_by("number", "pk"))
    return f"{row.get_status_display()} {cited}".strip()


def _terms(row: Proposal) -> Section:
    facts = [
        pair(_("Valid until"), date_words(row.valid_until) or _("not set")),
        pair(_("Conditions"), row.conditions),
        pair(_("Liability"), _("without admission") if row.without_admission else _("admitted")),
        pair(_("Reservation"), row.reservation),
    ]
    return Section(_("Terms"), facts=tuple(fact for fact in facts if fact["value"]))


def _approvals(row: Proposal) -> Section:
    try:
        needed = approvals.approvers_needed(row)
        whole = approvals.committed_value(row.complaint, on=_day(row), besides=row)
    except Refused as refusal:
        return Section(_("Approvals"), gates=tuple({"locked": True, "text": say(why)} for why in refusal.reasons))
    facts = (pair(_("The case adds up to"), str(whole)),)
    return Section(_("Approvals"), facts=facts, gates=tuple(map(_step, needed)))


def _step(entry: approvals.Needed) -> Row:
    level = _("Customer") if entry.level == approvals.CUSTOMER else Level(entry.level).label
    if entry.done:
        text = _("{level}: {who}, {when}").format(
            level=level, who=entry.done.person.name, when=date_words(entry.done.at.date())
        )
        return {"done": True, "text": text, "why": joined(say(entry.why), entry.done.comment)}
    if not entry.blocks:
        return {"text": level, "why": _("agrees by accepting")}
    who = ", ".join(person.name for person in entry.who[:3]) or _("nobody may give it")
    return {"text": _("{level}: {who}").format(level=level, who=who), "why": say(entry.why)}


def _value(row: Proposal) -> Money | None:
    """Return what this version commits us to; None where a rate is missing."""
    try:
        values: list[Any] = [approvals.line_value(line, on=_day(row)) for line in row.standing_lines()]
    except Refused:
        return None
    return sum(values[1:], values[0]).rounded() if values else None


def _day(row: Proposal) -> Any:
    return company_date(row.submitted_at or row.drafted_at)
