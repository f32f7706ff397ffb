"""The contracts of Acme, in English: gearboxes for Nordfeld (with an amendment), and coated steel."""

from typing import Any

GEARBOXES: dict[str, Any] = {
    "number": "SC-041-NF",
    "title": "Supply of eight WT-G3 gearboxes, Nordfeld Wind Farm",
    "title_zh": "诺德菲尔德风电场八台 WT-G3 齿轮箱供货合同",
    "customer": "ACME",
    "project": "NORDFELD",
    "language": "en",
    "currency": "EUR",
    "price": "4860000.00",
    "price_includes_vat": False,
    "vat_pct": None,
    "signed_days_ago": 420,
    "clauses": [
        (
            4,
            "4.1",
            "QUALITY_STANDARD",
            "Quality of the Goods",
            "货物质量",
            """
The Goods shall conform to IEC 61400-4:2012 and to the data sheet in Annex 2. In particular, at rated load: (a) the efficiency shall be not less than 96.0 %; (b) the vibration velocity (RMS) measured in accordance with ISO 20816-21 shall not exceed 4.5 mm/s; (c) the hardness of the tooth flanks shall lie between 58 and 62 HRC. Compliance is proven only if the measured value, together with its expanded uncertainty (k = 2), lies within the limit.
""",
            {
                "rule": "GUARD_BAND_BOTH",
                "standard": "IEC 61400-4",
                "edition": "2012",
                "conditions": "Rated load",
                "metrics": [
                    {"characteristic": "Efficiency", "unit": "%", "lower": "96.0", "method": "IEC 61400-4"},
                    {
                        "characteristic": "Vibration velocity, RMS",
                        "unit": "mm/s",
                        "upper": "4.5",
                        "method": "ISO 20816-21",
                    },
                    {
                        "characteristic": "Flank hardness",
                        "unit": "HRC",
                        "lower": "58",
                        "upper": "62",
                        "method": "ISO 6508-1",
                    },
                ],
            },
        ),
        (
            6,
            "5.2",
            "ACCEPTANCE",
            "Acceptance",
            "验收",
            """
Acceptance comprises (i) a joint check on arrival within 7 days of the arrival of the Goods on Site, and (ii) a performance test by both Parties within 30 days of commissioning. If the performance test fails, it may be repeated twice. If the Buyer neither issues the acceptance protocol (Annex 5) nor states reasons in writing within 30 days of a passed test, the Goods are deemed accepted.
""",
            {
                "stages": [
                    {
                        "stage": "ARRIVAL_CHECK",
                        "party": "JOINTLY",
                        "criteria": "Count, packing, visible damage",
                        "days": 7,
                        "unit": "DAY",
                        "start": "ARRIVAL",
                    },
                    {
                        "stage": "PERFORMANCE_TEST",
                        "party": "JOINTLY",
                        "criteria": "Values of Clause 4.1",
                        "days": 30,
                        "unit": "DAY",
                        "start": "COMMISSIONING",
                    },
                ],
                "deemed": True,
                "deemed_after_days": 30,
                "repeat_tests": 2,
                "protocol": "Annex 5",
            },
        ),
        (
            7,
            "6.1",
            "INSPECTION_NOTICE",
            "Inspection and notice",
            "检验与异议",
            """
The Buyer shall inspect the Goods within fifteen (15) days of their arrival on Site and shall give notice in writing of any apparent lack of conformity within the same period. Should the last day fall on a public holiday or rest day at the Seller's seat, the period ends on the next working day. The period does not apply to defects that could not be discovered by a reasonable inspection.
""",
            {
                "scope": "APPARENT_DEFECTS",
                "n": 15,
                "unit": "DAY",
                "start": "ARRIVAL",
                "roll": True,
                "form": "WRITTEN_OR_EMAIL",
                "address": "quality@demo.test",
            },
        ),
        (
            8,
            "7.1",
            "GUARANTEE_PERIOD",
            "Guarantee period",
            "质量保证期",
            """
The guarantee period is twenty-four (24) months from commissioning or thirty (30) months from delivery, whichever ends first. For repaired or replaced parts a new period of twelve (12) months begins on the day of replacement, but no guarantee extends beyond thirty-six (36) months from commissioning.
""",
            {
                "periods": [
                    {"n": 24, "unit": "MONTH", "start": "COMMISSIONING"},
                    {"n": 30, "unit": "MONTH", "start": "DELIVERY"},
                ],
                "which": "EARLIEST_END",
                "roll": True,
                "replaced": "RESTARTS",
                "restart_months": 12,
                "max_months": 36,
            },
        ),
        (
            9,
            "7.2",
            "REMEDY_ORDER",
            "Remedies",
            "救济",
            """
If the Goods do not conform, the Seller shall first repair them at its own cost, including transport, dismantling, reinstallation and travel. If two attempts, each of at most 21 days, have failed, the Buyer may require replacement, thereafter a reduction of the price, and finally terminate. If the Seller does not begin the repair within ten (10) days of the notice, the Buyer may have the defect repaired at the Seller's reasonable cost.
""",
            {
                "order": ["REPAIR", "REPLACEMENT", "PRICE_REDUCTION", "TERMINATION"],
                "chooser": "IN_ORDER",
                "max_repairs": 2,
                "days_per_attempt": 21,
                "transport_by": "SELLER",
                "dismantling_by": "SELLER",
                "travel_by": "SELLER",
                "self_repair": True,
                "cure_days": 10,
            },
        ),
        (
            11,
            "8.1",
            "LD_DELAY",
            "Delay in delivery",
            "逾期交货违约金",
            """
For each commenced week of delay in delivery the Seller shall pay 0.5 % of the net price of the delayed part of the Goods, up to 5 % of the net contract price. The due day is not counted; there are no grace days. Days of force majeure are not counted as delay. The Buyer's right to prove a higher loss is reserved.
""",
            {
                "late": "LATE_DELIVERY",
                "per": "PER_WEEK",
                "rate_pct": "0.5",
                "base_kind": "DELAYED_PART",
                "vat": "VAT_EXCLUDED",
                "counting": "DUE_DAY_EXCLUDED",
                "grace_kind": "NO_GRACE",
                "part_week": "COUNT_FULL",
                "fm_mode": "EXCUSE_DAYS",
                "exclusive": False,
                "cap_pct": "5",
                "cap_base": "CONTRACT_PRICE",
                "cap_vat": "VAT_EXCLUDED",
            },
        ),
        (
            11,
            "8.2",
            "LD_PERFORMANCE",
            "Shortfall of efficiency",
            "效率不达标违约金",
            """
If the efficiency measured in the performance test is below the guaranteed 96.0 % by more than 0.5 percentage points, the Seller shall pay EUR 2,600 per gearbox for each commenced 0.1 percentage point below 95.5 %, up to 4 % of the net contract price. If the efficiency is below 93.0 %, the Buyer may reject the gearbox.
""",
            {
                "characteristic": "Efficiency",
                "unit": "%",
                "guaranteed": "96.0",
                "direction": "HIGHER_IS_BETTER",
                "tolerance": "0.5",
                "tolerance_use": "FROM_TOLERANCE_EDGE",
                "step": "0.1",
                "amount_per_step": {"amount": "2600.00", "currency": "EUR"},
                "part_step": "COUNT_FULL",
                "reject_limit": "93.0",
                "exclusive": False,
                "cap_pct": "4",
                "cap_base": "CONTRACT_PRICE",
                "cap_vat": "VAT_EXCLUDED",
            },
        ),
        (
            12,
            "8.4",
            "DAMAGES",
            "Damages",
            "损害赔偿",
            """
Where the Goods do not conform, the Seller shall in addition compensate the Buyer's proven direct loss and the cost of repair, transport and dismantling, so far as such loss was foreseeable when this Contract was concluded.
""",
            {
                "heads": ["DIRECT_LOSS", "REPAIR_COST", "TRANSPORT_COST", "DISMANTLING_COST"],
                "proof_required": True,
                "foreseeability": "Foreseeable at conclusion of the contract",
            },
        ),
        (
            12,
            "8.5",
            "EXCLUSION",
            "Exclusion of certain losses",
            "损失排除",
            """
Neither Party is liable for loss of profit or for consequential loss. This clause was negotiated individually.
""",
            {"heads": ["LOST_PROFIT", "CONSEQUENTIAL_LOSS"], "form_clause": False},
        ),
        (
            12,
            "8.6",
            "LIABILITY_CAP",
            "Limit of liability",
            "责任上限",
            """
The Seller's total liability under this Contract is limited to 20 % of the net contract price. The limit does not apply to personal injury, intent or gross negligence.
""",
            {
                "pct": "20",
                "base_kind": "CONTRACT_PRICE",
                "vat": "VAT_EXCLUDED",
                "scope": "ALL_CLAIMS_TOGETHER",
                "carve_outs": ["PERSONAL_INJURY", "INTENT", "GROSS_NEGLIGENCE"],
            },
        ),
        (
            14,
            "9.1",
            "PAYMENT",
            "Payment",
            "付款",
            """
The price is payable as follows: 20 % within 14 days of signing; 50 % within 30 days of delivery against the delivery note; 20 % within 30 days of commissioning; 10 % within 30 days of final acceptance. Overdue sums bear interest at 8 % a year.
""",
            {
                "instalments": [
                    {"name": "Order", "pct": "20", "trigger": "SIGNING", "days": 14},
                    {
                        "name": "Delivery",
                        "pct": "50",
                        "trigger": "GOODS_ARRIVED",
                        "document": "Delivery note",
                        "days": 30,
                    },
                    {"name": "Commissioning", "pct": "20", "trigger": "COMMISSIONED", "days": 30},
                    {"name": "Final acceptance", "pct": "10", "trigger": "FINALLY_ACCEPTED", "days": 30},
                ],
                "late_interest_pct": "8",
                "late_interest_per": "A_YEAR",
            },
        ),
        (
            16,
            "11",
            "FORCE_MAJEURE",
            "Force majeure",
            "不可抗力",
            """
A Party is excused for as long as an event beyond its control (natural disaster, war, act of state, epidemic, embargo) prevents performance, provided it gives notice within 14 days and furnishes a certificate of a chamber of commerce. Days of such an event are not counted as delay. If it lasts more than 180 days, either Party may terminate.
""",
            {
                "events": ["NATURAL_DISASTER", "WAR", "ACT_OF_STATE", "EPIDEMIC", "EMBARGO"],
                "notice_days": 14,
                "proof": "Certificate of a chamber of commerce",
                "effect": "EXCUSE_DAYS",
                "terminate_after_days": 180,
            },
        ),
        (
            18,
            "13.1",
            "GOVERNING_LAW",
            "Governing law",
            "适用法律",
            """
This Contract is governed by the United Nations Convention on Contracts for the International Sale of Goods and, for matters not settled by it, by the laws of the People's Republic of China.
""",
            {"law_of": "PRC", "cisg": "CISG_APPLIES"},
        ),
        (
            18,
            "13.2",
            "DISPUTE",
            "Disputes",
            "争议解决",
            """
The Parties shall first negotiate for 30 days, then refer the matter to senior management for 15 days. Any dispute not so settled shall be finally resolved by arbitration administered by the Singapore International Arbitration Centre, seat Singapore, in English. Technical questions are referred to a jointly named testing institute.
""",
            {
                "steps": [{"kind": "NEGOTIATION", "days": 30}, {"kind": "SENIOR_MANAGEMENT", "days": 15}],
                "forum": "ARBITRATION",
                "institution": "Singapore International Arbitration Centre",
                "seat": "Singapore",
                "proceedings_language": "English",
                "expert_institute": "Jointly named testing institute",
            },
        ),
    ],
}

AMENDMENT: dict[str, Any] = {
    "note": "Amendment No. 1: the guarantee is extended in exchange for a yearly oil analysis by the Buyer.",
    "page": 2,
    "text": (
        "Clause 7.1 is replaced: The guarantee period is thirty (30) months from commissioning or thirty-six (36) months "
        "from delivery, whichever ends first. For repaired or replaced parts a new period of twelve (12) months begins on "
        "the day of replacement, but no guarantee extends beyond forty-two (42) months from commissioning."
    ),
    "terms": {
        "periods": [
            {"n": 30, "unit": "MONTH", "start": "COMMISSIONING"},
            {"n": 36, "unit": "MONTH", "start": "DELIVERY"},
        ],
        "which": "EARLIEST_END",
        "roll": True,
        "replaced": "RESTARTS",
        "restart_months": 12,
        "max_months": 42,
    },
}

STEEL: dict[str, Any] = {
    "number": "SC-052-CS",
    "title": "Zinc-coated steel strip for tower internals",
    "title_zh": "塔筒内件用镀锌钢带供货合同",
    "customer": "ACME",
    "project": "NORDFELD",
    "language": "en",
    "currency": "EUR",
    "price": "109850.00",
    "price_includes_vat": False,
    "vat_pct": None,
    "signed_days_ago": 200,
    "clauses": [
        (
            2,
            "2",
            "QUALITY_STANDARD",
            "Specification",
            "规格",
            """
Steel strip S350GD+Z275 in accordance with EN 10346 and EN 10143. Zinc coating, both sides together, at least 275 g/m²; thickness 1.50 mm ± 0.08 mm. A measured value within the limits is conforming.
""",
            {
                "rule": "SIMPLE",
                "standard": "EN 10346",
                "metrics": [
                    {
                        "characteristic": "Zinc coating, both sides",
                        "unit": "g/m²",
                        "lower": "275",
                        "method": "Three-spot test",
                    },
                    {
                        "characteristic": "Thickness",
                        "unit": "mm",
                        "nominal": "1.50",
                        "tolerance": "0.08",
                        "tolerance_kind": "ABSOLUTE",
                    },
                ],
            },
        ),
        (
            2,
            "3",
            "SAMPLE",
            "Reference sample",
            "封样",
            """
A sample of the surface finish, sealed under No. CS-17 by both Parties, is kept by the Buyer. If sample and text differ, the text prevails.
""",
            {
                "seal_no": "CS-17",
                "keeper": "BUYER",
                "description": "Surface finish, 300 × 300 mm",
                "precedence": "TEXT_PREVAILS",
            },
        ),
        (
            3,
            "4",
            "INSPECTION_NOTICE",
            "Notice of defects",
            "异议通知",
            """
The Buyer shall give notice in writing of apparent defects and of short quantity within 10 working days of delivery.
""",
            {
                "scope": "APPARENT_DEFECTS",
                "n": 10,
                "unit": "WORKDAY",
                "start": "DELIVERY",
                "roll": True,
                "form": "WRITTEN",
            },
        ),
        (
            3,
            "5",
            "GUARANTEE_PERIOD",
            "Guarantee",
            "质保",
            """
The Seller guarantees the coating for twelve (12) months from delivery. No new period begins for replaced material.
""",
            {"periods": [{"n": 12, "unit": "MONTH", "start": "DELIVERY"}], "roll": False, "replaced": "NO_NEW_PERIOD"},
        ),
        (
            3,
            "6",
            "PRICE_REDUCTION",
            "Reduction of the price",
            "减价",
            """
For coils that the Buyer keeps although the coating is too thin, the net price of those coils is reduced by 5 % if the coating lacks up to 15 g/m², and by 15 % if it lacks 15 g/m² or more.
""",
            {
                "method": "SCALE",
                "base_kind": "AFFECTED_GOODS",
                "vat": "VAT_EXCLUDED",
                "characteristic": "Zinc coating lacking",
                "scale_unit": "g/m²",
                "scale": [
                    {"from_value": "0", "to_value": "15", "reduction_pct": "5"},
                    {"from_value": "15", "reduction_pct": "15"},
                ],
            },
        ),
        (
            4,
            "7",
            "LD_FIXED_PCT",
            "Missing certificates",
            "单据缺失违约金",
            """
If a coil is delivered without its mill certificate (EN 10204, type 3.1), the Seller shall pay 2 % of the net price of that lot, once for each lot. This is the sole remedy for the missing document.
""",
            {
                "breaches": [{"breach": "MISSING_DOCUMENTS", "pct": "2"}],
                "base_kind": "AFFECTED_GOODS",
                "vat": "VAT_EXCLUDED",
                "count_rule": "PER_LOT",
                "exclusive": True,
            },
        ),
        (
            4,
            "8",
            "LIABILITY_CAP",
            "Limit of liability",
            "责任上限",
            """
The Seller's liability for each event is limited to EUR 50,000. The limit does not apply to personal injury or intent.
""",
            {
                "amount": {"amount": "50000.00", "currency": "EUR"},
                "scope": "EACH_EVENT",
                "carve_outs": ["PERSONAL_INJURY", "INTENT"],
            },
        ),
        (
            4,
            "9",
            "GOVERNING_LAW",
            "Law",
            "适用法律",
            """
The laws of the People's Republic of China apply; the United Nations Convention on Contracts for the International Sale of Goods is excluded.
""",
            {"law_of": "PRC", "cisg": "CISG_EXCLUDED"},
        ),
        (
            4,
            "10",
            "DISPUTE",
            "Jurisdiction",
            "管辖",
            """
Disputes are decided by the courts at the Seller's seat after 15 days of negotiation.
""",
            {"steps": [{"kind": "NEGOTIATION", "days": 15}], "forum": "COURT", "court": "Courts at the Seller's seat"},
        ),
    ],
}
