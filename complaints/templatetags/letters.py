"""What letter templates print: facts that must be there, dates in the letter's language and zone, money, drawings."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from complaints import letter_charts, strip_plot

register = template.Library()

# \u00a0 ties day and month; the zone is that of the customer, which the renderer has made the active one
FORMS = {
    "day": ("j\u00a0F\u00a0Y", "Y年n月j日"),
    "short": ("j\u00a0M", "n月j日"),
    "moment": ("D\u00a0j\u00a0M\u00a0Y, H:i", "Y年n月j日（D）H:i"),
    "moment_short": ("j\u00a0M H:i", "n月j日 H:i"),
    "by": ("D\u00a0j\u00a0M, H:i", "n月j日 D H:i"),
}


class FactMissing(Exception):
    """A fact that the letter may not do without is not there; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@register.simple_tag(takes_context=True)
def must(context: Context, value: Any, name: str) -> str:
    """Print a fact; without it the letter fails with FactMissing, while the page on screen marks the place."""
    if value not in (None, "", [], {}):
        return conditional_escape(value)
    if context.get("screen"):
        return format_html('<mark class="lacks">{}</mark>', _("missing"))
    raise FactMissing(name)


@register.filter
def dash(value: Any) -> Any:
    """Print a fact that may be missing."""
    return value if value not in (None, "") else "–"


@register.filter
def lines(value: Any) -> str:
    """Print a text with its line breaks; "" for none."""
    return linebreaksbr(value) if value else ""


@register.filter
def day(value: Any, form: str = "day") -> str:
    """Print an ISO date or moment in one of FORMS; a date has no hour; "" for none."""
    when = read(value)
    if when is None:
        return ""
    english, chinese = FORMS[form]
    if not isinstance(when, datetime):
        english, chinese = english.split(" H:i")[0].rstrip(","), chinese.split("H:i")[0].rstrip()
    if not (get_language() or "").startswith("zh"):
        return written(when, english)
    return written(when, chinese.replace("D", "周" + "一二三四五六日"[when.weekday()]))


def read(value: Any) -> date | datetime | None:
    """Return the date, or the moment in the active zone, that a frozen text names."""
    if not value:
        return None
    if isinstance(value, str):
        value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    return timezone.localtime(value) if isinstance(value, datetime) else value


@register.filter
def offset(value: Any) -> str:
    """Print the zone of a moment as GMT+8."""
    when = read(value)
    seconds = int(when.utcoffset().total_seconds()) if isinstance(when, datetime) else 0  # type: ignore[union-attr]
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"GMT{'-' if seconds < 0 else '+'}{hours}" + (f":{minutes:02d}" if minutes else "")


@register.filter
def money(value: dict[str, str] | None) -> str:
    """Print {"amount", "currency"} with thousands separated."""
    return f"{value['currency']}\u00a0{Decimal(value['amount']):,}" if value else "–"


@register.filter
def joined(values: list[str]) -> str:
    """Print a list in the language's way."""
    return pgettext("between things listed", ", ").join(values)


@register.simple_tag
def comma() -> str:
    """Print what stands between the parts of a line."""
    return pgettext("between the parts of a line", ", ")


@register.simple_tag
def fishbone(bones: list[dict[str, Any]], head: str) -> SafeString:
    """Draw the Ishikawa diagram."""
    return letter_charts.fishbone(bones, head, confirmed=_("confirmed"), excluded=_("ruled out"))


@register.simple_tag
def strip(series: dict[str, Any]) -> SafeString:
    """Draw readings against their limits."""
    values = [Decimal(value) for value, _verdict in series["values"]]
    lower, upper = (None if series[name] is None else Decimal(series[name]) for name in ("lower", "upper"))
    return strip_plot.strip(
        values, [verdict for _value, verdict in series["values"]], lower, upper, label=series["name"]
    )


@register.simple_tag
def qr(text: str) -> SafeString:
    """Draw a QR code."""
    return letter_charts.qr(text)


@register.simple_tag
def mark() -> SafeString:
    """Draw the product's mark."""
    return letter_charts.mark()
