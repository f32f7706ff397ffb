"""What the frame of every page shows: where this person may go, name, theme. No query beyond the memberships."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role


@dataclass(frozen=True)
class Place:
    """A first-level page: the name of its address, icon, words, the right that opens it, and its keys."""

    name: str
    icon: str
    label: Promise
    permission: str
    keys: str = ""


PLACES = (
    Place("queue", "queue", _("Queue"), "case.see", "g q"),
    Place("cases", "cases", _("Cases"), "case.see", "g c"),
    Place("visits", "visits", _("Visits"), "case.see", "g v"),
    Place("dashboard", "dashboard", _("Dashboard"), "dashboard.see", "g d"),
    Place("contracts:list", "contract", _("Contracts"), "contracts.see"),
    Place("contracts:projects", "money", _("Projects"), "contracts.see"),
    Place("tools", "tools", _("Tools"), "case.see"),
    Place("calendars", "clock", _("Calendars"), "case.see"),
    Place("instruments", "wrench", _("Instruments"), "case.see"),
    Place("emergency-plans", "risk", _("Emergency plans"), "case.see"),
    Place("competences", "user", _("Competences"), "case.see"),
    Place("duty", "bell", _("Duty rota"), "duty.manage"),
    Place("grade-rules", "sev3", _("Grading rules"), "case.see"),
    Place("policies", "flag", _("Clock targets"), "case.see"),
    Place("people", "settings", _("People"), "users.manage"),
    Place("notifications", "mail", _("Unsent messages"), "notices.mend"),
)
MANAGERS = frozenset({Role.QM, Role.EXE, Role.DIRECTOR, Role.GM, Role.AUD})


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return nav, me, theme, density, keys and may_log for the templates of every page."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": [], "me": None, "theme": "system", "density": "comfortable", "keys": "on", "may_log": False}
    return {
        "nav": _nav(user, request.path) if user.is_staff_member else [],
        "me": {"name": str(user), "initials": initials(user.name), "role": _first_role(user)},
        "theme": user.theme,
        "density": "comfortable",
        "keys": "on" if user.single_keys else "off",
        "may_log": user.is_staff_member and user.may("case.register"),
    }


def first_page(user: User) -> str:
    """Return where a person lands after sign-in."""
    if not user.is_staff_member:
        return reverse("portal")
    if user.roles & MANAGERS:
        return reverse("dashboard")
    return reverse("people" if user.roles == {Role.ADM} else "queue")


def _nav(user: User, path: str) -> list[dict[str, Any]]:
    open_to = [(place, url) for place in PLACES if user.may(place.permission) and (url := address_of(place.name))]
    return [
        {
            "url": url,
            "icon": place.icon,
            "label": place.label,
            "count": None,
            "keys": place.keys,
            "current": path.startswith(url),
        }
        for place, url in open_to
    ]


def address_of(name: str, *args: object) -> str:
    """Return the address of that name, which a higher room may bring; "" where none does."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def initials(name: str) -> str:
    """Return what stands in a person's round mark: two letters of a Latin name, the last two characters of another."""
    words = name.split()
    if not words:
        return "?"
    if not words[0].isascii():
        return words[-1][-2:]
    return "".join(word[0] for word in (words if len(words) == 1 else [words[0], words[-1]])).upper()


def _first_role(user: User) -> str:
    held = [role for role in Role if role in user.roles]
    return str(held[0].label) if held else ""
