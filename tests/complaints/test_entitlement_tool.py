"""The page of the entitlement tool: a form for each kind of clause, the answer with its steps, in both languages."""

import pytest
from django.utils import translation

from complaints.forms.entitlement import EXAMPLES, LAYOUT, entitlement_form, example
from complaints.models import Complaint
from contracts.clauses import rules


@pytest.fixture
def page(client, ada):
    client.force_login(ada)

    def asks(clause="LD_DELAY_DAY", language="en", **said):
        return client.get("/tools/entitlement/", {"clause": clause, **said}, headers={"accept-language": language})

    return asks


def filled(clause, **changes):
    """Return the example of a clause as a browser would send it."""
    form = entitlement_form({"clause": clause})
    said = {name: str(form.get_initial_for_field(field, name) or "") for name, field in form.fields.items()}
    boxes = {name for name, field in form.fields.items() if type(field).__name__ == "BooleanField"}
    return {name: value for name, value in said.items() if name not in boxes} | changes


def test_every_clause_that_can_be_computed_has_a_form_and_an_example():
    assert set(LAYOUT) == set(EXAMPLES) == set(rules.RULES)


@pytest.mark.parametrize("clause", rules.RULES)
def test_each_form_opens_with_an_example_that_can_be_worked_out(page, clause):
    opened = page(clause)
    worked = page(clause, **filled(clause))

    assert opened.status_code == 200
    assert 'id="answer"' not in opened.text
    assert worked.status_code == 200, worked.text
    assert 'id="answer"' in worked.text
    assert "Computed for review, not legal advice." in worked.text


@pytest.mark.parametrize("clause", rules.RULES)
def test_each_form_works_in_chinese_with_its_own_words(client, ada, clause):
    ada.language = "zh-hans"
    ada.save()
    client.force_login(ada)
    with translation.override("zh-hans"):
        said = filled(clause)

    answer = client.get("/tools/entitlement/", {"clause": clause, **said})

    assert answer.status_code == 200, answer.text
    assert "计算结果供人工审核，不构成法律意见。" in answer.text


def test_the_steps_cite_what_they_rest_on(page):
    answer = page(**filled("LD_DELAY_DAY"))

    assert "CNY 7,680.00" in answer.text
    assert "[Due on · Performed on]" in answer.text
    assert "Civil Code (China) 585(1)]" in answer.text


def test_what_a_lawyer_must_see_is_said(page):
    answer = page("QUALITY_STANDARD", **filled("QUALITY_STANDARD"))

    assert "Inconclusive" in answer.text
    assert "Legal must judge it." in answer.text


@pytest.mark.parametrize(
    ("clause", "changes", "words"),
    [
        ("LD_DELAY_DAY", {"base": "many"}, "“many” is no number for “Base”."),
        ("LD_DELAY_DAY", {"grace_days": "7"}, "“Kind of grace” is missing."),
        ("LD_DELAY_WEEK", {"part_week": ""}, "“A part of a week” is missing."),
        ("LD_DELAY_DAY", {"force_majeure": "2026-03-20"}, "first and last day"),
        ("LIABILITY_CAP", {"heads": "DAMAGES much"}, "is no number"),
        ("INSPECTION_NOTICE", {"period": "soon"}, "is no number"),
        ("CONCESSION", {"concession_characteristic": ""}, "“Characteristic” is missing."),
    ],
)
def test_what_does_not_fit_is_said_at_its_fact_with_the_words_kept(page, clause, changes, words):
    answer = page(clause, **filled(clause, **changes))

    assert answer.status_code == 422
    assert words in answer.text
    assert all(value in answer.text for value in changes.values())


def test_an_unknown_clause_is_not_found(page):
    assert page("MOON").status_code == 404


def test_events_are_read_line_by_line(page):
    said = filled("LD_DELAY_DAY", force_majeure="2026-03-06 2026-03-14\n2026-03-16 2026-03-17\n")

    assert "CNY 5,120.00" in page(**said).text  # four of twelve days excused: the second event began too late


def test_the_example_of_a_list_is_written_in_words():
    assert example("REMEDY_ORDER")["order"].splitlines()[0] == "repair"


def test_asking_keeps_nothing(page):
    page(**filled("LD_DELAY_DAY"))

    assert not Complaint.objects.exists()


def test_a_customer_finds_no_tool(client, carla):
    client.force_login(carla)

    assert client.get("/tools/entitlement/").status_code in {403, 404}
