"""What a customer reads and sends, shortly."""

import html
import re
import uuid
from typing import Any

from django.urls import reverse

from tests.remediation.stories import cny

PAYING = {
    "kind": "COMPENSATION", "description": "Standstill of unit 3", "goodwill": True,
    "goodwill_reason": "Keep the peace", "cost": cny(9000), "amount": cny(9000),
}  # fmt: skip


def seen(response: Any) -> str:
    """Return the words of a page as a reader sees them: no tags, no entities, single spaces."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(text))


def answer(client: Any, complaint: Any, said: str = "accept", *, version: int = 1, once: str = "", **words: str) -> Any:
    """Give the signed answer, as the check page sends it."""
    address = reverse("portal-proposal-answer", args=[complaint.ref])
    form = {"answer": said, "version": version, "name": "Carla Brandt", "once": once or uuid.uuid4().hex, **words}
    return client.post(address, form)
