"""Subjects that cannot break a header, moments that say their offset, each reader's language."""

import pytest

from notifications.rendering import SUBJECT_MOST, moment, one_line


@pytest.mark.parametrize(
    ("hostile", "line"),
    [
        ("Crack\r\nBcc: all@demo.test", "Crack Bcc: all@demo.test"),
        ("Crack\x00\x1b[31m\x85 seal", "Crack [31m seal"),
        ("Crack\u2028Subject: x", "Crack Subject: x"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\ufeff\u200b\u2066裂纹\u2069 👍", "裂纹 👍"),
        ("  ", ""),
    ],
)
def test_a_subject_is_one_harmless_line(hostile, line):
    assert one_line(hostile) == line


def test_a_long_subject_is_cut_with_a_mark():
    assert len(one_line("裂" * 10_000)) == SUBJECT_MOST
    assert one_line("裂" * 10_000).endswith("…")


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Shanghai", "12 May 2026, 12:00 (UTC+08:00)"),
        ("America/New_York", "12 May 2026, 00:00 (UTC-04:00)"),
        ("Asia/Kolkata", "12 May 2026, 09:30 (UTC+05:30)"),
        ("no/zone", "12 May 2026, 04:00 (UTC+00:00)"),
    ],
)
def test_a_moment_shows_the_readers_clock_and_its_offset(zone, shown):
    assert moment("2026-05-12T04:00:00+00:00", zone) == shown
