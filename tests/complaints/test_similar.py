"""Which cases stand beside a case, and in which order."""

from complaints import lifecycle
from complaints.models import Complaint
from complaints.similar import similar
from contracts.models import Product
from tests.cast import NOON
from tests.complaints.factories import received


def refs(complaint: Complaint, reader) -> list[str]:
    return [row["ref"] for row in similar(complaint, reader)]


def test_the_closest_come_first_and_strangers_not_at_all(ada, rival):
    box = Product.objects.create(code="GX-1", name="Gearbox")
    complaint = received(ada, product=box)
    same_customer = received(ada)
    same_product = received(ada, product=box, customer=rival)
    merged = lifecycle.merge(received(ada), by=ada, at=NOON, master=complaint)
    received(ada, customer=rival)

    assert refs(complaint, ada) == [merged.ref, same_product.ref, same_customer.ref]


def test_a_case_without_product_is_like_those_of_its_customer_only(ada, rival):
    complaint = received(ada)
    near = received(ada)
    received(ada, customer=rival)

    assert refs(complaint, ada) == [near.ref]


def test_an_ended_case_of_the_customer_is_no_neighbour(ada):
    complaint = received(ada)
    lifecycle.withdraw(received(ada), by=ada, at=NOON, statement="Our mistake.")

    assert refs(complaint, ada) == []
