"""The lists of cases: views, filters, order, counts, statements, and handing over in bulk."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import SavedView, User
from complaints import clocks, conversation, facts, lifecycle, lists
from complaints.lists import VIEWS
from complaints.models import Complaint
from complaints.models.states import Metric, PauseReason
from tests.cast import NOON
from tests.complaints.factories import grade_it, received, triaged

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text())
LATER = NOON + timedelta(hours=3)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(LATER, tick=False):
        yield LATER


def rows(answer) -> list[str]:
    """Return the numbers of the cases that a page lists, in order."""
    return re.findall(r'class="table__link" href="/cases/([^/]+)/"', answer.text)


def owned(by, owner, **fields) -> Complaint:
    return facts.assign(received(by, **fields), by=by, at=NOON, owner=owner)


def test_the_queue_shows_my_open_cases_the_most_urgent_first(ada, quinn, signed_in):
    calm = owned(ada, ada)
    urgent = owned(ada, ada, safety="DANGER")
    owned(ada, quinn)

    answer = signed_in(ada).get("/queue/")

    assert answer.status_code == 200
    assert rows(answer) == [urgent.ref, calm.ref]
    assert f'href="/cases/{urgent.ref}/" data-key="w"' in answer.text


def test_every_view_counts_what_it_lists(ada, quinn, lee, signed_in):
    waiting = triaged(quinn, registered_by=ada)
    clocks.pause(waiting, Metric.RESOLVE, PauseReason.WAITING_SAMPLE, at=LATER, by=quinn, evidence="Mail")
    owned(ada, quinn)
    received(ada, at=NOON - timedelta(days=4), found_on=NOON.date() - timedelta(days=5))
    team = triaged(quinn, registered_by=ada)
    lifecycle.mobilise(team, by=quinn, at=LATER, leader=quinn, champion=lee, members=(ada,))
    lifecycle.withdraw(received(ada), by=ada, at=LATER, statement="We were wrong.")
    client = signed_in(quinn)

    answer = client.get("/cases/")

    counted = dict(re.findall(r'href="\?view=([a-z-]+)"[^>]*>[^<]*<span class="count[^"]*">(\d+)<', answer.text))
    assert counted.keys() == {slug for slug, view in VIEWS.items() if view.in_bar}
    listed = {slug: str(len(rows(client.get(f"/cases/?view={slug}")))) for slug in counted}
    assert listed == counted
    assert counted | {"mine": "3", "breached": "1", "waiting": "1", "my-diagnoses": "1", "open": "4"} == counted
    assert len(rows(client.get("/cases/?view=all"))) == 5


def test_filters_stand_in_the_address_and_several_values_are_alternatives(ada, quinn, lee, rival, signed_in):
    one = owned(ada, quinn, title="Whistling")
    two = triaged(quinn, registered_by=ada, grade="G4", title="Coating peels")
    other = received(ada, customer=rival, title="Pump leaks")
    client = signed_in(ada)

    def found(query: str) -> set[str]:
        return set(rows(client.get(f"/cases/?{query}")))

    assert found("q=whistling") == {one.ref}
    assert found("customer=RIVAL") == {other.ref}
    assert found("customer=Rival Pow") == {other.ref}
    assert found("owner=none") == {other.ref}
    assert found("owner=quinn@demo.test") == {one.ref, two.ref}
    assert found("grade=G4") == {two.ref}
    assert found("grade=G4&grade=none") == {one.ref, two.ref, other.ref}
    assert found("stage=received&stage=diagnose") == {one.ref, two.ref, other.ref}
    assert found("stage=diagnose") == set()
    assert found("q=whistling&owner=none") == set()


def test_the_filters_of_the_dashboard_narrow_the_same_list(ada, quinn, signed_in):
    case = triaged(quinn, registered_by=ada, nonconformity=["DEFECT"])
    old = received(ada, at=NOON - timedelta(days=4), found_on=NOON.date() - timedelta(days=5))
    client = signed_in(ada)

    def found(query: str) -> set[str]:
        return set(rows(client.get(f"/cases/?view=counted&{query}")))

    assert found("defect=DEFECT") == found("team=quality") == found("received=2026-05-12..") == {case.ref}
    assert found("age=3-7") == found("team=none") == found("received=..2026-05-11") == {old.ref}
    assert found("ended=2026-05-01..2026-05-31") == set()
    assert found("product=none") == found("age=nonsense") == found("received=soon") == {case.ref, old.ref}
    page = client.get("/cases/?age=3-7&team=none&defect=DEFECT").text
    assert 'name="age" value="3-7"' in page  # kept when a word is added
    assert "3-7 days" in page


def test_a_filter_is_a_chip_that_takes_it_off_and_stays_in_every_link(ada, signed_in):
    owned(ada, ada)

    page = signed_in(ada).get("/queue/?stage=received&stage=respond&q=hums").text

    assert "?view=mine&amp;q=hums&amp;stage=respond" in page  # without the first stage
    assert "?view=mine&amp;stage=received&amp;stage=respond" in page  # without the word
    assert "?view=mine&amp;q=hums&amp;stage=received&amp;stage=respond&amp;sort=ref" in page  # sorted by another column


def test_wrong_values_in_an_address_are_left_out(ada, signed_in):
    case = owned(ada, ada)

    answer = signed_in(ada).get("/queue/?view=nonsense&stage=x&grade=G9&sort=;drop&page=-3")

    assert rows(answer) == [case.ref]


def test_columns_sort_both_ways(ada, signed_in):
    first, second = owned(ada, ada, title="Axle"), owned(ada, ada, title="Bolt")
    client = signed_in(ada)

    assert rows(client.get("/queue/?sort=what")) == [first.ref, second.ref]
    page = client.get("/queue/?sort=-what")
    assert rows(page) == [second.ref, first.ref]
    assert 'aria-sort="descending"' in page.text


def test_fifty_rows_make_a_page(ada, signed_in):
    made = [owned(ada, ada) for _ in range(52)]
    client = signed_in(ada)

    first, second = client.get("/queue/?sort=-ref"), client.get("/queue/?sort=-ref&page=2")

    assert (len(rows(first)), len(rows(second))) == (50, 2)
    assert {*rows(first), *rows(second)} == {case.ref for case in made}
    assert "1–50 of 52" in first.text
    assert "51–52 of 52" in second.text
    assert rows(client.get("/queue/?sort=-ref&page=99")) == rows(second)


def test_the_short_way_through_many_rows_gives_the_same_pages(ada, quinn, signed_in, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 3)
    monkeypatch.setattr("complaints.views.queue.PAGE", 3)
    for hour in range(6):
        owned(ada, ada if hour % 2 else quinn, at=NOON - timedelta(hours=hour), safety="NO" if hour % 3 else "DANGER")
    stopped = owned(ada, ada)
    for metric in ("ACK", "TRIAGE", "INITIAL", "UPDATE", "RESOLVE"):
        clocks.stop(stopped, metric, at=LATER, by=ada)
    client = signed_in(ada)

    def pages(sort: str) -> list[list[str]]:
        return [rows(client.get(f"/cases/?sort={sort}&page={number}")) for number in (1, 2, 3)]

    long_way = {sort: pages(sort) for sort in ("due", "-due")}
    monkeypatch.setattr(lists, "SORTED", 0)
    assert {sort: pages(sort) for sort in ("due", "-due")} == long_way
    assert long_way["due"][2] == long_way["-due"][2] == [stopped.ref]  # where nothing runs comes last


@pytest.mark.parametrize("page", ["queue", "cases"])
def test_statements_do_not_grow_with_the_rows(ada, quinn, signed_in, page):
    client = signed_in(ada)
    owned(ada, ada)
    for _ in range(4):
        conversation.note(owned(ada, ada), by=ada, at=NOON, body="A word.")
    SavedView.objects.create(user=ada, name="Acme", slug="acme", path="/cases/", query="view=open&customer=ACME")
    few = statements(client, f"/{page}/")

    for number in range(55):
        owned(ada, ada if number % 2 else quinn)
    many = statements(client, f"/{page}/?view=open")

    assert many == few <= BUDGET[page]


@pytest.mark.parametrize("sort", ["due", "-due", "ref"])
def test_the_last_page_of_a_long_list_keeps_the_budget_too(ada, signed_in, monkeypatch, sort):
    client = signed_in(ada)
    for _number in range(55):
        owned(ada, ada)
    stopped = owned(ada, ada)
    clocks.stop_all(stopped, at=LATER, by=ada)
    monkeypatch.setattr(lists, "SORTED", 0)

    assert statements(client, f"/queue/?view=open&sort={sort}&page=2") <= BUDGET["queue"]


def statements(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_a_row_says_what_is_due_for_whom_and_in_which_words(ada, signed_in):
    case = owned(ada, ada, title="齿轮箱异响", language="zh-hans")
    conversation.note(case, by=ada, at=NOON, body="A word.")
    client = signed_in(ada)

    page = client.get("/queue/").text
    assert "Triage" in page
    assert '<b lang="zh-hans">齿轮箱异响</b>' in page
    assert ">me<" in page.replace("</span>me</span>", ">me<")

    client.post("/i18n/setlang/", {"language": "zh-hans"})
    assert "阿克米风电" in client.get("/queue/").text


def test_an_empty_view_says_so_and_shows_the_way_on(ada, quinn, signed_in):
    owned(quinn, quinn)
    client = signed_in(ada)

    assert "Nothing is on your desk." in client.get("/queue/").text
    assert "No case fits." in client.get("/queue/?q=nowhere").text
    assert "Work next" not in client.get("/queue/").text


def test_text_of_customers_is_escaped(ada, signed_in):
    owned(ada, ada, title="<script>alert(1)</script>")

    assert "<script>alert(1)" not in signed_in(ada).get("/queue/?q=<script>").text


def test_a_saved_view_leads_back_to_its_list(ada, signed_in):
    owned(ada, ada)
    client = signed_in(ada)

    client.post("/me/views/", {"name": "Acme, open", "path": "/cases/", "query": "view=open&customer=ACME"})
    answer = client.get("/v/acme-open/", follow=True)

    assert answer.request["PATH_INFO"] == "/cases/"
    assert "Forget this view" in answer.text
    assert "Acme, open" in answer.text


def test_customers_are_sent_away_and_visitors_to_the_sign_in(carla, client, signed_in):
    for address in ("/queue/", "/cases/", "/search/?q=x", "/x/lookup/people/", "/x/lookup/customers/"):
        assert signed_in(carla).get(address).status_code == 403
        assert client.get(address).headers["Location"].startswith("/login/")


# Handing over --------------------------------------------------------------------------------------------------------


def test_ticked_cases_are_handed_over_each_by_itself(ada, quinn, signed_in):
    one, two = received(ada), received(ada)
    ended = received(ada)
    lifecycle.withdraw(ended, by=ada, at=LATER, statement="We were wrong.")
    theirs = owned(ada, quinn)
    refs = [case.ref for case in (one, two, ended, theirs)]

    answer = signed_in(ada).post("/cases/assign/", {"case": refs, "to": quinn.email, "back": "/queue/"}, follow=True)

    assert {case.owner for case in Complaint.objects.filter(ref__in=[one.ref, two.ref])} == {quinn}
    assert Complaint.objects.get(pk=ended.pk).owner is None
    assert "2 cases now belong to Quinn." in answer.text
    assert f"{ended.ref} stays as it is: Not possible while the case is “Withdrawn”." in answer.text
    assert f"{theirs.ref} stays as it is" in answer.text


def test_without_a_name_it_is_asked_who_shall_have_them(ada, quinn, signed_in):
    case = received(ada)

    page = signed_in(ada).post("/cases/assign/", {"case": case.ref, "back": "/cases/?q=x"})

    assert page.status_code == 200
    assert quinn.email in page.text
    assert f'name="case" value="{case.ref}"' in page.text
    assert Complaint.objects.get(pk=case.pk).owner is None


def test_assign_to_me(ada, signed_in):
    case = received(ada)

    signed_in(ada).post("/cases/assign/", {"case": case.ref, "to": "me"})

    assert Complaint.objects.get(pk=case.pk).owner == ada


def test_nothing_ticked_and_foreign_addresses_lead_to_the_queue(ada, signed_in):
    answer = signed_in(ada).post("/cases/assign/", {"to": "me", "back": "https://evil.test/"}, follow=True)

    assert answer.request["PATH_INFO"] == "/queue/"
    assert "Tick at least one case first." in answer.text


def test_only_some_may_hand_over(fay, ada, signed_in):
    case = received(ada)

    assert signed_in(fay).post("/cases/assign/", {"case": case.ref, "to": "me"}).status_code == 403
    assert "Assign to me" not in signed_in(fay).get("/cases/").text
    assert signed_in(ada).post("/cases/assign/", {"case": case.ref, "to": "nobody@x.test"}).status_code == 404


def test_lookups_find_by_code_name_and_chinese_name(ada, acme, rival, quinn, signed_in):
    client = signed_in(ada)

    assert "Acme Wind" in client.get("/x/lookup/customers/?q=acm").text
    assert "RIVAL" in client.get("/x/lookup/customers/?customer=锐沃").text
    assert "ACME" not in client.get("/x/lookup/customers/?q=锐沃").text
    assert quinn.email in client.get("/x/lookup/people/?owner=Quin").text


def test_times_are_those_of_the_readers_zone(ada, signed_in):
    owned(ada, ada)
    User.objects.filter(pk=ada.pk).update(zone="Europe/Berlin")

    page = signed_in(ada).get("/queue/").text

    assert "2026-05-12T09:00:00+02:00" in page


@pytest.mark.parametrize("span", ["..9999-12-31", "0001-01-01..", "0001-01-01..9999-12-31"])
def test_days_at_the_end_of_time_narrow_nothing(ada, signed_in, span):
    case = owned(ada, ada)

    for name in ("received", "ended"):
        assert rows(signed_in(ada).get(f"/cases/?{name}={span}")) == [case.ref]


def test_the_desk_holds_what_one_logged_until_somebody_owns_it(client, ada, quinn):
    complaint = received(ada)
    client.force_login(ada)

    assert complaint.ref in client.get("/queue/").text

    grade_it(complaint, quinn, at=complaint.received_at + timedelta(hours=1))

    assert complaint.ref not in client.get("/queue/").text


def test_the_desk_of_legal_and_finance_holds_what_they_must_judge(
    client, lin, fay, ada, quinn, lee, cleo, max, departments
):
    from complaints.diagnosis import assess_entitlement
    from tests.remediation.stories import HOUR, People, diagnosing

    who = People(ada=ada, cleo=cleo, quinn=quinn, lee=lee, fay=fay, lin=lin, sam=ada, max=max)
    complaint = diagnosing(who)

    for judge in (lin, fay):
        assert complaint.ref in set(Complaint.objects.mine(judge).values_list("ref", flat=True))

    assess_entitlement(complaint, by=lin, at=NOON + 6 * HOUR, status="ENTITLED", reasoning="Within guarantee.")

    assert not Complaint.objects.mine(lin).exists()
    assert Complaint.objects.mine(fay).exists()


def test_an_empty_list_says_what_comes_next_or_whom_to_ask(ada, fay, cleo, signed_in):
    nothing = signed_in(ada).get("/queue/").text
    assert "No complaint was logged yet." in nothing
    assert "Log the first" in nothing

    received(ada, at=timezone.now(), found_on=timezone.localdate())

    assert "Next: " in signed_in(ada).get("/queue/?view=breached").text
    assert f"{cleo.name} hands out the cases." in signed_in(fay).get("/queue/").text
