"""The contract of Huaneng Zhangbei, in Chinese under the law of the PRC."""

from typing import Any

GEARBOXES: dict[str, Any] = {
    "number": "HT-ZB-118",
    "title": "Forty WT-G3 gearboxes and forty P-60 pumps, Zhangbei Wind Farm",
    "title_zh": "张北200MW风电项目齿轮箱及液压泵采购合同",
    "customer": "HNZB",
    "project": "ZB-200",
    "language": "zh-hans",
    "currency": "CNY",
    "price": "48000000.00",
    "price_includes_vat": True,
    "vat_pct": "13",
    "signed_days_ago": 520,
    "clauses": [
        (
            3,
            "3.1",
            "QUALITY_STANDARD",
            "Quality standard",
            "质量标准",
            """
货物应符合 GB/T 19073《风力发电机组 齿轮箱设计要求》及技术协议（附件二）的约定，其中：额定负载下传动效率不低于96.0%；振动速度有效值不高于4.5 mm/s；齿面硬度为58～62 HRC。测量结果在上述限值以内（含本数）的，视为合格，不计测量不确定度。
""",
            {
                "rule": "SIMPLE",
                "standard": "GB/T 19073《风力发电机组 齿轮箱设计要求》",
                "conditions": "额定负载",
                "metrics": [
                    {"characteristic": "传动效率", "unit": "%", "lower": "96.0"},
                    {"characteristic": "振动速度有效值", "unit": "mm/s", "upper": "4.5"},
                    {"characteristic": "齿面硬度", "unit": "HRC", "lower": "58", "upper": "62"},
                ],
            },
        ),
        (
            5,
            "5.1",
            "ACCEPTANCE",
            "Acceptance",
            "验收",
            """
验收分为出厂验收、到货验收和最终验收。出厂验收由双方在交货前15日内共同进行；到货验收由双方在货到现场之日起7日内共同进行；最终验收由买方在调试投运之日起60日内组织进行，性能试验不合格的，允许重复试验两次。买方无正当理由逾期30日未出具最终验收证书的，视为验收合格。
""",
            {
                "stages": [
                    {
                        "stage": "PRE_SHIPMENT",
                        "party": "JOINTLY",
                        "criteria": "技术协议附件二",
                        "days": 15,
                        "unit": "DAY",
                        "start": "DELIVERY",
                    },
                    {
                        "stage": "ARRIVAL_CHECK",
                        "party": "JOINTLY",
                        "criteria": "数量、包装、外观",
                        "days": 7,
                        "unit": "DAY",
                        "start": "ARRIVAL",
                    },
                    {
                        "stage": "FINAL_ACCEPTANCE",
                        "party": "BUYER",
                        "criteria": "本合同第3.1条",
                        "days": 60,
                        "unit": "DAY",
                        "start": "COMMISSIONING",
                    },
                ],
                "deemed": True,
                "deemed_after_days": 30,
                "repeat_tests": 2,
                "protocol": "最终验收证书（附件六）",
            },
        ),
        (
            6,
            "5.4",
            "INSPECTION_NOTICE",
            "Inspection period",
            "检验期限与质量异议",
            """
买方应在货物到达现场之日起15日内对货物的数量和外观进行检验，发现不符合约定的，应在该期限内以书面形式通知卖方。期限的最后一日为法定休假日的，以休假日结束的次日为最后一日。隐蔽瑕疵的异议期适用本合同质量保证期的约定。
""",
            {
                "scope": "APPARENT_DEFECTS",
                "n": 15,
                "unit": "DAY",
                "start": "ARRIVAL",
                "roll": True,
                "form": "WRITTEN",
                "address": "卖方质量管理部",
            },
        ),
        (
            7,
            "6.1",
            "GUARANTEE_PERIOD",
            "Guarantee period",
            "质量保证期",
            """
质量保证期为自最终验收合格之日起24个月，或自最后一批货物交付之日起36个月，以先届满者为准。质量保证期内修理或更换的部件，自修复或更换之日起重新计算12个月质量保证期，但合计最长不超过48个月。
""",
            {
                "periods": [
                    {"n": 24, "unit": "MONTH", "start": "ACCEPTANCE"},
                    {"n": 36, "unit": "MONTH", "start": "DELIVERY"},
                ],
                "which": "EARLIEST_END",
                "roll": True,
                "replaced": "RESTARTS",
                "restart_months": 12,
                "max_months": 48,
            },
        ),
        (
            7,
            "6.3",
            "REMEDY_ORDER",
            "Remedies",
            "质量问题的处理",
            """
货物质量不符合约定的，卖方应在接到通知后10日内开始修理，并承担由此产生的运输、拆装及差旅费用。同一质量问题经两次修理仍不合格的，买方有权要求更换；仍不能满足使用要求的，买方有权要求减少价款、赔偿损失或者解除合同。卖方逾期不修理的，买方可自行或委托第三方修理，合理费用由卖方承担。
""",
            {
                "order": ["REPAIR", "REPLACEMENT", "PRICE_REDUCTION", "DAMAGES", "TERMINATION"],
                "chooser": "IN_ORDER",
                "max_repairs": 2,
                "transport_by": "SELLER",
                "dismantling_by": "SELLER",
                "travel_by": "SELLER",
                "self_repair": True,
                "cure_days": 10,
            },
        ),
        (
            9,
            "8.1",
            "LD_DELAY",
            "Late delivery",
            "逾期交货违约金",
            """
卖方逾期交货的，每逾期一日，应按逾期部分货物含税价款的0.05%向买方支付违约金，到期日当日不计；逾期7日以内（含第7日）的，买方不主张违约金，超过7日的，自逾期第一日起计算。违约金累计不超过合同含税总价的10%。因不可抗力延误的，交货期相应顺延。违约金不足以弥补损失的，买方有权要求赔偿不足部分。
""",
            {
                "late": "LATE_DELIVERY",
                "per": "PER_DAY",
                "rate_pct": "0.05",
                "base_kind": "DELAYED_PART",
                "vat": "VAT_INCLUDED",
                "counting": "DUE_DAY_EXCLUDED",
                "grace_kind": "THRESHOLD",
                "grace_days": 7,
                "fm_mode": "EXTEND_DUE",
                "exclusive": False,
                "cap_pct": "10",
                "cap_base": "CONTRACT_PRICE",
                "cap_vat": "VAT_INCLUDED",
            },
        ),
        (
            9,
            "8.2",
            "LD_PER_UNIT",
            "Defective units",
            "不合格品违约金",
            """
经双方确认不合格的货物，卖方除承担修理、更换责任外，每台（件）应向买方支付违约金人民币3500元，累计不超过该批货物不含税价款的10%。
""",
            {
                "amount_per_unit": {"amount": "3500.00", "currency": "CNY"},
                "exclusive": False,
                "cap_pct": "10",
                "cap_base": "AFFECTED_GOODS",
                "cap_vat": "VAT_EXCLUDED",
            },
        ),
        (
            9,
            "8.3",
            "LD_DELAY",
            "Late commissioning",
            "逾期调试投运违约金",
            """
因卖方原因（含货物质量问题）逾期完成调试投运的，每逾期一日，卖方应按合同含税总价的0.05%向买方支付违约金，到期日当日不计，累计不超过合同含税总价的10%。因不可抗力延误的，调试投运期限相应顺延。
""",
            {
                "late": "LATE_COMMISSIONING",
                "per": "PER_DAY",
                "rate_pct": "0.05",
                "base_kind": "CONTRACT_PRICE",
                "vat": "VAT_INCLUDED",
                "counting": "DUE_DAY_EXCLUDED",
                "grace_kind": "NO_GRACE",
                "fm_mode": "EXTEND_DUE",
                "exclusive": False,
                "cap_pct": "10",
                "cap_base": "CONTRACT_PRICE",
                "cap_vat": "VAT_INCLUDED",
            },
        ),
        (
            10,
            "8.4",
            "DAMAGES",
            "Damages",
            "损害赔偿",
            """
因货物质量不符合约定给买方造成损失的，卖方应赔偿买方由此遭受的直接损失、修理费用、运输费用、拆装费用以及停机发电量损失，但不得超过卖方订立合同时预见到或者应当预见到的损失。买方应当提供损失的证明。
""",
            {
                "heads": ["DIRECT_LOSS", "REPAIR_COST", "TRANSPORT_COST", "DISMANTLING_COST", "DOWNTIME"],
                "proof_required": True,
                "foreseeability": "民法典第584条",
            },
        ),
        (
            10,
            "8.6",
            "LIABILITY_CAP",
            "Limit of liability",
            "责任上限",
            """
卖方在本合同项下的赔偿责任（含违约金）累计不超过合同不含税总价的12%，但人身损害以及卖方故意或者重大过失造成的财产损失不在此限。
""",
            {
                "pct": "12",
                "base_kind": "CONTRACT_PRICE",
                "vat": "VAT_EXCLUDED",
                "scope": "ALL_CLAIMS_TOGETHER",
                "carve_outs": ["PERSONAL_INJURY", "INTENT", "GROSS_NEGLIGENCE"],
            },
        ),
        (
            12,
            "9.1",
            "PAYMENT",
            "Payment",
            "付款",
            """
合同价款分四期支付：合同生效后15日内支付10%；货物全部到达现场后30日内凭到货验收单支付20%；调试投运后30日内支付30%；最终验收合格后30日内支付40%。买方逾期付款的，每逾期一日按应付未付款项的0.05%支付违约金。
""",
            {
                "instalments": [
                    {"name": "预付款", "pct": "10", "trigger": "SIGNING", "days": 15},
                    {"name": "到货款", "pct": "20", "trigger": "GOODS_ARRIVED", "document": "到货验收单", "days": 30},
                    {"name": "投运款", "pct": "30", "trigger": "COMMISSIONED", "days": 30},
                    {
                        "name": "验收款",
                        "pct": "40",
                        "trigger": "FINALLY_ACCEPTED",
                        "document": "最终验收证书",
                        "days": 30,
                    },
                ],
                "late_interest_pct": "0.05",
                "late_interest_per": "A_DAY",
            },
        ),
        (
            12,
            "9.3",
            "RETENTION",
            "Retention money",
            "质量保证金",
            """
买方有权从验收款中预留合同含税总价的5%作为质量保证金，质量保证期满且无未决质量问题的，买方在30日内无息返还。卖方拒不修理的，买方可从质量保证金中扣除合理的修理费用。经买方同意，卖方可以银行保函替代。
""",
            {
                "pct": "5",
                "base_kind": "CONTRACT_PRICE",
                "vat": "VAT_INCLUDED",
                "held_until": "GUARANTEE_ENDED",
                "release_days": 30,
                "conditions": ["NO_OPEN_DEFECT"],
                "may_deduct": True,
                "guarantee_instead": True,
            },
        ),
        (
            14,
            "11.1",
            "PREVENTION",
            "Prevention of defects",
            "质量防范",
            """
卖方应在首批交货前通过首件检验，并于关键部件供应商、材料或工艺变更前90日书面通知买方并取得同意。买方有权每年对卖方进行一次质量审核，并可派员见证关键工序。卖方应保证投运后十年的备件供应。
""",
            {
                "duties": [
                    {"duty": "FIRST_ARTICLE", "details": "首批交货前"},
                    {"duty": "CHANGE_NOTICE", "days": 90, "details": "须买方同意"},
                    {"duty": "AUDIT", "details": "每年一次"},
                    {"duty": "SPARE_PARTS", "days": 3650},
                ],
                "buyer_may_witness": True,
            },
        ),
        (
            15,
            "12.1",
            "FORCE_MAJEURE",
            "Force majeure",
            "不可抗力",
            """
任何一方因自然灾害、战争、政府行为或者疫情等不可抗力不能履行合同的，应在事件发生后7日内书面通知对方，并在合理期限内提供当地公证机构或者贸促会出具的证明，履行期限相应顺延。不可抗力持续超过120日的，任何一方可以解除合同。
""",
            {
                "events": ["NATURAL_DISASTER", "WAR", "ACT_OF_STATE", "EPIDEMIC"],
                "notice_days": 7,
                "proof": "公证机构或贸促会证明",
                "effect": "EXTEND_DUE",
                "terminate_after_days": 120,
            },
        ),
        (
            16,
            "13.2",
            "TERMINATION",
            "Termination",
            "合同解除",
            """
有下列情形之一的，买方可以书面通知卖方解除合同：（一）逾期交货超过60日；（二）货物性能低于拒收限；（三）经催告后15日内仍未补救；（四）违约金达到上限。
""",
            {
                "grounds": ["LONG_DELAY", "REJECT_LIMIT", "CURE_FAILED", "LD_CAP_REACHED"],
                "notice_form": "WRITTEN",
                "cure_days": 15,
                "delay_days": 60,
            },
        ),
        (
            17,
            "14.1",
            "GOVERNING_LAW",
            "Governing law",
            "适用法律",
            """
本合同的订立、效力、解释、履行及争议解决均适用中华人民共和国法律。
""",
            {"law_of": "PRC", "cisg": "CISG_NOT_MENTIONED"},
        ),
        (
            17,
            "14.2",
            "DISPUTE",
            "Dispute resolution",
            "争议解决",
            """
因本合同引起的或者与本合同有关的任何争议，双方应先行协商，协商30日不成的，任何一方均可提交中国国际经济贸易仲裁委员会，按照申请仲裁时该会现行有效的仲裁规则在北京进行仲裁，仲裁语言为中文。对质量问题有争议的，委托国家齿轮产品质量检验检测中心鉴定。
""",
            {
                "steps": [{"kind": "NEGOTIATION", "days": 30}],
                "forum": "ARBITRATION",
                "institution": "中国国际经济贸易仲裁委员会",
                "seat": "北京",
                "proceedings_language": "中文",
                "expert_institute": "国家齿轮产品质量检验检测中心",
            },
        ),
    ],
}
