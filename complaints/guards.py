"""What this room itself asks before a move: one function per move, answering with reasons (DOMAIN §2.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from complaints import gates, raci, standing
from complaints.days import customer_date
from complaints.gates import Reason, reason
from complaints.models.states import Grade, Leg, Nonconformity, Safety, State
from contracts.exact import clean_number

if TYPE_CHECKING:
    from complaints.models import Complaint, InitialAnalysis

GRAVE = (Grade.G1, Grade.G2)
WITH_FINANCE = (Grade.G1, Grade.G2, Grade.G3)
LATE_REGISTRATION = timedelta(days=7)
LONG_AGO = timedelta(days=30 * 365)  # nobody complains of what was found before
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters by their class, and yet nothing is seen


def before_register(complaint: Complaint) -> list[Reason]:
    """T02: three fields make a case; the rest are gaps of triage (ARCHITECTURE §5.1)."""
    found = []
    if complaint.customer_id is None:
        found.append(reason("customer_missing"))
    if not says_something(complaint.description):
        found.append(reason("description_missing"))
    if complaint.found_on is None:
        found.append(reason("found_on_missing"))
    return found + _moments(complaint) + quantities(complaint)


def says_something(text: str) -> bool:
    """Tell whether a reader sees anything of the text: not only spaces, zero-width and blank characters."""
    return any(char.isprintable() and not char.isspace() and char not in BLANK for char in text)


def quantities(complaint: Complaint) -> list[Reason]:
    """Return why the quantities cannot be: more is affected than was delivered."""
    said = (complaint.quantity_affected, complaint.quantity_delivered)
    affected, delivered = (None if number in (None, "") else clean_number(number) for number in said)
    if affected is None or delivered is None or affected <= delivered:
        return []
    return [reason("quantity_above_delivered", affected=str(affected), delivered=str(delivered))]


def _moments(complaint: Complaint) -> list[Reason]:
    received, registered = complaint.received_at, complaint.registered_at
    if received is None or registered is None:
        return []
    if received > registered:
        return [reason("received_in_future")]
    if received < EARLIEST:
        return [reason("received_long_ago")]
    found = []
    if registered - received > LATE_REGISTRATION and not complaint.late_proof:
        found.append(reason("received_too_early"))
    return found + found_when(complaint)


def found_when(complaint: Complaint) -> list[Reason]:
    """Return why the day of the find cannot be: it lies after the receipt, by the customer's calendar, or long ago."""
    found, received = complaint.found_on, complaint.received_at
    if found is None or received is None:
        return []
    day = customer_date(complaint, received)
    if found > day:
        return [reason("found_on_in_future")]
    return [reason("found_on_long_ago")] if day - found > LONG_AGO else []


def before_triage(complaint: Complaint) -> list[Reason]:
    """T03: what intake left open, and what triage itself decides."""
    wanted = {
        "goods_missing": _goods(complaint),
        "found_where_missing": complaint.found_where or complaint.found_place,
        "quantity_missing": None not in (complaint.quantity_affected, complaint.quantity_delivered),
        "remedy_asked_missing": complaint.remedy_asked,
        "safety_missing": complaint.safety,
        "grade_missing": complaint.grade,
        "nonconformity_missing": complaint.nonconformity,
        "owner_missing": complaint.owner_id,
        "department_missing": complaint.department_id,
        "contract_missing": complaint.contract_version_id or complaint.no_contract_because,
        "duplicate_check_missing": complaint.duplicate_checked_at,
    }
    found = [*contact_gaps(complaint), *(reason(code) for code, there in wanted.items() if not there)]
    if Nonconformity.STANDARD_DEVIATION in complaint.nonconformity and not complaint.contract_version_id:
        found.append(reason("clause_for_deviation_missing"))
    return found


def contact_gaps(complaint: Complaint) -> list[Reason]:
    """Return that nobody can be reached: no person on file, no address, no number."""
    reachable = complaint.contact_id or complaint.contact_email or complaint.contact_phone
    return [] if reachable else [reason("contact_missing")]


def _goods(complaint: Complaint) -> object:
    return goods_named(complaint) or complaint.goods_unknown_because


def goods_named(complaint: Complaint) -> bool:
    """Tell whether it is known which goods it is about."""
    return bool(complaint.product_id or complaint.delivery_id or complaint.lot_id or complaint.serial)


def before_mobilise(complaint: Complaint) -> list[Reason]:
    """T04: the team is whole; a G1 case has its emergency plan in force."""
    known = standing.of(complaint)
    found = [
        reason(code)
        for seat, code in (
            ("LEADER", "leader_missing"),
            ("CHAMPION", "champion_missing"),
            ("MEMBER", "members_missing"),
        )
        if seat not in known.seats
    ]
    if complaint.grade == Grade.G1 and not known.plan_active:
        found.append(reason("emergency_plan_missing"))
    return found


def before_begin_diagnosis(complaint: Complaint) -> list[Reason]:
    """T05: meeting, containment, the initial analysis sent, and somebody who answers for each action (R09)."""
    found = [*_meeting_gaps(complaint), *_containment_gaps(complaint), *_initial_gaps(complaint)]
    return [*found, *raci.gaps(complaint)]


def _meeting_gaps(complaint: Complaint) -> Iterator[Reason]:
    if complaint.grade == Grade.G4:
        return
    known = standing.of(complaint)
    if not known.met:
        yield reason("meeting_missing")
        return
    if "QUALITY" not in known.met_with:
        yield reason("meeting_without_quality")
    if "CUSTOMER_SERVICE" not in known.met_with:
        yield reason("meeting_without_service")


def _containment_gaps(complaint: Complaint) -> Iterator[Reason]:
    known = standing.of(complaint)
    if not known.contained:
        yield reason("containment_missing")
        return
    for location in known.uncontained:
        yield reason("containment_open", location=location)


def _initial_gaps(complaint: Complaint) -> list[Reason]:
    if standing.of(complaint).initial_sent:
        return []
    return initial_gaps(standing.latest_initial(complaint)) or [reason("initial_not_sent")]


def initial_gaps(analysis: InitialAnalysis | None) -> list[Reason]:
    """Return what an initial analysis lacks before it may be sent (DOMAIN §3.2)."""
    if analysis is None:
        return [reason("initial_missing")]
    found = [reason("initial_part_missing", part=part) for part in missing_parts(analysis)]
    if not found and analysis.approved_by_id is None:
        found.append(reason("initial_not_approved"))
    return found


def missing_parts(analysis: InitialAnalysis) -> list[str]:
    """Return the labels' codes of the required parts that are empty."""
    parts = ["description", "extent", "confidence", "containment", "remedy_direction", "next_dates"]
    missing = [part for part in parts if not getattr(analysis, part).strip()]
    if analysis.contact_person_id is None:
        missing.append("contact_person")
    if analysis.confidence == "UNKNOWN" and not analysis.test_plan.strip():
        missing.append("test_plan")
    if analysis.confidence not in {"", "UNKNOWN"} and not analysis.suspected_cause.strip():
        missing.append("suspected_cause")
    return missing


def before_propose_directly(complaint: Complaint) -> list[Reason]:
    """T06: only G4, with an evident and proven cause; what T05 asks beside the meeting is asked here too."""
    found = [] if complaint.grade == Grade.G4 else [reason("only_g4_direct", grade=complaint.grade)]
    known = standing.of(complaint)
    if Leg.OCCURRENCE not in known.verified_legs:
        named = Leg.OCCURRENCE in known.unproven
        found.append(
            cause_gap(known, Leg.OCCURRENCE.value) if named else reason("evident_cause_missing", leg="OCCURRENCE")
        )
    return [*found, *_containment_gaps(complaint), *_initial_gaps(complaint), *raci.gaps(complaint)]


def before_agree_diagnosis(complaint: Complaint) -> list[Reason]:
    """T07: both causes proven or exempted, extent final, shares 100 %, entitlement and finance assessed."""
    known = standing.of(complaint)
    legs = (Leg.OCCURRENCE.value, Leg.ESCAPE.value)
    found = [cause_gap(known, leg) for leg in legs if leg not in known.settled_legs]
    if not known.defect_stated:
        found.append(reason("defect_statement_missing"))
    if not known.extent_listed:
        found.append(reason("extent_empty"))
    elif not known.extent_final:
        found.append(reason("extent_open"))
    found += _attribution_gaps(known)
    if not known.entitled:
        found.append(reason("entitlement_missing"))
    if complaint.grade in WITH_FINANCE and not known.financed:
        found.append(reason("finance_missing"))
    return found


def cause_gap(known: standing.Standing, leg: str) -> Reason:
    """Return what a leg lacks: the proof of a cause that is named, else a cause."""
    named = known.unproven.get(leg)
    return reason("cause_unproven", leg=leg, **named) if named else reason("cause_missing", leg=leg)


def _attribution_gaps(known: standing.Standing) -> Iterator[Reason]:
    total = known.shares or 0
    if not known.attributed:
        yield reason("attribution_missing")
    elif total != 10000:
        yield reason("attribution_sum", sum=f"{total // 100}.{total % 100:02d}")
    elif not known.shares_approved:
        yield reason("attribution_not_approved")


def before_reject(complaint: Complaint) -> list[Reason]:
    """T16: prepared by one, Legal agrees to grave ones, no plan in force; the verb checks the second person."""
    known = standing.of(complaint)
    found = [] if known.rejection else [reason("rejection_missing")]
    if complaint.grade in GRAVE and not known.legal_agreed:
        found.append(reason("legal_signoff_missing"))
    return [*found, *_incident(complaint)]


def before_withdraw(complaint: Complaint) -> list[Reason]:
    """T18: a written statement; with safety at stake an internal record first; no plan in force."""
    withdrawal = getattr(complaint, "withdrawal", None)
    found = []
    if withdrawal is None or not withdrawal.statement.strip():
        found.append(reason("statement_missing"))
    at_stake = complaint.safety != Safety.NO or complaint.reportable
    if at_stake and (withdrawal is None or not withdrawal.internal_record.strip()):
        found.append(reason("internal_record_missing"))
    return [*found, *_incident(complaint)]


def _incident(complaint: Complaint) -> list[Reason]:
    """Return that an emergency plan is in force: no case ends under it."""
    return [reason("incident_open")] if standing.of(complaint).plan_active else []


def before_merge(complaint: Complaint) -> Sequence[Reason]:
    """T19: the same customer and the same goods, a master that is still open; no plan in force."""
    master = complaint.master
    if master is None:
        return [reason("master_missing")]
    if master.pk == complaint.pk:
        return [reason("master_is_itself")]
    if master.customer_id != complaint.customer_id:
        return [reason("master_other_customer", ref=master.ref)]
    if master.state in {State.CLOSED, State.REJECTED, State.WITHDRAWN, State.DUPLICATE, State.DRAFT}:
        return [reason("master_ended", ref=master.ref)]
    if master.product_id and complaint.product_id and master.product_id != complaint.product_id:
        return [reason("master_other_goods", ref=master.ref)]
    return _incident(complaint)


def before_close(complaint: Complaint) -> list[Reason]:
    """T14, this room's part: no blocking task is open, somebody answers for what remains, no call waits."""
    open_tasks = complaint.tasks.filter(status="OPEN", blocking=True)
    found = [reason("task_open", text=text, task=pk) for text, pk in open_tasks.values_list("text", "pk")]
    found += [*raci.gaps(complaint), *_incident(complaint)]
    return [*found, reason("call_unanswered")] if "answer_call" in standing.of(complaint).works_on else found


def before_dispute(complaint: Complaint) -> list[Reason]:
    """T20: a ground is named; whether it holds, the room of the negotiation knows."""
    return [] if standing.of(complaint).disputed else [reason("ground_missing")]


def before_settle(complaint: Complaint) -> list[Reason]:
    """T21: a settlement or award is there."""
    return [] if standing.of(complaint).outcome else [reason("outcome_missing")]


def install() -> None:
    """Register this room's guards; called once, when the app is ready."""
    for move, guard in {
        "register": before_register,
        "triage": before_triage,
        "mobilise": before_mobilise,
        "begin_diagnosis": before_begin_diagnosis,
        "propose_directly": before_propose_directly,
        "agree_diagnosis": before_agree_diagnosis,
        "close": before_close,
        "reject": before_reject,
        "withdraw": before_withdraw,
        "merge": before_merge,
        "dispute": before_dispute,
        "settle": before_settle,
    }.items():
        gates.requires(move, guard)
