"""The pages of sums: each kind of question has its form, its example is answered, and what does not fit is said."""

from fractions import Fraction
from itertools import pairwise

import pytest

from complaints import calculators
from complaints.forms import finance_tools, kpi_tools
from complaints.models import Complaint
from contracts import period_chart
from contracts.period_chart import Level, Series

KINDS = {"finance": finance_tools.KINDS, "kpi": kpi_tools.KINDS}
FORMS = [(name, form) for name, groups in KINDS.items() for _group, kinds in groups for form, _label in kinds]
DSCR = {**finance_tools.DscrForm.example, "currency": "CNY"}


@pytest.fixture
def page(client, ada):
    client.force_login(ada)

    def asks(tool, **said):
        return client.get(f"/tools/{tool}/", said)

    return asks


def filled(form) -> dict:
    """Return what a browser sends of the example of a form."""
    fields = form(initial=form.example).fields
    firsts = {name: field.choices[0][0] for name, field in fields.items() if hasattr(field, "choices")}
    ticks = {name: "on" for name, value in form.example.items() if value is True}
    currency = {"currency": "CNY"} if "currency" in fields else {}
    return {"kind": form.kind, **firsts, **currency, **form.example, **ticks}


@pytest.mark.parametrize("name", KINDS)
def test_every_question_of_a_calculator_has_its_form(name):
    assert {form.kind for tool, form in FORMS if tool == name} == set(calculators.kinds(name))


@pytest.mark.parametrize(("name", "form"), FORMS, ids=lambda one: getattr(one, "kind", one))
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_example_of_each_question_is_answered(page, client, name, form, language):
    client.cookies["django_language"] = language

    answer = page(name, **filled(form))

    assert answer.status_code == 200, answer.context["form"].errors
    assert 'id="answer"' in answer.text
    assert answer.context["shown"].headline.value


@pytest.mark.parametrize("name", KINDS)
def test_a_tool_opens_with_an_example_and_no_answer(page, name):
    answer = page(name)

    assert answer.status_code == 200
    assert 'id="answer"' not in answer.text


def test_choosing_a_question_asks_nothing_yet(page):
    answer = page("finance", kind="llcr")

    assert answer.status_code == 200
    assert "Balance of the reserve account" in answer.text
    assert 'id="answer"' not in answer.text


def test_cover_by_period_shows_ratio_formula_chart_and_table(page):
    answer = page("finance", kind="dscr", **DSCR)

    assert "Below lock-up in 1 of 6 periods: 2026 H2." in answer.text
    assert "Period 1: (14.2 − 1.9) / 11 = 1.1181…; below lock-up 1.20: no distribution." in answer.text
    assert "CNY 750,000.00" in answer.text
    assert answer.text.count('<svg viewBox="0 0 700 236"') == 1
    assert '<th scope="row">2029 H1</th>' in answer.text


def test_damages_cite_their_clause(page):
    said = {**filled(finance_tools.MilestoneDelayForm), "clause": "§9.1"}

    answer = page("finance", **said)

    assert "CNY 1,080,000.00" in answer.text
    assert "By §9.1." in answer.text


def test_rows_may_be_pasted_from_a_spreadsheet(page):
    rows = DSCR["periods"].replace("; ", "\t")

    assert "CNY 750,000.00" in page("finance", kind="dscr", **{**DSCR, "periods": rows}).text


@pytest.mark.parametrize(
    ("form", "said", "words"),
    [
        (finance_tools.DscrForm, {"periods": "2026 H2; 14.2; x; 11.0"}, "Row 1, effect of the case:"),
        (finance_tools.DscrForm, {"periods": "2026 H2; 14.2; 11.0"}, "Row 1 has 3 cells; it needs 4"),
        (finance_tools.DscrForm, {"lock_up": "1.00"}, "Lock-up 1.00 lies below default 1.05."),
        (finance_tools.DscrForm, {"periods": ""}, "This field is required."),
        (finance_tools.DscrForm, {"periods": "a; 1; 1; 1\n" * 501}, "Give at most 500 rows."),
        (finance_tools.CashTableForm, {"table": "2026-9; 0; 0; 0; 0"}, "“2026-9” is not a month."),
        (finance_tools.CashTableForm, {"table": "2026-09; 0; soon; 0; 0"}, "Row 1, receipts as revised:"),
        (finance_tools.PaymentsForm, {"payments": "M3; 1; someday; yes"}, "Row 1, planned day:"),
        (finance_tools.PaymentsForm, {"payments": "M3; 1; 2026-01-01; perhaps"}, "Row 1, waits for the case"),
        (finance_tools.ExpectedForm, {"scenarios": "a; 0.4; 1\nb; 0.5; 2"}, "The probabilities sum to 0.9."),
        (finance_tools.ExpectedForm, {"scenarios": "a; half; 1"}, "Row 1, probability:"),
        (finance_tools.MilestoneDelayForm, {"base": "1,234"}, "can be read in two ways"),
        (finance_tools.MilestoneDelayForm, {"planned": "soon"}, "Enter a valid date."),
        (kpi_tools.TimesForm, {"values": "20 x 31"}, "2: “x” is not a number."),
        (kpi_tools.CsatForm, {"score_5": "-1"}, "Give 0 or more."),
        (kpi_tools.ParetoForm, {"causes": "paint; few; 3"}, "1: “few” is not a number."),
        (kpi_tools.SupplierForm, {"parts": "quality; 90; 50"}, "The weights make 50. Make them 100."),
        (kpi_tools.SupplierForm, {"parts": "quality; 101; 100"}, "A score lies from 0 to 100."),
        (kpi_tools.SupplierForm, {"least_A": "60"}, "each lower than the one before"),
        (kpi_tools.VisitsForm, {"done_late": "30"}, "Done, late and missed are more than due."),
    ],
)
def test_what_does_not_fit_is_said_with_the_words_kept(page, form, said, words):
    answer = page(form.calculator, **{**filled(form), **said})

    assert answer.status_code == 422
    assert words in answer.text.replace("&#x27;", "'")
    assert all(answer.context["form"][name].value() == value for name, value in said.items())


def test_an_unknown_question_is_not_found(page):
    assert page("finance", kind="moon").status_code == 404


def test_a_customer_finds_no_tools(client, carla):
    client.force_login(carla)

    assert client.get("/tools/finance/").status_code in {403, 404}


def test_asking_keeps_nothing(page, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page("finance", kind="dscr", **DSCR)

    assert not Complaint.objects.exists()


# The chart -----------------------------------------------------------------------------------------------------------


def test_a_point_below_the_first_level_is_marked():
    drawn = period_chart.draw(
        ["a", "b"], Series([Fraction(11, 10), Fraction(12, 10)], "after"), None, [Level(Fraction(12, 10), "lock-up")]
    )

    assert [dot["out"] for dot in drawn["dots"]] == [True, False]


def test_a_period_without_a_value_breaks_the_line():
    values = [Fraction(1), Fraction(2), None, Fraction(3), Fraction(4)]

    assert len(period_chart.draw(list("abcde"), Series(values, "after"), None, [])["after"]) == 2


@pytest.mark.parametrize(
    "values", [[0], [5, 5], [-1, 1], [10**12, 3], [Fraction(1, 10**9), Fraction(2, 10**9)], list(range(480))]
)
def test_every_point_lies_within_the_plot_and_words_do_not_meet(values):
    names = [str(place) for place in range(len(values))]
    drawn = period_chart.draw(
        names, Series([Fraction(value) for value in values], "after"), Series([Fraction(0)] * len(values), "before"),
        [Level(Fraction(values[0]), "lock-up"), Level(Fraction(values[0]), "default")],
    )  # fmt: skip

    feet = sorted(one["y"] for one in drawn["words"])
    assert all(18 <= dot["y"] <= 204 for dot in drawn["dots"])
    assert all(below - above >= 15 for above, below in pairwise(feet))
    assert 2 <= len(drawn["grid"]) <= 7
    assert len(drawn["names"]) <= 7


def test_every_cell_of_a_cover_stands_under_its_head(page):
    answer = page("finance", kind="dscr", **DSCR)

    row = {str(head): getattr(cell, "text", cell) for head, cell in answer.context["shown"].table.labelled[0]}
    assert (row["Covenant"], row["Ratio"], row["Before"]) == ("lock-up", "1.11", "1.29")
    assert (row["Cash"], row["Debt service"]) == ("12.3", "11")
