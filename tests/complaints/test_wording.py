"""The words of a case as terms that can be compared."""

import pytest

from complaints.wording import MOST, concepts, joined, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It leaks.", "Leaking since Monday"),
        ("液压缸漏油", "The cylinder leaks oil"),
        ("轴承异响", "Bearing noise above 1 450 rpm"),
        ("Ｐｕｍｐ seized", "pumps"),
        ("the valve", "valves"),
        ("a hose", "two hoses"),
        ("gauge", "gauges"),
        ("body", "bodies"),
        ("assembly", "assemblies"),
        ("box", "boxes"),
        ("housing", "houses"),
        ("件号 HC-220145/B", "part hc-220145/b"),
    ],
)
def test_the_same_thing_said_otherwise_shares_a_term(one, other):
    assert set(terms(one)) & set(terms(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The customer has a problem with the product.", "Please look at the quality problem"),
        ("在 3 号机组", "在 3 号泵"),
        ("4.5 mm/s at 1 450", "5 at 4.5 and 1 450"),
        ("我们的设备", "他们的货物"),
    ],
)
def test_words_that_bind_and_readings_say_nothing(one, other):
    assert not set(terms(one)) & set(terms(other))


def test_chinese_words_are_found_inside_sentences_and_told_whole():
    here = "液压缸活塞杆处漏油，油封老化"
    shared = set(terms(here)) & set(terms("油缸漏油严重，活塞杆划伤"))

    assert joined(shared, here) == ["活塞杆", "漏油"]
    assert concepts(shared) == ["leak"]


def test_a_word_is_told_once_however_it_ends():
    assert joined(terms("pumps"), "The pump stops, all pumps stop") == ["pump"]


def test_a_hostile_text_stays_small():
    assert len(terms("\0" * 10 + "word" * 9000 + " " + " ".join(f"w{n}x" for n in range(9000)))) == MOST
    assert all(len(term) <= 40 for term in terms("x" * 100_000))
