"""What the tabs of this room share: the card of the next move, links to acts on a row, badges, sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import acts, mends, standing, timeline
from complaints.acts import Offer
from complaints.gates import Reason
from complaints.models import Complaint
from complaints.models.states import State
from complaints.next_step import Next, next_step
from complaints.timeline import Reader
from complaints.views import frame
from contracts.money import Money

Words = dict[str, Any]
SHORT = {  # in a row, where what it is about stands beside it
    "change_line": gettext_lazy("Change"),
    "remove_line": gettext_lazy("Remove"),
    "start_line": gettext_lazy("Start"),
    "finish_line": gettext_lazy("Finish"),
    "fail_line": gettext_lazy("It failed"),
    "cancel_line": gettext_lazy("Cancel it"),
    "agree_cancellation": gettext_lazy("Customer agrees"),
    "record_visit": gettext_lazy("Record"),
    "move_visit": gettext_lazy("Move"),
    "cancel_visit": gettext_lazy("Cancel it"),
    "finish_capa_action": gettext_lazy("Finish"),
    "approve_lesson": gettext_lazy("Release"),
}


class Acts:
    """The acts of some rooms as they stand for one person; makes the links that a row may show."""

    def __init__(self, complaint: Complaint, user: Any, *rooms: str) -> None:
        self.complaint, self.user = complaint, user
        with standing.once(complaint):
            self.moves = acts.moves(complaint, user)
            self.others = [acts.offer(act, complaint, user) for act in acts.every() if not act.is_move]
        self.open = {offer.act.name for offer in self.others if offer.act.room in rooms and offer.allowed}

    def links(self, row: Any, *names: str, field: str) -> list[Words]:
        """Return those of `names` that are open, as links to their pages for this row."""
        return [self.link(name, **{field: row.pk}) for name in names if name in self.open]

    def link(self, name: str, **query: Any) -> Words:
        act = acts.get(name)
        tail = "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else ""
        label = act.label if act else name
        url = reverse("case-do", args=[self.complaint.ref, name]) + tail
        return {"url": url, "label": label, "short": SHORT.get(name, label)}

    def heads(self, *names: str) -> list[Words]:
        """Return those of `names` that are open, as links."""
        return [self.link(name) for name in names if name in self.open]


def next_card(acts: Acts, *rooms: str) -> Words:
    """Return what complaints/_next.html shows: the way on from this state, what stands before it, what mends that."""
    chosen = next_step(acts.complaint, acts.user, [*acts.moves, *acts.others])
    shown = chosen.primary or chosen.awaited or chosen.move
    asked = [shown, *(gate.mend for gate in chosen.gates), *chosen.blocked]
    holders = frame.who_holds({role for offer in asked if offer and not offer.allowed for role in offer.roles})
    return {
        "next_title": mends.label(shown.mends, shown.act.label) if shown else _("Nothing to do now"),
        "next_who": "" if chosen.primary or shown is None else frame.who(shown, holders),
        "primary": frame.link(chosen.primary, acts.complaint) if chosen.primary else None,
        "secondary": [frame.link(offer, acts.complaint) for offer in chosen.secondary if offer.act.room in rooms],
        "next_room": shown.act.room if shown else "",
        "gates": frame.gate_groups(frame.gate(gate, acts.complaint, holders) for gate in chosen.gates),
        "blocked": [_blocked(offer, holders) for offer in chosen.blocked if _is_news(offer, chosen, rooms)],
        "move_label": chosen.move.act.label if chosen.move else "",
        "move_room": chosen.move.act.room if chosen.move else "",
        "more": frame.by_room(_rest(acts.moves, chosen, rooms), acts.complaint),
    }


def _rest(moves: Sequence[Offer], chosen: Next, rooms: Sequence[str]) -> list[Offer]:
    """Return the moves of these rooms that are open and stand in no other place of the card."""
    shown = {offer.act.name for offer in (chosen.primary, *chosen.secondary) if offer}
    return [move for move in moves if move.allowed and move.act.room in rooms and move.act.name not in shown]


def _is_news(offer: Offer, chosen: Next, rooms: Sequence[str]) -> bool:
    """Tell whether it must be said why a move is not possible: the way on has its gates beside it already."""
    return offer.act.room in rooms and not (offer is chosen.move and offer.permitted)


def _blocked(offer: Offer, holders: dict[str, list[str]]) -> Words:
    whose = "" if offer.permitted else _("Only {who}.").format(who=frame.any_of(offer, holders))
    why = " ".join(part for part in (sentences(offer.blocked_by[:2]), whose) if part)
    return {"locked": True, "text": offer.act.label, "why": why}


def sentences(reasons: Iterable[Reason]) -> str:
    """Return reasons as one line."""
    return frame.sentences(reasons)


def badge(code: str, label: Any, tones: dict[str, tuple[str, str]]) -> Words:
    """Return a state as _badge.html shows it."""
    tone, icon = tones.get(code, ("", "st1"))
    return {"tone": tone, "icon": icon, "label": label}


def sums(money: Iterable[Money | None]) -> list[Money]:
    """Return the sum of each currency, in order of appearance."""
    totals: dict[str, Decimal] = {}
    for one in money:
        if one is not None:
            totals[one.currency] = totals.get(one.currency, Decimal(0)) + one.amount
    return [Money(amount, currency) for currency, amount in totals.items()]


def pair(name: Any, value: Any, **more: Any) -> Words:
    return {"name": name, "value": value, **more}


def day(value: Any) -> str:
    return timeline.date_words(value)


def when(moment: Any, reader: Reader) -> str:
    return timeline.when(moment, reader)


def why_ended(because: str) -> str:
    """Return why something was cancelled: what a person wrote, or the state that the case went to."""
    return str(State(because).label) if because in State.values else because


def quoted(people: Sequence[Any]) -> str:
    """Return names as one list, the first three of them."""
    return timeline.listed(person.name for person in people[:3])
