"""
What a case tells the contract: its facts by the names of the rules, its checked clauses, and what was ruled otherwise.

A fact that the case does not hold stays unknown. A clause is left out only where it is not judged here at all, or where
nothing in the case asks for it; which ones, and why, is said (docs/entitlement.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Exists, Max, Min, OuterRef, Subquery, Sum

from complaints.days import company_date, customer_date
from complaints.models import (
    AffectedItem,
    Attribution,
    AttributionShare,
    Complaint,
    FactSheet,
    VerdictDispute,
)
from complaints.models.states import Nonconformity, Party, RemedyAsked
from contracts import entitlement, questions
from contracts.clauses.case import CaseFacts, InForce, outside
from contracts.clauses.gates import Gate
from contracts.clauses.heads import DELAYS
from contracts.clauses.kinds import Problem
from contracts.clauses.liquidated import Breach
from contracts.clauses.remedies import Remedy
from contracts.clauses.rulings import GATES, Ruling
from contracts.clauses.terms import TermsError
from contracts.entitlement import Assessment, Head
from contracts.models import Clause, Contract, ContractVersion, Delivery
from worktime.models import CalendarVersion, WorkCalendar, kept
from worktime.zones import BadInput

OURS = (Party.SELLER, Party.SUPPLIER, Party.CARRIER)  # towards the customer all the seller's (CC 593, DOMAIN §5.7)
ASKED: dict[str, Remedy] = {
    RemedyAsked.REWORK: Remedy.REPAIR,
    RemedyAsked.PARTS: Remedy.REPAIR,
    RemedyAsked.REPLACEMENT: Remedy.REPLACEMENT,
    RemedyAsked.REFUND: Remedy.RETURN,
    RemedyAsked.PRICE_REDUCTION: Remedy.PRICE_REDUCTION,
    RemedyAsked.COMPENSATION: Remedy.DAMAGES,
}
KEPT = (  # what the case, its contract or its diagnosis holds; mended there and not stated
    "currency", "found_on", "units_claimed", "units_confirmed", "seller_share_pct", "requested", "contract_price",
    "prices_include_vat", "vat_pct", "assessed_on", "unchecked",
)  # fmt: skip
STATED = tuple(name for name in CaseFacts.asks() if name not in KEPT)


@dataclass(frozen=True)
class Held:
    """
    A fact as JSON holds it, and where it stands.

    origin: case, goods, contract, extent, shares, today or stated; of a stated one `source` says where it can be seen.
    """

    value: Any
    origin: str
    source: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A clause in force that was not asked. why: unchecked, not_judged, not_asked or no_terms."""

    clause: InForce | None
    row: Clause
    why: str


@dataclass(frozen=True)
class Basis:
    """All that an assessment of a case is made from; `rows` are the clauses as the contract keeps them."""

    facts: CaseFacts
    held: Mapping[str, Held]
    clauses: tuple[InForce, ...]
    left_out: tuple[LeftOut, ...]
    ruled: tuple[Ruling, ...]
    as_of: date
    calendar: CalendarVersion
    rows: Mapping[tuple[int, str, str], Clause]

    def row_of(self, clause: InForce | None) -> Clause | None:
        """Return the clause as the contract keeps it."""
        return None if clause is None else self.rows.get((clause.version, clause.number, clause.type))

    def assess(self, **changes: Any) -> Assessment:
        """
        Return what the contract gives; `changes` are facts that are to be otherwise.

        Raises Unfit where a period of the facts leaves the calendar.
        """
        facts = replace(self.facts, **changes) if changes else self.facts
        try:
            return entitlement.assess(facts, self.clauses, as_of=self.as_of, calendar=self.calendar.as_calendar(),
                                      calendar_name=str(self.calendar), ruled=self.ruled)  # fmt: skip
        except BadInput as bad:
            raise Unfit(TermsError([Problem("", "not_reckoned")])) from bad


class Unfit(Exception):
    """The facts of the case contradict each other; `error` holds the problems (contracts.clauses.terms)."""

    def __init__(self, error: TermsError) -> None:
        super().__init__(str(error))
        self.error = error


def basis_of(complaint: Complaint, *, at: datetime, as_of: date | None = None) -> Basis | None:
    """
    Return what the case gives to be assessed.

    None while no contract is named, or no clause of the version that counts was checked.

    as_of: the day of the contract that counts, `day_that_counts` unless given. That one is moved to the nearest day on
    which the version was in force, so that the clauses count; a given one is not.

    Raises Unfit, also as_of_not_in_force for a given day on which no version was in force.
    """
    contract = complaint.contract
    if contract is None:
        return None
    known = _read(complaint)
    held = _held(complaint, contract, known, at)
    facts = facts_from({name: one.value for name, one in held.items()})
    on = as_of or day_that_counts(facts, at)
    rows = questions.in_paper_order(questions.clauses_that_count(contract, on).select_related("version"))
    if not any(row.is_checked for row in rows):
        return None
    version = rows[0].version
    if as_of is not None and not _holds(version, as_of):
        first = contract.versions.order_by("effective_from").values_list("effective_from", flat=True).first()
        raise Unfit(TermsError([outside(as_of, first)]))
    on = max(on, version.effective_from) if version.effective_to is None else min(
        max(on, version.effective_from), version.effective_to
    )  # fmt: skip
    given, left_out, unchecked = _sorted_out(rows, contract, facts, set(complaint.nonconformity))
    by_key = {(row.version.version, row.number, row.type): row for row in rows}
    facts = replace(facts, unchecked=unchecked)
    return Basis(facts, held, given, left_out, _ruled(complaint, known), on, _calendar(known), by_key)


def _holds(version: ContractVersion, on: date) -> bool:
    return version.effective_from <= on and (version.effective_to is None or on <= version.effective_to)


def day_that_counts(facts: CaseFacts, at: datetime) -> date:
    """
    Return the day that chooses the version of the contract (docs/decisions/0015): of the delivery of the goods.

    While that is not known, the day on which the fault was found, or else today.
    """
    return facts.delivered_on or facts.found_on or company_date(at)


def answer_of(complaint: Complaint, *, at: datetime, as_of: date | None = None) -> tuple[Basis, Assessment] | None:
    """Return the basis with what the contract gives on it; None as basis_of. Raises Unfit."""
    basis = basis_of(complaint, at=at, as_of=as_of)
    return None if basis is None else (basis, basis.assess())


def disputable(complaint: Complaint, *, at: datetime) -> tuple[list[Gate], list[Head]]:
    """Return the gates and heads over which there can be two opinions, as they stand now; none if facts do not fit."""
    try:
        answer = answer_of(complaint, at=at)
    except Unfit:
        return [], []
    if answer is None:
        return [], []
    found = answer[1]
    gates = [gate for gate in found.gates if gate.name in GATES]
    return gates, [head for head in found.heads if not head.sum.unchecked]


def facts_from(raw: dict[str, Any]) -> CaseFacts:
    """Return typed facts. Raises Unfit where one is not of its kind, or two contradict each other."""
    try:
        return CaseFacts.from_data(raw)
    except TermsError as error:
        raise Unfit(error) from error


def newest_sheet(complaint: Complaint) -> FactSheet | None:
    """Return the facts that were stated, as they stand now."""
    return complaint.fact_sheets.order_by("-number").first() if complaint.pk else None


# Reading --------------------------------------------------------------------------------------------------------------


def asked() -> dict[str, Any]:
    """Return what lies in other rows as columns of a query over cases, so that a page reads them with the case."""
    of_case, cycle = OuterRef("pk"), OuterRef("cycle")
    approved = Attribution.objects.filter(complaint=of_case, cycle=cycle, approved_by__isnull=False)
    deep = Attribution.objects.filter(
        complaint=OuterRef(OuterRef("pk")), cycle=OuterRef(OuterRef("cycle")), approved_by__isnull=False
    )
    newest = deep.order_by("-number").values("pk")[:1]
    ours = AttributionShare.objects.filter(attribution__in=newest, party__in=OURS).order_by().values("attribution")
    confirmed = AffectedItem.objects.filter(complaint=of_case).order_by().values("complaint")
    went = Delivery.objects.filter(lots=OuterRef("lot"), customer=OuterRef("customer")).order_by().values("customer")
    upheld = VerdictDispute.objects.filter(complaint=of_case, cycle=cycle, decision="UPHELD")
    return {
        "told_sheet": Subquery(FactSheet.objects.filter(complaint=of_case).order_by("-number").values("facts")[:1]),
        "told_shared": Exists(approved),
        "told_share": Subquery(ours.annotate(sum=Sum("basis_points")).values("sum")),
        "told_confirmed": Subquery(confirmed.annotate(sum=Sum("confirmed")).values("sum")),
        "told_unknown": Subquery(confirmed.annotate(sum=Sum("unknown")).values("sum")),
        "told_first": Subquery(went.annotate(day=Min("delivered_on")).values("day")),
        "told_last": Subquery(went.annotate(day=Max("delivered_on")).values("day")),
        "told_ruled": Exists(upheld),
        "told_calendar": CalendarVersion.newest_key(settings.COMPANY_CALENDAR),
    }


def _read(complaint: Complaint) -> dict[str, Any]:
    """Return what lies in other rows: read along with the case, or in one statement; of a new case the delivery."""
    if complaint.pk is None:
        return {"days": _days_of_lot(complaint)}
    row = complaint.__dict__
    if "told_sheet" not in row:
        row = Complaint.objects.filter(pk=complaint.pk).values(**asked()).get()
    return {
        "sheet": row["told_sheet"] or {},
        "share": (row["told_share"] or 0) if row["told_shared"] else None,
        "confirmed": row["told_confirmed"],
        "unknown": row["told_unknown"],
        "days": {row["told_first"], row["told_last"]},
        "ruled": row["told_ruled"],
        "calendar": row["told_calendar"],
    }


def _days_of_lot(complaint: Complaint) -> set[date]:
    """Return the days on which the lot went to this customer."""
    if complaint.lot is None:
        return set()
    rows = complaint.lot.deliveries.filter(customer=complaint.customer)
    return set(rows.values_list("delivered_on", flat=True))


def _calendar(known: dict[str, Any]) -> CalendarVersion:
    pk = known.get("calendar")
    return kept(pk) if pk else WorkCalendar.objects.company()


def _ruled(complaint: Complaint, known: dict[str, Any]) -> tuple[Ruling, ...]:
    """Return what was decided otherwise in this cycle."""
    if not known.get("ruled"):
        return ()
    rows = complaint.verdict_disputes.filter(cycle=complaint.cycle, decision="UPHELD").order_by("number")
    return tuple(
        Ruling(what=row.what, verdict=row.wanted, number=row.number, amount=row.amount.amount if row.amount else None)
        for row in rows
    )


# The facts ------------------------------------------------------------------------------------------------------------


def _held(complaint: Complaint, contract: Contract, known: dict[str, Any], at: datetime) -> dict[str, Held]:
    """Return every fact that is known, by name; what was stated with its source counts before what was taken over."""
    found = {
        **_of_contract(contract),
        **_of_case(complaint, at),
        **_of_goods(complaint, known.get("days", set())),
        **_of_diagnosis(known),
        "assessed_on": Held(company_date(at), "today"),
    }
    found |= {
        name: Held(said["value"], "stated", said.get("source", ""))
        for name, said in known.get("sheet", {}).items()
        if name in STATED
    }
    return {name: _as_json(one) for name, one in found.items() if one.value not in (None, [], "")}


def _of_contract(contract: Contract) -> dict[str, Held]:
    values = {
        "currency": contract.currency,
        "contract_price": contract.price.amount if contract.price else None,
        "prices_include_vat": contract.price_includes_vat,
        "vat_pct": contract.vat_pct,
    }
    return {name: Held(value, "contract") for name, value in values.items()}


def _of_case(complaint: Complaint, at: datetime) -> dict[str, Held]:
    """The customer knows of the fault since it was found, and gave notice when the complaint came in."""
    asked = [ASKED[code] for code in complaint.remedy_asked if code in ASKED]
    values = {
        "found_on": complaint.found_on,
        "known_on": complaint.found_on,
        "notified_on": customer_date(complaint, complaint.received_at or at),
        "units_claimed": _whole(complaint.quantity_affected),
        "units_confirmed": _whole(complaint.quantity_confirmed),
        "requested": list(dict.fromkeys(asked)),
    }
    return {name: Held(value, "case") for name, value in values.items() if value is not None}


def _of_goods(complaint: Complaint, days: set[date | None]) -> dict[str, Held]:
    """The day of the delivery that is named, or of the only one with which the lot went out."""
    if complaint.delivery is not None:
        return {"delivered_on": Held(complaint.delivery.delivered_on, "goods")}
    only = next(iter(days)) if len(days) == 1 else None
    return {"delivered_on": Held(only, "goods")} if only else {}


def _of_diagnosis(known: dict[str, Any]) -> dict[str, Held]:
    """
    Units confirmed defective say that the goods do not conform; the approved shares say whose cause it is.

    While units are still to be looked at, their list does not say how many there are: what the case says stands.
    """
    found = {}
    if known.get("confirmed") is not None and not known["unknown"]:
        found["units_confirmed"] = Held(known["confirmed"], "extent")
    if known.get("confirmed"):
        found["nonconforming"] = Held(True, "extent")
    if known.get("share") is not None:
        found["seller_share_pct"] = Held(Decimal(known["share"]) / 100, "shares")
    return found


def _whole(quantity: Decimal | str | None) -> int | None:
    if quantity is None or Decimal(quantity) != int(Decimal(quantity)):
        return None
    return int(Decimal(quantity))


def _as_json(one: Held) -> Held:
    """Return the fact with its value as JSON holds it."""
    value = one.value
    if isinstance(value, date):
        value = value.isoformat()
    elif isinstance(value, Decimal):
        value = f"{value:f}"
    elif isinstance(value, list):
        value = [str(item) if isinstance(item, Remedy) else item for item in value]
    return Held(value, one.origin, one.source)


# The clauses ----------------------------------------------------------------------------------------------------------


def _sorted_out(
    rows: Iterable[Clause], contract: Contract, facts: CaseFacts, about: set[str]
) -> tuple[tuple[InForce, ...], tuple[LeftOut, ...], tuple[str, ...]]:
    """Return the clauses to judge, those left out, and the types of the unchecked ones that would have to be asked."""
    given, out = [], []
    waiting: dict[str, None] = {}
    for row in rows:
        clause = _in_force(row, contract)
        why = "no_terms" if clause is None else why_left_out(clause, facts, about)
        if not row.is_checked:
            out.append(LeftOut(clause, row, "unchecked"))
            if not why or (clause is None and row.type in JUDGED):  # without its terms nothing shows that it can wait
                waiting[row.type] = None
        elif clause is not None and not why:
            given.append(clause)
        else:
            out.append(LeftOut(clause, row, why))
    return tuple(given), tuple(out), tuple(waiting)


def _in_force(row: Clause, contract: Contract) -> InForce | None:
    version = row.version
    try:
        terms = row.typed_terms
    except TermsError:  # of one that nobody checked; it is named, not asked
        terms = None
    if terms is None:
        return None
    return InForce(row.number, row.type, terms, heading=row.heading, contract=contract.number, version=version.version,
                   effective_from=version.effective_from, effective_to=version.effective_to)  # fmt: skip


def why_left_out(clause: InForce, facts: CaseFacts, about: set[str]) -> str:
    """Return why a clause need not be asked on these facts: not_judged or not_asked; "" if it must be. Pure."""
    if clause.type not in JUDGED:
        return "not_judged"
    asks = JUDGED[clause.type]
    return "" if asks is None or asks(clause, facts, about) else "not_asked"


def _about_delay(clause: InForce, facts: CaseFacts, about: set[str]) -> bool:
    """Tell whether anything was due: a complaint about quality says nothing of lateness by itself."""
    return any(getattr(facts, name) is not None for name in DELAYS[clause.terms.late][:1])  # type: ignore[attr-defined]


def _about_performance(clause: InForce, facts: CaseFacts, about: set[str]) -> bool:
    wanted = clause.terms.characteristic.strip().casefold()  # type: ignore[attr-defined]
    measured = {one.characteristic.strip().casefold() for one in facts.measurements}
    lacking = {Nonconformity.PERFORMANCE.value, Nonconformity.STANDARD_DEVIATION.value}
    return not about or wanted in measured or bool(about & lacking)


def _about_breaches(clause: InForce, facts: CaseFacts, about: set[str]) -> bool:
    named = {rate.breach for rate in clause.terms.breaches}  # type: ignore[attr-defined]
    papers = Nonconformity.DOCUMENT.value in about and Breach.MISSING_DOCUMENTS in named
    goods = bool(about - {Nonconformity.DOCUMENT.value}) and Breach.NONCONFORMING_GOODS in named
    return not about or bool(facts.breaches) or papers or goods


def _about_price(clause: InForce, facts: CaseFacts, about: set[str]) -> bool:
    values = (facts.value_delivered, facts.deviation)
    return Remedy.PRICE_REDUCTION in facts.requested or any(value is not None for value in values)


def _about_units(clause: InForce, facts: CaseFacts, about: set[str]) -> bool:
    return about != {Nonconformity.DOCUMENT.value}


def _about_retention(clause: InForce, facts: CaseFacts, about: set[str]) -> bool:
    return bool(facts.third_party_repair) or facts.open_issue_impairs_use is not None


def _about_earnest(clause: InForce, facts: CaseFacts, about: set[str]) -> bool:
    return facts.earnest_paid is not None


JUDGED: dict[str, Callable[[InForce, CaseFacts, set[str]], bool] | None] = {  # None: always asked
    "GOVERNING_LAW": None,
    "QUALITY_STANDARD": None,
    "INSPECTION_NOTICE": None,
    "GUARANTEE_PERIOD": None,
    "REMEDY_ORDER": None,
    "DAMAGES": None,
    "EXCLUSION": None,
    "LIABILITY_CAP": None,
    "LIMITATION_OF_ACTION": None,
    "LD_DELAY": _about_delay,
    "LD_PERFORMANCE": _about_performance,
    "LD_PER_UNIT": _about_units,
    "LD_FIXED_PCT": _about_breaches,
    "PRICE_REDUCTION": _about_price,
    "RETENTION": _about_retention,
    "EARNEST_MONEY": _about_earnest,
}
