"""Search: a number leads to its case, words to a list."""

import pytest

from tests.complaints.factories import received
from tests.complaints.test_queue import rows


@pytest.mark.parametrize("typed", ["{ref}", "  {ref} ", "{lower}", "{bare}", "QC-{year}-{number}"])
def test_a_number_leads_straight_to_its_case(ada, signed_in, typed):
    case = received(ada)
    _qc, year, number = case.ref.split("-")
    words = typed.format(ref=case.ref, lower=case.ref.lower(), bare=case.ref[3:], year=year, number=int(number))

    answer = signed_in(ada).get("/search/", {"q": words})

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/cases/{case.ref}/")


def test_words_list_the_cases_that_contain_all_of_them_ended_ones_too(ada, rival, signed_in):
    case = received(ada, title="主轴密封漏油", serial="B2309-77")
    received(ada, customer=rival)
    client = signed_in(ada)

    assert rows(client.get("/search/", {"q": "漏油"})) == [case.ref]
    assert rows(client.get("/search/", {"q": "b2309 漏油"})) == [case.ref]
    assert len(rows(client.get("/search/", {"q": "gearbox"}))) == 2


def test_a_number_that_does_not_exist_says_what_to_do(ada, signed_in):
    answer = signed_in(ada).get("/search/", {"q": "QC-2026-99999"})

    assert answer.status_code == 200
    assert "No case fits." in answer.text


def test_too_many_words_and_odd_ones_do_no_harm(ada, signed_in):
    received(ada)
    client = signed_in(ada)

    for words in ("%", "_", "'", "a " * 300, "\x00", "🙂"):
        assert client.get("/search/", {"q": words}).status_code == 200
