"""
What this person should do next on a case, chosen from what may be done; decides nothing itself.

`mends.MENDS` says which act fills which gap; `CHECKS` says here what a move asks, in words for when it is there. Higher
rooms add theirs with `teach` in AppConfig.ready().
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from complaints import mends
from complaints.acts import Offer, Words
from complaints.gates import Reason
from complaints.models.states import Metric, State

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint

FORWARD: dict[str, str] = {
    State.RECEIVED: "triage",
    State.TRIAGED: "mobilise",
    State.RESPONDING: "begin_diagnosis",
    State.DIAGNOSING: "agree_diagnosis",
    State.PROPOSING: "send_proposal",
    State.NEGOTIATING: "accept",
    State.DISPUTED: "settle",
    State.EXECUTING: "report_done",
    State.VERIFYING: "confirm",
    State.FOLLOW_UP: "close",
    State.REJECTED: "object",
}
CLOCK_OF = {  # whose clock an act stops or serves
    "acknowledge": Metric.ACK, "triage": Metric.TRIAGE, "write_initial": Metric.INITIAL,
    "approve_initial": Metric.INITIAL, "send_initial": Metric.INITIAL, "contain": Metric.CONTAIN,
    "prove_containment": Metric.CONTAIN, "verify_cause": Metric.ROOT_CAUSE,
    "agree_diagnosis": Metric.ROOT_CAUSE, "send_proposal": Metric.PROPOSAL, "confirm": Metric.RESOLVE,
    "send_8d": Metric.EIGHT_D,
}  # fmt: skip
BESIDE = 2  # buttons beside the primary one


@dataclass(frozen=True)
class Check:
    """One thing that a move asks: how it reads once it is there, and the codes of its gaps."""

    there: Words
    codes: tuple[str, ...]


CHECKS: dict[str, list[Check]] = {
    "triage": [
        Check(_("Contact is named"), ("contact_missing",)),
        Check(_("Goods are named"), ("goods_missing",)),
        Check(_("Place and quantity are known"), ("found_where_missing", "quantity_missing")),
        Check(_("The customer’s wish is recorded"), ("remedy_asked_missing",)),
        Check(_("The safety question is answered"), ("safety_missing",)),
    ],
    "mobilise": [],
    "begin_diagnosis": [
        Check(
            _("Response meeting is held"), ("meeting_missing", "meeting_without_quality", "meeting_without_service")
        ),
        Check(_("Containment is decided in every place"), ("containment_missing", "containment_open")),
        Check(
            _("Initial analysis and plan were sent"),
            ("initial_missing", "initial_part_missing", "initial_not_approved", "initial_not_sent"),
        ),
        Check(_("Somebody answers for each open action"), ("action_unassigned",)),
    ],
    "agree_diagnosis": [
        Check(_("Causes are proven or exempted"), ("cause_missing", "cause_unproven")),
        Check(_("The defect is stated"), ("defect_statement_missing",)),
        Check(_("The extent is final"), ("extent_empty", "extent_open")),
        Check(
            _("Shares of the cause are approved"),
            ("attribution_missing", "attribution_sum", "attribution_not_approved"),
        ),
        Check(_("Entitlement is assessed"), ("entitlement_missing",)),
        Check(_("Impact on the project is assessed"), ("finance_missing",)),
    ],
    "close": [
        Check(_("No blocking task is open"), ("task_open",)),
        Check(_("Somebody answers for each open action"), ("action_unassigned",)),
        Check(_("No call for a manager waits"), ("call_unanswered",)),
    ],
}  # fmt: skip


def teach(mend: Mapping[str, mends.Mend], checks: Mapping[str, Sequence[Check]], *, unmended: Collection[str]) -> None:
    """Add a higher room's gaps and what its moves ask. Raises ValueError if a code is taken."""
    mends.teach(mend, unmended)
    for move, asked in checks.items():
        CHECKS.setdefault(move, []).extend(asked)


@dataclass(frozen=True)
class Gate:
    """One line of "before the next stage": what is there, or what is missing and the act that mends it."""

    there: Words = ""
    missing: Reason | None = None
    mend: Offer | None = None


@dataclass(frozen=True)
class Next:
    """
    What to show in the card of the next action.

    primary: the one act this person should do, None if somebody else is next.  awaited: the act that comes next
    whoever does it.  move: the way on from this state.  blocked: moves that cannot be made yet.  more: all the rest.
    """

    primary: Offer | None
    secondary: tuple[Offer, ...]
    awaited: Offer | None
    move: Offer | None
    gates: tuple[Gate, ...]
    blocked: tuple[Offer, ...]
    more: tuple[Offer, ...]


def next_step(complaint: Complaint, user: User, offers: Sequence[Offer], *, clocks: Collection[str] = ()) -> Next:
    """Choose from all `offers` of the case as they stand for `user`; `clocks` are the metrics that still run."""
    by_name = {offer.act.name: offer for offer in offers}
    move = by_name.get(FORWARD.get(complaint.state, ""))
    asked = _once_each(_wanted(move, by_name, clocks))
    mine = [offer for offer in asked if offer.allowed]
    primary, secondary = (mine[0] if mine else None), tuple(mine[1 : 1 + BESIDE])
    shown = {offer.act.name for offer in (primary, *secondary) if offer}
    return Next(
        primary=primary,
        secondary=secondary,
        awaited=primary or next((offer for offer in asked if not offer.blocked_by or offer.act.gaps), None),
        move=move,
        gates=tuple(_gates(move, by_name)),
        blocked=tuple(offer for offer in offers if _is_blocked(offer, move)),
        more=tuple(offer for offer in offers if offer.allowed and offer.act.name not in shown),
    )


def _wanted(move: Offer | None, offers: Mapping[str, Offer], clocks: Collection[str]) -> Iterator[Offer]:
    """Yield the acts that lead on, the most urgent first; before one that lacks something, what mends that."""
    if Metric.ACK in clocks and "acknowledge" in offers:
        yield from _led_to(offers["acknowledge"], offers)
    if move is not None and (move.permitted or move.blocked_by or move.roles):
        yield from _led_to(move, offers)


def _once_each(offers: Iterable[Offer]) -> list[Offer]:
    first: dict[str, Offer] = {}
    for offer in offers:
        first.setdefault(offer.act.name, offer)
    return list(first.values())


def _led_to(offer: Offer, offers: Mapping[str, Offer], seen: tuple[str, ...] = ()) -> Iterator[Offer]:
    for gap in offer.blocked_by:
        mend = mend_of(gap, offers)
        if mend and mend.act.name not in (*seen, offer.act.name):
            yield from _led_to(mend, offers, (*seen, offer.act.name))
    yield offer


def mend_of(gap: Reason, offers: Mapping[str, Offer]) -> Offer | None:
    """Return the act that fills the gap, as it stands for this person; None where no act does."""
    mend = mends.MENDS.get(gap.code)
    offer = offers.get(mend.act) if mend else None
    return replace(offer, mends=gap) if offer else None


def _gates(move: Offer | None, offers: Mapping[str, Offer]) -> Iterator[Gate]:
    if move is None:
        return
    gaps = [*move.blocked_by, *move.asks]
    for check in CHECKS.get(move.act.name, ()):
        missing = [gap for gap in gaps if gap.code in check.codes]
        gaps = [gap for gap in gaps if gap not in missing]
        yield from (Gate(missing=gap, mend=mend_of(gap, offers)) for gap in missing)
        if not missing:
            yield Gate(there=check.there)
    yield from (Gate(missing=gap, mend=mend_of(gap, offers)) for gap in gaps)


def _is_blocked(offer: Offer, move: Offer | None) -> bool:
    """Tell whether to say why an act is not possible: a move of theirs that is blocked, and always the way on."""
    if not offer.act.is_move:
        return False
    return not offer.allowed if offer is move else offer.permitted and bool(offer.blocked_by)
