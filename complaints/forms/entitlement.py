"""The form of the entitlement tool: made for the kind of clause from the facts that its rule must be told."""

from __future__ import annotations

from dataclasses import MISSING
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.calculators.shapes import known_calendars
from complaints.forms.tools import ToolForm
from contracts import entitlement_words as words
from contracts.clauses import kinds, rules
from contracts.clauses.asking import Currency, Named, Names, Period, Spans, Spells
from contracts.clauses.choices import Unit
from contracts.clauses.rules.quality import Claims
from contracts.clauses.terms import Rows
from contracts.currencies import COMMON
from contracts.words import CHOICES as TERM_CHOICES

FIRST = "LD_DELAY_DAY"
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Agreed damages"), ("LD_DELAY_DAY", "LD_DELAY_WEEK", "LD_PER_UNIT", "LD_PERFORMANCE", "LD_FIXED_PCT",
                           "LD_ADJUSTMENT")),
    (_("Quality"), ("QUALITY_STANDARD", "ACCEPTANCE", "CONCESSION")),
    (_("In time"), ("INSPECTION_NOTICE", "GUARANTEE_PERIOD", "LIMITATION_OF_ACTION")),
    (_("Remedies"), ("REMEDY_ORDER", "PRICE_REDUCTION", "SELF_REPAIR")),
    (_("Liability"), ("DAMAGES", "EXCLUSION", "LIABILITY_CAP", "ATTRIBUTION")),
    (_("Money"), ("RETENTION", "EARNEST_MONEY", "SET_OFF", "LATE_INTEREST", "FX")),
)  # fmt: skip
_DELAY_MORE = ("inclusive", "grace_days", "grace_kind", "force_majeure", "fm_mode", "fm_notified", "cap_pct", "cap_of",
               "buyer_share_pct")  # fmt: skip
LAYOUT: dict[str, tuple[str, str]] = {  # what is asked first, and what is folded away
    "LD_DELAY_DAY": ("due actual base currency rate_pct_per_day cap", " ".join(_DELAY_MORE)),
    "LD_DELAY_WEEK": ("due actual base currency rate_pct_per_week part_week cap", " ".join(_DELAY_MORE)),
    "LD_PER_UNIT": ("units_confirmed units_claimed amount_per_unit currency affected_price cap_pct",
                    "unit_price unit_price_pct cap"),
    "LD_PERFORMANCE": ("guaranteed unit measured measured_unit tolerance tolerance_kind step amount_per_step part_step "
                       "currency reject_below cap", "direction reject_above cap_pct cap_of"),
    "LD_FIXED_PCT": ("base currency pct count_rule events cap", "cap_pct cap_of"),
    "LD_ADJUSTMENT": ("liquidated proven_loss currency", ""),
    "QUALITY_STANDARD": ("value U unit lower_limit upper_limit rule", "value_unit limits_excluded"),
    "ACCEPTANCE": ("lot level aql sample found unit_price", "severity currency"),
    "CONCESSION": ("concession_characteristic concession_accepted_value claims", ""),
    "INSPECTION_NOTICE": ("delivered notice_date period period_unit roll defect",
                          "found scope period_too_short seller_knew delivery_note_lists contrary_evidence calendar"),
    "GUARANTEE_PERIOD": ("accepted months replaced restart_months max_months claim_date roll", "calendar"),
    "LIMITATION_OF_ACTION": ("knowledge years demand admission", ""),
    "PRICE_REDUCTION": ("method price currency value_conforming value_delivered",
                        "deviation scale governing_law cure_offered cure_refused"),
    "REMEDY_ORDER": ("requested order max_repairs failed_repairs", "chooser governing_law fundamental_breach "
                     "repair_reasonable"),
    "SELF_REPAIR": ("cost currency seller_asked cure_days seller_acted repair_date in_time reasonable", "urgent"),
    "DAMAGES": ("loss currency avoidable buyer_share_pct", "ld_same_loss ld_exclusive cap"),
    "EXCLUSION": ("items excluded currency", "gross_negligence intent seller_silent form_clause pointed_out"),
    "LIABILITY_CAP": ("heads currency aggregate_cap contract_price aggregate_cap_pct",
                      "carve_outs already_paid gross_negligence intent"),
    "ATTRIBUTION": ("loss currency seller_share_pct cause", ""),
    "RETENTION": ("contract_price currency retention_pct third_party_repair seller_failed_to_repair",
                  "open_issue_impairs_use"),
    "EARNEST_MONEY": ("contract_price currency earnest_paid liquidated seller_fundamental_breach", ""),
    "SET_OFF": ("unpaid_price compensation currency", ""),
    "LATE_INTEREST": ("principal currency reference_rate_pct uplift_pct days day_basis", "daily_rate_pct"),
    "FX": ("amount currency rate to rate_date", ""),
}  # fmt: skip
EXAMPLES: dict[str, dict[str, Any]] = {
    "LD_DELAY_DAY": {"due": "2026-03-10", "actual": "2026-03-22", "base": "1280000.00", "rate_pct_per_day": "0.05",
                     "cap": "160000.00"},
    "LD_DELAY_WEEK": {"due": "2026-03-10", "actual": "2026-03-20", "base": "640000.00", "rate_pct_per_week": "0.5"},
    "LD_PER_UNIT": {"units_confirmed": 37, "units_claimed": 41, "amount_per_unit": "350.00",
                    "affected_price": "98000.00", "cap_pct": "10"},
    "LD_PERFORMANCE": {"guaranteed": "96.0", "unit": "%", "measured": "94.2", "tolerance": "0.5", "step": "0.1",
                       "amount_per_step": "20000.00", "reject_below": "93.0", "cap": "400000.00"},
    "LD_FIXED_PCT": {"base": "98000.00", "pct": "3", "events": 2},
    "LD_ADJUSTMENT": {"liquidated": "300000.00", "proven_loss": "180000.00"},
    "QUALITY_STANDARD": {"value": "95.49", "U": "0.08", "unit": "%", "lower_limit": "95.5"},
    "ACCEPTANCE": {"lot": 1200, "level": "II", "aql": "1.0", "sample": 80, "found": 3, "unit_price": "85.50"},
    "CONCESSION": {"concession_accepted_value": "58 HRC"},
    "INSPECTION_NOTICE": {"delivered": "2026-09-17", "notice_date": "2026-10-08", "period": 15, "period_unit": "DAY"},
    "GUARANTEE_PERIOD": {"accepted": "2024-02-29", "months": 24, "replaced": "2026-01-10", "restart_months": 12,
                         "max_months": 36, "claim_date": "2026-11-20"},
    "LIMITATION_OF_ACTION": {"knowledge": "2023-04-10", "demand": "2025-01-20", "years": 3},
    "PRICE_REDUCTION": {"price": "1000000.00", "value_conforming": "900000.00", "value_delivered": "675000.00"},
    "REMEDY_ORDER": {"requested": "REPLACEMENT", "order": ("REPAIR", "REPLACEMENT", "PRICE_REDUCTION", "TERMINATION"),
                     "max_repairs": 2, "failed_repairs": 1},
    "SELF_REPAIR": {"cost": "18750.00", "seller_asked": "2026-04-02", "cure_days": 10, "repair_date": "2026-04-20"},
    "DAMAGES": {"loss": "120000.00", "avoidable": "12000.00", "buyer_share_pct": "30"},
    "EXCLUSION": {"items": (("DIRECT_LOSS", "35600.00"), ("LOST_PROFIT", "90000.00")), "excluded": ("LOST_PROFIT",)},
    "LIABILITY_CAP": {"heads": (("LD_DELAY", "320000.00"), ("DAMAGES", "150000.00"), ("PERSONAL_INJURY", "40000.00")),
                      "contract_price": "3200000.00", "aggregate_cap_pct": "12", "carve_outs": ("PERSONAL_INJURY",)},
    "ATTRIBUTION": {"loss": "84000.00", "seller_share_pct": "60"},
    "RETENTION": {"contract_price": "2000000.00", "retention_pct": "5", "third_party_repair": "36480.55"},
    "EARNEST_MONEY": {"contract_price": "1000000.00", "earnest_paid": "300000.00", "liquidated": "350000.00"},
    "SET_OFF": {"unpaid_price": "400000.00", "compensation": "75600.00"},
    "LATE_INTEREST": {"principal": "75600.00", "reference_rate_pct": "3.00", "uplift_pct": "50", "days": 45,
                      "day_basis": 365},
    "FX": {"amount": "12345.67", "currency": "EUR", "rate": "7.8123", "to": "CNY", "rate_date": "2026-03-31"},
}  # fmt: skip
LINES = {
    Spans: _("One a line, first and last day: 2026-03-06 2026-03-20"),
    Named: _("One a line, its kind and its sum: lost profit 90000.00"),
    Names: _("One a line."),
    Claims: _("One a line."),
    kinds.Many: _("One a line, the first remedy first."),
    Rows: _("One a line, from, to and reduction in %: 0 5 2"),
}
YES_NO = (("yes", pgettext_lazy("answer", "Yes")), ("no", pgettext_lazy("answer", "No")))
EMPTY = ("", "—")


class EntitlementForm(ToolForm):
    """The facts of one kind of clause; what they must be is checked by the rule, not here."""

    calculator = kind = "entitlement"
    names_errors = False

    def __init__(self, data: Any = None, *, clause: str, **options: Any) -> None:
        self.clause = clause
        self.main, self.more = (tuple(names.split()) for names in LAYOUT[clause])
        options.setdefault("initial", example(clause) if data is None else None)
        super().__init__(data, **options)
        shape = rules.RULES[clause].shape
        asks = shape.asks()
        for name in (*self.main, *self.more):
            self.fields[name] = field_of(name, asks)
            self.fields[name].wanted = name in asks and asks[name].default is MISSING  # the rule asks, not the form

    def main_fields(self) -> list[Any]:
        return [self[name] for name in self.main]

    def more_fields(self) -> list[Any]:
        return [self[name] for name in self.more]

    @property
    def more_open(self) -> bool:
        """Whether something folded away was said, or is wrong."""
        return self.is_bound and any(self.errors.get(name) or self[name].data not in self._silent(name)
                                     for name in self.more)  # fmt: skip

    def _silent(self, name: str) -> tuple[Any, ...]:
        """Return what a field holds while nobody has touched it."""
        field: Any = self.fields[name]
        first = next((value for value, _unused in getattr(field, "choices", ())), "")
        return None, "", False, field.initial, first

    def question(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        facts = {
            name: read_value(rules.RULES[self.clause].shape.asks().get(name), value) for name, value in said.items()
        }
        if unit := facts.pop("period_unit", None):
            facts |= {"period": f"{facts['period']} {unit}"} if facts.get("period") else {}
        if self.clause == "CONCESSION":
            facts = {
                "concession": {
                    "characteristic": facts.pop("concession_characteristic", ""),
                    "accepted_value": facts.pop("concession_accepted_value", ""),
                },
                **facts,
            }
        return {"clause": self.clause, "facts": facts}

    def place(self, path: str) -> str | None:
        """Return the field that a problem of the rule belongs to, or None for none of the form."""
        name = path.replace("concession.", "concession_").split(".")[0]
        return name if name in self.fields else None


def entitlement_form(data: Any = None, **_unused: Any) -> EntitlementForm:
    """Return the form for the clause that the address names; without more than that, with an example filled in."""
    clause = data.get("clause", FIRST) if data is not None else FIRST
    clause = clause if clause in LAYOUT else FIRST
    return EntitlementForm(data if data and set(data) - {"clause"} else None, clause=clause)


def clauses() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Return the kinds of clause in groups, each with its name."""
    return [(group, [(code, words.KINDS[code]) for code in codes]) for group, codes in GROUPS]


def example(clause: str) -> dict[str, Any]:
    """Return a worked example as the form shows it, codes in the reader's words."""
    shown: dict[str, Any] = {"currency": "CNY", **EXAMPLES[clause]}
    for name, value in shown.items():
        if isinstance(value, tuple):
            rows = [item if isinstance(item, tuple) else (item,) for item in value]
            shown[name] = "\n".join(" ".join(words.choice(part) for part in row) for row in rows)
    return {**shown, **_first_choices(clause)}


def _first_choices(clause: str) -> dict[str, Any]:
    """Return the choices of the example; none of them is a default, they stand in the open to be changed."""
    chosen: dict[str, dict[str, Any]] = {
        "LD_DELAY_WEEK": {"part_week": "COUNT_FULL"},
        "LD_PERFORMANCE": {"tolerance_kind": "DEADBAND", "part_step": "COUNT_FULL"},
        "LD_FIXED_PCT": {"count_rule": "PER_LOT"},
        "QUALITY_STANDARD": {"rule": "GUARD_BAND_BOTH"},
        "CONCESSION": {"concession_characteristic": _("hardness"), "claims": _("hardness\nporosity")},
        "INSPECTION_NOTICE": {"roll": "yes", "defect": "APPARENT"},
        "GUARANTEE_PERIOD": {"roll": "no"},
        "PRICE_REDUCTION": {"method": "PROPORTIONAL"},
        "SELF_REPAIR": {"seller_acted": "no", "in_time": "yes", "reasonable": "yes"},
        "RETENTION": {"seller_failed_to_repair": "yes"},
        "EARNEST_MONEY": {"seller_fundamental_breach": "yes"},
        "ATTRIBUTION": {"cause": _("installation by the buyer")},
    }
    return chosen.get(clause, {})


def field_of(name: str, asks: dict[str, Any]) -> forms.Field:
    """Return the form field for a fact, by its kind."""
    if name == "calendar":
        codes = [(code, code) for code in known_calendars()]
        return forms.ChoiceField(label=words.fact(name), choices=codes, required=False, initial="CN-STD")
    if name == "period_unit":
        return _choice(_("Unit of the period"), [(unit.value, words.choice(unit)) for unit in Unit])
    if name.startswith("concession_"):
        return forms.CharField(label=words.fact(name.removeprefix("concession_")), required=False, max_length=300)
    item = asks[name]
    kind, label = item.metadata["kind"], words.fact(name)
    for type_, hint in LINES.items():
        if isinstance(kind, type_):
            area = forms.Textarea(attrs={"rows": 3})
            return forms.CharField(label=label, required=False, widget=area, help_text=hint, max_length=4000)
    match kind:
        case kinds.Choice():
            return _choice(label, [(one.value, words.choice(one)) for one in kind.options], item.default)
        case kinds.YesNo():
            if item.default is False:
                return forms.BooleanField(label=label, required=False)
            return _choice(label, YES_NO, item.default)
        case Currency():
            return _choice(label, [(code, code) for code in COMMON], item.default)
        case kinds.Day():
            return forms.CharField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))
    numeric = isinstance(kind, kinds.Number | kinds.Whole | Period)
    box = forms.TextInput(attrs={"inputmode": "decimal"} if numeric else {})
    return forms.CharField(label=label, required=False, widget=box, max_length=300)


def _choice(label: Any, options: Any, default: Any = None) -> forms.ChoiceField:
    """Return a select; what has no default begins empty, and must be chosen."""
    if default is True:
        return forms.ChoiceField(label=label, required=False, choices=[*options])
    known = [value for value, _unused in options]
    if default in known:
        return forms.ChoiceField(label=label, required=False, choices=[*options], initial=default)
    return forms.ChoiceField(label=label, required=False, choices=[EMPTY, *options])


def read_value(item: Any, value: Any) -> Any:
    """Return the text of a field as the rule takes it: lists from lines, names of kinds as their codes."""
    if item is None or not isinstance(value, str):
        return value
    rows = [line.split() for line in value.splitlines() if line.strip()]
    match item.metadata["kind"]:
        case Spans():
            return rows
        case Spells():
            return [[row[0], " ".join(row[1:])] for row in rows]
        case Named():
            return [[_code(" ".join(row[:-1])), row[-1]] for row in rows]
        case Names() | Claims() | kinds.Many():
            return [_code(" ".join(row)) for row in rows]
        case Rows():
            names = ("from_value", "to_value", "reduction_pct")
            return [dict(zip(names, row, strict=False)) for row in rows]
    return value


def _code(text: str) -> str:
    """Return the code of a kind that is written in the reader's words, or by its code; other text as it is."""
    folded = text.strip().casefold()
    for table in (TERM_CHOICES, words.KINDS, words.CHOICES):
        for code, said in table.items():
            if folded in (str(said).casefold(), code.casefold()):
                return code
    return text.strip()
