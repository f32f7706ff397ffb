"""Every reason of this room has its sentence, and every sentence can be filled."""

import re
from pathlib import Path

from complaints import words
from complaints.gates import Reason
from remediation import reasons

ROOM = Path(reasons.__file__).parent


def test_every_code_that_is_used_has_a_sentence():
    used = {code for file in ROOM.glob("*.py") for code in re.findall(r'reason\(\s*"([a-z_]+)"', file.read_text())} | {
        "line_failed",
        "line_open",
        "approval_for_goodwill",
        "approval_by_value",
        "approval_by_lowest",
        "approval_by_highest",
    }

    assert used <= words.SENTENCES.keys()


def test_every_sentence_is_used():
    text = "".join(file.read_text() for file in ROOM.glob("*.py") if file.name != "reasons.py")

    assert [code for code in reasons.SENTENCES if f'"{code}"' not in text] == []


def test_every_sentence_can_be_said():
    for code, sentence in reasons.SENTENCES.items():
        names = re.findall(r"{(\w+)}", str(sentence))

        filled = {name: [] if name == "differs" else "x" for name in names}
        said = words.say(Reason(code, filled))

        assert "{" not in said
