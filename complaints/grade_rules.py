"""
Verbs of the grading rules: propose a table, approve it by another person, let a proposal fall (DOMAIN §4.1).

A table is never changed: a grading names the version that it was made by. Grades that stand do not change with the
table; `foresee` says which open cases it would grade otherwise, so that somebody grades those anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

import audit
from audit.models import Event
from complaints import grade_facts, grading
from complaints.days import company_date
from complaints.gates import Reason, reason
from complaints.lifecycle import Refused
from complaints.models import Complaint, Grading, GradingRules

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

STREAM_KIND, STREAM = "grading", uuid.UUID("5b3f6c1a-92e4-5d77-9a61-7c0f3b8f4d15")
MOST_FORESEEN = 2000  # open cases looked at


@dataclass(frozen=True)
class Otherwise:
    """An open case that another table would grade otherwise."""

    case: Complaint
    computed: str
    would_be: str


def in_force(on: date) -> GradingRules | None:
    """Return the version that holds on a day; None: the standard table."""
    return approved().filter(effective_from__lte=on).order_by("-effective_from", "-number").first()


def approved() -> QuerySet[GradingRules]:
    """Return the versions that hold, have held or will hold."""
    return GradingRules.objects.exclude(approved_by=None)


def newest() -> GradingRules | None:
    """Return the version that the next one follows: the last to hold, today or later."""
    return approved().order_by("-effective_from", "-number").first()


def earliest(before: GradingRules | None, *, at: datetime) -> date:
    """Return the first day on which what follows `before` can begin, if it is proposed at the moment `at`."""
    today = company_date(at)
    return max(today, before.effective_from) if before else today


def waiting() -> GradingRules | None:
    """Return the proposal that nobody has approved yet; there is at most one."""
    return GradingRules.objects.filter(approved_by=None).select_related("proposed_by").first()


def table_of(version: GradingRules | None) -> grading.Rules:
    """Return the table of a version, the standard one without."""
    return version.rules if version else grading.STANDARD


@transaction.atomic
def propose(rules: grading.Rules, *, by: User, at: datetime, effective_from: date, note: str) -> GradingRules:
    """Propose a table. Raises PermissionDenied, or Refused with what is wrong."""
    _require(by, "grading.keep")
    versions = _locked()
    if found := list(before_proposing(rules, versions, at=at, effective_from=effective_from, note=note)):
        raise Refused(*found)
    made = GradingRules.objects.create(
        number=_next_number(versions), table=rules.plain(), note=note.strip(),
        effective_from=effective_from, proposed_by=by, proposed_at=at,
    )  # fmt: skip
    _record(made, "grading.proposed", by=by, at=at)
    return made


def _locked() -> list[GradingRules]:
    """Wait for whoever proposes or decides at this moment; return the versions as they stand then."""
    audit.hold(STREAM_KIND, STREAM)
    return list(GradingRules.objects.select_for_update().order_by("number"))


def _next_number(versions: list[GradingRules]) -> int:
    """Return a number that no version has or had: who approves it means the table that they saw."""
    fallen = Event.objects.of(STREAM_KIND, STREAM).filter(kind="grading.let_fall").values_list("facts", flat=True)
    return max((*(one.number for one in versions), *(facts["number"] for facts in fallen)), default=0) + 1


def before_proposing(
    rules: grading.Rules, versions: list[GradingRules], *, at: datetime, effective_from: date, note: str
) -> Iterator[Reason]:
    """Yield why this table cannot be proposed."""
    if open_one := next((one for one in versions if one.approved_by_id is None), None):
        yield reason("grading_rules_waiting", number=open_one.number)
    held = [one for one in versions if one.approved_by_id]
    before = max(held, key=lambda one: (one.effective_from, one.number), default=None)
    if table_of(before) == rules:
        yield reason("grading_rules_same")
    if effective_from < (today := company_date(at)):
        yield reason("grading_rules_from_past", today=today)
    if before and effective_from < before.effective_from:
        yield reason("grading_rules_before_predecessor", since=before.effective_from)
    if not note.strip():
        yield reason("reason_missing")


@transaction.atomic
def approve(version: GradingRules, *, by: User, at: datetime) -> GradingRules:
    """
    Approve a proposal, by another person than its proposer; a second time by the same person changes nothing.

    Raises PermissionDenied, or Refused: the same person, let fall meanwhile, or its first day is over.
    """
    _require(by, "grading.approve")
    version = _held(version)
    if version.approved_by_id == by.pk:
        return version
    if found := list(before_approving(version, by=by, at=at)):
        raise Refused(*found)
    version.approved_by, version.approved_at = by, at
    version.save(update_fields=["approved_by", "approved_at"])
    _record(version, "grading.approved", by=by, at=at)
    return version


def before_approving(version: GradingRules, *, by: User, at: datetime) -> Iterator[Reason]:
    """Yield why this person cannot approve the proposal now."""
    if version.approved_by_id:
        yield reason("grading_rules_approved", number=version.number)
        return
    if version.proposed_by_id == by.pk:
        yield reason("same_person", name=by.name)
    if version.effective_from < (today := company_date(at)):
        yield reason("grading_rules_from_past", today=today)


@transaction.atomic
def let_fall(version: GradingRules, *, by: User, at: datetime) -> None:
    """Take a proposal back; the trail keeps it. Raises PermissionDenied, or Refused once it is approved."""
    _require(by, "grading.keep")
    version = _held(version)
    if version.approved_by_id:
        raise Refused(reason("grading_rules_approved", number=version.number))
    _record(version, "grading.let_fall", by=by, at=at)
    version.delete()


def foresee(rules: grading.Rules, user: User) -> list[Otherwise]:
    """Return the open cases whose last scores this table would grade otherwise, the gravest first."""
    cases = (
        Complaint.objects.visible_to(user).backlog().exclude(grade="").order_by("-received_at", "-pk")[:MOST_FORESEEN]
    )
    rows = Grading.objects.filter(complaint__in=list(cases.values_list("pk", flat=True))).select_related("complaint")
    last = {row.complaint_id: row for row in rows.order_by("at", "pk")}
    found = [Otherwise(row.complaint, row.computed, _would_be(row, rules)) for row in last.values()]
    return sorted((one for one in found if one.computed != one.would_be), key=lambda one: (one.would_be, one.case.ref))


def _would_be(row: Grading, rules: grading.Rules) -> str:
    """Return the grade by a table; what a grading of before does not keep is asked of its case, without a statement."""
    facts = known(row)
    if not row.facts:
        now: dict[str, Any] = {name: said for name, said in grade_facts.told(row.complaint).items() if said}
        facts = replace(facts, **now)
    return grading.grade(_scores(row), facts, rules).grade


def grade_by(row: Grading, rules: grading.Rules) -> grading.Result:
    """Return what a table gives on the scores and circumstances of a grading."""
    return grading.grade(_scores(row), known(row), rules)


def known(row: Grading) -> grading.Circumstances:
    """Return the circumstances of a grading; of one of before they were kept, those whose floors bound then."""
    if row.facts:
        return grading.Circumstances(**row.facts)
    bound = set(row.floors)
    covenant = "DEFAULT" if row.computed == "G1" and "O1" not in bound else "LOCK_UP"
    return grading.Circumstances(
        injury="O1" in bound, danger="O2" in bound, site_stop="O3" in bound, repeat_after_capa="O4" in bound,
        dscr=covenant if "O5" in bound else "",
    )  # fmt: skip


def _scores(row: Grading) -> grading.Scores:
    return grading.Scores(*(getattr(row, name) for name in grade_facts.NAMES))


def _held(version: GradingRules) -> GradingRules:
    audit.hold(STREAM_KIND, STREAM)
    held = GradingRules.objects.select_for_update().filter(pk=version.pk).first()
    if held is None:
        raise Refused(reason("grading_rules_fell", number=version.number))
    return held


def _require(by: User, permission: str) -> None:
    if not by.may(permission):
        raise PermissionDenied


def _record(version: GradingRules, kind: str, *, by: User, at: datetime) -> None:
    facts = {"number": version.number, "effective_from": version.effective_from.isoformat(), "table": version.table}
    audit.record(STREAM_KIND, STREAM, kind, by=by, at=at, facts=facts, private={"note": version.note})
