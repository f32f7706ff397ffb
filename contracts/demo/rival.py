"""The one small contract of Rival Motors, in English."""

from typing import Any

PUMPS: dict[str, Any] = {
    "number": "SC-077-RV",
    "title": "Twelve hydraulic pumps P-60",
    "title_zh": "十二台 P-60 液压泵供货合同",
    "customer": "RIVAL",
    "project": None,
    "language": "en",
    "currency": "EUR",
    "price": "31200.00",
    "price_includes_vat": False,
    "vat_pct": None,
    "signed_days_ago": 130,
    "clauses": [
        (
            2,
            "4",
            "INSPECTION_NOTICE",
            "Notice of defects",
            "异议通知",
            """
Defects of any kind shall be notified in writing within 30 days of their discovery.
""",
            {
                "scope": "ALL_DEFECTS",
                "n": 30,
                "unit": "DAY",
                "start": "DISCOVERY",
                "roll": True,
                "form": "WRITTEN_OR_EMAIL",
            },
        ),
        (
            2,
            "5",
            "GUARANTEE_PERIOD",
            "Guarantee",
            "质保",
            """
Twelve months from first use or 4,000 operating hours, whichever comes first.
""",
            {
                "periods": [{"n": 12, "unit": "MONTH", "start": "FIRST_USE"}],
                "roll": True,
                "usage_limit": "4000",
                "usage_unit": "OPERATING_HOURS",
                "replaced": "NO_NEW_PERIOD",
            },
        ),
    ],
}
