"""What waits for one person's approval: proposals, initial analyses, shares; in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import (
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Membership, User
from audit.models import Event
from complaints import desk, words
from complaints.gates import Reason, reason
from complaints.models.response import TeamMember
from contracts.money import Money
from insights.scope import Scope
from remediation import approvals
from remediation.models import Approval, Proposal, ProposalLine
from remediation.models.kinds import Decision, Level, ProposalStatus


class Kind(TextChoices):
    """What can wait."""

    PROPOSAL = "proposal", _("Proposal")
    INITIAL = "initial", _("Initial analysis")
    SHARES = "shares", _("Shares of responsibility")


@dataclass(frozen=True)
class Ask:
    """For which level a proposal waits, and why that level; None where that was not kept."""

    level: Level
    why: Reason | None


@dataclass(frozen=True)
class Waiting:
    """What waits for this person: in which case, since when, who handed it in, and for what it stands."""

    ref: str
    title: str
    language: str
    number: int
    since: datetime
    by: str
    value: Money | None  # cumulative, in the company's currency
    kind: Kind = Kind.PROPOSAL
    asks: tuple[Ask, ...] = ()


def waiting_for(user: User, scope: Scope) -> list[Waiting]:
    """Return all that `user` may approve now, the longest waiting first."""
    cases = scope.cases(user)
    analyses = desk.analyses(user).filter(complaint__in=cases).select_related("complaint", "written_by")
    shares = desk.shares(user).filter(complaint__in=cases).select_related("complaint", "proposed_by")
    found = [
        *proposals_for(user, scope),
        *(_version(row, row.written_at, row.written_by, Kind.INITIAL) for row in analyses.order_by("pk")),
        *(_version(row, row.proposed_at, row.proposed_by, Kind.SHARES) for row in shares.order_by("pk")),
    ]
    return sorted(found, key=lambda row: row.since)


def _version(row: Any, since: datetime, by: User, kind: Kind) -> Waiting:
    case = row.complaint
    return Waiting(case.ref, case.title, case.language, row.number, since, by.name, None, kind)


def proposals_for(user: User, scope: Scope) -> list[Waiting]:
    """
    Return the proposals that `user` may agree to now, the longest waiting first.

    Whose agreement is needed stands in the event of handing in. It may have grown if another proposal of the same case
    was agreed since; only then the matrix is asked again.
    """
    rows: dict[int, Any] = {}
    given: dict[int, set[str]] = {}
    for row in _handed_in(user).filter(Exists(scope.cases(user).filter(pk=OuterRef("complaint")))):
        rows[row.pk] = row
        given.setdefault(row.pk, set()).add(row.given_level)
    theirs = {str(level) for level, roles in approvals.HOLDERS.items() if user.roles & set(roles)}
    asked = {pk: _asked(row) for pk, row in rows.items()}
    waits = {pk: (asked[pk].keys() - given[pk]) & _held(row, theirs) for pk, row in rows.items()}
    return [_shown(row, [Ask(Level(code), asked[pk][code]) for code in Level.values if code in waits[pk]])
            for pk, row in rows.items() if waits[pk]]  # fmt: skip


def _handed_in(user: User) -> QuerySet[Any]:
    """Return the proposals in approval that `user` neither wrote nor agreed to, once for each `given_level`."""
    wrote = ProposalLine.objects.filter(proposal=OuterRef("pk"), written_by=user)
    agreed = Approval.objects.filter(proposal=OuterRef("pk"), person=user, voided_at=None)
    leads = TeamMember.objects.filter(
        complaint=OuterRef("complaint"), cycle=OuterRef("complaint__cycle"), user=user, seat="LEADER", left_at=None
    )
    researches = Membership.objects.active().filter(user=user, department__kind=Department.Kind.RND)
    rows = (
        Proposal.objects.filter(status=ProposalStatus.IN_APPROVAL).exclude(drafted_by=user).exclude(submitted_by=user)
    )
    counts = Q(approvals__voided_at=None, approvals__decision=Decision.APPROVED)
    rows = rows.filter(~Exists(wrote), ~Exists(agreed)).annotate(
        given=FilteredRelation("approvals", condition=counts),
        given_level=F("given__level"),
        leads=Exists(leads),
        researches=Exists(researches),
        grown=Exists(_agreed_since()),
        said=Subquery(_said_last(), JSONField()),
    )
    return rows.select_related("complaint", "submitted_by").order_by("submitted_at", "pk")


def _agreed_since() -> QuerySet[Approval]:
    """Return what was agreed on other proposals of the case after this one was handed in."""
    agreed = Approval.objects.filter(decision=Decision.APPROVED, voided_at=None, at__gt=OuterRef("submitted_at"))
    return agreed.filter(proposal__complaint=OuterRef("complaint")).exclude(proposal=OuterRef("pk"))


def _said_last() -> QuerySet[Any]:
    """Return the facts of the event by which the proposal was last handed in."""
    said = Event.objects.filter(stream_kind="case", stream=OuterRef("complaint__uuid"), kind="proposal.submitted")
    said = said.annotate(number=Cast(KT("facts__proposal"), IntegerField())).filter(number=OuterRef("number"))
    return said.order_by("-seq").values("facts")[:1]


def _asked(row: Any) -> dict[str, Reason | None]:
    """Return the levels whose agreement the proposal needs, each with the reason."""
    if row.grown or not row.said:
        return {entry.level: entry.why for entry in approvals.approvers_needed(row)}
    whys = row.said.get("whys", {})
    return {level: _kept(whys.get(level)) for level in row.said["levels"]}


def _kept(why: list[Any] | None) -> Reason | None:
    """Return a reason as the event holds it; None where it has none, or one that is said no longer."""
    return reason(why[0], **why[1]) if why and why[0] in words.SENTENCES else None


def _held(row: Any, theirs: set[str]) -> set[str]:
    """Return the levels that the person holds for this case, by role, seat or department."""
    return theirs | ({str(Level.LEAD)} if row.leads else set()) | ({str(Level.RND)} if row.researches else set())


def _shown(row: Any, asks: Iterable[Ask]) -> Waiting:
    value = Money(Decimal(row.said["value"]), settings.COMPANY_CURRENCY) if row.said else None
    case = row.complaint
    by = row.submitted_by.name
    return Waiting(
        case.ref, case.title, case.language, row.number, row.submitted_at, by, value, asks=tuple(asks)
    )  # fmt: skip
