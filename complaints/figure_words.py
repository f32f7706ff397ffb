"""The words for how a management figure is reckoned; the edge of complaints.figures and its calculator."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts.finance_words import number
from worktime.explain import Line

SENTENCES: dict[str, str | Promise] = {
    "figure.nothing": _("Nothing to divide by: the figure is a dash, neither 0 nor 100."),
    "figure.share": _("{part} / {whole} = {percent} %."),
    "figure.times": _("n = {n}; the 90th percentile is the value at rank {rank}. The mean alone misleads."),
    "figure.ppm": _("{part} confirmed / {whole} shipped × 1,000,000 = {ppm}."),
    "figure.few_units": _("Fewer than 1,000 units were shipped: show the fraction {part}/{whole} instead."),
    "figure.nps": _("({promoters} − {detractors}) / {n} × 100 = {nps}; passives count in the denominator only."),
    "figure.response": _("Response rate: {part} answers / {whole} invitations = {percent} %."),
    "figure.csat": _("{part} of {n} answered 4 or 5: {percent} %; the mean is {mean}."),
    "figure.ces": _("{sum} / {n} = {mean}; {part} of {n} answered 5 to 7: {percent} %."),
    "figure.not_mature": _("The 90 days of this cohort have not passed: there is no figure yet."),
    "figure.moved": _(
        "Moved at the customer's request: {n}, of them made in time {part}; each is measured against its new day."
    ),
    "figure.pareto": _("Of {all} causes {few} make up 80 % of {n}, the one that crosses it included."),
    "figure.copq": _("Internal {internal} + external {external} = {sum}: only failures are the cost of poor quality."),
    "figure.conformance": _("With appraisal and prevention {rest}, quality costs {sum}."),
    "figure.ages": _("n = {n}; age is full calendar days since first receipt."),
    "figure.not_rated": _("“{name}” has no score: the supplier is not rated."),
    "figure.weighted": _("{name}: {score} × {weight} %."),
    "figure.graded": _("Sum {total}: {grade}, judged before rounding."),
    "figure.g1_caused": _("The supplier caused a G1 case in the period: at most {grade}."),
    "figure.expired": _("The supplier's qualification has expired: {grade} until it is renewed."),
}


def say(line: Line) -> str:
    """Return a line as a sentence in the active language. Raises KeyError for an unknown code."""
    return str(SENTENCES[line.code]).format(**{name: _shown(value) for name, value in line.params.items()})


def _shown(value: Any) -> str:
    return number(value) if isinstance(value, Decimal | int) else str(value)
