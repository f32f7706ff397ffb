import json
import os
from pathlib import Path

import pytest

from complaints.grading import Circumstances, Scores, grade

VECTORS = Path(__file__).resolve().parents[2].parent / "shared" / "vectors" / "grading_kpi_vectors.json"
GRADING = json.loads(VECTORS.read_text())["grading"] if VECTORS.exists() else []


def test_the_vectors_are_there_in_ci():
    assert GRADING or "CI" not in os.environ


@pytest.mark.parametrize("vector", GRADING, ids=lambda vector: vector["id"])
def test_a_worked_grading_comes_out_as_written(vector):
    given = vector["input"]
    facts = {name: given[name] for name in ("injury", "site_stop", "repeat_after_capa", "dscr") if name in given}

    result = grade(Scores(given["S"], given["E"], given["C"], given["R"]), Circumstances(**facts))

    expected = vector["expected"]
    assert result.score == expected["score"]
    assert [result.base, result.after_impact, result.grade] == [
        f"G{expected[name]}" for name in ("base", "after_impact", "grade")
    ]
    assert [code for code, _ in result.floors] == [floor.split()[0] for floor in expected["floors"]]


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_outside_one_to_five_is_refused(score):
    with pytest.raises(ValueError, match="extent must be from 1 to 5"):
        Scores(1, score, 1, 1)
