"""The tabs of the remedy, the visits and the prevention of a case, and the visits of all cases."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import lifecycle
from remediation import approvals, capa, costs, followup, proposals, visits
from remediation.changes import between
from remediation.models import ReturnVisit
from remediation.models.kinds import VisitStatus
from tests.remediation.stories import (
    ACCEPTED,
    DAY,
    PROPOSED,
    RESOLVED,
    REWORK,
    SENT,
    approved,
    cny,
    diagnosing,
    drafted,
    executing,
    following_up,
    fresh,
    negotiating,
    proposing,
    verifying,
)

TABS = ("remedy", "visits", "prevention")
GOODWILL = {"kind": "COMPENSATION", "description": "Two days of standstill", "cost": cny(800), "amount": cny(800),
            "goodwill": True, "goodwill_reason": "Good customer"}  # fmt: skip
BUDGET = 12  # statements of the list of all visits


def shown(client, complaint, tab: str) -> str:
    answer = client.get(f"/cases/{complaint.ref}/{tab}/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def as_quinn(quinn, signed_in):
    return signed_in(quinn)


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("begin", [diagnosing, proposing, negotiating, executing, verifying, following_up])
def test_every_tab_shows_in_every_state(begin, tab, who, as_quinn):
    complaint = begin(who)

    assert f'aria-current="page">{tab.capitalize()}' in shown(as_quinn, complaint, tab)


@pytest.mark.parametrize("tab", TABS)
def test_foreign_missing_and_unsigned_find_nothing(tab, who, carla, signed_in, client):
    complaint = proposing(who, customer=carla.organisation)

    assert signed_in(who.ada).get(f"/cases/QC-2026-99999/{tab}/").status_code == 404
    assert signed_in(carla).get(f"/cases/{complaint.ref}/{tab}/").status_code == 403
    assert client.get(f"/cases/{complaint.ref}/{tab}/").status_code == 302


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_reads_in_chinese(tab, who, signed_in):
    who.lee.language = "zh-hans"
    who.lee.save()
    complaint = following_up(who)

    page = shown(signed_in(who.lee), complaint, tab)

    assert 'lang="zh-Hans"' in page
    assert {"remedy": "第 1 版", "visits": "回访", "prevention": "成本"}[tab] in page


# Remedy ---------------------------------------------------------------------------------------------------------------


def test_without_a_proposal_the_way_to_one_is_shown(who, as_quinn):
    page = shown(as_quinn, proposing(who), "remedy")

    assert "No proposal is drafted yet." in page
    assert "/do/draft_proposal/" in page


def test_a_version_shows_lines_sums_and_who_must_agree_and_why(who, as_quinn):
    complaint = proposing(who)
    drafted(who, complaint, {**REWORK, "cost": cny(5000), "owner": who.quinn, "due_on": date(2026, 5, 28)}, GOODWILL)
    approvals.submit(proposals.current(complaint), by=who.quinn, at=PROPOSED)

    page = shown(as_quinn, complaint, "remedy")

    assert "Waiting for approval" in page
    assert "CNY 5,800.00" in page  # our cost, all lines, and what the case adds up to
    assert "CNY 800.00" in page
    assert "28 May 2026" in page
    assert "Goodwill: Good customer" in page
    assert "Quality manager: Lee" in page
    assert "Goodwill goes one level higher" in page
    assert "/do/approve_proposal/" not in page  # quinn proposed it


def test_whoever_may_agree_finds_the_buttons_and_others_do_not(who, signed_in):
    complaint = proposing(who)
    proposal = drafted(who, complaint)
    approvals.submit(proposal, by=who.quinn, at=PROPOSED)

    assert f"/do/approve_proposal/?proposal={proposal.pk}" in shown(signed_in(who.cleo), complaint, "remedy")
    assert f"/do/refuse_proposal/?proposal={proposal.pk}" in shown(signed_in(who.lee), complaint, "remedy")
    assert f"/do/approve_proposal/?proposal={proposal.pk}" not in shown(signed_in(who.ada), complaint, "remedy")


def test_what_was_agreed_and_what_was_sent_back_stay_to_be_seen(who, signed_in):
    complaint = proposing(who)
    proposal = drafted(who, complaint)
    approvals.submit(proposal, by=who.quinn, at=PROPOSED)
    approvals.refuse(proposal, by=who.lee, at=PROPOSED, comment="Too dear")

    page = shown(signed_in(who.quinn), complaint, "remedy")

    assert "Sent back: Too dear" in page
    assert "sent back, Too dear" in page
    assert "/do/submit_proposal/" in page


def test_an_approval_keeps_its_reason_when_the_version_has_left(who, as_quinn):
    complaint = negotiating(who, {**REWORK, "cost": cny("31250.00")}, by=(who.lee,))

    page = shown(as_quinn, complaint, "remedy")

    assert "More than CNY 10,000.00 and up to CNY 50,000.00 needs this level." in page


def test_a_currency_without_a_rate_is_said_and_breaks_nothing(who, as_quinn):
    complaint = proposing(who)
    money = type(cny(1))(cny(7).amount, "BRL")
    drafted(who, complaint, {**REWORK, "cost": money})

    page = shown(as_quinn, complaint, "remedy")

    assert "No exchange rate from BRL" in page
    assert "BRL 7.00" in page


def test_the_next_version_shows_what_differs_from_the_one_before(who, as_quinn):
    complaint = negotiating(
        who, {**REWORK, "cost": cny(70)}, {"kind": "SORTING", "description": "Stock", "cost": cny(9)}
    )
    complaint = lifecycle.counter(complaint, by=who.sam, at=SENT + DAY, reason="Too slow")
    proposal = proposals.draft_proposal(complaint, by=who.quinn, at=SENT + DAY, copy=True)
    proposals.change_line(
        proposal.lines.get(kind="REWORK"), by=who.quinn, at=SENT + DAY, description="Exchange both"
    )  # fmt: skip
    proposals.remove_line(proposal.lines.get(kind="SORTING"), by=who.quinn, at=SENT + DAY)
    proposals.add_line(proposal, by=who.quinn, at=SENT + DAY, **GOODWILL)

    page = shown(as_quinn, complaint, "remedy")

    assert "Changed since version 1" in page
    assert page.index("new:") < page.index("Two days of standstill", page.index("new:"))
    assert "changed:</b> Rework, Exchange both" in page
    assert "gone:</b> <s>Sorting, Stock" in page
    assert "Too slow" in page


def test_two_versions_that_are_the_same_show_no_changes(who):
    complaint = lifecycle.counter(negotiating(who), by=who.sam, at=SENT + DAY, reason="Too slow")
    second = proposals.draft_proposal(complaint, by=who.quinn, at=SENT + DAY, copy=True)

    assert not between(complaint.proposals.get(number=1), second)


def test_carrying_out_is_offered_line_by_line_to_those_who_do_it(who, signed_in):
    complaint = executing(who)
    line = complaint.proposals.get().lines.get()

    ours, theirs = (shown(signed_in(person), complaint, "remedy") for person in (who.quinn, who.fay))

    assert f"/do/start_line/?line={line.pk}" in ours
    assert f"/do/start_line/?line={line.pk}" not in theirs
    assert "is not done yet" in ours
    assert "Accepted" in ours


def test_an_interim_remedy_stands_beside_the_version(who, as_quinn):
    complaint = diagnosing(who)
    proposal = approved(who, drafted(who, complaint, interim=True, valid_until=None))

    page = shown(as_quinn, complaint, "remedy")

    assert "Interim remedy" in page
    assert f"/do/release_interim/?proposal={proposal.pk}" in page


def test_agreement_and_acceptance_are_shown(who, as_quinn):
    complaint = negotiating(who, GOODWILL, by=(who.lee,))
    proposals.record_agreement(
        proposals.current(complaint), by=who.sam, at=ACCEPTED, signed_on=ACCEPTED.date(), amount=cny(800),
        payee="Acme Wind", evidence="File 3",
    )  # fmt: skip
    lifecycle.accept(complaint, by=who.sam, at=ACCEPTED, kind="EMAIL", evidence="Mail of 15 May")

    page = shown(as_quinn, complaint, "remedy")

    assert "to Acme Wind, File 3" in page
    assert "E-mail · Mail of 15 May" in page


def test_the_remedy_asks_the_database_the_same_however_many_lines(who, as_quinn):
    complaint = proposing(who)
    proposal = drafted(who, complaint)
    one = _statements(as_quinn, f"/cases/{complaint.ref}/remedy/")
    for number in range(6):
        proposals.add_line(proposal, by=who.quinn, at=PROPOSED, **{**REWORK, "description": f"{number}"}, cost=cny(1))

    assert _statements(as_quinn, f"/cases/{complaint.ref}/remedy/") == one


def _statements(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


# Visits and survey ----------------------------------------------------------------------------------------------------


def test_visits_show_dates_tolerance_and_what_was_found(who, signed_in):
    complaint = following_up(who)
    first = complaint.visits.order_by("number").first()
    visits.record_visit(
        first, by=who.ada, at=RESOLVED + 7 * DAY, works=True, contact_met="Carla", satisfaction=4,
        open_promises="Send the report",
    )  # fmt: skip

    page = shown(signed_in(who.ada), complaint, "visits")

    assert "7 days after" in page
    assert "Send the report" in page
    assert "4 / 5" in page
    assert f"/do/record_visit/?visit={first.pk}" not in page
    assert page.count("/do/move_visit/") == 1
    assert "Carla" in page


def test_a_moved_visit_keeps_its_planned_date_in_sight(who, signed_in):
    complaint = following_up(who)
    visit = complaint.visits.order_by("number").first()
    visits.move_visit(visit, by=who.ada, at=RESOLVED, agreed_on=date(2026, 6, 9), because="Holiday")

    page = shown(signed_in(who.ada), complaint, "visits")

    assert "9 Jun 2026" in page
    assert "planned 27 May 2026, moved: Holiday" in page


def test_confirmation_and_reminders_are_shown(who, signed_in):
    complaint = verifying(who)
    followup.remind_confirmation(complaint, by=who.ada, at=RESOLVED)
    lifecycle.confirm(complaint, by=who.ada, at=RESOLVED, person="Carla", how="by phone")

    page = shown(signed_in(who.ada), complaint, "visits")

    assert "Asked to confirm" in page
    assert "by phone" in page


def test_the_answers_of_the_survey_are_shown(who, signed_in):
    complaint = following_up(who, contact_email="carla@acme.test")
    invitation = complaint.surveys.get()
    followup.answer_survey(
        invitation.token, at=RESOLVED + DAY, solved="PARTLY", csat_result=2, nps=4, text="Slow", call_me=True
    )

    page = shown(signed_in(who.ada), complaint, "visits")

    assert "Partly" in page
    assert "2 / 5" in page
    assert "“Slow”" in page
    assert "wants a call" in page


# Prevention -----------------------------------------------------------------------------------------------------------


def test_prevention_shows_actions_effect_costs_suppliers_and_lessons(who, smith, signed_in):
    complaint = following_up(who)
    due = date(2026, 6, 30)
    row = capa.open_capa(complaint, by=who.quinn, at=RESOLVED, problem="Nozzles wear", owner=who.lee, due_on=due)
    capa.add_action(
        row, by=who.quinn, at=RESOLVED, description="Change it yearly", strength=2, owner=who.quinn, due_on=due,
        documents=[{"document": "MP-14", "old": "C", "new": "D"}], root_cause=complaint.root_causes.first(),
    )  # fmt: skip
    capa.set_criterion(row, by=who.quinn, at=RESOLVED, metric="Grease", baseline="301 g", target="420 g")
    capa.add_similar(row, by=who.quinn, at=RESOLVED, text="Line M-15")
    capa.record_lesson(
        complaint, by=who.quinn, at=RESOLVED, situation="Wear unseen", rule="Weigh the grease", tags=("grease",)
    )
    costs.add_cost(complaint, by=who.fay, at=RESOLVED, item="TRAVEL", amount=cny(1234), on=due, document="R-7")
    costs.open_chargeback(complaint, by=who.fay, at=RESOLVED, supplier=smith, amount=cny(99), notice="§4")

    page = shown(signed_in(who.lee), complaint, "prevention")

    for words in (
        "Nozzles wear", "MP-14: C → D", "against: Nozzle worn", "Grease: from 301 g to 420 g", "Line M-15",
        "Weigh the grease", "CNY 1,234.00", "External failure", "Smith Nozzles", "CNY 99.00", "not posted yet",
    ):  # fmt: skip
        assert words in page
    assert "/do/decide_similar/" in page
    assert "/do/approve_lesson/" in page


def test_a_waiver_says_why_there_is_no_capa(who, signed_in):
    complaint = following_up(who)
    capa.waive_capa(complaint, by=who.lee, at=RESOLVED, because="Single unit")

    assert "Single unit" in shown(signed_in(who.lee), complaint, "prevention")


# Every visit ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def spread(who):
    """Four open visits: one long past, one today, one in five days, one in a hundred."""
    first, second = following_up(who), following_up(who)
    today = timezone.localdate()
    days = (-40, 0, 5, 100)
    rows = [*first.visits.order_by("number"), *second.visits.order_by("number")]
    for row, days_on in zip(rows, days, strict=True):
        on = today + timedelta(days=days_on)
        ReturnVisit.objects.filter(pk=row.pk).update(planned_on=on, tolerance_until=on + timedelta(days=3))
    return first, second


@pytest.mark.parametrize(("view", "count"), [("open", 4), ("mine", 4), ("week", 2), ("late", 1), ("nonsense", 4)])
def test_the_list_of_visits_is_narrowed_by_address(view, count, spread, as_quinn):
    answer = as_quinn.get(f"/visits/?view={view}")

    assert answer.status_code == 200
    assert answer.context["page"].paginator.count == count


def test_whoever_owns_no_case_has_no_visits_of_theirs(spread, signed_in, ada):
    page = signed_in(ada).get("/visits/?view=mine").content.decode()

    assert "No visit is to be made here." in page


def test_visits_that_were_made_or_dropped_are_not_listed(spread, as_quinn):
    ReturnVisit.objects.update(status=VisitStatus.CANCELLED)

    assert as_quinn.get("/visits/").context["page"].paginator.count == 0


def test_recording_is_offered_to_those_who_visit(spread, signed_in, who):
    assert "/do/record_visit/?visit=" in signed_in(who.ada).get("/visits/").content.decode()
    assert "/do/record_visit/?visit=" not in signed_in(who.fay).get("/visits/").content.decode()


def test_the_list_of_visits_is_for_staff(signed_in, carla):
    assert signed_in(carla).get("/visits/").status_code == 403


def test_the_list_of_visits_asks_the_database_the_same_however_long(spread, who, as_quinn):
    one = _statements(as_quinn, "/visits/")
    following_up(who)

    assert _statements(as_quinn, "/visits/") == one
    assert one <= BUDGET


def test_the_approvals_page_leads_to_the_remedy(who, signed_in):
    complaint = proposing(who)
    approvals.submit(fresh(drafted(who, complaint)), by=who.quinn, at=PROPOSED)

    page = signed_in(who.cleo).get("/approvals/").content.decode()

    assert f"/cases/{complaint.ref}/remedy/" in page
