"""One whole life of a case through the API, by the people whose work each step is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from complaints import rendering
from complaints.models import Complaint
from remediation.models import ProposalLine
from tests.complaints.test_api import URL, Program

MOVES = 20
ANALYSIS = {
    "description": "Hums at 1 450 rpm.", "extent": "One of four.", "confidence": "UNKNOWN",
    "test_plan": "Measure vibration on site.", "containment": "Unit stopped.", "remedy_direction": "New bearing.",
    "next_dates": "Visit on Thursday.", "contact_person": "quinn@demo.test",
}  # fmt: skip


def cny(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


class Life:
    """A case, and everybody who works on it, each with a program of their own."""

    def __init__(self, people, ref: str) -> None:
        self.programs, self.ref = people, ref

    @property
    def url(self) -> str:
        return f"{URL}{self.ref}/"

    def do(self, who: str, verb: str, expected: int = 200, /, **body):
        answer = self.programs[who].post(f"{self.url}transitions/{verb}/", body)
        assert answer.status_code == expected, (verb, answer.json())
        return answer.json()

    def move(self, who: str, verb: str, leads_to: str, /, **body):
        """Make a move that the list says is open to this person; the list stays consistent around it."""
        assert self.listed(who)[verb]["allowed"] is True, self.listed(who)[verb]
        told = self.do(who, verb, **body)
        assert Complaint.objects.get(ref=self.ref).state == leads_to
        return told

    def listed(self, person: str) -> dict[str, dict]:
        """Return the list of moves, checked: allowed means permitted and without reasons, blocked means one of them."""
        moves = {move["verb"]: move for move in self.programs[person].get(f"{self.url}transitions/").json()}
        for move in moves.values():
            assert move["allowed"] == (move["permitted"] and not move["reasons"]), move
            assert all(why["sentence"] for why in move["reasons"]), move
        return moves

    def blocked_by(self, person: str, verb: str) -> set[str]:
        return {why["code"] for why in self.listed(person)[verb]["reasons"]}


@pytest.fixture
def life(ada, cleo, quinn, lee, fay, lin, sam, max, carla, departments) -> Life:
    people = (ada, cleo, quinn, lee, fay, lin, sam, max, carla)
    programs = {person.name.lower(): Program(person) for person in people}
    intake = {
        "customer": "ACME", "description": "The gearbox of unit 3 hums.", "found_on": timezone.localdate().isoformat(),
        "contact_name": "Carla", "contact_email": "carla@acme.test",
    }  # fmt: skip
    answer = programs["ada"].post(URL, intake)
    assert (answer.status_code, answer.json()["state"]) == (201, "RECEIVED"), answer.json()
    return Life(programs, answer.json()["ref"])


def respond(life: Life) -> None:
    life.do("ada", "acknowledge", contact_person="ada@demo.test")
    life.move(
        "quinn", "triage", "TRIAGED", consequence=4, extent=3, customer_impact=3, recurrence=1,
        owner="quinn@demo.test", department="quality", nonconformity=["DEFECT"], safety="NO", found_where="IN_USE",
        goods_unknown_because="Plate unreadable", quantity_affected="1", quantity_delivered="4",
        remedy_asked=["REWORK"], no_contract_because="Spot purchase", duplicate_checked=True,
    )  # fmt: skip
    life.move(
        "quinn", "mobilise", "RESPONDING", leader="quinn@demo.test", champion="lee@demo.test",
        members=["cleo@demo.test", "ada@demo.test"],
    )  # fmt: skip
    assert {"meeting_missing", "initial_missing"} <= life.blocked_by("quinn", "begin_diagnosis")
    life.do("quinn", "begin_diagnosis", 409)
    life.do(
        "quinn", "hold_meeting", attendees=["lee@demo.test", "cleo@demo.test"], agenda="Hum", decisions="Stop unit 3"
    )
    life.do("quinn", "contain", location="INSTALLED", needed=True, action="Unit 3 stopped", owner="quinn@demo.test")
    life.do("quinn", "write_initial", **ANALYSIS)
    life.do("lee", "approve_initial")
    life.do("quinn", "send_initial")
    life.move("quinn", "begin_diagnosis", "DIAGNOSING")


def diagnose(life: Life) -> None:
    for leg, code, text in (("OCCURRENCE", "PRC", "Nozzle worn"), ("ESCAPE", "DET", "No test under load")):
        life.do("quinn", "record_cause", leg=leg, code=code, text=text)
        cause = Complaint.objects.get(ref=life.ref).root_causes.get(leg=leg)
        life.do("quinn", "verify_cause", cause=cause.pk, method="On and off", result="Came and went")
    life.do("quinn", "state_defect", sentence="Gearbox unit 3 hums", grid={"WHAT_OBJECT_is": "Unit 3"})
    life.do("quinn", "record_extent", location="INSTALLED", total=4, confirmed=1, good=3, unknown=0)
    life.do("quinn", "finish_extent")
    life.do("quinn", "attribute", share={"SELLER": "100"}, because={"SELLER": "our dispenser"})
    life.do("lee", "approve_attribution")
    life.do("lin", "assess_entitlement", status="PARTIAL", reasoning="Within the guarantee period")
    life.do(
        "fay", "assess_finance", delay_days=2, payments_at_risk=cny("0"), retention_at_risk=cny("0"),
        remedy_cost=cny("5000"), reputation=1, note="No milestone touched",
    )  # fmt: skip
    life.move("quinn", "agree_diagnosis", "PROPOSING")


def offer(life: Life, **terms) -> None:
    life.do("quinn", "draft_proposal", valid_until=(timezone.localdate() + timedelta(days=21)).isoformat(), **terms)


def propose(life: Life) -> None:
    assert life.blocked_by("quinn", "send_proposal") == {"proposal_missing"}
    offer(life)
    life.do("quinn", "add_line", kind="REWORK", description="Exchange the bearing", cost=cny("5000"), quantity="1")
    life.do(
        "quinn", "add_line", kind="COMPENSATION", description="Two days of standstill", cost=cny("800"),
        amount=cny("800"), entitlement=Complaint.objects.get(ref=life.ref).entitlements.get().pk,
    )  # fmt: skip
    life.do("quinn", "submit_proposal")
    assert life.blocked_by("quinn", "send_proposal") == {"approval_pending"}
    life.do("quinn", "approve_proposal", 409)  # whoever proposed
    life.do("cleo", "approve_proposal", comment="Agreed")
    life.move("quinn", "send_proposal", "NEGOTIATING")


def negotiate(life: Life) -> None:
    life.move("carla", "counter", "PROPOSING", reason="Before the end of the month")
    offer(life, copy=True, conditions="Within two weeks")
    life.do("quinn", "submit_proposal")
    life.do("cleo", "approve_proposal")
    life.move("quinn", "send_proposal", "NEGOTIATING")
    assert life.blocked_by("carla", "accept") == {"agreement_missing"}
    life.do(
        "sam", "record_agreement", signed_on=timezone.localdate().isoformat(), amount=cny("800"), payee="Acme Wind",
        evidence="Signed copy, file 3",
    )  # fmt: skip
    life.do("carla", "accept", 409, kind="PORTAL", evidence="Pressed in the portal", proposal=1)  # not with her
    life.move("carla", "accept", "EXECUTING", kind="PORTAL", evidence="Pressed in the portal", proposal=2)


def carry_out(life: Life) -> None:
    assert life.blocked_by("quinn", "report_done") == {"line_open"}
    rework, money = ProposalLine.objects.filter(proposal__number=2).order_by("position")
    life.do("quinn", "start_line", 400)  # two of them: which?
    life.do("quinn", "start_line", line=rework.pk)
    life.do("quinn", "fail_line", line=rework.pk, because="Wrong bearing")
    life.do("quinn", "start_line", line=rework.pk)
    life.do("quinn", "finish_line", 409, line=rework.pk, evidence_text="Report")
    life.do("quinn", "finish_line", line=rework.pk, evidence_text="Report", reinspection_result="0.8 mm/s")
    life.do("quinn", "finish_line", line=money.pk, evidence_text="Proof of the bank")
    life.move("quinn", "report_done", "VERIFYING")


def verify(life: Life) -> None:
    life.do("ada", "remind_confirmation")
    life.move("carla", "not_solved", "EXECUTING", reason="Still hums")
    rework = ProposalLine.objects.get(proposal__number=2, kind="REWORK")
    assert rework.failures == 2
    life.do("quinn", "finish_line", evidence_text="Second report", reinspection_result="0.5 mm/s")
    life.move("quinn", "report_done", "VERIFYING")
    life.move("carla", "confirm", "FOLLOW_UP", person="Carla", how="Runs well")


def report(life: Life) -> None:
    pdf = f"{life.url}8d.pdf"
    assert life.programs["quinn"].get(pdf).status_code == 404
    life.do("quinn", "make_8d")
    owed = life.programs["quinn"].get(pdf)
    assert (owed.status_code, int(owed["Retry-After"]) > 0) == (202, True)
    while rendering.render_owed(now=timezone.now(), owner="test"):
        pass
    made = life.programs["quinn"].get(pdf)
    assert (made.status_code, made["Content-Type"]) == (200, "application/pdf")


def prevent(life: Life) -> None:
    due = (timezone.localdate() + timedelta(days=30)).isoformat()
    life.do("quinn", "open_capa", problem="Nozzles wear", owner="lee@demo.test", due_on=due)
    for cause in Complaint.objects.get(ref=life.ref).root_causes.order_by("pk"):
        life.do(
            "quinn", "add_capa_action", root_cause=cause.pk, description=f"Against {cause.text}", strength=1,
            owner="quinn@demo.test", due_on=due, documents=["Plan CP-14: C → D"],
        )  # fmt: skip
    life.do("quinn", "add_similar", text="Line M-15")
    life.do("quinn", "decide_similar", applies=False, because="New nozzle")
    life.do("quinn", "set_criterion", metric="Grease", baseline="301 g", target="420 g")
    life.do("quinn", "implement_capa", 409)
    for action in Complaint.objects.get(ref=life.ref).capas.get().actions.order_by("pk"):
        life.do("quinn", "finish_capa_action", action=action.pk, evidence="Plan released")
    life.do("quinn", "implement_capa")
    life.do("quinn", "check_effect", result="First lot without findings")
    life.do("quinn", "record_lesson", situation="Worn nozzle", rule="Weigh the grease", tags="grease, nozzle")
    life.do("lee", "approve_lesson")


def end(life: Life) -> None:
    asked = {"capa_missing", "costs_not_posted", "eight_d_not_sent", "lesson_missing", "visit_first_missing"}
    assert asked <= life.blocked_by("lee", "close")
    prevent(life)
    life.do(
        "quinn", "add_cost", item="TRAVEL", amount=cny("120.50"), on=timezone.localdate().isoformat(), document="R1"
    )
    life.do("fay", "post_costs")
    life.do("quinn", "send_8d")
    life.do("ada", "record_visit", 409, works=True)  # too early to count
    life.do("ada", "move_visit", agreed_on=timezone.localdate().isoformat(), because="Carla asks for today")
    life.do("ada", "record_visit", works=True, contact_met="Carla", satisfaction=5)
    life.do("quinn", "close", 403)
    life.move("lee", "close", "CLOSED")


def test_a_case_lives_from_the_first_call_to_its_reopening(life):
    respond(life)
    diagnose(life)
    propose(life)
    negotiate(life)
    carry_out(life)
    verify(life)
    report(life)
    end(life)

    life.move("cleo", "reopen", "TRIAGED", ground="SAME_DEFECT", reason="It hums again")

    case = life.programs["lee"].get(life.url).json()
    events = [row["kind"] for row in life.programs["lee"].get(f"{life.url}events/").json()]
    assert case["cycle"] == 2
    assert len(life.listed("lee")) == MOVES
    assert events.index("case.closed") < events.index("case.reopened")
    assert {"RESOLVE", "INITIAL"} <= {clock["metric"] for clock in case["clocks"]}


def test_an_act_of_a_higher_room_is_refused_to_customers_and_in_other_states(life):
    life.do("carla", "draft_proposal", 404)
    life.do("fay", "draft_proposal", 403)
    told = life.do("quinn", "draft_proposal", 409)

    assert [why["code"] for why in told["reasons"]] == ["state_does_not_allow"]
