"""The worked case of the letters: a gearbox that vibrates, told in English or in Chinese, made row by row."""

from datetime import UTC, datetime, timedelta

from accounts.models import Organisation, Site
from complaints.models import (
    AffectedItem,
    Attribution,
    AttributionShare,
    CauseNode,
    Complaint,
    ContainmentAction,
    DefectStatement,
    InitialAnalysis,
    RootCause,
    SlaClock,
    TeamMember,
    TrackerLink,
)
from complaints.models.states import State
from contracts.models import Contract, ContractVersion, Lot, Product
from tests.cast import person

RECEIVED = datetime(2026, 5, 14, 6, 5, tzinfo=UTC)  # 14:05 in Shanghai
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

ENGLISH = {
    "title": "Unit 3 vibrates at 1 450 rpm",
    "description": "Loud, rough noise and vibration at the drive end since Monday 11 May, strongest at full load.\n"
    "The turbine is stopped; the site is to be handed over on 30 May.",
    "product": "Gearbox GX-1450",
    "team": [
        ("Chen Jie", "CHAMPION", "Service manager; decides on people and money"),
        ("Zhao Min", "LEADER", "Quality lead"),
        ("Liu Qiang", "MEMBER", "Bearing assembly, station M-14"),
        ("Sun Yue", "MEMBER", "Bearings and lubrication"),
        ("He Tao", "MEMBER", "Field service, Team B"),
    ],
    "sentence": "Gearbox GX-1450, serial GX1450-2309-03: vibration at the drive end of 4.9 to 5.6 mm/s at 1 450 rpm "
    "and full load; clause 7.2 of HT-2024-118 allows 4.5 mm/s.",
    "conditions": "Permanent, strongest above 1 380 rpm.",
    "reproduced": "on 15 May with the customer present, instrument VM-63",
    "grid": [
        ("WHAT_OBJECT", "Drive end, Units 3 and 5", "Non-drive-end bearing", "Filled by machine", "Nozzle of 2022"),
        ("WHAT_DEFECT", "Inner-ring frequency 118 Hz", "Gear mesh, imbalance", "Starts at the raceway", ""),
        ("WHERE_GEO", "Station M-14", "Station M-15", "Another dispenser", "M-15 nozzle changed in 2023"),
        ("WHEN_FIRST", "11 May, after 14 600 h", "At commissioning", "Grease used up slowly", ""),
        ("WHEN_LIFE", "Above 1 380 rpm", "At idle or 1 000 rpm", "Load on the inner ring", ""),
        ("HOW_MANY", "4 of 24 in lot B2309", "Lots B2308, B2310", "Late shift, 8 Sep 2023", "Long run, no refill stop"),
        ("HOW_MUCH", "4.9 to 5.6 mm/s", "Above 7.1, the trip level", "Early damage", ""),
        ("TREND", "Rising 0.1 mm/s a day", "Sudden", "Wear, not fracture", ""),
    ],
    "extent": ["Measured all; Unit 5 see QC-2026-00098", "Blocked, opened and weighed", "Weighed one by one"],
    "containment": [
        ("INSTALLED", "Unit 3 stopped; other units limited to 1 200 rpm until measured", "6 of 6 under control"),
        ("OWN_STOCK", "6 gearboxes of B2309 blocked, opened and weighed", "1 low, refilled"),
        ("WIP", "Dispenser taken out of use; filled by hand and weighed", "41 weighed, 0 below 420 g"),
    ],
    "bones": {
        "Man": [("Fitter not trained", 0), ("Shift change", 0)],
        "Machine": [("Nozzle seat worn", 1), ("Pump pressure low", 0), ("Hose blocked", 0)],
        "Material": [("Wrong bearing lot", 0), ("Grease too stiff", 0)],
        "Method": [("Nozzle not in plan", 1), ("Shot count wrong", 0)],
        "Environment": [("Cold hall", 0), ("Dust", 0)],
        "Measurement": [("Shot not weighed", 1), ("Run-in at 1 000 rpm", 1)],
    },
    "whys": {
        "OCCURRENCE": [
            ("Inner ring of the bearing damaged", "tear-down, photo 2"),
            ("Only 301 g of grease", "measurement 3"),
            ("Nozzle seat leaks past the port", "measurement 4"),
        ],
        "ESCAPE": [
            ("Low grease not seen before delivery", "records"),
            ("Run-in ends at 1 000 rpm; the symptom starts at 1 380", "test of 22 May"),
        ],
        "SYSTEM": [
            ("Nobody knew the nozzle was worn", "interview"),
            ("Maintenance plan MP-14 has no nozzle", "rev C"),
        ],
    },
    "out": ("Wrong bearing lot", "batch trace"),
    "causes": [
        ("OCCURRENCE", "PRC", "Nozzle seat worn to 0.34 mm", "Worn nozzle below 320 g, new nozzle above 420 g",
         "30 shots with each, station M-14, 20 May", "mean 301 g and 441 g"),
        ("ESCAPE", "DET", "Grease is not weighed anywhere in the line", "Low units pass at 1 000 rpm, fail at 1 450",
         "Four low and four good units, 22 May", "4 of 4 and 0 of 4 found"),
        ("SYSTEM", "SYS", "New machines enter the plan without their wear parts", "", "All nine machines compared",
         "6 of 9 machines the same"),
    ],
    "analysis": {
        "description": "Vibration of 4.9 to 5.6 mm/s at the drive end of Unit 3, confirmed on site on 15 May.",
        "extent": "Lot B2309, 24 gearboxes; two confirmed so far.",
        "suspected_cause": "Too little grease in the drive-end bearing.",
        "test_plan": "Open the bearing, weigh the grease, compare two nozzles.",
        "containment": "Unit 3 stopped; stock blocked; dispenser taken out of use.",
        "remedy_direction": "Replace the bearing on site, free of charge.",
        "next_dates": "20 May nozzle test; 27 May causes; 28 May repair.",
        "questions": "When did the noise begin, and at which load?",
    },
}  # fmt: skip
CHINESE = {
    "title": "3 号机组在 1 450 r/min 时振动超限",
    "description": "5月11日（周一）起驱动端噪声粗糙、振动明显，满负荷时最重。\n风机已停机；5月30日须移交场地。",
    "product": "GX-1450 齿轮箱",
    "team": [
        ("陈杰", "CHAMPION", "服务经理，负责资源与费用决策"),
        ("赵敏", "LEADER", "质量主管"),
        ("刘强", "MEMBER", "轴承装配，M-14 工位"),
        ("孙悦", "MEMBER", "轴承与润滑"),
        ("何涛", "MEMBER", "现场服务 B 组"),
    ],
    "sentence": "GX-1450 齿轮箱（序列号 GX1450-2309-03）在 1 450 r/min 满负荷下，驱动端振动为 4.9～5.6 mm/s；"
    "合同 HT-2024-118 第 7.2 条限值为 4.5 mm/s。",
    "conditions": "持续存在，1 380 r/min 以上最明显。",
    "reproduced": "5月15日，客户在场，仪器 VM-63",
    "grid": [
        ("WHAT_OBJECT", "3、5 号机组驱动端轴承", "非驱动端轴承", "机器注脂，非手工", "喷嘴自 2022年3月 起使用"),
        ("WHAT_DEFECT", "内圈特征频率 118 Hz", "齿轮啮合、不平衡", "自滚道起损伤", ""),
        ("WHERE_GEO", "M-14 工位", "M-15 工位", "另一台注脂机", "M-15 喷嘴 2023 年更换"),
        ("WHEN_FIRST", "5月11日，运行 14 600 h", "调试时", "润滑脂逐渐耗尽", ""),
        ("WHEN_LIFE", "1 380 r/min 以上", "空载或 1 000 r/min", "内圈载荷", ""),
        ("HOW_MANY", "B2309 批 24 台中 4 台", "B2308、B2310 批", "2023年9月8日 晚班", "连续生产未停机补脂"),
        ("HOW_MUCH", "4.9～5.6 mm/s", "超过停机值 7.1", "早期损伤", ""),
        ("TREND", "每日上升 0.1 mm/s", "突发", "磨损，非断裂", ""),
    ],
    "extent": ["逐台测量；5 号机组见 QC-2026-00098", "封存、开盖、称重", "逐台称重"],
    "containment": [
        ("INSTALLED", "3 号机组停机；其余机组测量前限速 1 200 r/min", "6 台全部受控"),
        ("OWN_STOCK", "B2309 批 6 台封存、开盖称重", "1 台不足，已补脂"),
        ("WIP", "停用注脂机，改手工注脂并 100 % 称重", "称重 41 台，低于 420 g 为 0"),
    ],
    "bones": {
        "人": [("装配工未培训", 0), ("换班", 0)],
        "机": [("喷嘴座磨损", 1), ("泵压偏低", 0), ("软管堵塞", 0)],
        "料": [("轴承批次错误", 0), ("润滑脂过稠", 0)],
        "法": [("喷嘴未列入计划", 1), ("注脂次数错误", 0)],
        "环": [("车间低温", 0), ("粉尘", 0)],
        "测": [("注脂未称重", 1), ("磨合止于 1 000 r/min", 1)],
    },
    "whys": {
        "OCCURRENCE": [("轴承内圈剥落", "拆解，照片 2"), ("脂量仅 301 g", "测量 3"), ("喷嘴座处泄漏", "测量 4")],
        "ESCAPE": [("出厂前未发现缺脂", "检验记录"), ("磨合止于 1 000 转，异常始于 1 380 转", "5月22日试验")],
        "SYSTEM": [("无人知晓喷嘴磨损", "访谈"), ("保养计划 MP-14 未含喷嘴", "C 版")],
    },
    "out": ("轴承批次错误", "批次追溯"),
    "causes": [
        ("OCCURRENCE", "PRC", "喷嘴座磨损至 0.34 mm", "旧喷嘴低于 320 g，新喷嘴高于 420 g",
         "M-14 工位各 30 次，5月20日",
         "均值 301 g 与 441 g"),
        ("ESCAPE", "DET", "全线无注脂称重", "缺脂机在 1 000 转时合格，1 450 转时不合格", "缺脂与正常各 4 台，5月22日",
         "检出 4/4 与 0/4"),
        ("SYSTEM", "SYS", "新设备入计划时未列易损件", "", "逐台比较 9 台设备", "9 台设备中 6 台相同"),
    ],
    "analysis": {
        "description": "3 号机组驱动端振动 4.9～5.6 mm/s，5月15日现场确认。",
        "extent": "B2309 批 24 台，目前确认 2 台。",
        "suspected_cause": "驱动端轴承注脂不足。",
        "test_plan": "开盖称重，比较新旧喷嘴。",
        "containment": "3 号机组停机；库存封存；注脂机停用。",
        "remedy_direction": "现场免费更换轴承。",
        "next_dates": "5月20日喷嘴试验；5月27日确定原因；5月28日修复。",
        "questions": "噪声何时开始，在何种负荷下出现？",
    },
}  # fmt: skip


def received(words: dict = ENGLISH, *, ref: str = "QC-2026-00123", **fields) -> Complaint:
    """Return the case as it was received: firms, goods, contract and clocks; `fields` overrules."""
    own, customer = _firms()
    product, _ = Product.objects.get_or_create(code="1450-07-300", defaults={"name": words["product"]})
    lot, _ = Lot.objects.get_or_create(product=product, number="B2309")
    contract, _ = Contract.objects.get_or_create(
        number="HT-2024-118", defaults={"title": "Gearboxes", "customer": customer, "currency": "CNY"}
    )
    version, _ = ContractVersion.objects.get_or_create(contract=contract, version=2, effective_from=RECEIVED.date())
    owner = own.people.first() or person("Wang Li", own)
    facts = {
        "ref": ref, "state": State.RECEIVED, "customer": customer, "contact_name": "Li Na", "language": "en",
        "contact_email": "li.na@hwz.test", "received_at": RECEIVED, "registered_at": RECEIVED, "owner": owner,
        "found_on": (RECEIVED - 3 * DAY).date(), "title": words["title"], "description": words["description"],
        "nonconformity": ["PERFORMANCE"], "remedy_asked": ["REWORK", "EXPLANATION"], "quantity_affected": 1,
        "quantity_delivered": 6, "unit": "pcs", "safety": "NO", "work_stopped": True, "contract": contract,
        "contract_version": version, "product": product, "lot": lot, "serial": "GX1450-2309-03",
    }  # fmt: skip
    complaint = Complaint.objects.create(**{**facts, **fields})
    for metric, hours in (("ACK", 4), ("TRIAGE", 4), ("INITIAL", 48), ("RESOLVE", 400)):
        SlaClock.objects.create(
            complaint=complaint, cycle=1, metric=metric, basis="CALENDAR", target_minutes=hours * 60, policy="default",
            started_at=RECEIVED, due_at=RECEIVED + hours * HOUR, next_at=RECEIVED + hours * HOUR,
        )  # fmt: skip
    TrackerLink.objects.create(complaint=complaint, created_at=RECEIVED)
    return complaint


def _firms() -> tuple[Organisation, Organisation]:
    own = Organisation.objects.filter(kind="OWN").first() or Organisation.objects.create(
        code="NBD", name="Northbridge Drives (Suzhou) Co., Ltd.", name_zh="北桥传动（苏州）有限公司", kind="OWN"
    )
    Site.objects.get_or_create(
        organisation=own, name="Suzhou", defaults={"address": "18 Xinghe Road, Suzhou 215000, +86 512 5550 0148"}
    )
    customer, _ = Organisation.objects.get_or_create(
        code="HWZ", defaults={"name": "Huaneng Wind Zhangbei", "name_zh": "华能张北风电", "kind": "CUSTOMER"}
    )
    return own, customer


def diagnosed(words: dict = ENGLISH, **fields) -> Complaint:
    """Return the case with team, statement, extent, containment, analysis, causes with proof and shares."""
    complaint = received(words, state=State.DIAGNOSING, grade="G2", quantity_confirmed=2, **fields)
    Complaint.objects.filter(pk=complaint.pk).update(diagnosed_at=RECEIVED + 13 * DAY)
    complaint.clocks.filter(metric="ACK").update(state="STOPPED", stopped_at=RECEIVED + 2 * HOUR, next_at=None)
    complaint.clocks.filter(metric="INITIAL").update(state="STOPPED", stopped_at=RECEIVED + 50 * HOUR, next_at=None)
    team = _team(complaint, words)
    _problem(complaint, words, by=team[1])
    _containment(complaint, words, by=team[1])
    _whys(complaint, words, by=team[1])
    InitialAnalysis.objects.create(
        complaint=complaint, cycle=1, number=1, confidence="MEDIUM", written_by=team[1], written_at=RECEIVED + DAY,
        approved_by=team[0], approved_at=RECEIVED + DAY, contact_person=complaint.owner, **words["analysis"],
    )  # fmt: skip
    version = Attribution.objects.create(
        complaint=complaint, cycle=1, number=1, proposed_by=team[1], proposed_at=RECEIVED, approved_by=team[0],
        approved_at=RECEIVED,
    )  # fmt: skip
    AttributionShare.objects.create(attribution=version, party="SELLER", basis_points=10000, because="internal reason")
    return Complaint.objects.get(pk=complaint.pk)


def _team(complaint, words):
    firm = complaint.owner.organisation
    people = [person(name, firm, email=f"p{complaint.pk}.{n}@nbd.test") for n, (name, _, _) in enumerate(words["team"])]
    for user, (_, seat, knows) in zip(people, words["team"], strict=True):
        TeamMember.objects.create(
            complaint=complaint, cycle=1, user=user, seat=seat, competence=knows, named_at=RECEIVED + 3 * HOUR
        )
    return people


def _problem(complaint, words, *, by):
    columns = ("row", "is", "is_not", "distinction", "change")
    DefectStatement.objects.create(
        complaint=complaint, cycle=1, sentence=words["sentence"], conditions=words["conditions"],
        reproduced=words["reproduced"], grid=[dict(zip(columns, row, strict=True)) for row in words["grid"]],
        extent_final_at=RECEIVED + 4 * DAY, extent_final_by=by, written_by=by, written_at=RECEIVED + DAY,
    )  # fmt: skip
    places = (("INSTALLED", 18, 3, 15), ("OWN_STOCK", 6, 1, 5), ("TRANSIT", 2, 0, 2))
    for (place, total, bad, good), action in zip(places, words["extent"], strict=True):
        AffectedItem.objects.create(
            complaint=complaint, location=place, lot=complaint.lot, total=total, confirmed=bad, good=good, action=action
        )


def _containment(complaint, words, *, by):
    for place, action, effect in words["containment"]:
        ContainmentAction.objects.create(
            complaint=complaint, cycle=1, location=place, action=action, effect_percent=100, effect_evidence=effect,
            effective_at=RECEIVED + DAY, removed_at=RECEIVED + 29 * DAY, recorded_by=by, recorded_at=RECEIVED,
        )  # fmt: skip


def _whys(complaint, words, *, by):
    common = {"complaint": complaint, "cycle": 1, "by": by, "at": RECEIVED}
    for leg, answers in words["whys"].items():
        parent = None
        for text, proof in answers:
            parent = CauseNode.objects.create(
                **common, leg=leg, text=text, evidence=proof, result="CONFIRMED", parent=parent
            )
            if leg == "OCCURRENCE" and parent.parent is None:
                out, trace = words["out"]
                CauseNode.objects.create(**common, leg=leg, text=out, evidence=trace, result="EXCLUDED", parent=parent)
    for bone, twigs in words["bones"].items():
        root = CauseNode.objects.create(**common, leg="OCCURRENCE", tool="ISHIKAWA", text=bone)
        for text, sure in twigs:
            result = "CONFIRMED" if sure else "EXCLUDED"
            CauseNode.objects.create(**common, leg="OCCURRENCE", tool="ISHIKAWA", text=text, result=result, parent=root)
    for leg, code, text, said, method, result in words["causes"]:
        RootCause.objects.create(
            complaint=complaint, cycle=1, leg=leg, code=code, text=text, prediction=said, method=method, result=result,
            verified_by=by, verified_at=RECEIVED + 12 * DAY, recorded_by=by, recorded_at=RECEIVED,
        )  # fmt: skip
