"""What the rows of this room are called, in a list to choose from and in a heading."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from remediation.models import (
    Capa,
    CapaAction,
    CapaDeployment,
    Lesson,
    Proposal,
    ProposalLine,
    ReturnVisit,
)

LONG = 90


def name_of(row: Any) -> str:
    """Return what a person calls the row."""
    return short(NAMES[type(row)](row)) if type(row) in NAMES else str(row)


def short(text: str) -> str:
    """Return the text, cut where a list has no room for it."""
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"


def _proposal(row: Proposal) -> str:
    words = _("Version {number}: {status}").format(number=row.number, status=row.get_status_display())
    return _("{version}, interim remedy").format(version=words) if row.interim else words


def _line(row: ProposalLine) -> str:
    return _("{kind}: {what}").format(kind=row.get_kind_display(), what=row.description)


def _visit(row: ReturnVisit) -> str:
    return _("{kind} on {date}, {status}").format(
        kind=row.get_kind_display(), date=row.due_on.isoformat(), status=row.get_status_display()
    )


def _capa(row: Capa) -> str:
    return f"{row.number} · {row.problem}"


NAMES: dict[type, Any] = {
    Proposal: _proposal,
    ProposalLine: _line,
    ReturnVisit: _visit,
    Capa: _capa,
    CapaAction: lambda row: row.description,
    CapaDeployment: lambda row: row.text,
    Lesson: lambda row: row.rule,
}
