"""A contract file is read with the place of every fault, and never guesses; hostile files are answered in words."""

import json
import time
from pathlib import Path

import pytest
from django.utils import translation

from contracts import paperfile
from contracts.clauses import TERMS, read_terms
from contracts.import_views import EXAMPLE
from contracts.paperfile import Fault, Paper, PaperClause, PaperVersion, Unreadable, nodes, write_json, write_yaml
from contracts.paperfile.paper import ClauseHead, Header, VersionHead
from contracts.paperfile_words import FAULTS, say, say_with_place
from tests.contracts.test_terms import WHOLE

TEXT = EXAMPLE.read_text(encoding="utf-8")
WITH = json.loads(json.dumps(nodes.parse(TEXT.encode())[0].plain))


def faults(text):
    """Return the faults of a file as (line, column, code, field)."""
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(Unreadable) as error:
        paperfile.read(content)
    for fault in error.value.faults:
        for language in ("en", "zh-hans"):
            with translation.override(language):
                assert "%(" not in say(fault)
                assert len(say(fault)) < 400
    return [(fault.line, fault.column, fault.code, fault.field) for fault in error.value.faults]


def line_of(words, text=TEXT):
    """Return the number of the first line that contains the words."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


def without(words):
    """Return the example without the lines that contain the words."""
    return "\n".join(line for line in TEXT.split("\n") if words not in line)


def paper(*clauses):
    header = Header.from_data(
        {"number": "N-1", "title": "t", "customer": "ACME", "status": "DRAFT", "currency": "CNY", "price": "100.50"}
    )
    head = VersionHead.from_data({"effective_from": "2026-01-15", "governing_language": "en", "note": "a: b"})
    return Paper(header, (PaperVersion(head, clauses),), {})


def clause(kind, number="1", text="Text of the clause."):
    head = ClauseHead.from_data({"number": number, "type": kind, "heading": "h", "language": "en", "text": text})
    return PaperClause(head, read_terms(kind, WHOLE[kind]))


def same(one, other):
    return (one.header, one.versions) == (other.header, other.versions)


def test_the_example_is_whole():
    read = paperfile.read(TEXT.encode())

    assert read.header.number == "HT-2026-0001"
    assert [each.head.number for each in read.versions[0].clauses] == ["1.2", "5.4", "8.1", "12.1"]
    assert read.versions[0].clauses[3].terms is None
    assert str(read.header.money) == "CNY 3,200,000.00"


@pytest.mark.parametrize("write", [write_yaml, write_json])
@pytest.mark.parametrize("kind", list(TERMS))
def test_what_is_written_is_read_back_equal(kind, write):
    whole = paper(clause(kind), clause(kind, "7.10", 'Two lines:\n  - with signs: #1, "quotes" 与中文。\n'))

    assert same(paperfile.read(write(whole).encode()), whole)


@pytest.mark.parametrize(
    "number", ["7.10", "007", "1e3", "0x1F", "1_000", "12:30:45", "2026-01-15", "no", "~", "- x", "a: b"]
)
def test_texts_that_look_like_something_else_stay_what_they_are(number):
    whole = paper(clause("SAMPLE", number))

    assert paperfile.read(write_yaml(whole).encode()).versions[0].clauses[0].head.number == number


def test_digits_are_kept_and_full_width_ones_are_read():
    read = paperfile.read(TEXT.replace("rate_pct: 0.05", "rate_pct: ０．０５").replace("page: 9", "page: ９").encode())

    late = read.versions[0].clauses[2]
    assert str(late.terms.rate_pct) == "0.05"
    assert late.head.page == 9


def test_json_numbers_keep_their_digits():
    data = json.dumps(nodes.parse(TEXT.encode())[0].plain).replace('"0.05"', "0.10")

    assert str(paperfile.read(data.encode()).versions[0].clauses[2].terms.rate_pct) == "0.10"


@pytest.mark.parametrize(("old", "new", "words"), [
    ("scope: APPARENT_DEFECTS", "scope: SOME", "ALL_DEFECTS"),
    ("type: DISPUTE", "type: QUARREL", "LIABILITY_CAP"),
    ("roll: yes", "roll: perhaps", "yes, no"),
])  # fmt: skip
def test_a_word_that_is_no_choice_is_told_those_that_are(old, new, words):
    text = TEXT.replace(old, new, 1)
    with pytest.raises(Unreadable) as error:
        paperfile.read(text.encode())

    assert words in say(error.value.faults[0])


@pytest.mark.parametrize(
    ("old", "new", "code", "field", "at"),
    [
        ("rate_pct: 0.05", "rate_pct: 150", "over", "rate_pct", "rate_pct: 150"),
        ("rate_pct: 0.05", "rate_pct: a lot", "not_a_number", "rate_pct", "rate_pct: a lot"),
        ("rate_pct: 0.05", 'rate_pct: "1,234"', "ambiguous", "rate_pct", "rate_pct:"),
        ("scope: APPARENT_DEFECTS", "scope: SOME", "unknown_choice", "scope", "scope: SOME"),
        ("signed_on: 2026-01-15", "signed_on: 2026-02-30", "not_a_day", "signed_on", "signed_on:"),
        ("currency: CNY", "currency: Yuan", "unknown_currency", "currency", "currency: Yuan"),
        ("price: 3200000.00", "price: 3200000.005", "minor_digits", "price", "price:"),
        ("vat_pct: 13", "vat_pct: 130", "over", "vat_pct", "vat_pct: 130"),
        ("type: DISPUTE", "type: QUARREL", "unknown_choice", "type", "type: QUARREL"),
        ("type: LD_DELAY", "type: [LD_DELAY]", "unknown_choice", "type", "type: [LD_DELAY]"),
        ("type: LD_DELAY", "type: {of: LD_DELAY}", "unknown_choice", "type", "type: {of: LD_DELAY}"),
        ("signed_on: 2026-01-15", "signed_on: 0001-01-01", "year_out_of_reach", "signed_on", "signed_on:"),
        ("governing_language: zh-hans", "governing_language: fr", "unknown_choice", "governing_language", "e: fr"),
        ("page: 12", "page: 0", "below", "page", "page: 0"),
        ("page: 12", "pages: 12", "unknown_field", "pages", "pages: 12"),
        ("form: redress-contract-1", "form: something", "form", "form", "form: something"),
        ("versions:\n", "extra: 1\nversions:\n", "unknown_part", "extra", "extra: 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line_and_field(old, new, code, field, at):
    text = TEXT.replace(old, new, 1)

    ((line, column, found, name),) = faults(text)

    assert (found, name, line) == (code, field, line_of(at, text))
    assert column > 1 or field in ("extra", "form")


@pytest.mark.parametrize("words", ["base_kind: DELAYED_PART", "counting:", "grace_kind:", "fm_mode:", "cap_base:"])
def test_a_choice_that_is_missing_is_never_guessed(words):
    ((line, _column, code, field),) = faults(without(words))

    assert (code, field) == ("required", words.split(":")[0])
    assert line == line_of("late: LATE_DELIVERY", without(words))  # where the terms begin


def test_every_fault_is_said_at_once_in_the_order_of_the_lines():
    text = TEXT.replace("vat_pct: 13", "vat_pct: x").replace("rate_pct: 0.05", "rate_pct: 101").replace("n: 15", "n: 0")

    assert [code for _line, _column, code, _field in faults(text)] == ["not_a_number", "below", "over"]


def test_a_clause_of_one_number_and_type_comes_once():
    text = TEXT.replace('number: "12.1"', 'number: "1.2"').replace("type: DISPUTE", "type: GOVERNING_LAW")

    assert [code for _line, _column, code, _field in faults(text)] == ["clause_twice"]


SECOND = "  - effective_from: {}\n    clauses: []\n"


def test_versions_follow_one_another_and_end_the_day_before():
    read = paperfile.read((TEXT + SECOND.format("2026-06-01")).encode())

    assert [str(version.head.effective_to) for version in read.versions] == ["2026-05-31", "None"]
    assert faults(TEXT + SECOND.format("2026-01-15"))[0][2] == "version_order"
    assert faults(TEXT + SECOND.format("1900-01-01"))[0][2] == "version_order"
    gap = TEXT.replace("  - effective_from", "  - effective_to: 2026-03-01\n    effective_from", 1)
    assert faults(gap + SECOND.format("2026-06-01"))[0][2] == "version_gap"


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_a_day_out_of_reach_is_named_whatever_version_it_is_of(day):
    assert [found[2:] for found in faults(TEXT + SECOND.format(day))] == [("year_out_of_reach", "effective_from")]
    assert "1900" in say(Fault("year_out_of_reach", 1, 1, "effective_from", (("least", "1900"), ("most", "2200"))))


@pytest.mark.parametrize("text", ["- 1\n- 2", "just a text", "[1, 2]", "42", "form: redress-contract-1"])
def test_what_is_no_contract_at_all_is_said(text):
    assert faults(text)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \n\n", "file_empty"),
        (b"# only a remark\n", "file_empty"),
        (b"a" * 1_000_001, "file_too_large"),
        ("form: 质量".encode("gb18030"), "not_utf8"),
        (b"form: a\0b", "strange_character"),
        (b'{"form": "\\u0000"}', "strange_character"),
        (b'{"form": "\\ud800"}', "strange_character"),
        (b"a: [1, 2", "yaml_syntax"),
        (b"a: b: c", "yaml_syntax"),
        (b"a:\n\t- b", "yaml_syntax"),
        (b'{"a": 1,}', "json_syntax"),
        (b'{"a": 01}', "json_syntax"),
        (b'{"a": NaN}', "json_syntax"),
        (b'{"a": 1} x', "json_syntax"),
        (b'{"a', "json_syntax"),
        (b"{", "json_syntax"),
        (b'{"a": 1, "a": 2}', "key_twice"),
        (b"a: 1\na: 2", "key_twice"),
        (b"? [a]\n: 1", "key_not_text"),
        (b"a: &x 1\nb: *x", "alias"),
        (b"a: !!python/object/apply:os.system [ls]", "tag"),
        (b"a: 1\n---\nb: 2", "several_documents"),
        (b"[" * 100_000, "too_deep"),
        (b"- " * 100 + b"a", "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b"a:\n" + b"- 1\n" * 30_000, "too_many_values"),
    ],
)
def test_hostile_and_broken_files_are_answered_soon_and_in_words(content, code):
    began = time.monotonic()

    found = [code for _line, _column, code, _field in faults(content)]

    assert code in found
    assert time.monotonic() - began < 5


def test_a_billion_laughs_stay_one():
    laughs = "a: &a [lol, lol]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(50))

    assert [code for _line, _column, code, _field in faults(laughs)].count("alias") == 51 + 150


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_file_with_its_mark_is_read(encoding):
    content = TEXT.encode(encoding)
    if encoding == "utf-16-le":
        content = b"\xff\xfe" + content

    assert paperfile.read(content).header.number == "HT-2026-0001"


def test_line_ends_of_other_systems_keep_the_lines():
    text = TEXT.replace("vat_pct: 13", "vat_pct: x")

    assert faults(text.replace("\n", "\r\n")) == faults(text)


def test_a_fault_reads_as_a_sentence_with_its_place():
    with pytest.raises(Unreadable) as error:
        paperfile.read(TEXT.replace("rate_pct: 0.05", "rate_pct: 150").encode())

    (fault,) = error.value.faults
    assert say_with_place(fault) == f"Line {fault.line}, column 21: “Rate, % (rate_pct)” must be at most 100."
    with translation.override("zh-hans"):
        assert say_with_place(fault) == f"第 {fault.line} 行第 21 列：“费率，% (rate_pct)”不得大于 100。"


def test_every_fault_of_the_reader_has_words():
    source = "".join(path.read_text() for path in Path(nodes.__file__).parent.glob("*.py"))

    assert all(
        f'"{code}"' in source
        for code in set(FAULTS) - {"number_taken", "customer_unknown", "project_unknown"} - {"unknown_field"}
    )


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1899-12-31", "2201-01-01"])
@pytest.mark.parametrize("field", ["effective_from", "effective_to"])
def test_a_single_version_of_an_absurd_year_is_told_its_line(field, day):
    first = "  - effective_from: 2026-01-15"
    text = TEXT.replace(first, first + "\n    effective_to: 2026-12-31")
    lines = [f"{line.partition(field)[0]}{field}: {day}" if f"{field}:" in line else line for line in text.split("\n")]
    wrong = "\n".join(lines)

    [(line, column, code, path)] = faults(wrong)

    assert (line, code, path) == (line_of(f"{field}: {day}", wrong), "year_out_of_reach", field)
    assert column > 1


@pytest.mark.parametrize(
    "key", ["-1", "0", "9" * 5000, "٣", "²", "质量", "a.b", "versions.0", "versions." + "9" * 5000]
)
def test_an_odd_key_is_told_where_it_stands(key):
    wrong = json.dumps(WITH | {"contract": WITH["contract"] | {key: 1}}, indent=1, ensure_ascii=False)

    [(line, column, code, _path)] = faults(wrong)

    assert (line, code) == (line_of(f'"{key}": 1', wrong), "unknown_field")
    assert column > 1


@pytest.mark.parametrize("key", ["-1", "0", "9" * 5000, "٣"])
def test_rows_with_keys_instead_of_dashes_are_told_their_place(key):
    wrong = clause_of("REMEDY_ORDER", {"order": {key: "REPAIR"}})

    assert ("not_a_list", "order") in [(code, path) for _line, _column, code, path in faults(wrong)]


def clause_of(kind, terms):
    """Return the example with one clause more, of these terms."""
    return json.dumps(WITH | {"versions": [
        WITH["versions"][0] | {"clauses": [
            {"number": "99", "type": kind, "heading": "h", "language": "en", "text": "t", "terms": terms}]}
    ]})  # fmt: skip


def test_every_fault_is_told_at_once_each_with_its_line():
    wrong = (
        TEXT.replace("  customer:", "  currency: CNY\n  currency: EUR\n  customer:")  # twice
        .replace("status: IN_FORCE", "status: PERHAPS")
        .replace("rate_pct: 0.05", "rate_pct: 150")
        .replace("page: 9", "page: &nine 9")
        .replace("signed_on: ", "signed_on: !!str ")
    )

    found = faults(wrong)

    assert {code for _line, _column, code, _path in found} >= {"key_twice", "unknown_choice", "over", "alias", "tag"}
    assert found == sorted(found)
    assert all(line and column for line, column, _code, _path in found)


def test_versions_out_of_order_are_told_beside_other_faults():
    later = TEXT.split("versions:\n")[1].replace("2026-01-15", "2025-01-15").replace('number: "5.4"', "number: []")

    codes = {code for _line, _column, code, _path in faults(TEXT.replace("page: 9", "page: none") + later)}

    assert "version_order" in codes
    assert "not_a_number" in codes or "not_whole" in codes
