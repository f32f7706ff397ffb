"""Numbers as people write them, and money as an exact amount of one currency. PURE."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from contracts.currencies import MINOR_DIGITS

_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_AMBIGUOUS = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3}")  # 1,234: a thousand in English, a fraction in German
LONGEST = 40
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("", "万", "亿", "万亿", "亿亿")


class NotExact(ValueError):
    """The text is not one number. `code` says why: empty, ambiguous, not_a_number, too_long."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def parse_number(text: str) -> Decimal:
    """
    Return the number that `text` writes, exactly.

    Full-width digits and signs are read as plain ones; thousands may be grouped by spaces, or by commas where that
    cannot be a decimal comma: "1,234" alone and "12,5" are refused as ambiguous. Raises NotExact.
    """
    plain = _plain(text)
    if not plain:
        raise NotExact("empty")
    if len(plain) > LONGEST:
        raise NotExact("too_long")
    if _PLAIN.fullmatch(plain) or (_GROUPED.fullmatch(plain) and not _AMBIGUOUS.fullmatch(plain)):
        return Decimal(plain.replace(",", ""))
    raise NotExact("ambiguous" if "," in plain and re.fullmatch(r"[+-]?[0-9.,]+", plain) else "not_a_number")


def _plain(text: str) -> str:
    """Return the text with ASCII digits and signs and without the spaces that group thousands."""
    folded = unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace("、", ",")
    return re.sub(r"(?<=[0-9])[\s_'’](?=[0-9]{3}(?![0-9]))", "", folded)


def write_number(value: Decimal) -> str:
    """Return the decimal as plain text, every digit kept: 1E+2 becomes 100, 1.50 stays 1.50."""
    return format(value, "f")


def digits_of(currency: str) -> int:
    """Return how many minor digits the currency has: JPY 0, CNY 2, KWD 3. Raises ValueError for an unknown code."""
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise ValueError(f"{currency!r} is not an ISO 4217 currency code.") from None


def round_to_minor(amount: Decimal, currency: str) -> Decimal:
    """Return the amount rounded half away from zero to the currency's minor unit. Round once, at the end of a rule."""
    with localcontext() as context:
        context.prec = 60
        return amount.quantize(Decimal(1).scaleb(-digits_of(currency)), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of one currency. Adding or comparing two currencies raises ValueError."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise ValueError("Money needs a finite Decimal.")
        digits_of(self.currency)

    @classmethod
    def of_minor(cls, minor: int, currency: str) -> "Money":
        """Return the money that so many minor units are: 12345 fen are 123.45 CNY."""
        return cls(Decimal(minor).scaleb(-digits_of(currency)), currency)

    @property
    def minor(self) -> int:
        """Return the amount in minor units, rounded half away from zero."""
        return int(self.rounded().amount.scaleb(digits_of(self.currency)))

    def rounded(self) -> "Money":
        """Return the same money, rounded to its minor unit."""
        return Money(round_to_minor(self.amount, self.currency), self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other).amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other).amount

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other).amount

    def __str__(self) -> str:
        return f"{self.currency} {self.rounded().amount:,f}"

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be mixed; convert one first.")
        return other


def in_words_zh(money: Money) -> str:
    """
    Return a sum of CNY in the capital numerals of Chinese bank letters: 人民币壹仟零伍元叁角整.

    Raises ValueError for another currency or 10^16 and more.
    """
    if money.currency != "CNY":
        raise ValueError("Capital numerals are written for CNY.")
    if abs(money.minor) >= 10**18:
        raise ValueError("The amount is too large to write in words.")
    yuan, fen = divmod(abs(money.minor), 100)
    sign = "负" if money.minor < 0 else ""
    whole = f"{_whole_zh(yuan)}元" if yuan or not fen else ""
    return f"人民币{sign}{whole}{_fraction_zh(fen, after_yuan=bool(yuan))}"


def _fraction_zh(fen: int, *, after_yuan: bool) -> str:
    """Return jiao and fen: 整 after whole yuan or jiao, 零 before fen without jiao."""
    jiao, rest = divmod(fen, 10)
    if not fen:
        return "整"
    tenth = f"{_DIGITS[jiao]}角" if jiao else ("零" if after_yuan else "")
    return tenth + (f"{_DIGITS[rest]}分" if rest else "整")


def _whole_zh(number: int) -> str:
    """Return a whole number in capital numerals, zero as 零."""
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        if not groups[place]:
            gap = bool(text)
            continue
        text += (
            ("零" if text and (gap or groups[place] < 1000) else "")
            + _group_zh(groups[place])
            + _group_name(groups, place)
        )
        gap = False
    return text or _DIGITS[0]


def _group_name(groups: list[int], place: int) -> str:
    """Return 万 or 亿; a 万 group above a filled 亿 group leaves the 亿 to that one."""
    return "万" if place == 3 and groups[2] else _GROUPS[place]


def _group_zh(group: int) -> str:
    """Return four digits in capital numerals: 1005 is 壹仟零伍."""
    text, gap = "", False
    for digit, place in zip(f"{group:04d}", _PLACES, strict=True):
        if digit == "0":
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[int(digit)] + place
        gap = False
    return text
