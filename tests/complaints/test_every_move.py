"""Every move × every state × every role: made, or refused with its reason, and nothing half-done (DOMAIN §2.1–2.2)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.roles import MAY, Role
from audit.models import Event
from complaints import gates, lifecycle, policies
from complaints.lifecycle import Refused
from complaints.models import Complaint
from complaints.models.states import State
from tests.cast import NOON, person
from tests.complaints.factories import judged, received

LEGAL = {
    "register": {State.DRAFT},
    "triage": {State.RECEIVED},
    "mobilise": {State.TRIAGED},
    "begin_diagnosis": {State.RESPONDING},
    "propose_directly": {State.RESPONDING},
    "agree_diagnosis": {State.DIAGNOSING},
    "send_proposal": {State.PROPOSING},
    "counter": {State.NEGOTIATING},
    "accept": {State.NEGOTIATING},
    "report_done": {State.EXECUTING},
    "not_solved": {State.VERIFYING},
    "confirm": {State.VERIFYING},
    "close": {State.FOLLOW_UP},
    "reopen": {State.FOLLOW_UP, State.CLOSED},
    "reject": {State.TRIAGED, State.RESPONDING, State.DIAGNOSING},
    "object": {State.REJECTED},
    "withdraw": {
        State.RECEIVED, State.TRIAGED, State.RESPONDING, State.DIAGNOSING, State.PROPOSING, State.NEGOTIATING,
        State.EXECUTING, State.VERIFYING, State.DISPUTED,
    },
    "merge": {State.RECEIVED, State.TRIAGED},
    "dispute": {State.NEGOTIATING},
    "settle": {State.DISPUTED},
}  # fmt: skip
WHO = {
    "triage": "QE CSL QM",
    "mobilise": "QE QM",
    "begin_diagnosis": "QE QM",
    "propose_directly": "QE QM",
    "agree_diagnosis": "QE QM",
    "send_proposal": "QE QM SAL",
    "counter": "SAL CUS",
    "accept": "SAL CUS",
    "report_done": "QE QM FLD",
    "not_solved": "QE QM CUS",
    "confirm": "CS CSL CUS",
    "close": "QM",
    "reopen": "QM CSL",
    "reject": "QM",
    "object": "QM",
    "withdraw": "CS CSL",
    "merge": "CS CSL QE QM",
    "dispute": "LEG",
    "settle": "LEG",
}
SAID = {
    "counter": {"reason": "too slow"},
    "accept": {"kind": "EMAIL", "evidence": "mail of 12 May"},
    "not_solved": {"reason": "still hums"},
    "confirm": {"person": "Ms Li"},
    "reopen": {"reason": "hums again"},
    "object": {"reason": "we disagree"},
    "withdraw": {"statement": "we take it back"},
    "merge": {"master": None},
    "dispute": {"ground": "FORMAL_NOTICE", "notice": "see letter"},
    "settle": {"to": "CLOSED", "outcome": "award"},
}


def put(complaint: Complaint, state: str) -> Complaint:
    """Put the case into a state past the verbs: what is under test is the door of each state, not the way to it."""
    Complaint.objects.filter(pk=complaint.pk).update(state=state, grade="G3")
    return Complaint.objects.get(pk=complaint.pk)


def attempt(verb: str, complaint: Complaint, by) -> str:
    """Return how the move went: made, denied, or the codes of the refusal."""
    said = dict(SAID.get(verb, {}))
    if verb == "triage":
        said["triage"] = judged("G3", by)
    try:
        getattr(lifecycle, verb)(complaint, by=by, at=NOON + timedelta(hours=1), **said)
    except PermissionDenied:
        return "denied"
    except Refused as refusal:
        return " ".join(why.code for why in refusal.reasons)
    return "made"


def test_the_table_covers_every_move():
    assert LEGAL.keys() == set(gates.MOVES)


@pytest.mark.parametrize("verb", [verb for verb in gates.MOVES if verb != "register"])
def test_a_move_opens_only_in_its_states(verb, ada, own, acme):
    mover = person("Mover", own, *[role for role in Role if role not in {Role.CUS, Role.SUP, Role.LEN}])
    if verb in {"counter", "accept", "not_solved", "confirm"}:
        mover = person("Mover2", own, Role.SAL, Role.QE, Role.CS)
    complaint = received(ada)

    for state in State:
        put(complaint, state)
        events = Event.objects.count()
        outcome = attempt(verb, complaint, mover)
        now = Complaint.objects.get(pk=complaint.pk)
        if state not in LEGAL[verb]:
            assert outcome == "state_does_not_allow", (verb, state)
        if outcome != "made":
            assert (now.state, Event.objects.count()) == (state, events), (verb, state, outcome)
        else:
            assert now.state != state
            break  # the case has moved; the other states were seen before or are not legal


@pytest.mark.parametrize("verb", sorted(WHO))
def test_a_move_is_made_by_its_roles_and_by_nobody_else(verb, ada, own, acme):
    complaint = put(received(ada), sorted(LEGAL[verb])[0])

    for role in Role:
        firm = acme if role == Role.CUS else own
        someone = person(f"R{role}", firm, role)
        allowed = policies.may_move(verb, complaint, someone)
        assert allowed == (str(role) in WHO[verb].split()), (verb, role)
        if not allowed:
            assert attempt(verb, complaint, someone) == "denied"
    assert Complaint.objects.get(pk=complaint.pk).state == complaint.state


@pytest.mark.parametrize("verb", ["counter", "accept", "not_solved", "confirm"])
def test_a_customer_moves_only_the_own_firm_s_case(verb, ada, carla, mallory):
    complaint = received(ada, customer=carla.organisation)

    assert policies.may_move(verb, complaint, carla)
    assert not policies.may_move(verb, complaint, mallory)


def test_a_g1_case_is_closed_by_an_executive_only(ada, lee, max):
    complaint = received(ada)
    complaint.grade = "G1"

    assert not policies.may_move("close", complaint, lee)
    assert policies.may_move("close", complaint, max)


def test_every_permission_of_a_move_exists():
    assert {f"case.{verb}" for verb in gates.MOVES} <= MAY.keys()


def test_an_unknown_state_is_refused_by_the_database(ada):
    from django.db import IntegrityError, transaction

    complaint = received(ada)

    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(state="LOST")


def test_what_may_be_done_next_is_what_the_verb_does(ada, quinn):
    """The buttons' list and the verbs agree: allowed goes through or asks, blocked is refused with the same codes."""
    complaint = received(ada)
    for choice in lifecycle.choices(complaint, quinn):
        if choice.blocked_by and choice.permitted:
            outcome = attempt(choice.verb, complaint, quinn)
            assert {why.code for why in choice.blocked_by} <= set(outcome.split())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_twenty_racing_clients_one_moves_the_case(ada, quinn):
    import threading

    if connection.vendor != "postgresql":
        pytest.skip("SQLite serialises writers; the race is run on PostgreSQL")
    complaint = received(ada)
    outcomes, start = [], threading.Barrier(20)

    def race() -> None:
        start.wait()
        try:
            outcomes.append(attempt("triage", complaint, quinn))
        finally:
            connection.close()

    threads = [threading.Thread(target=race) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count("made") == 1
    assert outcomes.count("state_does_not_allow") == 19
    assert Event.objects.of("case", complaint.uuid).filter(kind="case.triaged").count() == 1
