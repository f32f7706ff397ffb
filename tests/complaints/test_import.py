"""Complaints from files: every row becomes a case, is known already, or is reported with why."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organisation
from complaints import importing
from complaints.models import Complaint, SlaClock
from tests.cast import NOON

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "nhtsa-complaints.tsv"
HEADER = "customer,description,found_on,received_at,external_id\n"


@pytest.fixture
def file(tmp_path):
    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "rows.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def codes(report) -> dict[int, list[str]]:
    return {row: [why.code for why in reasons] for row, reasons in report.problems}


def test_good_rows_go_in_and_bad_ones_are_named(file, ada, acme):
    path = file(
        HEADER
        + "ACME,Leaks at the seal,2026-05-10,2026-05-11,1\n"
        + "NOBODY,Leaks,2026-05-10,2026-05-11,2\n"
        + "ACME,,10/05/26,2026-05-11,3\n"
        + "ACME,液压泵漏油,2026年5月10日,2026-05-11T08:00+08:00,4\n"
    )

    report = importing.run(path, by=ada, at=NOON)

    assert len(report.made) == 2
    assert codes(report) == {3: ["customer_unknown"], 4: ["date_unreadable", "description_missing"]}
    chinese = Complaint.objects.get(source_key="4")
    assert (chinese.language, chinese.received_at) == ("zh-hans", datetime(2026, 5, 11, 0, 0, tzinfo=UTC))
    assert chinese.late_proof.startswith("sha256:")


def test_a_language_that_we_do_not_write_and_impossible_facts_are_reported(file, ada, acme):
    path = file(
        "customer,description,found_on,language,quantity_affected,quantity_delivered\n"
        "ACME,Leaks,2026-05-10,fr,1,4\n"
        "ACME,Leaks,0001-01-01,en,1,4\n"
        "ACME,Leaks,2026-05-10,en,5,4\n"
        "ACME,Leaks,2026-05-10,zh-Hans,4,4\n"
    )

    report = importing.run(path, by=ada, at=NOON)

    assert codes(report) == {2: ["choice_unknown"], 3: ["found_on_long_ago"], 4: ["quantity_above_delivered"]}
    assert Complaint.objects.get().language == "zh-hans"


def test_a_second_run_makes_no_duplicates(file, ada, acme):
    path = file("customer,description,found_on\nACME,Leaks,2026-05-10\nACME,Hums,2026-05-10\n")

    importing.run(path, by=ada, at=NOON)
    again = importing.run(path, by=ada, at=NOON + timedelta(days=1))

    assert (again.made, again.known) == ([], 2)
    assert Complaint.objects.count() == 2


def test_a_dry_run_keeps_nothing(file, ada, acme):
    report = importing.run(file(HEADER + "ACME,Leaks,2026-05-10,,1\n"), by=ada, at=NOON, dry=True)

    assert len(report.made) == 1
    assert not Complaint.objects.exists()


def test_a_dry_run_of_the_agency_s_file_makes_no_customer(file, ada):
    row = [""] * 49
    row[0], row[7], row[15], row[19] = "1", "20260510", "20260511", "Brakes fail"

    report = importing.run(file("\t".join(row) + "\n"), by=ada, at=NOON, dry=True)

    assert len(report.made) == 1
    assert not Organisation.objects.filter(code="NHTSA").exists()


def test_an_old_row_is_late_with_proof_and_its_deadline_fell_where_it_fell(file, ada, acme):
    importing.run(file(HEADER + "ACME,Leaks,2026-01-02,2026-01-05,1\n"), by=ada, at=NOON)

    clock = SlaClock.objects.get(metric="INITIAL")
    assert clock.breached_at == clock.started_at + timedelta(hours=48)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "file_without_rows"),
        ("customer,description\nACME,x\n", "column_missing"),
        ("customer,description,found_on,colour\nACME,x,2026-05-10,red\n", "column_unknown"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(file, ada, text, code):
    with pytest.raises(importing.Unreadable) as problem:
        importing.run(file(text), by=ada, at=NOON)

    assert [why.code for why in problem.value.reasons] == [code]


def test_a_file_in_another_encoding_says_so(file, ada):
    with pytest.raises(importing.Unreadable) as problem:
        importing.run(file(HEADER + "ACME,漏油,2026-05-10,,1\n", "gbk"), by=ada, at=NOON)

    assert problem.value.reasons[0].code == "file_not_utf8"


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("product", "NO-SUCH", "product_unknown"),
        ("lot", "NO-SUCH", "lot_unknown"),
        ("contract", "NO-SUCH", "contract_unknown"),
        ("quantity_affected", "1,5", "number_unreadable"),
        ("remedy_asked", "MIRACLE", "choice_unknown"),
        ("received_at", "2999-01-01", "received_in_future"),
    ],
)
def test_a_wrong_cell_is_named(file, ada, acme, column, value, code):
    path = file(f'customer,description,found_on,{column}\nACME,Leaks,2026-05-10,"{value}"\n')

    assert codes(importing.run(path, by=ada, at=NOON)) == {2: [code]}
    assert not Complaint.objects.exists()


def test_the_command_reports_and_refuses_a_missing_file(file, ada, acme, capsys, tmp_path):
    problems = tmp_path / "problems.csv"
    call_command("import_complaints", file(HEADER + "ACME,Leaks,,,1\n"), report=problems)

    assert "1 rows read: 0 logged, 0 known already, 1 not read." in capsys.readouterr().out
    assert problems.read_text(encoding="utf-8-sig").splitlines()[0] == "row,why"
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_complaints", tmp_path / "missing.csv")


def test_real_complaints_come_in_once(ada):
    if not REAL.exists():
        assert "CI" not in os.environ, "the real texts must be there in CI"
        pytest.skip("no real texts here")
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    first = importing.run(REAL, by=ada, at=now)
    again = importing.run(REAL, by=ada, at=now)

    assert first.read == 101
    assert len(first.made) + len(first.problems) == 101
    assert {code for found in codes(first).values() for code in found} <= {
        "found_on_missing",
        "found_on_in_future",
        "found_on_long_ago",
    }
    assert len(first.made) >= 90
    assert (again.made, again.known) == ([], len(first.made))
