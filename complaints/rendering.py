"""
Rendering of letters that are owed, by whoever comes first: the row with its lease is the truth (ARCHITECTURE §5.11).

A letter is claimed by compare-and-swap, rendered outside any transaction, and finished only by the one who still holds
the lease. The PDF depends on the row alone: two renders are the same bytes. The renderer may read our own style sheets
and fonts and the pictures that the letter's facts name, nothing else.
"""

from __future__ import annotations

import io
import logging
import os
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation

import audit
from complaints import evidence, letter_page, response
from complaints.models import Blob, Evidence, Letter
from complaints.templatetags.letters import FactMissing

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcherResponse

LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
ATTEMPTS = 6
SHEETS = ("tokens-print.css", "letters.css")

logger = logging.getLogger(__name__)
_one_at_a_time = Lock()  # the font tools read SOURCE_DATE_EPOCH from the environment of the process


class Denied(ValueError):
    """The renderer asked for something that a letter may not read."""


def render_owed(*, now: datetime, owner: str, limit: int = 5) -> int:
    """Render up to `limit` letters that are owed at `now`; return how many this call finished. `owner` is unique."""
    return sum(_render_one(letter, now=now) for letter in _claim(now=now, owner=owner, limit=limit))


def pdf_of(letter: Letter) -> tuple[bytes, str]:
    """
    Return the letter as PDF, and the characters that print as □ because the font lacks them.

    Raises FactMissing if the letter lacks a fact that its kind must have.
    """
    page, undrawn = letter_page.printed(letter)
    return _print(page, letter), undrawn


def _claim(*, now: datetime, owner: str, limit: int) -> list[Letter]:
    free = Q(status=Letter.Status.OWED, next_at__lte=now) & (Q(lease_until=None) | Q(lease_until__lte=now))
    waiting = Letter.objects.filter(free).order_by("next_at", "pk").values_list("pk", flat=True)[:limit]
    mine = {"lease_owner": owner, "lease_until": now + LEASE, "attempts": F("attempts") + 1}
    won = [pk for pk in list(waiting) if Letter.objects.filter(free, pk=pk).update(**mine)]
    return list(Letter.objects.filter(pk__in=won).select_related("complaint__owner").order_by("next_at", "pk"))


def _render_one(letter: Letter, *, now: datetime) -> bool:
    if letter.attempts > ATTEMPTS:  # whoever had it before did not live to say what went wrong
        return _give_up(letter, letter.error or "the renderer ended without a word", now=now)
    try:
        content, undrawn = pdf_of(letter)
        blob = evidence.store_bytes(content, kind="application/pdf", at=now)
    except FactMissing as missing:
        return _give_up(letter, f"lacks: {missing.name}", now=now)
    except Exception as error:  # whatever the renderer raises; the letter stays owed
        logger.exception("letter %s was not rendered", letter.number)
        return _try_later(letter, repr(error)[:500], now=now)
    return _finish(letter, blob, f"undrawn: {undrawn}" if undrawn else "", now=now)


def _finish(letter: Letter, blob: Blob, warning: str, *, now: datetime) -> bool:
    done = {"status": Letter.Status.RENDERED, "pdf": blob, "rendered_at": now, "error": warning, "next_at": None}
    return bool(_held(letter).update(**done, lease_until=None, lease_owner=""))


def _try_later(letter: Letter, error: str, *, now: datetime) -> bool:
    if letter.attempts >= ATTEMPTS:
        return _give_up(letter, error, now=now)
    wait = min(FIRST_WAIT * 4 ** (letter.attempts - 1), LONGEST_WAIT)
    _held(letter).update(next_at=now + wait, error=error, lease_until=None, lease_owner="")
    return False


@transaction.atomic
def _give_up(letter: Letter, error: str, *, now: datetime) -> bool:
    """Mark the letter as failed and give the case's owner a task: a person must mend the facts and make it anew."""
    failed = {"status": Letter.Status.FAILED, "error": error, "next_at": None, "lease_until": None, "lease_owner": ""}
    if _held(letter).update(**failed):
        facts = {"letter": letter.number, "kind": letter.kind}
        audit.record("case", letter.complaint.uuid, "letter.not_made", by=None, at=now, facts=facts)
        complaint = letter.complaint
        with translation.override(complaint.owner.language if complaint.owner else settings.LANGUAGE_CODE):
            text = f"{letter.number}: {letter_page.say(error)}"
        response.give_task(complaint, by=None, at=now, kind="letter_failed", text=text)
    return False


def _held(letter: Letter) -> Any:
    """Return the row if it is still ours: nobody else has claimed, finished or given it up since."""
    return Letter.objects.filter(pk=letter.pk, lease_owner=letter.lease_owner, status=Letter.Status.OWED)


def _print(page: str, letter: Letter) -> bytes:
    import weasyprint  # costs seconds: only workers pay
    from weasyprint.text.fonts import FontConfiguration

    with _one_at_a_time:
        os.environ["SOURCE_DATE_EPOCH"] = str(int(letter.frozen_at.timestamp()))
        fetcher, fonts = _fetcher(letter), FontConfiguration()
        sheets = [weasyprint.CSS(string=text, url_fetcher=fetcher, font_config=fonts) for text in _sheets()]
        document = weasyprint.HTML(string=page, url_fetcher=fetcher)
        return document.write_pdf(stylesheets=sheets, font_config=fonts, pdf_identifier=letter.facts_hash.encode())


def _sheets() -> list[str]:
    faces = [
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("asset:{name}"); }}'
        for family, files in (("Redress SC", letter_page.FONTS), ("Redress Marks", letter_page.MARKS))
        for weight, name in files.items()
    ]
    css = settings.BASE_DIR / "static" / "css"
    return [*((css / name).read_text(encoding="utf-8") for name in SHEETS), "\n".join(faces)]


def _fetcher(letter: Letter) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Assets(URLFetcher):
        """Serve the fonts and the pictures named in this letter; refuse all else, relative addresses included."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            content, kind = asset(url, letter)
            return URLFetcherResponse(url, io.BytesIO(content), {"Content-Type": kind})

    return Assets()


def asset(url: str, letter: Letter) -> tuple[bytes, str]:
    """Return bytes and media type of what a letter may read. Raises Denied for every other address."""
    scheme, _, name = url.partition(":")
    if scheme == "asset" and name in {*letter_page.FONTS.values(), *letter_page.MARKS.values()}:
        return (settings.BASE_DIR / "static" / "fonts" / name).read_bytes(), "font/ttf"
    if scheme == "evidence" and name in _pictures(letter.facts):
        return _picture(name, letter), "image/jpeg"
    raise Denied(url)


def _pictures(facts: dict[str, Any]) -> set[str]:
    return {photo["sha256"] for photo in facts.get("d2", {}).get("photos", [])}


def _picture(sha256: str, letter: Letter) -> bytes:
    """Return the small JPEG of a picture that belonged to the case when the letter was frozen."""
    row = Evidence.objects.filter(blob_id=sha256).select_related("blob").order_by("pk").first()
    made = evidence.preview(row) if row else None
    if made is None:
        raise Denied(f"evidence:{sha256}")
    return made.read_bytes()
