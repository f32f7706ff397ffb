"""What escalation asks on a case, as _escalations.html shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from complaints import escalation_words as words
from complaints import timeline
from complaints.acts import Offer
from complaints.escalation_queries import Asked, of
from complaints.models import Complaint


def shown(complaint: Complaint, offers: Iterable[Offer], reader: timeline.Reader) -> dict[str, Any]:
    """Return what waits, the highest first, then what was taken up."""
    allowed = {offer.act.name for offer in offers if offer.allowed}
    asked = [row for row in of(complaint, reader.user, reader.now) if row.waits or row.taken_at]
    asked.sort(key=lambda row: (not row.waits, -row.level if row.waits else 0, row.raised_at))
    rows = [_row(complaint, row, allowed, reader) for row in asked]
    return {"escalations": rows, "taken_up": sum(not row.waits for row in asked)}


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
