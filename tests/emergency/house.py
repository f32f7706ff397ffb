"""A whole plan and what it needs, made by the verbs; `who` is the cast of tests.remediation.stories."""

from datetime import timedelta
from typing import Any

from accounts.models import User
from complaints import emergency_plans as plans
from complaints.emergency_plans import Content
from complaints.models import EmergencyPlan
from complaints.models.emergency import Action, Line, months_later
from tests.cast import NOON

DAY = timedelta(days=1)
WRITTEN = NOON - 30 * DAY
FROM = WRITTEN.date()
ACTIONS = (
    Action(15, "Stop shipment", "停止发货", "QUALITY"),
    Action(30, "Warn users", "警示用户", "CUSTOMER"),
    Action(240, "Team on site", "人员到现场", "TECHNICAL"),
)
LINES = (Line("CUSTOMER", 60, "CUSTOMER", "What we know", "已知情况"), Line("MANAGEMENT", 240, "COMMANDER"))
VAN = {"code": "VAN-1", "name": "Measuring van", "name_zh": "检测车", "kind": "VEHICLE", "quantity": 2}


def content(lee: User, quinn: User, cleo: User, **head: Any) -> Content:
    """Return what a plan says that lacks nothing; lee commands, and cleo is his deputy."""
    said = {
        "name": "Field safety", "name_zh": "现场安全", "grade": "G1", "standard": "Danger to people. Declared by QM.",
        "valid_from": FROM, "review_on": months_later(FROM, 12), "drill_months": 6, **head,
    }  # fmt: skip
    roles = [
        {"role": "COMMANDER", "person": lee, "phone": "+86 1", "deputy": cleo, "deputy_phone": "+86 2"},
        {"role": "QUALITY", "person": quinn, "phone": "+86 3", "deputy": None, "deputy_phone": ""},
        {"role": "CUSTOMER", "person": cleo, "phone": "+86 2", "deputy": quinn, "deputy_phone": "+86 3"},
        {"role": "TECHNICAL", "person": quinn, "phone": "+86 3", "deputy": None, "deputy_phone": ""},
    ]
    return Content(said, roles, [VAN], ACTIONS, LINES)


def drafted(by: User, lee: User, quinn: User, cleo: User, *, code: str = "EP-1", **head: Any) -> EmergencyPlan:
    """Return a draft that lacks nothing, written by `by`."""
    plan = plans.begin_plan(by=by, at=WRITTEN, code=code, name="Field safety")
    return plans.write_plan(plan, by=by, at=WRITTEN, content=content(lee, quinn, cleo, **head))


def in_force(lee: User, quinn: User, cleo: User, max: User, **head: Any) -> EmergencyPlan:
    """Return a plan that quinn wrote and max approved, in force since FROM."""
    return plans.approve_plan(drafted(quinn, lee, quinn, cleo, **head), by=max, at=WRITTEN)
