"""`/cases/<ref>/impact/`: what the case does to the money of its project; every version, the newest first."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.doors import staff_only
from accounts.models import User
from accounts.roles import Role
from complaints import acts, impact_page, impact_sources, impacts, policies, standing, timeline
from complaints.days import company_date
from complaints.gates import Reason
from complaints.impact_page import LABELS, Kept
from complaints.models import Complaint, FinanceImpact
from complaints.views import frame
from complaints.words import say


@staff_only
@require_GET
def impact(request: HttpRequest, ref: str, cycle: int = 0, number: int = 0) -> HttpResponse:
    """One version of the impact, the newest where none is named."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    versions = list(complaint.finance_impacts.select_related("by", "project").order_by("-cycle", "-number"))
    chosen = _chosen(versions, cycle, number)
    with standing.once(complaint):
        lacks = _lacks(complaint, chosen, reader)
        words = {
            **frame.head(request, complaint, "case-diagnosis", reader),
            "versions": [_version(complaint, one, chosen) for one in versions],
            "impact": chosen,
            "when": timeline.when(chosen.at, reader) if chosen else "",
            "do": _do(complaint, reader),
            "lacks": [say(why) for why in lacks],
            "keepers": _keepers() if lacks else "",
        }
    if chosen:
        words |= _reckoned(chosen, versions) if chosen.is_reckoned else _by_hand(chosen, complaint, reader)
    return render(request, "complaints/impact.html", words)


def _lacks(complaint: Complaint, chosen: FinanceImpact | None, reader: timeline.Reader) -> list[Reason]:
    """Return what three scenarios need first, unless the version shown has them."""
    return [] if chosen and chosen.is_reckoned else impacts.gaps(complaint, reader.user)


def _keepers() -> str:
    """Return who enters the milestones and the cash plan of a project: the roles with the right, and who holds them."""
    roles = policies.roles_with("projects.keep")
    people = User.objects.staff().holding(*roles).order_by("name", "pk")
    return _("Milestones and cash plan of a project are entered by {roles}: {names}.").format(
        roles=timeline.either([role.label for role in Role if role in roles]),
        names=timeline.listed([one.name for one in people]) or "–",
    )


def _chosen(versions: list[FinanceImpact], cycle: int, number: int) -> FinanceImpact | None:
    if not number:
        return next(iter(versions), None)
    found = next((one for one in versions if (one.cycle, one.number) == (cycle, number)), None)
    if found is None:
        raise Http404
    return found


def _version(complaint: Complaint, one: FinanceImpact, chosen: FinanceImpact | None) -> dict[str, Any]:
    label = _("Version {n}").format(n=one.number)
    if complaint.cycle > 1:
        label = _("Cycle {cycle}, version {n}").format(cycle=one.cycle, n=one.number)
    url = reverse("case-impact-version", args=[complaint.ref, one.cycle, one.number])
    return {"label": label, "url": url, "current": one == chosen}


def _do(complaint: Complaint, reader: timeline.Reader) -> list[dict[str, Any]]:
    """Return the ways to a new version that this person has: reckoned, or by hand where it cannot be."""
    found = []
    for name in ("assess_impact", "assess_finance"):
        act = acts.get(name)
        offer = acts.offer(act, complaint, reader.user) if act else None
        if offer and offer.allowed:
            found.append(frame.link(offer, complaint))
    return found[:1]


def _reckoned(chosen: FinanceImpact, versions: list[FinanceImpact]) -> dict[str, Any]:
    """Return what the page shows of a version in three scenarios."""
    kept = Kept(chosen)
    earlier = [one for one in versions[versions.index(chosen) + 1 :] if one.is_reckoned]
    return {
        "names": list(LABELS.values()), "groups": impact_page.groups(kept), "expected": impact_page.expected(kept),
        "payments": impact_page.payments(kept), "cash": impact_page.cash(kept), "cover": impact_page.cover(kept),
        "verdict": impact_page.verdict(kept), "went_in": impact_page.went_in(kept),
        "changes": impact_page.changes(kept, Kept(earlier[0])) if earlier else None,
        "before": earlier[0] if earlier else None, "same": impacts.again(chosen),
    }  # fmt: skip


def _by_hand(chosen: FinanceImpact, complaint: Complaint, reader: timeline.Reader) -> dict[str, Any]:
    return {"facts": impact_sources.by_hand(chosen, complaint, on=company_date(reader.now))}
