"""`/dashboard/`: the figures, what stands behind those that are not cases, and each as CSV."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import requires
from complaints.models.states import Metric
from insights import queries
from insights.board import Board
from insights.exports import FIGURES, as_csv
from insights.scope import Scope

ROWS = 100


def _board(request: HttpRequest) -> Board:
    now = timezone.now()
    return Board(Scope.read(request.GET, now), request.user, now, timezone.get_current_timezone())


@requires("dashboard.see")
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show how the house stands; the period and the filters stand in the address."""
    return render(request, "insights/dashboard.html", {"board": _board(request)})


@requires("dashboard.see")
@require_safe
def figure_csv(request: HttpRequest, figure: str) -> HttpResponse:
    """Return one figure as a file."""
    if figure not in FIGURES:
        raise Http404
    text = as_csv(FIGURES[figure](_board(request)))
    headers = {"Content-Disposition": f'attachment; filename="{figure}.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@requires("proposal.approve")
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """List what waits for this person's approval."""
    board = _board(request)
    rows = [board.review(row) for row in board.waiting]
    return render(request, "insights/approvals.html", {"rows": rows, "board": board})


@requires("dashboard.see")
@require_safe
def behind(request: HttpRequest, name: str) -> HttpResponse:
    """List the clocks, surveys, answers or visits that a number counts."""
    if name not in LISTS:
        raise Http404
    board = _board(request)
    title, rows = LISTS[name](board, request.GET)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, f"insights/{name}.html", {"title": title, "page": page, "board": board})


def _clocks(board: Board, said: Any) -> tuple[str, Any]:
    metric = said.get("metric", "") if said.get("metric") in Metric.values else ""
    which = {name: said.get(name, "") for name in ("result", "grade")}
    titles = {"met": _("Clocks met"), "missed": _("Clocks missed")}
    title = titles.get(which["result"], _("Clocks decided"))
    rows = queries.decided(board.scope, board.user, board.now, metric=metric, **which)
    return (f"{title}: {Metric(metric).label}" if metric else title), rows


LISTS: dict[str, Callable[[Board, Any], tuple[str, Any]]] = {
    "clocks": _clocks,
    "surveys": lambda board, said: (_("Surveys sent"), queries.invitations(board.scope, board.user)),
    "answers": lambda board, said: (_("What customers answered"), queries.answers(board.scope, board.user)),
    "visits": lambda board, said: (_("Visits overdue"), queries.late_visits(board.scope, board.user, board.now)),
}
