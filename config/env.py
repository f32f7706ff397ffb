"""Typed settings from the environment: what is unknown or unsafe stops the start with a sentence."""

import os
from collections.abc import Iterable
from pathlib import Path

PREFIX = "REDRESS_"
_known: set[str] = {PREFIX + "VENV"}  # read by bin/_setup alone


class Unusable(SystemExit):
    """A setting that cannot be used; the process ends with this sentence."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Redress cannot start: {name} {why}")


def text(name: str, default: str | None = None, *, one_of: Iterable[str] = ()) -> str:
    """Return the setting; without a default it must be set. Raises Unusable."""
    value = _raw(name)
    if value is None:
        if default is None:
            raise Unusable(PREFIX + name, "must be set; see .env.example.")
        return default
    choices = tuple(one_of)
    if choices and value not in choices:
        raise Unusable(PREFIX + name, f"is {value!r}; it must be one of {', '.join(choices)}.")
    return value


def flag(name: str, default: bool) -> bool:
    """Return a yes/no setting, written 1 or 0."""
    return text(name, "1" if default else "0", one_of=("0", "1")) == "1"


def number(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    """Return a whole number between `least` and `most`."""
    value = text(name, str(default))
    if not value.isdecimal() or not least <= int(value) <= most:
        raise Unusable(PREFIX + name, f"is {value!r}; it must be a whole number from {least} to {most}.")
    return int(value)


def listing(name: str, default: str = "") -> list[str]:
    """Return a comma-separated setting as a list without blanks."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def folder(name: str, default: Path) -> Path:
    """Return a folder's path; it need not exist yet."""
    return Path(text(name, str(default))).expanduser().resolve()


def refuse_unknown() -> None:
    """Stop the start if the environment holds a REDRESS_ name that no setting reads (a misspelling)."""
    for name in os.environ:
        if name.startswith(PREFIX) and name not in _known:
            raise Unusable(name, "is not a setting of Redress; see .env.example for those that are.")


def _raw(name: str) -> str | None:
    _known.add(PREFIX + name)
    value = os.environ.get(PREFIX + name, "").strip()
    return value or None
