"""The money of a row: minor units and an ISO code in the database, one Money in Python (ARCHITECTURE §5.7)."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.amounts import Money, digits_of, in_words_zh, round_to_minor

__all__ = ["Money", "MoneyField", "digits_of", "in_words_zh", "round_to_minor"]


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
