"""Names in two languages."""

from django.utils.translation import get_language


def in_reader_language(name: str, name_zh: str) -> str:
    """Return the name in the active language, or the one that there is."""
    chinese = (get_language() or "").startswith("zh")
    return (name_zh or name) if chinese else (name or name_zh)


def searchable(text: str) -> str:
    """Return the text without NUL, which PostgreSQL cannot look for."""
    return text.replace("\0", " ").strip()
