"""Contracts come in from files through one verb, on a page and by a command, and go out in the same form."""

from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from audit.models import Event
from contracts import drafting, importing, paperfile
from contracts.clauses import read_terms
from contracts.import_views import EXAMPLE
from contracts.models import Clause, Contract, ContractVersion, Project
from contracts.paperfile import Unreadable, write_json, write_yaml
from tests.cast import NOON
from tests.contracts.test_terms import WHOLE

CONTENT = EXAMPLE.read_bytes()
ADDRESS = "/contracts/import/"


def codes(content):
    with pytest.raises(Unreadable) as error:
        importing.check(content)
    return [fault.code for fault in error.value.faults]


def test_a_file_makes_contract_version_and_unchecked_clauses(acme, sam):
    made = importing.bring_in(CONTENT, by=sam, at=NOON)

    kept = Contract.objects.get(number="HT-2026-0001")
    assert (kept, kept.customer, str(kept.price), str(kept.vat_pct)) == (made, acme, "CNY 3,200,000.00", "13")
    version = kept.versions.get()
    assert (version.version, version.effective_from, version.effective_to) == (1, date(2026, 1, 15), None)
    assert version.clauses.count() == 4
    assert not version.clauses.checked().exists()
    late = version.clauses.get(type="LD_DELAY")
    assert (late.structured_by, late.structured_at, late.page) == (sam, NOON, 9)
    assert str(late.typed_terms.rate_pct) == "0.05"
    assert version.clauses.get(type="DISPUTE").structured_by is None
    event = Event.objects.get(stream=kept.uuid)
    assert event.kind == "contract.imported"
    assert (event.facts["versions"], event.facts["clauses"], len(event.facts["sha256"])) == (1, 4, 64)


def test_legal_checks_what_was_brought_in(acme, sam, lin):
    made = importing.bring_in(CONTENT, by=sam, at=NOON)

    clause = drafting.check(made.versions.get().clauses.get(type="LD_DELAY"), by=lin, at=NOON)

    assert clause.is_checked


def test_who_may_not_enter_clauses_brings_nothing_in(acme, ada):
    with pytest.raises(PermissionDenied):
        importing.bring_in(CONTENT, by=ada, at=NOON)

    assert not Contract.objects.exists()


def test_what_only_the_database_knows_is_said_at_its_line(acme, rival, sam):
    assert codes(CONTENT.replace(b"customer: ACME", b"customer: NOBODY")) == ["customer_unknown"]
    Project.objects.create(code="P-1", name="p", customer=rival, currency="CNY")
    with_project = CONTENT.replace(b"customer: ACME", b"project: P-1\n  customer: ACME")
    assert codes(with_project) == ["project_unknown"]
    importing.bring_in(CONTENT, by=sam, at=NOON)
    assert codes(CONTENT) == ["number_taken"]


def test_a_file_comes_in_once(acme, sam):
    importing.bring_in(CONTENT, by=sam, at=NOON)

    with pytest.raises(Unreadable):
        importing.bring_in(CONTENT, by=sam, at=NOON)

    assert Contract.objects.count() == 1
    assert Event.objects.filter(kind="contract.imported").count() == 1


def test_a_number_taken_in_the_same_moment_makes_nothing(acme, sam, monkeypatch):
    ready = importing.check(CONTENT)
    importing.bring_in(CONTENT, by=sam, at=NOON)
    monkeypatch.setattr(importing, "check", lambda content: ready)  # as if both had checked before

    with pytest.raises(Unreadable) as error:
        importing.bring_in(CONTENT, by=sam, at=NOON)

    assert [fault.code for fault in error.value.faults] == ["number_taken"]
    assert ContractVersion.objects.count() == 1


def test_a_contract_with_every_type_and_two_versions_survives_the_round_trip(contract, version, sam):
    contract.project = Project.objects.create(code="P-1", name="p", customer=contract.customer, currency="EUR")
    contract.save()
    for place, kind in enumerate(WHOLE, start=1):
        one = Clause(
            version=version, number=f"{place}.1", heading=kind, type=kind, text=f"{kind}:\n  文本", language="en"
        )
        drafting.structure(one, terms=read_terms(kind, WHOLE[kind]), by=sam, at=NOON)
    drafting.amend(version, effective_from=date(2026, 6, 1), note="Amendment: one\ntwo", by=sam, at=NOON)
    before = importing.paper_of(contract)

    for number, write in (("B-1", write_yaml), ("B-2", write_json)):
        text = write(before).replace(contract.number, number, 1)
        after = importing.paper_of(importing.bring_in(text.encode(), by=sam, at=NOON))
        assert after.versions == before.versions
        assert write(after).replace(number, contract.number, 1) == write(before)


def test_the_command_makes_a_contract_or_says_every_line(acme, sam, tmp_path):
    file, out = tmp_path / "c.yaml", StringIO()
    file.write_bytes(CONTENT)

    call_command("import_contract", file, "--dry-run", stdout=out)
    assert "HT-2026-0001 would be made: 1 versions, 4 clauses" in out.getvalue()
    assert not Contract.objects.exists()
    call_command("import_contract", file, "--by", sam.email, stdout=out)
    assert "HT-2026-0001 made: 1 versions, 4 clauses" in out.getvalue()
    with pytest.raises(CommandError, match=r"Line 5, column 11: There is a contract HT-2026-0001 already\."):
        call_command("import_contract", file)
    with pytest.raises(CommandError, match="may not enter contracts"):
        call_command("import_contract", _renamed(tmp_path), "--by", "nobody@demo.test")
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_contract", tmp_path / "none")


def _renamed(folder):
    file = folder / "other.yaml"
    file.write_bytes(CONTENT.replace(b"HT-2026-0001", b"HT-2026-0002"))
    return file


def upload(content=CONTENT, **fields):
    return {"file": SimpleUploadedFile("contract.yaml", content), **fields}


def test_the_page_checks_first_and_makes_then(acme, sam, signed_in):
    staff = signed_in(sam)
    preview = staff.post(ADDRESS, upload(do="check"))

    assert preview.status_code == 200
    assert "This would be made" in preview.content.decode()
    assert not Contract.objects.exists()

    answer = staff.post(ADDRESS, {"do": "make", "text": preview.context["form"].initial["text"].replace("\n", "\r\n")})
    assert answer.url == "/contracts/HT-2026-0001/"
    assert Clause.objects.count() == 4


def test_the_page_says_each_fault_with_its_line_and_keeps_the_text(acme, sam, signed_in):
    wrong = CONTENT.replace(b"rate_pct: 0.05", b"rate_pct: 150")

    answer = signed_in(sam).post(ADDRESS, upload(wrong, do="make"))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "must be at most 100." in page
    assert "<code>rate_pct: 150</code>" in page
    assert "unit: DAY" in page
    assert not Contract.objects.exists()


def test_a_number_that_is_taken_is_refused_by_what_is_there(acme, sam, signed_in):
    importing.bring_in(CONTENT, by=sam, at=NOON)

    answer = signed_in(sam).post(ADDRESS, upload(do="make"))

    assert answer.status_code == 409
    assert "There is a contract HT-2026-0001 already." in answer.content.decode()
    assert Contract.objects.count() == 1


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"\0", b"[" * 5000, b"<script>alert(1)</script>: 1", b"a" * 1_000_002]
)
def test_hostile_files_are_answered_in_words(acme, sam, signed_in, content):
    answer = signed_in(sam).post(ADDRESS, upload(content))

    assert answer.status_code == 422
    assert b"<script>alert" not in answer.content


@pytest.mark.parametrize("text", ["", "   ", "a\0b", "\ud800"])
def test_nothing_or_nonsense_as_text_is_answered_in_words(acme, sam, signed_in, text):
    answer = signed_in(sam).post(ADDRESS, {"text": text.encode("utf-8", "surrogatepass").decode("latin-1")})

    assert answer.status_code == 422


def test_only_those_who_enter_clauses_import(acme, ada, carla, sam, signed_in):
    assert signed_in(ada).get(ADDRESS).status_code == 403
    assert signed_in(ada).post(ADDRESS, upload(do="make")).status_code == 403
    assert signed_in(carla).get(ADDRESS).status_code == 404
    assert signed_in(sam).get(ADDRESS).status_code == 200
    assert ADDRESS in signed_in(sam).get("/contracts/").content.decode()
    assert ADDRESS not in signed_in(ada).get("/contracts/").content.decode()


def test_a_contract_is_downloaded_in_the_form_in_which_it_comes_in(acme, sam, ada, carla, signed_in):
    made = importing.bring_in(CONTENT, by=sam, at=NOON)
    for form in ("yaml", "json"):
        address = reverse("contracts:export", args=[made.ref, form])
        answer = signed_in(ada).get(address)
        assert answer["Content-Disposition"] == f'attachment; filename="HT-2026-0001.{form}"'
        assert paperfile.read(answer.content).versions == paperfile.read(CONTENT).versions
        assert signed_in(carla).get(address).status_code == 404
    assert signed_in(ada).get(reverse("contracts:export", args=[made.ref, "xml"])).status_code == 404


def test_the_example_can_be_downloaded(ada, signed_in):
    assert signed_in(ada).get("/contracts/import/example.yaml").content == CONTENT


def test_a_contract_called_import_is_still_found(acme, ada, signed_in):
    odd = Contract.objects.create(number="import", title="Odd", customer=acme, currency="EUR")

    assert signed_in(ada).get(odd.get_absolute_url()).status_code == 200


def test_what_the_file_and_what_the_house_know_is_told_in_one_round(acme, sam):
    importing.bring_in(CONTENT, by=sam, at=NOON)
    wrong = CONTENT.replace(b"rate_pct: 0.05", b"rate_pct: 150").replace(b"customer: ACME", b"customer: NOBODY")

    with pytest.raises(Unreadable) as problem:
        importing.check(wrong)

    assert [fault.code for fault in problem.value.faults] == ["number_taken", "customer_unknown", "over"]
    assert all(fault.line and fault.column for fault in problem.value.faults)
