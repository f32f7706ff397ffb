"""Is / is-not from data: a planted cause is found, chance is not mistaken for one, and what is alike is said to be."""

import random
from datetime import date, timedelta

import pytest

from complaints.contrasts import ALPHA, Compared, NoContrast, Unit, compare, suspects

START = date(2026, 3, 2)
FACTORS = ("lot", "line", "made_on", "supplier_lot", "carrier")


def population(seed: int, *, size: int = 240) -> list[dict]:
    """Units made over sixty days on three lines from eight supplier lots, in twelve lots, by four carriers."""
    dice = random.Random(seed)
    return [
        {
            "lot": f"L{at * 12 // size:02}",
            "line": dice.choice(("A", "B", "C")),
            "made_on": START + timedelta(days=at * 60 // size),
            "supplier_lot": f"S{dice.randrange(8)}",
            "carrier": dice.choice(("north", "south", "east", "west")),
        }
        for at in range(size)
    ]


def planted(seed: int) -> tuple[str, list[Unit]]:
    """Return the factor that makes units fail (60 % of those it touches, 4 % of the others) and the units."""
    dice, units = random.Random(1000 + seed), population(seed)
    factor = FACTORS[seed % len(FACTORS)]
    one = dice.choice(units)[factor]
    touched = (
        (lambda facts: one <= facts[factor] <= one + timedelta(days=6))
        if isinstance(one, date)
        else (lambda facts: facts[factor] == one)
    )
    return factor, [
        Unit(str(at), dice.random() < (0.6 if touched(facts) else 0.04), facts) for at, facts in enumerate(units)
    ]


def test_a_planted_cause_is_among_the_first_three_in_95_of_100_seeds():
    found = 0
    for seed in range(200):
        factor, units = planted(seed)
        found += factor in [one.factor for one in compare(units).contrasts[:3]]

    assert found >= 190


def test_where_labels_are_shuffled_nothing_is_flagged_more_often_than_stated():
    flagged = 0
    for seed in range(400):
        facts, dice = population(seed, size=120), random.Random(seed)
        labels = [True] * 18 + [False] * 102
        dice.shuffle(labels)
        units = [Unit(str(at), bad, facts[at]) for at, bad in enumerate(labels)]
        flagged += bool(compare(units).flagged)

    assert flagged <= ALPHA * 400


def few(**factors: list) -> Compared:
    """Twelve units, of which the first six complain."""
    return compare(units_of(**factors))


def units_of(**factors: list) -> list[Unit]:
    return [Unit(f"u{at}", at < 6, {name: values[at] for name, values in factors.items()}) for at in range(12)]


def test_the_p_is_fishers():
    (one,) = few(line=["A"] * 6 + ["B"] * 6).contrasts

    assert one.holds.value == "A"
    assert one.table == (6, 0, 0, 6)
    assert one.p == pytest.approx(1 / 924)
    assert one.asked == 2
    assert one.adjusted == pytest.approx(2 / 924)
    assert one.flagged


def test_a_stretch_of_days_is_found_with_its_first_and_last_day():
    days = [START + timedelta(days=n) for n in (10, 11, 11, 12, 12, 13, 0, 3, 5, 20, 25, 30)]

    (one,) = few(made_on=days).contrasts

    assert (one.holds.first, one.holds.last) == (START + timedelta(days=10), START + timedelta(days=13))
    assert one.table == (6, 0, 0, 6)


def test_factors_that_hold_the_same_units_are_said_to_be_inseparable():
    same = ["x"] * 6 + ["y"] * 6
    compared = few(lot=same, supplier_lot=same, carrier=["n", "s"] * 6)

    assert {one.factor: one.twins for one in compared.flagged} == {
        "lot": ("supplier_lot",),
        "supplier_lot": ("lot",),
    }


def test_a_factor_of_which_every_unit_has_its_own_value_is_asked_nothing():
    compared = few(serial=[f"s{n}" for n in range(12)], line=["A"] * 6 + ["B"] * 6)

    assert compared.mute == ("serial",)
    assert [one.factor for one in compared.contrasts] == ["line"]


def test_units_without_a_value_are_counted_and_left_out():
    (one,) = few(line=["A"] * 5 + [None] + ["B"] * 5 + [None]).contrasts

    assert one.unknown == 2
    assert sum(one.table) == 10


def test_the_suspects_are_the_clean_units_that_share_it():
    units = units_of(line=["A"] * 8 + ["B"] * 4)
    (one,) = compare(units).contrasts

    assert [unit.name for unit in suspects(units, one)] == ["u6", "u7"]


@pytest.mark.parametrize(
    ("labels", "code"), [([], "no_units"), ([False, False], "none_complains"), ([True, True], "all_complain")]
)
def test_what_cannot_be_compared_says_why(labels, code):
    with pytest.raises(NoContrast) as told:
        compare([Unit(str(at), bad, {"line": "A"}) for at, bad in enumerate(labels)])

    assert told.value.code == code
