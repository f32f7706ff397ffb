"""One fact has one spelling."""

import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.db import models
from django.utils.translation import gettext_lazy

from audit.canonical import merkle_root, plain, text_digest


class Grade(models.TextChoices):
    G1 = "G1", "Critical"


@pytest.mark.parametrize(
    ("fact", "spelling"),
    [
        (Decimal("12800.00"), "12800.00"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 3, 10), "2026-03-10"),
        (datetime(2026, 3, 10, 20, tzinfo=timezone(timedelta(hours=8))), "2026-03-10T12:00:00+00:00"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Grade.G1, "G1"),
        ((1, True, None), [1, True, None]),
        ({"质量": "裂纹 👍"}, {"质量": "裂纹 👍"}),
    ],
)
def test_a_fact_is_spelt_one_way(fact, spelling):
    assert plain(fact) == spelling
    assert plain(plain(fact)) == spelling


@pytest.mark.parametrize("fact", [0.1, {1, 2}, b"x", object(), gettext_lazy("Case"), {1: "x"}, {"deep": [{"x": 0.5}]}])
def test_what_has_no_single_spelling_is_refused(fact):
    with pytest.raises(TypeError):
        plain(fact)


@pytest.mark.parametrize("fact", [Decimal("NaN"), datetime(2026, 3, 10), "a\0b", "\ud800", {"a\0": 1}])  # noqa: DTZ001
def test_what_no_database_could_give_back_is_refused(fact):
    with pytest.raises(ValueError):  # noqa: PT011
        plain(fact)


def test_the_digest_of_a_text_depends_on_its_salt():
    assert text_digest("00" * 16, "Ms Li") != text_digest("01" * 16, "Ms Li")


def test_the_root_does_not_depend_on_the_order_and_changes_with_any_leaf():
    leaves = [bytes([n]) * 32 for n in range(5)]

    assert merkle_root(leaves) == merkle_root(leaves[::-1])
    assert merkle_root(leaves) != merkle_root(leaves[:4])
    assert merkle_root([]) == merkle_root([])


def test_moments_are_utc():
    assert plain(datetime(2026, 3, 10, 12, 0, 0, 5, tzinfo=UTC)) == "2026-03-10T12:00:00.000005+00:00"
