"""
Verbs of the entitlement: state facts, assess by the contract, dispute a verdict, decide the dispute (DOMAIN §6.3).

Whatever changes the facts of a case calls `recheck`, which notes on the assessments that money rests on what would be
otherwise now; nothing is reckoned anew by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

import audit
from complaints import entitling, lifecycle
from complaints.days import company_date
from complaints.entitling import Basis, Unfit
from complaints.gates import reason
from complaints.models import Complaint, EntitlementAssessment, FactSheet, LegalLook, VerdictDispute
from complaints.models.states import OPEN
from contracts import entitlement, entitlement_lines, entitlement_record
from contracts.clauses import rulings
from contracts.clauses.case import InForce
from contracts.clauses.gates import Passed
from contracts.clauses.kinds import Problem
from contracts.clauses.rulings import GATES
from contracts.clauses.terms import TermsError, is_empty
from contracts.clauses.working import step
from contracts.entitlement import Assessment, Verdict
from worktime.calendars import BadInput
from worktime.models import CalendarVersion

if TYPE_CHECKING:
    from accounts.models import User
    from contracts.money import Money

UNREADABLE = (TermsError, BadInput, CalendarVersion.DoesNotExist, KeyError, ValueError)  # of a kept record
GATE_VERDICTS = (Passed.PASS.value, Passed.FAIL.value)
_CURRENCY = {"currency": "CNY"}  # the one fact that no case is without; here it does not matter which
HEAD_VERDICTS = (Verdict.ENTITLED.value, Verdict.NOT_ENTITLED.value)


@transaction.atomic
def state_facts(
    complaint: Complaint, *, by: User, at: datetime, source: str, facts: Mapping[str, Any], expected: int | None = None
) -> FactSheet:  # fmt: skip
    """
    State facts that only the contract asks for, each with where it stands; an empty value takes a fact back.

    facts: by the names of entitling.STATED, as JSON holds them. What stays the same keeps its former source.
    expected: the number of the sheet that the person saw, 0 for none.

    Raises Refused: changed_meanwhile, source_missing, facts_same, facts_unfit; KeyError for a name that is kept
    elsewhere.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="entitlement.state", states=OPEN)
    if unknown := facts.keys() - set(entitling.STATED):
        raise KeyError(f"not stated here: {sorted(unknown)}")
    newest = entitling.newest_sheet(complaint)
    last = newest.number if newest else 0
    if expected is not None and expected != last:
        raise lifecycle.Refused(reason("changed_meanwhile"))
    before = newest.facts if newest else {}
    after, changed = dict(before), []
    for name, raw in facts.items():
        value = None if is_empty(raw) else raw
        if value == before.get(name, {}).get("value"):
            continue
        changed.append(name)
        after.pop(name, None)
        if value is not None:
            after[name] = {"value": value, "source": source.strip(), "by": by.pk, "at": at.isoformat()}
    if not changed:
        raise lifecycle.Refused(reason("facts_same"))
    if not source.strip():
        raise lifecycle.Refused(reason("source_missing"))
    number = last + 1
    sheet = FactSheet.objects.create(
        complaint=complaint, number=number, facts=after, source=source.strip(), by=by, at=at
    )
    _happened(after, changed, at)
    _fitting(complaint, at)
    event = {"number": number, "names": sorted(changed), "sha256": sheet.sha256}
    audit.record("case", complaint.uuid, "entitlement.facts_stated", by=by, at=at, facts=event,
                 private={"source": source.strip()})  # fmt: skip
    recheck(complaint, at=at)
    return sheet


def _happened(sheet: Mapping[str, Mapping[str, Any]], changed: Iterable[str], at: datetime) -> None:
    """Raises Refused facts_unfit where a fact now stated is not of its kind, or has not happened yet."""
    try:
        stated = entitling.facts_from({name: said["value"] for name, said in sheet.items()} | _CURRENCY)
    except Unfit as unfit:
        raise _unfit(unfit.error.problems) from unfit
    if early := [one for one in stated.after(company_date(at)) if one.field in changed]:
        raise _unfit(early)


def _unfit(problems: Sequence[Problem]) -> lifecycle.Refused:
    told = [[one.field, one.code, dict(one.params)] for one in problems]
    if told[0][1] == "as_of_not_in_force":
        return lifecycle.Refused(reason("as_of_not_in_force", **dict(problems[0].params)))
    return lifecycle.Refused(reason("facts_unfit", problems=told))


def _fitting(complaint: Complaint, at: datetime, as_of: date | None = None) -> tuple[Basis, Assessment] | None:
    """Return the basis and what is found on it. Raises Refused facts_unfit where the facts do not fit together."""
    try:
        return entitling.answer_of(complaint, at=at, as_of=as_of)
    except Unfit as unfit:
        raise _unfit(unfit.error.problems) from unfit


@transaction.atomic
def assess(
    complaint: Complaint, *, by: User, at: datetime, as_of: date | None = None, remark: str = ""
) -> EntitlementAssessment:
    """
    Keep what the contract gives on the facts of now, as a new version that can be derived again byte for byte.

    Raises Refused: contract_missing, clauses_unchecked, as_of_not_in_force, facts_unfit.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="entitlement.assess", states=OPEN)
    if complaint.contract_id is None:
        raise lifecycle.Refused(reason("contract_missing"))
    fitting = _fitting(complaint, at, as_of)
    if fitting is None:
        raise lifecycle.Refused(reason("clauses_unchecked"))
    basis, found = fitting
    return _keep(complaint, basis, found, by=by, at=at, remark=remark)


def _keep(
    complaint: Complaint, basis: Basis, found: Assessment, *, by: User, at: datetime, remark: str
) -> EntitlementAssessment:
    cited = [basis.row_of(clause) for clause in cited_by(found)]
    used = [row for row in cited if row is not None]
    number = complaint.entitlements.filter(cycle=complaint.cycle).count() + 1
    row = EntitlementAssessment(
        complaint=complaint, cycle=complaint.cycle, number=number, status=found.status.value, heads=heads_of(found),
        contract_version=used[0].version if used else complaint.contract_version, reasoning=remark.strip(),
        record=entitlement_record.canonical(found).decode(), as_of=found.as_of,
        left_out=[{"number": one.row.number, "type": one.row.type, "why": one.why} for one in basis.left_out],
        by=by, at=at,
    )  # fmt: skip
    row.total = found.total
    row.save()
    row.clauses.set(used)
    facts = {
        "number": number, "status": row.status, "clauses": [clause.pk for clause in used], "computed": True,
        "total": [str(found.total.amount), found.total.currency], "as_of": found.as_of, "sha256": row.sha256,
    }  # fmt: skip
    private = {"remark": row.reasoning} if row.reasoning else None
    audit.record("case", complaint.uuid, "diagnosis.entitlement_assessed", by=by, at=at, facts=facts, private=private)
    return row


def cited_by(found: Assessment) -> list[InForce]:
    """Return the clauses that an assessment rests on, each once, in the order in which they come up."""
    every = [gate.clause for gate in found.gates] + [head.sum.clause for head in found.heads]
    every += [part.clause for part in found.parts]
    return list({(one.version, one.number, one.type): one for one in every if one is not None}.values())


def heads_of(found: Assessment) -> list[dict[str, str]]:
    """Return the heads that money can rest on: type, clause, arithmetic without words, the sum after its own cap."""
    return [
        {
            "head": head.sum.type,
            "key": rulings.head_name(head.sum),
            "clause": head.sum.clause.number if head.sum.clause else "",
            "formula": formula(head),
            "amount": str(head.amount.amount),
            "currency": head.amount.currency,
        }
        for head in found.heads
        if head.verdict == Verdict.ENTITLED and head.amount is not None
    ]


def formula(head: entitlement.Head) -> str:
    """
    Return the arithmetic of a head: how its sum arises, without words, and the cap where it cuts.

    Nothing of a sum that people set otherwise: no product leads to it.
    """
    before, after = head.sum.before_cap, head.sum.amount
    if head.amount != after:
        return ""
    shape = {
        "ld.rate": "{n} × {rate} % × {base}",
        "units.product": "{n} × {each}",
        "perf.steps": "{n} × {each}",
        "fixed.product": "{n} × {pct} % × {base}",
        "reduction.PROPORTIONAL": "{price} × ({conforming} − {delivered}) ÷ {conforming}",
        "reduction.MARKET_DIFFERENCE": "{conforming} − {delivered}",
        "reduction.SCALE": "{pct} %",
        "damages.loss": "{loss}",
    }
    told = next((one for one in head.sum.steps if one.code in shape), None)
    if told is None:
        return ""
    written = shape[told.code].format(**{name: _figure(value) for name, value in told.params.items()})
    cut = before is not None and after is not None and after.amount < before.amount
    return f"{written} = {before.amount:,f} → {after.amount:,f}" if cut and before and after else written


def _figure(value: Any) -> str:
    """Return a parameter of a step as a figure."""
    amount = getattr(value, "amount", value)
    if isinstance(amount, Decimal):
        return f"{amount:,f}"
    return f"{amount:,}" if isinstance(amount, int) else str(amount)


def answer(complaint: Complaint, *, at: datetime) -> dict[str, Any] | None:
    """
    Return the answer of now as programs read it: `result`, `facts` with where they stand, `left_out`, `steps` in order.

    None where there is nothing to assess by. Raises Refused facts_unfit.
    """
    fitting = _fitting(complaint, at)
    if fitting is None:
        return None
    basis, found = fitting
    return {
        "as_of": found.as_of.isoformat(),
        "calendar": found.calendar,
        "result": entitlement_record.to_data(found)["found"],
        "clauses": [clause.to_data() for clause in found.clauses],
        "facts": {
            name: {"value": one.value, "origin": one.origin, "source": one.source} for name, one in basis.held.items()
        },
        "left_out": [{"number": one.row.number, "type": one.row.type, "why": one.why} for one in basis.left_out],
        "steps": (*entitlement_lines.lines(found), step("not_legal_advice")),
    }


# Looked at ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def look_at(assessment: EntitlementAssessment, *, by: User, at: datetime, said: str) -> EntitlementAssessment:
    """
    Say that Legal looked at an assessment that asks for a lawyer, and what it has to say; nothing else changes by it.

    Raises Refused: reason_missing, nothing_fits where it does not ask or is of another cycle, looked_at_already.
    """
    complaint = lifecycle.hold(assessment.complaint, by=by, at=at, permission="entitlement.assess", states=OPEN)
    if not said.strip():
        raise lifecycle.Refused(reason("reason_missing"))
    asking = complaint.entitlements.filter(cycle=complaint.cycle).asking_for_a_lawyer()
    row = asking.select_related("look__by").filter(pk=assessment.pk).first()
    if row is None:
        raise lifecycle.Refused(reason("nothing_fits"))
    if hasattr(row, "look"):
        raise lifecycle.Refused(reason("looked_at_already", number=row.number, name=row.look.by.name))
    look = LegalLook.objects.create(assessment=row, said=said.strip(), by=by, at=at)
    audit.record("case", complaint.uuid, "entitlement.looked_at", by=by, at=at, facts={"number": row.number},
                 private={"text": look.said})  # fmt: skip
    return row


# Against a verdict ----------------------------------------------------------------------------------------------------


@transaction.atomic
def dispute_verdict(
    complaint: Complaint, *, by: User, at: datetime, what: str, wanted: str, because: str,
    amount: Money | None = None, side: str = VerdictDispute.Side.OURS,
) -> VerdictDispute:  # fmt: skip
    """
    Say that the verdict on a gate or head should be another, and why; it waits for another person to decide.

    what: "gate N", or a head as "LD_PER_UNIT 8.2".  wanted: PASS or FAIL of a gate, ENTITLED or NOT_ENTITLED of a
    head, with the sum in the contract's currency if it is not what the clause gives.

    Raises Refused: reason_missing, clauses_unchecked, verdict_unknown, verdict_same, verdict_amount_missing,
    verdict_without_sum, verdict_currency, dispute_open.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="entitlement.dispute", states=OPEN)
    if not because.strip():
        raise lifecycle.Refused(reason("reason_missing"))
    fitting = _fitting(complaint, at)
    if fitting is None:
        raise lifecycle.Refused(reason("clauses_unchecked"))
    basis, now = fitting
    found, clause = _verdict_on(now, what, wanted, amount)
    if complaint.verdict_disputes.filter(cycle=complaint.cycle, what=what, decision="").exists():
        raise lifecycle.Refused(reason("dispute_open"))
    number = (complaint.verdict_disputes.aggregate(last=Max("number"))["last"] or 0) + 1
    row = VerdictDispute(
        complaint=complaint, cycle=complaint.cycle, number=number, what=what, clause=basis.row_of(clause), found=found,
        wanted=wanted, side=side, because=because.strip(), by=by, at=at,
    )  # fmt: skip
    row.amount = amount
    row.save()
    facts = {"number": number, "what": what, "found": found, "wanted": wanted, "side": side,
             "amount": None if amount is None else [str(amount.amount), amount.currency]}  # fmt: skip
    audit.record("case", complaint.uuid, "entitlement.disputed", by=by, at=at, facts=facts,
                 private={"because": row.because})  # fmt: skip
    return row


def _verdict_on(now: Assessment, what: str, wanted: str, amount: Money | None) -> tuple[str, InForce | None]:
    """Return the present verdict on a gate or head with its clause. Raises Refused where it cannot be set so."""
    gate = next((one for one in now.gates if one.name in GATES and rulings.gate_name(one) == what), None)
    if gate is not None:
        _settable(wanted, GATE_VERDICTS, gate.verdict.value, same=gate.verdict.value == wanted)
        _no_sum(amount)
        return gate.verdict.value, gate.clause
    head = next((one for one in now.heads if rulings.head_name(one.sum) == what), None)
    if head is None or head.sum.unchecked:
        raise lifecycle.Refused(reason("verdict_unknown"))
    if amount is not None and amount.currency != now.facts.currency:
        raise lifecycle.Refused(reason("verdict_currency", currency=now.facts.currency))
    if wanted != Verdict.ENTITLED:
        _no_sum(amount)
    same_sum = amount is None or (head.amount is not None and head.amount.amount == amount.amount)
    _settable(wanted, HEAD_VERDICTS, head.verdict.value, same=head.verdict.value == wanted and same_sum)
    if wanted == Verdict.ENTITLED and amount is None and head.sum.amount is None:
        raise lifecycle.Refused(reason("verdict_amount_missing"))
    return head.verdict.value, head.sum.clause


def _no_sum(amount: Money | None) -> None:
    if amount is not None:
        raise lifecycle.Refused(reason("verdict_without_sum"))


def _settable(wanted: str, known: Iterable[str], found: str, *, same: bool) -> None:
    if wanted not in known:
        raise lifecycle.Refused(reason("verdict_unknown"))
    if same:
        raise lifecycle.Refused(reason("verdict_same"))


@transaction.atomic
def decide_dispute(
    dispute: VerdictDispute, *, by: User, at: datetime, decision: str, answer: str
) -> VerdictDispute:  # fmt: skip
    """
    Decide a disputed verdict: UPHELD sets it as wanted from now on, DISMISSED leaves it; with the reason.

    Raises Refused: same_person, reason_missing, dispute_decided, nothing_fits.
    """
    complaint = lifecycle.hold(dispute.complaint, by=by, at=at, permission="entitlement.decide", states=OPEN)
    row = VerdictDispute.objects.select_for_update().get(pk=dispute.pk)
    if row.decision or row.cycle != complaint.cycle:
        raise lifecycle.Refused(reason("dispute_decided"))
    if not may_decide(row, by):
        raise lifecycle.Refused(reason("same_person", name=by.name))
    if not answer.strip():
        raise lifecycle.Refused(reason("reason_missing"))
    row.decision, row.answer = VerdictDispute.Decision(decision).value, answer.strip()
    row.decided_by, row.decided_at = by, at
    row.save()
    facts = {"number": row.number, "what": row.what, "decision": row.decision, "wanted": row.wanted}
    audit.record("case", complaint.uuid, "entitlement.dispute_decided", by=by, at=at, facts=facts,
                 private={"answer": row.answer})  # fmt: skip
    recheck(complaint, at=at)
    return row


def may_decide(row: VerdictDispute, by: User) -> bool:
    """Tell whether a dispute waits for this person's decision: never for who disputed."""
    return not row.decision and row.by_id != by.pk


# As it was known then, and now ----------------------------------------------------------------------------------------


def derived(row: EntitlementAssessment) -> Assessment | None:
    """Return a kept assessment made again from what it was asked; None of one that was judged without the clauses."""
    if not row.record:
        return None
    asked = json.loads(row.record)["asked"]
    return entitlement_record.rederive(asked, _calendar_named(asked["calendar"]).as_calendar())


def holds(row: EntitlementAssessment, found: Assessment | None = None) -> bool | None:
    """
    Tell whether it gives the same bytes again; None of one that other rules gave, or none.

    found: what `derived` gave, if somebody asked it already.
    """
    if rules_of(row) != entitlement.RULE_VERSION:
        return None
    found = found or derived(row)
    return found is not None and entitlement_record.canonical(found).decode() == row.record


def rules_of(row: EntitlementAssessment) -> str:
    """Return the version of the rules with which it was computed; "" of one that was judged without the clauses."""
    return str(json.loads(row.record)["asked"]["rule_version"]) if row.record else ""


def by_rules_of_now(row: EntitlementAssessment, found: Assessment) -> list[dict[str, Any]]:
    """Return where `found`, what the rules of now make of its facts and clauses, differs from what was kept."""
    return _otherwise(row, _table(entitlement_record.to_data(found)))


def broken(row: EntitlementAssessment) -> bool:
    """Tell whether it cannot be derived again as it was kept, so that no sum may rest on it; older rules break none."""
    try:
        return holds(row) is False
    except UNREADABLE:
        return True


def _calendar_named(name: str) -> CalendarVersion:
    code, _, version = name.rpartition(" v")
    return CalendarVersion.objects.select_related("calendar").get(calendar__code=code, version=int(version))


def now_otherwise(row: EntitlementAssessment, *, at: datetime) -> list[dict[str, Any]]:
    """Return what would be otherwise on the facts of now, as of the same day of the contract; before: as was kept."""
    return _otherwise(row, _now(row.complaint, row.as_of, at)) if row.record else []


def _now(complaint: Complaint, as_of: date | None, at: datetime) -> dict[str, Any] | None:
    """Return what is found now, as `_table`; of facts that do not fit nothing; None without checked clauses."""
    try:
        answer = entitling.answer_of(complaint, at=at, as_of=as_of)
    except Unfit:
        return {}
    return None if answer is None else _table(entitlement_record.to_data(answer[1]))


def _otherwise(row: EntitlementAssessment, now: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return where the answer that was kept, not what today's rules make of its facts, differs from that of now."""
    if now is None:
        return [{"what": "clauses", "before": "CHECKED", "after": "NONE"}]
    if not now:
        return [{"what": "facts", "before": "FIT", "after": "UNFIT"}]
    kept = _table(json.loads(row.record))
    return [
        {"what": name, "before": kept.get(name), "after": now.get(name)}
        for name in dict.fromkeys([*kept, *now]) if kept.get(name) != now.get(name)
    ]  # fmt: skip


def _table(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return every verdict of an assessment, as contracts.entitlement_record.to_data writes it, by what it is about."""
    clauses, found = data["asked"]["clauses"], data["found"]

    def cited(place: int | None) -> str:
        return "" if place is None else f"{clauses[place]['number']} v{clauses[place]['version']}"

    def named(one: Mapping[str, Any]) -> str:
        return f"{one['type']} {'' if one['clause'] is None else clauses[one['clause']]['number']}".strip()

    rows: dict[str, Any] = {f"gate {gate['name']}": [cited(gate["clause"]), gate["verdict"]] for gate in found["gates"]}
    for head in found["heads"]:
        rows[named(head["sum"])] = [cited(head["sum"]["clause"]), head["verdict"], head["amount"]]
    order = cited(found["remedy_clause"])
    rows |= {f"remedy {one['remedy']}": [order, one["verdict"]] for one in found["remedies"]}
    return {**rows, "total": found["total"]}


def recheck(complaint: Complaint, *, at: datetime) -> bool:
    """
    Note on each computed assessment of the cycle what would be otherwise now; tell whether anything is.

    For verbs, inside their transaction. Older ones are looked at too, for money may rest on one of them.
    """
    changed = False
    now: dict[date | None, dict[str, Any] | None] = {}
    for row in complaint.entitlements.filter(cycle=complaint.cycle).exclude(record=""):
        if row.as_of not in now:
            now[row.as_of] = _now(complaint, row.as_of, at)
        found = _otherwise(row, now[row.as_of])
        changed = changed or bool(found)
        if found != row.differs:
            row.differs, row.differs_since = found, at if found else None
            row.save(update_fields=["differs", "differs_since"])
    return changed
