"""The page that shows every shared part of the pages in every state, to be looked at and compared."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User


class Sample(forms.Form):
    """One field of every kind, some required."""

    customer = forms.CharField(help_text="C-0412, 2 open cases, contract in force")
    contact = forms.ChoiceField(choices=[("li", "Ms Li Na, 138****1402"), ("wu", "Mr Wu Jun, 139****2210")])
    came_by = forms.ChoiceField(
        choices=[("phone", "Phone"), ("mail", "Mail"), ("visit", "Site visit")], widget=forms.RadioSelect
    )
    wants = forms.MultipleChoiceField(
        choices=[("rework", "Rework on site"), ("pay", "Compensation"), ("swap", "Replacement")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    story = forms.CharField(label="In their words", widget=forms.Textarea(attrs={"rows": 3}))
    found_on = forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    seen_at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), required=False)
    units = forms.IntegerField(label="Affected", min_value=1, initial=1)
    told = forms.BooleanField(label="The customer knows what happens next", required=False)


GIVEN = {
    "customer": "Huaneng Wind Zhangbei",
    "came_by": "phone",
    "wants": ["rework", "pay"],
    "story": "Unit 3 vibrates at 1 450 rpm since Monday. They stopped it yesterday evening.",
    "units": "1",
}


@login_required
def ui(request: HttpRequest) -> HttpResponse:
    """Show the gallery to people of our own company."""
    if not (isinstance(request.user, User) and request.user.is_staff_member):
        raise PermissionDenied
    return render(request, "settings/ui.html", _samples(timezone.now()))


@login_required
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys that press things."""
    return render(request, "settings/keys.html", {"groups": _keys()})


def _samples(now: datetime) -> dict[str, Any]:
    broken = Sample(GIVEN | {"found_on": ""}, auto_id="broken_%s")
    return {
        "clocks": _clocks(now),
        "dials": _dials(now),
        "steps": _steps(),
        "side": [{"state": "todo", "label": "Prevent 0 of 2"}],
        "fine": Sample(initial=GIVEN | {"found_on": "2026-05-11"}),
        "broken": broken,
        "reasons": [
            {"text": "Containment is missing. Add it to start the diagnosis.", "url": "#", "action": "Add"},
            {"text": "Only the quality lead may propose compensation.", "who": "Zhao Min"},
        ],
        "gates": _gates(),
        "entries": _entries(now),
        "verdicts": _verdicts(),
        "tiles": _tiles(),
        "heat": _heat(),
        "facts": _facts(),
        "page": Paginator(range(214), 50).page(2),
        "found": {"at": "10:12", "resume": "#", "discard": "#"},
    }


def _clocks(now: datetime) -> list[dict[str, Any]]:
    """Return one clock per state; those with `left` tick."""
    return [
        {"state": "over", "words": "2 h 10 m over", "name": "analysis", "left": -7830, "due": now},
        {"state": "critical", "words": "9 m left", "name": "customer update 14:41", "left": 570, "critical_at": 600},
        {"state": "risk", "words": "48 m left", "name": "first response 15:20", "left": 2880, "risk_at": 3600},
        {"state": "running", "words": "Fri 17:00", "name": "containment", "left": 95000, "risk_at": 3600},
        {"state": "paused", "words": "paused", "name": "customer since Mon"},
        {"state": "met", "words": "met", "name": "59 m early"},
        {"state": "late", "words": "12 m late", "name": "triage"},
    ]


def _dials(now: datetime) -> list[dict[str, Any]]:
    names = ("Analysis", "Customer update", "First response", "Containment", "Warranty check", "Receipt", "Triage")
    notes = (
        "was due 12:22, escalated to Zhao Min",
        "due 14:41",
        "due today 15:20, warned 14:20",
        "23 h 51 m left",
        "waiting for customer since 14:20",
        "14:06, 59 m early",
        "14:23, was due 14:20",
    )
    shares = (100, 92, 36, 6, 34, 3, 100)
    return [
        clock | {"name": name, "note": note, "used": used, "url": "#"}
        for clock, name, note, used in zip(_clocks(now), names, notes, shares, strict=True)
    ]


def _steps() -> list[dict[str, str]]:
    later = ("Propose", "Carry out", "Follow up", "Closed")
    return [
        {"state": "done", "label": "Received", "url": "#"},
        {"state": "now", "label": "Respond", "url": "#", "icon": "st2"},
        {"state": "todo", "label": "Diagnose", "url": "#", "reason": "Containment is missing"},
        *({"state": "todo", "label": label, "url": "#"} for label in later),
    ]


def _gates() -> list[dict[str, Any]]:
    return [
        {"done": True, "text": "Customer told what happens next"},
        {"text": "Containment not recorded yet", "url": "#", "action": "Add"},
        {"locked": True, "text": "Start diagnosis", "why": "containment is missing"},
    ]


def _entries(now: datetime) -> list[dict[str, Any]]:
    """Return one timeline entry per kind."""
    delivered = {"tone": "ok", "icon": "check", "label": "Delivered"}
    files = [{"url": "#", "thumb": "", "name": "Unit 3, drive end"}, {"url": "#", "thumb": "", "name": "Spectrum"}]
    folded = [
        {"what": "Receipt sent to li.na@hnwind.example", "time": "14:06"},
        {"what": "Six clocks started", "time": "14:05"},
    ]
    entries: list[dict[str, Any]] = [
        {
            "kind": "customer",
            "who": "Li Na",
            "initials": "LN",
            "what": "customer, by phone",
            "body": GIVEN["story"],
            "files": files,
        },
        {"kind": "system", "what": "2 automatic entries: receipt sent, clocks started", "folded": folded},
        {
            "kind": "internal",
            "who": "Wang Li",
            "initials": "WL",
            "body": "Same lot as QC-2026-00098? Both came out of B2309.",
        },
        {"kind": "system", "icon": "pause", "what": "Warranty check paused: waiting for the commissioning record"},
        {
            "kind": "decision",
            "who": "Graded High",
            "what": "Decision by Zhao Min",
            "body": "Work stopped and a milestone falls in 18 days.",
        },
        {
            "kind": "ours",
            "who": "Lin Qiao",
            "initials": "LQ",
            "me": True,
            "what": "to Li Na, by mail",
            "badge": delivered,
            "body": "Thank you for calling, Ms Li.",
        },
    ]
    return [{"at": now, "time": f"14:{minute:02}"} | entry for minute, entry in enumerate(entries, start=5)]


def _verdicts() -> list[dict[str, Any]]:
    lines = [
        {"tone": "yes", "text": "Contract version 2, in force on delivery 3 Sep 2025 (p. 14)"},
        {
            "tone": "ask",
            "text": "Days stopped is open. Today: 1 day, since 13 May.",
            "url": "#",
            "action": "Add end date",
        },
        {"tone": "no", "text": "Speed stayed below 1 500 rpm: no improper use"},
    ]
    sums = [
        {"label": "1,200,000.00 × 0.05 % × 1 day", "amount": "600.00"},
        {"label": "So far, CNY", "amount": "600.00", "total": True},
    ]
    return [
        {
            "no": "§7.2",
            "name": "Guarantee 24 months",
            "tone": "ok",
            "icon": "check",
            "word": "Applies",
            "why": "because month 8 of 24",
        },
        {
            "no": "§9.1",
            "name": "Delay damages",
            "tone": "warn",
            "icon": "risk",
            "word": "Needs a fact",
            "why": "because the days stopped are not known",
            "lines": lines,
            "sums": sums,
            "open": True,
        },
        {
            "no": "§6.3",
            "name": "Acceptance",
            "tone": "info",
            "icon": "clock",
            "word": "Disputed",
            "why": "ends 20 May; the customer counts otherwise",
        },
        {
            "no": "§8.1",
            "name": "Improper use",
            "tone": "",
            "icon": "x",
            "word": "Does not apply",
            "why": "because speed stayed below 1 500 rpm",
        },
    ]


def _tiles() -> list[dict[str, Any]]:
    return [
        {"name": "Breached", "num": "3", "tone": "danger", "icon": "over", "note": "oldest 2 h 10 m, target 0"},
        {"name": "At risk", "num": "7", "tone": "warn", "icon": "risk", "note": "next 9 m, QC-2026-00117"},
        {"name": "Waiting for my approval", "num": "2", "note": "CNY 17,050.00 in all"},
        {
            "name": "SLA met, 30 days",
            "num": "94.1",
            "unit": "%",
            "change": "▼ 1.2",
            "change_tone": "bad",
            "note": "target 95",
        },
        {"name": "Open cases", "num": "61", "note": "median age 6 d"},
        {
            "name": "Cost, 30 days",
            "num": "182,400",
            "unit": "CNY",
            "change": "▼ 8 %",
            "change_tone": "good",
            "note": "budget 200,000",
        },
    ]


def _heat() -> dict[str, Any]:
    counts = {"Received": (5, 0, 0, 0), "Diagnose": (4, 9, 5, 1), "Carry out": (0, 2, 5, 4)}
    rows = [
        {
            "label": label,
            "cells": [{"n": n, "level": min(4, (n + 2) // 2), "url": "#"} for n in row],
            "sum": sum(row),
        }
        for label, row in counts.items()
    ]
    totals = [sum(column) for column in zip(*counts.values(), strict=True)]
    columns = ["0–2 d", "3–7 d", "8–14 d", "> 14 d"]
    return {"columns": columns, "rows": rows, "totals": [*totals, sum(totals)]}


def _facts() -> list[dict[str, Any]]:
    return [
        {"name": "Product", "value": "WT-G3 gearbox"},
        {"name": "Serial, batch", "value": "B2309-77", "url": "#"},
        {"name": "At stake", "value": "CNY 42,000,000.00", "num": True},
        {"name": "First response", "value": "today 15:20", "note": "4 h working time"},
        {"name": "Commissioned", "value": ""},
    ]


def _keys() -> list[SimpleNamespace]:
    """Return the keys in groups, each a list of (keys, what they do)."""
    anywhere = [
        (["/"], _("Search")),
        (["C"], _("New complaint")),
        (["Ctrl", "K"], _("Go to or do anything on the page by its name")),
        (["?"], _("This page")),
        (["G", "Q"], _("Go to the queue")),
        (["G", "C"], _("Go to the cases")),
        (["G", "V"], _("Go to the visits")),
        (["G", "D"], _("Go to the dashboard")),
        (["1"], _("Dashboard: open the first figure, with 2 the second, and so on")),
    ]
    lists = [
        (["J"], _("Next row")),
        (["K"], _("Previous row")),
        (["Enter"], _("Open")),
        (["X"], _("Tick the row")),
        (["W"], _("Work next")),
    ]
    case = [
        (["E"], _("The next action")),
        (["R"], _("Reply to the customer")),
        (["N"], _("Internal note")),
        (["T"], _("Timeline")),
        (["D"], _("Diagnosis")),
        (["W"], _("Diagnosis: write why it occurred")),
        (["M"], _("Diagnosis: paste readings")),
    ]
    editing = [
        (["Ctrl", "Enter"], _("Send the form")),
        (["Enter"], _("In a tree of whys: ask the next why")),
        (["Shift", "Enter"], _("In a tree of whys: another cause at this level")),
        (["Alt", "↑ ↓"], _("In a tree of whys: move the row")),
        (["Backspace"], _("In a tree of whys: remove an empty row")),
    ]
    return [
        SimpleNamespace(name=_("Anywhere"), keys=anywhere),
        SimpleNamespace(name=_("In a list"), keys=lists),
        SimpleNamespace(name=_("In a case"), keys=case),
        SimpleNamespace(name=_("While writing"), keys=editing),
    ]
