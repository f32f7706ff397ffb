"""`/cases/<ref>/grade/`: how the grade came to be; and the panel that follows the form that grades."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.doors import staff_only
from complaints import acts, grade_page, mends
from complaints.models import Complaint
from complaints.views import frame


@staff_only
@require_GET
def grade(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the grade that holds with its working, and those before."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    rows = complaint.gradings.select_related("by", "rules", "complaint").order_by("-at", "-pk")
    shown = [grade_page.kept(row) for row in rows]
    offer = acts.offer(acts.get("regrade"), complaint, reader.user)  # type: ignore[arg-type]
    words = {
        **frame.head(request, complaint, "case-grade", reader),
        "now": shown[0] if shown else None,
        "earlier": shown[1:],
        "regrade": mends.address(complaint, "regrade") if shown and offer.allowed else "",
    }
    return render(request, "complaints/grade.html", words)


@staff_only
@require_GET
def grade_panel(request: HttpRequest, ref: str) -> HttpResponse:
    """Answer the grade that the fields as they stand give."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), ref=ref)
    panel = grade_page.panel(complaint, request.GET.dict(), at=timezone.now())
    return render(request, "complaints/_grade_panel.html", {"panel": panel})
