"""docs/lifecycle.md says what the code does (STYLE 31, ARCHITECTURE §5.2)."""

import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

from complaints import clock_moves, gates, words
from complaints.models.states import State

HOUSE = Path(__file__).resolve().parents[2]
PAGE = (HOUSE / "docs" / "lifecycle.md").read_text(encoding="utf-8")


def lifecycle_doc():
    """Return the script that writes the page, as a module."""
    loader = SourceFileLoader("lifecycle_doc", str(HOUSE / "bin" / "_lifecycle_doc"))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def script():
    return lifecycle_doc()


def section(verb: str) -> str:
    return PAGE.partition(f" {verb}\n\n")[2].partition("\n## ")[0]


def test_the_page_is_what_the_code_says(script):
    assert script.page() == PAGE, "Run bin/_lifecycle_doc"


@pytest.mark.parametrize("verb", gates.MOVES)
def test_every_move_stands_there_with_its_guards_and_consequences(verb):
    text = section(verb)

    assert " → " in text
    for guard in gates.guards_of(verb):
        assert f"Asked first ({guard.__module__})" in text
    assert text.count("- Then (") == len(gates.acts_of(verb))
    assert text.count("- Clocks: ") == len(clock_moves.EFFECTS.get(verb, ())) + (verb == "register")
    assert "- Clocks: \n" not in text  # each effect says what it does


def test_every_state_is_reached_by_a_move():
    reached = {target for line in re.findall(r"^- (.*→ \w+), by", PAGE, re.M) for target in [line.split(" → ")[1]]}

    assert reached == set(State.values) - {"DRAFT"}


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        ("register", "received_too_early"),
        ("begin_diagnosis", "containment_open"),
        ("send_proposal", "approval_pending"),
        ("report_done", "line_evidence_missing"),
        ("close", "visit_first_missing"),
        ("reopen", "reopening_window_over"),
    ],
)
def test_reasons_are_found_through_the_rooms(verb, code):
    assert f"- `{code}`: {words.SENTENCES[code]}" in section(verb)
