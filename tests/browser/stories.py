# ruff: noqa: E501 (texts, one step a line)
"""What is said in the whole life of one case, in both languages: who complains of what, what is found and offered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Life:
    """
    One customer's complaint in one language; `said` holds the texts by step.

    caller: who reports it and gets the mails.  email, name: the colleague who answers on the portal.
    """

    customer: str
    caller: tuple[str, str]  # name, e-mail
    email: str
    name: str
    zone: str
    goods: str
    said: dict[str, str]

    def day(self, days: int = 0) -> str:
        """Return the customer's date in so many days, as a date field takes it."""
        return (datetime.now(ZoneInfo(self.zone)) + timedelta(days=days)).date().isoformat()


ENGLISH = Life(
    "ACME", ("Nora Vogt", "nora.vogt@acme.test"), "carla@acme.test", "Carla Brandt", "Europe/Berlin", "G3-0414",
    said={
        "happened": "Unit 4 has hummed at 1 450 rpm since yesterday. We stopped it at once; the other five run.",
        "title": "Unit 4 hums at 1 450 rpm",
        "agenda": "Facts, suspects, containment, dates", "decisions": "Unit 4 stays stopped. First report tomorrow.",
        "contained": "Unit 4 is locked out; units 1 to 3 are listened to every shift.",
        "proof": "Photo of the lock, entry in the shift book.",
        "description": "Hum of 6.1 mm/s at 1 450 rpm on the high-speed shaft.", "extent": "One of six units.",
        "suspected_cause": "Bearing of the high-speed shaft.", "test_plan": "Endoscope on Wednesday.",
        "containment": "Unit 4 is locked out.", "remedy_direction": "Exchange the bearing.",
        "next_dates": "Inspection in two days, proposal in a week.",
        "sentence": "High-speed shaft of unit 4 vibrates with 6.1 mm/s at 1 450 rpm instead of at most 2.8",
        "is": "unit 4, lot B2309-77", "is_not": "units 1 to 3", "difference": "bearing of the second supplier",
        "change": "second supplier since March", "why": "The cage of the bearing is cracked",
        "why_escaped": "The incoming inspection does not look at cages", "seen": "Photo of the opened bearing",
        "cause": "Cage of soft brass in the bearing of the second supplier", "escape": "No hardness test at incoming goods",
        "method": "Bearing exchanged, then put back", "result": "The hum went and came back",
        "share": "Our own choice of supplier and our own inspection",
        "entitled": "The guarantee runs until next year; notice came in time.",
        "finance": "No milestone is touched; a day of the assembly team.",
        "part": "New high-speed bearing of the first supplier, with measurement afterwards",
        "pays": "One day of standstill, as clause 9 has it", "conditions": "The crane is provided by the customer.",
        "approved": "Agreed.", "accepted": "Signed copy, mail of today",
        "done": "Report of the assembly team, signed on site", "inspected": "1.9 mm/s at 1 450 rpm",
        "asked_earlier": "The customer asks to be called today already.", "met": "Carla Brandt",
        "capa": "Bearings come in without a hardness test", "action": "Hardness test in the incoming inspection",
        "other_action": "The second supplier marks each lot with its hardness",
        "document": "Control plan CP-14: C → D", "situation": "A second supplier is taken on for a safety part",
        "rule": "A first lot is tested for hardness before it is built in", "cost": "Invoice 4711",
        "note": "Keep Purchasing out of the mail for now.", "reply": "We have looked at your photo; the team meets today.",
        "thanks": "Quick and clear.",
    },
)  # fmt: skip

CHINESE = Life(
    "HNZB", ("王芳", "wang.fang@hnzb.test"), "li.na@hnzb.test", "李娜", "Asia/Shanghai", "G3-0504",
    said={
        "happened": "4 号机组昨天起在 1 450 r/min 时有异响。我们已立即停机，其余机组运行正常。", "title": "4 号机组异响",
        "agenda": "事实、可疑件、围堵、日期", "decisions": "4 号机组保持停机。明天出第一份报告。",
        "contained": "4 号机组已上锁；1 至 3 号机组每班听音检查。", "proof": "上锁照片，交接班记录。",
        "description": "高速轴在 1 450 r/min 时振动 6.1 mm/s。", "extent": "二十台中一台。",
        "suspected_cause": "高速轴轴承。", "test_plan": "周三内窥镜检查。", "containment": "4 号机组已上锁。",
        "remedy_direction": "更换轴承。", "next_dates": "两天后检查，一周内给出方案。",
        "sentence": "4 号机组高速轴在 1 450 r/min 时振动 6.1 mm/s，要求不大于 2.8 mm/s",
        "is": "4 号机组，批次 B2309-78", "is_not": "1 至 3 号机组", "difference": "第二供应商的轴承", "change": "三月起采用第二供应商",
        "why": "轴承保持架开裂", "why_escaped": "来料检验不检查保持架", "seen": "轴承拆解照片",
        "cause": "第二供应商的轴承保持架黄铜偏软", "escape": "来料没有做硬度检验", "method": "更换轴承，再装回原件",
        "result": "异响消失后又出现", "share": "供应商由我方选择，检验由我方负责", "entitled": "质保期到明年为止，通知及时。",
        "finance": "不影响里程碑；装配班组一天工作量。", "part": "更换为第一供应商的高速轴轴承，之后复测",
        "pays": "停机一天，按合同第 9 条", "conditions": "吊车由客户提供。", "approved": "同意。", "accepted": "已签字的副本，今日邮件",
        "done": "现场签字的装配报告", "inspected": "1 450 r/min 时 1.9 mm/s", "asked_earlier": "客户希望今天就回访。",
        "met": "李娜", "capa": "轴承来料没有硬度检验", "action": "来料检验增加硬度检验", "other_action": "第二供应商每批标注硬度",
        "document": "控制计划 CP-14: C → D", "situation": "安全件新增第二供应商", "rule": "首批装机前先做硬度检验", "cost": "发票 4711",
        "note": "邮件里先不要抄送采购。", "reply": "照片我们已经看过，团队今天开会。", "thanks": "又快又清楚。",
    },
)  # fmt: skip
LIVES: dict[str, Any] = {"en": ENGLISH, "zh-hans": CHINESE}
