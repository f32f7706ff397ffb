"""`/cases/<ref>/prevention/`: that it does not happen again, what it cost, and who bears it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.doors import staff_only
from complaints.models import Complaint
from complaints.timeline import Reader, joined, listed
from complaints.views import frame
from remediation.capa import CHECKING, WORKING
from remediation.forms.base import document_line
from remediation.models import Capa, CapaAction, CapaDeployment, Lesson
from remediation.models.kinds import CapaStatus, CostCategory, Recoverable
from remediation.views.parts import Acts, Words, badge, day, next_card, pair, sums, when

CAPA_TONES = {
    CapaStatus.OPEN: ("", "st1"),
    CapaStatus.PLANNED: ("", "st2"),
    CapaStatus.IN_WORK: ("info", "tools"),
    CapaStatus.IMPLEMENTED: ("info", "eye"),
    CapaStatus.EFFECTIVENESS_CHECK: ("info", "eye"),
    CapaStatus.CLOSED_EFFECTIVE: ("ok", "check"),
    CapaStatus.CLOSED_INEFFECTIVE: ("danger", "x"),
}
WHILE_WORKING = ("add_capa_action", "set_criterion", "add_similar", "implement_capa", "hand_over_capa")


@staff_only
@require_GET
def of_case(request: HttpRequest, ref: str) -> HttpResponse:
    """CAPAs with their actions and the proof of effect, lessons, costs, and the suppliers' shares."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    acts = Acts(complaint, reader.user, "prevention")
    words = {
        **frame.head(request, complaint, "case-prevention", reader),
        **next_card(acts, "prevention"),
        "capas": [_capa(row, acts, reader) for row in _capas(complaint)],
        "waiver": complaint.capa_waivers.filter(cycle=complaint.cycle).select_related("by").first(),
        "capa_acts": acts.heads("open_capa", "waive_capa"),
        "lessons": [_lesson(row, acts) for row in complaint.lessons.select_related("by", "approved_by").order_by("pk")],
        "lesson_acts": acts.heads("record_lesson"),
        **_costs(complaint, reader),
        "cost_acts": acts.heads("add_cost", "post_costs"),
        "charges": list(_charges(complaint)),
        "charge_acts": acts.heads("open_chargeback", "waive_chargeback"),
    }
    return render(request, "remediation/prevention.html", words)


def _capas(complaint: Complaint) -> list[Capa]:
    actions = CapaAction.objects.select_related("owner", "root_cause", "done_by").order_by("pk")
    rows = complaint.capas.select_related("owner", "sponsor", "checked_by").order_by("-pk")
    similar = CapaDeployment.objects.select_related("by").order_by("pk")
    return list(rows.prefetch_related(Prefetch("actions", actions), Prefetch("deployments", similar)))


def _capa(row: Capa, acts: Acts, reader: Reader) -> Words:
    working = row.status in WORKING
    names = WHILE_WORKING if working else ("check_effect", "hand_over_capa") if row.status in CHECKING else ()
    today = reader.now.astimezone(reader.zone).date()
    return {
        "row": row,
        "badge": badge(row.status, row.get_status_display(), CAPA_TONES),
        "facts": list(_facts(row, reader)),
        "actions": [_action(action, acts, working=working, today=today) for action in row.actions.all()],
        "similar": [_similar(one, acts, working=working) for one in row.deployments.all()],
        "acts": acts.links(row, *names, field="capa"),
    }


def _facts(row: Capa, reader: Reader) -> Iterator[Words]:
    yield pair(_("Owner"), row.owner.name, note=_("due {date}").format(date=day(row.due_on)))
    if row.sponsor:
        yield pair(_("Sponsor"), row.sponsor.name)
    if row.criterion_set_at:
        goal = _("{metric}: from {baseline} to {target}").format(
            metric=row.metric, baseline=row.baseline or "–", target=row.target
        )
        yield pair(_("Measured by"), goal, note=_("over {n} days").format(n=row.window_days))
    if row.weak_because:
        yield pair(_("Why only checks and instructions"), row.weak_because)
    if row.implemented_at:
        until = _("effect shows until {date}").format(date=day(row.window_until))
        yield pair(_("Carried out"), when(row.implemented_at, reader), note=until)
    if row.checked_by:
        yield pair(_("Checked"), joined(row.checked_by.name, when(row.checked_at, reader)), note=row.result)


def _action(action: CapaAction, acts: Acts, *, working: bool, today: Any) -> Words:
    done = action.done_at is not None
    state = ("ok", "check", _("Done")) if done else ("", "st1", _("Open"))
    state = state if action.chosen else ("", "ban", _("Not chosen"))
    open_ = action.chosen and not done
    return {
        "row": action,
        "strength": action.get_strength_display(),
        "documents": [document_line(row) for row in action.documents],
        "due": day(action.due_on),
        "over": open_ and action.due_on < today,
        "badge": dict(zip(("tone", "icon", "label"), state, strict=True)),
        "acts": acts.links(action, "finish_capa_action", field="action") if working and open_ else [],
    }


def _similar(row: CapaDeployment, acts: Acts, *, working: bool) -> Words:
    """Return a similar product or place as _gates.html shows it."""
    if row.applies is None:
        links = acts.links(row, "decide_similar", field="similar") if working else []
        link = {"url": links[0]["url"], "action": links[0]["label"]} if links else {}
        return {"text": row.text, "why": "" if links else _("not decided yet"), **link}
    said = _("applies: {why}") if row.applies else _("does not apply: {why}")
    return {"done": True, "text": row.text, "why": said.format(why=row.because)}


def _lesson(row: Lesson, acts: Acts) -> Words:
    links = acts.links(row, "approve_lesson", field="lesson") if row.approved_by is None else []
    return {"row": row, "acts": links}


def _costs(complaint: Complaint, reader: Reader) -> Words:
    rows = list(complaint.costs.select_related("by").order_by("on", "pk"))
    posted = complaint.costs_posted.filter(cycle=complaint.cycle, withdrawn_at=None).select_related("by").first()
    return {
        "costs": [
            {
                "row": row,
                "item": row.get_item_display(),
                "category": row.get_category_display(),
                "on": day(row.on),
                "back": Recoverable(row.recoverable_from).label if row.recoverable_from else "",
            }
            for row in rows
        ],
        "cost_sums": sums(row.amount for row in rows),
        "cost_back": sums(row.recovered for row in rows),
        "posted": _("posted by {who} {when}").format(who=posted.by.name, when=when(posted.at, reader))
        if posted
        else "",
        "categories": [
            pair(category.label, listed(found))
            for category in CostCategory
            if (found := sums(row.amount for row in rows if row.category == category))
        ],
    }


def _charges(complaint: Complaint) -> Iterator[Words]:
    for row in complaint.chargebacks.select_related("supplier").order_by("pk"):
        yield {"name": row.supplier.name, "amount": row.amount, "state": row.get_status_display(), "text": row.notice}
    for waiver in complaint.chargeback_waivers.select_related("supplier").order_by("pk"):
        name = waiver.supplier.name if waiver.supplier else _("All suppliers")
        yield {"name": name, "amount": None, "state": _("Not charged"), "text": waiver.because}
