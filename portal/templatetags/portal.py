"""Dates in the templates of the portal; the page brings `now`."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

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


def _time(css: str, value: date | datetime, said: str) -> SafeString:
    return format_html('<time class="{}" datetime="{}">{}</time>', css or "nowrap", value.isoformat(), said)


def _today(context: template.Context) -> date:
    return timezone.localtime(context["now"]).date()
