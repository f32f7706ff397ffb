"""Work calendars as people keep them: each edit is a new version, so that a past verdict can be reckoned again."""

import json
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from worktime.calendars import Calendar


class Frozen(Exception):
    """A calendar's code or zone, or a saved version, was about to change; add a calendar or a version instead."""


class WorkCalendarQuerySet(models.QuerySet["WorkCalendar"]):
    def current(self, code: str, *, on: date | None = None) -> "CalendarVersion":
        """
        Return the newest version of a calendar, or the newest of those in force on the local date `on`.

        Raises CalendarVersion.DoesNotExist.
        """
        versions = CalendarVersion.objects.select_related("calendar").filter(calendar__code=code)
        if on is not None:
            versions = versions.filter(effective_from__lte=on)
        newest = versions.order_by("-version").first()
        if newest is None:
            raise CalendarVersion.DoesNotExist(f"No calendar {code} is in force.")
        return newest

    def company(self) -> "CalendarVersion":
        """Return the newest version of the company's own calendar. Raises CalendarVersion.DoesNotExist."""
        return self.current(settings.COMPANY_CALENDAR)


class WorkCalendar(models.Model):
    """
    A place's working time, by code. Its code and zone never change: another zone is another calendar. Its name, country
    and description may.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Two letters, such as CN."))
    zone = models.CharField(_("time zone"), max_length=64, help_text=_("An IANA name, such as Asia/Shanghai."))
    description = models.TextField(_("description"), blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = WorkCalendarQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def save(self, **options: Any) -> None:
        """Save it. Raises Frozen if code or zone would change."""
        same = WorkCalendar.objects.filter(pk=self.pk)
        if same.exists() and not same.filter(code=self.code, zone=self.zone).exists():
            raise Frozen(self.code)
        super().save(**options)


class CalendarVersion(models.Model):
    """
    The windows and days of a calendar from a date on; never changed once saved.

    weekly, off, exceptions, weekly_from and names are as in `Calendar.from_data` (`exceptions` is its "makeup");
    years: year → one of worktime.explain.COVERAGE, a year that is absent has no data; source: where the days come from.
    """

    calendar = models.ForeignKey(WorkCalendar, models.PROTECT, related_name="versions", verbose_name=_("work calendar"))
    version = models.PositiveIntegerField(_("version"))
    effective_from = models.DateField(_("in force from"))
    weekly = models.JSONField(_("weekly working time"))
    off = models.JSONField(_("days off"), default=list, blank=True)
    exceptions = models.JSONField(_("days with their own windows"), default=dict, blank=True)
    weekly_from = models.JSONField(_("weekly working time from dates on"), default=dict, blank=True)
    names = models.JSONField(_("names of days"), default=dict, blank=True)
    years = models.JSONField(_("years covered"), default=dict, blank=True)
    source = models.TextField(_("source"), blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "version"], name="calendar_version_once"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="calendar_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    def save(self, **options: Any) -> None:
        """Save a new version. Raises Frozen if it is saved already, BadInput if it is no calendar."""
        if CalendarVersion.objects.filter(pk=self.pk).exists():
            raise Frozen(str(self))
        self.as_calendar()
        super().save(**options)

    @property
    def code(self) -> str:
        return self.calendar.code

    @staticmethod
    def newest_key(code: str) -> models.Subquery:
        """Return the key of a calendar's newest version, to be asked along with other rows; for `kept`."""
        versions = CalendarVersion.objects.filter(calendar__code=code).order_by("-version")
        return models.Subquery(versions.values("pk")[:1])

    def as_calendar(self) -> Calendar:
        """Return the calendar to measure with; the same object for the same content. Raises BadInput."""
        content = [self.calendar.zone, self.weekly, self.off, self.exceptions, self.weekly_from, self.names]
        return _read(self.code, json.dumps(content, sort_keys=True))


@lru_cache(maxsize=64)
def kept(pk: int) -> CalendarVersion:
    """Return that version, read once in this process: versions never change. Raises CalendarVersion.DoesNotExist."""
    return CalendarVersion.objects.select_related("calendar").get(pk=pk)


@lru_cache(maxsize=256)
def _read(code: str, content: str) -> Calendar:
    """Return the calendar of that content, read once in this process; it keeps the years it has worked out."""
    parts = ("tz", "weekly", "off", "makeup", "weekly_from", "names")
    return Calendar.from_data(dict(zip(parts, json.loads(content), strict=True)), code)
