"""What escalation asks on a case, as _escalations.html shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from complaints import escalation_words as words
from complaints import timeline
from complaints.acts import Offer
from complaints.escalation_queries import Asked, of
from complaints.models import Complaint

OPEN = 4  # lines that stand open


def shown(complaint: Complaint, offers: Iterable[Offer], reader: timeline.Reader) -> dict[str, Any]:
    """Return what waits, the highest first, and what was taken up; a long list shows its head, the rest folded."""
    allowed = {offer.act.name for offer in offers if offer.allowed}
    asked = [row for row in of(complaint, reader.user, reader.now) if row.waits or row.taken_at]
    asked.sort(key=lambda row: (not row.waits, -row.level if row.waits else 0, row.raised_at))
    rows = [_row(complaint, row, allowed, reader) for row in asked]
    waiting, taken_up = [row for row in rows if row["waits"]], [row for row in rows if not row["waits"]]
    head = OPEN if len(waiting) > OPEN + 1 else len(waiting)
    return {"escalations": waiting[:head], "more_escalations": waiting[head:], "taken_up": taken_up}


def _row(complaint: Complaint, row: Asked, allowed: set[str], reader: timeline.Reader) -> dict[str, Any]:
    act, label = words.act_of(row)
    may = row.waits and act in allowed and (row.mine or act == "explain_breach")  # whoever writes may explain
    return {
        "waits": row.waits,
        "level": f"L{row.level}",
        "what": words.what(row),
        **words.standing(row, reader),
        "said": row.text or (row.reason if row.is_call else ""),
        "url": words.address(complaint.ref or "", row) if may else "",
        "label": label,
    }
