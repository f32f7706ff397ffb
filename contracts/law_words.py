"""Citations of law as a reader's language writes them: "CC 621(2)" is 民法典第621条第2款 in Chinese."""

import re

from django.utils.translation import get_language

NAMES = {  # as rules cite a body of law → its name in Chinese
    "CC": "民法典",
    "SPC Sales": "买卖合同司法解释",
    "SPC General Part": "合同编通则司法解释",
    "SME": "保障中小企业款项支付条例",
    "CISG": "联合国国际货物销售合同公约",
}
BODY = re.compile(rf"^({'|'.join(NAMES)}) (?=\d)")
ARTICLE = re.compile(r"^(\d+)(?:–(\d+))?((?:\(\d+\))*)(?: sentence (\d+))?$")
PARTS = ("款", "项")


def cited(law: str) -> str:
    """Return a citation in the reader's language; what has no Chinese form (the UCC) as it is."""
    if not law or not (get_language() or "").startswith("zh"):
        return law
    return "；".join(_body(one.strip()) for one in law.split(";"))


def _body(law: str) -> str:
    found = BODY.match(law)
    if found is None:
        return law
    articles = [_article(one.strip()) for one in law[found.end() :].split(",")]
    return law if None in articles else NAMES[found[1]] + "、".join(str(one) for one in articles)


def _article(text: str) -> str | None:
    """Return an article with its paragraph and item: 第563条第1款第3项; None for what is no number of one."""
    found = ARTICLE.match(text)
    if found is None:
        return None
    first, last, inner, sentence = found.groups()
    said = f"第{first}条" if last is None else f"第{first}条至第{last}条"
    said += "".join(f"第{n}{part}" for n, part in zip(re.findall(r"\d+", inner), PARTS, strict=False))
    return said + (f"第{sentence}句" if sentence else "")
