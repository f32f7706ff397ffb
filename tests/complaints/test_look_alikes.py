"""Which cases are like one, by goods and by words in either language."""

from complaints import diagnosis, tasks
from complaints.look_alikes import alike
from complaints.models import CaseTerm, Complaint
from contracts.models import Product
from tests.cast import NOON
from tests.complaints.factories import received, triaged


def found(complaint, reader, **how):
    tasks.keep_terms()
    return [one.case.ref for one in alike(complaint, reader, **how)]


def test_same_words_find_each_other_and_others_are_left_out(ada, rival):
    here = received(ada, description="The hydraulic cylinder leaks oil at the piston rod.")
    near = received(ada, customer=rival, description="Oil leaking from the piston rod of a hydraulic cylinder")
    for text in ("Paint peels off the door", "Delivery arrived on a wet pallet", "The display stays dark"):
        received(ada, customer=rival, description=text)

    tasks.keep_terms()
    (one,) = alike(here, ada)

    assert one.case == near
    assert set(one.words) >= {"hydraulic", "piston"}
    assert one.concepts == ("leak",)


def test_a_chinese_case_is_found_from_an_english_one(ada, rival):
    here = received(ada, description="Cylinder leaking")
    near = received(ada, customer=rival, description="油缸漏油")
    received(ada, customer=rival, description="外壳掉漆")

    assert found(here, ada) == [near.ref]


def test_the_closest_goods_come_first(ada, rival):
    box = Product.objects.create(code="GX-1", name="Gearbox", family="Gearboxes")
    other = Product.objects.create(code="GX-2", name="Gearbox 2", family="Gearboxes")
    here = received(ada, product=box, serial="S1")
    family = received(ada, product=other, customer=rival, description="Something else")
    product = received(ada, product=box, customer=rival, description="Quite different")
    unit = received(ada, product=box, serial="S1", customer=rival, description="Third thing")

    assert found(here, ada) == [unit.ref, product.ref, family.ref]
    assert found(here, ada, limit=1) == [unit.ref]


def test_what_is_typed_is_compared_before_it_is_saved(ada, rival):
    near = received(ada, customer=rival, description="Bearing of the turntable squeals under load")

    typed = Complaint(customer=rival, description="squealing turntable bearing")

    assert found(typed, ada) == [near.ref]


def test_the_defect_statement_counts_too(ada, quinn, rival):
    here = received(ada, description="Does not run")
    near = triaged(quinn, registered_by=ada, customer=rival, description="Stands still")
    assert near.ref not in found(here, ada)

    for case in (near, triaged(quinn, registered_by=ada, description="No movement")):
        diagnosis.state_defect(case, by=quinn, at=NOON, sentence="Commutator burnt through at segment")

    assert near.ref in found(case, ada)


def test_a_customer_sees_only_what_is_theirs(ada, carla, rival):
    here = received(ada, description="The hydraulic cylinder leaks")
    received(ada, customer=rival, description="The hydraulic cylinder leaks")

    assert found(here, carla) == []


def test_many_cases_do_not_mean_many_statements(ada, rival, django_assert_max_num_queries):
    here = received(ada, description="Hydraulic cylinder leaks at the rod seal")
    for n in range(6):
        received(ada, customer=rival, description=f"Cylinder {n} leaks at the seal")

    tasks.keep_terms()
    with django_assert_max_num_queries(6):
        assert len(alike(here, ada)) == 6


def test_terms_are_kept_once_of_each_new_case_even_if_it_says_nothing(ada):
    received(ada, description="The cylinder leaks", title="Leak")
    received(ada, description="!!", title="?")

    assert [tasks.keep_terms(), tasks.keep_terms()] == [2, 0]
    assert "leak" in CaseTerm.objects.values_list("term", flat=True)
