"""Firms, projects, products, deliveries and lots of the demo. Days are counted from today: before or, in plans, after."""

from typing import Any

FIRMS = [
    ("ACME", "CUSTOMER", "Acme Wind Energy GmbH", "阿克米风能有限公司", "en", "Europe/Berlin"),
    ("HNZB", "CUSTOMER", "Huaneng Zhangbei Wind Power Co., Ltd.", "华能张北风电有限公司", "zh-hans", "Asia/Shanghai"),
    ("RIVAL", "CUSTOMER", "Rival Motors Ltd.", "瑞沃动力有限公司", "en", "Europe/London"),
    ("NDB", "LENDER", "Northern Development Bank", "北方开发银行", "zh-hans", "Asia/Shanghai"),
    ("BHB", "SUPPLIER", "Bohai Bearing Co., Ltd.", "渤海轴承有限公司", "zh-hans", "Asia/Shanghai"),
    ("NGC", "SUPPLIER", "Nordguss Castings AB", "诺德铸造公司", "en", "Europe/Stockholm"),
]

# name, Chinese name, planned in days, forecast later by days, payment, needs acceptance, float in days
PROJECTS: dict[str, dict[str, Any]] = {
    "NORDFELD": {
        "name": "Nordfeld Wind Farm",
        "name_zh": "诺德菲尔德风电场",
        "customer": "ACME",
        "currency": "EUR",
        "milestones": [
            ("Order", "下单", -420, 0, "972000.00", False, 0),
            ("Delivery on site", "现场交货", -240, 6, "2430000.00", False, 0),
            ("Commissioning", "调试投运", -150, 10, "972000.00", True, 0),
            ("Final acceptance", "最终验收", 60, 0, "486000.00", True, 14),
        ],
    },
    "ZB-200": {
        "name": "Zhangbei Wind Farm, 200 MW",
        "name_zh": "张北200MW风电项目",
        "customer": "HNZB",
        "currency": "CNY",
        "milestones": [
            ("M1 Order", "M1 合同生效", -510, 0, "4800000.00", False, 0),
            ("M2 Delivery", "M2 交货", -255, 0, "9600000.00", False, 0),
            ("M3 Commissioning", "M3 调试投运", 25, 35, "14400000.00", True, 12),
            ("M4 Final acceptance", "M4 最终验收", 120, 35, "19200000.00", True, 12),
        ],
    },
}

# name, Chinese name, unit, lower limit, nominal value, upper limit, method, standard
PRODUCTS: dict[str, dict[str, Any]] = {
    "WT-G3": {
        "name": "Wind turbine gearbox, 3.2 MW",
        "name_zh": "3.2 MW 风电齿轮箱",
        "family": "Gearboxes",
        "unit": "pcs",
        "characteristics": [
            ("Efficiency at rated load", "额定负载效率", "%", "96.0", None, None, "IEC 61400-4 annex", "GB/T 19073"),
            ("Vibration velocity, RMS", "振动速度有效值", "mm/s", None, None, "4.5", "ISO 20816-21", "GB/T 19073"),
            ("Flank hardness", "齿面硬度", "HRC", "58", "60", "62", "ISO 6508-1", "GB/T 3077"),
            ("Oil sump temperature", "油池温度", "°C", None, None, "75", "Thermocouple, 8 h run", "GB/T 19073"),
            (
                "Oil cleanliness, particles over 4 µm",
                "油液清洁度（>4 µm）",
                "code",
                None,
                None,
                "16",
                "ISO 4406",
                "ISO 4406",
            ),
        ],
    },
    "P-60": {
        "name": "Hydraulic pump P-60",
        "name_zh": "P-60 液压泵",
        "family": "Hydraulics",
        "unit": "pcs",
        "characteristics": [
            ("Rated pressure", "额定压力", "MPa", "31.5", "31.5", None, "ISO 4409", "JB/T 7039"),
            ("Volumetric efficiency", "容积效率", "%", "93.0", None, None, "ISO 4409", "JB/T 7039"),
            ("Internal leakage", "内泄漏量", "L/min", None, None, "0.35", "ISO 4409", "JB/T 7039"),
        ],
    },
    "CS-Z275": {
        "name": "Zinc-coated steel strip, 1.5 mm",
        "name_zh": "1.5 mm 镀锌钢带",
        "family": "Coated steel",
        "unit": "t",
        "characteristics": [
            (
                "Zinc coating, both sides",
                "镀层重量（双面）",
                "g/m²",
                "275",
                None,
                None,
                "EN 10346, three-spot",
                "EN 10346",
            ),
            ("Thickness", "厚度", "mm", "1.42", "1.50", "1.58", "Micrometer, 40 mm from the edge", "EN 10143"),
            ("Yield strength", "屈服强度", "MPa", "350", None, None, "ISO 6892-1", "EN 10346"),
        ],
    },
}

# number, contract, product, delivered days ago, quantity
DELIVERIES = [
    ("LS-25-0903", "SC-041-NF", "WT-G3", 234, "6"),
    ("LS-25-1120", "SC-041-NF", "WT-G3", 180, "2"),
    ("LS-26-0114", "SC-052-CS", "CS-Z275", 120, "84.5"),
    ("FH-ZB-01", "HT-ZB-118", "WT-G3", 255, "20"),
    ("FH-ZB-02", "HT-ZB-118", "WT-G3", 210, "20"),
    ("FH-ZB-03", "HT-ZB-118", "P-60", 200, "40"),
    ("LS-26-0301", "SC-077-RV", "P-60", 95, "12"),
]

# number, product, produced days ago, quantity, supplier of the critical part, delivery, serial numbers
LOTS: list[tuple[Any, ...]] = [
    ("B2309-77", "WT-G3", 290, "6", "BHB", "LS-25-0903", [f"G3-0{number}" for number in range(411, 417)]),
    ("B2311-05", "WT-G3", 230, "2", "BHB", "LS-25-1120", ["G3-0431", "G3-0432"]),
    ("B2309-78", "WT-G3", 300, "20", "BHB", "FH-ZB-01", [f"G3-05{number:02d}" for number in range(1, 21)]),
    ("B2310-12", "WT-G3", 260, "20", "NGC", "FH-ZB-02", [f"G3-06{number:02d}" for number in range(1, 21)]),
    ("P60-2411", "P-60", 240, "60", "NGC", "FH-ZB-03", [f"P60-{number}" for number in range(3301, 3307)]),
    ("P60-2502", "P-60", 130, "24", "NGC", "LS-26-0301", [f"P60-{number}" for number in range(3401, 3405)]),
    ("C-88121", "CS-Z275", 150, "42.5", None, "LS-26-0114", []),
    ("C-88122", "CS-Z275", 149, "42.0", None, "LS-26-0114", []),
]
