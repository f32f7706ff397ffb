"""What people have typed and not sent yet."""

from datetime import datetime

from django.db import transaction

from accounts.models import Draft, User

KEPT_MOST = 200  # drafts per person; the oldest go first


class TooLong(ValueError):
    """The text is larger than a draft may be."""


@transaction.atomic
def keep(user: User, key: str, body: str, *, at: datetime) -> None:
    """
    Keep `body` as the draft of the form `key`; an empty one drops it.

    Raises ValueError for a key that is empty or too long, TooLong for a body over Draft.BODY_MOST bytes.
    """
    if not 1 <= len(key) <= Draft.KEY_MOST or not key.isprintable():
        raise ValueError("A draft needs a key of 1 to 200 printable characters.")
    if len(body.encode()) > Draft.BODY_MOST:
        raise TooLong
    if not body:
        drop(user, key)
        return
    Draft.objects.update_or_create(user=user, key=key, defaults={"body": body, "saved_at": at})
    _forget_oldest(user)


def drop(user: User, key: str) -> None:
    """Drop the draft of the form `key`: it was sent, or is not wanted."""
    Draft.objects.filter(user=user, key=key).delete()


def _forget_oldest(user: User) -> None:
    kept = Draft.objects.filter(user=user).order_by("-saved_at", "-pk")
    surplus = list(kept.values_list("pk", flat=True)[KEPT_MOST:])
    if surplus:
        Draft.objects.filter(pk__in=surplus).delete()
