"""What a management figure comes to: questions to complaints.figures (DOMAIN §13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from complaints import figures
from complaints.calculators import Answer, Question, Result, offer
from complaints.calculators.sum_shapes import Amount, Count, Exact, OneCurrency
from contracts.amounts import write_number
from contracts.finance.working import rounded, written
from worktime.explain import Line

VALUES = 10_000  # of one question
UNITS = 10**12
COPQ = ("internal_failure", "external_failure", "appraisal", "prevention")

above = _("These are more than {whole}, of which they are a part. Correct one of them.")


class Parts(serializers.Serializer[Any]):
    """A question about a part of a whole: PARTS names each part with its whole."""

    PARTS: tuple[tuple[str, str], ...] = ()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for part, whole in self.PARTS:
            if attrs[part] > attrs[whole]:
                raise serializers.ValidationError({part: [str(above).format(whole=whole)]})
        return attrs


class Compliance(serializers.Serializer[Any]):
    met = Count()
    breached = Count()
    revoked = Count(default=0)
    running_not_due = Count(default=0)
    cancelled = Count(default=0)


class Times(serializers.Serializer[Any]):
    values = serializers.ListField(child=Exact(least=0), max_length=VALUES)


class Ppm(serializers.Serializer[Any]):
    confirmed_defective_units = Count(most=UNITS)
    claimed_units = Count(most=UNITS, required=False, allow_null=True)
    shipped_units = Count(most=UNITS)


class Nps(serializers.Serializer[Any]):
    promoters = Count()
    passives = Count()
    detractors = Count()
    invitations_delivered = Count(required=False, allow_null=True, default=None)


class Csat(serializers.Serializer[Any]):
    scores = serializers.DictField(child=Count())

    def validate_scores(self, counts: dict[str, int]) -> dict[int, int]:
        if unknown := sorted(set(counts) - set("12345")):
            said = _("“{score}” is no score. Scores are 1 to 5.")
            raise serializers.ValidationError(str(said).format(score=unknown[0][:20]))
        return {int(score): n for score, n in counts.items()}


class Ces(serializers.Serializer[Any]):
    scores = serializers.ListField(child=Count(least=1, most=7), max_length=VALUES)


class Reopened(Parts):
    PARTS = (("reopened_within_90_days", "closed_in_cohort"),)

    closed_in_cohort = Count()
    reopened_within_90_days = Count()
    cohort_mature = serializers.BooleanField()


class Repeated(Parts):
    PARTS = (("repeat_cases", "justified_cases"),)

    justified_cases = Count()
    repeat_cases = Count()


class Visits(Parts):
    PARTS = (
        ("done_within_tolerance", "due"), ("done_late", "due"), ("missed", "due"), ("moved_at_customer_request", "due"),
        ("moved_done_in_time", "moved_at_customer_request"), ("moved_done_in_time", "done_within_tolerance"),
    )  # fmt: skip

    due = Count()
    done_within_tolerance = Count()
    done_late = Count(default=0)
    missed = Count(default=0)
    moved_at_customer_request = Count(default=0)
    moved_done_in_time = Count(default=0)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        said = super().validate(attrs)
        if said["done_within_tolerance"] + said["done_late"] + said["missed"] > said["due"]:
            raise serializers.ValidationError({"due": [_("Done, late and missed are more than due. Correct them.")]})
        return said


class Cause(serializers.Field[Any, Any, Any, Any]):
    """A row of a Pareto: [name, count, cost]."""

    default_error_messages = {"invalid": _("A row is a name, a count and a cost.")}

    def to_internal_value(self, data: Any) -> tuple[str, int, Any]:
        if not isinstance(data, list) or len(data) != 3 or not isinstance(data[0], str) or len(data[0]) > 300:
            self.fail("invalid")
        name, n, cost = data
        return name, Count(most=UNITS).run_validation(n), Exact(least=0).run_validation(cost)

    def to_representation(self, value: tuple[str, int, Any]) -> list[str]:
        return [str(part) for part in value]


class Causes(serializers.Serializer[Any]):
    rows = serializers.ListField(child=Cause(), max_length=VALUES)


class Copq(OneCurrency):
    internal_failure = Amount(least=0)
    external_failure = Amount(least=0)
    appraisal = Amount(least=0, default=0)
    prevention = Amount(least=0, default=0)
    revenue = Amount(least=0)


class Ages(serializers.Serializer[Any]):
    age_days = serializers.ListField(child=Count(), max_length=VALUES)


class Supplier(serializers.Serializer[Any]):
    scores = serializers.DictField(child=Exact(least=0, allow_null=True), allow_empty=False)
    weights = serializers.DictField(child=Exact(least=0))
    thresholds = serializers.DictField(child=Exact(least=0), allow_empty=False)
    g1_caused = serializers.BooleanField(default=False)
    qualification_expired = serializers.BooleanField(default=False)

    def validate_scores(self, scores: dict[str, Any]) -> dict[str, Any]:
        if any(score is not None and score > 100 for score in scores.values()):
            raise serializers.ValidationError(_("A score lies from 0 to 100."))
        return scores

    def validate_weights(self, weights: dict[str, Any]) -> dict[str, Any]:
        whole = figures.total(weights.values())
        if whole != 100:
            said = _("The weights make {sum}. Make them 100.")
            raise serializers.ValidationError(str(said).format(sum=written(whole)))
        return weights

    def validate_thresholds(self, thresholds: dict[str, Any]) -> dict[str, Any]:
        """Put the better grades first; D lies below all of them."""
        order = dict(sorted(thresholds.items()))
        if set(order) - set("ABC") or list(order.values()) != sorted(order.values(), reverse=True):
            raise serializers.ValidationError(_("Give A, B and C, each lower than the one before."))
        return order

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if set(attrs["scores"]) != set(attrs["weights"]):
            raise serializers.ValidationError({"weights": [_("Give a weight for each score, and no other.")]})
        return attrs


def solve_compliance(said: dict[str, Any]) -> Answer:
    """Return met / (met + breached); a revoked breach counts as met, running and cancelled clocks not at all (K01)."""
    met = said["met"] + said["revoked"]
    return _share(met, met + said["breached"])


def solve_times(said: dict[str, Any]) -> Answer:
    """Return mean, median and the 90th percentile by nearest rank (K04)."""
    values = said["values"]
    highest = figures.percentile(values, 90)
    result = {
        "mean": _text(figures.mean(values)), "median": _text(figures.median(values)),
        "p90": None if highest is None else _plain(highest),
    }  # fmt: skip
    rank = -(-90 * len(values) // 100)
    line = Line("figure.times", {"n": len(values), "rank": rank}) if values else Line("figure.nothing")
    return Answer(result, (line,))


def solve_ppm(said: dict[str, Any]) -> Answer:
    """Return confirmed, not claimed, units per million shipped in the same period (K08)."""
    part, whole = said["confirmed_defective_units"], said["shipped_units"]
    found = figures.ppm(part, whole)
    if found is None:
        return Answer({"ppm": None}, (Line("figure.nothing"),))
    lines = [Line("figure.ppm", {"part": part, "whole": whole, "ppm": found})]
    if whole < figures.FEW_UNITS:
        lines.append(Line("figure.few_units", {"part": part, "whole": whole}))
    return Answer({"ppm": _text(found)}, tuple(lines))


def solve_nps(said: dict[str, Any]) -> Answer:
    """Return the net promoter score, n, and the response rate (K16)."""
    counts = [said[name] for name in ("promoters", "passives", "detractors")]
    found, n, asked = figures.nps(*counts), sum(counts), said["invitations_delivered"]
    rate = figures.percent(n, asked) if asked else None
    facts = {"promoters": counts[0], "detractors": counts[2], "n": n, "nps": found}
    lines = [Line("figure.nps", facts) if n else Line("figure.nothing")]
    if rate is not None:
        lines.append(Line("figure.response", {"part": n, "whole": asked, "percent": rate}))
    return Answer({"nps": _text(found), "n": n, "response_rate": _text(rate)}, tuple(lines))


def solve_csat(said: dict[str, Any]) -> Answer:
    """Return the share of 4 and 5, and the mean (K16)."""
    counts: Mapping[int, int] = said["scores"]
    n, high = sum(counts.values()), counts.get(4, 0) + counts.get(5, 0)
    mean = figures.mean_of_counts(counts)
    found = figures.top_two(counts)
    line = Line("figure.csat", {"part": high, "n": n, "percent": found, "mean": mean}) if n else Line("figure.nothing")
    return Answer({"csat_percent": _text(found), "mean": _text(mean)}, (line,))


def solve_ces(said: dict[str, Any]) -> Answer:
    """Return the mean of 1–7, where 7 is easy, and the share of 5–7 (K16)."""
    scores = said["scores"]
    easy = sum(score >= 5 for score in scores)
    mean, found = figures.mean(scores, 2), figures.percent(easy, len(scores))
    facts = {"sum": sum(scores), "n": len(scores), "mean": mean, "part": easy, "percent": found}
    line = Line("figure.ces", facts) if scores else Line("figure.nothing")
    return Answer({"mean": _text(mean), "easy_percent": _text(found)}, (line,))


def solve_reopened(said: dict[str, Any]) -> Answer:
    """Return the share of a cohort that was reopened; nothing before its 90 days have passed (K15)."""
    if not said["cohort_mature"]:
        return Answer({"percent": None}, (Line("figure.not_mature"),))
    return _share(said["reopened_within_90_days"], said["closed_in_cohort"])


def solve_repeated(said: dict[str, Any]) -> Answer:
    """Return the share of justified cases that repeat an earlier one (K14)."""
    return _share(said["repeat_cases"], said["justified_cases"])


def solve_visits(said: dict[str, Any]) -> Answer:
    """Return the share of due visits made in time; one moved on the customer's request counts by its new day (K17)."""
    found = _share(said["done_within_tolerance"], said["due"])
    moved = said["moved_at_customer_request"]
    more = (Line("figure.moved", {"n": moved, "part": said["moved_done_in_time"]}),) if moved else ()
    return Answer(found.result, (*found.explanation, *more))


def solve_pareto(said: dict[str, Any]) -> Answer:
    """Return the cumulated shares, the vital few, and the order by cost; equal rows keep their order (K11)."""
    rows = sorted(said["rows"], key=lambda row: -row[1])
    counts = [n for _name, n, _cost in rows]
    few = [name for name, _n, _cost in rows[: figures.vital_few(counts)]]
    result = {
        "cumulative_percent": [_text(part) for part in figures.cumulated(counts)],
        "vital_few_80": few,
        "order_by_cost": [name for name, _n, _cost in sorted(said["rows"], key=lambda row: -row[2])],
    }
    facts = {"few": len(few), "all": len(rows), "n": sum(counts)}
    return Answer(result, (Line("figure.pareto", facts) if sum(counts) else Line("figure.nothing"),), found=rows)


def solve_copq(said: dict[str, Any]) -> Answer:
    """Return the cost of failures, its share of revenue, and the whole cost of quality (K12)."""
    sums = {name: Decimal(said[name]) for name in COPQ}
    digits = max(0, *(-int(amount.as_tuple().exponent) for amount in sums.values()))
    failures = rounded(figures.total([sums[name] for name in COPQ[:2]]), digits)
    whole = rounded(figures.total(list(sums.values())), digits)
    share = figures.percent(failures, said["revenue"])
    lines = [Line("figure.copq", {"internal": sums[COPQ[0]], "external": sums[COPQ[1]], "sum": failures})]
    if share is not None:
        lines.append(Line("figure.share", {"part": failures, "whole": said["revenue"], "percent": share}))
    lines.append(
        Line(
            "figure.conformance",
            {"rest": rounded(figures.total([sums[name] for name in COPQ[2:]]), digits), "sum": whole},
        )
    )
    result = {"copq": _text(failures), "copq_percent_of_revenue": _text(share), "total_quality_cost": _text(whole)}
    return Answer(result, tuple(lines))


def solve_ages(said: dict[str, Any]) -> Answer:
    """Return how many open cases lie in each band of age (K06)."""
    return Answer(dict(figures.by_band(said["age_days"])), (Line("figure.ages", {"n": len(said["age_days"])}),))


def solve_supplier(said: dict[str, Any]) -> Answer:
    """Return a supplier's weighted total and grade; None where a part is not rated (K22)."""
    knock = "D" if said["qualification_expired"] else "C" if said["g1_caused"] else ""
    found = figures.supplier_score(said["scores"], said["weights"], said["thresholds"], knocked_to=knock)
    if found.total is None:
        missing = next(name for name, score in said["scores"].items() if score is None)
        return Answer({"total": None, "grade": None}, (Line("figure.not_rated", {"name": missing}),), found=found)
    lines = [
        Line("figure.weighted", {"name": name, "score": score, "weight": said["weights"][name]})
        for name, score in said["scores"].items()
    ]
    lines.append(Line("figure.graded", {"total": written(found.total, 1), "grade": found.grade}))
    if knock:
        lines.append(Line("figure.expired" if knock == "D" else "figure.g1_caused", {"grade": knock}))
    return Answer({"total": _text(found.shown), "grade": found.grade}, tuple(lines), found=found)


KINDS: Mapping[str, tuple[type[serializers.Serializer[Any]], Callable[[dict[str, Any]], Answer]]] = {
    "sla_compliance": (Compliance, solve_compliance),
    "time_to_resolution": (Times, solve_times),
    "ppm": (Ppm, solve_ppm),
    "nps": (Nps, solve_nps),
    "csat": (Csat, solve_csat),
    "ces": (Ces, solve_ces),
    "reopen_rate": (Reopened, solve_reopened),
    "repeat_rate": (Repeated, solve_repeated),
    "visits_on_time": (Visits, solve_visits),
    "pareto": (Causes, solve_pareto),
    "copq": (Copq, solve_copq),
    "backlog_age": (Ages, solve_ages),
    "supplier_score": (Supplier, solve_supplier),
}
offer("kpi", {name: Question(shape, solve) for name, (shape, solve) in KINDS.items()})


def _share(part: int, whole: int) -> Answer:
    """Return a share in per cent, null of nothing, with its quotient."""
    found = figures.percent(part, whole)
    facts = {"part": part, "whole": whole, "percent": found}
    result: Result = {"percent": _text(found)}
    return Answer(result, (Line("figure.share", facts) if whole else Line("figure.nothing"),))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else write_number(value)


def _plain(value: Any) -> str:
    """Return a value as it was given: 140, or 140.5."""
    return write_number(value) if isinstance(value, Decimal) else str(value)
