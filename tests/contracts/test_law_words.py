"""A Chinese page cites law as a Chinese lawyer writes it."""

import pytest
from django.utils import translation

from contracts.clauses.citing import LAWS
from contracts.clauses.gaplaw import LAW
from contracts.law_words import cited


@pytest.mark.parametrize(("law", "said"), [
    ("CC 621(2), 622(1)", "民法典第621条第2款、第622条第1款"),
    ("CC 563(1)(3)", "民法典第563条第1款第3项"),
    ("CC 201–203", "民法典第201条至第203条"),
    ("CC 582 sentence 2", "民法典第582条第2句"),
    ("CC 582; SPC Sales 17", "民法典第582条；买卖合同司法解释第17条"),
    ("CISG 39(2)", "联合国国际货物销售合同公约第39条第2款"),
    ("UCC 2-607(3)(a), 2-315", "美国统一商法典（纽约州）第2-607条第3款第a项、第2-315条"),
    ("HGB 377(3)", "德国商法典第377条第3款"),
    ("Limitation Act 5", "英国1980年时效法第5条"),
    ("ask Legal", "须由法务指明该法律的规则"),
    ("if Chinese law applies: CC 584", "如适用中国法：民法典第584条"),
    ("", ""),
])  # fmt: skip
def test_a_citation_in_chinese(law, said):
    with translation.override("zh-hans"):
        assert cited(law) == said


def test_english_names_the_law_in_full():
    assert cited("CC 621(2), 623; SPC Sales 12") == "Civil Code (China) 621(2), 623; SPC Interpretation on Sales 12"
    assert cited("BGB 434") == "Civil Code (Germany, BGB) 434"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_law_that_is_cited_has_a_name_in_both_languages(language):
    everywhere = [law for rules in (*LAW.values(), *LAWS.values()) for law in rules.values() if law]
    with translation.override(language):
        left = {law for law in everywhere if cited(law) == law and not law.startswith("CISG")}

    assert not left
