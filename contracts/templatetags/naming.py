"""Names and languages in templates."""

from django import template
from django.utils.translation import get_language

from accounts.models import Organisation

register = template.Library()

TAGS = {"zh-hans": "zh-Hans"}


@register.filter
def named(firm: Organisation) -> str:
    """Return the firm's name in the language of the reader."""
    return firm.shown_name(get_language() or "en")


@register.filter
def lang_tag(language: str) -> str:
    """Return a language code of ours as BCP 47 writes it in HTML."""
    return TAGS.get(language, language)
