"""The demo's emergency plans, a drill of each, and the incidents of its G1 cases, half-way through."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from complaints import drills, emergencies, reserving
from complaints import emergency_plans as plans
from complaints.days import company_date, midnight
from complaints.emergencies import Review
from complaints.emergency_plans import Content
from complaints.models import Complaint, EmergencyPlan
from complaints.models.emergency import Action, Line, months_later

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PHONES = {
    "lee": "+86 21 5550 0101", "cleo": "+86 21 5550 0102", "quinn": "+86 21 5550 0103", "tess": "+86 21 5550 0104",
    "max": "+86 21 5550 0100", "lin": "+86 21 5550 0105", "fay": "+86 21 5550 0106", "dora": "+86 21 5550 0107",
    "finn": "+86 21 5550 0108", "ada": "+86 21 5550 0109",
}  # fmt: skip
ROLES = {
    "COMMANDER": ("lee", "max"), "QUALITY": ("quinn", "lee"), "CUSTOMER": ("cleo", "ada"),
    "TECHNICAL": ("tess", "finn"), "SPOKESPERSON": ("max", "dora"), "LEGAL": ("lin", ""), "FINANCE": ("fay", ""),
}  # fmt: skip
ACTIONS = (
    Action(15, "Stop shipment of the lot", "停止该批次发货", "QUALITY"),
    Action(30, "Warn users on site: stop the unit, keep clear", "警示现场人员：停机并撤离危险区", "CUSTOMER"),
    Action(45, "Quarantine our stock of the lot", "隔离本公司库存的该批次", "QUALITY"),
    Action(60, "Call the customer: what we know, what we do next", "致电客户：已知情况与下一步", "CUSTOMER"),
    Action(90, "Look up every other customer with the same lot", "查明拥有同批次的其他客户", "TECHNICAL"),
    Action(240, "Team on its way with parts and measuring van", "人员携备件与检测车出发", "TECHNICAL"),
    Action(480, "Decide on a notice to authority and insurer", "决定是否通知主管部门和保险公司", "LEGAL"),
    Action(1440, "First findings to the customer in writing", "向客户书面通报初步结论", "COMMANDER"),
)
LINES = (
    Line("CUSTOMER", 60, "CUSTOMER", "What we know, what not yet, what to do on site", "已知、未知与现场措施"),
    Line("MANAGEMENT", 240, "COMMANDER", "State, decisions, money", "进展、决定与费用"),
    Line("LENDER", 1440, "FINANCE", "Effect on the milestone", "对里程碑的影响"),
)
STOCK = (
    ("VAN-1", "Measuring van", "检测车", "VEHICLE", 1, "Shanghai works", "finn"),
    ("BRG-SET", "Bearing sets G3", "G3 轴承组件", "SPARE", 4, "Warehouse 2", "finn"),
    ("TEAM-FS", "Field team of two", "两人现场小组", "PEOPLE", 2, "Shanghai works", "finn"),
    ("LAB-OIL", "Oil laboratory, day slot", "油品检测日时段", "LAB", 1, "R&D", "tess"),
)
KINDS: dict[str, dict[str, Any]] = {
    "EP-FIELD": {
        "name": "Field safety", "name_zh": "现场安全应急预案", "grade": "G1", "days": 200,
        "standard": "Danger to people, or the main function lost on several units. Example: a gearbox smokes.\n"
                    "Declared by a quality engineer, the quality manager or an executive.",
        "resources": "CNY 50,000 without further approval. Outside help: Smith Bearings, round the clock.",
    },
    "EP-STOP": {
        "name": "Customer line at a standstill", "name_zh": "客户停线应急预案", "grade": "G2", "days": 330,
        "standard": "导致客户产线或现场停工。由质量经理宣布。",
        "resources": "无需另行批准：20,000 元。",
    },
}  # fmt: skip


def load_plans(people: dict[str, User], now: datetime) -> EmergencyPlan:
    """Return the plan for G1 cases; both plans are written, approved and drilled where they are missing."""
    for code, said in KINDS.items():
        held = EmergencyPlan.objects.filter(code=code).order_by("-number").first()
        if held is None or not held.roles.exists():
            _drilled(_written(code, said, held, people, now), people)
    return EmergencyPlan.objects.filter(code="EP-FIELD", approved_by__isnull=False).order_by("-number")[0]


def _written(
    code: str, said: dict[str, Any], old: EmergencyPlan | None, people: dict[str, User], now: datetime
) -> EmergencyPlan:
    at = now if old else now - timedelta(days=said["days"])
    quinn = people["quinn"]
    if old:  # of a demo that is older than the roles
        draft = plans.begin_version(old, by=quinn, at=at)
    else:
        draft = plans.begin_plan(by=quinn, at=at, code=code, name=said["name"])
    first = company_date(at)
    head = {name: said[name] for name in ("name", "name_zh", "grade", "standard", "resources")}
    head |= {"valid_from": first, "review_on": months_later(first, 12), "drill_months": 6}
    draft = plans.write_plan(
        draft, by=quinn, at=at, content=Content(head, _roles(people), _stock(people), ACTIONS, LINES)
    )
    return plans.approve_plan(draft, by=people["max"], at=at)


def _roles(people: dict[str, User]) -> list[dict[str, Any]]:
    return [
        {"role": role, "person": people[person], "phone": PHONES[person], "deputy": people.get(deputy),
         "deputy_phone": PHONES.get(deputy, "")}
        for role, (person, deputy) in ROLES.items()
    ]  # fmt: skip


def _stock(people: dict[str, User]) -> list[dict[str, Any]]:
    names = ("code", "name", "name_zh", "kind", "quantity", "place", "keeper")
    return [{**dict(zip(names, row, strict=True)), "keeper": people[row[-1]]} for row in STOCK]


# Drills ---------------------------------------------------------------------------------------------------------------

DRILLS: dict[str, dict[str, Any]] = {
    "EP-FIELD": {
        "after": 140, "scenario": "A gearbox of lot B2309 smokes in turbine 4; two fitters are in the nacelle.",
        "result": "done", "well": "Shipment stood after nine minutes.",
        "lacking": "The number of the deputy was out of date. The van had no fuel.",
        "better": ("Check the phone numbers every quarter", "Fuel the van after each use"),
        "minutes": (9, 26, 51, 55, 80, 221, 470, 1300),
    },
    "EP-STOP": {
        "after": 7, "scenario": "客户装配线因泵批量渗油停线，周五 16:00 来电。",
        "result": "已完成", "well": "20 分钟内找到了全部同批次客户。",
        "lacking": "周末无人能开具放行单。",
        "better": ("安排周末值班放行人",),
        "minutes": (12, 35, 40, 70, 88, 300, 0, 1500),
    },
}  # fmt: skip


def _drilled(plan: EmergencyPlan, people: dict[str, User]) -> None:
    """Hold the drill of a plan some days after it took force; a step of 0 minutes was never done."""
    said = DRILLS[plan.code]
    begun = midnight(plan.valid_from) + timedelta(days=said["after"], hours=9)
    if plan.number > 1:
        return
    drill = drills.begin_drill(plan, by=people["lee"], at=begun, scenario=said["scenario"])
    ended = begun
    for step, minutes in zip(drill.steps.order_by("position"), said["minutes"], strict=True):
        if minutes:
            ended = begun + minutes * MINUTE
            drills.finish_drill_step(step, by=step.owner, at=ended, result=said["result"])
    review = Review("", said["well"], said["lacking"], said["better"])
    drills.finish_drill(drill, by=people["lee"], at=ended + 30 * MINUTE, review=review)


# Incidents ------------------------------------------------------------------------------------------------------------

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "results": ("Gate and carrier told, nothing left the works", "Site manager stopped unit 6 and cleared the platform",
                    "38 sets tagged and locked away"),
        "done": "Done as planned", "over": "Nobody is in danger any more; the units stand or are inspected.",
        "well": "Everybody was reached within half an hour.", "lacking": "Nothing that the plan could better.",
        "told": "Stop unit 6 and keep clear. A team leaves today. We call again within the hour.",
        "what": "Replace the bearing set, no repair on site", "because": "A repair leaves the cause in the unit",
        "forced": "People work beside the unit; the other case can wait until tomorrow",
    },
    "zh": {
        "results": ("已通知门卫与承运商，未再发货", "现场已停机并撤离人员", "已隔离并上锁 38 套"),
        "done": "按预案完成", "over": "已无人员危险；相关机组已停机或检查。",
        "well": "半小时内联系到所有人员。", "lacking": "预案方面无不足。",
        "told": "请停机并撤离。人员今日出发，一小时内再次致电。",
        "what": "更换轴承组件，不在现场修复", "because": "修复不能消除原因",
        "forced": "现场有人员在机组旁作业，另一案可推迟到明天",
    },
}  # fmt: skip


def run_incident(case: Complaint, people: dict[str, User], *, now: datetime, language: str) -> None:
    """Do the first steps of the plan in force for a case, one of them late; tell, decide, and reserve."""
    running, said = emergencies.of(case), WORDS[language]
    if running is None:
        return
    start = running.activated_at
    for step, minutes, result in zip(running.steps.order_by("position"), (11, 41, 44), said["results"], strict=False):
        at = min(start + minutes * MINUTE, now)
        emergencies.finish_step(step, by=step.owner, at=at, result=result)
    told = max(start, now - 35 * MINUTE)
    emergencies.give_update(case, by=people["cleo"], at=told, audience="CUSTOMER", text=said["told"])
    emergencies.decide(
        case, by=people["lee"], at=min(start + 50 * MINUTE, now), what=said["what"], because=said["because"]
    )
    stock = {row.code: row for row in running.plan.stock.all()}
    for code, quantity in (("VAN-1", 1), ("BRG-SET", 1)):
        span = {"from_at": start + HOUR, "until_at": start + timedelta(days=2)}
        clash = reserving.clash(stock[code], quantity, **_span(span))
        reserving.reserve_resource(
            case, by=people["lee"], at=min(start + 52 * MINUTE, now), resource=stock[code], quantity=quantity,
            because=said["forced"] if clash else "", **span,
        )  # fmt: skip


def end_incident(case: Complaint, people: dict[str, User], *, at: datetime, language: str) -> None:
    """Do what is left of the plan in force for a case, each step shortly before it is due, and stand it down at `at`."""
    running, said = emergencies.of(case), WORDS[language]
    if running is None:
        return
    for step in running.steps.filter(status="OPEN").order_by("position"):
        done = max(running.activated_at, min(step.due_at - 4 * MINUTE, at))
        emergencies.finish_step(step, by=step.owner, at=done, result=said["done"])
    review = Review(said["over"], said["well"], said["lacking"])
    emergencies.stand_down(case, by=people["lee"], at=at, review=review, left={})


def _span(span: dict[str, datetime]) -> dict[str, datetime]:
    return {"since": span["from_at"], "until": span["until_at"]}
