"""The last days of a contract's periods, from the days on which things happened; nothing is guessed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contracts import drafting, lastday_words
from contracts.clauses import TermsError, read_terms
from contracts.clauses.case import CaseFacts, InForce
from contracts.clauses.lastdays import TRIGGERS, Happened, last_days, needed
from contracts.clauses.payments import Trigger
from contracts.entitlement import assess
from contracts.models import Delivery
from tests.cast import NOON
from tests.contracts.paper import PAPER, home
from tests.contracts.test_terms import WHOLE
from tests.test_query_budget import BUDGET

CN = home()


def given(kind, **changes):
    number, terms = PAPER.get(kind, ("20.1", None))
    whole = {name: value for name, value in ((terms or WHOLE[kind]) | changes).items() if value is not None}
    return InForce(number, kind, read_terms(kind, whole))


def asked(*clauses, **days):
    return last_days(clauses, Happened.from_data(days), CN)


def one(code, *clauses, **days):
    (row,) = [row for row in asked(*clauses, **days) if row.code == code]
    return row


def test_a_notice_period_ends_on_its_day_and_moves_over_the_holidays():
    clause = given("INSPECTION_NOTICE", n=15)

    row = one("notice.apparent", clause, delivered_on="2026-04-17")  # 2026-05-02 lies within the May holidays

    assert row.last == date(2026, 5, 6)
    assert [line.code for line in row.lines] == ["period.counted", "period.rolled"]
    assert (row.clause, row.review) == ("5.2", False)


def test_full_width_digits_are_read():
    assert one("notice.apparent", given("INSPECTION_NOTICE"), delivered_on="２０２６－０３－０２").last == date(
        2026, 3, 17
    )


def test_a_period_for_apparent_defects_leaves_the_hidden_ones_to_the_law():
    clause = given("INSPECTION_NOTICE", scope="APPARENT_DEFECTS")

    hidden = one("notice.hidden", clause, delivered_on="2026-03-22")

    assert (hidden.last, hidden.clause, hidden.review) == (date(2028, 3, 22), "", True)
    assert hidden.lines[0].code == "notice.by_two_years"


@pytest.mark.parametrize("changes", [{"scope": "APPARENT_DEFECTS"}, {"too_short": True}])
def test_with_a_guarantee_the_hidden_defects_have_its_period(changes):
    clauses = given("INSPECTION_NOTICE", **changes), given("GUARANTEE_PERIOD", max_months=None)

    hidden = one("notice.hidden", *clauses, delivered_on="2026-03-22")

    assert (hidden.last, hidden.clause) == (date(2028, 3, 22), "6.1")
    assert hidden.lines[0].code == "notice.by_guarantee"


def test_without_any_clause_the_law_still_has_its_two_years():
    rows = asked(delivered_on="2026-03-22")

    assert [(row.code, row.last) for row in rows] == [
        ("notice.apparent", date(2028, 3, 22)),
        ("notice.hidden", date(2028, 3, 22)),
    ]


def test_what_is_not_known_is_named_and_has_no_last_day():
    row = one("notice.apparent", given("INSPECTION_NOTICE"))

    assert (row.last, row.missing) == (None, ("delivered_on",))
    assert row.days_left(date(2026, 1, 1)) is None


def spans(which):
    periods = [{"n": 24, "unit": "MONTH", "start": "ACCEPTANCE"}, {"n": 36, "unit": "MONTH", "start": "DELIVERY"}]
    return given("GUARANTEE_PERIOD", periods=periods, which=which, max_months=None)


@pytest.mark.parametrize(("which", "bound"), [("EARLIEST_END", "at_latest"), ("LATEST_END", "at_earliest")])
def test_of_two_guarantees_the_known_one_only_bounds_the_end(which, bound):
    row = one("guarantee", spans(which), delivered_on="2026-03-02")

    assert (row.last, row.missing, row.bound) == (date(2029, 3, 2), ("accepted_on",), bound)


@pytest.mark.parametrize(("which", "last"), [("EARLIEST_END", date(2028, 4, 10)), ("LATEST_END", date(2029, 3, 2))])
def test_of_two_known_guarantees_the_clause_says_which_counts(which, last):
    assert one("guarantee", spans(which), delivered_on="2026-03-02", accepted_on="2026-04-10").last == last


def test_a_replaced_part_is_guaranteed_anew_up_to_the_outer_end():
    clause = given("GUARANTEE_PERIOD")  # 24 months, a new part 12, at most 36 from acceptance

    days = {"delivered_on": "2026-03-02", "accepted_on": "2026-03-02", "replaced_on": "2028-02-01"}

    assert one("guarantee", clause, **days).last == date(2029, 2, 1)
    assert one("guarantee", clause, **days | {"replaced_on": "2028-06-01"}).last == date(2029, 3, 2)


def test_a_replaced_part_moves_neither_the_notice_nor_the_retention_of_the_goods():
    notice = given("INSPECTION_NOTICE", scope="APPARENT_DEFECTS")
    clauses = notice, given("GUARANTEE_PERIOD"), given("RETENTION", held_until="GUARANTEE_ENDED", release_days=0)
    days = {"delivered_on": "2026-03-02", "accepted_on": "2026-03-02", "replaced_on": "2028-02-01"}

    assert one("guarantee", *clauses, **days).last == date(2029, 2, 1)
    assert one("notice.hidden", *clauses, **days).last == date(2028, 3, 2)
    assert one("retention", *clauses, **days).last == date(2028, 3, 2)


def test_silence_accepts_so_many_days_after_the_last_stage():
    clause = given("ACCEPTANCE")

    assert one("acceptance.deemed", clause, commissioned_on="2026-03-02").last == date(2026, 5, 1)
    assert one("acceptance.deemed", clause).missing == ("commissioned_on",)


def test_payments_follow_their_triggers_and_the_guarantee():
    parts = [
        {"name": "advance", "pct": "30", "trigger": "SIGNING", "days": 0},
        {"name": "arrival", "pct": "65", "trigger": "GOODS_ARRIVED", "days": 30},
        {"name": "last", "pct": "5", "trigger": "GUARANTEE_ENDED", "days": 14},
    ]
    clauses = given("PAYMENT", instalments=parts), given("GUARANTEE_PERIOD", max_months=None)

    rows = [row for row in asked(*clauses, signed_on="2026-01-15", delivered_on="2026-03-02") if row.code == "payment"]

    assert [row.last for row in rows] == [date(2026, 1, 15), date(2026, 4, 1), date(2028, 3, 16)]


def test_every_trigger_of_a_payment_has_its_day():
    assert set(TRIGGERS) == set(Trigger) - {Trigger.GUARANTEE_ENDED}


def test_retention_waits_for_a_guarantee_that_is_not_agreed():
    row = one("retention", given("RETENTION", held_until="GUARANTEE_ENDED"), delivered_on="2026-03-02")

    assert (row.last, row.review) == (None, True)


def test_a_demand_begins_the_limitation_anew_only_where_the_clause_says_so():
    days = {"known_on": "2026-03-30", "demanded_on": "2027-01-10"}

    assert one("limitation", given("LIMITATION_OF_ACTION", interruptions=["DEMAND"]), **days).last == date(2030, 1, 10)
    assert one("limitation", given("LIMITATION_OF_ACTION"), **days).last == date(2029, 3, 30)


def test_the_steps_before_the_forum_follow_one_another():
    steps = [{"kind": "NEGOTIATION", "days": 30}, {"kind": "MEDIATION", "days": 60}]

    rows = [row for row in asked(given("DISPUTE", steps=steps), dispute_on="2026-03-01") if row.code == "dispute"]

    assert [row.last for row in rows] == [date(2026, 3, 31), date(2026, 5, 30)]


def test_only_days_that_the_clauses_need_are_asked_for():
    assert needed([given("INSPECTION_NOTICE")]) == ["delivered_on"]
    assert needed([given("LIMITATION_OF_ACTION")]) == ["delivered_on", "known_on", "demanded_on", "admitted_on"]
    assert "replaced_on" in needed([given("GUARANTEE_PERIOD")])


def test_a_day_that_is_none_is_refused_by_name():
    with pytest.raises(TermsError) as error:
        Happened.from_data({"delivered_on": "31 March"})

    assert lastday_words.say_problem(error.value.problems[0]) == (
        "“31 March” is no day for “Goods received on”. Write it as 2026-05-14."
    )


@pytest.mark.parametrize(
    ("as_of", "words", "tone"),
    [
        (date(2026, 3, 1), "16 days left", "ok"),
        (date(2026, 3, 10), "7 days left", "warn"),
        (date(2026, 3, 17), "last day today", "warn"),
        (date(2026, 3, 18), "over for 1 day", ""),
    ],
)
def test_how_far_off_the_last_day_is(as_of, words, tone):
    row = one("notice.apparent", given("INSPECTION_NOTICE"), delivered_on="2026-03-02")

    said = lastday_words.say(row, as_of)

    assert (said.left, said.tone) == (words, tone)


def test_every_period_of_every_type_has_words():
    clauses = [given(kind) for kind in WHOLE]
    days = dict.fromkeys(Happened.asks(), "2026-03-02")

    for row in [*asked(*clauses, **days), *asked(*clauses)]:
        said = lastday_words.say(row, date(2026, 3, 1))
        assert said.title
        assert said.last or said.missing or said.review


@pytest.fixture
def checked(clause, sam, lin):
    drafting.structure(clause, terms=read_terms(clause.type, WHOLE[clause.type]), by=sam, at=NOON)
    return drafting.check(clause, by=lin, at=NOON)


@pytest.fixture
def address(contract):
    return reverse("contracts:days", args=[contract.ref])


def test_the_page_begins_with_the_newest_delivery(checked, contract, product, acme, address, ada, signed_in):
    Delivery.objects.create(
        contract=contract, customer=acme, product=product, number="D", delivered_on=date(2026, 3, 2), quantity="2"
    )

    shown = signed_in(ada).get(address).content.decode()

    assert 'datetime="2026-03-17"' in shown
    assert "15 days from" in shown


def test_another_delivery_is_chosen_and_the_other_days_stay(checked, contract, product, acme, address, ada, signed_in):
    for number, day in (("D1", 2), ("D2", 9)):
        Delivery.objects.create(
            contract=contract, customer=acme, product=product, number=number, delivered_on=date(2026, 3, day),
            quantity="2",
        )  # fmt: skip

    shown = signed_in(ada).get(address, {"as_of": "2026-03-10"}).context["deliveries"]
    first = signed_in(ada).get(address + shown[1]["url"]).content.decode()

    assert [one["row"].number for one in shown] == ["D2", "D1"]
    assert 'datetime="2026-03-17"' in first
    assert "7 days left" in first


def test_many_deliveries_cost_no_more_statements(checked, contract, product, acme, address, ada, signed_in):
    for day in range(1, 9):
        Delivery.objects.create(
            contract=contract, customer=acme, product=product, number=f"D{day}", delivered_on=date(2026, 3, day),
            quantity="2",
        )  # fmt: skip
    client = signed_in(ada)
    client.get(address)

    with CaptureQueriesContext(connection) as asked_for:
        client.get(address)

    assert len(asked_for) <= BUDGET["contract_days"]


def test_an_instalment_that_was_paid_says_when():
    clause = given("PAYMENT", instalments=[{"name": "all", "pct": "100", "trigger": "SIGNING", "days": 15}])
    row = one("payment", clause, signed_on="2026-03-02")

    said = lastday_words.say(row, date(2026, 6, 1), {Decimal(100): date(2026, 3, 12)})

    assert (said.left, said.tone) == ("paid 2026-03-12", "ok")


def test_the_page_works_out_what_is_entered(checked, address, ada, signed_in):
    answer = signed_in(ada).get(address, {"delivered_on": "2026-03-02", "as_of": "2026-03-10"})

    assert 'datetime="2026-03-17"' in answer.content.decode()
    assert "7 days left" in answer.content.decode()


@pytest.mark.parametrize("days", [{"delivered_on": "soon"}, {"as_of": "soon"}, {"delivered_on": "9999-12-31"}])
def test_the_page_says_what_is_wrong(checked, address, ada, signed_in, days):
    answer = signed_in(ada).get(address, days)

    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_an_unchecked_clause_is_named_and_not_computed_with(clause, address, sam, signed_in):
    drafting.structure(clause, terms=read_terms(clause.type, WHOLE[clause.type]), by=sam, at=NOON)

    shown = signed_in(sam).get(address, {"delivered_on": "2026-03-02"}).content.decode()

    assert "Not computed with, since Legal has not checked them:" in shown
    assert 'datetime="2026-03-17"' not in shown


def test_customers_find_no_last_days(checked, address, carla, signed_in):
    assert signed_in(carla).get(address).status_code == 404


@pytest.mark.parametrize("start", ["KNOWLEDGE_OF_CLAIM", "DELIVERY_OF_GOODS"])
@pytest.mark.parametrize("interruptions", [[], ["DEMAND", "ADMISSION"]])
def test_an_assessment_reckons_the_limitation_alike(start, interruptions):
    terms = {"law": "GENERAL_CIVIL_CODE", "years": 3, "start": start, "interruptions": interruptions}
    days = {"delivered_on": "2026-03-22", "known_on": "2026-03-30", "demanded_on": "2027-01-04"}
    one = InForce("12.1", "LIMITATION_OF_ACTION", read_terms("LIMITATION_OF_ACTION", terms))

    assessed = assess(CaseFacts.from_data(days | {"currency": "CNY"}), [one], as_of=date(2026, 4, 1), calendar=None)
    listed = next(row for row in last_days([one], Happened.from_data(days), None) if row.code == "limitation")

    part = next(part for part in assessed.parts if part.kind == "LIMITATION_OF_ACTION")
    assert part.result["last_day"] == listed.last
    assert part.steps == listed.lines


@pytest.mark.parametrize(("n", "last"), [(100, date(2126, 3, 2)), (101, None)])
def test_a_period_of_more_than_a_century_is_named_and_not_reckoned(n, last):
    far = given("INSPECTION_NOTICE", n=n, unit="YEAR", roll=False)

    row = one("notice.apparent", far, delivered_on="2026-03-02")
    said = lastday_words.say(row, date(2026, 3, 2))

    assert row.last == last
    assert ("longer than 100 years" in str(said.lines)) == (last is None)


def test_the_page_says_that_a_period_cannot_be(clause, address, sam, lin, signed_in):
    terms = WHOLE[clause.type] | {"n": 1000, "unit": "YEAR"}
    drafting.structure(clause, terms=read_terms(clause.type, terms), by=sam, at=NOON)
    drafting.check(clause, by=lin, at=NOON)

    answer = signed_in(sam).get(address, {"delivered_on": "2026-03-02"})

    assert answer.status_code == 200
    assert "The period is longer than 100 years" in answer.content.decode()
    assert "3026" not in answer.content.decode()
