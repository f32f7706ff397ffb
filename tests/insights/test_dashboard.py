"""The page: every number equals the list it links to; who may see it; what it costs; its files."""

import csv
import json
import re
from html import unescape
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints import lifecycle
from complaints.models import Complaint
from contracts.models import Product
from remediation import approvals
from remediation.models import SurveyResponse
from tests.cast import department
from tests.complaints.factories import grade_it
from tests.insights.conftest import NOW
from tests.insights.test_figures import case, invited, visit
from tests.remediation.stories import DAY, REWORK, cny, drafted, proposing

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text())
NUMBERED = re.compile(r'<a[^>]*href="(/(?:cases|dashboard|approvals)/[^"]*)"[^>]*>(?:<[^>]+>)*(\d+)<', re.S)
TILES = re.compile(r'<a class="tile[^>]*href="([^"]*)">.*?<span class="tile__num"[^>]*>([^<]*)', re.S)
WORDED = re.compile(r'<a href="(/cases/[^"]*)">(\d+) (?:breached|at risk)</a>')
BARS = re.compile(r'<a href="([^"]*)" aria-label="[^"]* (\d+)"><rect', re.S)
COUNTED = re.compile(r'<span class="count">(\d+)</span>')
LISTED = re.compile(r'class="table__link"\s+href="/cases/')


@pytest.fixture
def busy(who, acme, rival):
    """A house with cases of several ages, stages, customers and goods; surveys, visits and a proposal in approval."""
    box = Product.objects.create(code="GX-1", name="Gearbox & co", name_zh="齿轮箱")
    cases = [
        case(
            who.ada,
            days=days,
            customer=acme if days % 2 else rival,
            nonconformity=kind,
            product=box if days < 9 else None,
        )
        for days, kind in (
            (0, ["DEFECT"]),
            (1, ["DEFECT", "PACKAGING"]),
            (3, []),
            (8, ["DOCUMENT"]),
            (15, []),
            (40, []),
        )
    ]
    grade_it(cases[3], who.quinn, at=NOW - 7 * DAY, grade="G1")
    lifecycle.withdraw(cases[4], by=who.ada, at=NOW - 9 * DAY, statement="We were wrong.")
    lifecycle.merge(case(who.ada, days=2, customer=rival), by=who.ada, at=NOW, master=cases[0])
    Complaint.objects.filter(pk=cases[1].pk).update(department=department("QUALITY"))
    approvals.submit(drafted(who, proposing(who), {**REWORK, "cost": cny(60000)}), by=who.quinn, at=NOW - DAY)
    SurveyResponse.objects.create(invitation=invited(cases[5], days=2, answered=True), csat_result=4, at=NOW)
    invited(cases[5], days=1)
    visit(cases[5], 1, planned=-2)
    return cases


def numbers(page: str) -> set[tuple[str, int]]:
    """Return every address behind a number of the page, with the number."""
    found = NUMBERED.findall(page) + WORDED.findall(page) + BARS.findall(page)
    found += [pair for pair in TILES.findall(page) if pair[1].isdigit()]
    return {(unescape(url), int(n)) for url, n in found}


def rows(client, url: str) -> int:
    """Return how many rows a list has; what it says it has must be what it shows."""
    page = client.get(url)
    assert page.status_code == 200
    return len(LISTED.findall(page.text))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "customer=ACME",
        "product=GX-1&by=defect",
        "team=quality",
        "period=quarter&by=customer",
        "period=custom&from=2026-04-01&to=2026-05-20",
    ],
)
def test_every_number_equals_the_list_behind_it(query, busy, who, signed_in):
    client = signed_in(who.lee)

    found = numbers(client.get(f"/dashboard/?{query}").text)

    assert {(url, n) for url, n in found if rows(client, url) != n} == set()
    if not query:
        names = {url.split("?")[0] for url, _n in found}
        assert names >= {"/cases/", "/approvals/", "/dashboard/clocks/", "/dashboard/answers/", "/dashboard/visits/"}
        assert len(found) > 25


def test_the_share_of_a_tile_is_that_of_its_list(busy, who, signed_in):
    client = signed_in(who.lee)
    tiles = [tile for tile in TILES.findall(client.get("/dashboard/").text) if "/clocks/" in tile[0]]

    for url, share in tiles:
        page = client.get(unescape(url)).text
        met, missed = (len(re.findall(rf">\s*{word}\s*<", page)) for word in ("met", "missed"))
        assert share == f"{100 * met / (met + missed):.1f}"
    assert len(tiles) == 2


def test_it_costs_the_same_with_more_rows(busy, who, signed_in, acme):
    client = signed_in(who.lee)
    client.get("/dashboard/")
    few = spent(client)
    for days in (0, 1, 2, 5, 9, 12, 33):
        case(who.ada, days=days, customer=acme)
    approvals.submit(drafted(who, proposing(who), {**REWORK, "cost": cny(70000)}), by=who.quinn, at=NOW - DAY)

    assert spent(client) == few <= BUDGET["dashboard"]


def spent(client) -> int:
    with CaptureQueriesContext(connection) as log:
        assert client.get("/dashboard/").status_code == 200
    return len(log)


def test_an_empty_house_shows_dashes_and_no_nought_per_cent(lee, signed_in):
    page = signed_in(lee).get("/dashboard/").text

    assert "0.0 %" not in page
    assert re.search(r'SLA met</span><span class="tile__num">–<', page)
    assert "No case is open." in page
    assert "Nothing needs you now." in page


def test_who_may_see_it(ada, lee, max, carla, client, signed_in):
    assert signed_in(lee).get("/dashboard/").status_code == signed_in(max).get("/dashboard/").status_code == 200
    for user in (ada, carla):
        for url in ("/dashboard/", "/dashboard/clocks/", "/dashboard/ages.csv", "/approvals/"):
            assert signed_in(user).get(url).status_code == 403
    assert client.get("/dashboard/").status_code == 302
    assert signed_in(lee).post("/dashboard/").status_code == 405


def test_what_waits_for_approval_has_its_page(busy, who, signed_in):
    page = signed_in(who.fay).get("/approvals/").text

    assert "CNY 60,000.00" in page
    assert "<b>Finance</b> – The case adds up to CNY 60,000.00. More than CNY 50,000.00 and up to" in page
    assert "Nothing waits for your approval." in signed_in(who.lin).get("/approvals/").text


@pytest.mark.parametrize(
    "query",
    [
        "period=custom&from=2026-05-20&to=2026-05-01",
        "period=custom&from=x&to=",
        "period=9999&by=;drop&team=x",
        "customer=" + "x" * 3000,
        "period=custom",
    ],
)
def test_a_wrong_address_shows_the_usual_days(query, lee, signed_in):
    page = signed_in(lee).get(f"/dashboard/?{query}")

    assert page.status_code == 200
    assert ("must not lie before" in page.text) == ("from=" in query)


@pytest.mark.parametrize("figure", ["ages", "weeks", "clocks", "pareto"])
def test_each_figure_is_a_file(figure, busy, who, signed_in):
    answer = signed_in(who.lee).get(f"/dashboard/{figure}.csv")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="{figure}.csv"' in answer.headers["Content-Disposition"]
    head, *lines = csv.reader(answer.content.decode("utf-8-sig").splitlines())
    assert {len(line) for line in lines} == {len(head)}
    assert len(lines) >= 2


def test_no_cell_of_a_file_begins_a_formula(who, signed_in, acme):
    case(who.ada, customer=acme, product=Product.objects.create(code="P", name="=HYPERLINK(1)"))

    assert ",=" not in "," + signed_in(who.lee).get("/dashboard/pareto.csv").text.replace("\n", ",")


def test_unknown_lists_and_files_are_not_found(lee, signed_in):
    assert signed_in(lee).get("/dashboard/nonsense/").status_code == 404
    assert signed_in(lee).get("/dashboard/nonsense.csv").status_code == 404


def test_it_reads_in_chinese(busy, who, signed_in):
    who.lee.language = "zh-hans"
    who.lee.save()

    page = signed_in(who.lee).get("/dashboard/").text

    assert "齿轮箱" in page
    assert 'lang="zh-Hans"' in page


@pytest.mark.parametrize(
    "days", ["from=0001-01-01&to=9999-12-31", "from=0001-01-01&to=0001-01-02", "from=9999-12-30&to=9999-12-31"]
)
def test_days_at_the_end_of_time_show_the_usual_ones(who, signed_in, days):
    assert signed_in(who.lee).get(f"/dashboard/?period=custom&{days}").status_code == 200


def test_who_approves_nothing_is_not_sent_to_the_approvals(client, root, busy):
    client.force_login(root)

    answer = client.get("/dashboard/")

    assert answer.status_code == 200
    assert "/approvals/" not in answer.text
