"""What `recipients.py` says about an event: who is to be told what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from accounts.models import Contact, User


@dataclass(frozen=True)
class Notice:
    """
    One message owed to one person.

    `template` names templates/emails/<template>.subject.txt and .txt. `params` are plain values for them; names that
    end in `_at` are moments and show in the reader's zone. `about` is what the message means; the same meaning is told
    once to the same person. `letter` is the number of the customer letter that this message puts before the customer.
    """

    template: str
    about: str
    address: str
    language: str
    zone: str
    user: User | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    letter: str = ""

    @property
    def dedup_key(self) -> str:
        """Return the meaning and its reader as one text."""
        who = f"user {self.user.pk}" if self.user else self.address.lower()
        return f"{self.about}:{who}:MAIL"


def to_user(user: User, template: str, about: str, **params: Any) -> Notice:
    """Return a notice to a person who can sign in."""
    return Notice(template, about, user.email, user.language, user.zone, user=user, params=params)


def to_contact(contact: Contact, template: str, about: str, letter: str = "", **params: Any) -> Notice:
    """Return a notice to somebody at another firm."""
    zone = contact.organisation.zone
    return Notice(
        template, about, contact.email, contact.language, zone, user=contact.user, params=params, letter=letter
    )


def to_address(address: str, language: str, template: str, about: str, letter: str = "", **params: Any) -> Notice:
    """Return a notice to a bare address, for somebody whom we know no further."""
    return Notice(template, about, address, language, settings.TIME_ZONE, params=params, letter=letter)
