"""
The verbs that move a case (T01–T21), and the only caller of its FSM transitions.

Each verb locks the case, writes what was said with the move, checks that the move is possible, permitted and whole,
moves, saves, turns the clocks, records one event and runs what higher rooms added: all in one transaction. Verbs take
`by` (who) and `at` (the aware moment of the act, which may be earlier than the typing of it but not earlier than the
last move), return the fresh case, and raise Refused with reasons or PermissionDenied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

import audit
from complaints import activating, clock_moves, clocks, gates, guards, letters, policies
from complaints.days import company_date
from complaints.gates import Reason, Refused, reason
from complaints.models import CaseCycle, CaseNumber, Competence, Complaint, Dispute, TeamMember, TrackerLink, Withdrawal
from complaints.models.states import LetterKind, Metric, State

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.facts import Triage
    from complaints.models import EmergencyPlan

OBJECTION_DAYS = 30
REOPENING_DAYS = 90

EVENT = {
    "register": "case.registered",
    "triage": "case.triaged",
    "mobilise": "case.mobilised",
    "begin_diagnosis": "case.diagnosis_begun",
    "propose_directly": "case.proposed_directly",
    "agree_diagnosis": "case.diagnosis_agreed",
    "send_proposal": "case.proposal_sent",
    "counter": "case.countered",
    "accept": "case.accepted",
    "report_done": "case.done_reported",
    "not_solved": "case.not_solved",
    "confirm": "case.confirmed",
    "close": "case.closed",
    "reopen": "case.reopened",
    "reject": "case.rejected",
    "object": "case.objected",
    "withdraw": "case.withdrawn",
    "merge": "case.merged",
    "dispute": "case.disputed",
    "settle": "case.settled",
}

# Gaps that the move's own form answers: they do not take its button away (moves ask for them instead).
ASKED: dict[str, frozenset[str]] = {
    "register": frozenset({"customer_missing", "description_missing", "found_on_missing"}),
    "triage": frozenset(
        {
            "grade_missing", "nonconformity_missing", "owner_missing", "department_missing", "contract_missing",
            "clause_for_deviation_missing", "duplicate_check_missing", "goods_missing", "found_where_missing",
            "quantity_missing", "remedy_asked_missing", "safety_missing",
        }
    ),
    "mobilise": frozenset({"leader_missing", "champion_missing", "members_missing", "emergency_plan_missing"}),
    "merge": frozenset({"master_missing"}),
    "withdraw": frozenset({"statement_missing", "internal_record_missing"}),
    "dispute": frozenset({"ground_missing"}),
    "settle": frozenset({"outcome_missing"}),
}  # fmt: skip

METHODS = {"settle": ("settle_to_negotiation", "settle_to_execution", "settle_to_closing")}

TITLE = 80  # characters of a title made from what happened


@dataclass(frozen=True)
class Choice:
    """One move as it stands for one person: what still blocks it, what its form will ask, who may make it."""

    verb: str
    permitted: bool
    blocked_by: tuple[Reason, ...]
    asks: tuple[Reason, ...]
    roles: frozenset[str]

    @property
    def allowed(self) -> bool:
        """Tell whether this person may start this move now."""
        return self.permitted and not self.blocked_by


def choices(complaint: Complaint, user: User) -> list[Choice]:
    """Return every move that leads out of the present state, as it stands for `user`; buttons and API read this."""
    return [choice(verb, complaint, user) for verb in gates.MOVES if _possible(verb, complaint)]


def all_choices(complaint: Complaint, user: User) -> list[Choice]:
    """Return all twenty moves; those that the state does not allow are blocked by that reason."""
    return [choice(verb, complaint, user) for verb in gates.MOVES]


# Intake --------------------------------------------------


@transaction.atomic
def draft(complaint: Complaint, *, by: User, at: datetime) -> Complaint:
    """Keep an unfinished intake (T01): no number, no clock. `complaint` is new or a draft with its fields set."""
    if not by.may("case.draft") or not _own_customer(complaint, by):
        raise PermissionDenied
    complaint.registered_by = by
    complaint.save()
    audit.record("case", complaint.uuid, "case.drafted", by=by, at=at, facts={})
    return complaint


def register(complaint: Complaint, *, by: User, at: datetime, now: datetime | None = None, said: str = "") -> Complaint:
    """
    Receive a complaint (T02): number, first cycle, clocks, tracker link, event.

    `complaint` is a new instance or a draft with its fields set; customer, description and found_on are required.
    `received_at` is the first receipt in any channel and defaults to `at`; more than seven days before it is typed in
    (`now`, else `at`) it needs `late_proof`. Clocks run from receipt; the case comes back with them as `open_clocks`.
    said: the digest of the form it came by, which the event keeps.
    """
    if not _own_customer(complaint, by):
        raise PermissionDenied
    complaint.received_at = complaint.received_at or at
    complaint.registered_at, complaint.registered_by = now or at, by
    complaint.title = title_of(complaint.title, complaint.description)
    _require(complaint, "register", by)
    if complaint.received_at > at:
        raise Refused(reason("received_in_future"))
    with transaction.atomic(savepoint=False):  # nothing of the above has written
        return _received(complaint, start=complaint.received_at, by=by, at=at, said=said)


def _received(complaint: Complaint, *, start: datetime, by: User, at: datetime, said: str) -> Complaint:
    complaint.ref = _next_number(start)
    complaint.register(at=at)
    complaint.save()
    CaseCycle.objects.create(complaint=complaint, number=1, opened_at=start, opened_by=by)
    TrackerLink.objects.create(complaint=complaint, created_at=at)
    facts = {"from": State.DRAFT, "to": complaint.state, "cycle": complaint.cycle, **_intake_facts(complaint)}
    facts |= {"said": said} if said else {}
    event = audit.Entry(EVENT["register"], at, facts)
    started = clocks.open_cycle(complaint, start=start, at=at, by=by, after=[event])
    gates.consequences("register", complaint, by=by, at=at, details={})
    vars(complaint)["open_clocks"] = sorted(started, key=lambda clock: (clock.due_at, clock.pk))
    return complaint.settled()


@transaction.atomic
def acknowledge(complaint: Complaint, *, by: User, at: datetime, contact_person: User | None = None) -> Complaint:
    """Send the acknowledgement letter; that stops the ACK clock (DOMAIN §3.3). Raises Refused without a contact."""
    complaint = hold(complaint, by=by, at=at, permission="case.reply")
    if missing := guards.contact_gaps(complaint):
        raise Refused(*missing)
    letters.freeze(complaint, LetterKind.ACKNOWLEDGEMENT, by=by, at=at, send=True, contact_person=contact_person or by)
    clocks.stop(complaint, Metric.ACK, at=at, by=by)
    return complaint


# Grading and response --------------------------------------------------


@transaction.atomic
def triage(complaint: Complaint, *, by: User, at: datetime, triage: Triage) -> Complaint:
    """Grade the case and name who owns it (T03); stops TRIAGE and re-targets every clock by grade."""
    from complaints import facts

    complaint = _begin(complaint, "triage", by=by, at=at)
    grading = facts.apply_triage(complaint, triage, by=by, at=at)
    return _move(
        complaint,
        "triage",
        by=by,
        at=at,
        facts={"grade": complaint.grade, "score": grading.score, "owner": complaint.owner_id},
    )


@transaction.atomic
def mobilise(
    complaint: Complaint,
    *,
    by: User,
    at: datetime,
    leader: User | None = None,
    champion: User | None = None,
    members: tuple[User, ...] = (),
    plan: EmergencyPlan | None = None,
    commander: User | None = None,
) -> Complaint:
    """Name the 8D team and, for a G1 case, activate its emergency plan (T04)."""
    complaint = _begin(complaint, "mobilise", by=by, at=at)
    knows = {row.user_id: row.what or row.family for row in Competence.objects.of_goods(complaint.product)}
    for seat, people in (("LEADER", (leader,)), ("CHAMPION", (champion,)), ("MEMBER", members)):
        for person in filter(None, people):
            TeamMember.objects.get_or_create(
                complaint=complaint, cycle=complaint.cycle, user=person, seat=seat, left_at=None,
                defaults={"named_at": at, "competence": knows.get(person.pk, "")},
            )  # fmt: skip
    if plan is not None:
        activating.put_in_force(complaint, plan, by=by, at=at, commander=commander)
    team = [leader and leader.pk, champion and champion.pk, *(person.pk for person in members)]
    return _move(complaint, "mobilise", by=by, at=at, facts={"team": team, "plan": plan and plan.pk})


@transaction.atomic
def begin_diagnosis(complaint: Complaint, *, by: User, at: datetime) -> Complaint:
    """Go from response to diagnosis (T05): meeting held, containment decided, initial analysis sent."""
    return _move(_begin(complaint, "begin_diagnosis", by=by, at=at), "begin_diagnosis", by=by, at=at)


@transaction.atomic
def propose_directly(complaint: Complaint, *, by: User, at: datetime) -> Complaint:
    """Skip diagnosis for a G4 case whose cause is evident and proven (T06)."""
    return _move(_begin(complaint, "propose_directly", by=by, at=at), "propose_directly", by=by, at=at)


@transaction.atomic
def agree_diagnosis(complaint: Complaint, *, by: User, at: datetime) -> Complaint:
    """End diagnosis (T07): causes, extent, attribution, entitlement and finance impact are settled."""
    return _move(_begin(complaint, "agree_diagnosis", by=by, at=at), "agree_diagnosis", by=by, at=at)


# Remedy --------------------------------------------------


@transaction.atomic
def send_proposal(complaint: Complaint, *, by: User, at: datetime) -> Complaint:
    """Put the approved proposal before the customer (T08); RESOLVE waits for the customer's decision."""
    return _move(_begin(complaint, "send_proposal", by=by, at=at), "send_proposal", by=by, at=at)


@transaction.atomic
def counter(
    complaint: Complaint, *, by: User, at: datetime, reason: str, refusal: bool = False, proposal: int | None = None
) -> Complaint:
    """Record the customer's counter-offer or refusal of a version (default: the active one) and draft anew (T09)."""
    complaint = _begin(complaint, "counter", by=by, at=at)
    _need(reason, "reason_missing")
    details = {"reason": reason, "refusal": refusal, "proposal": proposal}
    return _move(
        complaint, "counter", by=by, at=at, facts={"refusal": refusal}, private={"reason": reason}, details=details
    )


@transaction.atomic
def accept(
    complaint: Complaint, *, by: User, at: datetime, kind: str, evidence: str, proposal: int | None = None,
    name: str = "",
) -> Complaint:  # fmt: skip
    """
    Record the customer's acceptance of the active proposal (T10).

    kind: SIGNATURE, EMAIL or PORTAL.  evidence: who accepted and where it can be seen.  proposal: the version number
    that was accepted; refused if it is not the active one.  name: of who signed for the customer.
    """
    complaint = _begin(complaint, "accept", by=by, at=at)
    _need(evidence, "acceptance_evidence_missing")
    details = {"kind": kind, "evidence": evidence, "proposal": proposal, "name": name.strip()}
    return _move(
        complaint, "accept", by=by, at=at, facts={"kind": kind, "proposal": proposal},
        private={"evidence": evidence, **({"name": name.strip()} if name.strip() else {})}, details=details,
    )  # fmt: skip


@transaction.atomic
def report_done(complaint: Complaint, *, by: User, at: datetime) -> Complaint:
    """Report that every line of the remedy is done with its evidence (T11)."""
    return _move(_begin(complaint, "report_done", by=by, at=at), "report_done", by=by, at=at)


@transaction.atomic
def not_solved(complaint: Complaint, *, by: User, at: datetime, reason: str) -> Complaint:
    """Go back to execution: customer or re-inspection says it is not solved (T12)."""
    complaint = _begin(complaint, "not_solved", by=by, at=at)
    _need(reason, "reason_missing")
    return _move(complaint, "not_solved", by=by, at=at, private={"reason": reason}, details={"reason": reason})


@transaction.atomic
def confirm(
    complaint: Complaint, *, by: User, at: datetime, person: str, how: str = "", deemed: bool = False
) -> Complaint:
    """
    Record that the result is confirmed (T13); stops RESOLVE, plans visits and survey.

    person: who confirmed for the customer.  deemed: by silence after two reminders and 10 working days.
    """
    complaint = _begin(complaint, "confirm", by=by, at=at)
    if not deemed:
        _need(person, "confirmation_missing")
    details = {"person": person, "how": how, "deemed": deemed}
    return _move(complaint, "confirm", by=by, at=at, facts={"deemed": deemed}, private={"person": person, "how": how},
                 details=details)  # fmt: skip


# Ending and coming back --------------------------------------------------


@transaction.atomic
def close(complaint: Complaint, *, by: User, at: datetime) -> Complaint:
    """Close a followed-up case with its closing letter (T14)."""
    complaint = _begin(complaint, "close", by=by, at=at)
    _require(complaint, "close", by)
    letters.freeze(complaint, LetterKind.CLOSING, by=by, at=at, send=True)
    return _move(complaint, "close", by=by, at=at)


@transaction.atomic
def reopen(complaint: Complaint, *, by: User, at: datetime, reason: str, ground: str = "SAME_DEFECT") -> Complaint:
    """
    Begin a new cycle (T15, DOMAIN §9.4). ground: SAME_DEFECT, PROMISE_BROKEN or SURVEY.

    The same defect counts for 90 days after resolution; later it is a new, linked case.
    """
    complaint = _begin(complaint, "reopen", by=by, at=at)
    _need(reason, "reason_missing")
    since = complaint.resolved_at or complaint.ended_at
    if ground == "SAME_DEFECT" and since and at > since + timedelta(days=REOPENING_DAYS):
        raise Refused(gates.reason("reopening_window_over", days=REOPENING_DAYS))
    return _again(complaint, "reopen", by=by, at=at, because=reason, facts={"ground": ground})


@transaction.atomic
def reject(complaint: Complaint, *, by: User, at: datetime) -> Complaint:
    """Decide that the complaint is not justified, as another person prepared it, and send the letter (T16)."""
    complaint = _begin(complaint, "reject", by=by, at=at)
    _require(complaint, "reject", by)
    rejection = complaint.rejections.get(cycle=complaint.cycle)
    if rejection.prepared_by_id == by.pk:
        raise Refused(reason("same_person", name=by.name))
    rejection.approved_by, rejection.approved_at = by, at
    rejection.object_until = company_date(at) + timedelta(days=OBJECTION_DAYS)
    rejection.save()
    letters.freeze(complaint, LetterKind.REJECTION, by=by, at=at, send=True)
    return _move(complaint, "reject", by=by, at=at, facts={"reason": rejection.reason})


@transaction.atomic
def object(complaint: Complaint, *, by: User, at: datetime, reason: str, new_evidence: bool = False) -> Complaint:
    """Take up the customer's objection to a rejection: within 30 days, or with new evidence (T17)."""
    complaint = _begin(complaint, "object", by=by, at=at)
    _need(reason, "reason_missing")
    rejected = complaint.rejections.order_by("prepared_at").last()
    until = rejected and rejected.object_until
    if not new_evidence and until and company_date(at) > until:
        raise Refused(gates.reason("objection_too_late", until=until))
    return _again(complaint, "object", by=by, at=at, because=reason, facts={"new_evidence": new_evidence})


@transaction.atomic
def withdraw(complaint: Complaint, *, by: User, at: datetime, statement: str, internal_record: str = "") -> Complaint:
    """Record that the customer took the complaint back, in writing (T18); clocks are cancelled, not breached."""
    complaint = _begin(complaint, "withdraw", by=by, at=at)
    Withdrawal.objects.create(complaint=complaint, statement=statement, internal_record=internal_record, at=at, by=by)
    return _move(complaint, "withdraw", by=by, at=at, private={"statement": statement})


@transaction.atomic
def merge(complaint: Complaint, *, by: User, at: datetime, master: Complaint | None) -> Complaint:
    """Merge a duplicate into its master, which keeps the earlier receipt and gets the evidence (T19)."""
    if master is not None:
        master = _lock_in_order(complaint, master)
    complaint = _begin(complaint, "merge", by=by, at=at)
    complaint.master = master
    _require(complaint, "merge", by)
    assert master is not None  # the guard has said so
    complaint = _move(complaint, "merge", by=by, at=at, facts={"master": str(master.uuid)})
    complaint.evidence.update(complaint=master)
    if complaint.received_at and master.received_at and complaint.received_at < master.received_at:
        master.received_at = complaint.received_at
        master.save()
        clocks.restart_from(master, start=master.received_at, at=at, by=by)
    audit.record("case", master.uuid, "case.took_over", by=by, at=at, facts={"duplicate": str(complaint.uuid)})
    return complaint


@transaction.atomic
def dispute(complaint: Complaint, *, by: User, at: datetime, ground: str, notice: str) -> Complaint:
    """Hand a deadlocked negotiation to Legal (T20). ground: THREE_ROUNDS, SIXTY_DAYS or FORMAL_NOTICE."""
    complaint = _begin(complaint, "dispute", by=by, at=at)
    _need(ground, "ground_missing")
    Dispute.objects.create(
        complaint=complaint, cycle=complaint.cycle, ground=ground, notice=notice, opened_by=by, opened_at=at
    )
    return _move(complaint, "dispute", by=by, at=at, facts={"ground": ground}, private={"notice": notice})


@transaction.atomic
def settle(complaint: Complaint, *, by: User, at: datetime, to: str, outcome: str) -> Complaint:
    """End a dispute by settlement or award (T21). to: NEGOTIATING, EXECUTING or CLOSED."""
    complaint = _begin(complaint, "settle", by=by, at=at)
    methods = {
        State.NEGOTIATING: "settle_to_negotiation",
        State.EXECUTING: "settle_to_execution",
        State.CLOSED: "settle_to_closing",
    }
    if to not in methods:
        raise Refused(reason("settle_to_unknown"))
    _need(outcome, "outcome_missing")
    latest = complaint.disputes.filter(settled_at=None).order_by("opened_at").last()
    if latest is None:
        raise Refused(reason("ground_missing"))
    latest.outcome, latest.settled_to, latest.settled_by, latest.settled_at = outcome, to, by, at
    latest.save()
    return _move(
        complaint, "settle", by=by, at=at, method=methods[State(to)], facts={"to": to},
        private={"outcome": outcome}, details={"to": to},
    )  # fmt: skip


# What every verb does --------------------------------------------------


def hold(complaint: Complaint, *, by: User, at: datetime, permission: str, states: tuple[str, ...] = ()) -> Complaint:
    """
    Lock and return the case for an act that is not a move; must be called inside a transaction.

    Raises PermissionDenied without `permission`; Refused outside `states` (default: any but draft), or if `at` lies
    before the case was received.
    """
    complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if not policies.may(permission, complaint, by):
        raise PermissionDenied
    if complaint.state == State.DRAFT or (states and complaint.state not in states):
        raise Refused(reason("state_does_not_allow", state=complaint.state))
    if complaint.received_at and at < complaint.received_at:
        raise Refused(reason("at_before_last_move", since=complaint.received_at))
    return complaint


def _begin(complaint: Complaint, verb: str, *, by: User, at: datetime) -> Complaint:
    """Lock the case and check what can be checked before anything is written."""
    complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if not _possible(verb, complaint):
        raise Refused(reason("state_does_not_allow", state=complaint.state))
    if not policies.may_move(verb, complaint, by):
        raise PermissionDenied
    if complaint.state_since and at < complaint.state_since:
        raise Refused(reason("at_before_last_move", since=complaint.state_since))
    return complaint


def _move(
    complaint: Complaint,
    verb: str,
    *,
    by: User,
    at: datetime,
    method: str = "",
    facts: dict[str, Any] | None = None,
    private: dict[str, str] | None = None,
    details: dict[str, Any] | None = None,
) -> Complaint:
    _require(complaint, verb, by, method=method)
    source = complaint.state
    getattr(complaint, method or verb)(at=at)
    complaint.save()
    return _finish(complaint, verb, by=by, at=at, source=source, facts=facts, private=private, details=details)


def _finish(
    complaint: Complaint,
    verb: str,
    *,
    by: User,
    at: datetime,
    source: str,
    facts: dict[str, Any] | None = None,
    private: dict[str, str] | None = None,
    details: dict[str, Any] | None = None,
) -> Complaint:
    clock_moves.after_move(verb, complaint, by=by, at=at)
    facts = {"from": source, "to": complaint.state, "cycle": complaint.cycle, **(facts or {})}
    audit.record("case", complaint.uuid, EVENT[verb], by=by, at=at, facts=facts, private=private)
    gates.consequences(verb, complaint, by=by, at=at, details=details or {})
    return Complaint.objects.get(pk=complaint.pk)


def _again(complaint: Complaint, verb: str, *, by: User, at: datetime, because: str, facts: dict) -> Complaint:
    """Freeze the old cycle and begin the next."""
    old = complaint.cycles.get(number=complaint.cycle)
    old.frozen_at = at
    old.frozen = {
        "state": complaint.state,
        "grade": complaint.grade,
        "owner": complaint.owner_id,
        "resolved_at": complaint.resolved_at and complaint.resolved_at.isoformat(),
        "ended_at": complaint.ended_at and complaint.ended_at.isoformat(),
    }
    old.save()
    CaseCycle.objects.create(
        complaint=complaint, number=old.number + 1, opened_at=at, opened_by=by, opened_because=because
    )
    return _move(complaint, verb, by=by, at=at, facts=facts, private={"reason": because}, details={"reason": because})


def _require(complaint: Complaint, verb: str, by: User, *, method: str = "") -> None:
    """Raise unless `by` may make the move from the present state, with nothing missing."""
    names = (method,) if method else METHODS.get(verb, (verb,))
    steps = [getattr(complaint, name)._django_fsm.get_transition(complaint.state) for name in names]
    if not any(steps):
        raise Refused(reason("state_does_not_allow", state=complaint.state))
    if not policies.may_move(verb, complaint, by):
        raise PermissionDenied
    if missing := gates.gaps(verb, complaint):
        raise Refused(*missing)


def choice(verb: str, complaint: Complaint, user: User) -> Choice:
    """Return how one move stands for `user`."""
    possible = _possible(verb, complaint)
    found = gates.gaps(verb, complaint) if possible else [reason("state_does_not_allow", state=complaint.state)]
    asked = ASKED.get(verb, frozenset())
    return Choice(
        verb=verb,
        permitted=policies.may_move(verb, complaint, user),
        blocked_by=tuple(gap for gap in found if gap.code not in asked),
        asks=tuple(gap for gap in found if gap.code in asked),
        roles=policies.roles_for(verb, complaint),
    )


def _possible(verb: str, complaint: Complaint) -> bool:
    names = METHODS.get(verb, (verb,))
    return any(getattr(complaint, name)._django_fsm.get_transition(complaint.state) for name in names)


def _own_customer(complaint: Complaint, by: User) -> bool:
    return by.may("case.see") or complaint.customer_id == by.organisation_id


def _need(text: str, code: str) -> None:
    if not text.strip():
        raise Refused(gates.reason(code))


def _lock_in_order(complaint: Complaint, master: Complaint) -> Complaint:
    """Lock both cases, lower id first, so that two merges cannot wait for each other; return the master."""
    pks = sorted({complaint.pk, master.pk})
    locked = {case.pk: case for case in Complaint.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
    return locked[master.pk]


def _next_number(received_at: datetime) -> str:
    year = company_date(received_at).year
    return f"QC-{year}-{CaseNumber.take(year):05d}"


def title_of(title: str, description: str) -> str:
    """Return the title on one line; without one, the first line of what happened."""
    if guards.says_something(title):
        return " ".join(title.split())
    first = " ".join(next(filter(guards.says_something, description.splitlines()), "").split())
    return first if len(first) <= TITLE else _cut(first)


def _cut(text: str) -> str:
    """Return the text up to its last sentence, clause or word that fits, with an ellipsis; no word is halved."""
    room = text[:TITLE]
    for end in (r"[.!?。！？；;](?=\s|[一-鿿])", r"[,，、：](?=\s|[一-鿿])", r"\s"):
        ends = [found.start() for found in re.finditer(end, room) if found.start() >= TITLE // 3]
        if ends:
            return room[: ends[-1]].rstrip(" ,.;:，、；：。") + "…"
    return room[: TITLE - 1] + "…"


def _intake_facts(complaint: Complaint) -> dict[str, Any]:
    return {
        "ref": complaint.ref,
        "customer": complaint.customer_id,
        "channel": complaint.channel,
        "received_at": complaint.received_at,
        "urgent": complaint.urgent,
        "source": complaint.source,
    }
