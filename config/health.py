"""Two questions that a supervisor asks: does the process answer, and may it be sent work?"""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit import triggers


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """Answer without touching anything."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200, or 503 with what is missing: the database, its migrations, or the guards of the event table."""
    try:
        lacking = _lacking()
    except Error:
        lacking = ["database"]
    status = 503 if lacking else 200
    answer = JsonResponse({"ready": not lacking, "lacking": lacking}, status=status)
    if lacking:
        answer.headers["Retry-After"] = "2"
    return answer


def _lacking() -> list[str]:
    """Return words for what this process still waits for. Raises django.db.Error if the database cannot be asked."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ["migrations"]
    return ["audit triggers"] if triggers.missing() else []
