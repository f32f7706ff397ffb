"""Each act of this room on its page: who is asked, who is refused, once however often it is pressed."""

import pytest

from accounts.models import User
from accounts.roles import MAY
from complaints import acts, assessing
from complaints.models import Complaint
from remediation import approvals, capa, catalogue, execution, proposals
from remediation.models import ProposalLine
from remediation.models.kinds import LineStatus
from tests.cast import NOON, organisation
from tests.complaints import contract_case as under
from tests.remediation.stories import (
    DONE,
    PROPOSED,
    RESOLVED,
    REWORK,
    approved,
    claiming,
    cny,
    diagnosing,
    drafted,
    executing,
    following_up,
    fresh,
    line_of,
    negotiating,
    proposing,
    verifying,
)

OURS = [*catalogue.DRAFTED, *catalogue.AGREED, *catalogue.VISITS, *catalogue.PREVENTION]
PAYING = {"kind": "COMPENSATION", "description": "Two days of standstill", "cost": cny(800), "amount": cny(800),
          "goodwill": True, "goodwill_reason": "good customer"}  # fmt: skip
LONG_AGO = {"due_on": "2026-06-30"}


def url(complaint: Complaint, name: str) -> str:
    return f"/cases/{complaint.ref}/do/{name}/"


def money(amount: str, field: str = "amount") -> dict[str, str]:
    return {f"{field}_amount": amount, f"{field}_currency": "CNY"}


# One story for each act: where the case stands, what is said, and what is different afterwards ------------------------


def _draft(who):
    return drafted(who, proposing(who)).complaint


def _submitted(who):
    complaint = _draft(who)
    approvals.submit(proposals.current(complaint), by=who.quinn, at=PROPOSED)
    return complaint


def _interim(who):
    complaint = diagnosing(who)
    approved(who, drafted(who, complaint, interim=True, valid_until=None))
    return complaint


def _started(who):
    complaint = executing(who)
    execution.start_line(line_of(complaint), by=who.quinn, at=DONE)
    return complaint


def _cancelled(who):
    complaint = _started(who)
    execution.cancel_line(line_of(complaint), by=who.quinn, at=DONE, because="Not wanted any more")
    return complaint


def _with_capa(who, **fields):
    complaint = following_up(who, **fields)
    capa.open_capa(complaint, by=who.quinn, at=RESOLVED, problem="Nozzles wear", owner=who.lee, due_on=NOON.date())
    return complaint


def _with_action(who):
    complaint = _with_capa(who)
    capa.add_action(
        complaint.capas.get(), by=who.quinn, at=RESOLVED, description="Change the nozzle yearly", strength=2,
        owner=who.lee, due_on=NOON.date(),
    )  # fmt: skip
    return complaint


def _criterion_set(who):
    complaint = _with_action(who)
    row = complaint.capas.get()
    capa.finish_action(row.actions.get(), by=who.quinn, at=RESOLVED, evidence="Plan MP-14 D")
    capa.set_criterion(row, by=who.quinn, at=RESOLVED, metric="Grease", baseline="301 g", target="420 g")
    return complaint


def _implemented(who):
    complaint = _criterion_set(who)
    capa.implement(complaint.capas.get(), by=who.quinn, at=RESOLVED)
    return complaint


def _with_similar(who):
    complaint = _with_capa(who)
    capa.add_similar(complaint.capas.get(), by=who.quinn, at=RESOLVED, text="Line M-15")
    return complaint


def _with_lesson(who):
    complaint = following_up(who)
    capa.record_lesson(complaint, by=who.quinn, at=RESOLVED, situation="Worn nozzle", rule="Weigh the grease")
    return complaint


def _of_supplier(who):
    complaint = following_up(who)
    organisation("SMITH", "Smith Nozzles", "SUPPLIER")
    return complaint


def _paying(who):
    return negotiating(who, PAYING, by=(who.lee,))


def _otherwise(who):
    """A proposal that takes its sum from an assessment whose facts have changed since."""
    complaint = claiming(who, organisation("HOLDER", "Holder", "CUSTOMER"))
    assessing.state_facts(complaint, by=who.quinn, at=PROPOSED, source="Delivery note", facts=under.FACTS)
    kept = assessing.assess(complaint, by=who.lin, at=PROPOSED)
    drafted(who, complaint, {**PAYING, "goodwill": False, "goodwill_reason": "", "amount": None, "entitlement": kept,
                             "head": "LD_PER_UNIT 8.2"})  # fmt: skip
    assessing.state_facts(complaint, by=who.quinn, at=PROPOSED, source="Bill", facts={"affected_price": "50000.00"})
    return complaint


CAPA_ACTION = {"description": "Weigh the grease", "strength": "3", "owner": "lee@demo.test", **LONG_AGO}
STORIES = {
    "draft_proposal": (proposing, "quinn", {"valid_until": "2026-06-05"}, lambda c: c.proposals.count()),
    "add_line": (_draft, "quinn", {"kind": "SORTING", "description": "Sort the stock", **money("90", "cost")},
                 lambda c: ProposalLine.objects.count()),
    "change_line": (_draft, "quinn", {"description": "Exchange both"}, lambda c: line_of(c).description),
    "remove_line": (_draft, "quinn", {}, lambda c: ProposalLine.objects.count()),
    "set_terms": (_draft, "quinn", {"conditions": "Access by day", "admission": "0"},
                  lambda c: proposals.current(c).conditions),
    "submit_proposal": (_draft, "quinn", {}, lambda c: proposals.current(c).status),
    "approve_proposal": (_submitted, "cleo", {}, lambda c: proposals.current(c).status),
    "refuse_proposal": (_submitted, "cleo", {"comment": "Too dear"}, lambda c: proposals.current(c).status),
    "confirm_basis": (_otherwise, "lin", {"because": "Promised"}, lambda c: proposals.current(c).basis_confirmed_by_id),
    "release_interim": (_interim, "quinn", {}, lambda c: line_of(c).status),
    "offer": (negotiating, "sam", {"text": "A week sooner", "kind": "OFFER"}, lambda c: c.negotiation.count()),
    "record_agreement": (_paying, "sam", {"signed_on": "2026-05-14", "payee": "Acme", "evidence": "File 3",
                                          **money("800")}, lambda c: proposals.current(c).agreements.count()),
    "start_line": (executing, "quinn", {}, lambda c: line_of(c).attempts),
    "finish_line": (_started, "quinn", {"evidence_text": "Signed report", "reinspection_result": "0.8 mm/s"},
                    lambda c: line_of(c).status),
    "fail_line": (_started, "quinn", {"because": "Wrong bearing"}, lambda c: line_of(c).failures),
    "cancel_line": (_started, "quinn", {"because": "Not wanted"}, lambda c: line_of(c).status),
    "agree_cancellation": (_cancelled, "sam", {"evidence": "Mail of 20 May"},
                           lambda c: line_of(c).cancelled_by_customer),
    "remind_confirmation": (verifying, "ada", {}, lambda c: c.confirmation_reminders.count()),
    "record_visit": (following_up, "ada", {"works": "1", "contact_met": "Carla", "satisfaction": "4"},
                     lambda c: c.visits.filter(done_at__isnull=False).count()),
    "move_visit": (following_up, "ada", {"agreed_on": "2099-01-04", "because": "Holiday"},
                   lambda c: c.visits.filter(agreed_on__isnull=False).count()),
    "cancel_visit": (following_up, "ada", {"because": "Site is closed"},
                     lambda c: c.visits.filter(status="CANCELLED").count()),
    "open_capa": (following_up, "quinn", {"problem": "Wear", "owner": "lee@demo.test", **LONG_AGO},
                  lambda c: c.capas.count()),
    "add_capa_action": (_with_capa, "quinn", {**CAPA_ACTION, "documents": "Plan CP-14: C → D"},
                        lambda c: c.capas.get().actions.count()),
    "finish_capa_action": (_with_action, "quinn", {"evidence": "Plan MP-14 D", "documents": "FMEA 12: not applicable"},
                           lambda c: c.capas.get().status),
    "set_criterion": (_with_capa, "quinn", {"metric": "Grease", "baseline": "301 g", "target": "420 g"},
                      lambda c: c.capas.get().target),
    "add_similar": (_with_capa, "quinn", {"text": "Line M-15"}, lambda c: c.capas.get().deployments.count()),
    "decide_similar": (_with_similar, "quinn", {"applies": "0", "because": "New nozzle"},
                       lambda c: c.capas.get().deployments.get().applies),
    "hand_over_capa": (_with_action, "quinn", {"owner": "cleo@demo.test", "because": "Lee leaves", "with_actions": "1"},
                       lambda c: {c.capas.get().owner.name, c.capas.get().actions.get().owner.name}),
    "implement_capa": (_criterion_set, "quinn", {}, lambda c: c.capas.get().status),
    "check_effect": (_implemented, "quinn", {"result": "Two lots without findings"}, lambda c: c.capas.get().status),
    "waive_capa": (following_up, "lee", {"because": "Single unit"}, lambda c: c.capa_waivers.count()),
    "record_lesson": (following_up, "quinn", {"situation": "Wear", "rule": "Weigh", "tags": "grease, nozzle"},
                      lambda c: c.lessons.count()),
    "approve_lesson": (_with_lesson, "lee", {}, lambda c: c.lessons.get().approved_by_id),
    "add_cost": (following_up, "fay", {"item": "TRAVEL", "on": "2026-05-20", "document": "R-1", **money("-12.50")},
                 lambda c: c.costs.count()),
    "post_costs": (following_up, "fay", {}, lambda c: c.costs_posted.count()),
    "open_chargeback": (_of_supplier, "fay", {"supplier": "SMITH", "notice": "§4 with photos", **money("100")},
                        lambda c: c.chargebacks.count()),
    "waive_chargeback": (_of_supplier, "fay", {"because": "Cheaper than a quarrel"},
                         lambda c: c.chargeback_waivers.count()),
}  # fmt: skip


def test_every_act_of_the_room_has_a_story():
    assert STORIES.keys() == {act.name for act in OURS}


@pytest.mark.parametrize("name", STORIES)
def test_an_act_shows_its_form_in_both_languages_to_whom_it_is_for_and_takes_effect_once(name, who, signed_in):
    begin, person, said, watched = STORIES[name]
    complaint = fresh(begin(who))
    client, before = signed_in(getattr(who, person)), watched(complaint)
    said = {**said, "once": "abc"}

    reader = User.objects.filter(pk=getattr(who, person).pk)
    reader.update(language="zh-hans")
    chinese = client.get(url(complaint, name))
    reader.update(language="en")
    page = client.get(url(complaint, name))
    first = client.post(url(complaint, name), said)
    after = watched(fresh(complaint))
    again = client.post(url(complaint, name), said)

    assert page.status_code == 200, page.content
    assert str(acts.get(name).label) in page.content.decode()
    assert str(acts.get(name).label) not in chinese.content.decode()
    assert first.status_code == 302, first.content.decode()
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert after != before
    assert watched(fresh(complaint)) == after


def test_an_act_is_refused_to_those_it_is_not_for(who, root, signed_in):
    complaint = following_up(who)
    clients = {person: signed_in(person) for person in (*vars(who).values(), root)}

    for act in OURS:
        may = {person.name for person in clients if acts.offer(act, complaint, person).permitted}
        asked = {person: client.get(url(complaint, act.name)).status_code for person, client in clients.items()}
        shown = {person.name for person, status in asked.items() if status == 200}

        assert shown == may == {person.name for person in clients if person.roles & MAY[act.permission]}, act.name
        for person, client in clients.items():
            if person.name not in may:
                assert client.post(url(complaint, act.name), {"once": "x"}).status_code == 403, act.name


def test_a_customer_and_a_stranger_find_no_such_page(who, carla, mallory, signed_in):
    complaint = following_up(who, customer=carla.organisation)
    clients = [signed_in(person) for person in (carla, mallory)]

    for act in OURS:
        assert {client.get(url(complaint, act.name)).status_code for client in clients} == {403}, act.name


def test_the_leader_of_the_team_may_approve_whatever_the_role(who, signed_in):
    complaint = proposing(who)
    proposal = proposals.draft_proposal(complaint, by=who.sam, at=PROPOSED, valid_until="2026-06-05")
    proposals.add_line(proposal, by=who.sam, at=PROPOSED, **REWORK, cost=cny(100))
    approvals.submit(proposal, by=who.sam, at=PROPOSED)

    page = signed_in(who.quinn).post(url(complaint, "approve_proposal"), {"once": "x"})

    assert page.status_code == 302
    assert fresh(proposal).status == "APPROVED"


def test_whoever_proposed_reads_why_they_may_not_approve(who, signed_in):
    complaint = _submitted(who)

    page = signed_in(who.quinn).post(url(complaint, "approve_proposal"), {"once": "x"})

    assert page.status_code == 409
    assert "Quinn" in page.content.decode()


def test_the_row_in_the_address_is_the_one_that_is_chosen(who, signed_in):
    complaint = executing(who, {**REWORK, "cost": cny(1)}, {**REWORK, "description": "Second", "cost": cny(2)})
    second = ProposalLine.objects.get(description="Second")
    client = signed_in(who.quinn)

    page = client.get(url(complaint, "start_line") + f"?line={second.pk}").content.decode()
    unnamed = client.post(url(complaint, "start_line"), {"once": "a"})
    named = client.post(url(complaint, "start_line"), {"once": "b", "line": second.pk})

    assert f'value="{second.pk}" selected' in page
    assert (unnamed.status_code, named.status_code) == (422, 302)
    assert fresh(second).status == LineStatus.IN_WORK


def test_a_row_of_another_case_is_no_choice(who, signed_in):
    theirs, ours = executing(who, title="Other"), executing(who)

    answer = signed_in(who.quinn).post(
        url(ours, "start_line"), {"once": "a", "line": line_of(theirs).pk}
    )  # fmt: skip

    assert answer.status_code == 422
    assert line_of(theirs).status == LineStatus.RELEASED


def test_a_row_that_does_not_fit_is_answered_by_the_rule(who, signed_in):
    complaint = executing(who)

    answer = signed_in(who.quinn).post(
        url(complaint, "agree_cancellation"), {"once": "a", "line": line_of(complaint).pk, "evidence": "Mail"}
    )

    assert answer.status_code == 409
    assert "Exchange the bearing" in answer.content.decode()


def test_where_nothing_fits_it_says_so(who, signed_in):
    complaint = following_up(who)

    answer = signed_in(who.lee).post(url(complaint, "approve_lesson"), {"once": "a"})

    assert answer.status_code == 409
    assert "Nothing on this case waits for this." in answer.content.decode()


def test_a_change_leaves_what_was_not_sent(who, signed_in):
    complaint = proposing(who)
    drafted(
        who, complaint, {**REWORK, "cost": cny(70), "owner": who.quinn}, conditions="By day", without_admission=False
    )
    client = signed_in(who.quinn)

    client.post(url(complaint, "change_line"), {"once": "a", "description": "Both bearings"})
    client.post(url(complaint, "set_terms"), {"once": "b", "valid_until": "2026-07-01"})

    line, proposal = line_of(complaint), proposals.current(complaint)
    assert (line.description, line.cost, line.owner) == ("Both bearings", cny(70), who.quinn)
    assert (proposal.conditions, proposal.without_admission) == ("By day", False)


def test_the_form_of_a_change_starts_with_what_is_there(who, signed_in):
    complaint = proposing(who)
    drafted(who, complaint, {**REWORK, "cost": cny(70), "owner": who.quinn})

    page = signed_in(who.quinn).get(url(complaint, "change_line")).content.decode()

    assert "Exchange the bearing</textarea>" in page
    assert 'value="70.00"' in page
    assert 'value="quinn@demo.test" selected' in page


def test_a_case_in_another_state_offers_nothing_of_it(who):
    complaint = diagnosing(who)

    names = {
        offer.act.name for room in ("remedy", "visits", "prevention") for offer in acts.offers(complaint, who.lee, room)
    }

    assert "draft_proposal" in names
    assert not names & {"offer", "record_visit", "remind_confirmation", "record_agreement"}


def test_documents_are_read_one_a_line(who, signed_in):
    complaint = _with_capa(who)

    answer = signed_in(who.quinn).post(
        url(complaint, "add_capa_action"),
        {**CAPA_ACTION, "documents": "Plan CP-14: C -> D\nFMEA 12：not applicable, no change", "once": "a"},
    )
    wrong = signed_in(who.quinn).post(
        url(complaint, "add_capa_action"), {**CAPA_ACTION, "documents": "Plan", "once": "b"}
    )

    assert (answer.status_code, wrong.status_code) == (302, 422)
    assert complaint.capas.get().actions.get().documents == [
        {"document": "Plan CP-14", "old": "C", "new": "D"},
        {"document": "FMEA 12", "not_applicable": "not applicable, no change"},
    ]
