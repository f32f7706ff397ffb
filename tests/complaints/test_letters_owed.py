"""Letters owed are claimed under a lease; only its holder finishes, and a failure is kept with its reason."""

from datetime import timedelta

import pytest
from django.db import transaction

from complaints import evidence, letters, rendering
from complaints.models import Letter, Task
from complaints.templatetags.letters import FactMissing
from tests.cast import NOON
from tests.complaints.worked_case import received

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=10)


@pytest.fixture
def letter():
    complaint = received()
    with transaction.atomic():
        return letters.freeze(complaint, "ACKNOWLEDGEMENT", by=complaint.owner, at=NOON, send=True)


@pytest.fixture
def quick(monkeypatch):
    """A renderer that costs nothing."""
    monkeypatch.setattr(rendering, "pdf_of", lambda letter: (b"%PDF-1.7 " + letter.number.encode(), ""))


def again(letter) -> Letter:
    return Letter.objects.get(pk=letter.pk)


def test_an_owed_letter_is_rendered_once_and_kept(letter):
    assert rendering.render_owed(now=NOON, owner="one") == 1
    assert rendering.render_owed(now=NOON + LATER, owner="two") == 0

    made = again(letter)
    assert (made.status, made.rendered_at, made.error, made.lease_owner) == ("RENDERED", NOON, "", "")
    assert evidence.path_of(made.pdf_id).read_bytes().startswith(b"%PDF-")
    assert made.pdf.kind == "application/pdf"


def test_it_is_not_rendered_before_its_time(letter, quick):
    assert rendering.render_owed(now=NOON - timedelta(seconds=1), owner="one") == 0


def test_a_lease_keeps_others_away_until_it_ends(letter, quick):
    claimed = rendering._claim(now=NOON, owner="one", limit=5)

    assert [row.pk for row in claimed] == [letter.pk]
    assert rendering.render_owed(now=NOON, owner="two") == 0
    assert rendering.render_owed(now=NOON + LATER, owner="two") == 1


def test_an_owner_whose_lease_has_passed_to_another_changes_nothing(letter, quick):
    (stale,) = rendering._claim(now=NOON, owner="one", limit=5)
    rendering._claim(now=NOON + LATER, owner="two", limit=5)
    blob = evidence.store_bytes(b"%PDF stale", kind="application/pdf", at=NOON)

    assert not rendering._finish(stale, blob, "", now=NOON + LATER)
    assert not rendering._give_up(stale, "lacks: goods", now=NOON + LATER)

    kept = again(letter)
    assert (kept.status, kept.lease_owner, kept.pdf) == ("OWED", "two", None)
    assert not Task.objects.exists()


def test_a_missing_fact_fails_at_once_with_its_reason_and_a_task(letter, monkeypatch):
    monkeypatch.setattr(rendering, "pdf_of", _lacking)

    assert rendering.render_owed(now=NOON, owner="one") == 0

    failed = again(letter)
    assert (failed.status, failed.error, failed.next_at) == ("FAILED", "lacks: contact person", None)
    task = Task.objects.get()
    assert (task.kind, task.owner, task.blocking) == ("letter_failed", letter.complaint.owner, True)
    assert "it lacks the contact person" in task.text


def _lacking(letter):
    raise FactMissing("contact person")


def test_another_failure_is_tried_again_later_and_given_up_in_the_end(letter, monkeypatch):
    monkeypatch.setattr(rendering, "pdf_of", _broken)
    now, waits = NOON, []

    while again(letter).status == "OWED":
        rendering.render_owed(now=now, owner="one")
        waits.append((again(letter).next_at or now) - now)
        now += timedelta(hours=2)

    assert waits[:3] == [timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=8)]
    assert len(waits) == rendering.ATTEMPTS
    assert again(letter).status == "FAILED"
    assert "RuntimeError" in again(letter).error


def _broken(letter):
    raise RuntimeError("no pango")


def test_a_letter_that_kills_its_renderer_is_given_up(letter, quick):
    Letter.objects.filter(pk=letter.pk).update(attempts=rendering.ATTEMPTS)

    rendering.render_owed(now=NOON, owner="one")

    assert again(letter).status == "FAILED"


def test_characters_that_print_as_boxes_are_kept_as_a_warning(letter, monkeypatch):
    monkeypatch.setattr(rendering, "pdf_of", lambda letter: (b"%PDF", "☃"))

    rendering.render_owed(now=NOON, owner="one")

    assert (again(letter).status, again(letter).error) == ("RENDERED", "undrawn: ☃")


def test_no_more_than_the_limit_are_taken(letter, quick):
    complaint = letter.complaint
    with transaction.atomic():
        for _ in range(3):
            letters.freeze(complaint, "ACKNOWLEDGEMENT", by=complaint.owner, at=NOON, send=True)

    assert rendering.render_owed(now=NOON, owner="one", limit=3) == 3
    assert rendering.render_owed(now=NOON, owner="two", limit=3) == 1
