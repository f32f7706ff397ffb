"""Staff see contracts, enter clauses on forms made for the type, and look goods up; customers see none of it."""

from datetime import date

import pytest
from django.urls import reverse

from contracts import drafting
from contracts.clauses import read_terms
from contracts.forms import TermsForm
from contracts.models import Clause, ClauseType, Contract, Delivery, Lot
from tests.cast import NOON
from tests.contracts.test_terms import WHOLE

PAPER = {
    "number": "8.1",
    "heading": "Delay",
    "heading_zh": "",
    "language": "en",
    "text": "For each day …",
    "page": "14",
}


def flat(data, path="terms-"):
    """Return terms as a form sends them."""
    sent = {}
    for name, value in data.items():
        if isinstance(value, dict):
            sent |= {f"{path}{name}_amount": value["amount"], f"{path}{name}_currency": value["currency"]}
        elif isinstance(value, list) and isinstance(value[0], dict):
            for place, row in enumerate(value):
                sent |= flat(row, f"{path}{name}.{place}.")
        elif name == "order":
            sent |= {f"{path}{name}_{place}": item for place, item in enumerate(value)}
        else:
            sent[path + name] = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    return sent


@pytest.fixture
def checked(clause, sam, lin):
    drafting.structure(clause, terms=read_terms(clause.type, WHOLE[clause.type]), by=sam, at=NOON)
    return drafting.check(clause, by=lin, at=NOON)


@pytest.fixture
def addresses(contract, clause, product):
    return [
        reverse("contracts:list"),
        contract.get_absolute_url(),
        reverse("contracts:new_clause", args=[contract.ref]),
        reverse("contracts:clause", args=[contract.ref, clause.pk]),
        product.get_absolute_url(),
        reverse("contracts:lookup_products"),
        reverse("contracts:lookup_lots"),
        reverse("contracts:lookup_contracts"),
    ]


def test_customers_find_nothing_and_strangers_must_sign_in(addresses, carla, client, signed_in):
    for address in addresses:
        assert signed_in(carla).get(address).status_code == 404
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_staff_read_every_page_in_both_languages(addresses, sam, signed_in, language):
    sam.language = language
    sam.save()

    for address in addresses:
        assert signed_in(sam).get(address).status_code == 200


def test_the_contract_shows_the_text_in_its_language_beside_its_terms(checked, contract, ada, signed_in):
    page = signed_in(ada).get(contract.get_absolute_url()).content.decode()

    assert '<div class="paper__text" lang="en">The Buyer shall inspect' in page
    assert "Page 12 of the contract" in page
    assert "Checked by Legal" in page
    assert "apparent defects and quantity" in page


def test_a_contract_is_found_by_number_word_and_uuid(contract, acme, ada, signed_in):
    odd = Contract.objects.create(number="A/7 (b)", title="Odd", customer=acme, currency="EUR")
    staff = signed_in(ada)

    assert staff.get(odd.get_absolute_url()).status_code == 200
    assert staff.get(f"/contracts/{contract.uuid}/").status_code == 200
    assert staff.get("/contracts/none/").status_code == 404
    found = staff.get("/contracts/", {"q": "Nordfeld", "customer": "ACME"}).content.decode()
    assert "HT-2026-018" in found
    assert "A/7 (b)" not in found


@pytest.mark.parametrize("number", [".", "..", "-.-", "import"])
def test_a_number_that_an_address_cannot_hold_gives_way_to_the_uuid(number, acme, ada, signed_in):
    odd = Contract.objects.create(number=number, title="Odd", customer=acme, currency="EUR")

    assert str(odd.uuid) in odd.get_absolute_url()
    assert signed_in(ada).get(odd.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("clause_type", ClauseType.values)
def test_every_type_has_a_form_that_saves_what_was_entered(clause_type, contract, version, sam, signed_in):
    address = reverse("contracts:new_clause", args=[contract.ref]) + f"?type={clause_type}"
    assert signed_in(sam).get(address).status_code == 200

    answer = signed_in(sam).post(address, PAPER | flat(WHOLE[clause_type]))

    assert answer.status_code == 302, answer.context["form"].errors
    saved = Clause.objects.get(number="8.1")
    assert saved.typed_terms == read_terms(clause_type, WHOLE[clause_type])
    shown = signed_in(sam).get(reverse("contracts:clause", args=[contract.ref, saved.pk]))
    assert shown.status_code == 200


@pytest.mark.parametrize("clause_type", ClauseType.values)
def test_a_form_shows_what_is_kept_so_that_saving_it_again_changes_nothing(clause_type):
    terms = read_terms(clause_type, WHOLE[clause_type])
    drawn = TermsForm(type(terms), kept=terms.to_data(), currency="CNY")
    sent = {}
    for field in drawn:
        values = field.value()
        widgets = getattr(field.field.widget, "widgets_names", None)
        if widgets is not None and not isinstance(values, list):
            values = field.field.widget.decompress(values)
        if widgets is not None:
            parts = [*values, *[None] * len(widgets)]
            sent |= {field.html_name + name: part or "" for name, part in zip(widgets, parts, strict=False)}
        else:
            sent[field.html_name] = values

    again = TermsForm(type(terms), sent, kept={}, currency="CNY")

    assert again.is_valid(), again.errors
    assert again.terms == terms


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(contract, version, sam, signed_in):
    address = reverse("contracts:new_clause", args=[contract.ref]) + "?type=LD_DELAY"
    sent = PAPER | flat(WHOLE["LD_DELAY"]) | {"terms-base_kind": "", "terms-rate_pct": "101"}

    answer = signed_in(sam).post(address, sent)

    assert answer.status_code == 422
    assert answer.context["form"].errors["base_kind"] == [
        "“Base of the percentage” is missing. Enter it: it has no default."
    ]
    page = answer.content.decode()
    assert "“Rate, %” must be at most 100." in page
    assert 'value="101"' in page
    assert "For each day …" in page
    assert not Clause.objects.filter(number="8.1").exists()


def test_a_problem_within_rows_names_the_row(contract, version, sam, signed_in):
    address = reverse("contracts:new_clause", args=[contract.ref]) + "?type=QUALITY_STANDARD"
    metrics = [{"characteristic": "Bore", "unit": "mm", "lower": "2", "upper": "1"}]

    answer = signed_in(sam).post(address, PAPER | flat({"rule": "SIMPLE", "metrics": metrics}))

    assert answer.status_code == 422
    assert "“Lower limit, row 1” lies on the wrong side" in answer.content.decode()


def test_a_clause_number_and_type_come_once(clause, contract, sam, signed_in):
    address = reverse("contracts:new_clause", args=[contract.ref]) + f"?type={clause.type}"

    answer = signed_in(sam).post(address, PAPER | {"number": clause.number} | flat(WHOLE[clause.type]))

    assert answer.status_code == 422
    assert "number" in answer.context["paper"].errors


def test_who_may_not_enter_clauses_reads_only(clause, contract, version, ada, signed_in):
    address = reverse("contracts:clause", args=[contract.ref, clause.pk])
    new = reverse("contracts:new_clause", args=[contract.ref]) + "?type=SAMPLE"

    assert b"<textarea" not in signed_in(ada).get(address).content
    assert signed_in(ada).post(address, PAPER).status_code == 403
    assert signed_in(ada).post(new, PAPER | flat(WHOLE["SAMPLE"])).status_code == 403
    assert Clause.objects.count() == 1


def test_legal_checks_what_another_entered(clause, contract, sam, lin, signed_in):
    drafting.structure(clause, terms=read_terms(clause.type, WHOLE[clause.type]), by=sam, at=NOON)
    check = reverse("contracts:check_clause", args=[contract.ref, clause.pk])

    assert signed_in(sam).post(check).status_code == 403
    assert signed_in(lin).post(check).status_code == 302

    assert Clause.objects.get(pk=clause.pk).checked_by == lin
    assert signed_in(lin).post(check).status_code == 409


def test_legal_reads_why_it_may_not_check_its_own(clause, contract, lin, signed_in):
    drafting.structure(clause, terms=read_terms(clause.type, WHOLE[clause.type]), by=lin, at=NOON)
    check = reverse("contracts:check_clause", args=[contract.ref, clause.pk])

    answer = signed_in(lin).post(check)

    assert answer.status_code == 409
    assert "Somebody else from Legal must check it." in answer.content.decode()


def test_a_checked_clause_is_changed_in_a_new_version(checked, contract, sam, signed_in):
    address = reverse("contracts:clause", args=[contract.ref, checked.pk])
    assert signed_in(sam).post(address, PAPER).status_code == 409

    form = {"effective_from": "2026-06-01", "note": "Amendment 1"}
    answer = signed_in(sam).post(reverse("contracts:amend", args=[contract.ref, checked.pk]), form)

    assert answer.status_code == 302
    assert b"<textarea" in signed_in(sam).get(answer.url).content
    assert contract.versions.count() == 2


def test_an_amendment_that_begins_too_early_is_refused_with_the_reason(checked, contract, sam, signed_in):
    address = reverse("contracts:amend", args=[contract.ref, checked.pk])

    answer = signed_in(sam).post(address, {"effective_from": "2026-01-15", "note": "n"})

    assert answer.status_code == 422
    assert "Enter a day after" in answer.content.decode()


def test_the_list_counts_the_clauses_of_the_newest_version(checked, version, ada, sam, signed_in):
    drafting.amend(version, effective_from=date(2026, 6, 1), note="n", by=sam, at=NOON)

    rows = signed_in(ada).get("/contracts/").context["page"].object_list

    assert [row.clauses for row in rows] == [1]


def test_lookups_find_and_limit(product, contract, acme, rival, ada, signed_in):
    Lot.objects.create(product=product, number="B2309-77")
    staff = signed_in(ada)

    products = staff.get("/x/lookup/products/", {"q": "齿轮"})
    assert "WT-G3" in products.content.decode()
    assert products["Cache-Control"] == "no-store"
    assert "B2309-77" in staff.get("/x/lookup/lots/", {"q": "b2309", "product": product.pk}).content.decode()
    assert "B2309-77" not in staff.get("/x/lookup/lots/", {"product": product.pk + 1}).content.decode()
    for nobody in ("x", "9" * 20, "9" * 5000):
        assert "Nothing found" in staff.get("/x/lookup/lots/", {"product": nobody}).content.decode()
    assert "HT-2026-018" in staff.get("/x/lookup/contracts/", {"customer": acme.pk}).content.decode()
    assert "HT-2026-018" not in staff.get("/x/lookup/contracts/", {"customer": rival.pk}).content.decode()


def test_the_product_page_lists_lots_and_deliveries(product, contract, acme, ada, signed_in):
    delivery = Delivery.objects.create(
        contract=contract, customer=acme, product=product, number="D-77", delivered_on=date(2026, 2, 1), quantity="2"
    )
    Lot.objects.create(product=product, number="B2309-77", quantity="4").deliveries.add(delivery)

    page = signed_in(ada).get(product.get_absolute_url()).content.decode()

    assert "B2309-77" in page
    assert "D-77" in page


def test_the_list_asks_the_database_few_questions(acme, ada, signed_in, django_assert_max_num_queries):
    for number in range(60):
        Contract.objects.create(number=f"N-{number}", title="t", customer=acme, currency="EUR")
    staff = signed_in(ada)

    with django_assert_max_num_queries(10):
        staff.get("/contracts/")
