"""What case and project say now of the figures that somebody typed as the impact of a case; nothing is reckoned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.timeline import date_words, listed
from contracts import project_facts
from contracts.amounts import Money
from contracts.finance.working import percent_of, written
from contracts.models import ClauseType

if TYPE_CHECKING:
    from complaints.models import Complaint, FinanceImpact
    from contracts.models import Project

Row = dict[str, Any]


def by_hand(impact: FinanceImpact, complaint: Complaint, *, on: date) -> list[Row]:
    """Return each figure of a version entered by hand, beside what case and project say on a day."""
    project = complaint.project
    rows = (
        (_("Delay of the project, days"), impact.delay_days, _spare(project, on)),
        (_("Payments at risk"), impact.payments_at_risk, _payments(project, on)),
        (_("Retention at risk"), impact.retention_at_risk, _retention(complaint)),
        (_("Cost of the remedy"), impact.remedy_cost, _planned(complaint)),
        (_("Lender"), _("must be told") if impact.lender_material else _("need not be told"), _lenders(project)),
    )
    return [{"name": name, "typed": str(typed), "says": says} for name, typed, says in rows]


def _spare(project: Project | None, on: date) -> str:
    if project is None:
        return _("The case names no project.")
    step = project_facts.next_milestone(project, on)
    if step is None:
        return _("No milestone of the project is open.")
    said = ngettext(
        "{milestone}, planned for {day}, has {n} day of float.",
        "{milestone}, planned for {day}, has {n} days of float.",
        step.float_days,
    )
    return said.format(milestone=step.shown_name, day=date_words(step.planned_on), n=step.float_days)


def _payments(project: Project | None, on: date) -> str:
    """Return what is still to be paid: by the payments that were entered, else by the milestones that are open."""
    if project is None:
        return _("The case names no project.")
    rows: list[Any] = list(project.payments.filter(paid_on=None))
    sums = [row.amount for row in rows] or [row.payment for row in project_facts.open_milestones(project, on)]
    found = [money for money in sums if money]
    if not found:
        return _("No payment of the project is open.")
    said = ngettext("{n} payment is still to come: {amount}.", "{n} payments are still to come: {amount}.", len(found))
    return said.format(n=len(found), amount=sum(found[1:], found[0]))


def _retention(complaint: Complaint) -> str:
    version, contract = complaint.contract_version, complaint.contract
    clause = version.clauses.checked().filter(type=ClauseType.RETENTION).order_by("pk").first() if version else None
    if clause is None or contract is None:
        return _("No checked clause of the contract keeps a retention.")
    pct: Decimal = clause.typed_terms.pct  # type: ignore[union-attr]
    if contract.price is None:
        return _("§{number} keeps {pct} % of the price as retention; the price is not entered.").format(
            number=clause.number, pct=f"{pct:f}"
        )
    kept = Money(written(percent_of(pct, contract.price.amount)), contract.currency).rounded()
    return _("§{number} keeps {pct} % of the price as retention: {amount}.").format(
        number=clause.number, pct=f"{pct:f}", amount=kept
    )


def _planned(complaint: Complaint) -> str:
    """Return what the remedies of the newest proposal cost us, by currency."""
    proposal = complaint.proposals.filter(cycle=complaint.cycle, interim=False).order_by("-number").first()
    costs = [line.cost for line in proposal.standing_lines() if line.cost is not None] if proposal else []
    if proposal is None or not costs:
        return _("No remedy with its cost is planned yet.")
    sums: dict[str, Money] = {}
    for cost in costs:
        sums[cost.currency] = sums[cost.currency] + cost if cost.currency in sums else cost
    return _("The remedies of proposal version {number} cost {amount}.").format(
        number=proposal.number, amount=listed(sums.values())
    )


def _lenders(project: Project | None) -> str:
    if project is None:
        return _("The case names no project.")
    names = [facility.shown_name for facility in project.facilities.order_by("name", "pk")]
    return _("Loans of the project: {names}.").format(names=listed(names)) if names else _(
        "No loan of the project is entered."
    )  # fmt: skip
