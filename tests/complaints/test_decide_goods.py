"""Lots traced forward to other customers and backward to the supplier (DOMAIN §5.1)."""

from datetime import date

import pytest

from complaints import diagnosis, response, tracing
from complaints.lifecycle import Refused
from contracts.models import Delivery, Lot, Product
from tests.cast import NOON, organisation
from tests.complaints.factories import events_of, received, triaged
from tests.complaints.test_first_life import HOUR

AT = NOON + 2 * HOUR
FOUR = {"location": "INSTALLED", "total": 4, "confirmed": 1, "good": 3, "unknown": 0}


@pytest.fixture
def box(db):
    return Product.objects.create(code="GX-1", name="Gearbox")


@pytest.fixture
def lot(box, acme, rival):
    """A lot of which Acme got four and Rival forty."""
    lot = Lot.objects.create(product=box, number="B2309", produced_on=date(2026, 3, 1))
    for customer, number, quantity in ((acme, "DN-1", 4), (rival, "DN-2", 40)):
        sent = Delivery.objects.create(
            customer=customer, product=box, number=number, delivered_on=date(2026, 4, 1), quantity=quantity
        )
        lot.deliveries.add(sent)
    return lot


@pytest.fixture
def case(ada, quinn, lot):
    case = triaged(
        quinn, registered_by=ada, product=lot.product, lot=lot, delivery=lot.deliveries.get(number="DN-1")
    )  # fmt: skip
    diagnosis.state_defect(case, by=quinn, at=AT, sentence="Bearing hums")
    response.record_extent(case, by=quinn, at=AT, **FOUR)
    return case


def decide(case, by, **said):
    return tracing.decide_goods(case, by=by, at=AT, goods=tracing.open_shipments(case), **said)


def test_what_went_to_others_must_be_decided_before_the_extent_is_final(case, quinn):
    with pytest.raises(Refused) as refusal:
        diagnosis.finish_extent(case, by=quinn, at=AT)
    assert [why.code for why in refusal.value.reasons] == ["goods_untraced"]

    decide(case, quinn, affected=False, because="Other nozzle, see lot card")

    assert diagnosis.finish_extent(case, by=quinn, at=AT).extent_final_at == AT
    assert case.traced.get().excluded_because == "Other nozzle, see lot card"


def test_affected_goods_are_listed_with_what_was_delivered(case, quinn):
    decide(case, quinn, affected=True, location="CUSTOMER_STOCK")

    item = case.affected_items.get(location="CUSTOMER_STOCK")
    assert (item.lot.number, item.total, item.unknown, item.confirmed) == ("B2309", 40, 40, 0)
    assert case.traced.get().item == item
    assert [event.facts["affected"] for event in events_of(case, "response.goods_traced")] == [True]


def test_nothing_is_decided_twice_and_nothing_of_other_lots(case, quinn, box, rival):
    other = Lot.objects.create(product=box, number="B1")
    other.deliveries.add(
        Delivery.objects.create(
            customer=rival, product=box, number="DN-9", delivered_on=date(2026, 4, 1), quantity=1
        )
    )  # fmt: skip
    goods = list(tracing.open_shipments(case))
    assert [row.delivery.number for row in goods] == ["DN-2"]
    tracing.decide_goods(case, by=quinn, at=AT, goods=goods, affected=False, because="No")

    for again, code in (
        (goods, "goods_decided_by"), (Lot.deliveries.through.objects.filter(lot=other), "goods_decided")
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            tracing.decide_goods(case, by=quinn, at=AT, goods=again, affected=True)
        assert [why.code for why in refusal.value.reasons] == [code]
    assert case.traced.count() == 1


def test_a_delivery_with_two_lots_of_the_case_is_counted_once(case, quinn, box, lot):
    twin = Lot.objects.create(product=box, number="B2311")
    twin.deliveries.add(lot.deliveries.get(number="DN-2"))
    response.record_extent(case, by=quinn, at=AT, **FOUR, lot=twin)

    decide(case, quinn, affected=True, location="CUSTOMER_STOCK")

    item = case.affected_items.get(location="CUSTOMER_STOCK")
    assert item.total == 40
    assert sorted(case.traced.values_list("lot__number", "item")) == [("B2309", item.pk), ("B2311", item.pk)]


def test_what_was_decided_meanwhile_is_said_and_nothing_else_is_decided(case, lee, quinn, box, rival, lot, signed_in):
    more = Delivery.objects.create(
        customer=rival, product=box, number="DN-3", delivered_on=date(2026, 4, 2), quantity=7
    )  # fmt: skip
    lot.deliveries.add(more)
    client, address = signed_in(quinn), f"/cases/{case.ref}/do/decide_goods/"
    first, second = tracing.open_shipments(case)
    tracing.decide_goods(case, by=lee, at=AT, goods=[first], affected=False, because="Seen by Lee")

    both = {"goods": [first.pk, second.pk], "affected": "0", "because": "Other nozzle", "once": "a"}
    answer = client.post(address, both)

    assert answer.status_code == 409
    assert "B2309 in DN-2: Lee decided about it meanwhile." in answer.content.decode()
    assert "Other nozzle" in answer.content.decode()
    assert case.traced.get().excluded_because == "Seen by Lee"


def test_a_trace_asks_no_more_for_more_lots(case, quinn, box, lot, django_assert_max_num_queries):
    maker = organisation("SMITH", "Smith Nozzles", "SUPPLIER")
    for number in range(5):
        made = Lot.objects.create(product=box, number=f"C{number}", supplier=maker, produced_on=date(2026, 3, 1))
        response.record_extent(case, by=quinn, at=AT, **FOUR, lot=made)

    with django_assert_max_num_queries(5):
        found = tracing.traces(case, quinn)

    assert [len(one.neighbours) for one in found] == [0, 4, 4, 4, 4, 4]


def test_a_trace_names_customers_their_cases_and_the_suppliers_other_lots(case, ada, quinn, rival, lot, box):
    maker = organisation("SMITH", "Smith Nozzles", "SUPPLIER")
    Lot.objects.filter(pk=lot.pk).update(supplier=maker)
    near = Lot.objects.create(product=box, number="B2310", supplier=maker, produced_on=date(2026, 3, 20))
    Lot.objects.create(product=box, number="B1999", supplier=maker, produced_on=date(2025, 3, 20))
    theirs = received(ada, customer=rival, product=box, lot=lot)

    (trace,) = tracing.traces(case, quinn)

    assert [(one.delivery.number, one.own, one.cases) for one in trace.shipments] == [
        ("DN-1", True, []), ("DN-2", False, [theirs]),
    ]  # fmt: skip
    assert (trace.neighbours, trace.to_customer) == ([near], True)


def test_a_lot_that_never_went_to_this_customer_is_said_to(ada, quinn, lot, box, signed_in):
    stranger = organisation("THIRD", "Third Power", "CUSTOMER")
    case = triaged(quinn, registered_by=ada, customer=stranger, product=box, lot=lot)

    page = signed_in(quinn).get(f"/cases/{case.ref}/lots/").content.decode()

    assert "nothing of this lot went to the customer of this case" in page
    assert page.count("not decided") == 2
    assert "Made on" in page


def test_the_form_asks_for_place_or_reason(case, quinn, signed_in):
    client, address = signed_in(quinn), f"/cases/{case.ref}/do/decide_goods/"
    row = tracing.open_shipments(case).get()

    page = client.get(address).content.decode()
    unreasoned = client.post(address, {"goods": row.pk, "affected": "0", "once": "a"})
    done = client.post(address, {"goods": row.pk, "affected": "0", "because": "Other nozzle", "once": "b"})

    assert "B2309 · DN-2 · Rival Power" in page
    assert (unreasoned.status_code, done.status_code) == (422, 302)
    assert "Say why these goods cannot be affected." in unreasoned.content.decode()
    assert case.traced.get().excluded_because == "Other nozzle"


def test_a_case_without_lots_is_not_held_up(ada, quinn):
    case = triaged(quinn, registered_by=ada)
    diagnosis.state_defect(case, by=quinn, at=AT, sentence="Bearing hums")
    response.record_extent(case, by=quinn, at=AT, **FOUR)

    assert diagnosis.finish_extent(case, by=quinn, at=AT)


def test_an_exclusion_without_a_reason_is_refused_by_the_verb_too(case, quinn):
    with pytest.raises(Refused) as refusal:
        decide(case, quinn, affected=False)

    assert [why.code for why in refusal.value.reasons] == ["reason_missing"]
    assert not case.traced.exists()


def test_a_key_that_no_column_holds_is_no_goods(case, quinn, signed_in):
    said = {"goods": "9" * 30, "affected": "0", "because": "x", "once": "a"}

    assert signed_in(quinn).post(f"/cases/{case.ref}/do/decide_goods/", said).status_code == 422
