"""Every state has its words, in both languages."""

import pytest
from django.utils import translation

from complaints.models.states import LetterKind, State
from portal import words

FULL = {
    "first_answer": "Thu 14 May 12:00 (GMT+8)", "version": 2, "answer_by": "Fri 5 June", "parts": 3, "parts_done": 1,
    "done_by": "Thu 28 May", "resolved_on": "Wed 20 May", "ended_on": "Wed 20 May", "next_visit": "Wed 27 May",
    "next_visit_kind": "CALL", "object_until": "Fri 19 June", "master": "QC-2026-00001",
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("state", State.values)
def test_every_state_has_its_step_and_its_two_sentences(state, language):
    for facts in (words.Facts(state), words.Facts(state, **FULL), words.Facts(state, reopened=True, offer_open=True)):
        with translation.override(language):
            said = words.status(facts), words.what_next(facts)

        assert words.STEP_OF[state] in range(5)
        assert all(len(sentence) >= 6 and "%(" not in sentence for sentence in said)


def test_nothing_but_the_states_has_words():
    assert set(words.STATUS) == set(words.NEXT) == set(words.STEP_OF) == set(State.values)


def test_every_kind_of_letter_has_a_name_for_customers():
    assert set(words.DOCUMENTS) == set(LetterKind.values)


def test_our_own_state_names_are_never_the_sentence():
    for state in State:
        assert words.status(words.Facts(state, **FULL)) != str(state.label)
