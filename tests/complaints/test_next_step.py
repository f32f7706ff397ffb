"""What a person should do next: a choice from offers, without reading anything."""

from types import SimpleNamespace

import pytest

from complaints import acts, gates, mends, next_step
from complaints.acts import Offer
from complaints.gates import Reason, reason
from complaints.models.states import State
from complaints.words import SENTENCES
from tests.complaints.test_lifecycle_doc import lifecycle_doc

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
        "Somebody answers for each open action",
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


def test_every_mend_is_an_act_that_exists_with_the_field_it_names():
    for code, mend in mends.MENDS.items():
        act = acts.get(mend.act)
        assert act, mend.act
        assert code in SENTENCES, code
        assert not mend.field or mend.field in act.form.base_fields, (code, mend.field)
    for name in next_step.FORWARD.values():
        assert acts.get(name).is_move


def test_every_gap_that_a_move_or_an_act_can_show_is_mended_or_said_to_have_no_mend():
    script = lifecycle_doc()
    guards = [guard for move in gates.MOVES for guard in gates.guards_of(move)]
    asked = [act.gaps for act in acts.every() if act.gaps]

    codes = {code for function in (*guards, *asked) for code in script.reasons(function)}
    whys = {code for code in codes if code.startswith(("approval_by_", "approval_for_"))}  # why a level is needed

    assert len(codes) > 60
    assert not codes - whys - mends.MENDS.keys() - mends.UNMENDED


def test_an_act_that_would_be_refused_is_not_the_primary_one_but_what_mends_it():
    blocked, mend = offer("acknowledge", "contact_missing"), offer("edit_facts")

    chosen = choose(State.RECEIVED, offer("triage", "contact_missing"), blocked, mend, clocks={"ACK"})

    assert chosen.primary.act.name == "edit_facts"
    assert names(chosen.secondary) == []
    case = SimpleNamespace(ref="QC-2026-00001")
    assert mends.address(case, "edit_facts", chosen.primary.mends).endswith("/do/edit_facts/#id_contact_email")


def test_the_way_leads_through_what_the_mend_itself_lacks():
    move = offer("agree_diagnosis", "extent_open")

    chosen = choose(State.DIAGNOSING, move, offer("finish_extent", "defect_statement_missing"), offer("state_defect"))

    assert chosen.primary.act.name == "state_defect"


def test_a_cause_that_waits_for_proof_is_to_be_proven_not_named_again():
    gap = Reason("cause_unproven", {"leg": "OCCURRENCE", "cause": 7, "text": "Grease ran dry"})
    move = Offer(acts.get("agree_diagnosis"), True, (gap,), (), EVERYBODY)

    chosen = choose(State.DIAGNOSING, move, offer("record_cause"), offer("verify_cause"))

    assert chosen.primary.act.name == "verify_cause"
    assert mends.label(chosen.primary.mends, "") == "Prove the cause: Grease ran dry"
    url = mends.address(SimpleNamespace(ref="QC-2026-00001"), "verify_cause", chosen.primary.mends)
    assert url.endswith("/do/verify_cause/?cause=7#id_method")


def test_a_code_cannot_be_taught_twice():
    with pytest.raises(ValueError, match="meeting_missing"):
        next_step.teach({"meeting_missing": mends.Mend("contain")}, {}, unmended=())


def test_every_kind_of_event_of_this_room_has_words():
    from complaints import event_words
    from complaints.lifecycle import EVENT

    assert not set(EVENT.values()) - set(event_words.SENTENCES)
    assert event_words.say("response.containment_effective", {"location": "INSTALLED", "percent": 90}) == (
        "Containment works: Installed, 90 %"
    )
    assert event_words.say("task.given", {}, {}) == "Task given: –"  # the text was erased
