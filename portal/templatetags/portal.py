"""Dates in the templates of the portal; the page brings `now`."""

import re
from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal import dates

register = template.Library()


@register.simple_tag(takes_context=True)
def day(context: template.Context, value: date | datetime, css: str = "") -> SafeString:
    """Return the day in a <time>."""
    return _time(css, value, dates.day(value, today=_today(context)))


@register.simple_tag(takes_context=True)
def moment(context: template.Context, value: datetime, css: str = "") -> SafeString:
    """Return day, time and zone in a <time>."""
    return _time(css, value, dates.moment(value, today=_today(context)))


@register.simple_tag
def clock_time(value: datetime) -> str:
    """Return the time of the day."""
    return dates.clock_time(value)


@register.filter
def phrases(sentence: str) -> SafeString:
    """Return a Chinese sentence whose lines break after punctuation, not within a word; others as they are."""
    if not (get_language() or "").startswith("zh"):
        return format_html("{}", sentence)
    parts = [(part,) for part in re.split(r"(?<=[，。：、；？])", sentence) if part]
    return format_html_join("", '<span class="phrase">{}</span>', parts)


def _time(css: str, value: date | datetime, said: str) -> SafeString:
    return format_html('<time class="{}" datetime="{}">{}</time>', css or "nowrap", value.isoformat(), said)


def _today(context: template.Context) -> date:
    return timezone.localtime(context["now"]).date()
