"""The conditions that figures count by: bands of age, spans of days, goods, teams and defects."""

from datetime import date, timedelta

import pytest

from complaints.days import AGES, Span, company_date, of_age
from complaints.models import Complaint
from tests.cast import NOON, department
from tests.complaints.factories import received, shanghai
from tests.complaints.test_conditions import refs

DAY = timedelta(days=1)


def on(ada, at):
    return received(ada, at=at, found_on=date(2020, 1, 1))


@pytest.mark.parametrize(
    ("days_old", "band"),
    [(0, "0-2"), (1, "0-2"), (2, "0-2"), (3, "3-7"), (7, "3-7"), (8, "8-14"), (14, "8-14"), (15, "15-30"),
     (30, "15-30"), (31, "over-30"), (60, "over-30"), (400, "over-30")],
)  # fmt: skip
def test_an_age_is_in_one_band(days_old, band, ada):
    case = on(ada, NOON - days_old * DAY)

    assert [name for name in AGES if Complaint.objects.aged(name, NOON).filter(pk=case.pk).exists()] == [band]


def test_a_day_begins_at_midnight_of_the_company(ada):
    late = on(ada, shanghai("2026-05-09 23:59"))
    early = on(ada, shanghai("2026-05-10 00:00"))

    assert refs(Complaint.objects.aged("3-7", NOON)) == {late.ref}
    assert refs(Complaint.objects.aged("0-2", NOON)) == {early.ref}
    assert company_date(shanghai("2026-05-10 00:00")) == date(2026, 5, 10)


def test_a_span_includes_both_its_days(ada):
    first, last = on(ada, shanghai("2026-05-04 00:00")), on(ada, shanghai("2026-05-10 23:59"))
    on(ada, shanghai("2026-05-11 00:00"))

    assert refs(Complaint.objects.filter(Span.read("2026-05-04..2026-05-10").holds("received_at"))) == {
        first.ref,
        last.ref,
    }
    assert Complaint.objects.filter(Span.read("2026-05-10..").holds("received_at")).count() == 2


@pytest.mark.parametrize(
    "text",
    ["", "..", "2026-05-01", "2026-02-30..", "2026-05-02..2026-05-01", "a..b", "0001-01-01..", "..9999-12-31"],
)
def test_what_is_no_span_reads_as_none(text):
    assert Span.read(text) is None


def test_a_span_reads_as_it_writes():
    assert str(Span.read("2026-05-04..2026-05-10")) == "2026-05-04..2026-05-10"
    assert of_age("over-30", NOON) == Span(None, date(2026, 4, 11))


def test_goods_teams_and_defects(ada):
    quality = department("QUALITY")
    noise = received(ada, nonconformity=["PERFORMANCE", "DEFECT"])
    bare = received(ada, nonconformity=[])
    Complaint.objects.filter(pk=noise.pk).update(department=quality)

    assert refs(Complaint.objects.with_defect("DEFECT")) == {noise.ref}
    assert refs(Complaint.objects.with_defect("none")) == {bare.ref}
    assert refs(Complaint.objects.of_team("quality")) == {noise.ref}
    assert refs(Complaint.objects.of_team("none")) == {bare.ref}
    assert Complaint.objects.of_product("none").count() == 2
