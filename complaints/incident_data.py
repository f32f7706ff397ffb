"""An incident as the API tells it: codes and instants, no words of a language."""

from __future__ import annotations

from typing import Any

from complaints import emergencies, reserving
from complaints.models import Complaint, EmergencyActivation


def newest(complaint: Complaint) -> dict[str, Any] | None:
    """Return the incident of a case that runs, else the last one; None if there was none."""
    rows = complaint.activations.select_related("plan", "commander").order_by("-activated_at", "-pk")
    one = rows.first()
    return _as_data(one) if one else None


def _as_data(one: EmergencyActivation) -> dict[str, Any]:
    return {
        "plan": {"code": one.plan.code, "number": one.plan.number},
        "grade": one.grade, "commander": one.commander.email, "because": one.because,
        "activated_at": one.activated_at, "stood_down_at": one.stood_down_at,
        "stand_down_reason": one.stand_down_reason,
        "steps": [
            {"step": step.pk, "minutes": step.minutes, "text": step.text, "text_zh": step.text_zh, "role": step.role,
             "owner": step.owner.email, "due_at": step.due_at, "status": step.status, "done_at": step.done_at,
             "result": step.result, "left_because": step.left_because}
            for step in one.steps.select_related("owner").order_by("position")
        ],
        "roles": [{"seat": seat.pk, "role": seat.role, "person": seat.user.email, "phone": seat.phone}
                  for seat in one.seats.filter(until=None).select_related("user").order_by("pk")],
        "updates": [{"audience": due.line.audience, "every_minutes": due.line.minutes, "due_at": due.due_at,
                     "last_at": due.last.at if due.last else None} for due in emergencies.next_updates(one)],
        "decisions": [{"at": row.at, "by": row.by.email, "what": row.what, "because": row.because}
                      for row in one.decisions.select_related("by").order_by("at", "pk")],
        "resources": [{"resource": row.pk, "code": row.code, "quantity": row.quantity}
                      for row in one.plan.stock.order_by("pk")],
        "reservations": [{"reservation": row.pk, "code": row.code, "quantity": row.quantity, "from_at": row.from_at,
                          "until_at": row.until_at, "because": row.because} for row in reserving.held_for(one)],
    }  # fmt: skip
