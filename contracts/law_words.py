"""Citations of law in the reader's words: "CC 621(2)" is Civil Code 621(2), in Chinese 民法典第621条第2款."""

import re

from django.utils.translation import get_language, gettext

from contracts.clauses.citing import ASK, IF_CHINESE

NAMES = {  # as rules cite a body of law → its name in English, and in Chinese
    "CC": ("Civil Code (China)", "民法典"),
    "SPC Sales": ("SPC Interpretation on Sales", "买卖合同司法解释"),
    "SPC General Part": ("SPC Interpretation on Contracts, General Part", "合同编通则司法解释"),
    "SME": ("SME Payments Regulation", "保障中小企业款项支付条例"),
    "CISG": ("CISG", "联合国国际货物销售合同公约"),
    "UCC": ("UCC (New York)", "美国统一商法典（纽约州）"),
    "NY GCL": ("General Construction Law (New York)", "纽约州一般解释法"),
    "BGB": ("Civil Code (Germany, BGB)", "德国民法典"),
    "HGB": ("Commercial Code (Germany, HGB)", "德国商法典"),
    "OR": ("Code of Obligations (Switzerland)", "瑞士债务法"),
    "SGA": ("Sale of Goods Act 1979", "英国1979年货物买卖法"),
    "UCTA": ("Unfair Contract Terms Act 1977", "英国1977年不公平合同条款法"),
    "Limitation Act": ("Limitation Act 1980", "英国1980年时效法"),
}
BODY = re.compile(rf"^({'|'.join(NAMES)}) (?=\d)")
ARTICLE = re.compile(r"^([\d-]+)(?:–(\d+))?((?:\([\da-z]+\))*)(?: sentence (\d+))?$")
PARTS = ("款", "项")


def cited(law: str) -> str:
    """Return a citation in the reader's language, or that Legal must name the rule."""
    if law == ASK:
        return gettext("Legal must name the rule of this law")
    if law.startswith(IF_CHINESE):
        return gettext("if Chinese law applies: {law}").format(law=cited(law.removeprefix(IF_CHINESE)))
    if not law:
        return law
    chinese = (get_language() or "").startswith("zh")
    return ("；" if chinese else "; ").join(_body(one.strip(), chinese) for one in law.split(";"))


def _body(law: str, chinese: bool) -> str:
    found = BODY.match(law)
    if found is None:
        return law
    rest = law[found.end() :]
    if not chinese:
        return f"{NAMES[found[1]][0]} {rest}"
    articles = [_article(one.strip()) for one in rest.split(",")]
    return law if None in articles else NAMES[found[1]][1] + "、".join(str(one) for one in articles)


def _article(text: str) -> str | None:
    """Return an article with its paragraph and item: 第563条第1款第3项; None for what is no number of one."""
    found = ARTICLE.match(text)
    if found is None:
        return None
    first, last, inner, sentence = found.groups()
    said = f"第{first}条" if last is None else f"第{first}条至第{last}条"
    said += "".join(f"第{n}{part}" for n, part in zip(re.findall(r"[\da-z]+", inner), PARTS, strict=False))
    return said + (f"第{sentence}句" if sentence else "")
