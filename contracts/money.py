"""Money: a Decimal and its currency in Python, minor units and an ISO code in the database (ARCHITECTURE §5.7)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.currencies import MINOR_DIGITS

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("", "万", "亿", "万亿", "亿亿")


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


class MoneyField:
    """
    Two columns, read and written as one Money: `price = MoneyField()` adds `price_minor` (bigint) and `price_currency`.

    With `currency="currency"` the code stands in that column of the same row, which the model declares, so that all
    sums of one row are in one currency; writing another currency then raises ValueError.
    """

    def __init__(self, *, currency: str = "", null: bool = False, verbose_name: Any = None) -> None:
        self.shared, self.null, self.verbose_name = currency, null, verbose_name

    def contribute_to_class(self, cls: type[models.Model], name: str, **_unused: Any) -> None:
        minor, code = f"{name}_minor", self.shared or f"{name}_currency"
        cls.add_to_class(minor, models.BigIntegerField(self.verbose_name, null=self.null, blank=self.null))
        if not self.shared:
            column = models.CharField(_("currency"), max_length=3, blank=self.null, default="")
            cls.add_to_class(code, column)
        setattr(cls, name, _as_property(minor, code, shared=bool(self.shared)))

    if TYPE_CHECKING:

        def __get__(self, row: Any, owner: Any = None) -> Any: ...

        def __set__(self, row: Any, value: Money | None) -> None: ...


def _as_property(minor: str, code: str, *, shared: bool) -> property:
    """Return the property over the two columns (a property, so that Model(price=…) takes it)."""

    def read(row: models.Model) -> Money | None:
        units = getattr(row, minor)
        return None if units is None else Money.of_minor(units, getattr(row, code))

    def write(row: models.Model, money: Money | None) -> None:
        setattr(row, minor, None if money is None else money.minor)
        if money is None:
            return
        if shared and getattr(row, code) not in ("", None, money.currency):
            raise ValueError(f"This row is in {getattr(row, code)}, not in {money.currency}.")
        setattr(row, code, money.currency)

    return property(read, write)


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
