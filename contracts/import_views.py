"""Pages that bring contracts in from files, and give them out in the same form."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.doors import requires
from contracts import importing, paperfile, paperfile_words
from contracts.forms import ImportForm
from contracts.frame import contract_called, for_staff
from contracts.paperfile import Unreadable, nodes

EXAMPLE = Path(__file__).parent / "paperfile" / "example.yaml"
MOST_SAID = 50  # faults that the page lists
WRITERS = {"yaml": (paperfile.write_yaml, "application/yaml"), "json": (paperfile.write_json, "application/json")}


@require_http_methods(["GET", "POST"])
@for_staff
@requires("contracts.structure")
def import_contract(request: HttpRequest) -> HttpResponse:
    """Check a file and show what it would make, or every fault with its line; then make the contract."""
    if request.method == "GET":
        return render(request, "contracts/import.html", {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "contracts/import.html", {"form": form}, status=422)
    content = form.cleaned_data["content"]
    try:
        if request.POST.get("do") == "make":
            made = importing.bring_in(content, by=request.user, at=timezone.now())
            messages.success(request, _("Contract %(number)s is made. Legal can check its clauses.") % {"number": made})
            return redirect(made)
        return _import_page(request, content, {"ready": importing.check(content)})
    except Unreadable as problem:
        status = 409 if {fault.code for fault in problem.faults} == {"number_taken"} else 422
        return _import_page(request, content, {"faults": _faults(content, problem)}, status=status)


def _import_page(request: HttpRequest, content: bytes, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Show the page with the text of the file, so that it can be mended there."""
    try:
        text = nodes.decoded(content)
    except Unreadable:
        text = ""
    context |= {"form": ImportForm(initial={"text": text.replace("\0", "")}), "checked": True}
    return render(request, "contracts/import.html", context, status=status)


def _faults(content: bytes, problem: Unreadable) -> dict[str, Any]:
    """Return the first faults as (sentence, the line that they are about), and how many more there are."""
    try:
        lines = nodes.decoded(content).split("\n")
    except Unreadable:
        lines = []
    said = problem.faults[:MOST_SAID]
    rows = [(paperfile_words.say_with_place(fault), _line(lines, fault.line)) for fault in said]
    return {"rows": rows, "more": max(0, len(problem.faults) - MOST_SAID), "all": len(problem.faults)}


def _line(lines: list[str], number: int) -> str:
    """Return a line of the file, or "" where there is none of that number."""
    return lines[number - 1].strip()[:160] if 0 < number <= len(lines) else ""


@require_GET
@for_staff
def example(request: HttpRequest) -> HttpResponse:
    """The example file."""
    return _download(EXAMPLE.read_text(encoding="utf-8"), "application/yaml", "contract-example.yaml")


@require_GET
@for_staff
def export(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    """A contract in the form in which it can be brought in."""
    found = contract_called(request, ref)
    if form not in WRITERS:
        raise Http404
    write, kind = WRITERS[form]
    return _download(write(importing.paper_of(found)), kind, f"{found.ref}.{form}")


def _download(text: str, kind: str, name: str) -> HttpResponse:
    attached = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": attached or "attachment", "Cache-Control": "no-store"}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)
