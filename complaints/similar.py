"""Cases that may be about the same thing: for the side of the case, and for whoever looks for duplicates."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Case, Q, When
from django.utils.translation import gettext as _

from complaints import timeline
from complaints.models import Complaint
from complaints.models.states import BACKLOG, State

if TYPE_CHECKING:
    from accounts.models import User

SIMILAR = 5
NONE = Q(pk__in=[])


def similar(complaint: Complaint, user: User) -> list[dict[str, str]]:
    """Return cases merged into this one, and those of the same lot, product or customer; the closest first."""
    near = [Q(master_id=complaint.pk)]
    near += [Q(lot_id=complaint.lot_id)] if complaint.lot_id else [NONE]
    near += [Q(product_id=complaint.product_id)] if complaint.product_id else [NONE]
    near += [Q(customer_id=complaint.customer_id, state__in=BACKLOG)]
    cases = Complaint.objects.visible_to(user).exclude(pk=complaint.pk).exclude(state=State.DRAFT)
    cases = cases.filter(reduce(or_, near))  # said plainly, so that the database uses its indexes
    cases = cases.annotate(distance=Case(*(When(close, then=n) for n, close in enumerate(near) if close != NONE)))
    words = (_("merged into this case"), _("same lot"), _("same product"), _("same customer"))
    found = [
        _other(row, timeline.joined(words[row.distance], row.get_state_display()))
        for row in cases.order_by("distance", "-received_at", "-pk")[:SIMILAR]
    ]
    master = [_other(complaint.master, _("this case was merged into it"))] if complaint.master else []
    return master + found


def _other(row: Complaint, why: str) -> dict[str, str]:
    return {"ref": row.ref or "", "title": row.title, "url": row.get_absolute_url(), "why": why}
