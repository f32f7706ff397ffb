"""A leg's tree and the fishbone's cards are written as a whole, by one who has read what stands there."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from complaints import cause_trees, diagnosis, lifecycle
from complaints.lifecycle import Refused
from complaints.models import CauseNode
from complaints.outline import Row
from tests.cast import NOON
from tests.complaints.factories import events_of, triaged
from tests.complaints.test_first_life import HOUR

AT = NOON + 3 * HOUR


@pytest.fixture
def case(ada, quinn, lee, cleo):
    graded = triaged(quinn, registered_by=ada)
    return lifecycle.mobilise(graded, by=quinn, at=NOON + 2 * HOUR, leader=quinn, champion=lee, members=(cleo,))


def write(case, quinn, *rows: Row, part: str = "OCCURRENCE", **options):
    return cause_trees.write_causes(case, by=quinn, at=AT, part=part, rows=rows, **options)


def standing(case, part: str = "OCCURRENCE") -> list[tuple[int, str]]:
    return [(row.level, row.text) for row in cause_trees.rows_of(list(cause_trees.nodes_of(case, part)))]


def rows(case, part: str = "OCCURRENCE") -> list[Row]:
    return cause_trees.rows_of(list(cause_trees.nodes_of(case, part)))


def codes(refusal) -> list[str]:
    return [why.code for why in refusal.value.reasons]


def test_a_tree_is_kept_as_written(case, quinn):
    tree = write(
        case, quinn, Row(text="a"), Row(level=2, text=" b ", evidence="seen"), Row(level=1, text="c"), Row(level=2)
    )

    assert standing(case) == [(1, "a"), (2, "b"), (1, "c")]
    assert tree.version == 1
    assert [(event.kind, event.facts["added"]) for event in events_of(case, "diagnosis.")] == [
        ("diagnosis.causes_written", 3)
    ]


def test_moving_rewording_and_removing_keep_the_nodes_that_stay(case, quinn):
    write(case, quinn, Row(text="a"), Row(level=2, text="b"), Row(text="c"))
    a, b, c = rows(case)

    write(case, quinn, c, Row(b.id, 2, "b again", result="CONFIRMED"), expected=1)

    assert standing(case) == [(1, "c"), (2, "b again")]
    assert CauseNode.objects.get(pk=b.id).parent_id == c.id
    assert CauseNode.objects.get(pk=a.id).removed_at == AT
    facts = events_of(case, "diagnosis.")[-1].facts
    assert {name: facts[name] for name in ("version", "added", "changed", "removed")} == {
        "version": 2, "added": 0, "changed": 2, "removed": 1,
    }  # fmt: skip


def test_nothing_changed_is_no_event(case, quinn):
    write(case, quinn, Row(text="a"))

    tree = write(case, quinn, *rows(case), expected=1)

    assert (tree.version, len(events_of(case, "diagnosis."))) == (1, 1)


def test_an_older_edition_is_refused_and_nothing_is_half_done(case, quinn):
    write(case, quinn, Row(text="a"))

    with pytest.raises(Refused) as refusal:
        write(case, quinn, Row(text="b"), expected=0)

    assert codes(refusal) == ["changed_meanwhile"]
    assert standing(case) == [(1, "a")]


@pytest.mark.parametrize("other", ["ask", "judge", "promote"])
def test_a_change_by_another_verb_counts_as_an_edition(case, quinn, other):
    write(case, quinn, Row(text="a"))
    write(case, quinn, Row(text="card", bone="MAN"), part="ISHIKAWA")
    if other == "ask":
        diagnosis.ask_why(case, by=quinn, at=AT, leg="OCCURRENCE", text="b")
    elif other == "judge":
        diagnosis.judge_why(CauseNode.objects.get(text="a"), by=quinn, at=AT, result="CONFIRMED")
    else:
        cause_trees.promote_bone(case, by=quinn, at=AT, bone=CauseNode.objects.get(text="card"), leg="OCCURRENCE")

    with pytest.raises(Refused) as refusal:
        write(case, quinn, Row(text="z"), expected=1)

    assert codes(refusal) == ["changed_meanwhile"]


def test_the_legs_are_parts_of_their_own(case, quinn):
    write(case, quinn, Row(text="a"))

    write(case, quinn, Row(text="b"), part="ESCAPE", expected=0)

    assert (standing(case), standing(case, "ESCAPE")) == ([(1, "a")], [(1, "b")])


def test_an_answer_that_carries_a_root_cause_is_not_removed(case, quinn):
    write(case, quinn, Row(text="a"))
    node = CauseNode.objects.get(text="a")
    cause = diagnosis.record_cause(case, by=quinn, at=AT, leg="OCCURRENCE", code="PRC", text="worn", node=node)

    with pytest.raises(Refused) as refusal:
        write(case, quinn, expected=1)
    diagnosis.withdraw_cause(cause, by=quinn, at=AT, why="wrong")
    write(case, quinn, expected=1)

    assert [(why.code, why.params) for why in refusal.value.reasons] == [("why_carries_cause", {"text": "a"})]
    assert standing(case) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([Row(), Row(level=2, text="b")], "why_without_text"),
        ([Row(level=n, text="x") for n in range(1, 15)], "whys_too_deep"),
        ([Row(text=str(n)) for n in range(301)], "whys_too_many"),
        ([Row(999_999, 1, "not mine")], "changed_meanwhile"),
    ],
)
def test_what_cannot_stand_is_refused(case, quinn, given, code):
    with pytest.raises(Refused) as refusal:
        write(case, quinn, *given)

    assert codes(refusal) == [code]
    assert not case.cause_nodes.exists()


def test_a_card_lies_under_one_of_the_six_headings(case, quinn):
    with pytest.raises(Refused) as refusal:
        write(case, quinn, Row(text="a", bone="MONEY"), part="ISHIKAWA")

    assert codes(refusal) == ["bone_missing"]


def test_a_tree_of_two_hundred_answers_is_kept(case, quinn):
    write(case, quinn, *(Row(level=1 + n % 12, text=f"answer {n}") for n in range(200)))

    assert len(standing(case)) == 200


def test_one_who_may_not_record_is_refused(case, ada):
    with pytest.raises(PermissionDenied):
        write(case, ada, Row(text="a"))


def test_one_more_answer_below_the_deepest_is_refused(case, quinn):
    write(case, quinn, *(Row(level=n, text=str(n)) for n in range(1, 13)))
    deepest = CauseNode.objects.get(text="12")

    with pytest.raises(Refused) as refusal:
        diagnosis.ask_why(case, by=quinn, at=AT, leg="OCCURRENCE", text="13", parent=deepest)

    assert codes(refusal) == ["whys_too_deep"]


# A card into the tree -------------------------------------------------------------------------------------------------


def test_a_card_goes_into_the_tree_with_all_it_says_and_stays_on_the_fishbone(case, quinn):
    write(case, quinn, Row(text="a"))
    write(case, quinn, Row(text="worn", bone="MACHINE", evidence="photo", result="CONFIRMED"), part="ISHIKAWA")
    parent, card = CauseNode.objects.get(text="a"), CauseNode.objects.get(text="worn")

    node = cause_trees.promote_bone(case, by=quinn, at=AT, bone=card, leg="OCCURRENCE", parent=parent)

    assert (node.origin_id, node.evidence, node.result, node.tool) == (card.pk, "photo", "CONFIRMED", "5WHY")
    assert standing(case) == [(1, "a"), (2, "worn")]
    assert standing(case, "ISHIKAWA") == [(1, "worn")]


def test_a_card_goes_into_a_tree_once(case, quinn):
    write(case, quinn, Row(text="worn", bone="MACHINE"), part="ISHIKAWA")
    card = CauseNode.objects.get(text="worn")
    cause_trees.promote_bone(case, by=quinn, at=AT, bone=card, leg="OCCURRENCE")

    with pytest.raises(Refused) as refusal:
        cause_trees.promote_bone(case, by=quinn, at=AT, bone=card, leg="OCCURRENCE")
    cause_trees.promote_bone(case, by=quinn, at=AT, bone=card, leg="ESCAPE")

    assert codes(refusal) == ["bone_promoted"]


def test_a_card_goes_only_below_an_answer_of_that_leg(case, quinn):
    write(case, quinn, Row(text="a"), part="ESCAPE")
    write(case, quinn, Row(text="worn", bone="MACHINE"), part="ISHIKAWA")
    card, stranger = CauseNode.objects.get(text="worn"), CauseNode.objects.get(text="a")

    with pytest.raises(Refused) as refusal:
        cause_trees.promote_bone(case, by=quinn, at=AT, bone=card, leg="OCCURRENCE", parent=stranger)

    assert codes(refusal) == ["changed_meanwhile"]


# The page and the interface -------------------------------------------------------------------------------------------


def page(case) -> str:
    return reverse("case-do", args=[case.ref, "write_causes"])


def form(*texts: str, levels=(), ids=(), bases=(), expected: int = 0, part: str = "OCCURRENCE", **more):
    n = len(texts)
    keys = zip(ids or [""] * n, levels or range(1, n + 1), bases or [""] * n, strict=True)
    return {
        "part": part, "expected": expected, "once": "a", "row": [f"{i}:{level}:0:{base}:" for i, level, base in keys],
        "text": list(texts), "test": [""] * n, "evidence": [""] * n, "result": ["OPEN"] * n, **more,
    }  # fmt: skip


def test_an_empty_tree_begins_with_a_row_to_type_in(case, quinn, signed_in):
    answer = signed_in(quinn).get(page(case), {"part": "ESCAPE"})

    assert answer.context["form"].rows == [Row()]
    assert "autofocus" in answer.content.decode()


def test_the_form_keeps_the_tree(case, quinn, signed_in):
    answer = signed_in(quinn).post(page(case), form("a", "b", ""))

    assert answer.status_code == 302
    assert standing(case) == [(1, "a"), (2, "b")]


@pytest.mark.parametrize(
    ("op", "after"), [("child:1", ["a", "b", ""]), ("remove:0", ["a", "b"]), ("add:MAN", ["a", "b"])]
)
def test_a_button_rearranges_what_is_typed_and_keeps_nothing_yet(case, quinn, signed_in, op, after):
    answer = signed_in(quinn).post(page(case), form("a", "b", op=op))

    assert answer.status_code == 200
    assert [row.text for row in answer.context["form"].rows] == after
    assert not case.cause_nodes.exists()


def test_a_card_is_removed_by_its_own_button_among_the_empty_rows_of_all(case, quinn, signed_in):
    write(case, quinn, Row(text="fitter", bone="MAN"), Row(text="nozzle", bone="MACHINE"), part="ISHIKAWA")
    client = signed_in(quinn)
    cards = client.get(page(case), {"part": "ISHIKAWA"}).context["form"].cards()
    rows = [row for card in cards for row in card["rows"]]
    place = next(row["n"] for row in rows if row["row"].text == "nozzle")
    sent = {
        "part": "ISHIKAWA", "expected": 1, "once": "a", "row": [row["key"] for row in rows],
        "text": [row["row"].text for row in rows], "result": ["OPEN"] * len(rows),
        **{name: [""] * len(rows) for name in ("test", "evidence")},
    }  # fmt: skip

    answer = client.post(page(case), {**sent, "op": f"remove:{place}"})

    assert [(row.text, row.gone) for row in answer.context["form"].rows] == [("fitter", False), ("nozzle", True)]


def test_what_is_removed_is_named_until_it_is_sent(case, quinn, signed_in):
    answer = signed_in(quinn).post(page(case), form("Nozzle worn", op="remove:0"))

    assert "<s>Nozzle worn</s>" in answer.content.decode()
    assert "Bring back" in answer.content.decode()


def test_two_who_write_one_tree_see_both_texts_and_lose_none(case, quinn, signed_in):
    write(case, quinn, Row(text="old"))
    [row] = rows(case)
    write(case, quinn, Row(row.id, 1, "theirs"), Row(text="added by them"), expected=1)
    client = signed_in(quinn)

    answer = client.post(page(case), form("mine", "my own", ids=[row.id, ""], bases=[row.base, ""], expected=1))

    said = answer.content.decode()
    assert answer.status_code == 409
    assert all(text in said for text in ("mine", "my own", "theirs", "added by them"))
    assert answer.context["form"].version == 2


def test_rows_that_say_too_much_or_choose_nothing_are_told(case, quinn, signed_in):
    answer = signed_in(quinn).post(page(case), form("a" * 2001, result=["SURE"]))

    assert answer.status_code == 422
    assert "Row 1 is too long: keep each text below 2000 letters." in answer.content.decode()
    assert "Row 1: choose open, confirmed or ruled out." in answer.content.decode()


@pytest.mark.parametrize(
    "bad", [{"row": ["x:y:z"]}, {"row": []}, {"part": "SPINE"}, {"expected": "many"}, {"op": "up:99999999999999999999"}]
)
def test_a_form_that_cannot_be_read_is_no_fault_of_ours(case, quinn, signed_in, bad):
    assert signed_in(quinn).post(page(case), {**form("a"), **bad}).status_code < 500


DEEP = "9" * 18


@pytest.mark.parametrize(
    "said",
    [{"row": [f":{DEEP}:0::MAN"]}, {"rows": [json.dumps({"text": "a", "level": int(DEEP)})]}],
    ids=["row", "rows"],
)
@pytest.mark.parametrize(
    ("more", "status"), [({"op": "add:MAN"}, 200), ({"result": ["SURE"], "text": ["a" * 2001]}, 422)]
)
def test_a_level_of_eighteen_digits_takes_no_more_room_than_a_deep_one(case, quinn, signed_in, said, more, status):
    if "rows" in said and status == 422:
        said = {"rows": [json.dumps({"text": "a" * 2001, "level": int(DEEP)})]}

    answer = signed_in(quinn).post(page(case), {**form("a", part="ISHIKAWA"), **said, **more})

    assert answer.status_code == status
    assert answer.context["form"].rows[0].level == cause_trees.DEEPEST + 1


def test_two_hundred_rows_are_rearranged_and_kept_by_the_form(case, quinn, signed_in):
    texts = [f"answer {n}" for n in range(200)]
    levels = [1 + n % 12 for n in range(200)]
    client = signed_in(quinn)

    assert client.post(page(case), form(*texts, levels=levels, op="down:0")).status_code == 200
    assert client.post(page(case), form(*texts, levels=levels)).status_code == 302
    assert client.get(reverse("case-diagnosis", args=[case.ref])).status_code == 200


def test_the_interface_takes_rows_as_objects(case, quinn):
    from complaints import acts
    from complaints.api import _as_form_data

    sent = {
        "part": "OCCURRENCE",
        "expected": 0,
        "rows": [{"text": "a"}, {"level": 2, "text": "b", "result": "CONFIRMED"}],
    }
    bound = acts.get("write_causes").form(
        _as_form_data(json.loads(json.dumps(sent))), complaint=case, user=quinn, now=NOON
    )

    assert bound.is_valid(), bound.errors
    acts.perform(acts.get("write_causes"), case, by=quinn, at=AT, said=dict(bound.cleaned_data))
    assert standing(case) == [(1, "a"), (2, "b")]


def test_the_diagnosis_page_shows_tree_fishbone_and_hints(case, quinn, signed_in):
    write(case, quinn, Row(text="Operator error", evidence="seen", result="CONFIRMED"))
    write(case, quinn, Row(text="Nozzle worn", bone="MACHINE", result="CONFIRMED"), part="ISHIKAWA")

    answer = signed_in(quinn).get(reverse("case-diagnosis", args=[case.ref]))

    said = answer.content.decode()
    assert "ends at a person" in said
    assert '<svg viewBox="0 0 760' in said
    assert "var(--ink)" in said
    assert answer.context["causes"]["findings"] == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"rows": ['{"text": "a\\ud800"}']},
        {"rows": ["[" * 50_000]},
        {"row": [":1:0::"], "text": ["a\0b"], "test": [""], "evidence": [""], "result": ["OPEN"]},
        {"row": [":1:0::"], "text": ["a"], "test": [""], "evidence": ["e\0"], "result": ["OPEN"]},
    ],
)
def test_what_no_database_keeps_is_refused_in_words(case, quinn, signed_in, sent):
    url = reverse("case-do", args=[case.ref, "write_causes"])

    answer = signed_in(quinn).post(url, {"part": "OCCURRENCE", "expected": "0", "once": "a", **sent})

    assert answer.status_code == 422
    assert not case.cause_nodes.exists()


@pytest.mark.parametrize(("language", "sentence"), [
    ("en", "The tree of whys came with more answers than can be read: at most 300 in one part."),
    ("zh-hans", "最多 300 个"),
])  # fmt: skip
def test_five_thousand_rows_are_told_what_is_too_many_and_change_nothing(case, quinn, signed_in, language, sentence):
    quinn.language = language
    quinn.save()
    write(case, quinn, Row(text="kept"))

    answer = signed_in(quinn).post(page(case), form(*["why"] * 5000))

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert standing(case) == [(1, "kept")]


def test_a_tree_that_is_stale_and_does_not_fit_says_both_and_counts_the_rows_as_shown(case, quinn, signed_in):
    write(case, quinn, Row(text="theirs"))

    answer = signed_in(quinn).post(page(case), form("b" * 2001, levels=[1], expected=0))

    said = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this case meanwhile." in said
    assert "theirs" in said
    long = next(n for n, row in enumerate(answer.context["form"].rows, 1) if len(row.text) > 2000)
    assert f"Row {long} is too long" in said
    assert standing(case) == [(1, "theirs")]
