"""What counts as time: calendars, clocks, date periods. `measure`, `periods`, `calendars`, `explain` are pure."""

from worktime.explain import warnings_for

__all__ = ["warnings_for"]
