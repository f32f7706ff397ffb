"""
What the moves and acts of a case do to its clocks, as the tables of DOMAIN §2.2 and §3.2 say; in their transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from complaints import clocks
from complaints.models import Complaint
from complaints.models.states import OPEN, UNDECIDED, LetterKind, Metric, PauseReason, State

if TYPE_CHECKING:
    from accounts.models import User

UPDATED_BY = (LetterKind.ACKNOWLEDGEMENT, LetterKind.INITIAL, LetterKind.EIGHT_D, LetterKind.PROPOSAL)
RESPONSE = (State.TRIAGED, State.RESPONDING, State.DIAGNOSING)
STOPPED_BY = {
    LetterKind.ACKNOWLEDGEMENT: (Metric.ACK,),
    LetterKind.INITIAL: (Metric.INITIAL,),
    LetterKind.EIGHT_D: (Metric.EIGHT_D,),
    LetterKind.PROPOSAL: (Metric.PROPOSAL,),
}
AGAIN = "again-"  # the subject of a clock that a grade took away and a later one gave back

Effect = Callable[..., None]


def after_move(verb: str, complaint: Complaint, *, by: User | None, at: datetime) -> None:
    """Turn the clocks as the table of DOMAIN §2.2 says, in the move's transaction."""
    for effect in EFFECTS.get(verb, ()):
        effect(complaint, at=at, by=by)


def regraded(complaint: Complaint, *, at: datetime, by: User | None) -> None:
    """
    Give every undecided clock the target of the grade, and start those that the former grade did not have.

    They start at the moment of grading, since nothing was owed before.
    """
    clocks.retarget(complaint, at=at, by=by)
    owed = {
        Metric.CONTAIN: complaint.state in RESPONSE and not _contained(complaint),
        Metric.ROOT_CAUSE: complaint.state in RESPONSE and _answered(complaint),
        Metric.EIGHT_D: not _reported(complaint),
    }
    rows = complaint.clocks.filter(cycle=complaint.cycle, metric__in=owed).values_list("metric", "state")
    began = Counter(metric for metric, _ in rows)
    runs = {metric for metric, state in rows if state in UNDECIDED}
    for metric in [metric for metric in owed if owed[metric] and metric not in runs]:
        since = _cycle_began(complaint) if metric == Metric.EIGHT_D and not began[metric] else at
        subject = f"{AGAIN}{began[metric] + 1}" if began[metric] else ""
        clocks.start(complaint, metric, at=at, by=by, since=since, subject=subject)


def contained(complaint: Complaint, *, effective_at: datetime, by: User | None) -> None:
    """Stop CONTAIN at the moment when the first containment took effect, which may be known only later."""
    clocks.stop(complaint, Metric.CONTAIN, at=effective_at, by=by)


def analysis_sent(complaint: Complaint, *, at: datetime, by: User | None) -> None:
    """Stop INITIAL; from then on the root cause and the final proposal are owed. They go on if the mail comes back."""
    clocks.stop(complaint, Metric.INITIAL, at=at, by=by)
    owed = (Metric.ROOT_CAUSE, Metric.PROPOSAL)
    begun = set(complaint.clocks.filter(cycle=complaint.cycle, metric__in=owed).values_list("metric", flat=True))
    for metric in owed:
        if metric not in begun:
            clocks.start(complaint, metric, at=at, by=by)


def customer_told(complaint: Complaint, *, at: datetime, by: User | None) -> None:
    """Stop UPDATE, whose target runs again from this update on until the case is resolved or ended."""
    if complaint.state not in OPEN:
        return
    updates = complaint.clocks.filter(cycle=complaint.cycle, metric=Metric.UPDATE)
    clocks.stop(complaint, Metric.UPDATE, at=at, by=by)
    clocks.start(complaint, Metric.UPDATE, at=at, by=by, subject=str(updates.count() + 1))


def letter_failed(complaint: Complaint, kind: str, *, sent_at: datetime, at: datetime) -> None:
    """Let run on what a letter stopped that reached nobody; the next update is owed by the former date again."""
    for metric in STOPPED_BY.get(LetterKind(kind), ()):
        clocks.undo_stop(complaint, metric, at=at, stopped_at__gte=sent_at)
    updates = complaint.clocks.filter(cycle=complaint.cycle, metric=Metric.UPDATE)
    if kind in UPDATED_BY and (begun := updates.filter(started_at=sent_at, state__in=UNDECIDED).first()):
        clocks.cancel(complaint, Metric.UPDATE, at=at, by=None, subject=begun.subject)
        clocks.undo_stop(complaint, Metric.UPDATE, at=at, stopped_at=sent_at)


def letter_sent(complaint: Complaint, kind: str, *, at: datetime, by: User | None) -> None:
    """Take a letter for an update where it says how the case stands; those that end the case do not start another."""
    if kind in UPDATED_BY:
        customer_told(complaint, at=at, by=by)


# The moves -----------------------------------------------------------------------------------------------------------


def _triaged(complaint: Complaint, *, at: datetime, by: User | None) -> None:
    """Stop TRIAGE and give every other clock the target of the grade; start CONTAIN and 8D_FINAL where it has them."""
    clocks.stop(complaint, Metric.TRIAGE, at=at, by=by)
    regraded(complaint, at=at, by=by)


def _nothing_to_contain(complaint: Complaint, *, at: datetime, by: User | None) -> None:
    """Cancel CONTAIN if no place needs containment; else it runs until the first one takes effect."""
    needed = complaint.containment.filter(cycle=complaint.cycle, needed=True)
    if not needed.exists():
        clocks.cancel(complaint, Metric.CONTAIN, at=at, by=by)


def _of(act: Callable[..., None], metric: Metric, *args: str) -> Effect:
    """Return the effect of `act` on one kind of clock."""

    def effect(complaint: Complaint, *, at: datetime, by: User | None) -> None:
        act(complaint, metric, *args, at=at, by=by)

    effect.__doc__ = f"{act.__name__.capitalize()} {metric.value}{''.join(f' ({why})' for why in args)}."
    return effect


def _next_round(complaint: Complaint, *, at: datetime, by: User | None) -> None:
    """Start PROPOSAL anew with half the target."""
    rounds = complaint.clocks.filter(cycle=complaint.cycle, metric=Metric.PROPOSAL).count()
    clocks.start(complaint, Metric.PROPOSAL, at=at, by=by, subject=f"{clocks.ROUND}{rounds + 1}")


def _settled(complaint: Complaint, *, at: datetime, by: User | None) -> None:
    """Stop all clocks if the case is closed, else resume RESOLVE."""
    if complaint.state == State.CLOSED:
        clocks.stop_all(complaint, at=at, by=by)
    else:
        clocks.resume(complaint, Metric.RESOLVE, at=at, by=by)


def _new_cycle(complaint: Complaint, *, at: datetime, by: User | None) -> None:
    """Cancel what still runs of the old cycle, except visits (remediation's), and start the new one's clocks."""
    clocks.cancel_former(complaint, at=at, by=by)
    clocks.open_cycle(complaint, start=at, at=at, by=by)
    clocks.start(complaint, Metric.EIGHT_D, at=at, by=by)


_resolve = Metric.RESOLVE
EFFECTS: dict[str, tuple[Effect, ...]] = {
    "triage": (_triaged,),
    "begin_diagnosis": (_nothing_to_contain,),
    "propose_directly": (_nothing_to_contain,),
    "agree_diagnosis": (_of(clocks.stop, Metric.ROOT_CAUSE),),
    "send_proposal": (
        _of(clocks.stop, Metric.PROPOSAL),
        _of(clocks.pause, _resolve, PauseReason.WAITING_CUSTOMER_DECISION),
    ),
    "counter": (_of(clocks.resume, _resolve), _next_round),
    "accept": (_of(clocks.resume, _resolve),),
    "dispute": (_of(clocks.pause, _resolve, PauseReason.DISPUTE),),
    "settle": (_settled,),
    "confirm": (
        _of(clocks.stop, _resolve),
        _of(clocks.stop, Metric.UPDATE),
        _of(clocks.cancel, Metric.CONTAIN),
    ),
    "close": (_of(clocks.cancel, Metric.EIGHT_D),),
    "reopen": (_new_cycle,),
    "object": (_new_cycle,),
    "reject": (clocks.stop_all,),
    "withdraw": (clocks.cancel_open,),
    "merge": (clocks.cancel_open,),
}


# What the case says --------------------------------------------------------------------------------------------------


def _contained(complaint: Complaint) -> bool:
    """Tell whether containment took effect somewhere, or was found needless everywhere."""
    places = list(complaint.containment.filter(cycle=complaint.cycle).values_list("needed", "effective_at"))
    decided = complaint.state == State.DIAGNOSING
    return any(effective for _, effective in places) or (decided and not any(needed for needed, _ in places))


def _cycle_began(complaint: Complaint) -> datetime:
    if complaint.cycle == 1:
        assert complaint.received_at is not None  # it was received
        return complaint.received_at
    return complaint.cycles.get(number=complaint.cycle).opened_at


def _answered(complaint: Complaint) -> bool:
    return complaint.initial_analyses.filter(cycle=complaint.cycle, sent_at__isnull=False).exists()


def _reported(complaint: Complaint) -> bool:
    reports = complaint.letters.filter(cycle=complaint.cycle, kind=LetterKind.EIGHT_D, sent_at__isnull=False)
    return reports.exists()
