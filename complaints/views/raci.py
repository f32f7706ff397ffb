"""`/cases/<ref>/responsibilities/`: who does each action of a case, answers for it, is asked before, is told (RACI)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.doors import staff_only
from accounts.models import User
from complaints import acts, mends, raci, standing, timeline
from complaints.assigning import ACT
from complaints.gates import reason
from complaints.models import Complaint, Task
from complaints.raci import Action
from complaints.views import frame

Row = dict[str, Any]
Letters = dict[User, str]


@staff_only
@require_GET
def responsibilities(request: HttpRequest, ref: str) -> HttpResponse:
    """Show every action with the letters of its people, the open ones first."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    with standing.once(complaint):
        may = {name for name in (ACT, "hand_over_capa") if _allowed(name, complaint, reader.user)}
        shown = frame.head(request, complaint, "case-actions", reader)
    rows = [*_ours(complaint, reader, may), *_capa(complaint, reader, may)]
    rows.sort(key=lambda row: (row["done"], not row["nobody"]))
    people = sorted({person for row in rows for person in row["letters"]}, key=lambda one: (one.name, one.pk))
    for row in rows:
        row["cells"] = [_cell(person, row["letters"]) for person in people]
    shown |= {"rows": rows, "people": people, "missing": sum(row["nobody"] for row in rows)}
    return render(request, "complaints/raci.html", shown)


def _cell(person: User, letters: Letters) -> Row:
    return {"name": person.name, "letter": letters.get(person, ""), "gone": not person.is_active}


def _allowed(name: str, complaint: Complaint, user: User) -> bool:
    act = acts.get(name)
    return act is not None and acts.offer(act, complaint, user).allowed


def _ours(complaint: Complaint, reader: timeline.Reader, may: set[str]) -> Iterator[Row]:
    """Tasks and containment."""
    tasks = complaint.tasks.exclude(status=Task.Status.CANCELLED).order_by("due_at", "pk")
    contained = complaint.containment.filter(needed=True).order_by("pk")
    for rows in (contained, tasks):
        for action in rows.select_related("owner").prefetch_related("assignments__user"):
            yield _row(complaint, action, reader, may)


def _row(complaint: Complaint, action: Action, reader: timeline.Reader, may: set[str]) -> Row:
    done = raci.is_over(action)
    letters = {one.user: str(one.role) for one in sorted(action.assignments.all(), key=lambda one: one.role)}
    answering = next((person for person, letter in letters.items() if letter == "A"), None)
    if action.owner:
        letters[action.owner] = "/".join(filter(None, (letters.get(action.owner), "R")))
    gap = reason("action_unassigned", action=raci.code(action), text=raci.text(action))
    return {
        "kind": raci.kind_words(action), "what": raci.text(action), "due": timeline.when(action.due_at, reader),
        "over": bool(not done and action.due_at and action.due_at < reader.now), "done": done, "letters": letters,
        "nobody": not done and not raci.answers(answering), "gone": _gone(answering),
        "url": mends.address(complaint, ACT, gap) if ACT in may and not done else "",
    }  # fmt: skip


def _gone(answering: User | None) -> str:
    """Return who answers by the row but has no account any more."""
    return "" if answering is None or raci.answers(answering) else answering.name


def _capa(complaint: Complaint, reader: timeline.Reader, may: set[str]) -> Iterator[Row]:
    """Actions of prevention: the owner of the plan answers for each, the owner of the action does it."""
    plans = complaint.capas.order_by("pk").select_related("owner").prefetch_related("actions__owner")
    for plan in plans:
        for action in sorted(plan.actions.all(), key=lambda row: row.pk):
            if action.chosen:
                yield _capa_row(complaint, plan, action, reader, may)


def _capa_row(complaint: Complaint, plan: Any, action: Any, reader: timeline.Reader, may: set[str]) -> Row:
    done = action.done_at is not None
    letters = {plan.owner: "A"}
    letters[action.owner] = "A/R" if action.owner == plan.owner else "R"
    gap = reason("capa_unassigned", capa=plan.pk, number=plan.number, name=plan.owner.name)
    return {
        "kind": f"{action.get_kind_display()} · {plan.number}", "what": action.description,
        "due": timeline.date_words(action.due_on),
        "over": not done and action.due_on < reader.now.astimezone(reader.zone).date(), "done": done,
        "letters": letters, "nobody": not done and not raci.answers(plan.owner), "gone": _gone(plan.owner),
        "url": mends.address(complaint, "hand_over_capa", gap) if "hand_over_capa" in may and not done else "",
    }  # fmt: skip
