"""Each type of clause has a form made for it; what decides about money or days has no default and is never guessed."""

from dataclasses import MISSING

import pytest
from django.urls import reverse

from contracts.clauses import TERMS
from contracts.clauses.terms import Rows
from contracts.forms import TermsForm
from contracts.models import Clause, ClauseType
from contracts.words import CHOICES, LABELS
from tests.contracts.test_pages import PAPER

NEVER_GUESSED = {
    "base_kind", "vat", "cap_base", "cap_vat", "grace_kind", "part_week", "part_step", "counting", "per", "roll",
    "fm_mode", "unit", "start", "scope", "which", "cisg", "rule", "exclusive", "deemed", "tolerance_use",
}  # fmt: skip


def shapes(terms_class):
    """Return a class of terms with those of its rows."""
    inner = [
        item.metadata["kind"].row for item in terms_class.asks().values() if isinstance(item.metadata["kind"], Rows)
    ]
    return [terms_class, *inner]


def test_every_type_of_the_taxonomy_has_terms_and_a_form():
    assert set(TERMS) == set(ClauseType.values)
    assert len(TERMS) == 23


@pytest.mark.parametrize("kind", list(TERMS))
def test_no_choice_that_decides_has_a_default(kind):
    for shape in shapes(TERMS[kind]):
        for name, item in shape.asks().items():
            if name in NEVER_GUESSED:
                assert item.default in (MISSING, None), f"{shape.__name__}.{name}"


@pytest.mark.parametrize("kind", list(TERMS))
def test_an_empty_form_has_nothing_chosen(kind):
    form = TermsForm(TERMS[kind], kept={}, currency="CNY")

    for field in form:
        assert not field.value(), field.name
        choices = getattr(field.field.widget, "choices", None)
        if choices and not field.field.widget.allow_multiple_selected:
            assert next(iter(choices))[0] == "", field.name


@pytest.mark.parametrize("kind", list(TERMS))
def test_every_field_and_choice_has_words(kind):
    for shape in shapes(TERMS[kind]):
        for name, item in shape.asks().items():
            assert name in LABELS
            for option in getattr(item.metadata["kind"], "options", ()):
                assert option.value in CHOICES


@pytest.mark.parametrize("kind", list(TERMS))
def test_an_empty_form_that_is_sent_names_each_mandatory_term(kind, contract, version, sam, signed_in):
    address = reverse("contracts:new_clause", args=[contract.ref]) + f"?type={kind}"

    answer = signed_in(sam).post(address, PAPER)

    assert answer.status_code == 422
    mandatory = {name for name, item in TERMS[kind].asks().items() if item.default is MISSING}
    said = {str(error) for errors in answer.context["form"].errors.values() for error in errors}
    for name in mandatory:
        assert f"“{LABELS[name]}” is missing. Enter it: it has no default." in said
    assert mandatory or said
    assert not Clause.objects.exists()


def test_full_width_digits_are_read_on_the_form(contract, version, sam, signed_in):
    address = reverse("contracts:new_clause", args=[contract.ref]) + "?type=LIMITATION_OF_ACTION"
    terms = {"terms-law": "GENERAL_CIVIL_CODE", "terms-years": "３", "terms-start": "KNOWLEDGE_OF_CLAIM"}

    answer = signed_in(sam).post(address, PAPER | {"page": "１４"} | terms)

    assert answer.status_code == 302
    saved = Clause.objects.get()
    assert (saved.page, saved.typed_terms.years) == (14, 3)
