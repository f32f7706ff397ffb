"""Units compared on a case: the page answers, what is chosen goes into the grid, and the table is kept."""

import pytest
from django.urls import reverse

from complaints import comparing, diagnosis
from complaints.lifecycle import Refused
from complaints.models import Complaint
from contracts.models import Lot, Product, SerialUnit
from tests.cast import NOON
from tests.complaints.factories import events_of, received, triaged
from tests.complaints.test_first_life import HOUR

TABLE = "serial\tline\tmade on\tcomplains\n" + "".join(
    f"u{n:02}\t{'A' if n < 8 else 'B'}\t2026-03-{1 + n % 9:02}\t{int(n < 6)}\n" for n in range(24)
)
LINE = {"row": "WHERE_GEO", "is": "line A: 6 of 8 (75 %)", "is_not": "elsewhere 0 of 16 (0 %)", "distinction": "line A"}


@pytest.fixture
def case(ada, quinn) -> Complaint:
    case = triaged(quinn, registered_by=ada)
    diagnosis.state_defect(
        case, by=quinn, at=NOON + HOUR, sentence="Hums", grid=[{"row": "WHERE_GEO", "is": "Hall 2", "is_not": "",
        "distinction": "", "change": ""}],
    )  # fmt: skip
    return case


def page(case: Complaint) -> str:
    return reverse("case-units", args=[case.ref])


def test_the_page_names_what_stands_out_and_the_suspects(case, quinn, signed_in):
    answer = signed_in(quinn).post(page(case), {"table": TABLE})
    shown = answer.content.decode()

    assert answer.status_code == 200
    assert "What stands out" in shown
    assert "6 of 8 (75 %)" in shown
    assert "u06, u07" in shown
    assert not case.evidence.exists()


def test_a_table_that_cannot_be_read_comes_back_with_its_problems(case, quinn, signed_in):
    answer = signed_in(quinn).post(page(case), {"table": "lot\tcomplains\nA\tmaybe\nB\t0\n"})

    assert answer.status_code == 422
    assert "neither yes nor no" in answer.content.decode()
    assert "maybe" in answer.content.decode()


def test_what_is_chosen_goes_into_the_grid_below_what_stood_there(case, quinn, signed_in):
    answer = signed_in(quinn).post(
        reverse("case-do", args=[case.ref, "adopt_contrasts"]), {"table": TABLE, "columns": ["line"], "once": "a"}
    )

    assert answer.status_code == 302
    (row,) = case.defect_statements.get().grid
    assert row["is"] == "Hall 2; line A: 6 of 8 (75 %)"
    assert row["distinction"] == "line A"
    (event,) = events_of(case, "diagnosis.contrasts_adopted")
    assert (event.facts["units"], event.facts["complaining"]) == (24, 6)
    assert case.evidence.get().name == "units.txt"


def test_taken_over_twice_it_stands_there_once(case, quinn):
    for hour in (2, 3):
        comparing.adopt(case, by=quinn, at=NOON + hour * HOUR, rows=[LINE], table=TABLE, found={})

    (row,) = case.defect_statements.get().grid
    assert row["is"] == "Hall 2; line A: 6 of 8 (75 %)"


def test_a_cell_that_would_overflow_is_refused_and_nothing_is_kept(case, quinn):
    with pytest.raises(Refused) as told:
        comparing.adopt(case, by=quinn, at=NOON + 2 * HOUR, rows=[{**LINE, "is": "x" * 500}], table=TABLE, found={})

    assert [why.code for why in told.value.reasons] == ["grid_cell_full"]
    assert not case.evidence.exists()


def test_without_a_statement_there_is_nothing_to_add_to(ada, quinn, signed_in):
    case = triaged(quinn, registered_by=ada)

    with pytest.raises(Refused) as told:
        comparing.adopt(case, by=quinn, at=NOON + 2 * HOUR, rows=[LINE], table=TABLE, found={})

    assert [why.code for why in told.value.reasons] == ["defect_statement_missing"]
    shown = signed_in(quinn).post(page(case), {"table": TABLE}).content.decode()
    assert "do/adopt_contrasts" not in shown


def test_choosing_no_column_is_said_with_the_table_kept(case, quinn, signed_in):
    answer = signed_in(quinn).post(
        reverse("case-do", args=[case.ref, "adopt_contrasts"]), {"table": TABLE, "once": "a"}
    )

    assert answer.status_code == 422
    assert "Choose at least one column" in answer.content.decode()
    assert "u06" in answer.content.decode()


def test_our_records_make_a_table_in_which_the_units_of_cases_complain(ada, quinn, signed_in):
    product = Product.objects.create(code="P-9", name="Pump")
    lot = Lot.objects.create(product=product, number="L-1", produced_on="2026-03-02")
    for number in ("S-1", "S-2", "S-3"):
        SerialUnit.objects.create(product=product, lot=lot, number=number)
    case = received(ada, product=product, serial="s-2")

    lines = comparing.from_records(case).splitlines()

    assert lines[0].split("\t") == list(comparing.HEADS)
    assert {line.split("\t")[0]: line.split("\t")[-1] for line in lines[1:]} == {"S-1": "0", "S-2": "1", "S-3": "0"}
    shown = signed_in(quinn).get(page(case) + "?records").content.decode()
    assert "S-3\tL-1\t2026-03-02" in shown
