"""What the linter for reasoning finds in a tree of whys, and what it leaves alone."""

import time

import pytest
from django.utils import translation

from complaints import reasoning_words
from complaints.reasoning import Action, Answer, Cause, Tree, blames_people, chains, check, only_blames_people

SURE = {"result": "CONFIRMED", "evidence": "photo 2"}


def codes(findings) -> list[str]:
    return [finding.code for finding in findings]


BLAMING = [
    "Operator error", "operator error.", "Human mistake", "Due to human error", "Human error of the night shift",
    "The operator was careless", "Negligence of the worker", "Insufficient training", "The fitter forgot it",
    "操作失误", "员工疏忽", "人为原因", "员工疏忽导致漏装", "操作员粗心大意", "由于人为因素", "责任心不强",
    "培训不到位", "误操作", "人的原因",
    "操作错误", "操作不当", "人为差错", "人员的错误", "操作员接线错误", "不当操作",
    "ｏｐｅｒａｔｏｒ　ｅｒｒｏｒ",
]  # fmt: skip
HONEST = [
    "The dispenser nozzle is worn and nobody checks it", "注脂嘴磨损，没有规定检查周期", "Not an operator error",
    "非人为原因",
    "An operator error passes unseen, because the fixture takes the part in both directions",
    "夹具两个方向都能装入，操作失误无法被发现，且无防错装置", "The torque tool has no interlock", "Zinc pot too cold",
    "",
    "Training material shows the old drawing",
    "设计错误", "图纸错误", "程序错误", "参数设置不当", "账面差错", "操作记录错误",
]  # fmt: skip


@pytest.mark.parametrize("text", BLAMING)
def test_an_answer_that_ends_at_a_person_is_found(text):
    assert codes(check([Answer(1, text, **SURE)])) == ["person_blamed"]


@pytest.mark.parametrize("text", HONEST)
def test_an_answer_about_the_process_is_left_alone(text):
    assert not blames_people(text)


@pytest.mark.parametrize("text", ["Operator error", "human error", "操作失误", "员工疏忽", "The operator was careless"])
def test_blame_and_nothing_else_is_told_from_blame_among_other_words(text):
    assert only_blames_people(text)
    assert not only_blames_people(f"{text}: the jig takes the part in both directions 夹具两个方向都能装入")


@pytest.mark.parametrize("text", ["Insufficient training", "培训不到位"])
def test_a_lack_of_training_is_asked_about_but_may_be_a_cause(text):
    assert blames_people(text)
    assert not only_blames_people(text)


def test_a_person_may_stand_in_the_middle_of_the_chain():
    answers = [Answer(1, "Operator error", **SURE), Answer(2, "Both plugs fit both sockets", parent=1, **SURE)]

    assert codes(check(answers)) == []


def test_what_is_ruled_out_below_does_not_count_as_going_on():
    answers = [
        Answer(1, "Operator error", **SURE),
        Answer(2, "Both plugs fit", parent=1, result="EXCLUDED", evidence="tried"),
    ]

    assert codes(check(answers)) == ["person_blamed"]


def test_a_chain_that_comes_back_to_itself_is_found_once_an_answer():
    answers = [Answer(1, "A", parent=3, **SURE), Answer(2, "B", parent=1, **SURE), Answer(3, "C", parent=2, **SURE)]

    assert codes(check(answers)) == ["circle"] * 3
    assert chains(answers) == []


def test_an_answer_beside_a_circle_is_no_circle():
    answers = [Answer(1, "A", parent=2), Answer(2, "B", parent=1), Answer(3, "C", parent=2, test="look")]

    assert [finding.answer for finding in check(answers) if finding.code == "circle"] == [1, 2]


def test_an_answer_that_repeats_one_above_it_in_other_letters_is_a_circle_in_words():
    answers = [
        Answer(1, "Grease is low", **SURE),
        Answer(2, "Nozzle worn", parent=1, **SURE),
        Answer(3, "grease is  LOW。", parent=2, **SURE),
    ]

    found = check(answers)

    assert [(one.code, one.answer, one.params["above"]) for one in found] == [("circle_in_words", 3, "Grease is low")]


def test_an_answer_that_repeats_the_problem_is_found():
    assert codes(check([Answer(1, "漏油！", **SURE)], problem="漏油")) == ["circle_in_words"]


def test_the_second_of_two_equal_answers_at_one_level_is_found():
    answers = [
        Answer(1, "Wrong lot", **SURE),
        Answer(2, "wrong lot.", **SURE),
        Answer(3, "Wrong lot", leg="ESCAPE", **SURE),
    ]

    assert [(one.code, one.answer) for one in check(answers)] == [("twice", 2)]


def test_what_is_decided_without_anything_shown_is_found():
    answers = [Answer(1, "Worn", result="CONFIRMED"), Answer(2, "Wet", result="EXCLUDED"), Answer(3, "Cold")]

    assert codes(check(answers)) == ["confirmed_without_evidence", "ruled_out_without_evidence", "no_test_yet"]


def test_a_test_planned_or_done_is_enough():
    answers = [Answer(1, "Worn", result="CONFIRMED", test="measured"), Answer(2, "Cold", test="log the furnace")]

    assert check(answers) == []


def test_confirmed_below_ruled_out_cannot_be():
    answers = [Answer(1, "Wet", result="EXCLUDED", evidence="dry"), Answer(2, "Roof leaks", parent=1, **SURE)]

    found = check(answers)

    assert [(one.code, one.params["above"]) for one in found] == [("confirmed_below_ruled_out", "Wet")]


def test_a_cause_is_asked_for_its_proof_and_for_the_answer_it_stands_on():
    answers = [Answer(1, "Nozzle worn", leg="OCCURRENCE", **SURE)]

    found = check(answers, [Cause(7, "Nozzle", leg="OCCURRENCE"), Cause(8, "Plan", leg="ESCAPE", proven=True)])

    assert [(one.code, one.cause) for one in found] == [("cause_unproven", 7), ("cause_beside_tree", 7)]


def test_a_cause_on_an_answer_that_fell_is_found():
    answers = [
        Answer(1, "Wet", result="EXCLUDED", evidence="dry"),
        Answer(2, "Roof", parent=1, test="look"),
    ]

    assert codes(check(answers, [Cause(7, "Roof", answer=2, proven=True)])) == ["cause_on_ruled_out"]


def test_a_cause_that_blames_is_found_too():
    assert codes(check([], [Cause(7, "员工疏忽", proven=True)])) == ["person_blamed"]


def test_an_action_that_touches_no_cause_is_found():
    actions = [Action(1, "Check", cause=7), Action(2, "Talk to staff"), Action(3, "Repaint", cause=99)]

    found = check([], [Cause(7, "Nozzle", proven=True)], actions)

    assert [(one.code, one.action) for one in found] == [("action_without_cause", 2), ("action_without_cause", 3)]


def test_the_longest_chain_that_holds_is_read_back_first():
    answers = [
        Answer(1, "a"), Answer(2, "b", parent=1), Answer(3, "c", parent=2),
        Answer(4, "d", parent=3, result="EXCLUDED"), Answer(5, "e"),
    ]  # fmt: skip

    assert [[one.text for one in chain] for chain in chains(answers)] == [["c", "b", "a"], ["e"]]


@pytest.mark.parametrize("parent_of", [lambda n: n - 1 or None, lambda n: n // 2 or None, lambda n: None])
def test_a_tree_of_two_hundred_answers_is_read_in_a_moment(parent_of):
    answers = [Answer(n, f"Answer number {n}", parent=parent_of(n), test="t") for n in range(1, 201)]
    begun = time.perf_counter()

    found = check(answers)

    assert (found, Tree(answers).is_circle(answers[-1])) == ([], False)
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_finding_has_a_sentence_that_quotes_at_most_a_line(language):
    long = "操作失误" * 40
    found = check([Answer(1, long, result="CONFIRMED"), Answer(2, long, parent=1)], [Cause(7, long)], [Action(1, long)])

    with translation.override(language):
        said = [reasoning_words.say(one) for one in found]

    assert len(said) >= 5
    assert all("…" in sentence and len(sentence) < 300 for sentence in said)
