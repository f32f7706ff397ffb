"""Which cases stand beside a case, and in which order."""

from django.urls import reverse

from complaints import lifecycle, tasks
from complaints.like_words import BESIDE, beside
from contracts.models import Product
from tests.cast import NOON
from tests.complaints.factories import received


def refs(complaint, reader) -> list[str]:
    tasks.keep_terms()
    return [row["ref"] for row in beside(complaint, reader)]


def test_what_was_merged_into_it_comes_before_what_is_alike(ada, rival):
    box = Product.objects.create(code="GX-1", name="Gearbox")
    complaint = received(ada, product=box, description="The gearbox hums")
    alike = received(ada, product=box, customer=rival, description="Teeth are pitted")
    merged = lifecycle.merge(received(ada, description="It hums"), by=ada, at=NOON, master=complaint)
    received(ada, customer=rival, description="Paint peels off the door")

    rows = beside(complaint, ada)

    assert [row["ref"] for row in rows] == [merged.ref, alike.ref]
    assert rows[0]["why"] == "merged into this case · Merged"
    assert rows[1]["why"] == "same product · Received"


def test_the_case_it_was_merged_into_comes_first_and_once(ada):
    master = received(ada, description="The cylinder leaks oil")
    merged = lifecycle.merge(received(ada, description="The cylinder leaks oil"), by=ada, at=NOON, master=master)

    rows = beside(merged, ada)

    assert [row["ref"] for row in rows] == [master.ref]
    assert rows[0]["why"].startswith("this case was merged into it")


def test_few_stand_beside_it_however_many_are_alike(ada):
    box = Product.objects.create(code="GX-1", name="Gearbox")
    complaint = received(ada, product=box)
    for _n in range(BESIDE + 2):
        received(ada, product=box)

    assert len(refs(complaint, ada)) == BESIDE


def test_the_page_has_the_linked_and_fetches_the_alike(ada, rival, signed_in):
    box = Product.objects.create(code="GX-1", name="Gearbox")
    complaint = received(ada, product=box)
    alike = received(ada, product=box, customer=rival)
    merged = lifecycle.merge(received(ada), by=ada, at=NOON, master=complaint)
    client = signed_in(ada)
    fragment = reverse("case_beside", args=[complaint.ref])

    page, fetched = (client.get(url).content.decode() for url in (complaint.get_absolute_url(), fragment))

    assert f'hx-get="{fragment}"' in page
    assert all('<div id="beside" data-live' in part for part in (page, fetched))  # what comes by itself takes no focus
    assert f"{merged.ref} ·" in page
    assert f"{alike.ref} ·" not in page
    assert f"{merged.ref} ·" in fetched
    assert f"{alike.ref} ·" in fetched
    assert "hx-get" not in fetched


def test_what_stands_beside_a_case_is_not_for_its_customer(ada, carla, signed_in):
    assert signed_in(carla).get(reverse("case_beside", args=[received(ada).ref])).status_code == 403
