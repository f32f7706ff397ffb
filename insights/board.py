"""The dashboard in words: tiles, rows and findings, ready for its templates, in the active language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from accounts.models import User
from complaints import escalation_words
from complaints.clock_words import shown, spell
from complaints.days import AGES
from complaints.escalation_queries import OnCase
from complaints.models import SlaClock
from complaints.models.states import Metric, Stage
from complaints.timeline import Reader
from complaints.words import say
from contracts.models.names import in_reader_language
from insights import queries
from insights.approvals import Kind, Waiting, waiting_for
from insights.charts import AIM, Bars, Pareto, Trend, limits
from insights.queries import NONE, Ages, Kept, Numbers, Share, Week, all_kept, vital_few, without_gravest
from insights.scope import BY, FILTERS, Scope

TEN_THOUSAND = 10_000
CUSTOMERS = 5  # in the table beside the Pareto
LINES = 30  # of the table below the Pareto; the file has them all
FOOT = 9  # letters below a bar
REVIEWS = 3  # proposals in "needs you now"


@dataclass(frozen=True)
class Board:
    """One look at the dashboard: the figures, read once each, and their words."""

    scope: Scope
    user: User
    now: datetime
    zone: ZoneInfo

    # What was counted ------------------------------------------------------------------------------------------------

    @cached_property
    def numbers(self) -> Numbers:
        return queries.numbers(self.scope, self.user, self.now)

    @cached_property
    def ages(self) -> Ages:
        return queries.ages(self.scope, self.user, self.now)

    @cached_property
    def kept(self) -> list[Kept]:
        return queries.kept(self.scope, self.user, self.now)

    @cached_property
    def weeks(self) -> list[Week]:
        return queries.weeks(self.scope, self.user, self.now)

    @cached_property
    def shares(self) -> list[Share]:
        return queries.pareto(self.scope, self.user, self.scope.by, self.now)

    @cached_property
    def waiting(self) -> list[Waiting]:
        return waiting_for(self.user, self.scope) if self.user.may("proposal.approve") else []

    # Tiles -----------------------------------------------------------------------------------------------------------

    @cached_property
    def tiles(self) -> list[dict[str, Any]]:
        return [
            *self._urgent_tiles(),
            *self._approvals_tile(),
            self._kept_tile(all_kept(self.kept), _("SLA met"), {}),
            self._first_report_tile(),
            self._open_tile(),
        ]

    def _urgent_tiles(self) -> list[dict[str, Any]]:
        late, near = self.numbers.breached, self.numbers.at_risk
        first = {name: next((row for row in self.urgent if row["late"] is late_), None)
                 for name, late_ in (("late", True), ("near", False))}  # fmt: skip
        oldest = _("oldest {time}, target 0").format(time=first["late"]["time"]) if first["late"] else _("target 0")
        nearest = _("next {time}, {ref}").format(**first["near"]) if first["near"] else _("no deadline is near")
        return [
            tile(self.scope.to_cases("breached"), _("Overdue"), late, tone="danger" if late else "", icon="over",
                 note=oldest),
            tile(self.scope.to_cases("at-risk"), _("At risk"), near, tone="warn" if near else "", icon="risk",
                 note=nearest),
        ]  # fmt: skip

    def _approvals_tile(self) -> list[dict[str, Any]]:
        if not self.user.may("proposal.approve"):
            return []
        values = [row.value for row in self.waiting if row.value]
        note = _("{amount} in all").format(amount=sum(values[1:], values[0])) if values else _("nothing waits for you")
        return [tile(self.approvals_url, _("Waiting for my approval"), len(self.waiting), note=note)]

    def _kept_tile(self, row: Kept, name: str, which: dict[str, str]) -> dict[str, Any]:
        change, tone = change_words(row.change)
        return tile(
            self.scope.to_rows("clocks", **which), name, share_words(row.percent), unit="%" if row.n else "",
            change=change, change_tone=tone, note=_("target {aim}, of {n} clocks").format(aim=AIM, n=row.n),
        )  # fmt: skip

    def _first_report_tile(self) -> dict[str, Any]:
        """K02: G1 has 24 hours and is shown apart."""
        row = next(row for row in self.kept if row.metric == Metric.INITIAL)
        shown_tile = self._kept_tile(
            without_gravest(row), _("48 h reports, G1 apart"), {"metric": row.metric, "grade": "other"}
        )
        if row.gravest and row.gravest.n:
            shown_tile["note"] += " · " + _("G1 in 24 h {share} %").format(share=row.gravest.percent)
        return shown_tile

    def _open_tile(self) -> dict[str, Any]:
        old = self.ages.of_band("over-30")
        note = ngettext("{n} older than 30 days", "{n} older than 30 days", old).format(n=old)
        return tile(self.scope.to_cases("open"), _("Open cases"), self.ages.total, note=note)

    # Needs you now ---------------------------------------------------------------------------------------------------

    @cached_property
    def urgent(self) -> list[dict[str, Any]]:
        return [self._urgent(clock) for clock in queries.urgent(self.scope, self.user, self.now)]

    def _urgent(self, clock: SlaClock) -> dict[str, Any]:
        case = clock.complaint
        assert clock.due_at is not None  # queries.urgent orders by it
        late = clock.due_at < self.now
        reassign = late and self.user.may("case.assign")
        url = reverse("case", args=[case.ref])
        return {
            "ref": case.ref,
            "title": case.title,
            "language": case.language,
            "url": url,
            "clock": shown(clock, self.now, zone=self.zone),
            "owner": case.owner.name if case.owner else _("nobody"),
            "late": late,
            "time": spell(int(abs((clock.due_at - self.now).total_seconds()))),
            "act_url": reverse("case-do", args=[case.ref, "assign"]) if reassign else url,
            "act": _("Reassign") if reassign else _("Open"),
        }

    @cached_property
    def asked(self) -> list[dict[str, Any]]:
        """Return the escalations that wait for this person, the longest waiting first."""
        return [self._asked(row) for row in self.numbers.escalated]

    def _asked(self, row: OnCase) -> dict[str, Any]:
        return {
            "ref": row.ref, "title": row.title, "language": row.language, "url": reverse("case", args=[row.ref]),
            "level": f"L{row.asked.level}", "what": escalation_words.what(row.asked),
            **escalation_words.standing(row.asked, Reader(self.user, self.zone, self.now)),
            "act_url": escalation_words.address(row.ref, row.asked), "act": escalation_words.act_of(row.asked)[1],
        }  # fmt: skip

    @property
    def reviews(self) -> list[dict[str, Any]]:
        return [self.review(row) for row in self.waiting[:REVIEWS]]

    def review(self, row: Waiting) -> dict[str, Any]:
        """Return what waits, with the address where it is decided."""
        since = spell(int((self.now - row.since).total_seconds()))
        asks = [{"level": one.level.label, "why": say(one.why) if one.why else ""} for one in row.asks]
        return {"row": row, "url": _deciding(row), "since": since, "asks": asks}

    @property
    def approvals_url(self) -> str:
        query = self.scope.query()
        return reverse("approvals") + (f"?{query}" if query else "")

    @property
    def breached_url(self) -> str:
        return self.scope.to_cases("breached")

    @property
    def at_risk_url(self) -> str:
        return self.scope.to_cases("at-risk")

    # Age of open cases -----------------------------------------------------------------------------------------------

    @property
    def age_columns(self) -> list[str]:
        return [age_words(band) for band in AGES]

    @cached_property
    def age_rows(self) -> list[dict[str, Any]]:
        fullest = self.ages.fullest
        most = fullest[2] if fullest else 1
        return [
            {
                "label": Stage(stage).label,
                "cells": [self._cell(stage, band, n, most) for band, n in row.items()],
                "sum": self.ages.of_stage(stage),
                "url": self.scope.to_cases("open", stage=stage),
            }
            for stage, row in self.ages.cells.items()
        ]

    def _cell(self, stage: str, band: str, n: int, most: int) -> dict[str, Any]:
        return {"n": n, "level": -(-4 * n // most), "url": self.scope.to_cases("open", stage=stage, age=band)}

    @property
    def age_totals(self) -> list[dict[str, Any]]:
        bands = [{"n": self.ages.of_band(band), "url": self.scope.to_cases("open", age=band)} for band in AGES]
        return [*bands, {"n": self.ages.total, "url": self.scope.to_cases("open")}]

    @property
    def age_finding(self) -> str:
        if not self.ages.fullest:
            return _("No case is open.")
        stage, band, n = self.ages.fullest
        old = self.ages.of_band("over-30")
        most = ngettext("{n} case sits in {stage} for {band}", "{n} cases sit in {stage} for {band}", n)
        rest = ngettext("{n} case is older than 30 days.", "{n} cases are older than 30 days.", old)
        return _("{one}; {other}").format(
            one=most.format(n=n, stage=Stage(stage).label, band=age_words(band)), other=rest.format(n=old)
        )

    # New and closed per week -----------------------------------------------------------------------------------------

    @cached_property
    def trend(self) -> Trend:
        return Trend(self.weeks, limits(self.weeks))

    @cached_property
    def week_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "week": week,
                "new_url": self.scope.to_cases("counted", received=str(week.span)),
                "closed_url": self.scope.to_cases("counted", ended=str(week.span)),
            }
            for week in self.weeks
        ]

    @property
    def trend_finding(self) -> str:
        out = self.trend.limits.alarms(self.weeks) if self.trend.limits else []
        if out:
            return _("Week {week} left the usual range with {n} new cases.").format(week=out[-1].number, n=out[-1].new)
        new, closed = (sum(getattr(week, name) for week in self.weeks[-5:-1]) for name in ("new", "closed"))
        return _("In the last four full weeks {new} cases came in and {closed} ended.").format(new=new, closed=closed)

    # SLA by clock ----------------------------------------------------------------------------------------------------

    @property
    def kept_note(self) -> str:
        """Say why the bar of the initial analysis differs from its tile."""
        row = next(row for row in self.kept if row.metric == Metric.INITIAL)
        if not (row.gravest and row.gravest.n):
            return ""
        return _("{clock} counts every grade here; the tile leaves out G1, which has 24 hours instead of 48.").format(
            clock=Metric.INITIAL.label
        )

    @cached_property
    def bars(self) -> Bars:
        return Bars([row for row in self.kept if row.n])

    @cached_property
    def kept_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "row": row,
                "name": Metric(row.metric).label,
                "share": share_words(row.percent),
                "url": self.scope.to_rows("clocks", metric=row.metric),
                "met_url": self.scope.to_rows("clocks", metric=row.metric, result="met"),
                "missed_url": self.scope.to_rows("clocks", metric=row.metric, result="missed"),
            }
            for row in self.kept
        ]

    @cached_property
    def bar_rows(self) -> list[tuple[Any, dict[str, Any]]]:
        return list(zip(self.bars.marks, [row for row in self.kept_rows if row["row"].n], strict=True))

    @property
    def kept_finding(self) -> str:
        decided = [(row.percent, row) for row in self.kept if row.percent is not None]
        if not decided:
            return _("No clock was decided in this period.")
        worst, row = min(decided, key=lambda pair: pair[0])
        if worst >= AIM:
            return _("Every clock keeps its target of {aim} %.").format(aim=AIM)
        return _("{clock} misses its target of {aim} % by {points} points.").format(
            clock=Metric(row.metric).label, aim=AIM, points=AIM - worst
        )

    # Pareto ----------------------------------------------------------------------------------------------------------

    @cached_property
    def pareto(self) -> Pareto:
        return Pareto(self.shares, len(vital_few(self.shares)))

    @cached_property
    def pareto_rows(self) -> list[dict[str, Any]]:
        return [self._share(share, self.scope.by) for share in self.shares[:LINES]]

    @cached_property
    def pareto_bars(self) -> list[tuple[Any, Any, dict[str, Any]]]:
        return list(zip(self.pareto.bars, self.pareto.dots, self.pareto_rows, strict=False))

    @property
    def pareto_title(self) -> str:
        return {
            "defect": _("Defects of open cases"),
            "product": _("Products of open cases"),
            "customer": _("Customers of open cases"),
        }[self.scope.by]

    @property
    def pareto_tabs(self) -> list[dict[str, Any]]:
        names = {"defect": _("Defects"), "product": _("Products"), "customer": _("Customers")}
        return [
            {"label": names[by], "url": f"?{self.scope.query(by=by)}#pareto", "current": by == self.scope.by}
            for by in BY
        ]

    @property
    def pareto_finding(self) -> str:
        if not self.shares:
            return _("No case is open.")
        few, whole = self.pareto.few, sum(share.n for share in self.shares)
        form = ngettext(
            "The first makes up {share} % of the {n} mentions.",
            "The first {few} make up {share} % of the {n} mentions.",
            few,
        )
        return form.format(few=few, share=self.shares[few - 1].upto, n=whole)

    @cached_property
    def customers(self) -> list[dict[str, Any]]:
        shares = self.shares if self.scope.by == "customer" else queries.pareto(
            self.scope, self.user, "customer", self.now
        )  # fmt: skip
        return [self._share(share, "customer") for share in shares[:CUSTOMERS]]

    def _share(self, share: Share, by: str) -> dict[str, Any]:
        return {
            "row": share,
            "name": share_name(share),
            "short": shortened(share_name(share)),
            "url": self.scope.to_cases("open", **{by: share.code}),
            "old_url": self.scope.to_cases("open", **{by: share.code, "age": "over-30"}),
        }

    # Below -----------------------------------------------------------------------------------------------------------

    @cached_property
    def satisfaction(self) -> dict[str, Any]:
        found = self.numbers
        return {
            "mean": share_words(found.satisfaction),
            "n": found.answers,
            "answered": share_words(found.answered),
            "url": self.scope.to_rows("answers"),
            "asked": found.asked,
            "asked_url": self.scope.to_rows("surveys"),
            "visits": found.visits_late,
            "visits_url": self.scope.to_rows("visits"),
        }

    # Head ------------------------------------------------------------------------------------------------------------

    @property
    def periods(self) -> list[dict[str, Any]]:
        names = {"30d": _("30 days"), "quarter": _("Quarter")}
        custom = {"label": _("Custom"), "url": f"?{self.scope.query(period='custom')}", "current": self.scope.custom}
        usual = [
            {
                "label": label,
                "url": f"?{self.scope.query(period=kind)}",
                "current": not self.scope.custom and self.scope.period.kind == kind,
            }
            for kind, label in names.items()
        ]
        return [*usual, custom]

    @cached_property
    def filters(self) -> list[dict[str, Any]]:
        """Return the filters with what they offer and what is chosen; a chip takes a chosen one off."""
        labels = {"customer": _("Customer"), "product": _("Product"), "team": pgettext("filter", "Team")}
        found = queries.choices()
        return [
            {
                "name": name,
                "label": labels[name],
                "chosen": self.scope.filters.get(name, ""),
                "options": [(choice.code, in_reader_language(choice.name, choice.name_zh)) for choice in found[name]],
                "off": f"?{self.scope.query(**{name: ''})}",
            }
            for name in FILTERS
        ]

    @property
    def exports(self) -> str:
        query = self.scope.query()
        return f"?{query}" if query else ""


# Words of a number ---------------------------------------------------------------------------------------------------


def tile(url: str, name: str, num: object, **more: Any) -> dict[str, Any]:
    """Return a tile; a number of ten thousand or more is shortened to 万 for Chinese readers, whole in its title."""
    if isinstance(num, int):
        short, unit = big(num)
        more = {"unit": unit, "exact": f"{num:,}" if unit else "", **more}
        num = short
    return {"url": url, "name": name, "num": num, **more}


def big(n: int) -> tuple[str, str]:
    """Return a number as a tile shows it, and its unit: 182,400, or 18.24 and 万."""
    if n >= TEN_THOUSAND and (get_language() or "").startswith("zh"):
        return f"{Decimal(n) / TEN_THOUSAND:.2f}".rstrip("0").rstrip("."), "万"
    return f"{n:,}", ""


def share_words(share: Decimal | None) -> str:
    """Return a share or mean, or a dash where there is none: never 0 for nothing."""
    return "–" if share is None else str(share)


def change_words(points: Decimal | None) -> tuple[str, str]:
    """Return how a share changed, and whether that is good."""
    if not points:
        return "", ""
    return (f"▲ {points}", "good") if points > 0 else (f"▼ {-points}", "bad")


def age_words(band: str) -> str:
    """Return a band of age as a head of a column: 3–7 d, > 30 d."""
    least, most = AGES[band]
    return _("> {n} d").format(n=least - 1) if most is None else _("{least}–{most} d").format(least=least, most=most)


def shortened(name: str) -> str:
    """Return a name as the foot of a bar: about nine letters wide, a Chinese one counting twice."""
    width, kept = 0, ""
    for letter in name:
        width += 1 if letter.isascii() else 2
        if width > FOOT:
            return f"{kept.rstrip()}…"
        kept += letter
    return name


def share_name(share: Share) -> str:
    """Return what a share is of, in the reader's language."""
    if share.code == NONE or share.name is None:
        return _("not known")
    return in_reader_language(*share.name) if isinstance(share.name, tuple) else str(share.name)


def _deciding(row: Waiting) -> str:
    """Return the page on which it is read and decided."""
    if row.kind == Kind.PROPOSAL:
        return reverse("case-remedy", args=[row.ref])
    act = "approve_initial" if row.kind == Kind.INITIAL else "approve_attribution"
    return reverse("case-do", args=[row.ref, act])
