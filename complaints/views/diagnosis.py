"""`/cases/<ref>/diagnosis/`: what is wrong, where it lies, why it arose and why it escaped, and who bears it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.doors import staff_only
from complaints import acts, guards, standing, timeline
from complaints.acts import Offer
from complaints.models import Attendance, Complaint
from complaints.models.states import GRID_ROWS, Location, Party
from complaints.next_step import FORWARD
from complaints.views import frame
from complaints.views.causes import causes
from complaints.views.measurements import measurements
from complaints.words import part_label

ROOMS = ("response", "diagnosis")


@staff_only
@require_GET
def diagnosis(request: HttpRequest, ref: str) -> HttpResponse:
    """The diagnosis with all its parts, each with the act that adds to it and who may."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    with standing.once(complaint):
        words = {**frame.head(request, complaint, "case-diagnosis", reader), **_parts(complaint, reader)}
    words["partnav"] = _partnav(words)
    words["tabs"] = [{**tab, "count": words["causes"]["findings"] or ""} if tab["current"] else tab
                     for tab in words["tabs"]]  # fmt: skip
    return render(request, "complaints/diagnosis.html", {**words, **_named_parts(words["parts"])})


def _parts(complaint: Complaint, reader: timeline.Reader) -> dict[str, Any]:
    desk = Desk(complaint, reader)
    return {
        "desk": desk,
        "way_on": _way_on(complaint, reader),
        "parts": [_statement(desk), _extent(desk), _meetings(desk), _containment(desk), _initial(desk)],
        "measurements": measurements(desk),
        "causes": causes(desk),
        "shares": _shares(desk),
        "entitlement": _entitlement(desk),
        "finance": _finance(desk),
        "team": desk.team(),
    }


def _named_parts(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {part["id"]: part for part in parts}


class Desk:
    """The case, its reader, and what the reader may do here."""

    def __init__(self, complaint: Complaint, reader: timeline.Reader) -> None:
        self.complaint, self.reader, self.cycle = complaint, reader, complaint.cycle
        self.roles: set[str] = set()
        self._read: dict[tuple[str, ...], list[Any]] = {}

    def offer(self, name: str) -> Offer | None:
        act = acts.get(name)
        return acts.offer(act, self.complaint, self.reader.user) if act else None

    def do(self, name: str, query: str = "", label: Any = "") -> dict[str, Any]:
        """Return an act as a link, or who may do it; {} where the state does not allow it."""
        offer = self.offer(name)
        if offer is None or offer.blocked_by:
            return {}
        if not offer.permitted:
            return {"who": timeline.listed(role.label for role in sorted(offer.roles) if role != "CUS")}  # type: ignore[attr-defined]
        return {"url": reverse("case-do", args=[self.complaint.ref, name]) + query, "label": label or offer.act.label}

    def rows(self, relation: str, *related: str, order: str = "pk") -> list[Any]:
        """Return the rows of this cycle, read once a page."""
        key = (relation, order, *related)
        if key not in self._read:
            found = getattr(self.complaint, relation).filter(cycle=self.cycle).order_by(order, "pk")
            self._read[key] = list(found.select_related(*related) if related else found)
        return self._read[key]

    def team(self) -> list[dict[str, str]]:
        """Return the seats of the team."""
        rows = self.complaint.team.filter(cycle=self.cycle, left_at=None).select_related("user").order_by("pk")
        return [{"name": row.get_seat_display(), "value": row.user.name} for row in rows]

    def when(self, moment: Any) -> str:
        return timeline.when(moment, self.reader)


def _way_on(complaint: Complaint, reader: timeline.Reader) -> dict[str, Any]:
    """Return the move that leads out of response or diagnosis, or what it lacks."""
    name = FORWARD.get(complaint.state, "")
    act = acts.get(name)
    if act is None or act.room not in ROOMS:
        return {}
    offer = acts.offer(act, complaint, reader.user)
    gaps = frame.sentences(offer.blocked_by)
    return {"label": act.label, "url": frame.link(offer, complaint)["url"] if offer.allowed else "", "gaps": gaps,
            "may": offer.permitted}  # fmt: skip


def _part(name: str, title: str, done: bool, do: Iterable[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"id": name, "title": title, "done": done, "do": [each for each in do if each], **more}


def _statement(desk: Desk) -> dict[str, Any]:
    row = next(iter(desk.rows("defect_statements", "written_by", "extent_final_by")), None)
    grid = {cells["row"]: cells for cells in row.grid} if row else {}
    lines = [{"label": label, **grid[code]} for code, label in GRID_ROWS.items() if code in grid]
    compare = {"url": reverse("case-units", args=[desk.complaint.ref]), "label": _("Compare units")}
    return _part("problem", _("Problem"), bool(row), [desk.do("state_defect"), compare], row=row, grid=lines)


def _extent(desk: Desk) -> dict[str, Any]:
    rows = list(desk.complaint.affected_items.select_related("lot").order_by("pk"))
    stated = desk.rows("defect_statements", "written_by", "extent_final_by")
    statement = next((row for row in stated if row.extent_final_at), None)
    lines = [{"where": Location(row.location).label, "row": row} for row in rows]
    names = ("total", "confirmed", "good", "unknown")
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    final = [] if statement or not rows else [desk.do("finish_extent")]
    trace = {"url": reverse("case-lots", args=[desk.complaint.ref]), "label": _("Trace the lots")}
    do = [desk.do("record_extent"), trace, *final]
    return _part("extent", _("Extent"), bool(statement), do, rows=lines, sums=sums,
                 final=statement and desk.when(statement.extent_final_at))  # fmt: skip


def _seat(attendance: Attendance) -> str:
    return pgettext("a person, their department", "{name} ({department})").format(
        name=attendance.user.name, department=attendance.department
    )


def _meetings(desk: Desk) -> dict[str, Any]:
    rows = list(
        desk.complaint.meetings.filter(cycle=desk.cycle)
        .prefetch_related(Prefetch("attendances", Attendance.objects.select_related("user", "department")))
        .order_by("held_at", "pk")
    )  # fmt: skip
    lines = [
        {"row": row, "when": desk.when(row.held_at),
         "who": timeline.listed(_seat(one) for one in row.attendances.all())}
        for row in rows
    ]  # fmt: skip
    return _part("meeting", _("Response meeting"), bool(rows), [desk.do("hold_meeting")], rows=lines)


def _containment(desk: Desk) -> dict[str, Any]:
    rows = desk.rows("containment", "owner")
    lines = [
        {
            "where": Location(row.location).label, "row": row, "due": desk.when(row.due_at) if row.due_at else "",
            "since": desk.when(row.effective_at) if row.effective_at else "",
            "do": desk.do("prove_containment", f"?action={row.pk}") if row.needed and not row.effective_at else {},
        }
        for row in rows
    ]  # fmt: skip
    return _part("containment", _("Containment"), bool(rows), [desk.do("contain")], rows=lines)


def _initial(desk: Desk) -> dict[str, Any]:
    rows = desk.rows("initial_analyses", "written_by", "approved_by", "contact_person", order="-number")
    latest = rows[0] if rows else None
    missing = [part_label(part) for part in guards.missing_parts(latest)] if latest else []
    named = ("description", "extent", "suspected_cause", "test_plan", "containment", "remedy_direction", "next_dates",
             "questions")  # fmt: skip
    said = {name: getattr(latest, name) for name in named} if latest else {}
    facts = [{"name": part_label(name), "value": value} for name, value in said.items() if value]
    todo = [desk.do("write_initial")]
    if latest and not missing and not latest.approved_by_id:
        todo.append(desk.do("approve_initial", f"?number={latest.number}"))
    if latest and latest.approved_by_id and not latest.sent_at:
        todo.append(desk.do("send_initial"))
    sent = next((row for row in rows if row.sent_at), None)
    return _part("initial", _("Initial analysis"), bool(sent), todo, row=latest, facts=facts, missing=missing,
                 sent=desk.when(sent.sent_at) if sent else "")  # fmt: skip


# Conclusion -----------------------------------------------------------------------------------------------------------


def _shares(desk: Desk) -> dict[str, Any]:
    latest = next(iter(desk.rows("attributions", "proposed_by", "approved_by", order="-number")), None)
    rows = list(latest.shares.select_related("supplier").order_by("-basis_points", "pk")) if latest else []
    lines = [
        {"party": Party(row.party).label, "supplier": row.supplier, "because": row.because,
         "percent": f"{Decimal(row.basis_points) / 100:.2f}", "width": row.basis_points // 100}
        for row in rows
    ]  # fmt: skip
    approve = desk.do("approve_attribution") if latest and not latest.approved_by_id else {}
    done = bool(latest and latest.approved_by_id)
    return _part("shares", _("Who bears it"), done, [desk.do("attribute"), approve], row=latest, rows=lines,
                 approved=desk.when(latest.approved_at) if done and latest else "")  # fmt: skip


def _entitlement(desk: Desk) -> dict[str, Any]:
    rows = desk.rows("entitlements", "by", "contract_version", order="-number")
    latest = rows[0] if rows else None
    clauses = list(latest.clauses.order_by("number", "pk")) if latest else []
    return _part("entitlement", _("Entitlement"), bool(rows), [desk.do("assess_entitlement")], row=latest,
                 clauses=clauses, when=desk.when(latest.at) if latest else "")  # fmt: skip


def _finance(desk: Desk) -> dict[str, Any]:
    latest = next(iter(desk.rows("finance_impacts", "by", order="-number")), None)
    facts = [
        (_("Delay of the project, days"), latest.delay_days), (_("Payments at risk"), latest.payments_at_risk),
        (_("Retention at risk"), latest.retention_at_risk), (_("Cost of the remedy"), latest.remedy_cost),
        (_("Reputation"), _("{n} of 5").format(n=latest.reputation)),
        (_("Lender"), _("must be told") if latest.lender_material else _("need not be told")),
    ] if latest else []  # fmt: skip
    reckon = desk.do("assess_impact")
    do = [reckon if reckon.get("url") else desk.do("assess_finance")]
    return _part("finance", _("Project impact"), bool(latest), do, row=latest,
                 facts=[{"name": name, "value": str(value), "num": True} for name, value in facts],
                 when=desk.when(latest.at) if latest else "")  # fmt: skip


def _partnav(words: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parts as the bar above them shows them."""
    named = words["causes"]
    whole = all(leg["settled"] for leg in named["legs"][:2])
    part = {"id": "causes", "title": _("Causes"), "done": whole, "count": named["findings"]}
    return [
        *words["parts"],
        words["measurements"],
        part,
        named["fishbone"],
        words["shares"],
        words["entitlement"],
        words["finance"],
    ]
