"""Cases that may be about the same thing: for the side of the case, and for whoever looks for duplicates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, When
from django.utils.translation import gettext as _

from complaints import timeline
from complaints.models import Complaint
from complaints.models.states import BACKLOG, State

if TYPE_CHECKING:
    from accounts.models import User

SIMILAR = 5


def similar(complaint: Complaint, user: User) -> list[dict[str, str]]:
    """Return cases merged into this one, and those of the same lot, product or customer; the closest first."""
    near = [("master_id", complaint.pk), ("lot_id", complaint.lot_id), ("product_id", complaint.product_id)]
    whens = [When(**{name: value}, then=n) for n, (name, value) in enumerate(near) if value]
    theirs = When(customer_id=complaint.customer_id, state__in=BACKLOG, then=3)
    cases = Complaint.objects.visible_to(user).exclude(pk=complaint.pk).exclude(state=State.DRAFT)
    cases = cases.annotate(distance=Case(*whens, theirs)).filter(distance__isnull=False)
    words = (_("merged into this case"), _("same lot"), _("same product"), _("same customer"))
    found = [
        _other(row, timeline.joined(words[row.distance], row.get_state_display()))
        for row in cases.order_by("distance", "-received_at", "-pk")[:SIMILAR]
    ]
    master = [_other(complaint.master, _("this case was merged into it"))] if complaint.master else []
    return master + found


def _other(row: Complaint, why: str) -> dict[str, str]:
    return {"ref": row.ref or "", "title": row.title, "url": row.get_absolute_url(), "why": why}
