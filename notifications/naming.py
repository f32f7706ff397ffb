"""What is told of responsibilities: who is named anew for an action, who is told of its end (DOMAIN §4.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from accounts.models import User
from audit.models import Event
from complaints import raci
from complaints.models import Assignment
from notifications.notice import Notice
from notifications.words import News, Raci

ToStaff = Callable[..., Iterator[Notice]]  # recipients._to_staff, which is the only one that knows whom not to tell


def assigned(event: Event, case: Any, to_staff: ToStaff) -> Iterator[Notice]:
    """Whoever has a letter that they did not have before; who is to do it gets it as a task."""
    action = raci.find(case, event.facts["action"])
    body, due_at = event.text("text") or "", getattr(action, "due_at", None)
    before = event.facts["before"]
    if event.facts["owner"] != before["owner"]:
        yield from to_staff(event, case, _people([event.facts["owner"]]), "task_given", body=body, due_at=due_at)
    for raci_letter, name in ((Raci.A, "accountable"), (Raci.C, "consulted"), (Raci.I, "informed")):
        new = [key for key in _keys(event.facts[name]) if key not in _keys(before[name])]
        if raci_letter == Raci.A:
            new = [key for key in new if key != event.facts["owner"] or before["owner"] == key]  # told by the task
        yield from to_staff(
            event, case, _people(new), "named_for_action", raci=raci_letter.value, body=body, due_at=due_at
        )


def ended(event: Event, case: Any, to_staff: ToStaff) -> Iterator[Notice]:
    """Those with an I, once a task is done or cancelled, or containment works; with its words and what came of it."""
    action = raci.find(case, event.facts.get("action") or f"task-{event.facts.get('task')}")
    if action is None:
        return
    told = action.assignments.filter(role=Assignment.Role.INFORMED).select_related("user").order_by("pk")
    came = getattr(action, "result", "") or getattr(action, "effect_evidence", "")
    body = "\n".join(filter(None, (raci.text(action), came)))
    people = [row.user for row in told]
    yield from to_staff(event, case, people, "case_news", news=News.ACTION_ENDED, body=body, happened_at=event.at)


def _keys(value: Any) -> list[int]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _people(keys: Iterable[int | None]) -> list[User]:
    return list(User.objects.filter(pk__in=[key for key in keys if key]).order_by("pk"))
