"""Dates are written as people of each language read them without guessing."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone, translation


@pytest.mark.parametrize(("language", "written"), [("en", "14 May 2026, 17:00"), ("zh-hans", "2026-05-14 17:00")])
def test_months_never_change_places_with_days(language, written):
    at = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)

    with translation.override(language), timezone.override("Asia/Shanghai"):
        shown = Template('{{ at|date:"DATETIME_FORMAT" }}').render(Context({"at": at}))

    assert shown == written
