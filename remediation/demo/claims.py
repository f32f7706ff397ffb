"""What the contracts of the demo ask of its cases: facts with where they stand, by story and contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True)
class Claim:
    """Facts for the contract. days: name → days before today; source: where they can be seen; pays: head → words."""

    source: str
    facts: dict[str, Any]
    days: dict[str, int] = field(default_factory=dict)
    pays: dict[str, str] = field(default_factory=dict)

    def stated(self, today: date) -> dict[str, Any]:
        """Return the facts as they are stated."""
        return {**self.facts, **{name: (today - timedelta(days=ago)).isoformat() for name, ago in self.days.items()}}


NO_FAULT = {"seller_knew": False, "gross_negligence": False, "intent": False, "seller_silent": False}
CLAIMS: dict[tuple[str, str], Claim] = {
    ("vibration", "SC-041-NF"): Claim(
        "Commissioning record, vibration report VR-26-118, receipts of the crane firm",
        {
            **NO_FAULT, "defect": "LATENT", "fundamental_breach": False, "affected_price": "607500.00",
            "measurements": [
                {"characteristic": "Vibration velocity, RMS", "value": "5.6", "unit": "mm/s", "U": "0.3"}
            ],
            "losses": [["DISMANTLING_COST", "6250.00"]], "same_loss": False,
        },
        {"commissioned_on": 140, "accepted_on": 110},
        {"DAMAGES": "Dismantling cost by receipts"},
    ),
    ("vibration", "HT-ZB-118"): Claim(
        "最终验收证书、振动检测报告、拆装费用凭单",
        {
            **NO_FAULT, "defect": "LATENT", "affected_price": "1050000.00",
            "measurements": [{"characteristic": "振动速度有效值", "value": "5.6", "unit": "mm/s", "U": "0.3"}],
            "losses": [["DISMANTLING_COST", "6250.00"]], "same_loss": False,
        },
        {"accepted_on": 100},
        {"LD_PER_UNIT": "不合格品违约金（每台）", "DAMAGES": "凭单据承担拆装费用"},
    ),
    ("coating", "SC-052-CS"): Claim(
        "Three-spot test TP-26-31, delivery note LS-26-0114, price list of the contract",
        {
            "defect": "LATENT", "seller_knew": False, "affected_price": "15600.00", "deviation": "44",
            "measurements": [{"characteristic": "Zinc coating, both sides", "value": "231", "unit": "g/m²"}],
        },
        {},
        {"PRICE_REDUCTION": "Reduction of the price for twelve tonnes that are kept"},
    ),
    ("leak", "HT-ZB-118"): Claim(
        "最终验收证书、现场巡检记录", {**NO_FAULT, "defect": "LATENT", "affected_price": "360000.00"},
        {"accepted_on": 100}, {},
    ),
    ("leak", "SC-077-RV"): Claim(
        "Incoming inspection report of the customer", {"defect": "LATENT", "seller_knew": False}, {}, {},
    ),
}  # fmt: skip
