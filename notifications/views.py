"""The page where a person sees what could not be sent, and tries again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import requires
from audit.models import Pending
from notifications import delivery, fanout
from notifications.models import Delivery

SHOWN = 100


@require_GET
@requires("notices.mend")
def dead(request: HttpRequest) -> HttpResponse:
    """List what was given up: mails, and events of which nobody could be told."""
    page = {
        "dead": Delivery.objects.dead().select_related("recipient")[:SHOWN],
        "untold": Pending.objects.exclude(dead_at=None).select_related("event").order_by("-dead_at", "pk")[:SHOWN],
    }
    return render(request, "notifications/dead.html", page)


@require_POST
@requires("notices.mend")
def retry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Try a dead mail again."""
    delivery.retry(get_object_or_404(Delivery, uuid=uuid), by=request.user, at=timezone.now())
    messages.success(request, _("The message goes out again within a minute."))
    return redirect("notifications")


@require_POST
@requires("notices.mend")
def retell(request: HttpRequest, pk: int) -> HttpResponse:
    """Try again to tell of an event."""
    fanout.revive(get_object_or_404(Pending, pk=pk), by=request.user, at=timezone.now())
    messages.success(request, _("The event is looked at again within a minute."))
    return redirect("notifications")
