"""The entitlement page: verdicts with because-lines, what is missing and where to enter it, what if, then and now."""

import pytest
from django.urls import reverse

from complaints import assessing, response
from complaints.models import Complaint, EntitlementAssessment
from contracts.entitlement import RULE_VERSION
from tests.cast import NOON
from tests.complaints import contract_case as under
from worktime.zones import BadInput


@pytest.fixture
def bare(ada, acme, sam, lin):
    return under.case(ada, under.contract(acme, sam, lin))


@pytest.fixture
def case(bare, quinn, lee):
    return under.known(bare, quinn, lee)


def page(client, case, query="", name="case-entitlement", *args):
    answer = client.get(reverse(name, args=[case.ref, *args]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_cites_clause_and_fact_and_links_what_is_missing(bare, quinn, signed_in):
    text = page(signed_in(quinn), bare)

    assert "Needs a fact" in text
    assert reverse("case-do", args=[bare.ref, "state_facts"]) + "?fact=affected_price#id_affected_price" in text
    assert "came in time" in text
    assert "7 days before the last" in text
    assert reverse("contracts:clause", args=["HT-2026-018", bare.contract_version.clauses.get(number="8.2").pk]) in text


def test_it_says_the_sum_and_how_it_comes_about(case, quinn, signed_in):
    text = page(signed_in(quinn), case)

    assert "CNY 9,800.00" in text
    assert "the limit is payable" in text
    assert "Delivery note LS-1" in text


def test_it_speaks_chinese(case, quinn, signed_in):
    quinn.language = "zh-hans"
    quinn.save()

    text = page(signed_in(quinn), case)

    assert "合同权利判定" in text
    assert "因为：" in text


def test_what_if_says_what_would_be_otherwise_and_changes_nothing(case, quinn, signed_in):
    text = page(signed_in(quinn), case, "?notified_on=2026-06-15")

    assert "Missed" in text
    assert "CNY 0.00" in text
    assert "CNY 9,800.00" in page(signed_in(quinn), case)


def test_what_if_marks_what_is_supposed_and_offers_nothing_to_do(case, quinn, signed_in):
    text = page(signed_in(quinn), case, "?notified_on=2026-06-15")

    assert "<mark>15 Jun 2026</mark>" in text
    assert "known: 12 May 2026" in text
    assert "CNY 9,800.00</td>" in text  # the total as known, with its currency
    assert "dispute_verdict" not in text
    assert 'do/state_facts/"' not in text
    assert "dispute_verdict" in page(signed_in(quinn), case)


def test_what_contradicts_the_facts_is_said_at_its_field_and_the_form_keeps_what_was_typed(case, quinn, signed_in):
    text = page(signed_in(quinn), case, "?notified_on=2020-01-01&units_confirmed=3")

    assert 'id="if_notified_on_error"' in text
    assert 'value="2020-01-01"' in text
    assert 'name="units_confirmed" value="3"' in text
    assert "CNY 9,800.00" in text


def test_a_day_whose_version_legal_has_not_checked_is_said_at_its_field(case, quinn, signed_in):
    checked = case.contract_version
    checked.effective_from = NOON.date().replace(year=2025)
    checked.effective_to = NOON.date().replace(month=12, day=31)
    checked.save()
    checked.contract.versions.create(version=checked.version + 1, effective_from="2027-01-01").clauses.create(
        number="9", type="OTHER", heading="Other", text="Other."
    )

    text = page(signed_in(quinn), case, "?as_of=2027-06-01")

    assert 'id="if_as_of_error"' in text
    assert "CNY 9,800.00" in text


@pytest.mark.parametrize("query", [
    "?notified_on=tomorrow", "?as_of=1400-01-01", "?usage=x", "?seller_share_pct=120", "?notified_on=2020-01-01",
    "?as_of=2020-01-01", "?defect=ODD", "?units_confirmed=9999999999999",
])  # fmt: skip
def test_a_what_if_that_makes_no_sense_is_answered_all_the_same(case, quinn, signed_in, query):
    page(signed_in(quinn), case, query)


def test_a_what_if_against_what_is_known_says_so_and_shows_what_is_known(case, quinn, signed_in):
    text = page(signed_in(quinn), case, "?notified_on=2020-01-01")

    assert "lies on the wrong side" in text
    assert "CNY 9,800.00" in text


def test_a_kept_assessment_shows_what_was_known_then_and_what_is_otherwise_now(case, quinn, lin, signed_in):
    row = assessing.assess(case, by=lin, at=NOON)
    assessing.state_facts(case, by=quinn, at=NOON, source="Invoice", facts={"affected_price": "50000.00"})

    text = page(signed_in(quinn), case, "", "case-assessment", row.pk)

    assert "the same to the last byte" in text
    assert "98,000.00" in text or "98000.00" in text
    assert "5,000.00" in text


def test_a_kept_assessment_of_another_case_is_not_found(case, lin, signed_in):
    row = assessing.assess(case, by=lin, at=NOON)
    Complaint.objects.filter(pk=case.pk).update(ref="QC-2026-99998")
    other = reverse("case-assessment", args=["QC-2026-00001", row.pk])

    assert signed_in(lin).get(other).status_code == 404


def test_without_contract_it_says_so(bare, quinn, signed_in):
    Complaint.objects.filter(pk=bare.pk).update(contract=None, contract_version=None)

    assert "No contract is named yet" in page(signed_in(quinn), bare)


def test_a_disputed_verdict_is_marked_and_decided_from_here(case, quinn, lin, signed_in):
    assessing.dispute_verdict(case, by=quinn, at=NOON, what="gate N", wanted="FAIL", because="Not named.")

    text = page(signed_in(lin), case)

    assert "Disputed" in text
    assert "decide_dispute" in text
    assert "decide_dispute/?dispute" not in page(signed_in(quinn), case)


def test_a_customer_finds_nothing(case, carla, signed_in):
    assert signed_in(carla).get(reverse("case-entitlement", args=[case.ref])).status_code in (302, 403, 404)


def test_the_api_answers_with_sums_facts_and_every_step(case, quinn, carla):
    from django.test import Client

    from accounts import tokens

    def ask(user):
        token = tokens.issue(user, name="test", at=NOON)
        return Client().get(f"/api/v1/complaints/{case.ref}/entitlement/", headers={"Authorization": f"Bearer {token}"})

    said = ask(quinn).json()

    assert said["result"]["total"] == "9800.00"
    assert said["facts"]["accepted_on"] == {"value": "2026-05-05", "origin": "stated", "source": "Delivery note LS-1"}
    assert any("37" in line["sentence"] for line in said["explanation"])
    assert {one["type"] for one in said["left_out"]} == {"LD_DELAY", "LD_PERFORMANCE"}
    assert ask(carla).status_code == 404


@pytest.mark.parametrize("query", ["?accepted_on=9999-06-01", "?accepted_on=0001-01-01", "?notified_on=2201-01-01"])
def test_a_day_beyond_the_calendar_is_said_and_breaks_nothing(case, quinn, signed_in, query):
    assert "Give a year from 1900 to 2200." in page(signed_in(quinn), case, query)


def test_a_period_that_leaves_the_calendar_is_said_on_every_page(case, quinn, lin, signed_in, monkeypatch):
    kept = assessing.assess(case, by=lin, at=NOON)

    def beyond(*said, **more):
        raise BadInput("date_malformed", date="10001-01-01")

    monkeypatch.setattr("complaints.entitling.entitlement.assess", beyond)
    client = signed_in(quinn)

    assert "does not end within the calendar" in page(client, case)
    assert "does not end within the calendar" in page(client, case, "", "case")
    assert client.get(reverse("case-do", args=[case.ref, "dispute_verdict"])).status_code == 200
    response.record_extent(case, by=quinn, at=NOON, location="SITE_STOCK", total=1, confirmed=1)
    kept.refresh_from_db()
    assert kept.differs == [{"what": "facts", "before": "FIT", "after": "UNFIT"}]


def test_a_gate_that_fails_closes_the_order_of_remedies_and_says_once_what_would_turn_it(case, quinn, signed_in):
    text = page(signed_in(quinn), case, "?seller_share_pct=0")

    order = text[text.index("Order of remedies</a>") :]
    order = order[: order.index("</li>")]
    assert "Does not apply" in order
    assert "because “Cause” does not let it through" in order
    assert "Would turn it: " in order
    assert "Seller’s share, %: 100" in order


def test_a_verdict_has_the_same_words_in_row_comparison_and_dispute(case, quinn, lin, signed_in):
    what_if = page(signed_in(quinn), case, "?notified_on=2026-06-15")
    assessing.dispute_verdict(case, by=quinn, at=NOON, what="gate N", wanted="FAIL", because="Not named.")
    disputed = page(signed_in(quinn), case)

    assert 'data-label="As known">Met' in what_if
    assert 'data-label="What if">Missed' in what_if
    assert "Met → Missed" in disputed
    assert "Not passed" not in what_if + disputed


def test_a_dispute_names_who_decides_it_and_begins_with_the_verdict_it_came_from(case, quinn, lin, signed_in):
    address = reverse("case-do", args=[case.ref, "dispute_verdict"])

    text = signed_in(quinn).get(address, {"what": "LD_PER_UNIT 8.2"}).content.decode()

    assert f"with the role Legal or Executive: {lin.name}." in text
    assert '<option value="LD_PER_UNIT 8.2" selected>' in text
    assessing.dispute_verdict(case, by=quinn, at=NOON, what="gate N", wanted="FAIL", because="Not named.")
    assert f"with the role Legal or Executive: {lin.name}." in page(signed_in(quinn), case)


def test_a_missing_fact_is_asked_alone_with_its_form_and_a_way_to_all_facts(bare, quinn, signed_in):
    client, address = signed_in(quinn), reverse("case-do", args=[bare.ref, "state_facts"])
    alone = client.get(address, {"fact": "affected_price"}).content.decode()
    every = client.get(address).content.decode()

    assert 'name="affected_price"' in alone
    assert 'name="accepted_on"' not in alone
    assert "Show all facts for the contract" in alone
    assert 'placeholder="e.g. 12500.00"' in alone
    assert "Price of the affected goods, CNY" in alone
    assert 'name="accepted_on"' in every
    assert client.get(address, {"fact": "nonsense"}).content.decode().count('name="accepted_on"') == 1


def test_a_fact_stated_alone_leaves_the_others_and_asks_again_alone_where_it_does_not_fit(bare, quinn, signed_in):
    assessing.state_facts(bare, by=quinn, at=NOON, source="Protocol", facts={"accepted_on": "2026-05-05"})
    client, address = signed_in(quinn), reverse("case-do", args=[bare.ref, "state_facts"])
    told = {"fact": "affected_price", "source": "Invoice", "expected": "1"}

    wrong = client.post(address, {**told, "affected_price": "98,000", "once": "a1"})
    right = client.post(address, {**told, "affected_price": "98000.50", "once": "a2"})

    assert wrong.status_code == 422
    assert "the comma may stand for decimals or for thousands" in wrong.content.decode()
    assert 'name="accepted_on"' not in wrong.content.decode()
    assert right.status_code == 302
    assert set(bare.fact_sheets.get(number=2).facts) == {"accepted_on", "affected_price"}


def test_a_what_if_on_a_day_without_a_version_names_the_day_and_the_earliest_version(case, quinn, signed_in):
    text = page(signed_in(quinn), case, "?as_of=2025-12-31")

    assert "in force on 2025-12-31; the earliest is from 2026-01-15" in text


def test_an_assessment_of_other_rules_says_which_and_what_was_kept(case, lin, signed_in):
    row = assessing.assess(case, by=lin, at=NOON)
    older = row.record.replace(RULE_VERSION, "2026.01").replace('"total":"9800.00"', '"total":"9000.00"')
    EntitlementAssessment.objects.filter(pk=row.pk).update(record=older)

    text = page(signed_in(lin), case, "", "case-assessment", row.pk)

    assert "Computed with rules 2026.01: Entitled, CNY 9,800.00." in text
    assert f"Those of now are {RULE_VERSION}" in text
    assert "CNY 9,000.00" in text  # the total as kept, beside that of now


def test_a_guarantee_that_a_supposed_finding_misses_counts_no_days_that_are_left(case, quinn, signed_in):
    def guarantee(query=""):
        text = page(signed_in(quinn), case, query)
        text = text[text.index(">Guarantee</a>") :]
        return text[: text.index("</li>")]

    assert "days left" in guarantee()
    late = guarantee("?found_on=2031-06-15&notified_on=2031-06-15")
    assert "Missed" in late
    assert "days left" not in late
