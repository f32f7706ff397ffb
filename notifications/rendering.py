"""From a template's name and parameters to subject and body, in the reader's language and zone."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import dateformat, translation
from django.utils.translation import pgettext

from notifications.words import in_words

SUBJECT_MOST = 200
_HEADER_BREAKERS = re.compile(r"[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def render(template: str, params: Mapping[str, Any], *, language: str, zone: str) -> tuple[str, str]:
    """Return (subject, body) of a plain-text mail. Raises TemplateDoesNotExist for an unknown name."""
    with translation.override(language):
        words = Context({**_shown(in_words(params), zone), "site": settings.PUBLIC_URL}, autoescape=False)
        return one_line(_text(f"emails/{template}.subject.txt", words)), _text(f"emails/{template}.txt", words) + "\n"


def _text(name: str, words: Context) -> str:
    """Return the template's text, with at most one blank line between paragraphs."""
    text = get_template(name).template.render(words)  # type: ignore[attr-defined]
    return re.sub(r"\n\s*\n+", "\n\n", text).strip()


def one_line(text: str) -> str:
    """Return text that is safe as a header: one line, without control or direction marks, of bearable length."""
    line = _HEADER_BREAKERS.sub(" ", text).strip()
    return line if len(line) <= SUBJECT_MOST else line[: SUBJECT_MOST - 1].rstrip() + "…"


def _shown(params: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """Return the parameters with each moment (ISO 8601, under a name in `_at`) as the reader's clock shows it."""
    return {
        name: moment(value, zone) if name.endswith("_at") and isinstance(value, str) else value
        for name, value in params.items()
    }


def moment(iso: str, zone: str) -> str:
    """Return e.g. "12 May 2026, 10:15 (UTC+08:00)": months by name, never a bare local time (DOMAIN §3.1, 16)."""
    local = datetime.fromisoformat(iso).astimezone(_zone(zone))
    offset = local.strftime("%z")
    return f"{dateformat.format(local, pgettext('date format', 'j F Y, H:i'))} (UTC{offset[:3]}:{offset[3:5]})"


def _zone(name: str) -> ZoneInfo | Any:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
