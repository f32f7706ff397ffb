"""What every page of a contract has in common: its door, the chosen version, and the tabs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from contracts import gap_words, questions
from contracts.clauses.gapcheck import Gap, gaps
from contracts.models import Clause, Contract, ContractVersion

View = Callable[..., HttpResponse]


def for_staff(view: View) -> View:
    """Open the view to those who may see contracts; to others it does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if not request.user.may("contracts.see"):
            raise Http404
        return view(request, *args, **options)

    return login_required(guarded)


def contract_called(request: HttpRequest, ref: str) -> Contract:
    """Return the contract with that number or uuid, or raise Http404."""
    if "\0" in ref:  # which PostgreSQL cannot look for
        raise Http404
    visible = Contract.objects.visible_to(request.user).select_related("customer", "project")
    if found := visible.filter(number=ref).first():
        return found
    try:
        return get_object_or_404(visible, uuid=UUID(ref))
    except ValueError:
        raise Http404 from None


def head(request: HttpRequest, found: Contract, current: str) -> dict[str, Any]:
    """
    Return what the frame of a contract's pages prints: its versions, the chosen one with its clauses, gaps and tabs.

    The version is that of `?version=`, else the one in force, else the newest. Raises Http404 for one that is not.
    """
    versions = list(found.versions.order_by("-version"))
    version = chosen(found, versions, request.GET.get("version", ""))
    clauses = clauses_of(version)
    open_ = gaps(map(questions.entered, clauses), questions.frame_of(found, version)) if version else []
    return {
        "contract": found,
        "versions": versions,
        "version": version,
        "clauses": clauses,
        "standing": _standing(version),
        "gaps": [gap_words.say(gap) for gap in open_],
        "tabs": _tabs(found, version, clauses, open_, versions, current),
        "may_structure": request.user.may("contracts.structure"),
    }


def chosen(found: Contract, versions: list[ContractVersion], wanted: str) -> ContractVersion | None:
    """Return the version of that number, or without one that in force today, else the newest. Raises Http404."""
    if wanted:
        named = next((version for version in versions if str(version.version) == wanted), None)
        if named is None:
            raise Http404
        return named
    return questions.version_in_force(found, timezone.localdate()) or next(iter(versions), None)


def clauses_of(version: ContractVersion | None) -> list[Clause]:
    """Return the clauses of a version in the order of the paper, with who entered and checked them."""
    if version is None:
        return []
    return questions.in_paper_order(version.clauses.select_related("structured_by", "checked_by"))


def _standing(version: ContractVersion | None) -> str:
    """Return why a version does not count today, in a sentence, or ""."""
    today = timezone.localdate()
    if version is None:
        return ""
    if version.effective_from > today:
        return _("This version begins on %(day)s. Until then the one before counts.") % {"day": version.effective_from}
    if version.effective_to is not None and version.effective_to < today:
        return _("This version ended on %(day)s. What happened until then is judged by it.") % {
            "day": version.effective_to
        }
    return ""


def _tabs(
    found: Contract,
    version: ContractVersion | None,
    clauses: list[Clause],
    open_: list[Gap],
    versions: list[ContractVersion],
    current: str,
) -> list[dict[str, Any]]:
    query = f"?version={version.version}" if version else ""
    tabs = [
        ("clauses", "contracts:contract", _("Clauses"), len(clauses)),
        ("gaps", "contracts:gaps", _("Gap check"), len(open_)),
        ("days", "contracts:days", _("Last days"), 0),
        ("versions", "contracts:versions", _("Versions"), len(versions)),
    ]
    return [
        {"url": reverse(name, args=[found.ref]) + query, "label": label, "count": count, "current": key == current}
        for key, name, label, count in tabs
    ]
