"""The words of last days: what each period is for, the days it needs, how it is found. The edge of `lastdays`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from contracts import entitlement_words
from contracts.clauses import Problem
from contracts.clauses.lastdays import LastDay
from contracts.law_words import cited
from contracts.words import PROBLEMS, Words, value_in_words
from worktime import words as worktime_words
from worktime.explain import Line

EVENTS: dict[str, Words] = {
    "signed_on": pgettext_lazy("day", "Contract signed on"),
    "production_on": pgettext_lazy("day", "Production began on"),
    "documents_on": pgettext_lazy("day", "Shipping documents handed over on"),
    "delivered_on": pgettext_lazy("day", "Goods received on"),
    "installed_on": pgettext_lazy("day", "Installed on"),
    "commissioned_on": pgettext_lazy("day", "Commissioned on"),
    "accepted_on": pgettext_lazy("day", "Accepted on"),
    "first_used_on": pgettext_lazy("day", "First used on"),
    "invoiced_on": pgettext_lazy("day", "Invoice received on"),
    "found_on": pgettext_lazy("day", "Defect found on"),
    "notified_on": pgettext_lazy("day", "Seller notified on"),
    "replaced_on": pgettext_lazy("day", "Part replaced on"),
    "known_on": pgettext_lazy("day", "Claim known on"),
    "demanded_on": pgettext_lazy("day", "Demanded in writing on"),
    "admitted_on": pgettext_lazy("day", "Admitted by the debtor on"),
    "dispute_on": pgettext_lazy("day", "Dispute declared on"),
    "fm_began_on": pgettext_lazy("day", "Force majeure began on"),
    "as_of": pgettext_lazy("day", "Days left counted from"),
}
TITLES: dict[str, Words] = {
    "acceptance.stage": _("Acceptance: %(stage)s"),
    "acceptance.deemed": _("Silence counts as acceptance after"),
    "notice.apparent": _("Notice of apparent defects and quantity"),
    "notice.hidden": _("Notice of hidden defects"),
    "guarantee": _("Guarantee"),
    "remedy.attempt": _("Repair attempt by the seller"),
    "remedy.cure": _("Cure by the seller, before the buyer may repair"),
    "payment": _("Payment: %(name)s, %(pct)s %%"),
    "retention": _("Release of the retention money, %(pct)s %%"),
    "dispute": _("Step before the forum: %(step)s"),
    "force_majeure.notice": _("Notice of force majeure"),
    "force_majeure.lasts": _("Force majeure lasts long enough to terminate after"),
    "limitation": _("Limitation of action"),
}
STEPS: dict[str, Words] = {
    "notice.by_guarantee": _(
        "No agreed period is for these defects: notice within a reasonable time of discovery, at the latest by the end "
        "of the guarantee."
    ),
    "notice.by_two_years": _(
        "No agreed period is for these defects: notice within a reasonable time of discovery, at the latest two years "
        "from receipt."
    ),
    "due.at_once": _("Due on the day itself, %(on)s."),
    "due.too_long": _(
        "The period is longer than %(n)s years, which is not reckoned. Look at the length in the clause."
    ),
    "due.guarantee_ends": _("The guarantee ends on %(last)s."),
}
BOUNDS: dict[str, Words] = {
    "at_latest": _("at the latest, while not known: %(names)s"),
    "at_earliest": _("at the earliest, while not known: %(names)s"),
}


@dataclass(frozen=True)
class SaidDay:
    """A period in words; `left` says how far off its last day is, `tone` colours that."""

    title: str
    clause: str
    last: date | None
    left: str
    tone: str
    missing: str
    lines: list[dict[str, str]]
    review: bool


def say(row: LastDay, as_of: date, paid: Mapping[Any, date] | None = None) -> SaidDay:
    """
    Return a period in words of the active language.

    paid: on which day an instalment was paid, by its percentage; it is over, and nothing is left of it.
    """
    params = {name: _in_words(value) for name, value in row.params}
    names = gettext(", ").join(str(EVENTS[name]) for name in row.missing)
    needs = str(BOUNDS[row.bound]) % {"names": names} if row.bound and names else names
    left, tone = _left(row.days_left(as_of))
    if row.code == "payment" and paid and (on := paid.get(dict(row.params)["pct"])):
        left, tone = gettext("paid %(on)s") % {"on": _in_words(on)}, "ok"
    lines = [_line(line) for line in row.lines]
    return SaidDay(str(TITLES[row.code]) % params, row.clause, row.last, left, tone, needs, lines, row.review)


def say_problem(problem: Problem) -> str:
    """Return what is wrong with a day as a sentence."""
    name = EVENTS.get(problem.field, problem.field)
    return str(PROBLEMS[problem.code]) % (dict(problem.params) | {"field": name})


def _left(days: int | None) -> tuple[str, str]:
    if days is None:
        return "", ""
    if days < 0:
        return ngettext("over for %(n)s day", "over for %(n)s days", -days) % {"n": -days}, ""
    if days == 0:
        return gettext("last day today"), "warn"
    return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}, "warn" if days <= 7 else "ok"


def _line(line: Line) -> dict[str, str]:
    return {"text": _sentence(line), "tone": "yes", "cites": cited(getattr(line, "law", ""))}


def _sentence(line: Line) -> str:
    if line.code.startswith("period."):
        return worktime_words.say(line, "UTC")
    if line.code in STEPS:
        return str(STEPS[line.code]) % {name: _in_words(value) for name, value in line.params.items()}
    return entitlement_words.say(line)


def _in_words(value: Any) -> str:
    match value:
        case date():
            return date_format(value, "Y-m-d")
        case StrEnum() | Decimal():
            return value_in_words(value)
    return str(value)
