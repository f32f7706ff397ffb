"""`/tools/finance/`, `/tools/kpi/`: what-if questions about sums; each kind has its form, the address holds all."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import requires
from complaints import calculators
from complaints.forms import finance_tools, kpi_tools
from complaints.forms.sum_base import SumForm
from complaints.sum_words import Shown, show
from complaints.views.tools import TITLES

GROUPS = {"finance": finance_tools.KINDS, "kpi": kpi_tools.KINDS}


@requires("case.see")
@require_safe
def sum_tool(request: HttpRequest, name: str) -> HttpResponse:
    """Show the form of one kind of question; with a question in the address, its answer too."""
    forms = {form.kind: (form, label) for _group, kinds in GROUPS[name] for form, label in kinds}
    kind = request.GET.get("kind", next(iter(forms)))
    if kind not in forms:
        raise Http404
    shape, label = forms[kind]
    asked = bool(set(request.GET) - {"kind"})
    form = shape(request.GET) if asked else shape(initial=shape.example)
    answer = _answer(form) if asked and form.is_valid() else None
    status = 422 if asked and answer is None else 200
    words = {
        "name": name, "titles": TITLES, "title": TITLES[name], "kind": kind, "kind_label": label, "form": form,
        "shown": answer, "groups": GROUPS[name], "chosen": "kind" in request.GET, "note": _note(answer),
    }  # fmt: skip
    return render(request, "complaints/sum_tool.html", words, status=status)


def _answer(form: SumForm) -> Shown | None:
    """Return the answer in words, or None with the form's errors set."""
    try:
        return show(form, calculators.ask(form.calculator, form.kind, form.question()))
    except calculators.Unfit as unfit:
        form.refuse(unfit.errors)
        return None


def _note(answer: Any) -> str:
    return _("Computed for review; neither accounting nor legal advice.") if answer else ""
