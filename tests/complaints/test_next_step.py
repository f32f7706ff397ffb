"""What a person should do next: a choice from offers, without reading anything."""

from types import SimpleNamespace

import pytest

from complaints import acts, next_step
from complaints.acts import Offer
from complaints.gates import Reason, reason
from complaints.models.states import State
from complaints.words import SENTENCES

EVERYBODY = frozenset({"QE"})


def offer(name: str, *gaps: str, permitted: bool = True, asks: tuple[Reason, ...] = ()) -> Offer:
    return Offer(acts.get(name), permitted, tuple(reason(gap) for gap in gaps), asks, EVERYBODY)


def choose(state: str, *offers: Offer, clocks=()) -> next_step.Next:
    return next_step.next_step(SimpleNamespace(state=state), None, offers, clocks=clocks)


def names(offers) -> list[str]:
    return [one.act.name for one in offers]


def test_the_acknowledgement_comes_before_everything_while_its_clock_runs():
    offers = [offer("triage"), offer("acknowledge")]

    chosen = choose(State.RECEIVED, *offers, clocks={"ACK"})

    assert chosen.primary.act.name == "acknowledge"
    assert names(chosen.secondary) == ["triage"]
    assert choose(State.RECEIVED, *offers).primary.act.name == "triage"


def test_a_missing_gate_is_mended_before_the_move_is_made():
    move = offer("begin_diagnosis", "meeting_missing", "containment_missing", "initial_missing")

    chosen = choose(State.RESPONDING, move, offer("contain"), offer("hold_meeting"), offer("write_initial"))

    assert chosen.primary.act.name == "hold_meeting"
    assert names(chosen.secondary) == ["contain", "write_initial"]
    assert names(chosen.blocked) == ["begin_diagnosis"]


def test_once_nothing_is_missing_the_move_itself_comes():
    chosen = choose(State.RESPONDING, offer("begin_diagnosis"), offer("contain"))

    assert chosen.primary.act.name == "begin_diagnosis"
    assert names(chosen.more) == ["contain"]
    assert [str(gate.there) for gate in chosen.gates] == [
        "Response meeting is held",
        "Containment is decided in every place",
        "Initial analysis and plan were sent",
    ]


def test_where_another_person_is_next_there_is_no_primary_but_who_is_awaited():
    move = offer("begin_diagnosis", "initial_not_approved")

    chosen = choose(State.RESPONDING, move, offer("approve_initial", permitted=False), offer("contain"))

    assert chosen.primary is None
    assert chosen.awaited.act.name == "approve_initial"
    assert names(chosen.more) == ["contain"]


def test_at_most_two_stand_beside_the_primary_and_all_others_under_more():
    move = offer("agree_diagnosis", "cause_missing", "extent_empty", "attribution_missing", "entitlement_missing")
    rest = ["record_cause", "record_extent", "attribute", "assess_entitlement", "exempt"]

    chosen = choose(State.DIAGNOSING, move, *map(offer, rest))

    assert chosen.primary.act.name == "record_cause"
    assert names(chosen.secondary) == ["record_extent", "attribute"]
    assert names(chosen.more) == ["assess_entitlement", "exempt"]


def test_what_a_person_can_never_do_is_not_shown_but_the_way_on_is():
    chosen = choose(
        State.TRIAGED,
        offer("mobilise", permitted=False),
        offer("withdraw", permitted=False),
        offer("reject", "rejection_missing"),
    )

    assert names(chosen.blocked) == ["mobilise", "reject"]
    assert chosen.more == ()


def test_what_the_moves_own_form_asks_stands_among_the_gates_and_does_not_block():
    chosen = choose(State.RECEIVED, offer("triage", asks=(reason("goods_missing"),)))

    open_gates = [gate for gate in chosen.gates if gate.missing]
    assert [(gate.missing.code, gate.mend.act.name) for gate in open_gates] == [("goods_missing", "triage")]
    assert chosen.primary.act.name == "triage"


def test_an_ended_case_asks_nothing():
    chosen = choose(State.CLOSED, offer("reopen"))

    assert chosen.primary is None
    assert chosen.move is None
    assert names(chosen.more) == ["reopen"]


def test_every_mend_is_an_act_that_exists_and_mends_a_gap_that_is_said():
    for code, act in next_step.MENDS.items():
        assert acts.get(act), act
        assert code in SENTENCES, code
    for name in next_step.FORWARD.values():
        assert acts.get(name).is_move


def test_a_code_cannot_be_taught_twice():
    with pytest.raises(ValueError, match="meeting_missing"):
        next_step.teach({"meeting_missing": "contain"}, {})


def test_every_kind_of_event_of_this_room_has_words():
    from complaints import event_words
    from complaints.lifecycle import EVENT

    assert not set(EVENT.values()) - set(event_words.SENTENCES)
    assert event_words.say("response.containment_effective", {"location": "INSTALLED", "percent": 90}) == (
        "Containment works: Installed, 90 %"
    )
    assert event_words.say("task.given", {}, {}) == "Task given: –"  # the text was erased
