"""What a draft of a proposal lacks before anybody is asked to agree to it (DOMAIN §7.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from complaints.gates import Reason, reason
from remediation.models.kinds import PAYING, RemedyKind

if TYPE_CHECKING:
    from remediation.models import Proposal, ProposalLine


def gaps(proposal: Proposal) -> list[Reason]:
    """Return what the draft lacks: a line, each line's sums and ground, a validity."""
    lines = proposal.standing_lines()
    found = [] if lines else [reason("proposal_empty", number=proposal.number)]
    found += [gap for line in lines for gap in line_gaps(line)]
    if proposal.valid_until is None and not proposal.interim:
        found.append(reason("valid_until_missing", number=proposal.number))
    if any(line.kind == RemedyKind.CONCESSION for line in lines) and proposal.complaint.dangerous:
        found.append(reason("concession_unsafe"))
    return found


def line_gaps(line: ProposalLine) -> Iterator[Reason]:
    """Yield what one line lacks."""
    if line.cost is None:
        yield reason("line_not_costed", line=line.description)
    if line.kind in PAYING and line.amount is None:
        yield reason("line_amount_missing", line=line.description)
    granted = line.goodwill or line.entitlement_id or line.clause_id
    if line.kind == RemedyKind.COMPENSATION and not granted:
        yield reason("line_entitlement_missing", line=line.description)


def form_gaps(line: ProposalLine) -> list[Reason]:
    """Return what makes it no line at all."""
    found = [] if line.description.strip() else [reason("line_description_missing")]
    if line.goodwill and not line.goodwill_reason.strip():
        found.append(reason("goodwill_reason_missing"))
    return found
