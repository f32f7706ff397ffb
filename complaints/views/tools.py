"""`/tools/`: what-if questions about deadlines, grades and clauses; nothing is kept, the address holds the question."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.doors import requires
from complaints import calculators
from complaints.calculators.words import explained
from complaints.forms.entitlement import FIRST, LAYOUT, EntitlementForm, clauses, entitlement_form
from complaints.forms.tools import FORMS, ToolForm
from complaints.models.states import Grade
from complaints.views import entitlement_tool
from contracts.entitlement_words import KINDS
from worktime.words import say_instant, say_span

TITLES = {
    "deadline": gettext_lazy("When is it due?"),
    "period": gettext_lazy("Which day is the last?"),
    "grade": gettext_lazy("Which grade is it?"),
    "finance": gettext_lazy("What does it cost the project?"),
    "kpi": gettext_lazy("What is the figure?"),
    "entitlement": gettext_lazy("What does the clause give?"),
}


@requires("case.see")
@require_safe
def tools(request: HttpRequest) -> HttpResponse:
    """Go to the first tool."""
    return redirect("tool", name="deadline")


@requires("case.see")
@require_safe
def tool(request: HttpRequest, name: str) -> HttpResponse:
    """Show one tool; with a question in the address, its answer too."""
    if name == "entitlement":
        return _entitlement(request)
    if name not in FORMS:
        raise Http404
    asked = bool(request.GET)
    form = FORMS[name](request.GET) if asked else FORMS[name](initial=_first_values(name))
    answer = _answer(form) if asked and form.is_valid() else None
    status = 422 if asked and answer is None else 200
    words = {"name": name, "titles": TITLES, "title": TITLES[name], "form": form, "answer": answer}
    return render(request, "complaints/tool.html", words, status=status)


def _entitlement(request: HttpRequest) -> HttpResponse:
    """Show the form of one kind of clause; with its facts in the address, what the clause gives."""
    if request.GET.get("clause", FIRST) not in LAYOUT:
        raise Http404
    form = entitlement_form(request.GET)
    asked = form.is_bound
    answer = _given(form) if asked and form.is_valid() else None
    words = {
        "name": "entitlement", "titles": TITLES, "title": TITLES["entitlement"], "form": form, "answer": answer,
        "clauses": clauses(), "clause": form.clause, "clause_name": KINDS[form.clause],
    }  # fmt: skip
    return render(request, "complaints/tool.html", words, status=422 if asked and answer is None else 200)


def _given(form: EntitlementForm) -> dict[str, Any] | None:
    """Return what the clause gives in words, or None with the form's errors set at the facts they belong to."""
    try:
        found = calculators.ask(form.calculator, form.kind, form.question())
    except calculators.Unfit as unfit:
        for path, sentence in _placed(unfit.errors.get("input", unfit.errors)):
            form.add_error(form.place(path), sentence)
        return None
    return entitlement_tool.shown(form, found)


def _placed(errors: Any) -> list[tuple[str, str]]:
    """Return each sentence with the fact that it is about, "" for none."""
    if isinstance(errors, dict):
        facts = errors["facts"] if isinstance(errors.get("facts"), dict) else errors
        return [(str(path), sentence) for path, inner in facts.items() for sentence in _sentences(inner)]
    return [("", sentence) for sentence in _sentences(errors)]


def _first_values(name: str) -> dict[str, Any]:
    """Return an example that is near to the daily work."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    first: dict[str, dict[str, Any]] = {
        "deadline": {"start": now, "target": 48, "unit": "60"},
        "period": {"start_date": now.date(), "n": 15, "unit": "day", "calendar": "CN-STD", "roll": True},
        "grade": dict.fromkeys("SECR", "1"),
    }
    return first[name]


def _answer(form: ToolForm) -> dict[str, Any] | None:
    """Return the answer in words, or None with the form's errors set."""
    try:
        found = calculators.ask(form.calculator, form.kind, form.question())
    except calculators.Unfit as unfit:
        for sentence in _sentences(unfit.errors):
            form.add_error(None, sentence)
        return None
    return {
        "headline": HEADLINES[form.calculator](found.result),
        "rows": ROWS[form.calculator](found.result),
        "lines": [{"text": line["sentence"]} for line in explained(found)],
    }


def _sentences(errors: Any) -> list[str]:
    if isinstance(errors, dict):
        return [said for inner in errors.values() for said in _sentences(inner)]
    if isinstance(errors, list):
        return [said for inner in errors for said in _sentences(inner)]
    return [str(errors)]


def _instant(text: str | None) -> str:
    zone = timezone.get_current_timezone()
    return say_instant(datetime.fromisoformat(text), zone) if text else _("No due instant while it waits")


def _due_headline(result: dict[str, Any]) -> str:
    return _instant(result["due"])


def _due_rows(result: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [
        (_("{percent} % used").format(**warned), _instant(warned["at"]))
        for warned in result.get("warn", [])
        if warned["at"]
    ]
    if "remaining_minutes" in result:
        rows.append((_("Left"), say_span(result["remaining_minutes"] * 60)))
        rows.append((_("Due if it resumes now"), _instant(result["projected_due_if_resumed_now"])))
    return rows


def _period_headline(result: dict[str, Any]) -> str:
    return str(result["last_day"])


def _period_rows(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(_("Over at"), _instant(result["expires_at"]))]


def _grade_headline(result: dict[str, Any]) -> str:
    return str(Grade(f"G{result['grade']}").label)


def _grade_rows(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("Score"), str(result["score"])),
        (_("By the score"), f"G{result['base']}"),
        (_("With customer impact"), f"G{result['after_impact']}"),
    ]


HEADLINES = {"deadline": _due_headline, "period": _period_headline, "grade": _grade_headline}
ROWS = {"deadline": _due_rows, "period": _period_rows, "grade": _grade_rows}
