"""`/cases/<ref>/similar/`: cases like this one, what was done there, how it came out, and what they taught."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from accounts.doors import staff_only
from complaints import like_words, look_alikes
from complaints.look_alikes import Alike
from complaints.models import Complaint
from complaints.timeline import listed
from complaints.views import frame
from remediation import worked
from remediation.views.parts import Words, badge
from remediation.worked import Past, Tried

LIMIT = 20
LABELS = {
    worked.SOLVED: pgettext_lazy("outcome", "Solved"),
    worked.PARTLY: pgettext_lazy("outcome", "Partly solved"),
    worked.SILENT: pgettext_lazy("outcome", "No objection"),
    worked.CAME_BACK: pgettext_lazy("outcome", "Came back"),
    worked.OPEN: pgettext_lazy("outcome", "Not known yet"),
}
TONES = {
    worked.SOLVED: ("ok", "check"),
    worked.PARTLY: ("warn", "risk"),
    worked.SILENT: ("", "check"),
    worked.CAME_BACK: ("danger", "refresh"),
    worked.OPEN: ("", "st1"),
}


@staff_only
@require_GET
def of_case(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the cases most like this one with why, the remedies tried there by outcome, causes and lessons."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    alike = look_alikes.alike(complaint, reader.user, limit=LIMIT)
    cases = [one.case for one in alike]
    pasts = worked.pasts(cases, reader.user)
    words = {
        **frame.head(request, complaint, "case-similar", reader),
        "alike": [_alike(one, pasts[one.case.pk]) for one in alike],
        "tried": [_tried(row) for row in worked.tried(cases, pasts)],
        "outcomes": LABELS.values(),
        "lessons": list(_lessons(cases, pasts)),
    }
    return render(request, "remediation/similar.html", words)


def _alike(one: Alike, past: Past) -> Words:
    return {
        "row": one.case,
        "why": like_words.why(one),
        "badge": badge(past.outcome, LABELS[past.outcome], TONES),
        "remedies": listed(list(dict.fromkeys(str(line.get_kind_display()) for line, _outcome in past.remedies))),
        "causes": [f"{cause.get_code_display()}: {cause.text}" for cause in past.causes],
    }


def _tried(row: Tried) -> Words:
    return {
        "label": row.kind.label,
        "n": row.n,
        "counts": [(LABELS[name], row.cases[name]) for name in worked.OUTCOMES],
    }


def _lessons(cases: Sequence[Complaint], pasts: dict[int, Past]) -> Iterator[dict[str, Any]]:
    for case in cases:
        for lesson in pasts[case.pk].lessons:
            yield {"row": lesson, "case": case}
