"""`/cases/<ref>/actions/` and `…/history/`: everything that is to be done, and everything that happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.doors import staff_only
from accounts.models import User
from accounts.roles import Role
from audit.canonical import PRIVATE
from audit.models import Event
from complaints import escalation_queries, escalation_words, event_words, raci, response, seats, timeline
from complaints.models import Assignment, Complaint, Task
from complaints.models.states import Location
from complaints.views import frame

PAGE = 100
Row = dict[str, Any]


@staff_only
@require_GET
def actions(request: HttpRequest, ref: str) -> HttpResponse:
    """Tasks, containment, corrective and preventive actions in one table, the open ones first."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    kinds = (_escalations, _tasks, _containment, _capa)
    rows = [row for rows_of in kinds for row in rows_of(complaint, reader)]
    words = {
        **frame.head(request, complaint, "case-actions", reader),
        "rows": sorted(rows, key=lambda row: row["done"]),
        "offers": [frame.link(offer, complaint) for offer in frame.room_offers(complaint, reader.user, "actions")],
    }
    return render(request, "complaints/actions.html", words)


def _escalations(complaint: Complaint, reader: timeline.Reader) -> Iterator[Row]:
    """What is owed by a day: explanations of missed deadlines, and the answer to a call for a manager."""
    for row in escalation_queries.of(complaint, reader.user, reader.now):
        if row.due_at is None or not (row.waits or row.taken_at):
            continue
        act = "answer_call" if row.is_call else "explain_breach"
        owner = complaint.owner.name if complaint.owner else Role.CSL.label
        may = row.waits and (row.mine if row.is_call else reader.user.may("clock.explain_breach"))
        yield {
            "kind": _("Escalation"), "what": escalation_words.what(row), "because": row.text,
            "who": row.taken_by or (Role.QM.label if row.is_call else owner),
            "due": escalation_words.by_words(row.due_at, reader), "over": row.waits and row.due_at < reader.now,
            "done": not row.waits, "state": _undone() if row.waits else Task.Status.DONE.label,
            "blocking": row.is_call and row.waits, "act": _act(complaint, act, "") if may else "",
            "act_label": _("Answer") if row.is_call else _("Explain"),
        }  # fmt: skip


def _tasks(complaint: Complaint, reader: timeline.Reader) -> Iterator[Row]:
    held = seats.held_by(reader.user, complaint)
    for task in _with_letters(complaint.tasks.select_related("step").order_by("due_at", "pk")):
        is_open = task.status == "OPEN"
        may = response.may_finish(task, reader.user, held)
        yield {
            "kind": _("Task"), "what": task.text, "because": task.result, "who": task.owner and task.owner.name,
            "answers": _answers(task, waits=is_open),
            "due": timeline.when(task.due_at, reader), "over": is_open and task.due_at and task.due_at < reader.now,
            "done": not is_open, "state": task.get_status_display(), "blocking": task.blocking and is_open,
            "act": _act(complaint, "finish_task", f"?task={task.pk}") if is_open and may else "",
            "act_label": _("Finish"),
        }  # fmt: skip


def _containment(complaint: Complaint, reader: timeline.Reader) -> Iterator[Row]:
    may = reader.user.may("response.record")
    for action in _with_letters(complaint.containment.order_by("pk")):
        done = not action.needed or action.effective_at is not None
        effect = _("{percent} % contained").format(percent=action.effect_percent) if action.effective_at else ""
        yield {
            "kind": _("Containment"), "what": action.action or _("not needed"),
            "because": " · ".join(filter(None, (str(Location(action.location).label), action.because, effect))),
            "who": action.owner and action.owner.name, "answers": _answers(action, waits=not done),
            "due": timeline.when(action.due_at, reader),
            "over": not done and action.due_at and action.due_at < reader.now, "done": done,
            "state": _("Effective") if action.effective_at else _("Not needed") if done else _undone(),
            "act": _act(complaint, "prove_containment", f"?action={action.pk}") if not done and may else "",
            "act_label": _("Prove the effect"),
        }  # fmt: skip


def _capa(complaint: Complaint, reader: timeline.Reader) -> Iterator[Row]:
    """Read the higher room's plans by their reverse relation."""
    may = reader.user.may("capa.record")
    plans = complaint.capas.order_by("pk").select_related("owner")
    for capa in plans.prefetch_related("actions__owner", "actions__root_cause"):
        for action in sorted(capa.actions.all(), key=lambda row: row.pk):
            done = action.done_at is not None or not action.chosen
            cause = _("against: {cause}").format(cause=action.root_cause.text) if action.root_cause else ""
            yield {
                "kind": action.get_kind_display(), "what": action.description,
                "because": " · ".join(filter(None, (capa.number, cause, action.evidence))),
                "who": action.owner.name, "answers": "" if done else _answers_in_words(capa.owner),
                "due": timeline.date_words(action.due_on),
                "over": not done and action.due_on < reader.now.astimezone(reader.zone).date(), "done": done,
                "state": _("Done") if action.done_at else _undone() if action.chosen else _("Not chosen"),
                "act": _act(complaint, "finish_capa_action", f"?action={action.pk}") if not done and may else "",
                "act_label": _("Finish"),
            }  # fmt: skip


def _with_letters(rows: Any) -> Any:
    answering = Assignment.objects.filter(role=Assignment.Role.ACCOUNTABLE).select_related("user")
    return rows.select_related("owner").prefetch_related(Prefetch("assignments", answering, to_attr="answering"))


def _answers(action: Any, *, waits: bool) -> str:
    """Return who answers for an action that waits."""
    return _answers_in_words(action.answering[0].user if action.answering else None) if waits else ""


def _answers_in_words(person: User | None) -> str:
    if person is None or not raci.answers(person):
        return _("nobody answers for it")
    return _("{name} answers for it").format(name=person.name)


def _undone() -> str:
    return pgettext("to be done", "Open")


def _act(complaint: Complaint, name: str, query: str) -> str:
    return reverse("case-do", args=[complaint.ref, name]) + query


@staff_only
@require_GET
def history(request: HttpRequest, ref: str) -> HttpResponse:
    """The trail of the case as it was written: what, who, when, with which facts."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    events = Event.objects.of("case", complaint.uuid).prefetch_related("texts")
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    names = dict(User.objects.filter(pk__in={event.by_id for event in page}).values_list("pk", "name"))
    words = {
        **frame.head(request, complaint, "case-history", reader),
        "page": page,
        "rows": [_event(event, names, reader) for event in page],
    }
    return render(request, "complaints/history.html", words)


def _event(event: Event, names: dict[int, str], reader: timeline.Reader) -> Row:
    texts = {private.name: private.text for private in event.texts.all()}
    facts = [(name, value) for name, value in event.facts.items() if not _is_digest(name)]
    return {
        "seq": event.seq, "kind": event.kind, "what": event_words.say(event.kind, event.facts, texts),
        "who": names.get(event.by_id or 0, _("the system")), "at": event.at,
        "recorded_later": abs((event.recorded_at - event.at).total_seconds()) > 60, "recorded_at": event.recorded_at,
        "facts": facts, "texts": sorted(texts.items()), "hash": event.hash[:12],
    }  # fmt: skip


def _is_digest(name: str) -> bool:
    """Tell whether a fact only stands for an erasable text."""
    return name == PRIVATE
