"""A Chinese page cites law as a Chinese lawyer writes it."""

import pytest
from django.utils import translation

from contracts.clauses.gaplaw import LAW
from contracts.law_words import cited


@pytest.mark.parametrize(("law", "said"), [
    ("CC 621(2), 622(1)", "民法典第621条第2款、第622条第1款"),
    ("CC 563(1)(3)", "民法典第563条第1款第3项"),
    ("CC 201–203", "民法典第201条至第203条"),
    ("CC 582 sentence 2", "民法典第582条第2句"),
    ("CC 582; SPC Sales 17", "民法典第582条；买卖合同司法解释第17条"),
    ("CISG 39(2)", "联合国国际货物销售合同公约第39条第2款"),
    ("UCC 2-314, 2-315", "UCC 2-314, 2-315"),
    ("", ""),
])  # fmt: skip
def test_a_citation_in_chinese(law, said):
    with translation.override("zh-hans"):
        assert cited(law) == said


def test_english_keeps_the_short_form():
    assert cited("CC 621(2), 623; SPC Sales 12") == "CC 621(2), 623; SPC Sales 12"


def test_every_rule_of_the_gap_check_but_the_ucc_has_a_chinese_form():
    with translation.override("zh-hans"):
        left = {law for rules in LAW.values() for law in rules.values() if law and cited(law) == law}

    assert all(law.startswith("UCC") for law in left)
