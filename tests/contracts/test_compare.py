"""Two versions compared: the text by words or characters, the terms in sentences, and whom a change favours."""

from datetime import date

import pytest
from django.urls import reverse

from contracts import compare_words, drafting
from contracts.clauses import read_terms
from contracts.clauses.compare import Kind, Op, Piece, Way, Written, compare, text_changes
from contracts.models import Clause
from tests.cast import NOON
from tests.contracts.paper import PAPER
from tests.contracts.test_terms import WHOLE


def written(kind, number="", text="t", **changes):
    known = PAPER.get(kind)
    terms = (known[1] if known else WHOLE[kind]) | changes
    whole = {name: value for name, value in terms.items() if value is not None}
    return Written(number or (known[0] if known else "20.1"), kind, kind.title(), text, read_terms(kind, whole), True)


def change(kind, before=None, **after):
    """Return the one change of a clause whose terms change."""
    (found,) = compare([written(kind, **(before or {}))], [written(kind, **after)])
    return found


def ways(found):
    return {item.path[-1]: item.way for item in found.terms}


def test_a_text_is_compared_by_words():
    assert text_changes("within fifteen days of arrival", "within thirty days of arrival") == (
        Piece(Op.KEPT, "within "),
        Piece(Op.REMOVED, "fifteen"),
        Piece(Op.ADDED, "thirty"),
        Piece(Op.KEPT, " days of arrival"),
    )


def test_a_chinese_text_is_compared_by_characters():
    assert text_changes("自到货之日起15日内", "自到货之日起30日内") == (
        Piece(Op.KEPT, "自到货之日起"),
        Piece(Op.REMOVED, "15"),
        Piece(Op.ADDED, "30"),
        Piece(Op.KEPT, "日内"),
    )


@pytest.mark.parametrize("text", ["质量保证期为24个月。", "The guarantee is 24 months.\n\nIt ends.", ""])
def test_the_pieces_give_back_both_texts(text):
    other = "质量保证期自验收之日起为36个月。"
    pieces = text_changes(text, other)

    assert "".join(piece.text for piece in pieces if piece.op != Op.ADDED) == text
    assert "".join(piece.text for piece in pieces if piece.op != Op.REMOVED) == other


def test_a_very_long_text_is_compared_from_both_ends():
    long = " ".join(f"Sentence number {n} says something." for n in range(3000))
    pieces = text_changes(long, long.replace("number 7 says", "number 7 denies"))

    assert [piece.text for piece in pieces if piece.op != Op.KEPT] == ["says", "denies"]


def test_a_very_long_text_that_differs_all_over_is_compared_by_sentences():
    old, new = (" ".join(f"Line {n} {word} so." for n in range(400)) for word in ("says", "denies"))
    pieces = text_changes(old, new.replace("Line 200 denies", "Line 200 says"))

    assert any(piece.op == Op.KEPT and "Line 200 says so." in piece.text for piece in pieces)
    assert "".join(piece.text for piece in pieces if piece.op != Op.ADDED) == old


def test_two_texts_that_share_nothing_are_one_taken_out_and_one_put_in():
    old, new = "a " * 9000, "b " * 9000

    assert [piece.op for piece in text_changes(old, new)] == [Op.REMOVED, Op.ADDED]


@pytest.mark.parametrize(
    ("kind", "before", "after", "way"),
    [
        ("INSPECTION_NOTICE", {}, {"n": 30}, {"n": Way.BUYER}),
        ("INSPECTION_NOTICE", {}, {"n": 1, "unit": "MONTH"}, {"n": Way.BUYER}),
        ("INSPECTION_NOTICE", {"n": 30}, {"n": 1, "unit": "MONTH"}, {"n": Way.OPEN}),
        ("INSPECTION_NOTICE", {}, {"n": 30, "start": "DISCOVERY"}, {"n": Way.OPEN, "start": Way.OPEN}),
        ("LD_DELAY", {}, {"rate_pct": "0.02"}, {"rate_pct": Way.SELLER}),
        ("LD_DELAY", {}, {"rate_pct": "0.02", "vat": "VAT_INCLUDED"}, {"rate_pct": Way.OPEN, "vat": Way.OPEN}),
        ("LD_DELAY", {}, {"vat": "VAT_INCLUDED"}, {"vat": Way.BUYER}),
        ("LD_DELAY", {}, {"exclusive": True}, {"exclusive": Way.SELLER}),
        ("LD_DELAY", {}, {"counting": "DUE_DAY_INCLUDED"}, {"counting": Way.BUYER}),
        ("LD_DELAY", {}, {"fm_mode": "EXTEND_DUE"}, {"fm_mode": Way.OPEN}),
        ("LIABILITY_CAP", {}, {"pct": "20"}, {"pct": Way.BUYER}),
        ("LIABILITY_CAP", {}, {"carve_outs": ["INTENT"]}, {"carve_outs": Way.BUYER}),
        ("LIABILITY_CAP", {"carve_outs": ["INTENT"]}, {"carve_outs": ["INTEREST"]}, {"carve_outs": Way.OPEN}),
        ("EXCLUSION", {}, {"heads": ["LOST_PROFIT", "DOWNTIME"]}, {"heads": Way.SELLER}),
        ("DAMAGES", {}, {"heads": ["DOWNTIME"]}, {"heads": Way.OPEN}),
        ("REMEDY_ORDER", {}, {"transport_by": "BUYER"}, {"transport_by": Way.SELLER}),
        ("GUARANTEE_PERIOD", {}, {"max_months": None}, {"max_months": Way.BUYER}),
    ],
)  # fmt: skip
def test_a_change_says_whom_it_favours_only_where_that_can_be_said(kind, before, after, way):
    assert ways(change(kind, before, **after)) == way


def test_a_limit_that_goes_favours_the_buyer_although_its_base_goes_with_it():
    found = change("LD_DELAY", cap_pct=None, cap_base=None, cap_vat=None)

    assert ways(found)["cap_pct"] == Way.BUYER
    assert found.way == Way.BUYER


def test_rows_are_compared_by_what_names_them():
    def plan(arrival):
        rest = 70 - arrival
        return {"instalments": [
            {"name": "advance", "pct": "30", "trigger": "SIGNING", "days": 0},
            {"name": "arrival", "pct": str(arrival), "trigger": "GOODS_ARRIVED", "days": 30},
            *([{"name": "last", "pct": str(rest), "trigger": "GUARANTEE_ENDED", "days": 14}] if rest else []),
        ]}  # fmt: skip

    found = change("PAYMENT", plan(70), **plan(65))

    assert [item.path for item in found.terms] == [("instalments", "arrival", "pct"), ("instalments", "last")]
    said = [sentence for sentence, _favours, _way in compare_words.say(found).terms]
    assert said[0] == "Instalments, arrival, Percentage: 70, now 65"
    assert said[1].startswith("Instalments, last: new, Name last; Percentage 5; Due after end of the guarantee")


def test_clauses_are_paired_by_number_and_type_then_by_a_type_that_stands_alone():
    old = [written("DAMAGES"), written("LD_DELAY"), written("RETENTION", "10.1")]
    new = [written("LD_DELAY", "8.4"), written("DAMAGES"), written("EXCLUSION")]

    found = [(each.kind, each.now.number, each.way) for each in compare(old, new)]

    assert found == [
        (Kind.CHANGED, "8.4", Way.OPEN),
        (Kind.SAME, "9.1", Way.OPEN),
        (Kind.ADDED, "9.2", Way.SELLER),
        (Kind.REMOVED, "10.1", Way.SELLER),
    ]
    assert compare_words.say(compare(old, new)[0]).terms[0][0] == "Clause 8.1 is now clause 8.4"


def test_terms_that_were_only_structured_later_are_no_change_of_the_agreement():
    bare = Written("9.1", "DAMAGES", "Damages", "t", None, False)

    (found,) = compare([bare], [written("DAMAGES")])

    assert found.terms == ()


@pytest.mark.parametrize("kind", list(WHOLE))
def test_every_type_is_the_same_as_itself_and_has_words_for_every_term(kind):
    whole = Written("1", kind, "h", "t", read_terms(kind, WHOLE[kind]), True)

    assert [each.kind for each in compare([whole], [whole])] == [Kind.SAME]
    assert compare_words.say(compare([], [whole])[0]).word == "New"


@pytest.fixture
def amended(clause, version, sam, lin):
    """The contract with a second version in which its one clause has another period and text."""
    terms = read_terms(clause.type, WHOLE[clause.type])
    clause = drafting.check(drafting.structure(clause, terms=terms, by=sam, at=NOON), by=lin, at=NOON)
    after = drafting.amend(
        version, effective_from=date(2026, 6, 1), note="Amendment 1", by=sam, at=NOON, reopening={clause.pk}
    )
    copy = after.clauses.get()
    copy.text = "The Buyer shall inspect the Goods within thirty days of arrival."
    drafting.structure(copy, terms=read_terms(clause.type, WHOLE[clause.type] | {"n": 30}), by=sam, at=NOON)
    return after


@pytest.fixture
def address(contract):
    return reverse("contracts:compare", args=[contract.ref])


def test_the_page_shows_text_terms_and_whom_they_favour(amended, address, ada, signed_in):
    shown = signed_in(ada).get(address).content.decode()

    assert "<del>fifteen</del><ins>thirty</ins>" in shown
    assert "Period: 15 days, now 30 days" in shown
    assert "better for the buyer" in shown
    assert "Legal has not checked every side of this comparison." in shown


def test_a_text_is_shown_as_text(amended, address, ada, signed_in):
    copy = Clause.objects.get(version=amended)
    copy.text = "<script>alert(1)</script>"
    copy.save()

    assert b"<script>alert" not in signed_in(ada).get(address).content


def test_versions_are_chosen_in_the_address(amended, address, ada, carla, signed_in):
    same = signed_in(ada).get(address, {"from": "1", "to": "1"})

    assert "These versions say the same." in same.content.decode()
    assert signed_in(ada).get(address, {"from": "1", "to": "7"}).status_code == 404
    assert signed_in(carla).get(address).status_code == 404


def test_one_version_has_nothing_to_compare_with(version, contract, address, ada, signed_in):
    assert signed_in(ada).get(address).url == reverse("contracts:versions", args=[contract.ref])
