"""`/cases/<ref>/incident/`: what runs by the emergency plan, minute by minute; and the order of activation on paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.doors import staff_only
from complaints import emergencies, policies, reserving, timeline
from complaints.clock_words import PLAIN_CRITICAL, PLAIN_RISK, spell
from complaints.models import Complaint, EmergencyActivation, EmergencyStep, Task
from complaints.models.emergency import Informed, PlanRole
from complaints.seats import Held, ticks
from complaints.views import frame
from complaints.views.emergency_plans import content_of, minutes_words

OFFERED = ("stand_down", "hand_over_role", "decide_incident", "give_update", "reserve_resource", "activate_plan")
Row = dict[str, Any]


@staff_only
@require_GET
def incident(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the incident that runs, else the last one; `?activation=` another one of the case."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    all_of_them = list(_activations(complaint))
    one = _chosen(request, all_of_them)
    offers = {
        offer.act.name: offer for offer in frame.offers_of(complaint, reader.user) if offer.act.room == "incident"
    }
    allowed = {name for name, offer in offers.items() if offer.allowed}
    words: Row = {
        **frame.head(request, complaint, "case-incident", reader),
        "one": one, "offers": [frame.link(offers[name], complaint) for name in OFFERED if name in allowed],
        "do": {name: reverse("case-do", args=[ref, name]) for name in allowed},
        "others": [each for each in all_of_them if each != one],
        "order": reverse("case-incident-order", args=[ref]),
    }  # fmt: skip
    if one is not None:
        words |= page_of(one, reader)
        words["enders"] = _enders() if one.is_active and "stand_down" not in allowed else ""
    return render(request, "complaints/incident.html", words)


def _enders() -> str:
    """Return who may stand any plan down, for a reader who may not: "Quality manager: Lee; Executive: Max"."""
    roles = policies.roles_with("emergency.stand_down")
    return frame.named(roles, frame.who_holds(roles))


def _activations(complaint: Complaint) -> Any:
    rows = complaint.activations.select_related("plan", "commander", "activated_by", "stood_down_by")
    return rows.order_by("-activated_at", "-pk")


def _chosen(request: HttpRequest, rows: list[EmergencyActivation]) -> EmergencyActivation | None:
    wanted = request.GET.get("activation", "")
    if not wanted:
        return rows[0] if rows else None
    found = next((row for row in rows if str(row.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


def page_of(one: EmergencyActivation, reader: timeline.Reader) -> Row:
    """Return what the page of an incident or a drill shows of it."""
    steps = list(one.steps.select_related("owner", "done_by").order_by("position"))
    seats = list(one.seats.select_related("user", "instead_of").order_by("since", "pk"))
    now = one.stood_down_at or reader.now
    held = frozenset((one.pk, seat.role) for seat in seats if seat.until is None and seat.user_id == reader.user.pk)
    done = sum(step.status != Task.Status.OPEN for step in steps)
    return {
        "running": spell(max(0, int((now - one.activated_at).total_seconds()))),
        "since": timeline.when(one.activated_at, reader), "until": timeline.when(one.stood_down_at, reader),
        "steps": [step_row(step, one, reader, held) for step in steps], "n_steps": len(steps), "n_done": done,
        "seats": [_seat(seat) for seat in seats if seat.until is None],
        "former": [_seat(seat) for seat in seats if seat.until is not None],
        "stock": _stock(one, reader),
        "updates": [_update(due, one, reader) for due in emergencies.next_updates(one)],
        "told": [{"row": row, "who": Informed(row.audience).label, "when": timeline.when(row.at, reader)}
                 for row in one.updates.select_related("by").order_by("-at", "-pk")],
        "decisions": [{"row": row, "when": timeline.when(row.at, reader)}
                      for row in one.decisions.select_related("by").order_by("-at", "-pk")],
    }  # fmt: skip


def step_row(step: EmergencyStep, one: EmergencyActivation, reader: timeline.Reader, held: Held) -> Row:
    """Return a line of the checklist: what, who, by when, how late it is or was, and whether the reader may end it."""
    waits = step.status == Task.Status.OPEN
    return {
        "one": step, "after": minutes_words(step.minutes), "due": timeline.when(step.due_at, reader),
        "role": PlanRole(step.role).label, "waits": waits and one.is_active,
        "mine": one.drill or ticks(step, reader.user, held),
        "clock": clock(step.due_at, reader.now) if waits and one.is_active else None,
        "badge": _badge(step, one), "done": timeline.when(step.done_at, reader),
    }  # fmt: skip


def clock(due_at: datetime, now: datetime) -> Row:
    """Return a clock that runs day and night as _clock.html shows it."""
    left = int((due_at - now).total_seconds())
    state = "over" if left < 0 else "critical" if left < PLAIN_CRITICAL else "risk" if left < PLAIN_RISK else "running"
    words = _("{time} over") if left < 0 else _("{time} left")
    return {"state": state, "words": words.format(time=spell(abs(left))), "left": left, "due": due_at,
            "risk_at": PLAIN_RISK, "critical_at": PLAIN_CRITICAL}  # fmt: skip


def _badge(step: EmergencyStep, one: EmergencyActivation) -> tuple[str, str, str]:
    if step.status == Task.Status.CANCELLED:
        return "", "ban", str(EmergencyStep.Status.CANCELLED.label)
    if step.status == Task.Status.OPEN:
        if one.is_active:
            return "", "st1", str(EmergencyStep.Status.OPEN.label)
        return ("danger", "over", _("not done")) if one.drill else ("", "arrow", _("handed on"))
    if step.in_time:
        return "ok", "check", _("in time")
    assert step.done_at is not None
    late = int((step.done_at - step.due_at).total_seconds())
    return "danger", "late", _("{time} late").format(time=spell(late))


def _seat(seat: Any) -> Row:
    return {"role": PlanRole(seat.role).label, "name": seat.user.name, "phone": seat.phone,
            "instead_of": seat.instead_of.name if seat.instead_of else ""}  # fmt: skip


def _stock(one: EmergencyActivation, reader: timeline.Reader) -> list[Row]:
    """Return the resources of the plan with what is kept of each, by this incident and, while it runs, by others."""
    stock = list(one.plan.stock.select_related("keeper").order_by("pk"))
    mine, keys = reserving.held_for(one), [resource.key for resource in stock]
    kept = list(reserving.kept(*keys, since=reader.now)) if one.is_active else []
    return [
        _resource(each, [row for row in mine if row.key == each.key], [row for row in kept if row.key == each.key],
                  one, reader)
        for each in stock
    ]  # fmt: skip


def _resource(
    resource: Any, mine: list[Any], kept: list[Any], one: EmergencyActivation, reader: timeline.Reader
) -> Row:
    """Return a resource with what is kept of it for this incident, and every clash with what others keep."""
    return {
        "one": resource,
        "taken": sum(row.quantity for row in kept if row.from_at <= reader.now),
        "mine": [{"row": row, "from": timeline.when(row.from_at, reader), "until": timeline.when(row.until_at, reader),
                  "runs": one.is_active and row.until_at > reader.now,
                  "clash": _clash(row, kept, resource.quantity, reader)} for row in mine],
    }  # fmt: skip


def _clash(mine: Any, kept: list[Any], have: int, reader: timeline.Reader) -> str:
    """Return with which other cases together it is more than there is; nothing where there is enough."""
    since, others = max(mine.from_at, reader.now), [row for row in kept if row.pk != mine.pk]
    found = reserving.crowded(others, mine.quantity, have, since, mine.until_at) if mine.until_at > since else None
    if found is None:
        return ""
    refs = found.refs(beside=mine.activation_id)
    said = _("more than the {have} there are, with {refs}") if refs else _("more than the {have} there are")
    return said.format(have=have, refs=", ".join(refs))


def _update(due: emergencies.Due, one: EmergencyActivation, reader: timeline.Reader) -> Row:
    return {
        "audience": due.line.audience, "who": Informed(due.line.audience).label, "text": due.line.shown_text,
        "every": minutes_words(due.line.minutes), "role": PlanRole(due.line.role).label,
        "due": timeline.when(due.due_at, reader), "last": timeline.when(due.last.at, reader) if due.last else "",
        "clock": clock(due.due_at, reader.now) if one.is_active else None,
    }  # fmt: skip


@staff_only
@require_GET
def order(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the order of activation for paper: plan, grade, commander, tasks, time (DOMAIN §14)."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    one = _chosen(request, list(_activations(complaint)))
    if one is None:
        raise Http404
    words = {"complaint": complaint, "ref": ref, "one": one, "reader": reader, "grade": frame.grade(complaint),
             "customer_name": complaint.customer.name if complaint.customer else "",
             **content_of(one.plan), **page_of(one, reader)}  # fmt: skip
    return render(request, "complaints/incident_order.html", words)
