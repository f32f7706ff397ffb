"""The verbs that put clauses into structure, check them, and amend a contract."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

import audit
from accounts.models import User
from contracts.clauses import Terms
from contracts.models import CheckedClauseIsFixed, Clause, Contract, ContractVersion


class Refused(Exception):
    """The step is not possible; `code` says why, `contracts.words` in a sentence."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@transaction.atomic
def structure(clause: Clause, *, terms: Terms, by: User, at: datetime) -> Clause:
    """
    Save the clause, new or edited, with its typed terms; return it.

    Raises PermissionDenied, CheckedClauseIsFixed if Legal has checked it, Refused("not_the_newest_version").
    """
    _require(by, "contracts.structure")
    contract = _locked(clause.version)
    _require_newest(clause.version)
    if clause.pk and Clause.objects.get(pk=clause.pk).is_checked:
        raise CheckedClauseIsFixed(str(clause))
    clause.terms = terms.to_data()
    clause.structured_by, clause.structured_at = by, at
    clause.save()
    _record(contract, "clause.structured", clause, by=by, at=at)
    return clause


@transaction.atomic
def check(clause: Clause, *, by: User, at: datetime) -> Clause:
    """
    Mark the clause as checked by Legal, which fixes it; return it.

    Raises PermissionDenied, CheckedClauseIsFixed, or Refused: not_structured, own_structure.
    """
    _require(by, "signoff.legal")
    contract = _locked(clause.version)
    clause = Clause.objects.select_for_update().select_related("version").get(pk=clause.pk)
    if reason := why_not_checked(clause, by):
        raise Refused(reason)
    if clause.is_checked:
        raise CheckedClauseIsFixed(str(clause))
    clause.checked_by, clause.checked_at = by, at
    clause.save()
    _record(contract, "clause.checked", clause, by=by, at=at)
    return clause


def why_not_checked(clause: Clause, by: User) -> str:
    """Return the code of what stands against a check by this person, or ""."""
    if not clause.terms or clause.structured_by_id is None:
        return "not_structured"
    return "own_structure" if clause.structured_by_id == by.pk else ""


@transaction.atomic
def amend(
    version: ContractVersion,
    *,
    effective_from: date,
    note: str,
    by: User,
    at: datetime,
    reopening: Collection[int] = (),
) -> ContractVersion:
    """
    Make the next version of the contract and return it; the present one ends the day before.

    Clauses are carried over with their check, except those whose ids are in `reopening`: their copies can be changed
    and need a new check. Raises PermissionDenied, or Refused: not_the_newest_version, too_early, outside_the_version.
    """
    _require(by, "contracts.structure")
    contract = _locked(version)
    version = ContractVersion.objects.get(pk=version.pk)
    _require_newest(version)
    _require_day(version, effective_from)
    after = _succeed(version, effective_from, note)
    Clause.objects.bulk_create(_copy(clause, after, open_=clause.pk in reopening) for clause in version.clauses.all())
    facts = {"version": after.version, "effective_from": effective_from, "reopened": sorted(reopening)}
    audit.record("contract", contract.uuid, "contract.amended", by=by, at=at, facts=facts, private={"note": note})
    return after


def _require(by: User, permission: str) -> None:
    if not by.may(permission):
        raise PermissionDenied


def _locked(version: ContractVersion) -> Contract:
    """Return the contract with its row locked, so that versions and clauses change one after another."""
    return Contract.objects.select_for_update().get(pk=version.contract_id)


def _require_newest(version: ContractVersion) -> None:
    if ContractVersion.objects.filter(contract=version.contract_id, version__gt=version.version).exists():
        raise Refused("not_the_newest_version")


def _require_day(version: ContractVersion, effective_from: date) -> None:
    if effective_from <= version.effective_from:
        raise Refused("too_early")
    if version.effective_to is not None and effective_from > version.effective_to:
        raise Refused("outside_the_version")


def _succeed(version: ContractVersion, effective_from: date, note: str) -> ContractVersion:
    """End the version the day before and return the next one, which takes over its end."""
    after = ContractVersion(
        contract_id=version.contract_id,
        version=version.version + 1,
        effective_from=effective_from,
        effective_to=version.effective_to,
        governing_language=version.governing_language,
        note=note,
    )
    version.effective_to = effective_from - timedelta(days=1)
    version.save()
    after.save()
    return after


def _copy(clause: Clause, version: ContractVersion, *, open_: bool) -> Clause:
    """Return an unsaved copy in the other version, without its check if it is open."""
    copied = Clause(**{item.attname: getattr(clause, item.attname) for item in clause._meta.concrete_fields})
    copied.pk, copied.version = None, version
    if open_:
        copied.checked_by, copied.checked_at = None, None
    return copied


def _record(contract: Contract, kind: str, clause: Clause, *, by: User, at: datetime) -> None:
    facts = {
        "clause": clause.pk,
        "number": clause.number,
        "type": clause.type,
        "version": clause.version.version,
        "terms": clause.terms,
    }
    audit.record("contract", contract.uuid, kind, by=by, at=at, facts=facts)
