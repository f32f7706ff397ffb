"""A contract as its clauses are structured, and a case under it, for the chain of gates: no database."""

import json
from datetime import date
from pathlib import Path

from contracts.clauses import read_terms
from contracts.clauses.case import CaseFacts, InForce
from worktime.calendars import Calendar

SIGNED = date(2026, 1, 15)
PAPER = {
    "GOVERNING_LAW": ("1.1", {"law_of": "PRC", "cisg": "CISG_EXCLUDED"}),
    "QUALITY_STANDARD": ("3.1", {
        "rule": "GUARD_BAND_BOTH",
        "metrics": [{"characteristic": "Efficiency", "unit": "%", "lower": "96.0"}],
    }),
    "INSPECTION_NOTICE": ("5.2", {
        "scope": "ALL_DEFECTS", "n": 15, "unit": "DAY", "start": "DELIVERY", "roll": True, "form": "WRITTEN",
    }),
    "GUARANTEE_PERIOD": ("6.1", {
        "periods": [{"n": 24, "unit": "MONTH", "start": "DELIVERY"}], "roll": True, "replaced": "RESTARTS",
        "restart_months": 12, "max_months": 36,
    }),
    "REMEDY_ORDER": ("7.1", {
        "order": ["REPAIR", "REPLACEMENT", "PRICE_REDUCTION", "TERMINATION"], "chooser": "IN_ORDER", "max_repairs": 2,
        "transport_by": "SELLER", "dismantling_by": "SELLER", "travel_by": "SELLER", "self_repair": False,
    }),
    "LD_DELAY": ("8.1", {
        "late": "LATE_DELIVERY", "per": "PER_DAY", "rate_pct": "0.05", "base_kind": "DELAYED_PART",
        "vat": "VAT_EXCLUDED", "counting": "DUE_DAY_EXCLUDED", "grace_kind": "NO_GRACE", "fm_mode": "EXCUSE_DAYS",
        "exclusive": False, "cap_pct": "5", "cap_base": "CONTRACT_PRICE", "cap_vat": "VAT_EXCLUDED",
    }),
    "LD_PER_UNIT": ("8.2", {
        "amount_per_unit": {"amount": "350.00", "currency": "CNY"}, "exclusive": False, "cap_pct": "10",
        "cap_base": "AFFECTED_GOODS", "cap_vat": "VAT_EXCLUDED",
    }),
    "LD_PERFORMANCE": ("8.3", {
        "characteristic": "Efficiency", "unit": "%", "guaranteed": "96.0", "direction": "HIGHER_IS_BETTER",
        "tolerance": "0.5", "tolerance_use": "FROM_TOLERANCE_EDGE", "step": "0.1", "part_step": "COUNT_FULL",
        "amount_per_step": {"amount": "20000.00", "currency": "CNY"}, "reject_limit": "93.0", "exclusive": False,
        "cap_amount": {"amount": "400000.00", "currency": "CNY"},
    }),
    "DAMAGES": ("9.1", {"heads": ["DIRECT_LOSS", "LOST_PROFIT", "PERSONAL_INJURY"], "proof_required": True}),
    "EXCLUSION": ("9.2", {"heads": ["LOST_PROFIT"], "form_clause": False}),
    "LIABILITY_CAP": ("9.3", {
        "pct": "12", "base_kind": "CONTRACT_PRICE", "vat": "VAT_EXCLUDED", "scope": "ALL_CLAIMS_TOGETHER",
    }),
    "LIMITATION_OF_ACTION": ("12.1", {"law": "GENERAL_CIVIL_CODE", "years": 3, "start": "KNOWLEDGE_OF_CLAIM"}),
}  # fmt: skip
CASE = {
    "delivered_on": "2026-03-22", "accepted_on": "2026-03-25", "found_on": "2026-03-30", "notified_on": "2026-04-03",
    "due_on": "2026-03-10", "defect": "APPARENT", "seller_share_pct": "100", "seller_knew": False,
    "units_confirmed": 37, "units_claimed": 41,
    "measurements": [{"characteristic": "Efficiency", "value": "94.2", "unit": "%", "U": "0.1"}],
    "contract_price": "3200000.00", "delayed_price": "1280000.00", "affected_price": "98000.00",
    "prices_include_vat": False, "losses": {"DIRECT_LOSS": "350000.00", "LOST_PROFIT": "90000.00"},
    "same_loss": True, "gross_negligence": False, "intent": False, "seller_silent": False,
    "requested": ["REPAIR"], "known_on": "2026-03-30", "assessed_on": "2026-05-01",
}  # fmt: skip


def clause(kind, *, version=1, since=SIGNED, until=None, **changes):
    """Return the clause of the paper as it stands in a version, with changed terms."""
    number, terms = PAPER[kind]
    return InForce(
        number, kind, read_terms(kind, terms | changes), heading=kind.title().replace("_", " "),
        contract="HT-2026-018", version=version, effective_from=since, effective_to=until,
    )  # fmt: skip


def paper(*without, **options):
    """Return every clause of the paper except some, in force from the day of signing."""
    return tuple(clause(kind, **options) for kind in PAPER if kind not in without)


def facts(**changes):
    """Return the facts of the case with changes; None takes a fact away."""
    said = {name: value for name, value in (CASE | changes).items() if value is not None}
    return CaseFacts.from_data(said)


def home():
    """Return the Chinese working days that come with the program."""
    path = Path(__file__).resolve().parents[2] / "worktime" / "data" / "cn_std.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    return Calendar.from_data({**data, "tz": data["zone"], "makeup": data["exceptions"]}, data["code"])
